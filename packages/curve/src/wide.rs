//! Unsigned 1024-bit scratch integers: products of up to four 256-bit numbers, and their exact
//! division, rounded down or up.
//!
//! Guarantee: exact. What does not fit 1024 bits, and a division by zero, is `None`; nothing panics
//! or wraps. Division is Knuth's algorithm D (The Art of Computer Programming 2, 4.3.1) on 64-bit
//! limbs.
//!
//! Largest product formed by the curve: price scale (256 bits) * multiplier (64) * growth (249 + 93)
//! * span (256) = 918 bits.

use crate::fixed::{halves, join, U256};
use std::cmp::Ordering;

const LIMBS: usize = 16;

/// 1024-bit unsigned integer, least significant limb first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wide([u64; LIMBS]);

impl Wide {
    /// 1.
    pub const ONE: Self = {
        let mut limbs = [0; LIMBS];
        limbs[0] = 1;
        Self(limbs)
    };

    /// Number of limbs up to the last that is not zero.
    fn len(&self) -> usize {
        self.0.iter().rposition(|limb| *limb != 0).map_or(0, |last| last.saturating_add(1))
    }

    /// Is it 0?
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.len() == 0
    }

    /// Product.
    #[must_use]
    pub fn checked_mul(&self, factor: impl Into<U256>) -> Option<Self> {
        let used = self.len();
        let mut product = [0; LIMBS];
        for (offset, digit) in factor.into().0.into_iter().enumerate() {
            if digit == 0 {
                continue;
            }
            let mut carry = 0;
            let row = product.get_mut(offset..offset.checked_add(used)?)?;
            for (limb, out) in self.0.iter().zip(row) {
                (*out, carry) = limb.carrying_mul_add(digit, *out, carry);
            }
            match product.get_mut(offset.checked_add(used)?) {
                Some(out) => *out = carry,
                None if carry == 0 => {}
                None => return None,
            }
        }
        Some(Self(product))
    }

    /// self * 2^bits.
    #[must_use]
    pub fn checked_shl(&self, bits: u32) -> Option<Self> {
        let limbs = usize::try_from(bits / 64).ok()?;
        let mut shifted = [0; LIMBS];
        let carry = shift_left(&self.0, bits % 64, shifted.get_mut(limbs..)?);
        let lost = self.len().checked_add(limbs)? > LIMBS;
        (carry == 0 && !lost).then_some(Self(shifted))
    }

    /// Sum.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        let mut carry = false;
        let mut sum = self.0;
        for (limb, digit) in sum.iter_mut().zip(other.0) {
            (*limb, carry) = limb.carrying_add(digit, carry);
        }
        (!carry).then_some(Self(sum))
    }

    /// Difference, if it is not negative.
    #[must_use]
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        let mut borrow = false;
        let mut difference = self.0;
        for (limb, digit) in difference.iter_mut().zip(other.0) {
            (*limb, borrow) = limb.borrowing_sub(digit, borrow);
        }
        (!borrow).then_some(Self(difference))
    }

    /// Quotient rounded down.
    #[must_use]
    pub fn div_floor(&self, divisor: &Self) -> Option<Self> {
        Some(self.div(divisor)?.0)
    }

    /// Quotient rounded up.
    #[must_use]
    pub fn div_ceil(&self, divisor: &Self) -> Option<Self> {
        match self.div(divisor)? {
            (quotient, true) => Some(quotient),
            (quotient, false) => quotient.checked_add(&Self::ONE),
        }
    }

    /// Quotient rounded down, and whether it is exact.
    fn div(&self, divisor: &Self) -> Option<(Self, bool)> {
        let size = divisor.len();
        let last = size.checked_sub(1)?;
        let Some(steps) = self.len().checked_sub(last) else {
            return Some((Self([0; LIMBS]), self.is_zero()));
        };
        // Both shifted until the divisor starts with a one bit.
        let shift = divisor.0.get(last)?.leading_zeros();
        let mut v = [0; LIMBS];
        shift_left(&divisor.0, shift, &mut v);
        let v = v.get(..size)?;
        let leading = (
            *v.get(last)?,
            last.checked_sub(1).and_then(|next| v.get(next)).map_or(0, |limb| *limb),
        );
        let mut u = [0; LIMBS + 1];
        let [u_low @ .., u_top] = &mut u;
        *u_top = shift_left(&self.0, shift, u_low);

        let mut quotient = [0; LIMBS];
        for (step, out) in quotient.iter_mut().enumerate().take(steps).rev() {
            let window = u.get_mut(step..=step.checked_add(size)?)?;
            let mut digit = estimate_digit(window, leading);
            if subtract_product(window, v, digit) {
                digit = digit.wrapping_sub(1);
                add_back(window, v);
            }
            *out = digit;
        }
        Some((Self(quotient), u.iter().all(|limb| *limb == 0)))
    }

    /// The integer, if it is below 2^256.
    #[must_use]
    pub fn to_u256(&self) -> Option<U256> {
        let [a0, a1, a2, a3, rest @ ..] = self.0;
        rest.iter().all(|limb| *limb == 0).then_some(U256([a0, a1, a2, a3]))
    }

    /// The integer, if it is below 2^128.
    #[must_use]
    pub fn to_u128(&self) -> Option<u128> {
        self.to_u256()?.to_u128()
    }
}

impl From<U256> for Wide {
    fn from(value: U256) -> Self {
        let mut limbs = [0; LIMBS];
        for (limb, digit) in limbs.iter_mut().zip(value.0) {
            *limb = digit;
        }
        Self(limbs)
    }
}

impl From<u128> for Wide {
    fn from(value: u128) -> Self {
        U256::from_u128(value).into()
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes `limbs` * 2^bits, bits < 64, to `out`, as far as it reaches, and returns the carry.
fn shift_left(limbs: &[u64], bits: u32, out: &mut [u64]) -> u64 {
    let mut carry = 0;
    for (limb, shifted) in limbs.iter().zip(out) {
        let (low, high) = halves(u128::from(*limb).wrapping_shl(bits));
        *shifted = low | carry;
        carry = high;
    }
    carry
}

/// The quotient digit from the first three limbs of the dividend and the first two of the divisor:
/// right, or one too large.
fn estimate_digit(window: &[u64], (v1, v2): (u64, u64)) -> u64 {
    let mut limbs = window.iter().rev().copied();
    let mut next = || limbs.next().unwrap_or(0);
    let (u0, u1, u2) = (next(), next(), next());
    let part = join(u1, u0);
    let divisor = u128::from(v1);
    let (mut digit, mut remainder) = match (part.checked_div(divisor), part.checked_rem(divisor)) {
        (Some(digit), Some(remainder)) if u0 < v1 => (halves(digit).0, Some(halves(remainder).0)),
        _ => (u64::MAX, u1.checked_add(v1)),
    };
    // At most twice; a remainder of more than 64 bits ends it.
    while let Some(rest) = remainder {
        let (low, high) = digit.carrying_mul(v2, 0);
        if (high, low) <= (rest, u2) {
            break;
        }
        digit = digit.wrapping_sub(1);
        remainder = rest.checked_add(v1);
    }
    digit
}

/// window - v * digit, and whether that is negative; `window` is one limb longer than `v`.
fn subtract_product(window: &mut [u64], v: &[u64], digit: u64) -> bool {
    let (mut carry, mut borrow) = (0, false);
    for (index, out) in window.iter_mut().enumerate() {
        let limb = v.get(index).copied().unwrap_or(0);
        let (low, high) = limb.carrying_mul(digit, carry);
        carry = high;
        (*out, borrow) = out.borrowing_sub(low, borrow);
    }
    borrow
}

/// window + v, the carry out of it dropped.
fn add_back(window: &mut [u64], v: &[u64]) {
    let mut carry = false;
    for (index, out) in window.iter_mut().enumerate() {
        let limb = v.get(index).copied().unwrap_or(0);
        (*out, carry) = out.carrying_add(limb, carry);
    }
}
