//! Time-weighted average prices from a cumulative sum of price times nanoseconds.
//!
//! Guarantee: an average of two sums lies between the smallest and the largest price that went into
//! them; sums between two observations are interpolated as if one price had held. Rounding: down.
//! Largest input: any u128 price for all of u64 nanoseconds, a sum below 2^192.

use crate::error::CurveError;
use crate::fixed::U256;
use crate::proportion::quotient;
use crate::rate::Rounding;
use crate::wide::Wide;

/// The sum at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observation {
    /// In nanoseconds.
    pub at: u64,
    /// Price times nanoseconds until then.
    pub cumulative: U256,
}

/// The sum after `price` held for `elapsed` nanoseconds.
///
/// # Errors
/// [`CurveError::Overflow`] above 2^256.
pub fn advance(cumulative: U256, price: u128, elapsed: u64) -> Result<U256, CurveError> {
    cumulative
        .checked_add(U256::mul_u128(price, elapsed.into()))
        .ok_or(CurveError::overflow("cumulative price"))
}

/// The average price between two sums `elapsed` nanoseconds apart.
///
/// # Errors
/// [`CurveError::Overflow`] if no time passed, or the sums are not in order.
pub fn average(start: U256, end: U256, elapsed: u64) -> Result<u128, CurveError> {
    end.checked_sub(start)
        .and_then(|sum| quotient(sum, elapsed.into(), Rounding::Down))
        .ok_or(CurveError::overflow("average price"))
}

/// The sum at a time between two observations; outside of them, that of the nearer one.
///
/// # Errors
/// [`CurveError::Overflow`] if the sums are not in order.
pub fn interpolate(before: &Observation, after: &Observation, at: u64) -> Result<U256, CurveError> {
    if at >= after.at {
        return Ok(after.cumulative);
    }
    let elapsed = at.saturating_sub(before.at);
    let whole = u128::from(after.at.saturating_sub(before.at));
    after
        .cumulative
        .checked_sub(before.cumulative)
        .and_then(|sum| Wide::from(sum).checked_mul(elapsed))
        .and_then(|sum| sum.div_floor(&Wide::from(whole)))
        .and_then(|sum| before.cumulative.checked_add(sum.to_u256()?))
        .ok_or(CurveError::overflow("cumulative price"))
}
