//! eˣ and ln x against the platform's mathematics, and their bits.
#![allow(clippy::disallowed_methods)]

use modelbond_learn::elementary::{exp, ln, EXP_ERROR, EXP_HIGHEST, EXP_LOWEST, LN_ERROR};
use proptest::prelude::*;
use rstest::rstest;
use sha2::{Digest, Sha256};

fn relative_error(found: f64, expected: f64) -> f64 {
    if found == expected {
        0.0
    } else {
        ((found - expected) / expected).abs()
    }
}

/// Arguments of eˣ: a fine grid over all, and what is close to 0 and to the changes of k.
fn exponents() -> impl Iterator<Item = f64> {
    let grid = (0..=1_417_000).map(|step| EXP_LOWEST + f64::from(step) / 1_000.0);
    let small = (0..2_000).flat_map(|step| {
        let x = f64::from(2_f32.powi(-(step % 60))) * (1.0 + f64::from(step) / 2_000.0);
        [x, -x]
    });
    let edges = (-1_020..1_020).flat_map(|k| {
        let x = (f64::from(k) + 0.5) * std::f64::consts::LN_2;
        [x.next_down(), x, x.next_up()]
    });
    grid.chain(small).chain(edges)
}

/// Arguments of ln x: every exponent, and what is close to 1 and to √2.
fn positives() -> impl Iterator<Item = f64> {
    let all = (-1_074..1_024).flat_map(|exponent| {
        (0..200).map(move |step| 2_f64.powi(exponent) * (1.0 + f64::from(step) / 200.0))
    });
    let near_one = (1..60).flat_map(|power| {
        let small = 2_f64.powi(-power);
        [1.0 + small, 1.0 - small]
    });
    let near_edges = [2.0, 1.0, 0.5]
        .map(|factor| std::f64::consts::SQRT_2 * factor)
        .into_iter()
        .flat_map(|x| [x.next_down(), x, x.next_up()]);
    let grid = (1..1_000_000).map(|step| f64::from(step) / 250_000.0);
    all.chain(near_one).chain(near_edges).chain(grid)
}

#[test]
fn exp_is_within_its_bound() {
    let worst = exponents()
        .filter(|x| (EXP_LOWEST..=EXP_HIGHEST).contains(x))
        .map(|x| (relative_error(exp(x), x.exp()), x))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap();
    eprintln!("exp: at most {:.2} units of 2^-52 at {}", worst.0 / f64::EPSILON, worst.1);
    assert!(worst.0 <= EXP_ERROR, "{worst:?}");
}

#[test]
fn ln_is_within_its_bound() {
    let worst = positives()
        .map(|x| (relative_error(ln(x), x.ln()), x))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap();
    eprintln!("ln: at most {:.2} units of 2^-52 at {}", worst.0 / f64::EPSILON, worst.1);
    assert!(worst.0 <= LN_ERROR, "{worst:?}");
}

#[rstest]
#[case::zero(0.0, 1.0)]
#[case::below_the_lowest(-708.000_001, 0.0)]
#[case::above_the_highest(709.000_001, f64::INFINITY)]
#[case::minus_infinity(f64::NEG_INFINITY, 0.0)]
#[case::infinity(f64::INFINITY, f64::INFINITY)]
fn exp_of_marked_points(#[case] x: f64, #[case] expected: f64) {
    assert_eq!(exp(x), expected);
}

#[rstest]
#[case::one(1.0, 0.0)]
#[case::zero(0.0, f64::NEG_INFINITY)]
#[case::minus_zero(-0.0, f64::NEG_INFINITY)]
#[case::infinity(f64::INFINITY, f64::INFINITY)]
#[case::two(2.0, std::f64::consts::LN_2)]
fn ln_of_marked_points(#[case] x: f64, #[case] expected: f64) {
    assert_eq!(ln(x), expected);
}

#[test]
fn what_is_no_number_has_no_result() {
    assert!(exp(f64::NAN).is_nan());
    assert!(ln(f64::NAN).is_nan());
    assert!(ln(-1.0).is_nan());
    assert!(ln(f64::NEG_INFINITY).is_nan());
}

/// The arguments come from integers by one division each, so they are the same everywhere too.
#[test]
fn the_bits_are_the_same_on_every_machine() {
    let mut hasher = Sha256::new();
    for step in -700_000..=700_000 {
        hasher.update(exp(f64::from(step) / 1_000.0).to_bits().to_le_bytes());
    }
    for step in 1..=1_000_000 {
        hasher.update(ln(f64::from(step) / 1_000.0).to_bits().to_le_bytes());
    }
    assert_eq!(
        hex::encode(hasher.finalize()),
        "b536f9215fe669857ba2053176d0e3c40206f0c0fe0eb354bface44a8404de96"
    );
}

proptest! {
    #[test]
    fn any_bits_are_taken(bits: u64) {
        let x = f64::from_bits(bits);
        let (power, logarithm) = (exp(x), ln(x));
        prop_assert!(power.is_nan() == x.is_nan());
        prop_assert!(power.is_nan() || power >= 0.0);
        prop_assert!(logarithm.is_nan() == (x.is_nan() || x < 0.0));
    }
}
