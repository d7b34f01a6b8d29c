//! value * numerator / denominator without intermediate overflow.
//!
//! Guarantee: exact, rounded once, in the stated direction. Largest input: all of u128.

use crate::error::CurveError;
use crate::fixed::U256;
use crate::rate::Rounding;
use crate::wide::Wide;

/// value * numerator / denominator.
///
/// # Errors
/// [`CurveError::Overflow`] for a result of 2^128 and more, or a denominator of 0.
pub fn proportion(
    value: u128,
    numerator: u128,
    denominator: u128,
    rounding: Rounding,
) -> Result<u128, CurveError> {
    let quotient = match (value.checked_mul(numerator), rounding) {
        (Some(product), Rounding::Down) => product.checked_div(denominator),
        (Some(product), Rounding::Up) if denominator > 0 => Some(product.div_ceil(denominator)),
        (Some(_), Rounding::Up) => None,
        (None, _) => quotient(U256::mul_u128(value, numerator), denominator, rounding),
    };
    quotient.ok_or(CurveError::overflow("proportion"))
}

/// value / denominator, if it is defined and below 2^128.
pub(crate) fn quotient(value: U256, denominator: u128, rounding: Rounding) -> Option<u128> {
    let (value, denominator) = (Wide::from(value), Wide::from(denominator));
    match rounding {
        Rounding::Down => value.div_floor(&denominator),
        Rounding::Up => value.div_ceil(&denominator),
    }?
    .to_u128()
}
