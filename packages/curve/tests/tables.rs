//! The constants of `src/tables.rs`, computed again in 1,024-bit integers with 600 fractional bits.
#![allow(missing_docs)]

use modelbond_curve::{Wide, U256};

#[path = "../src/tables.rs"]
mod tables;

const BITS: u32 = 600;

fn one() -> Wide {
    Wide::ONE.checked_shl(BITS).unwrap()
}

fn small(number: u64) -> Wide {
    Wide::from(u128::from(number))
}

fn scaled(value: Wide, numerator: u64, denominator: u64) -> Wide {
    value.checked_mul(numerator).unwrap().div_floor(&small(denominator)).unwrap()
}

fn distance(a: &Wide, b: &Wide) -> Wide {
    a.checked_sub(b).or_else(|| b.checked_sub(a)).unwrap()
}

/// |constant / 2^fraction - exact| <= 2^-(bits), with 2^-500 for the errors of `exact`.
fn assert_near(name: &str, constant: U256, fraction: u32, exact: &Wide, bits: u32) {
    let constant = Wide::from(constant).checked_shl(BITS - fraction).unwrap();
    let most = Wide::ONE.checked_shl(BITS - bits).unwrap();
    let most = most.checked_add(&Wide::ONE.checked_shl(100).unwrap()).unwrap();
    assert!(distance(&constant, exact) <= most, "{name} is wrong");
}

/// e^(-j/32), alternating Taylor series.
fn exp_neg(j: u64) -> Wide {
    let (mut positive, mut negative, mut term) = (one(), Wide::from(0u128), one());
    for n in 1..200 {
        term = scaled(term, j, 32 * n);
        let sum = if n % 2 == 0 { &mut positive } else { &mut negative };
        *sum = sum.checked_add(&term).unwrap();
    }
    positive.checked_sub(&negative).unwrap()
}

/// ln(1 + i/32) = 2 atanh(i / (64 + i)).
fn ln(i: u64) -> Wide {
    let mut power = scaled(one(), 2 * i, 64 + i);
    let mut sum = Wide::from(0u128);
    for n in 0..200 {
        sum = sum.checked_add(&scaled(power, 1, 2 * n + 1)).unwrap();
        power = scaled(power, i * i, (64 + i) * (64 + i));
    }
    sum
}

#[test]
fn exponential_steps_are_rounded_to_nearest() {
    for (j, step) in (0..).zip(tables::EXP_NEG_STEPS) {
        assert_near(&format!("e^(-{j}/32)"), step, 248, &exp_neg(j), 249);
    }
}

#[test]
fn logarithm_steps_are_rounded_to_nearest() {
    for (i, step) in (0..).zip(tables::LN_STEPS) {
        assert_near(&format!("ln(1 + {i}/32)"), step, 248, &ln(i), 249);
    }
}

#[test]
fn series_coefficients_are_rounded_to_nearest() {
    let mut factorial = one();
    for (n, coefficient) in (0..).zip(tables::INVERSE_FACTORIALS) {
        factorial = scaled(factorial, 1, n.max(1));
        assert_near(&format!("1/{n}!"), coefficient, 248, &factorial, 249);
    }
    for (n, coefficient) in (0..).zip(tables::ODD_RECIPROCALS) {
        let exact = scaled(one(), 1, 2 * n + 1);
        assert_near(&format!("1/(2 * {n} + 1)"), coefficient, 248, &exact, 249);
    }
}

#[test]
fn ln_2_is_rounded_down() {
    let exact = ln(32);
    assert_near("ln 2", tables::LN_2, 256, &exact, 256);
    assert!(Wide::from(tables::LN_2).checked_shl(BITS - 256).unwrap() <= exact);
}

#[test]
fn reciprocal_of_10_pow_30_is_rounded_down() {
    let exact = Wide::ONE.checked_shl(355).unwrap().div_floor(&Wide::from(10u128.pow(30)));
    assert_eq!(exact.unwrap().to_u256(), Some(tables::RECIPROCAL_OF_10_POW_30));
}
