//! NPS, P_model and the four metrics.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::training::Scoring;
use modelbond_rounds::metrics::{
    improvement, metrics, nps, performance, ratio, signed_improvement, ONE,
};
use proptest::prelude::*;
use rstest::rstest;

fn scoring([accuracy_bps, improvement_bps, nps_bps]: [u16; 3]) -> Scoring {
    Scoring {
        accuracy_bps,
        improvement_bps,
        nps_bps,
        users_target: 1,
        units_target: 1,
        min_units: 0,
        small_network: false,
    }
}

#[rstest]
#[case::nobody([0, 0, 0], 0)]
#[case::all_promote([5, 0, 0], 10_000)]
#[case::all_detract([0, 0, 5], -10_000)]
#[case::all_are_passive([0, 5, 0], 0)]
#[case::as_many_promote_as_detract([5, 3, 5], 0)]
#[case::the_usual_example([70, 20, 10], 6_000)]
#[case::a_third([1, 2, 0], 3_333)]
#[case::minus_a_third([0, 2, 1], -3_333)]
#[case::more_detract_than_promote([1, 0, 2], -3_333)]
#[case::too_small_to_count([1, 10_000, 0], 0)]
#[case::just_large_enough([1, 9_999, 0], 1)]
#[case::minus_too_small_to_count([0, 10_000, 1], 0)]
#[case::weights_of_the_largest_epoch([1 << 126, 0, 1 << 126], 0)]
#[case::sums_past_the_end([u128::MAX, u128::MAX, 0], 10_000)]
fn nps_is_promoters_less_detractors(#[case] weights: [u128; 3], #[case] expected: i32) {
    let [promoters, passives, detractors] = weights.map(Uint128::new);
    assert_eq!(nps(promoters, passives, detractors), expected);
}

#[rstest]
#[case::three_quarters(6, 8, 750_000)]
#[case::nothing_of_nothing(0, 0, 0)]
#[case::something_of_nothing(5, 0, 0)]
#[case::more_than_all(9, 8, 1_000_000)]
#[case::rounded_down(2, 3, 666_666)]
#[case::too_small(1, 1_000_001, 0)]
#[case::largest(u64::MAX, u64::MAX, 1_000_000)]
#[case::largest_less_one(u64::MAX - 1, u64::MAX, 999_999)]
fn a_ratio_is_at_most_one(#[case] part: u64, #[case] all: u64, #[case] expected: u64) {
    assert_eq!(ratio(part, all), expected);
}

#[rstest]
#[case::a_quarter_is_gone(80, 60, 250_000)]
#[case::all_is_gone(80, 0, 1_000_000)]
#[case::it_grew(80, 81, 0)]
#[case::it_stayed(80, 80, 0)]
#[case::there_was_none(0, 0, 0)]
#[case::it_came_from_nothing(0, 7, 0)]
fn improvement_is_the_part_of_the_loss_that_is_gone(
    #[case] before: u64,
    #[case] after: u64,
    #[case] expected: u64,
) {
    assert_eq!(improvement(before, after), expected);
}

#[rstest]
#[case::a_quarter_is_gone(80, 60, 250_000)]
#[case::all_is_gone(80, 0, 1_000_000)]
#[case::it_grew_by_a_quarter(80, 100, -250_000)]
#[case::it_doubled(80, 160, -1_000_000)]
#[case::it_grew_by_more_than_it_was(80, 1_000, -1_000_000)]
#[case::it_stayed(80, 80, 0)]
#[case::there_was_none(0, 0, 0)]
#[case::it_came_from_nothing(0, 7, 0)]
#[case::rounded_towards_zero(3, 2, 333_333)]
#[case::rounded_towards_zero_from_below(3, 4, -333_333)]
#[case::largest(u64::MAX, 0, 1_000_000)]
#[case::smallest(1, u64::MAX, -1_000_000)]
fn signed_improvement_is_negative_where_the_loss_grew(
    #[case] before: u64,
    #[case] after: u64,
    #[case] expected: i32,
) {
    assert_eq!(signed_improvement(before, after), expected);
}

#[rstest]
#[case::all_right([5_000, 3_000, 2_000], [ONE, ONE], 10_000, ONE)]
#[case::all_wrong([5_000, 3_000, 2_000], [0, 0], -10_000, 0)]
#[case::nobody_said_anything([5_000, 3_000, 2_000], [0, 0], 0, 100_000)]
#[case::weighted([5_000, 3_000, 2_000], [750_000, 200_000], 5_000, 375_000 + 60_000 + 150_000)]
#[case::accuracy_alone([10_000, 0, 0], [123_456, ONE], 10_000, 123_456)]
#[case::improvement_alone([0, 10_000, 0], [ONE, 123_456], 10_000, 123_456)]
#[case::nps_alone([0, 0, 10_000], [ONE, ONE], -1, 499_950)]
#[case::too_much_is_cut([5_000, 5_000, 0], [u64::MAX, u64::MAX], 0, ONE)]
#[case::nps_past_its_bounds([0, 0, 10_000], [0, 0], i32::MAX, ONE)]
#[case::nps_below_its_bounds([0, 0, 10_000], [0, 0], i32::MIN, 0)]
fn performance_is_weighted(
    #[case] weights: [u16; 3],
    #[case] parts: [u64; 2],
    #[case] nps: i32,
    #[case] expected: u64,
) {
    let [accuracy, improvement] = parts;
    assert_eq!(performance(&scoring(weights), accuracy, improvement, nps), expected);
}

#[test]
fn metrics_are_millionths_of_one() {
    let found = metrics([750_000, 1, 0, ONE + 1]);
    assert_eq!(found.accuracy, Decimal::percent(75));
    assert_eq!(found.adoption, Decimal::from_atomics(1_u64, 6).unwrap());
    assert_eq!(found.improvement, Decimal::zero());
    assert_eq!(found.growth, Decimal::one());
}

proptest! {
    #[test]
    fn nps_is_between_its_bounds_and_turns_with_its_sides(a: u128, b: u128, c: u128) {
        let [a, b, c] = [a, b, c].map(Uint128::new);
        let found = nps(a, b, c);
        prop_assert!((-10_000..=10_000).contains(&found));
        prop_assert_eq!(found, -nps(c, b, a));
        prop_assert!(found == 0 || (found > 0) == (a > c));
    }

    #[test]
    fn nps_is_the_exact_fraction_towards_zero(a in 0_i64..1 << 40, b in 0_i64..1 << 40, c in 0_i64..1 << 40) {
        let all = i128::from(a) + i128::from(b) + i128::from(c);
        let expected =
            if all == 0 { 0 } else { (i128::from(a) - i128::from(c)) * 10_000 / all };
        let [a, b, c] = [a, b, c].map(|weight| Uint128::new(weight as u128));
        prop_assert_eq!(i128::from(nps(a, b, c)), expected);
    }

    #[test]
    fn performance_is_at_most_one_and_grows_with_each_part(
        first in 0_u16..=10_000,
        rest in 0_u16..=10_000,
        accuracy: u64,
        better: u64,
        nps in -10_000_i32..=9_999,
    ) {
        let second = rest.min(10_000 - first);
        let scoring = scoring([first, second, 10_000 - first - second]);
        let found = performance(&scoring, accuracy, better, nps);
        prop_assert!(found <= ONE);
        prop_assert!(performance(&scoring, accuracy.saturating_add(1), better, nps) >= found);
        prop_assert!(performance(&scoring, accuracy, better.saturating_add(1), nps) >= found);
        prop_assert!(performance(&scoring, accuracy, better, nps + 1) >= found);
    }

    #[test]
    fn metrics_are_at_most_one(millionths: [u64; 4]) {
        let found = metrics(millionths);
        for metric in [found.accuracy, found.adoption, found.improvement, found.growth] {
            prop_assert!(metric <= Decimal::one());
        }
    }

    #[test]
    fn a_ratio_is_the_exact_fraction_rounded_down(part: u64, all: u64) {
        let expected = if all == 0 { 0 } else { u128::from(part.min(all)) * 1_000_000 / u128::from(all) };
        prop_assert_eq!(u128::from(ratio(part, all)), expected);
        prop_assert!(improvement(part, all) <= ONE);
    }
}
