//! Streams release linearly, conserve every unit, and cannot be slowed down for nothing.
#![allow(missing_docs)]

use modelbond_curve::stream::{Stream, StreamError};
use proptest::prelude::*;
use rstest::rstest;

const DAY: u64 = 86_400_000_000_000;

fn running() -> Stream {
    Stream { amount: 1_000, released_at: 100, ends_at: 1_100 }
}

#[rstest]
#[case::before_it_began(50, 0)]
#[case::at_the_start(100, 0)]
#[case::rounded_down(101, 1)]
#[case::half(600, 500)]
#[case::a_nanosecond_before_the_end(1_099, 999)]
#[case::at_the_end(1_100, 1_000)]
#[case::long_after(u64::MAX, 1_000)]
fn releases_are_linear(#[case] now: u64, #[case] released: u128) {
    let mut stream = running();
    assert_eq!(stream.releasable(now), released);
    assert_eq!(stream.release(now), released);
    assert_eq!(stream.amount, 1_000 - released);
    assert_eq!(stream.release(now), 0);
}

#[test]
fn time_that_goes_backwards_releases_nothing_twice() {
    let mut stream = running();
    assert_eq!(stream.release(600), 500);
    assert_eq!(stream.release(300), 0);
    assert_eq!(stream.released_at, 600);
    assert_eq!(stream.release(850), 250);
}

#[test]
fn a_deposit_takes_the_mean_of_the_times_by_amount() {
    let mut stream = Stream::default();
    stream.deposit(300, DAY, 7 * DAY).unwrap();
    assert_eq!(stream, Stream { amount: 300, released_at: DAY, ends_at: 8 * DAY });
    assert_eq!(stream.release(DAY * 9 / 2), 150);
    // 150 over 3.5 days and 50 over 7.5 days: 200 over 4.5 days.
    stream.deposit(50, DAY * 9 / 2, DAY * 15 / 2).unwrap();
    assert_eq!(stream, Stream { amount: 200, released_at: DAY * 9 / 2, ends_at: 9 * DAY });
}

#[test]
fn the_mean_time_is_rounded_up() {
    let mut stream = Stream { amount: 2, released_at: 0, ends_at: 10 };
    stream.deposit(1, 0, 0).unwrap();
    assert_eq!(stream.ends_at, 7);
}

#[rstest]
#[case::nothing(0, 10)]
#[case::at_once(5, 0)]
fn a_deposit_into_an_empty_stream(#[case] amount: u128, #[case] duration: u64) {
    let mut stream = Stream::default();
    stream.deposit(amount, 100, duration).unwrap();
    assert_eq!(stream.amount, amount);
    assert_eq!(stream.release(100 + duration), amount);
}

#[test]
fn what_is_due_must_be_released_before_a_deposit() {
    let mut stream = running();
    let error = StreamError::Unreleased { releasable: 500 };
    assert_eq!(stream.deposit(1, 600, DAY), Err(error));
    assert_eq!(stream, running());
}

#[rstest]
#[case::amount(u128::MAX, 100, 1)]
#[case::end(1, 100, u64::MAX)]
fn what_does_not_fit_is_refused(#[case] amount: u128, #[case] now: u64, #[case] duration: u64) {
    let mut stream = Stream { amount: 1, released_at: 100, ends_at: u64::MAX };
    let error = StreamError::Overflow { amount, duration };
    assert_eq!(stream.deposit(amount, now, duration), Err(error));
    assert_eq!(stream.amount, 1);
}

proptest! {
    #[test]
    fn every_unit_comes_out_and_none_too_early(
        steps in prop::collection::vec((0..1u128 << 100, 0..9 * DAY, 0..30 * DAY), 1..40)
    ) {
        let (mut stream, mut now) = (Stream::default(), DAY);
        let (mut deposited, mut released) = (0u128, 0u128);
        for (amount, pause, duration) in steps {
            now += pause;
            let before = stream;
            let due = stream.release(now);
            // Never more than the linear share of the time that passed.
            let whole = before.ends_at.saturating_sub(before.released_at);
            if now < before.ends_at {
                let passed = u128::from(now - before.released_at);
                prop_assert!(due / passed.max(1) <= before.amount / u128::from(whole) + 1);
            }
            released += due;
            let (left, ends_at) = (stream.amount, stream.ends_at.max(now));
            stream.deposit(amount, now, duration).unwrap();
            deposited += amount;
            prop_assert_eq!(deposited, released + stream.amount);
            // Between both times.
            let (low, high) = (ends_at.min(now + duration), ends_at.max(now + duration));
            prop_assert!(left + amount == 0 || low <= stream.ends_at && stream.ends_at <= high);
        }
        prop_assert_eq!(released + stream.release(stream.ends_at), deposited);
    }

    #[test]
    fn reading_often_never_releases_more(amount in 0..1u128 << 100, mut at in prop::collection::vec(0..DAY, 1..50)) {
        let stream = Stream { amount, released_at: 0, ends_at: DAY };
        at.sort_unstable();
        let mut often = stream;
        let sum: u128 = at.iter().map(|now| often.release(*now)).sum();
        let last = at.last().copied().unwrap_or(0);
        let once = stream.releasable(last);
        prop_assert!(sum <= once);
        prop_assert!(once - sum <= at.len() as u128);
    }
}
