//! When phases end, and which beacon round counts.

use cosmwasm_std::Timestamp;
use modelbond_interface::training::Window;
use modelbond_rounds::clock::{is_over, is_second_half, pin_at, window, Now};
use proptest::prelude::*;
use rstest::rstest;

const NANOS: u64 = 1_000_000_000;

fn now(nanos: u64, height: u64) -> Now {
    Now { time: Timestamp::from_nanos(nanos), height }
}

/// Ten seconds and three blocks from second 100 and block 7 on.
fn ten_seconds() -> Window {
    window(now(100 * NANOS, 7), 10, 3)
}

#[test]
fn a_window_opens_now() {
    let window = ten_seconds();
    assert_eq!(window.opened_at, Timestamp::from_seconds(100));
    assert_eq!(window.ends_at, Timestamp::from_seconds(110));
    assert_eq!(window.ends_height, 10);
}

#[rstest]
#[case::as_it_opens(100 * NANOS, 7, false)]
#[case::a_nanosecond_too_early(110 * NANOS - 1, 10, false)]
#[case::a_block_too_early(110 * NANOS, 9, false)]
#[case::both_just_reached(110 * NANOS, 10, true)]
#[case::only_time_has_passed(1_000 * NANOS, 7, false)]
#[case::only_blocks_have_passed(100 * NANOS, 1_000, false)]
#[case::long_ago(1_000 * NANOS, 1_000, true)]
fn a_window_is_over_when_its_time_and_its_blocks_have_passed(
    #[case] nanos: u64,
    #[case] height: u64,
    #[case] expected: bool,
) {
    assert_eq!(is_over(&ten_seconds(), now(nanos, height)), expected);
}

#[rstest]
#[case::first(100 * NANOS, false)]
#[case::just_before(105 * NANOS - 1, false)]
#[case::half(105 * NANOS, true)]
#[case::end(110 * NANOS, true)]
#[case::before_it_began(0, false)]
fn the_second_half_counts_time_alone(#[case] nanos: u64, #[case] expected: bool) {
    assert_eq!(is_second_half(&ten_seconds(), now(nanos, 0)), expected);
}

#[test]
fn windows_end_at_the_end_of_time() {
    let far = window(now(u64::MAX - 1, u64::MAX - 1), u64::MAX, u32::MAX);
    assert_eq!(far.ends_at, Timestamp::from_nanos(u64::MAX));
    assert_eq!(far.ends_height, u64::MAX);
}

#[rstest]
#[case::as_the_run_opens(100 * NANOS, Some(107))]
#[case::a_nanosecond_later(100 * NANOS + 1, Some(107))]
#[case::just_before_the_grid(105 * NANOS - 1, Some(107))]
#[case::on_the_grid(105 * NANOS, Some(112))]
#[case::after_it(106 * NANOS, Some(112))]
#[case::far_later(100 * NANOS + 1_000_000 * NANOS, Some(100 + 1_000_000 + 7))]
#[case::before_the_run_opened(0, Some(107))]
#[case::end_of_time(u64::MAX, None)]
fn the_beacon_round_is_the_next_of_the_grid(#[case] nanos: u64, #[case] expected: Option<u64>) {
    let found = pin_at(Timestamp::from_seconds(100), 5, 2, now(nanos, 1));
    assert_eq!(found, expected.map(Timestamp::from_seconds));
}

#[rstest]
#[case::no_grid(0, 2)]
#[case::grid_past_the_end_of_time(u64::MAX, 2)]
#[case::margin_past_the_end_of_time(5, u64::MAX)]
fn a_grid_that_is_none_pins_nothing(#[case] grid: u64, #[case] margin: u64) {
    assert_eq!(pin_at(Timestamp::from_seconds(100), grid, margin, now(100 * NANOS, 1)), None);
}

proptest! {
    #[test]
    fn a_pin_is_always_further_ahead_than_the_margin(
        start in 0..2_000_000_000 * NANOS,
        since in 0..1_000_000_000 * NANOS,
        grid in 1_u64..=86_400,
        margin in 1_u64..=3_600,
    ) {
        let at = pin_at(Timestamp::from_nanos(start), grid, margin, now(start + since, 1)).unwrap();
        prop_assert!(at.nanos() > start + since + margin * NANOS);
        prop_assert!(at.nanos() <= start + since + (margin + grid) * NANOS);
        prop_assert_eq!((at.nanos() - start - margin * NANOS) % (grid * NANOS), 0);
    }

    #[test]
    fn all_blocks_between_two_points_of_the_grid_pin_the_same(
        start in 0..2_000_000_000 * NANOS,
        number in 0_u64..50_000,
        grid in 1_u64..=86_400,
        margin in 1_u64..=3_600,
        part: u64,
    ) {
        let first = start + number * grid * NANOS;
        let offset = part % (grid * NANOS);
        let start = Timestamp::from_nanos(start);
        let pin = |nanos| pin_at(start, grid, margin, now(nanos, 1)).unwrap();
        prop_assert_eq!(pin(first), pin(first + offset));
        prop_assert_eq!(pin(first), pin(first + grid * NANOS - 1));
        prop_assert_eq!(pin(first).plus_seconds(grid), pin(first + grid * NANOS));
    }

    #[test]
    fn a_window_needs_both(
        secs in 0_u64..1_000_000,
        blocks in 0_u32..1_000,
        later in 0_u64..2_000_000,
        higher in 0_u64..2_000,
    ) {
        let opened = now(77 * NANOS, 5);
        let window = window(opened, secs, blocks);
        let at = now((77 + later) * NANOS, 5 + higher);
        prop_assert_eq!(is_over(&window, at), later >= secs && higher >= u64::from(blocks));
    }

    #[test]
    fn nothing_panics(nanos: [u64; 3], secs: [u64; 3], blocks: u32, height: u64) {
        let window = window(now(nanos[0], height), secs[0], blocks);
        let _ = is_over(&window, now(nanos[1], height));
        let _ = is_second_half(&window, now(nanos[1], height));
        let _ = pin_at(Timestamp::from_nanos(nanos[2]), secs[1], secs[2], now(nanos[1], height));
    }
}
