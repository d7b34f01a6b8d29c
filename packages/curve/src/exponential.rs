//! Exponential: P = P0 e^x, g = e^(-alpha (S_max - s)), x = alpha (s - s0).
//!
//! Guarantee: g is P / P(S_max), in (0, 1], within 16 ulp = 2^-244 of the exact value and strictly
//! monotone in u: one base unit changes it by at least e^-64 / 10^30 > 2^-193. The factor
//! e^(alpha (S_max - s0)) between g and P / P0, from e^-64 to e^64, is within 2^-244 of itself. As g is
//! at most 1, that is less than the margin which every cost and payout leaves for g.

use crate::fixed::U256;
use crate::params::CurveParams;
use crate::transcendental::{
    exp_neg, exp_neg_parts, exp_parts, exponent, neg_ln, unexponent, Power,
};

/// e^(alpha (S_max - s0)): the growth from the midpoint to the maximum supply.
pub(crate) fn growth(params: &CurveParams) -> Power {
    let distance = params.max_supply.abs_diff(params.midpoint);
    let y = exponent(params.steepness.saturating_mul(distance));
    if params.max_supply < params.midpoint {
        exp_neg_parts(y)
    } else {
        exp_parts(y)
    }
}

/// e^(-alpha (S_max - s)).
pub(crate) fn g(params: &CurveParams, supply: u128) -> U256 {
    let distance = params.max_supply.saturating_sub(supply);
    exp_neg(exponent(params.steepness.saturating_mul(distance)))
}

/// The supply where g is `value`, about: S_max + ln(T) / alpha.
pub(crate) fn supply_at_g(params: &CurveParams, value: U256) -> u128 {
    if value >= U256::FIXED_ONE {
        return params.max_supply;
    }
    let distance = unexponent(neg_ln(value)).checked_div(params.steepness);
    params.max_supply.saturating_sub(distance.unwrap_or(0)).saturating_sub(1)
}
