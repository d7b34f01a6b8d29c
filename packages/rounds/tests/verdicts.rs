//! What answers mean, what a jury decides, and when it is the builds that disagree.

use modelbond_interface::training::Hash32;
use modelbond_rounds::verdict::{
    decision, holds, is_decisive, read, Judged, Reading, Vote, HOLD_OWNERS,
};
use proptest::prelude::*;
use rstest::rstest;

const fn work(byte: u8) -> Hash32 {
    Hash32([byte; 32])
}

const A: Option<Hash32> = Some(work(1));
const B: Option<Hash32> = Some(work(2));

#[rstest]
#[case::no_seats(&[], Reading::Nobody)]
#[case::nobody(&[None, None, None], Reading::Nobody)]
#[case::all(&[A, A, A], Reading::Agree { work: work(1), complete: true })]
#[case::alone(&[A], Reading::Agree { work: work(1), complete: true })]
#[case::one_missing(&[A, None, A], Reading::Agree { work: work(1), complete: false })]
#[case::trainer_missing(&[None, A, A], Reading::Agree { work: work(1), complete: false })]
#[case::only_the_last(&[None, None, A], Reading::Agree { work: work(1), complete: false })]
#[case::last_differs(&[A, A, B], Reading::Differ)]
#[case::trainer_differs(&[B, A, A], Reading::Differ)]
#[case::two_differ_and_one_is_missing(&[A, None, B], Reading::Differ)]
fn a_group_is_read(#[case] answers: &[Option<Hash32>], #[case] expected: Reading) {
    assert_eq!(read(answers), expected);
}

#[rstest]
#[case::fourteen_of_twenty_one(14, 21, false)]
#[case::fifteen_of_twenty_one(15, 21, true)]
#[case::two_of_three(2, 3, false)]
#[case::three_of_three(3, 3, true)]
#[case::three_of_four(3, 4, true)]
#[case::one_of_one(1, 1, true)]
#[case::none_of_none(0, 0, false)]
#[case::none_of_one(0, 1, false)]
#[case::two_thirds_of_the_largest(u64::MAX / 3 * 2, u64::MAX, false)]
#[case::one_more(u64::MAX / 3 * 2 + 1, u64::MAX, true)]
fn more_than_two_thirds_decide(#[case] part: u64, #[case] all: u64, #[case] expected: bool) {
    assert_eq!(is_decisive(part, all), expected);
}

fn votes(counts: &[(Option<Hash32>, u64)]) -> Vec<Vote> {
    let one = |work| Vote { work, weight: 1 };
    counts.iter().flat_map(|(work, count)| (0..*count).map(move |_| one(*work))).collect()
}

#[rstest]
#[case::fourteen(&[(A, 14), (B, 7)], None)]
#[case::fifteen(&[(A, 15), (B, 6)], A)]
#[case::the_other_way(&[(A, 6), (B, 15)], B)]
#[case::silence_counts_against(&[(A, 14), (None, 7)], None)]
#[case::fifteen_and_silence(&[(A, 15), (None, 6)], A)]
#[case::silence_decides_nothing(&[(None, 21)], None)]
#[case::split_in_three(&[(A, 7), (B, 7), (Some(work(3)), 7)], None)]
fn a_jury_of_21_decides(
    #[case] counts: &[(Option<Hash32>, u64)],
    #[case] expected: Option<Hash32>,
) {
    assert_eq!(decision(&votes(counts), 21), expected);
}

#[rstest]
#[case::heavy_minority(&[(A, 1), (A, 1), (B, 7)], 9, B)]
#[case::two_thirds_of_units(&[(A, 6), (B, 3)], 9, None)]
#[case::one_unit_more(&[(A, 7), (B, 2)], 9, A)]
#[case::who_does_not_sit_counts_too(&[(A, 7), (B, 2)], 12, None)]
#[case::the_largest_weights(&[(A, u64::MAX), (A, u64::MAX)], u64::MAX, A)]
fn units_decide_where_everybody_sits(
    #[case] votes: &[(Option<Hash32>, u64)],
    #[case] all: u64,
    #[case] expected: Option<Hash32>,
) {
    let votes: Vec<Vote> =
        votes.iter().map(|(work, weight)| Vote { work: *work, weight: *weight }).collect();
    assert_eq!(decision(&votes, all), expected);
}

/// `all` seats of classes by turns (7, 8, 7, 8, …) and an owner each; the seats of `lost` lost.
fn seats(all: usize, lost: &[usize]) -> Vec<Judged> {
    (0..all)
        .map(|number| Judged {
            class: if number % 2 == 0 { 7 } else { 8 },
            owner_id: number as u64,
            lost: lost.contains(&number),
        })
        .collect()
}

/// Three losers of three owners among thirty seats, and they are two thirds of class 7.
fn held() -> Vec<Judged> {
    let mut seats = seats(30, &[0, 2, 4]);
    for (number, seat) in seats.iter_mut().enumerate() {
        seat.class = if [0, 2, 4, 6].contains(&number) { 7 } else { 8 };
    }
    seats
}

#[test]
fn two_builds_that_disagree_are_held() {
    assert!(holds(&held()));
}

#[test]
fn two_owners_are_not_enough() {
    let mut seats = held();
    seats[4].owner_id = seats[2].owner_id;
    assert_eq!(HOLD_OWNERS, 3);
    assert!(!holds(&seats));
}

#[test]
fn less_than_a_tenth_of_the_seats_is_not_enough() {
    let mut seats = held();
    seats.push(Judged { class: 8, owner_id: 99, lost: false });
    assert!(!holds(&seats), "3 of 31");
}

#[test]
fn less_than_two_thirds_of_a_class_is_not_enough() {
    let mut seats = held();
    seats[8].class = 7;
    assert!(!holds(&seats), "3 of 5");
    seats[10].lost = true;
    assert!(!holds(&seats), "3 of 5, and one of another class");
    seats[8].lost = true;
    assert!(holds(&seats), "4 of 5");
}

#[rstest]
#[case::nobody_is_there(vec![])]
#[case::nobody_lost(seats(30, &[]))]
#[case::losers_of_every_class(seats(30, &[0, 1, 2, 3, 4, 5]))]
fn nothing_is_held_without_a_class_that_lost(#[case] seats: Vec<Judged>) {
    assert!(!holds(&seats));
}

#[test]
fn exactly_two_thirds_of_a_class_are_enough() {
    let mut seats = seats(12, &[]);
    for (number, seat) in seats.iter_mut().enumerate() {
        seat.class = u32::from(number < 6);
        seat.lost = number < 4;
    }
    assert!(holds(&seats), "4 of 6");
    seats[6].class = 1;
    assert!(!holds(&seats), "4 of 7");
}

fn answer() -> impl Strategy<Value = Option<Hash32>> {
    proptest::option::of((0_u8..3).prop_map(work))
}

proptest! {
    #[test]
    fn a_decision_has_more_than_two_thirds_and_is_the_only_one(
        given in proptest::collection::vec((answer(), 0_u64..50), 0..30),
        more in 0_u64..20,
    ) {
        let votes: Vec<Vote> =
            given.iter().map(|(work, weight)| Vote { work: *work, weight: *weight }).collect();
        let all: u64 = given.iter().map(|(_, weight)| weight).sum::<u64>() + more;
        let of = |byte: u8| -> u64 {
            let same = given.iter().filter(|(found, _)| *found == Some(work(byte)));
            same.map(|(_, weight)| weight).sum()
        };
        let expected: Vec<Hash32> =
            (0..3).filter(|byte| 3 * of(*byte) > 2 * all).map(work).collect();
        prop_assert!(expected.len() <= 1);
        prop_assert_eq!(decision(&votes, all), expected.first().copied());
    }

    #[test]
    fn reading_does_not_ask_who_is_in_which_seat(
        answers in proptest::collection::vec(answer(), 0..9),
        turn in 0_usize..9,
    ) {
        let mut turned = answers.clone();
        if !turned.is_empty() {
            turned.rotate_left(turn % answers.len());
        }
        prop_assert_eq!(read(&turned), read(&answers));
    }
}
