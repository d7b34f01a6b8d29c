//! Bounds of every parameter: the ends are accepted, one beyond is refused by name.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{CurveKind, FeeSplit, MarketParams};
use modelbond_market::ContractError;
use modelbond_tests::{Failure, Suite};
use rstest::rstest;

use crate::DAY;

const YEAR: u64 = 365 * DAY;
/// S_max of the suite's market.
const MAX_SUPPLY: u128 = 1_000_000_000_000;

fn open(change: impl FnOnce(&mut MarketParams)) -> Result<(), Failure> {
    Suite::builder().with_params(change).with_opening_funds(1 << 100).try_build().map(|_| ())
}

/// Sets one parameter.
type Set = fn(&mut MarketParams, u128);

#[rstest]
#[case::threshold("threshold_bps", 0, 10_000, |p: &mut MarketParams, v: u128| p.multiplier.threshold_bps = v as u32)]
#[case::rise("rise_bps_per_hour", 1, 36_000, |p: &mut MarketParams, v: u128| p.multiplier.rise_bps_per_hour = v as u32)]
#[case::fall("fall_bps_per_hour", 1, 36_000, |p: &mut MarketParams, v: u128| p.multiplier.fall_bps_per_hour = v as u32)]
#[case::rebound("rebound_bps_per_hour", 1, 36_000, |p: &mut MarketParams, v: u128| p.multiplier.rebound_bps_per_hour = v as u32)]
#[case::rebound_threshold("rebound_threshold_bps", 0, 20_000, |p: &mut MarketParams, v: u128| p.multiplier.rebound_threshold_bps = v as u32)]
#[case::premium("max_premium", 527, 2_500, |p: &mut MarketParams, v: u128| p.multiplier.max_premium_bps = v as u32)]
#[case::fee("fee_bps", 30, 300, |p: &mut MarketParams, v: u128| p.fees.fee_bps = v as u32)]
#[case::launch_fee("launch_fee_bps", 100, 2_000, |p: &mut MarketParams, v: u128| p.fees.launch_fee_bps = v as u32)]
#[case::launch("launch_secs", 10, u128::from(7 * DAY), |p: &mut MarketParams, v: u128| p.fees.launch_secs = v as u64)]
#[case::reserve_share("reserve_bps", 8_696, 10_000, |p: &mut MarketParams, v: u128| p.allocation.reserve_bps = v as u32)]
#[case::stakeholders("stakeholder_bps", 0, 1_500, |p: &mut MarketParams, v: u128| p.allocation.stakeholder_bps = v as u32)]
#[case::burn("burn_bps", 0, 200, |p: &mut MarketParams, v: u128| p.allocation.burn_bps = v as u32)]
#[case::limit("limit_bps", 500, 5_000, |p: &mut MarketParams, v: u128| p.limits.limit_bps = v as u32)]
#[case::limit_window("window_secs", 10, 3_600, |p: &mut MarketParams, v: u128| p.limits.window_secs = v as u64)]
#[case::lockup("lockup_secs", 10, u128::from(90 * DAY), |p: &mut MarketParams, v: u128| p.limits.lockup_secs = v as u64)]
#[case::smoothing("smoothing_bps", 0, 10_000, |p: &mut MarketParams, v: u128| p.momentum.smoothing_bps = v as u32)]
#[case::momentum_window("window_secs", 10, u128::from(6 * DAY), |p: &mut MarketParams, v: u128| p.momentum.window_secs = v as u64)]
#[case::gain("gain_bps", 0, 10_000, |p: &mut MarketParams, v: u128| p.momentum.gain_bps = v as u32)]
#[case::buy_cap("_cap_bps", 200, 500, |p: &mut MarketParams, v: u128| p.momentum.buy_cap_bps = v as u32)]
#[case::sell_cap("sell_cap_bps", 0, 100, |p: &mut MarketParams, v: u128| p.momentum.sell_cap_bps = v as u32)]
#[case::cliff("cliff_secs", 10, u128::from(4 * YEAR), |p: &mut MarketParams, v: u128| p.vesting.cliff_secs = v as u64)]
#[case::vesting("duration_secs", 10, u128::from(10 * YEAR), |p: &mut MarketParams, v: u128| p.vesting.duration_secs = v as u64)]
#[case::epoch("epoch_secs", 10, u128::from(30 * DAY), |p: &mut MarketParams, v: u128| p.emission.epoch_secs = v as u64)]
#[case::emission("tokens_per_epoch", 0, MAX_SUPPLY / 1_000, |p: &mut MarketParams, v: u128| p.emission.tokens_per_epoch = v.into())]
#[case::stream("stream_secs", 10, u128::from(30 * DAY), |p: &mut MarketParams, v: u128| p.stream_secs = v as u64)]
#[case::initial_supply("initial_supply", 4_000_000_000, MAX_SUPPLY - 1, |p: &mut MarketParams, v: u128| p.initial_supply = if v == 3_999_999_999 { 9u128.into() } else { v.into() })]
fn ends_are_accepted_and_one_beyond_is_refused_by_name(
    #[case] name: &str,
    #[case] low: u128,
    #[case] high: u128,
    #[case] set: Set,
) {
    for value in [low, high] {
        let result = open(|p| set(p, value));
        assert!(result.is_ok(), "{name} = {value}: {result:?}");
    }
    for value in low.checked_sub(1).into_iter().chain([high + 1]) {
        let error = open(|p| set(p, value)).expect_err(name).market();
        let ContractError::Parameter { parameter, .. } = &error else {
            panic!("{name} = {value}: {error:?}");
        };
        assert!(parameter.contains(name), "{name} = {value}: {error}");
    }
}

#[test]
fn the_sale_cap_is_at_most_half_of_the_purchase_cap() {
    let caps = |buy, sell| {
        open(|p| {
            p.momentum.buy_cap_bps = buy;
            p.momentum.sell_cap_bps = sell;
        })
    };
    assert!(caps(500, 250).is_ok());
    assert!(caps(0, 0).is_ok());
    assert_refused!(caps(300, 151), ContractError::Parameter { parameter: "sell_cap_bps", .. });
}

#[test]
fn the_backing_must_climb_when_the_premium_is_paid() {
    // 9,091 · 1.1 = 10,000.1 and 9,090 · 1.1 = 9,999
    let with = |reserve_bps| {
        open(|p| {
            p.allocation.reserve_bps = reserve_bps;
            p.multiplier.max_premium_bps = 1_000;
        })
    };
    assert!(with(9_091).is_ok());
    assert_refused!(with(9_090), ContractError::Parameter { parameter, .. }
        if parameter.contains("reserve_bps"));
    // 8,000 · 1.25 is exactly 1, which does not exceed it
    let exactly_one = open(|p| {
        p.allocation.reserve_bps = 8_000;
        p.multiplier.max_premium_bps = 2_500;
    });
    assert_refused!(exactly_one, ContractError::Parameter { .. });
}

#[test]
fn a_launch_fee_below_the_fee_is_refused() {
    let result = open(|p| {
        p.fees.fee_bps = 300;
        p.fees.launch_fee_bps = 299;
    });
    assert_refused!(result, ContractError::Parameter { parameter: "launch_fee_bps", .. });
}

#[rstest]
#[case::one_too_few(4_000, 2_500, 1_499, 2_000)]
#[case::one_too_many(4_000, 2_500, 1_501, 2_000)]
#[case::nothing_else(0, 0, 0, 9_999)]
#[case::beyond_32_bits(u32::MAX, u32::MAX, u32::MAX, 2_000)]
fn fee_parts_that_are_not_10_000_are_refused(
    #[case] rewards_bps: u32,
    #[case] provenance_bps: u32,
    #[case] treasury_bps: u32,
    #[case] reserve_bps: u32,
) {
    let result = open(|p| {
        p.fees.split = FeeSplit { rewards_bps, provenance_bps, treasury_bps, reserve_bps };
    });
    let parts = [rewards_bps, provenance_bps, treasury_bps, reserve_bps];
    let expected: u64 = parts.into_iter().map(u64::from).sum();
    assert_refused!(result, ContractError::Sum { sum, expected: 10_000, .. } if *sum == expected);
}

#[test]
fn the_reserve_gets_at_least_a_fifth_of_every_fee() {
    let with = |reserve_bps| {
        open(|p| {
            p.fees.split.reserve_bps = reserve_bps;
            p.fees.split.rewards_bps = 10_000 - 2_500 - 1_500 - reserve_bps;
        })
    };
    assert!(with(2_000).is_ok());
    assert_refused!(with(1_999), ContractError::Parameter { parameter, .. }
        if parameter.contains("reserve_bps"));
}

#[test]
fn weights_may_add_up_to_one_and_no_more() {
    let with = |percents: [u64; 4]| {
        open(|p| {
            let [accuracy, adoption, improvement, growth] = percents.map(Decimal::percent);
            p.multiplier.weights.accuracy = accuracy;
            p.multiplier.weights.adoption = adoption;
            p.multiplier.weights.improvement = improvement;
            p.multiplier.weights.growth = growth;
        })
    };
    assert!(with([25, 25, 25, 25]).is_ok());
    assert!(with([0, 0, 0, 0]).is_ok());
    assert!(with([100, 0, 0, 0]).is_ok());
    for percents in [[25, 25, 25, 26], [101, 0, 0, 0], [1_844, 1_844, 1_844, 1_844]] {
        let error = with(percents).unwrap_err();
        assert!(matches!(error, Failure::Market(_)), "{percents:?}: {error:?}");
        assert!(!error.to_string().contains("overflow"), "{percents:?}: {error}");
    }
    let error = open(|p| p.multiplier.weights.growth = Decimal::MAX).unwrap_err();
    assert!(!error.to_string().contains("overflow"), "{error}");
}

#[rstest]
#[case::no_steepness(|p: &mut MarketParams| p.curve.steepness = Uint128::zero())]
#[case::too_steep_for_the_midpoint(|p: &mut MarketParams| p.curve.steepness = Uint128::new(16 * 10u128.pow(18) + 2))]
#[case::steepest(|p: &mut MarketParams| p.curve.steepness = Uint128::MAX)]
#[case::no_price(|p: &mut MarketParams| p.curve.price_scale = cosmwasm_std::Decimal::zero())]
#[case::no_supply(|p: &mut MarketParams| p.curve.max_supply = Uint128::zero())]
#[case::supply_beyond_the_domain(|p: &mut MarketParams| p.curve.max_supply = Uint128::new(10u128.pow(18) + 1))]
#[case::largest_supply(|p: &mut MarketParams| p.curve.max_supply = Uint128::MAX)]
#[case::largest_midpoint(|p: &mut MarketParams| p.curve.midpoint = Uint128::MAX)]
#[case::initial_supply_is_all(|p: &mut MarketParams| p.initial_supply = p.curve.max_supply)]
fn a_curve_that_is_none_is_refused(#[case] change: fn(&mut MarketParams)) {
    let error = open(change).expect_err("opens");
    assert!(matches!(error, Failure::Market(_)), "{error:?}");
}

#[test]
fn a_linear_curve_must_start_above_zero() {
    // α·s₀ = 0.95 exactly, and one step beyond
    let with = |steepness: u128| {
        Suite::with_curve(CurveKind::Linear)
            .with_params(|p| p.curve.steepness = Uint128::new(steepness))
            .with_opening_funds(1 << 100)
            .try_build()
    };
    let limit = 95 * 10u128.pow(28) / (MAX_SUPPLY / 8);
    assert!(with(limit).is_ok());
    assert!(with(limit + 10u128.pow(6)).is_err());
}

#[test]
fn units_so_coarse_that_the_last_holder_could_not_leave_are_refused() {
    let error = open(|p| {
        p.curve.kind = CurveKind::Linear;
        p.curve.max_supply = Uint128::new(1_000);
        p.curve.midpoint = Uint128::new(14);
        p.curve.steepness = Uint128::new(64_000 * 10u128.pow(24));
        p.curve.price_scale = Decimal::from_ratio(10u128.pow(18), 1u128);
        p.initial_supply = Uint128::new(24);
        p.emission.tokens_per_epoch = Uint128::zero();
        p.limits.limit_bps = 500;
    })
    .unwrap_err()
    .market();
    assert!(matches!(error, ContractError::UnitsTooCoarse { limit_bps: 500, .. }), "{error:?}");
}
