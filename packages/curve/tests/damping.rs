//! Momentum and its surcharge, the launch fee, the limiter's band, and average prices.
#![allow(missing_docs)]

use modelbond_curve::limiter::{follow, Band};
use modelbond_curve::momentum::{launch_fee_ppb, momentum, surcharge_ppb, MomentumParams, Side};
use modelbond_curve::twap::{advance, average, interpolate, Observation};
use modelbond_curve::{CurveError, U256};
use proptest::prelude::*;
use rstest::rstest;

const HOUR: u64 = 3_600_000_000_000;

const PARAMS: MomentumParams = MomentumParams {
    smoothing_bps: 7_000,
    gain_bps: 2_500,
    buy_cap_bps: 200,
    sell_cap_bps: 100,
    window: 24 * HOUR,
};

#[rstest]
// 0.25 * 0.7 * (110 - 100) / 110 = 1.59 %; 0.25 * 0.7 * (100 - 95) / 95 = 0.92 %.
#[case::buying_into_a_rise(110, Some(100), Side::Buy, 15_909_091)]
#[case::selling_into_a_fall(95, Some(100), Side::Sell, 9_210_527)]
#[case::buying_at_the_cap(200, Some(100), Side::Buy, 20_000_000)]
#[case::selling_at_the_cap(50, Some(100), Side::Sell, 10_000_000)]
#[case::selling_into_a_rise(110, Some(100), Side::Sell, 0)]
#[case::buying_into_a_fall(95, Some(100), Side::Buy, 0)]
#[case::no_move(100, Some(100), Side::Buy, 0)]
#[case::too_early(110, None, Side::Buy, 0)]
#[case::from_nothing(u128::MAX, Some(0), Side::Buy, 20_000_000)]
#[case::to_nothing(0, Some(u128::MAX), Side::Sell, 10_000_000)]
#[case::a_hair_rounded_up(1 << 100, Some((1 << 100) - 1), Side::Buy, 1)]
fn a_trade_with_the_momentum_pays(
    #[case] price: u128,
    #[case] lagged: Option<u128>,
    #[case] side: Side,
    #[case] expected: u64,
) {
    assert_eq!(surcharge_ppb(&PARAMS, price, lagged, side), expected);
}

#[rstest]
// 0.7 * 240 / 24 hours.
#[case::rising(1_240, 1_000, Ok(7))]
#[case::falling(1_000, 1_240, Ok(-7))]
#[case::towards_zero(1_000, 1_241, Ok(-7))]
#[case::still(5, 5, Ok(0))]
#[case::largest(u128::MAX, 0, Ok(9_924_902_368_527_371_851_015_092_716_759_906_167))]
fn momentum_is_per_hour(
    #[case] price: u128,
    #[case] lagged: u128,
    #[case] expected: Result<i128, CurveError>,
) {
    assert_eq!(momentum(price, lagged, 7_000, 24 * HOUR), expected);
}

#[test]
fn momentum_without_window_is_an_error() {
    assert_eq!(momentum(2, 1, 7_000, 0), Err(CurveError::Overflow { what: "momentum" }));
    assert!(momentum(u128::MAX, 0, 7_000, 1).is_err());
}

#[rstest]
#[case::before(0, 50_000_000)]
#[case::at_the_opening(1_000, 50_000_000)]
#[case::half(1_000 + 12 * HOUR, 30_000_000)]
#[case::rounded_up(1_000 + 24 * HOUR - 1, 10_000_001)]
#[case::at_the_end(1_000 + 24 * HOUR, 10_000_000)]
#[case::long_after(u64::MAX, 10_000_000)]
fn the_launch_fee_decays(#[case] now: u64, #[case] expected: u64) {
    assert_eq!(launch_fee_ppb(500, 100, 1_000, 24 * HOUR, now), expected);
}

#[rstest]
#[case::no_launch(500, 100, 0, 10_000_000)]
#[case::below_the_fee(50, 100, HOUR, 10_000_000)]
fn the_launch_fee_is_at_least_the_fee(
    #[case] launch_bps: u64,
    #[case] fee_bps: u64,
    #[case] launch_nanos: u64,
    #[case] expected: u64,
) {
    assert_eq!(launch_fee_ppb(launch_bps, fee_bps, 0, launch_nanos, 0), expected);
}

#[rstest]
#[case::no_time(1_000, 2_000, 0, 1_000)]
#[case::a_quarter_up(1_000, 2_000, HOUR / 4, 1_250)]
#[case::a_quarter_down(2_000, 1_000, HOUR / 4, 1_750)]
#[case::rounded_to_the_reference(1_000, 1_003, HOUR / 2, 1_001)]
#[case::the_whole_window(1_000, 2_000, HOUR, 2_000)]
#[case::largest(0, u128::MAX, HOUR / 2, u128::MAX / 2)]
fn the_reference_follows(
    #[case] reference: u128,
    #[case] price: u128,
    #[case] elapsed: u64,
    #[case] expected: u128,
) {
    assert_eq!(follow(reference, price, elapsed, HOUR), expected);
}

#[rstest]
#[case::even(10_000, 1_000, 9_000, 11_000)]
#[case::inwards(1_001, 1_000, 901, 1_101)]
#[case::too_small_to_move(3, 1_000, 3, 3)]
#[case::everything(5, 20_000, 0, 15)]
#[case::largest(u128::MAX, 10_000, 0, u128::MAX)]
fn the_band_is_rounded_inwards(
    #[case] reference: u128,
    #[case] limit_bps: u64,
    #[case] low: u128,
    #[case] high: u128,
) {
    let band = Band::around(reference, limit_bps);
    assert_eq!(band, Band { low, high });
    assert!(band.contains(low) && band.contains(high));
    assert!(low == 0 || !band.contains(low - 1));
    assert!(high == u128::MAX || !band.contains(high + 1));
}

#[test]
fn averages_weigh_by_time() {
    let start = U256::from_u128(77);
    let middle = advance(start, 100, 3).unwrap();
    let end = advance(middle, 200, 1).unwrap();
    assert_eq!(average(start, end, 4), Ok(125));
    assert_eq!(average(middle, end, 1), Ok(200));
    assert_eq!(average(start, U256::from_u128(84), 2), Ok(3), "rounded down");
    let (before, after) =
        (Observation { at: 10, cumulative: start }, Observation { at: 14, cumulative: end });
    let odd = Observation { at: 2, cumulative: U256::from_u128(8) };
    let one = Observation { at: 0, cumulative: U256::from_u128(1) };
    assert_eq!(interpolate(&one, &odd, 1), Ok(U256::from_u128(4)), "rounded down");
    for (at, expected) in [(0, 77), (10, 77), (11, 202), (12, 327), (14, 577), (99, 577)] {
        assert_eq!(interpolate(&before, &after, at), Ok(U256::from_u128(expected)));
    }
}

#[test]
fn averages_that_are_not_defined_are_errors() {
    let (low, high) = (U256::from_u128(1), U256::from_u128(2));
    assert!(average(low, high, 0).is_err());
    assert!(average(high, low, 1).is_err());
    assert!(advance(U256::MAX, 1, 1).is_err());
    let (before, after) =
        (Observation { at: 0, cumulative: high }, Observation { at: 2, cumulative: low });
    assert!(interpolate(&before, &after, 1).is_err());
}

proptest! {
    #[test]
    fn the_reference_stays_between_itself_and_the_price(
        reference in any::<u128>(), price in any::<u128>(), elapsed in any::<u64>(), window in any::<u64>(),
    ) {
        let next = follow(reference, price, elapsed, window);
        prop_assert!(next >= reference.min(price) && next <= reference.max(price));
    }

    #[test]
    fn following_in_steps_never_overtakes(reference in 0..1u128 << 100, price in 0..1u128 << 100,
        steps in prop::collection::vec(0..HOUR / 4, 1..6)) {
        // Each step covers a share of what is left, so steps stay behind one move of the same time.
        let in_steps = steps.iter().fold(reference, |at, step| follow(at, price, *step, HOUR));
        let at_once = follow(reference, price, steps.iter().sum(), HOUR);
        prop_assert!(in_steps.abs_diff(price) >= at_once.abs_diff(price));
    }

    #[test]
    fn an_average_lies_between_its_prices(prices in prop::collection::vec((any::<u128>(), 1..HOUR), 1..20)) {
        let (mut sum, mut elapsed) = (U256::ZERO, 0);
        for (price, time) in &prices {
            sum = advance(sum, *price, *time).unwrap();
            elapsed += time;
        }
        let average = average(U256::ZERO, sum, elapsed).unwrap();
        let of = |price: &(u128, u64)| price.0;
        prop_assert!(average >= prices.iter().map(of).min().unwrap());
        prop_assert!(average <= prices.iter().map(of).max().unwrap());
    }

    #[test]
    fn a_surcharge_is_at_most_its_cap_and_never_on_both_sides(price in any::<u128>(), lagged in any::<u128>()) {
        let buy = surcharge_ppb(&PARAMS, price, Some(lagged), Side::Buy);
        let sell = surcharge_ppb(&PARAMS, price, Some(lagged), Side::Sell);
        prop_assert!(buy <= 20_000_000 && sell <= 10_000_000);
        prop_assert!(buy == 0 || sell == 0);
    }
}
