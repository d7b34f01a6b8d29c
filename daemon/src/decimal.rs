//! Decimal numbers of the command line as exact integers.
//!
//! `parse(text, places)` returns the number times 10^places. It is exact or it is an error: more
//! digits than `places` allows are refused, never rounded away. Trailing zeros after the decimal
//! point do not count as digits. Scientific notation (`3e-6`, `1.5E4`) means the same number.

use cosmwasm_std::{Uint128, Uint256};
use thiserror::Error;

/// Decimals of a token amount.
pub const TOKEN_PLACES: u32 = 6;
/// Decimals of a price and of a multiplier.
pub const PRICE_PLACES: u32 = 18;
/// Decimals of a steepness.
pub const STEEPNESS_PLACES: u32 = 24;
/// Significant digits that are read at all; 2^256 has 78.
const MAX_DIGITS: usize = 100;
/// Largest exponent that is read; anything beyond is out of range anyway.
const MAX_EXPONENT: i64 = 1_000;

/// Why a text is not a number that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecimalError {
    /// Not a number at all.
    #[error("not a decimal number (digits, at most one point, and an exponent like e-6 are read)")]
    NotANumber,
    /// Below zero.
    #[error("must not be negative")]
    Negative,
    /// Finer than the unit.
    #[error("has {given} decimals, at most {places} can be represented")]
    TooManyDecimals {
        /// Decimals the number needs.
        given: i64,
        /// Decimals there are.
        places: u32,
    },
    /// Above the largest number.
    #[error("is too large, the largest is {limit}")]
    TooLarge {
        /// The largest number that can be represented.
        limit: String,
    },
}

/// Reads `text` as an integer count of 10^-`places`.
pub fn parse(text: &str, places: u32) -> Result<Uint256, DecimalError> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('-') {
        // "-x" is not a number, "-1" is a negative one.
        return Err(parse(rest, places).err().filter(|e| *e == DecimalError::NotANumber))
            .map_err(|other| other.unwrap_or(DecimalError::Negative));
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    // value = digits · 10^(exponent − fraction length); strip zeros that only shift the point.
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() - significant.len();
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(Uint256::zero());
    }
    let point = exponent + length(zeros) - length(fraction.len());
    let shift = point + i64::from(places);
    if shift < 0 {
        return Err(DecimalError::TooManyDecimals { given: -point, places });
    }
    let too_large = || DecimalError::TooLarge { limit: format(Uint256::MAX, places) };
    let padding = usize::try_from(shift).map_err(|_| too_large())?;
    if significant.len() + padding > MAX_DIGITS {
        return Err(too_large());
    }
    format!("{significant}{}", "0".repeat(padding)).parse().map_err(|_| too_large())
}

/// Reads `text` as an integer count of 10^-`places` that fits 128 bits.
pub fn parse_u128(text: &str, places: u32) -> Result<Uint128, DecimalError> {
    let limit = || DecimalError::TooLarge { limit: format(Uint128::MAX, places) };
    let value = match parse(text, places) {
        Err(DecimalError::TooLarge { .. }) => return Err(limit()),
        other => other?,
    };
    Uint128::try_from(value).map_err(|_| limit())
}

fn parse_exponent(text: &str) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    let exponent = text.parse::<i64>().unwrap_or(if text.starts_with('-') {
        -MAX_EXPONENT
    } else {
        MAX_EXPONENT
    });
    Ok(exponent.clamp(-MAX_EXPONENT, MAX_EXPONENT))
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}

/// Writes an integer count of 10^-`places` without trailing zeros.
pub fn format(value: impl Into<Uint256>, places: u32) -> String {
    let text = format_full(value, places);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Writes an integer count of 10^-`places` with all its decimals.
pub fn format_full(value: impl Into<Uint256>, places: u32) -> String {
    let places = usize::try_from(places).unwrap_or(0);
    let digits = format!("{:0>width$}", value.into().to_string(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::integer("12", 6, "12000000")]
    #[case::zero("0", 18, "0")]
    #[case::zero_with_exponent("0.000e-400", 6, "0")]
    #[case::point("12.5", 6, "12500000")]
    #[case::no_whole_part(".5", 6, "500000")]
    #[case::no_fraction("5.", 6, "5000000")]
    #[case::all_places("0.000001", 6, "1")]
    #[case::trailing_zeros_do_not_count("1.1000000000", 6, "1100000")]
    #[case::scientific("3e-6", 24, "3000000000000000000")]
    #[case::scientific_with_point("1.25E-2", 6, "12500")]
    #[case::positive_exponent("1.5e+3", 6, "1500000000")]
    #[case::exponent_moves_many_decimals("0.000000000012e6", 6, "12")]
    #[case::zeros_and_exponent("1200e-8", 6, "12")]
    #[case::leading_zeros("000012", 0, "12")]
    #[case::whole_only(
        "340282366920938463463374607431768211456",
        0,
        "340282366920938463463374607431768211456"
    )]
    fn reads_exactly(#[case] text: &str, #[case] places: u32, #[case] expected: &str) {
        assert_eq!(parse(text, places).unwrap().to_string(), expected);
    }

    #[rstest]
    #[case::seventh_decimal("0.0000001", 6, DecimalError::TooManyDecimals { given: 7, places: 6 })]
    #[case::by_exponent("1e-7", 6, DecimalError::TooManyDecimals { given: 7, places: 6 })]
    #[case::half_a_base_unit("0.5", 0, DecimalError::TooManyDecimals { given: 1, places: 0 })]
    #[case::tiny("1e-99999999999999999999", 24, DecimalError::TooManyDecimals { given: 1_000, places: 24 })]
    #[case::negative("-1", 6, DecimalError::Negative)]
    #[case::negative_nonsense("-x", 6, DecimalError::NotANumber)]
    #[case::empty("", 6, DecimalError::NotANumber)]
    #[case::point_only(".", 6, DecimalError::NotANumber)]
    #[case::two_points("1.2.3", 6, DecimalError::NotANumber)]
    #[case::letters("12a", 6, DecimalError::NotANumber)]
    #[case::thousands("1,000", 6, DecimalError::NotANumber)]
    #[case::underscore("1_000", 6, DecimalError::NotANumber)]
    #[case::exponent_missing("1e", 6, DecimalError::NotANumber)]
    #[case::exponent_with_point("1e2.5", 6, DecimalError::NotANumber)]
    #[case::plus_sign("+1", 6, DecimalError::NotANumber)]
    #[case::nan("NaN", 6, DecimalError::NotANumber)]
    fn refuses(#[case] text: &str, #[case] places: u32, #[case] expected: DecimalError) {
        assert_eq!(parse(text, places), Err(expected));
    }

    #[test]
    fn too_large_names_the_largest() {
        let limit =
            "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        let error = DecimalError::TooLarge { limit: limit.to_owned() };
        assert_eq!(parse(limit, 0).unwrap(), Uint256::MAX);
        let above =
            "115792089237316195423570985008687907853269984665640564039457584007913129639936";
        assert_eq!(parse(above, 0), Err(error.clone()));
        assert_eq!(parse("1e99999999999999999999", 0), Err(error));
        assert_eq!(parse_u128("340282366920938463463374607431768211455", 0), Ok(Uint128::MAX));
        let error =
            DecimalError::TooLarge { limit: "340282366920938463463374607431768.211455".into() };
        assert_eq!(parse_u128("340282366920938463463374607431768.211456", 6), Err(error.clone()));
        assert_eq!(parse_u128("1e300", 6), Err(error));
    }

    #[rstest]
    #[case("12500000", 6, "12.5", "12.500000")]
    #[case("1", 6, "0.000001", "0.000001")]
    #[case("0", 18, "0", "0.000000000000000000")]
    #[case("42", 0, "42", "42")]
    #[case("1000000", 6, "1", "1.000000")]
    #[case("100", 0, "100", "100")]
    fn writes(#[case] value: &str, #[case] places: u32, #[case] short: &str, #[case] full: &str) {
        let value: Uint256 = value.parse().unwrap();
        assert_eq!(format(value, places), short);
        assert_eq!(format_full(value, places), full);
    }
}
