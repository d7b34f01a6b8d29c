//! Random markets: every curve, every parameter anywhere in its bounds.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{
    AllocationParams, CurveKind, EmissionParams, FeeParams, FeeSplit, LimitParams, MarketParams,
    MetricWeights, MomentumParams, MultiplierParams, VestingParams,
};

use crate::random::Random;

const DAY: u128 = 86_400;

/// Draws of the types that parameters have.
struct Draw<'a>(&'a mut Random);

impl Draw<'_> {
    fn bps(&mut self, low: u128, high: u128) -> u32 {
        // The ends of a range are where mistakes are.
        let value = match self.0.below(6) {
            0 => low,
            1 => high,
            _ => self.0.between(low, high),
        };
        value as u32
    }

    fn secs(&mut self, low: u128, high: u128) -> u64 {
        match self.0.below(4) {
            0 => low as u64,
            1 => high as u64,
            _ => self.0.magnitude(high).max(low) as u64,
        }
    }
}

/// A market's economy; some are refused at opening, because their price is too low or too high.
pub(super) fn random(random: &mut Random) -> MarketParams {
    let kinds = [CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid];
    let kind = random.pick(&kinds);
    let scale = Decimal::new(Uint128::new(10u128.pow(random.between(16, 30) as u32)));
    let max_supply = Uint128::new(10u128.pow(random.between(9, 18) as u32));
    let mut params = MarketParams::recommended(kind, scale, max_supply);
    match random.below(10) {
        0..=2 => params,
        3 => params.fast(),
        _ => {
            let mut draw = Draw(random);
            params.multiplier = multiplier(&mut draw);
            params.fees = fees(&mut draw);
            params.allocation = allocation(&mut draw, params.multiplier.max_premium_bps);
            params.limits = LimitParams {
                limit_bps: draw.bps(500, 5_000),
                window_secs: draw.secs(10, 3_600),
                lockup_secs: draw.secs(10, 30 * DAY),
            };
            let buy_cap_bps = draw.bps(0, 500);
            params.momentum = MomentumParams {
                smoothing_bps: draw.bps(0, 10_000),
                window_secs: draw.secs(10, 6 * DAY),
                gain_bps: draw.bps(0, 10_000),
                buy_cap_bps,
                sell_cap_bps: draw.bps(0, u128::from(buy_cap_bps / 2)),
            };
            params.vesting = VestingParams {
                cliff_secs: draw.secs(10, 90 * DAY),
                duration_secs: draw.secs(10, 365 * DAY),
            };
            params.emission = EmissionParams {
                epoch_secs: draw.secs(10, 30 * DAY),
                tokens_per_epoch: Uint128::new(draw.0.between(0, max_supply.u128() / 1_000)),
            };
            params.stream_secs = draw.secs(10, 30 * DAY);
            if draw.0.chance(30) {
                let most = max_supply.u128() / 3;
                params.initial_supply = Uint128::new(draw.0.between(most / 100, most));
            }
            params
        }
    }
}

fn multiplier(draw: &mut Draw) -> MultiplierParams {
    let mut left = 100;
    let mut weight = || {
        let part = draw.0.between(0, left);
        left -= part;
        Decimal::percent(part as u64)
    };
    let weights = MetricWeights {
        accuracy: weight(),
        adoption: weight(),
        improvement: weight(),
        growth: weight(),
    };
    MultiplierParams {
        weights,
        threshold_bps: draw.bps(0, 1_000),
        rise_bps_per_hour: draw.bps(1, 36_000),
        fall_bps_per_hour: draw.bps(1, 36_000),
        rebound_bps_per_hour: draw.bps(1, 36_000),
        rebound_threshold_bps: draw.bps(0, 20_000),
        max_premium_bps: draw.bps(1, 2_500),
    }
}

fn fees(draw: &mut Draw) -> FeeParams {
    let fee_bps = draw.bps(30, 300);
    let reserve_bps = draw.bps(2_000, 10_000);
    let rewards_bps = draw.bps(0, u128::from(10_000 - reserve_bps));
    let provenance_bps = draw.bps(0, u128::from(10_000 - reserve_bps - rewards_bps));
    FeeParams {
        fee_bps,
        split: FeeSplit {
            rewards_bps,
            provenance_bps,
            treasury_bps: 10_000 - reserve_bps - rewards_bps - provenance_bps,
            reserve_bps,
        },
        launch_fee_bps: draw.bps(fee_bps.into(), 2_000),
        launch_secs: draw.secs(10, 7 * DAY),
    }
}

fn allocation(draw: &mut Draw, premium_bps: u32) -> AllocationParams {
    // reserve_bps·(1 + π) > 1
    let least = (100_000_000 / (10_000 + premium_bps) + 1).max(8_000);
    AllocationParams {
        reserve_bps: draw.bps(least.into(), 10_000),
        stakeholder_bps: draw.bps(0, 1_500),
        stakeholders: vec![],
        burn_bps: draw.bps(0, 200),
    }
}
