//! U256 and Wide against u128, and against each other.
#![allow(missing_docs)]

use modelbond_curve::{proportion, Rounding, Wide, U256};
use proptest::prelude::*;
use rstest::rstest;

/// Limbs near the ends are where carries and quotient digits go wrong.
fn limb() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        Just(0),
        Just(u64::MAX),
        Just(1),
        Just(1 << 63),
        (0..64u32).prop_map(|bits| u64::MAX >> bits)
    ]
}

fn number() -> impl Strategy<Value = U256> {
    [limb(), limb(), limb(), limb()].prop_map(U256)
}

fn wide_sum(product: &Wide, remainder: &Wide) -> Wide {
    product.checked_add(remainder).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn division_inverts_multiplication(a in number(), b in number(), c in number(), r in number()) {
        // (a c + r) / a with r < a is c; Knuth's D meets its rare corrections on limbs of ones.
        prop_assume!(!a.is_zero());
        let divisor = Wide::from(a).checked_mul(b).filter(|wide| !wide.is_zero()).unwrap_or(Wide::from(a));
        let remainder = if Wide::from(r) < divisor { Wide::from(r) } else { Wide::from(0u128) };
        let dividend = wide_sum(&divisor.checked_mul(c).unwrap(), &remainder);
        prop_assert_eq!(dividend.div_floor(&divisor).unwrap().to_u256(), Some(c));
        let up = dividend.div_ceil(&divisor).unwrap();
        let expected = if remainder.is_zero() { Wide::from(c) } else { wide_sum(&Wide::from(c), &Wide::ONE) };
        prop_assert_eq!(up, expected);
    }

    #[test]
    fn any_quotient_is_the_largest_that_fits(a in number(), b in number(), c in number(), shift in 0u32..256) {
        let dividend = Wide::from(a).checked_mul(b).unwrap().checked_shl(shift).unwrap();
        let divisor = Wide::from(c);
        let Some(quotient) = dividend.div_floor(&divisor) else {
            prop_assert!(c.is_zero());
            return Ok(());
        };
        let product = quotient.checked_mul(c).unwrap();
        prop_assert!(product <= dividend);
        prop_assert!(wide_sum(&product, &divisor) > dividend);
    }

    #[test]
    fn small_numbers_are_those_of_u128(a in any::<u128>(), b in any::<u128>(), c in 1..=u128::MAX) {
        let (x, y) = (U256::from_u128(a), U256::from_u128(b));
        prop_assert_eq!(x.checked_add(y).and_then(U256::to_u128), a.checked_add(b));
        prop_assert_eq!(x.checked_sub(y).and_then(U256::to_u128), a.checked_sub(b));
        prop_assert_eq!(x.abs_diff(y), U256::from_u128(a.abs_diff(b)));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x.to_string(), a.to_string());
        prop_assert_eq!(Wide::from(a).div_floor(&Wide::from(c)).unwrap().to_u128(), Some(a / c));
        prop_assert_eq!(U256::mul_u128(a >> 64, b >> 64).to_u128(), Some((a >> 64) * (b >> 64)));
        prop_assert_eq!(Wide::from(U256::mul_u128(a, b)), Wide::from(a).checked_mul(b).unwrap());
        prop_assert_eq!(proportion(a, c, c, Rounding::Up).ok(), Some(a));
    }

    #[test]
    fn sums_products_and_bytes_come_back(a in number(), b in number(), factor in limb()) {
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
            prop_assert!(sum >= a);
        } else {
            prop_assert!(a.saturating_add(b) == U256::MAX);
        }
        let product = Wide::from(a).checked_mul(factor).unwrap();
        prop_assert_eq!(a.checked_mul_u64(factor), product.to_u256());
        prop_assert_eq!(U256::from_be_bytes(a.to_be_bytes()), a);
    }

    #[test]
    fn proportions_are_those_of_wide(a in any::<u128>(), b in any::<u128>(), c in any::<u128>()) {
        let product = Wide::from(a).checked_mul(b).unwrap();
        let expected = |quotient: Option<Wide>| quotient.and_then(|quotient| quotient.to_u128());
        prop_assert_eq!(proportion(a, b, c, Rounding::Down).ok(), expected(product.div_floor(&Wide::from(c))));
        prop_assert_eq!(proportion(a, b, c, Rounding::Up).ok(), expected(product.div_ceil(&Wide::from(c))));
    }
}

#[rstest]
#[case::zero(U256::ZERO, "0")]
#[case::a_chunk_of_zeros(U256::from_u128(10u128.pow(19)), "10000000000000000000")]
#[case::one_in_q8_248(
    U256::FIXED_ONE,
    "452312848583266388373324160190187140051835877600158453279131187530910662656"
)]
#[case::largest(
    U256::MAX,
    "115792089237316195423570985008687907853269984665640564039457584007913129639935"
)]
fn numbers_are_shown_in_decimal(#[case] number: U256, #[case] text: &str) {
    assert_eq!(number.to_string(), text);
}

#[test]
fn what_does_not_fit_is_none() {
    let top = Wide::ONE.checked_shl(1023).unwrap();
    assert_eq!(top.checked_shl(1), None);
    assert_eq!(top.checked_mul(2u64), None);
    assert_eq!(top.checked_mul(U256([0, 1, 0, 0])), None);
    assert_eq!(top.checked_add(&top), None);
    assert_eq!(Wide::ONE.checked_shl(1024), None);
    assert_eq!(Wide::ONE.checked_sub(&top), None);
    assert_eq!(top.to_u256(), None);
    assert_eq!(top.div_floor(&Wide::from(0u128)), None);
    assert_eq!(U256::MAX.checked_add(U256::from_u128(1)), None);
    assert_eq!(U256::ZERO.checked_sub(U256::from_u128(1)), None);
    assert_eq!(U256([0, 0, 1, 0]).to_u128(), None);
}

/// The corrections of the quotient digit, which one in 2^63 random digits needs.
#[test]
fn a_quotient_digit_that_is_one_too_large_is_added_back() {
    let dividend = Wide::from(U256([3, 0, u64::MAX / 2 + 1, 0]));
    let divisor = Wide::from(U256([1, 0, 1 << 61, 0]));
    assert_eq!(dividend.div_floor(&divisor).unwrap().to_u128(), Some(3));
    let dividend = Wide::from(U256([0, 0, 1 << 63, (1 << 63) - 1]));
    let divisor = Wide::from(U256([1, 0, 1 << 63, 0]));
    // More digits after it, so that what is left counts.
    let quotient = dividend.checked_shl(192).unwrap().div_floor(&divisor).unwrap();
    assert_eq!(quotient.to_u256(), Some(U256([2, u64::MAX - 1, u64::MAX, u64::MAX - 1])));
}
