//! Price momentum, the surcharge that damps it, and the launch fee (eq. 5).
//!
//! mu(t) = beta (P(t) - P(t-T)) / T, since beta (1/T) sum dP/dt telescopes. A trade that pushes on in
//! the direction of mu pays rate = min(cap, gain |mu| T / P); a trade against it, or before there is a
//! price from T ago, pays none. Both sides of a trade see the base price before it.
//!
//! Guarantee: mu T / P = beta (P - P_lag) / P is never divided by T, so the rate does not depend on
//! the window but through P_lag. Rates are parts per billion, rounded up, the reserve gains; mu is
//! rounded towards zero and only shown. Largest input: all of u128 and u64.

use crate::error::CurveError;
use crate::fixed::U256;
use crate::proportion::quotient;
use crate::rate::Rounding;
use crate::wide::Wide;

/// Parts per billion in a basis point.
const PPB_PER_BPS: u64 = 100_000;

/// Nanoseconds in an hour.
const HOUR: u64 = 3_600_000_000_000;

/// 1.0 in basis points.
const BPS: u128 = 10_000;

/// How strongly momentum is damped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MomentumParams {
    /// beta, the smoothing factor.
    pub smoothing_bps: u64,
    /// Surcharge per relative momentum.
    pub gain_bps: u64,
    /// Largest surcharge of a purchase.
    pub buy_cap_bps: u64,
    /// Largest surcharge of a sale.
    pub sell_cap_bps: u64,
    /// T in nanoseconds.
    pub window: u64,
}

/// Which way a trade pushes the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Up.
    Buy,
    /// Down.
    Sell,
}

/// Surcharge of a trade in parts per billion of its value, rounded up. `lagged` is the price T ago, in
/// the unit of `price`, or `None` while there is none.
#[must_use]
pub fn surcharge_ppb(
    params: &MomentumParams,
    price: u128,
    lagged: Option<u128>,
    side: Side,
) -> u64 {
    let Some(lagged) = lagged else { return 0 };
    let (moved, cap) = match side {
        Side::Buy => (price.checked_sub(lagged), params.buy_cap_bps),
        Side::Sell => (lagged.checked_sub(price), params.sell_cap_bps),
    };
    let Some(moved) = moved.filter(|moved| *moved > 0) else {
        return 0;
    };
    let cap = cap.saturating_mul(PPB_PER_BPS);
    // bps * bps is 10^-8, so ten of them are a part per billion.
    let rate = Wide::from(moved)
        .checked_mul(params.smoothing_bps)
        .and_then(|rate| rate.checked_mul(params.gain_bps))
        .and_then(|rate| rate.checked_mul(10u64))
        .and_then(|rate| rate.div_ceil(&Wide::from(price)))
        .and_then(|rate| u64::try_from(rate.to_u128()?).ok());
    rate.map_or(cap, |rate| rate.min(cap))
}

/// mu in units of `price` per hour, negative when the price fell; rounded towards zero.
///
/// # Errors
/// [`CurveError::Overflow`] beyond i128, or for a window of 0.
pub fn momentum(
    price: u128,
    lagged: u128,
    smoothing_bps: u64,
    window: u64,
) -> Result<i128, CurveError> {
    let overflow = CurveError::overflow("momentum");
    let size = U256::from_u128(price.abs_diff(lagged))
        .checked_mul_u64(smoothing_bps)
        .and_then(|size| size.checked_mul_u64(HOUR))
        .and_then(|size| quotient(size, u128::from(window).saturating_mul(BPS), Rounding::Down))
        .and_then(|size| i128::try_from(size).ok())
        .ok_or(overflow)?;
    Ok(if price < lagged { size.saturating_neg() } else { size })
}

/// Trade fee in parts per billion: from `launch_bps` at `opened_at` linearly to `fee_bps` after
/// `launch_nanos`, rounded up. Never below `fee_bps`.
#[must_use]
pub fn launch_fee_ppb(
    launch_bps: u64,
    fee_bps: u64,
    opened_at: u64,
    launch_nanos: u64,
    now: u64,
) -> u64 {
    let excess = launch_bps.saturating_sub(fee_bps).saturating_mul(PPB_PER_BPS);
    let left = launch_nanos.saturating_sub(now.saturating_sub(opened_at));
    let decayed =
        quotient(U256::mul_u128(excess.into(), left.into()), launch_nanos.into(), Rounding::Up);
    // Undefined for a launch of no time at all, which is over.
    let excess = decayed.and_then(|excess| u64::try_from(excess).ok());
    fee_bps.saturating_mul(PPB_PER_BPS).saturating_add(excess.unwrap_or(0))
}
