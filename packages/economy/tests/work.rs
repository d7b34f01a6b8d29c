//! What a line of work pays: all of it, once, to everybody the part of the work.

use std::collections::BTreeMap;

use modelbond_economy::work::{Line, Segment};
use proptest::prelude::*;
use rstest::rstest;

fn segment(work: u64, tokens: u128, paid_work: u64) -> Segment {
    Segment { work, tokens, paid_work }
}

#[rstest]
#[case::the_first_segment((0, 0), 7, 0, (0, 7))]
#[case::no_work_yet((0, 0), 0, 0, (0, 0))]
#[case::the_next_segment_closes_it((0, 7), 9, 1, (7, 9))]
#[case::no_work_since_closes_it((0, 7), 7, 1, (7, 7))]
#[case::without_tokens_it_grows((0, 7), 9, 0, (0, 9))]
#[case::without_tokens_and_work_it_stays((0, 7), 7, 0, (0, 7))]
#[case::none_open((7, 7), 9, 0, (7, 9))]
#[case::none_open_and_no_work((7, 7), 7, 0, (7, 7))]
#[case::work_never_shrinks((3, 7), 5, 0, (3, 7))]
fn a_cut_opens_a_segment(
    #[case] (closed, cut): (u64, u64),
    #[case] work: u64,
    #[case] tokens: u128,
    #[case] expected: (u64, u64),
) {
    let line = Line { closed, cut }.cut_at(work, tokens);
    assert_eq!((line.closed, line.cut), expected);
    assert_eq!(line.is_open(), expected.0 < expected.1);
}

#[rstest]
#[case::all_of_it(segment(3, 100, 0), 3, 100)]
#[case::a_third_rounded_down(segment(3, 100, 0), 1, 33)]
#[case::the_second_third(segment(3, 100, 1), 1, 33)]
#[case::the_last_third_has_the_rest(segment(3, 100, 2), 1, 34)]
#[case::fewer_tokens_than_seats(segment(3, 2, 0), 1, 0)]
#[case::nothing_left(segment(3, 100, 3), 1, 0)]
#[case::more_seats_than_there_are(segment(3, 100, 1), 7, 67)]
#[case::no_tokens(segment(3, 0, 0), 3, 0)]
#[case::no_work(segment(0, 100, 0), 1, 0)]
#[case::largest(segment(u64::MAX, u128::MAX, u64::MAX - 1), 1, u128::MAX / u128::from(u64::MAX))]
fn a_piece_gets_its_part(#[case] mut segment: Segment, #[case] work: u32, #[case] expected: u128) {
    let left = segment.left();
    assert_eq!(segment.pay(work), expected);
    assert_eq!(segment.left(), left - expected);
}

/// Tokens of each piece where they are claimed in this order.
fn paid(tokens: u128, pieces: &[u32], order: &[usize]) -> Vec<u128> {
    let work = pieces.iter().map(|piece| u64::from(*piece)).sum();
    let mut segment = segment(work, tokens, 0);
    let mut paid = vec![0; pieces.len()];
    for index in order {
        paid[*index] = segment.pay(pieces[*index]);
    }
    assert_eq!(segment.left(), tokens - paid.iter().sum::<u128>());
    paid
}

/// Pieces, and two orders of claiming all of them.
fn orders() -> impl Strategy<Value = (Vec<u32>, Vec<usize>, Vec<usize>)> {
    proptest::collection::vec(1_u32..5_000, 1..40).prop_flat_map(|pieces| {
        let order: Vec<usize> = (0..pieces.len()).collect();
        let shuffled = || Just(order.clone()).prop_shuffle();
        (Just(pieces), shuffled(), shuffled())
    })
}

proptest! {
    #[test]
    fn all_pieces_get_all_tokens_each_its_part_within_a_unit(
        tokens in prop_oneof![0_u128..100_000, 0..1_u128 << 60],
        (pieces, order, _) in orders(),
    ) {
        let paid = paid(tokens, &pieces, &order);
        prop_assert_eq!(paid.iter().sum::<u128>(), tokens);
        let work: u128 = pieces.iter().map(|piece| u128::from(*piece)).sum();
        for (paid, piece) in paid.iter().zip(&pieces) {
            let part = tokens * u128::from(*piece) / work;
            prop_assert!((part..=part + 1).contains(paid), "{paid} of {part}");
        }
    }

    #[test]
    fn who_claims_first_matters_by_a_unit_at_most(
        tokens in prop_oneof![0_u128..100_000, 0..1_u128 << 60],
        (pieces, one, other) in orders(),
    ) {
        for (one, other) in paid(tokens, &pieces, &one).into_iter().zip(paid(tokens, &pieces, &other)) {
            prop_assert!(one.abs_diff(other) <= 1, "{one} or {other}");
        }
    }

    #[test]
    fn never_more_than_there_is(work: u64, tokens: u128, claims: Vec<u32>) {
        let mut segment = segment(work, tokens, 0);
        let mut sum = 0_u128;
        for claim in claims {
            sum = sum.checked_add(segment.pay(claim)).unwrap();
            prop_assert_eq!(sum, segment.paid_tokens());
        }
        prop_assert!(sum <= tokens);
    }

    /// Every place of the line is in one segment at a time; a closed one is closed for ever.
    #[test]
    fn segments_follow_each_other_without_gaps(steps: Vec<(u16, bool)>) {
        let (mut line, mut work) = (Line::default(), 0_u64);
        let mut tokens = 0;
        for (more, buys) in steps {
            work += u64::from(more);
            let next = line.cut_at(work, tokens);
            prop_assert_eq!(next.cut, work);
            prop_assert!(next.closed == line.closed || next.closed == line.cut);
            prop_assert_eq!(next.closed == line.cut, tokens > 0 || !line.is_open());
            line = next;
            tokens = u128::from(buys && line.is_open());
        }
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// One of the model's seats that was paid: its round's place, its operator, how many.
type Piece = (u64, u64, u32);

/// A model's books, as the contract keeps them.
#[derive(Default)]
struct Books {
    line: Line,
    work: u64,
    segments: BTreeMap<u64, Segment>,
    open: u128,
    credited: Vec<Piece>,
    bought: u128,
    paid: u128,
    pieces_paid: u64,
}

impl Books {
    /// A round of up to 9 operators, all of whose seats will be credited, some day.
    fn round(&mut self, random: &mut Random) {
        let offset = self.work;
        for operator in 0..=random.below(9) {
            let seats = 1 + random.below(5) as u32;
            self.credited.push((offset, operator, seats));
            self.work += u64::from(seats);
        }
    }

    fn cut(&mut self) {
        let next = self.line.cut_at(self.work, self.open);
        if self.line.is_open() && self.open > 0 {
            let work = self.line.cut - self.line.closed;
            self.segments.insert(self.line.cut, segment(work, self.open, 0));
        }
        self.line = next;
        self.open = 0;
    }

    fn buy(&mut self, random: &mut Random) {
        if self.line.is_open() {
            let tokens = u128::from(random.below(1_000));
            self.open += tokens;
            self.bought += tokens;
        }
    }

    /// Pays one piece if its segment is closed; otherwise it waits.
    fn claim(&mut self, random: &mut Random) {
        if self.credited.is_empty() {
            return;
        }
        let index = random.below(self.credited.len() as u64) as usize;
        let (offset, _, seats) = self.credited[index];
        let Some((_, segment)) = self.segments.range_mut(offset + 1..).next() else {
            return;
        };
        let part = segment.tokens * u128::from(seats) / u128::from(segment.work);
        let paid = segment.pay(seats);
        assert!((part..=part + 1).contains(&paid));
        self.paid += paid;
        self.pieces_paid += 1;
        self.credited.swap_remove(index);
    }
}

#[test]
fn a_million_steps_pay_what_was_bought_and_nothing_twice() {
    let mut random = Random(7);
    let mut books = Books::default();
    for _ in 0..1_000_000 {
        match random.below(20) {
            0 => books.round(&mut random),
            1 => books.cut(),
            2 | 3 => books.buy(&mut random),
            _ => books.claim(&mut random),
        }
        assert!(books.paid <= books.bought);
    }
    books.round(&mut random);
    books.cut();
    books.open += 1_000_003;
    books.bought += 1_000_003;
    books.cut();
    while !books.credited.is_empty() {
        books.claim(&mut random);
    }
    assert_eq!(books.paid, books.bought);
    assert!(books.segments.values().all(|segment| segment.paid_work == segment.work));
    assert!(books.pieces_paid > 100_000, "{}", books.pieces_paid);
}
