//! Sigmoid, eq. 3: P = P0 / (1 + e^-x), g = ln(1 + e^x), x = alpha (u - u0) / 10^30.
//!
//! Guarantee: g is within 16 ulp = 2^-244 of the exact value and strictly monotone in u: a step of
//! one base unit changes it by at least e^-64 / (2 * 10^30) > 2^-194. The same holds for P / P0.
//! Inverses are estimates; `curve` settles them against g itself.

use crate::fixed::U256;
use crate::params::CurveParams;
use crate::transcendental::{divide, exp_neg, exponent, neg_ln, softplus, unexponent};

/// |x| at a supply, and whether x is negative.
fn argument(params: &CurveParams, supply: u128) -> (U256, bool) {
    let distance = supply.abs_diff(params.midpoint);
    let n = params.steepness.saturating_mul(distance);
    (exponent(n), supply < params.midpoint)
}

/// The supply at x = positive - negative, to less than one base unit, at least 0.
fn supply_at(params: &CurveParams, positive: U256, negative: U256) -> u128 {
    let distance = |x| unexponent(x).checked_div(params.steepness).unwrap_or(0);
    match positive.checked_sub(negative) {
        Some(x) => params.midpoint.saturating_add(distance(x)),
        None => params
            .midpoint
            .saturating_sub(distance(negative.saturating_sub(positive)))
            .saturating_sub(1),
    }
}

/// ln(1 + e^x).
pub(crate) fn g(params: &CurveParams, supply: u128) -> U256 {
    let (x, negative) = argument(params, supply);
    softplus(x, negative)
}

/// The supply where g is `value`, about: x = T + ln(1 - e^-T).
pub(crate) fn supply_at_g(params: &CurveParams, value: U256) -> u128 {
    let complement = U256::FIXED_ONE.saturating_sub(exp_neg(value));
    supply_at(params, value, neg_ln(complement))
}

/// P / P0.
pub(crate) fn relative_price(params: &CurveParams, supply: u128) -> U256 {
    let (x, negative) = argument(params, supply);
    let power = exp_neg(x);
    let sum = U256::FIXED_ONE.saturating_add(power);
    divide(if negative { power } else { U256::FIXED_ONE }, sum)
}

/// The supply where P / P0 is `value`, about: x = ln(L / (1 - L)).
pub(crate) fn supply_at_relative_price(params: &CurveParams, value: U256) -> u128 {
    match U256::FIXED_ONE.checked_sub(value) {
        Some(rest) => supply_at(params, neg_ln(rest), neg_ln(value)),
        None => params.max_supply,
    }
}
