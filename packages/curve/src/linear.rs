//! Linear: P = P0 (1 + x), in integers g = u (2 (10^30 - a u0) + a u), x = a (u - u0) / 10^30.
//!
//! Guarantee: everything is exact. I = P0 g / (2 * 10^36), P = P0 (10^30 - a u0 + a u) / 10^30.
//! Largest g: 10^18 * 66 * 10^30 < 2^166.

use crate::fixed::{product, U256};
use crate::params::CurveParams;
use crate::transcendental::TEN_POW_30;
use crate::wide::Wide;

/// (1 + x) * 10^30 at a supply; at supply 0 at least 0.05 * 10^30.
pub(crate) fn slope(params: &CurveParams, supply: u128) -> u128 {
    let grown = params.steepness.saturating_mul(supply);
    let lost = params.steepness.saturating_mul(params.midpoint);
    TEN_POW_30.saturating_add(grown).saturating_sub(lost)
}

/// u (2 (10^30 - a u0) + a u).
pub(crate) fn g(params: &CurveParams, supply: u128) -> U256 {
    let mean = slope(params, 0).saturating_add(slope(params, supply));
    U256::mul_u128(supply, mean)
}

/// The supply where g is `value`, to a few base units, at most S_max.
///
/// With b = 10^30 - a u0: u = T / (b + sqrt(b^2 + a T)), the form that cancels nothing. 64 bits of the
/// root are enough for 60 bits of supply.
pub(crate) fn supply_at_g(params: &CurveParams, value: U256) -> u128 {
    if value >= g(params, params.max_supply) {
        return params.max_supply;
    }
    let base = slope(params, 0);
    let [a0, a1, a2, a3, ..] = product(&value.0, &U256::from_u128(params.steepness).0);
    let square = U256::mul_u128(base, base).saturating_add(U256([a0, a1, a2, a3]));
    // An even number of bits leaves, so that half of it comes back after the root.
    let half = 128u32.saturating_sub(square.leading_zeros()).div_ceil(2);
    let root = square
        .shr(half.saturating_mul(2))
        .to_u128()
        .unwrap_or(u128::MAX)
        .isqrt()
        .wrapping_shl(half);
    Wide::from(value)
        .div_floor(&Wide::from(base.saturating_add(root)))
        .and_then(|supply| supply.to_u128())
        .unwrap_or(params.max_supply)
}

/// The supply where [`slope`] is `value`, rounded down, at least 0 and at most S_max.
pub(crate) fn supply_at_slope(params: &CurveParams, value: U256) -> u128 {
    value
        .to_u128()
        .and_then(|value| value.saturating_sub(slope(params, 0)).checked_div(params.steepness))
        .map_or(params.max_supply, |supply| supply.min(params.max_supply))
}
