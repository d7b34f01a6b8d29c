//! eˣ and ln x from + − × ÷ alone, the same bits on every machine.
//!
//! Both reduce the argument, then sum a series whose remainder is far below half a unit in the last
//! place (2⁻⁵³ ≈ 1.1·10⁻¹⁶ of the result), so that what is left is the rounding of a few operations:
//!
//! | | reduction | series | remainder | bound, relative |
//! |---|---|---|---|---|
//! | [`exp`] | x = k·ln 2 + r, \|r\| ≤ 0.3466, ln 2 in two parts | Taylor to r¹³ | r¹⁴/14! < 5·10⁻¹⁸ | [`EXP_ERROR`] |
//! | [`ln`] | x = 2ᵉ·m, √½ < m ≤ √2, s = (m−1)/(m+1) | 2s·Σ s²ⁿ/(2n+1) to n = 10 | s²² / 23 < 10⁻¹⁸ | [`LN_ERROR`] |
//!
//! k·(upper part of ln 2) is exact, because that part has 21 zero bits and \|k\| < 2¹¹; the lower part
//! and the subtraction cost an absolute 2⁻⁵⁴ or so, Horner's rule one rounding of terms that shrink by
//! a factor of three or more. In `ln`, m − 1 is exact, and the worst cancellation, e = −1 with m near
//! √2, doubles the relative error.

/// What [`exp`] may be wrong by, relative to the result: 4 units in the last place.
pub const EXP_ERROR: f64 = 4.0 * f64::EPSILON;
/// What [`ln`] may be wrong by, relative to the result: 4 units in the last place.
pub const LN_ERROR: f64 = 4.0 * f64::EPSILON;

/// Below this [`exp`] is 0.
pub const EXP_LOWEST: f64 = -708.0;
/// Above this [`exp`] is infinite.
pub const EXP_HIGHEST: f64 = 709.0;

const LOG2_E: f64 = std::f64::consts::LOG2_E;
// ln 2 cut after 32 bits, and the rest: the constants of fdlibm.
const LN_2_UPPER: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOWER: f64 = 1.908_214_929_270_587_7e-10;

/// 1/13! to 1/2!, 1, 1: highest power first, as Horner's rule wants them.
const INVERSE_FACTORIALS: [f64; 14] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
    1.0,
    1.0,
];

/// 1/21 to 1/3, 1.
const INVERSE_ODDS: [f64; 11] = [
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 3.0,
    1.0,
];

/// eˣ: 0 below [`EXP_LOWEST`], infinite above [`EXP_HIGHEST`], NaN of NaN.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    if x < EXP_LOWEST {
        return 0.0;
    }
    if x > EXP_HIGHEST {
        return f64::INFINITY;
    }
    let scaled = x * LOG2_E;
    let k = (if scaled < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i64;
    let r = (x - k as f64 * LN_2_UPPER) - k as f64 * LN_2_LOWER;
    horner(&INVERSE_FACTORIALS, r) * power_of_two(k)
}

/// ln x: −∞ of 0, NaN of NaN and below 0.
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x == f64::INFINITY {
        return x;
    }
    // What is below the normal numbers is brought among them first.
    let (x, lifted) = if x < f64::MIN_POSITIVE { (x * power_of_two(64), 64.0) } else { (x, 0.0) };
    let mut exponent = f64::from((x.to_bits() >> 52) as u32) - 1023.0 - lifted;
    let mut mantissa = f64::from_bits(x.to_bits() & ((1 << 52) - 1) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let series = 2.0 * s * horner(&INVERSE_ODDS, s * s);
    exponent * LN_2_UPPER + (series + exponent * LN_2_LOWER)
}

fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// 2ᵏ for −1022 ≤ k ≤ 1023, by writing the exponent.
fn power_of_two(k: i64) -> f64 {
    f64::from_bits((k.wrapping_add(1023) as u64) << 52)
}
