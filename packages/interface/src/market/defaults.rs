//! Recommended parameters, each with its reason, and the fast variant for a devnet.

use cosmwasm_std::{Decimal, Uint128, Uint256};

use super::{
    AllocationParams, CurveKind, CurveParams, EmissionParams, FeeParams, FeeSplit, LimitParams,
    MarketParams, MetricWeights, MomentumParams, MultiplierParams, VestingParams,
};

/// Base units of one whole token: tokens have 6 decimals.
pub const TOKEN: u128 = 1_000_000;
const DAY: u64 = 86_400;

impl MarketParams {
    /// The recommended market for a curve of `kind` that can issue `max_supply` base units and
    /// has price scale `price_scale`. No maximum supply is refused here; opening checks it.
    ///
    /// α·S_max = 6 and s₀ = S_max/2 (α·s₀ = 3): the price spans two orders of magnitude and the
    /// sigmoid shows both of its bends. A linear curve needs α·s₀ ≤ 0.95 for its price to start
    /// above zero, so there s₀ = S_max/8 and the price grows 153-fold.
    pub fn recommended(kind: CurveKind, price_scale: Decimal, max_supply: Uint128) -> Self {
        // steepness = (numerator/100)·10²⁴ per S_max whole tokens
        let (midpoint_divisor, numerator) = match kind {
            CurveKind::Linear => (8u128, 760u128),
            CurveKind::Exponential | CurveKind::Sigmoid => (2, 600),
        };
        let midpoint = max_supply / Uint128::new(midpoint_divisor);
        let steepness = Uint256::from(numerator) * Uint256::from(10u128.pow(28))
            / Uint256::from(max_supply.max(Uint128::one()));
        Self {
            curve: CurveParams {
                kind,
                price_scale,
                steepness: Uint128::try_from(steepness).unwrap_or(Uint128::MAX),
                midpoint,
                max_supply,
            },
            // Enough for a floor that no one can corner, little enough to be affordable.
            initial_supply: midpoint / Uint128::new(10),
            multiplier: MultiplierParams {
                weights: MetricWeights {
                    accuracy: Decimal::percent(30),
                    adoption: Decimal::percent(30),
                    improvement: Decimal::percent(10),
                    growth: Decimal::percent(10),
                },
                // Noise of a holdout of 10,000 rows is below 1 %.
                threshold_bps: 100,
                // Slower up than down: good news must last, bad news must not be front-run.
                rise_bps_per_hour: 10,
                fall_bps_per_hour: 50,
                rebound_bps_per_hour: 20,
                rebound_threshold_bps: 500,
                // With 95 % to the reserve, B climbs 9 % per doubling of the integral.
                max_premium_bps: 1_500,
            },
            fees: FeeParams {
                fee_bps: 100,
                split: FeeSplit {
                    rewards_bps: 4_000,
                    provenance_bps: 2_500,
                    treasury_bps: 1_500,
                    // A fifth streams back, so that washing trades always costs.
                    reserve_bps: 2_000,
                },
                // Snipers of the first blocks pay the holders.
                launch_fee_bps: 500,
                launch_secs: DAY,
            },
            allocation: AllocationParams {
                reserve_bps: 9_500,
                stakeholder_bps: 500,
                stakeholders: vec![],
                burn_bps: 0,
            },
            limits: LimitParams {
                limit_bps: 1_000,
                // Longer windows let a small holder freeze every exit.
                window_secs: 3_600,
                lockup_secs: 7 * DAY,
            },
            momentum: MomentumParams {
                smoothing_bps: 7_000,
                window_secs: DAY,
                gain_bps: 2_500,
                buy_cap_bps: 200,
                sell_cap_bps: 100,
            },
            vesting: VestingParams { cliff_secs: 90 * DAY, duration_secs: 365 * DAY },
            emission: EmissionParams {
                epoch_secs: DAY,
                // 0.05 % of the maximum supply per day.
                tokens_per_epoch: max_supply / Uint128::new(2_000),
            },
            // Revenue released within a week cannot be sandwiched with profit.
            stream_secs: 7 * DAY,
        }
    }

    /// The same economy with the shortest times and fastest rates that a market accepts, so
    /// that a demo shows in seconds what takes days.
    pub fn fast(mut self) -> Self {
        self.multiplier.rise_bps_per_hour = 36_000;
        self.multiplier.fall_bps_per_hour = 36_000;
        self.multiplier.rebound_bps_per_hour = 36_000;
        self.fees.launch_secs = 10;
        self.limits = LimitParams { limit_bps: 5_000, window_secs: 10, lockup_secs: 10 };
        self.momentum.window_secs = 10;
        self.vesting = VestingParams { cliff_secs: 10, duration_secs: 60 };
        self.emission.epoch_secs = 60;
        self.stream_secs = 60;
        self
    }
}
