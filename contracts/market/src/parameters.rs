//! The fields of a market's parameters, listed once for all that goes through them one by one.

/// Applies a macro to the parameters' structs.
macro_rules! parameters {
    ($macro:ident) => {
        use modelbond_interface::market::{
            AllocationParams, Beneficiary, CurveParams, EmissionParams, FeeParams, FeeSplit,
            LimitParams, MarketParams, MetricWeights, MomentumParams, MultiplierParams,
            VestingParams,
        };

        $macro! {
            MarketParams {
                curve, initial_supply, multiplier, fees, allocation, limits, momentum, vesting,
                emission, stream_secs
            }
            CurveParams { kind, price_scale, steepness, midpoint, max_supply }
            MultiplierParams {
                weights, threshold_bps, rise_bps_per_hour, fall_bps_per_hour, rebound_bps_per_hour,
                rebound_threshold_bps, max_premium_bps
            }
            MetricWeights { accuracy, adoption, improvement, growth }
            FeeParams { fee_bps, split, launch_fee_bps, launch_secs }
            FeeSplit { rewards_bps, provenance_bps, treasury_bps, reserve_bps }
            AllocationParams { reserve_bps, stakeholder_bps, stakeholders, burn_bps }
            Beneficiary { address, bps }
            LimitParams { limit_bps, window_secs, lockup_secs }
            MomentumParams { smoothing_bps, window_secs, gain_bps, buy_cap_bps, sell_cap_bps }
            VestingParams { cliff_secs, duration_secs }
            EmissionParams { epoch_secs, tokens_per_epoch }
        }
    };
}
pub(crate) use parameters;
