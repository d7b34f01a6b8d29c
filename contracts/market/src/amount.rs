//! Checked arithmetic on amounts: every overflow is a typed error that names the operation.

use modelbond_curve::{proportion, Rounding};

use crate::ContractError;

/// Bps of 1.
pub(crate) const BPS: u64 = 10_000;
/// Parts per billion of 1.
pub(crate) const PPB: u64 = 1_000_000_000;
/// Multipliers and prices have 18 decimals.
pub(crate) const ONE: u64 = 1_000_000_000_000_000_000;
/// Nanoseconds in a second.
pub(crate) const NANOS: u64 = 1_000_000_000;

/// `a + b`.
pub(crate) fn add(a: u128, b: u128) -> Result<u128, ContractError> {
    a.checked_add(b).ok_or(ContractError::Overflow { operation: "add" })
}

/// `a − b`.
pub(crate) fn sub(a: u128, b: u128) -> Result<u128, ContractError> {
    a.checked_sub(b).ok_or(ContractError::Overflow { operation: "sub" })
}

/// `amount·numerator/denominator`, exact before rounding.
pub(crate) fn portion(
    amount: u128,
    numerator: impl Into<u128>,
    denominator: impl Into<u128>,
    rounding: Rounding,
) -> Result<u128, ContractError> {
    Ok(proportion(amount, numerator.into(), denominator.into(), rounding)?)
}

/// `amount` in bps, rounded up.
pub(crate) fn bps_up(amount: u128, bps: u32) -> Result<u128, ContractError> {
    portion(amount, bps, BPS, Rounding::Up)
}

/// `amount` in bps, rounded down.
pub(crate) fn bps_down(amount: u128, bps: u32) -> Result<u128, ContractError> {
    portion(amount, bps, BPS, Rounding::Down)
}

/// `amount` in parts per billion, rounded up.
pub(crate) fn ppb_up(amount: u128, ppb: u64) -> Result<u128, ContractError> {
    portion(amount, ppb, PPB, Rounding::Up)
}

/// Seconds as nanoseconds.
pub(crate) const fn nanos(secs: u64) -> u64 {
    secs.saturating_mul(NANOS)
}
