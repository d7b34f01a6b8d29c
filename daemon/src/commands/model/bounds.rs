//! Where an economy leaves the recommended ranges. The market accepts more, so that a devnet runs
//! in seconds; whoever opens a market for others should know.

use cosmwasm_std::{Uint128, Uint256};
use modelbond_interface::market::{CurveKind, MarketParams};

use crate::decimal;
use crate::format;

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// One sentence for each number outside of its recommended range.
pub(super) fn departures(params: &MarketParams) -> Vec<String> {
    let mut found = Vec::new();
    let mut bps = |name: &str, value: u32, low: u32, high: u32| {
        if !(low..=high).contains(&value) {
            found.push(format!("{name} is {value} bps, recommended are {low} to {high}"));
        }
    };
    bps("fees.fee_bps", params.fees.fee_bps, 50, 200);
    bps("fees.launch_fee_bps", params.fees.launch_fee_bps, 300, 1_000);
    bps("allocation.reserve_bps", params.allocation.reserve_bps, 9_000, 10_000);
    bps("allocation.stakeholder_bps", params.allocation.stakeholder_bps, 0, 1_000);
    bps("allocation.burn_bps", params.allocation.burn_bps, 0, 100);
    bps("multiplier.max_premium_bps", params.multiplier.max_premium_bps, 1_000, 2_000);
    bps("multiplier.threshold_bps", params.multiplier.threshold_bps, 50, 500);
    bps("multiplier.rise_bps_per_hour", params.multiplier.rise_bps_per_hour, 1, 50);
    bps("multiplier.fall_bps_per_hour", params.multiplier.fall_bps_per_hour, 10, 200);
    bps("multiplier.rebound_bps_per_hour", params.multiplier.rebound_bps_per_hour, 1, 100);
    bps("limits.limit_bps", params.limits.limit_bps, 500, 2_000);
    bps("momentum.smoothing_bps", params.momentum.smoothing_bps, 5_000, 9_000);
    bps("momentum.gain_bps", params.momentum.gain_bps, 0, 5_000);

    let mut secs = |name: &str, value: u64, low: u64, high: u64| {
        if !(low..=high).contains(&value) {
            found.push(format!(
                "{name} is {}, recommended are {} to {}",
                format::span(value),
                format::span(low),
                format::span(high)
            ));
        }
    };
    secs("fees.launch_secs", params.fees.launch_secs, HOUR, 7 * DAY);
    secs("limits.window_secs", params.limits.window_secs, 600, HOUR);
    secs("limits.lockup_secs", params.limits.lockup_secs, DAY, 30 * DAY);
    secs("momentum.window_secs", params.momentum.window_secs, HOUR, 6 * DAY);
    secs("vesting.cliff_secs", params.vesting.cliff_secs, 30 * DAY, 730 * DAY);
    secs("vesting.duration_secs", params.vesting.duration_secs, 180 * DAY, 1_460 * DAY);
    secs("emission.epoch_secs", params.emission.epoch_secs, HOUR, 7 * DAY);
    secs("stream_secs", params.stream_secs, 3 * DAY, 30 * DAY);

    found.extend(curve_departures(params));
    found
}

fn curve_departures(params: &MarketParams) -> Vec<String> {
    let curve = &params.curve;
    let mut found = Vec::new();
    // α·tokens with three decimals: 10⁻²⁴ per token times 10⁻⁶ tokens.
    let exponent = |units: Uint128| -> Uint256 {
        curve.steepness.full_mul(units) / Uint256::from(10u128.pow(27))
    };
    let shown = |value: Uint256| decimal::format(value, 3);
    let whole = exponent(curve.max_supply);
    let (low, high) = match curve.kind {
        CurveKind::Linear => (1_000u32, 20_000u32),
        CurveKind::Exponential | CurveKind::Sigmoid => (4_000, 10_000),
    };
    if whole < Uint256::from(low) || whole > Uint256::from(high) {
        found.push(format!(
            "steepness × max_supply is {}, recommended are {} to {}",
            shown(whole),
            shown(low.into()),
            shown(high.into())
        ));
    }
    let middle = exponent(curve.midpoint);
    if curve.kind == CurveKind::Sigmoid && middle < Uint256::from(2_000u32) {
        found.push(format!(
            "steepness × midpoint is {}: below 2 the curve starts near its middle and has no toe",
            shown(middle)
        ));
    }
    let supply = params.initial_supply;
    let (least, most) = (curve.midpoint / Uint128::new(50), curve.midpoint / Uint128::new(4));
    if supply < least || supply > most {
        found.push(format!(
            "initial_supply is {}, recommended are 2 to 25 % of the midpoint",
            format::tokens(supply, "tokens")
        ));
    }
    let emission = params.emission.tokens_per_epoch;
    if emission > curve.max_supply / Uint128::new(1_000) {
        found.push("emission.tokens_per_epoch is above 0.1 % of the maximum supply".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Decimal;
    use rstest::rstest;

    use super::*;

    fn recommended(kind: CurveKind) -> MarketParams {
        MarketParams::recommended(kind, Decimal::one(), Uint128::new(10u128.pow(12)))
    }

    #[rstest]
    fn the_recommended_economy_is_within(
        #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    ) {
        assert_eq!(departures(&recommended(kind)), Vec::<String>::new());
    }

    #[test]
    fn the_fast_economy_is_not() {
        let found = departures(&recommended(CurveKind::Sigmoid).fast());
        assert!(found.iter().any(|text| text.starts_with("stream_secs is 1 min, ")), "{found:?}");
        assert!(
            found.iter().any(|text| text.contains("rise_bps_per_hour is 36000 bps")),
            "{found:?}"
        );
    }

    #[test]
    fn a_steep_curve_is_named_with_its_exponent() {
        let mut params = recommended(CurveKind::Sigmoid);
        params.curve.steepness *= Uint128::new(2);
        assert!(departures(&params)[0].starts_with("steepness × max_supply is 12, "));
    }
}
