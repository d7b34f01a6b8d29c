//! e^-x and -ln w on Q8.248 fixed points.
//!
//! | function | method | error |
//! |---|---|---|
//! | [`exponent`] | n / 10^30 by a 256-bit reciprocal | 0 to 1.4 ulp too small |
//! | [`exp_neg`] | x = k ln 2 + j/32 + t, table and Taylor series in t < 1/32 | < 6 ulp for a given x |
//! | [`neg_ln`] | w = y / 2^s, y = c (1 + v)/(1 - v), table and atanh series | < 8 ulp for a given w |
//!
//! ulp = 2^-248. Every step is integer arithmetic on constants, so every machine gets the same bits.
//! Errors have either sign: whoever uses the results adds or subtracts epsilon = 64 ulp.
//! Largest input: x < 256, n < 2^107.
//!
//! Source: Muller, Elementary Functions, chapter 4 (table-based argument reduction).

use crate::fixed::{join, product, U256};
use crate::tables::{
    EXP_NEG_STEPS, INVERSE_FACTORIALS, LN_2, LN_STEPS, ODD_RECIPROCALS, RECIPROCAL_OF_10_POW_30,
};
use crate::wide::Wide;

/// floor(2^63 / ln 2), for the number of halvings.
const INVERSE_LN_2: u64 = 0xb8aa_3b29_5c17_f0bb;

/// What alpha times a distance is counted in: 10^-24 per token times 10^-6 token.
pub(crate) const TEN_POW_30: u128 = 10u128.pow(30);

/// n / 10^30: what alpha times a distance in base units is. `n` must be below 2^107.
pub(crate) fn exponent(n: u128) -> U256 {
    let [_, p1, p2, p3, p4, p5, _, _] = product(&U256::from_u128(n).0, &RECIPROCAL_OF_10_POW_30.0);
    U256([p1 >> 43 | p2 << 21, p2 >> 43 | p3 << 21, p3 >> 43 | p4 << 21, p4 >> 43 | p5 << 21])
}

/// x * 10^30 rounded down: the inverse of [`exponent`]. Below 2^108.
pub(crate) fn unexponent(x: U256) -> u128 {
    let [_, _, _, p3, p4, p5, _, _] = product(&x.0, &U256::from_u128(TEN_POW_30).0);
    join(p3 >> 56 | p4 << 8, p4 >> 56 | p5 << 8)
}

/// mantissa * 2^(doublings - halvings), with a mantissa in (1/2, 1] up to rounding.
#[derive(Debug, Clone)]
pub(crate) struct Power {
    pub(crate) mantissa: U256,
    pub(crate) doublings: u32,
    pub(crate) halvings: u32,
}

/// Multiples of ln 2 in x, rounded down; one less very near to a multiple.
fn whole_halvings(x: U256) -> u32 {
    let [.., top] = x.0;
    // Q8.56 * Q1.63 = Q9.119: the product's high limb is Q9.55.
    let (_, high) = top.carrying_mul(INVERSE_LN_2, 0);
    u32::try_from(high >> 55).unwrap_or(u32::MAX)
}

/// halvings * ln 2.
fn halvings_ln_2(halvings: u32) -> U256 {
    let [p0, p1, p2, p3, p4, ..] = product(&LN_2.0, &[u64::from(halvings), 0, 0, 0]);
    U256([p0 >> 8 | p1 << 56, p1 >> 8 | p2 << 56, p2 >> 8 | p3 << 56, p3 >> 8 | p4 << 56])
}

/// e^-r for r up to ln 2 and a little more.
fn exp_neg_reduced(r: U256) -> U256 {
    let [r0, r1, r2, r3] = r.0;
    let step = usize::try_from(r3 >> 51).unwrap_or(usize::MAX);
    let rest = U256([r0, r1, r2, r3 & ((1 << 51) - 1)]);
    let series = INVERSE_FACTORIALS
        .iter()
        .rev()
        .fold(U256::ZERO, |sum, term| term.saturating_sub(rest.mul_fixed(sum)));
    let factor = EXP_NEG_STEPS.get(step).copied().unwrap_or(U256::ZERO);
    factor.mul_fixed(series)
}

/// e^-x, its mantissa within 6 ulp.
pub(crate) fn exp_neg_parts(x: U256) -> Power {
    let halvings = whole_halvings(x);
    let mantissa = exp_neg_reduced(x.saturating_sub(halvings_ln_2(halvings)));
    Power { mantissa, doublings: 0, halvings }
}

/// e^x, its mantissa within 6 ulp.
pub(crate) fn exp_parts(x: U256) -> Power {
    let next = whole_halvings(x).saturating_add(1);
    let (doublings, rest) = match halvings_ln_2(next).checked_sub(x) {
        Some(rest) => (next, rest),
        // x is so near to `next` that the count was one short.
        None => {
            let next = next.saturating_add(1);
            (next, halvings_ln_2(next).saturating_sub(x))
        }
    };
    Power { mantissa: exp_neg_reduced(rest), doublings, halvings: 0 }
}

/// e^-x.
pub(crate) fn exp_neg(x: U256) -> U256 {
    let Power { mantissa, halvings, .. } = exp_neg_parts(x);
    mantissa.shr(halvings)
}

/// a / b for a <= b, rounded down; 0 for b = 0.
pub(crate) fn divide(a: U256, b: U256) -> U256 {
    Wide::from(a)
        .checked_shl(248)
        .and_then(|a| a.div_floor(&b.into()))
        .and_then(|quotient| quotient.to_u256())
        .unwrap_or_default()
}

/// ln y for y in [1, 2].
///
/// With c = 1 + i/32 <= y: ln y = ln c + 2 atanh((y - c)/(y + c)), and 2 atanh(v/2) =
/// v (1 + v^2/12 + v^4/80 + ...) where v < 1/32.
pub(crate) fn ln(y: U256) -> U256 {
    let fraction = y.saturating_sub(U256::FIXED_ONE);
    let [f0, f1, f2, f3] = fraction.0;
    let step = usize::try_from(f3 >> 51).unwrap_or(usize::MAX);
    let rest = U256([f0, f1, f2, f3 & ((1 << 51) - 1)]);
    // y + c = 2y - (y - c).
    let v = divide(rest.shl(1), y.shl(1).saturating_sub(rest));
    let square = v.mul_fixed(v).shr(2);
    let series = ODD_RECIPROCALS
        .iter()
        .rev()
        .fold(U256::ZERO, |sum, term| term.saturating_add(square.mul_fixed(sum)));
    LN_STEPS.get(step).copied().unwrap_or(U256::ZERO).saturating_add(v.mul_fixed(series))
}

/// -ln w for w in (0, 1]; of 0 it is that of the smallest number.
pub(crate) fn neg_ln(w: U256) -> U256 {
    // FIXED_ONE has seven zero bits in front.
    let shift = w.leading_zeros().saturating_sub(7).min(248);
    halvings_ln_2(shift).saturating_sub(ln(w.shl(shift)))
}

/// ln(1 + e^x): `x` is |x|, `negative` its sign. Error below 16 ulp.
pub(crate) fn softplus(x: U256, negative: bool) -> U256 {
    let tail = ln(U256::FIXED_ONE.saturating_add(exp_neg(x)));
    if negative {
        tail
    } else {
        x.saturating_add(tail)
    }
}
