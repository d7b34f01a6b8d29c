//! Exponential: P = P0 e^x, g = e^(-alpha (S_max - s)), x = alpha (s - s0).
//!
//! Guarantee: g is P / P(S_max), in (0, 1], within 16 ulp = 2^-244 of the exact value and strictly
//! monotone in u: one base unit changes it by at least e^-64 / 10^30 > 2^-193. The factor
//! e^(alpha (S_max - s0)) between g and P / P0, from e^-64 to e^64, is enclosed by a lower and an
//! upper bound within 2^-243 of it, so that costs take the upper and payouts the lower.

use crate::fixed::U256;
use crate::params::CurveParams;
use crate::transcendental::{
    exp_neg, exp_neg_parts, exp_parts, exponent, neg_ln, unexponent, Power,
};

/// Bound of the error of a mantissa in [`Growth`], in ulp.
const MANTISSA_ERROR: U256 = U256([8, 0, 0, 0]);

/// e^(alpha (S_max - s0)), between low and high times 2^(doublings - halvings) / 2^248.
#[derive(Debug, Clone)]
pub(crate) struct Growth {
    pub(crate) low: U256,
    pub(crate) high: U256,
    pub(crate) doublings: u32,
    pub(crate) halvings: u32,
}

/// The growth from the midpoint to the maximum supply.
pub(crate) fn growth(params: &CurveParams) -> Growth {
    let distance = params.max_supply.abs_diff(params.midpoint);
    let y = exponent(params.steepness.saturating_mul(distance));
    let (Power { mantissa, halvings }, growing) = if params.max_supply < params.midpoint {
        (exp_neg_parts(y), false)
    } else {
        (exp_parts(y), true)
    };
    let (doublings, halvings) = if growing { (halvings, 0) } else { (0, halvings) };
    Growth {
        low: mantissa.saturating_sub(MANTISSA_ERROR),
        high: mantissa.saturating_add(MANTISSA_ERROR),
        doublings,
        halvings,
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
