//! Draws, commitments and agreement, case by case.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const CONTEXT: Context = Context { chain_id: "devnet", contract: "wasm1provenance", offer_id: 7 };
const FOUND: Finding = Finding { quality: 900_000, improvement: -25 };
const COMMITTED: Committed =
    Committed { slot: 2, node_id: 11, owner: "wasm1owner", finding: FOUND, salt: [5; 32] };

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Made with Python's hashlib from the text of this module.
#[test]
fn digests_are_what_the_text_says() {
    assert_eq!(
        hex(CONTEXT.commit(&COMMITTED)),
        "ef85c055da7a917d7751e88994f7a9c0da17158c173eec7a175b6d6150e3028f"
    );
    assert_eq!(
        hex(CONTEXT.agreed(FOUND)),
        "48ef0e5fdce32f7866a764eadf40d3bdc4e4c7151f1db9818c5486dae6008c17"
    );
    assert_eq!(
        hex(CONTEXT.seed([1; 32], [2; 32])),
        "4d23b70956b4171e7c5df5332317e01601f6b7941e851e5ab6c9a9c2ef1a472a"
    );
}

#[test]
fn a_commitment_binds_everything_that_is_in_it() {
    let contexts = [
        Context { chain_id: "othernet", ..CONTEXT },
        Context { contract: "wasm1other", ..CONTEXT },
        Context { offer_id: 8, ..CONTEXT },
    ];
    let committed = [
        Committed { slot: 3, ..COMMITTED },
        Committed { node_id: 12, ..COMMITTED },
        Committed { owner: "wasm1other", ..COMMITTED },
        Committed { finding: Finding { quality: 900_001, ..FOUND }, ..COMMITTED },
        Committed { finding: Finding { improvement: 25, ..FOUND }, ..COMMITTED },
        Committed { salt: [6; 32], ..COMMITTED },
    ];
    let mut digests = vec![CONTEXT.commit(&COMMITTED)];
    digests.extend(contexts.map(|context| context.commit(&COMMITTED)));
    digests.extend(committed.map(|committed| CONTEXT.commit(&committed)));
    for (index, digest) in digests.iter().enumerate() {
        assert!(!digests[..index].contains(digest), "digest {index} is one of those before");
    }
}

#[test]
fn a_draw_depends_on_the_beacon_and_on_the_round_and_on_the_offer() {
    let seed = CONTEXT.seed([1; 32], [2; 32]);
    assert_ne!(seed, CONTEXT.seed([3; 32], [2; 32]));
    assert_ne!(seed, CONTEXT.seed([1; 32], [3; 32]));
    assert_ne!(seed, CONTEXT.seed([2; 32], [1; 32]));
    assert_ne!(seed, Context { offer_id: 8, ..CONTEXT }.seed([1; 32], [2; 32]));
}

fn finding(number: u32) -> Finding {
    Finding { quality: number, improvement: 0 }
}

#[rstest]
#[case::all_of_nine(9, &[1; 9], Agreement::Accepted(finding(1)))]
#[case::seven_of_nine(9, &[2, 1, 1, 1, 1, 1, 1, 1, 3], Agreement::Accepted(finding(1)))]
#[case::six_of_nine_is_two_thirds_and_not_more(9, &[1, 1, 1, 1, 1, 1, 2, 2, 2], Agreement::Majority(finding(1)))]
#[case::six_of_nine_and_three_silent(9, &[1; 6], Agreement::Majority(finding(1)))]
#[case::five_of_nine(9, &[1, 2, 1, 2, 1, 2, 1, 2, 1], Agreement::Majority(finding(1)))]
#[case::four_of_nine(9, &[1, 2, 1, 2, 1, 2, 1, 2], Agreement::None)]
#[case::four_of_four_who_came_of_nine(9, &[1; 4], Agreement::None)]
#[case::all_of_three(3, &[1; 3], Agreement::Accepted(finding(1)))]
#[case::two_of_three(3, &[1, 1], Agreement::Majority(finding(1)))]
#[case::one_of_three(3, &[1], Agreement::None)]
#[case::three_of_four(4, &[1, 1, 1, 2], Agreement::Accepted(finding(1)))]
#[case::two_of_four_is_a_half_and_not_more(4, &[1, 1, 2], Agreement::None)]
#[case::four_of_five(5, &[1; 4], Agreement::Accepted(finding(1)))]
#[case::three_of_five(5, &[1; 3], Agreement::Majority(finding(1)))]
#[case::nobody(9, &[], Agreement::None)]
fn more_than_two_thirds_of_those_drawn_accept(
    #[case] drawn: u8,
    #[case] revealed: &[u32],
    #[case] expected: Agreement,
) {
    let revealed: Vec<Finding> = revealed.iter().copied().map(finding).collect();
    assert_eq!(agreement(drawn, &revealed), expected);
}

#[test]
fn scores_are_the_same_only_if_both_numbers_are() {
    let other = Finding { improvement: FOUND.improvement + 1, ..FOUND };
    assert_eq!(agreement(3, &[FOUND, FOUND, other]), Agreement::Majority(FOUND));
}

#[rstest]
#[case::nine_of_nine(100, 9, 9, (11, 99, 1))]
#[case::seven_of_nine(100, 9, 7, (11, 77, 23))]
#[case::nobody(100, 9, 0, (11, 0, 100))]
#[case::the_least_fee(9, 9, 9, (1, 9, 0))]
#[case::nobody_was_drawn(100, 0, 0, (0, 0, 100))]
#[case::more_winners_than_drawn_is_no_case(100, 3, 4, (0, 0, 100))]
#[case::the_largest_fee(u128::MAX, 3, 3, (u128::MAX / 3, u128::MAX, 0))]
fn what_witnesses_do_not_earn_goes_back(
    #[case] fee: u128,
    #[case] drawn: u8,
    #[case] winners: u8,
    #[case] (each, paid, refund): (u128, u128, u128),
) {
    assert_eq!(payout(fee, drawn, winners), Payout { each, paid, refund });
}

const SECOND: u64 = 1_000_000_000;

#[rstest]
#[case::at_the_start(100, 100, 107)]
#[case::between(100, 103, 107)]
#[case::on_a_multiple_the_next_one_counts(100, 105, 112)]
#[case::before_the_start(100, 50, 107)]
fn an_offer_is_drawn_after_the_next_multiple_of_the_grid_and_a_margin(
    #[case] start: u64,
    #[case] now: u64,
    #[case] expected: u64,
) {
    assert_eq!(draws_at(start * SECOND, 5, 2, now * SECOND), Some(expected * SECOND));
}

#[test]
fn there_is_no_time_without_a_grid_or_past_the_end_of_time() {
    assert_eq!(draws_at(0, 0, 1, 5), None);
    assert_eq!(draws_at(u64::MAX - 5, 1, 1, u64::MAX), None);
    assert_eq!(draws_at(0, u64::MAX, 1, 5), None);
    assert_eq!(draws_at(0, 1, u64::MAX, 5), None);
}

proptest! {
    #[test]
    fn a_fee_is_what_is_paid_and_what_goes_back(fee: u128, drawn: u8, winners: u8) {
        let Payout { each, paid, refund } = payout(fee, drawn, winners);
        prop_assert_eq!(paid + refund, fee);
        prop_assert!(paid == 0 || paid == each * u128::from(winners));
    }

    #[test]
    fn a_draw_is_always_ahead_of_its_offer(
        start in 0..u64::MAX / 4,
        grid in 1..86_400_u64,
        margin in 1..3_600_u64,
        since in 0..u64::MAX / 4,
    ) {
        let now = start + since;
        let at = draws_at(start, grid, margin, now).unwrap();
        prop_assert!(at > now + margin * SECOND);
        prop_assert!(at <= now + (margin + grid) * SECOND);
    }

    #[test]
    fn the_order_of_reveals_does_not_matter(
        drawn in 3..=9_u8,
        mut revealed in proptest::collection::vec(0..3_u32, 0..=9),
        turn in 0..9_usize,
    ) {
        revealed.truncate(drawn.into());
        let findings: Vec<Finding> = revealed.iter().copied().map(finding).collect();
        let mut turned = findings.clone();
        if !turned.is_empty() {
            let turn = turn % turned.len();
            turned.rotate_left(turn);
        }
        prop_assert_eq!(agreement(drawn, &findings), agreement(drawn, &turned));
    }
}
