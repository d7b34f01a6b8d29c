//! Unsigned 256-bit integers; as a fixed point Q8.248 they hold every g of a curve.
//!
//! Guarantee: no operation panics or wraps; what does not fit is `None`, or saturates where the name
//! says so. Limbs are 64 bits wide and little endian. [`U256::mul_fixed`] is the only operation that
//! rounds: towards zero, by less than 2^-248.
//!
//! Ours, because general crates cost 1.8 to 2.3 times the gas for the four operations used here.

use std::cmp::Ordering;
use std::fmt;

/// 256-bit unsigned integer, four limbs, least significant first.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Hash)]
pub struct U256(pub [u64; 4]);

impl U256 {
    /// 0.
    pub const ZERO: Self = Self([0; 4]);
    /// 2^256 - 1.
    pub const MAX: Self = Self([u64::MAX; 4]);
    /// 1 as a Q8.248 fixed point: 2^248.
    pub const FIXED_ONE: Self = Self([0, 0, 0, 1 << 56]);

    /// The integer itself.
    #[must_use]
    pub fn from_u128(value: u128) -> Self {
        let (low, high) = halves(value);
        Self([low, high, 0, 0])
    }

    /// The integer, if it is below 2^128.
    #[must_use]
    pub fn to_u128(self) -> Option<u128> {
        match self.0 {
            [low, high, 0, 0] => Some(join(low, high)),
            _ => None,
        }
    }

    /// Is it 0?
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 4]
    }

    /// Sum, if it is below 2^256.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.0, other.0);
        let (c0, carry) = a0.carrying_add(b0, false);
        let (c1, carry) = a1.carrying_add(b1, carry);
        let (c2, carry) = a2.carrying_add(b2, carry);
        let (c3, carry) = a3.carrying_add(b3, carry);
        (!carry).then_some(Self([c0, c1, c2, c3]))
    }

    /// Difference, if it is not negative.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.0, other.0);
        let (c0, borrow) = a0.borrowing_sub(b0, false);
        let (c1, borrow) = a1.borrowing_sub(b1, borrow);
        let (c2, borrow) = a2.borrowing_sub(b2, borrow);
        let (c3, borrow) = a3.borrowing_sub(b3, borrow);
        (!borrow).then_some(Self([c0, c1, c2, c3]))
    }

    /// Sum, at most 2^256 - 1.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        self.checked_add(other).unwrap_or(Self::MAX)
    }

    /// Difference, at least 0.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        self.checked_sub(other).unwrap_or(Self::ZERO)
    }

    /// Absolute difference.
    #[must_use]
    pub fn abs_diff(self, other: Self) -> Self {
        self.checked_sub(other).unwrap_or_else(|| other.saturating_sub(self))
    }

    /// Product, if it is below 2^256.
    #[must_use]
    pub fn checked_mul_u64(self, factor: u64) -> Option<Self> {
        let (low, [high @ .., overflow]) = row(&self.0, factor, [0; 4]);
        let [c1, c2, c3] = high;
        (overflow == 0).then_some(Self([low, c1, c2, c3]))
    }

    /// Full product of two 128-bit integers.
    #[must_use]
    pub fn mul_u128(a: u128, b: u128) -> Self {
        let ((a0, a1), (b0, b1)) = (halves(a), halves(b));
        let (c0, carry) = a0.carrying_mul(b0, 0);
        let (c1, c2) = a1.carrying_mul(b0, carry);
        let (c1, carry) = a0.carrying_mul_add(b1, c1, 0);
        let (c2, c3) = a1.carrying_mul_add(b1, c2, carry);
        Self([c0, c1, c2, c3])
    }

    /// Product of two Q8.248 fixed points, rounded down. `self` must be at most 1 or `other` must:
    /// the integer part above 255 is lost.
    #[must_use]
    pub(crate) fn mul_fixed(self, other: Self) -> Self {
        let [_, _, _, p3, p4, p5, p6, p7] = product(&self.0, &other.0);
        Self([p3 >> 56 | p4 << 8, p4 >> 56 | p5 << 8, p5 >> 56 | p6 << 8, p6 >> 56 | p7 << 8])
    }

    /// self / 2^bits, rounded down; 0 from 256 bits on.
    #[must_use]
    pub(crate) fn shr(self, bits: u32) -> Self {
        let [a0, a1, a2, a3] = self.0;
        let limbs = match bits / 64 {
            0 => [a0, a1, a2, a3, 0],
            1 => [a1, a2, a3, 0, 0],
            2 => [a2, a3, 0, 0, 0],
            3 => [a3, 0, 0, 0, 0],
            _ => [0; 5],
        };
        let [a0, a1, a2, a3, _] = limbs;
        let right = bits % 64;
        if right == 0 {
            return Self([a0, a1, a2, a3]);
        }
        let join = |low: u64, high: u64| {
            low.wrapping_shr(right) | high.wrapping_shl(64u32.wrapping_sub(right))
        };
        Self([join(a0, a1), join(a1, a2), join(a2, a3), join(a3, 0)])
    }

    /// self * 2^bits modulo 2^256; 0 from 256 bits on.
    #[must_use]
    pub(crate) fn shl(self, bits: u32) -> Self {
        let [a0, a1, a2, a3] = self.0;
        let [a0, a1, a2, a3] = match bits / 64 {
            0 => [a0, a1, a2, a3],
            1 => [0, a0, a1, a2],
            2 => [0, 0, a0, a1],
            3 => [0, 0, 0, a0],
            _ => [0; 4],
        };
        let left = bits % 64;
        if left == 0 {
            return Self([a0, a1, a2, a3]);
        }
        let join = |low: u64, high: u64| {
            high.wrapping_shl(left) | low.wrapping_shr(64u32.wrapping_sub(left))
        };
        Self([join(0, a0), join(a0, a1), join(a1, a2), join(a2, a3)])
    }

    /// Number of zero bits before the first one bit.
    #[must_use]
    pub(crate) fn leading_zeros(self) -> u32 {
        match self.0 {
            [a0, 0, 0, 0] => a0.leading_zeros().saturating_add(192),
            [_, a1, 0, 0] => a1.leading_zeros().saturating_add(128),
            [_, _, a2, 0] => a2.leading_zeros().saturating_add(64),
            [_, _, _, a3] => a3.leading_zeros(),
        }
    }

    /// From 32 bytes, most significant first.
    #[must_use]
    pub fn from_be_bytes(bytes: [u8; 32]) -> Self {
        let mut limbs = [0u64; 4];
        for (limb, chunk) in limbs.iter_mut().rev().zip(bytes.chunks(8)) {
            *limb = chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        Self(limbs)
    }

    /// As 32 bytes, most significant first.
    #[must_use]
    pub fn to_be_bytes(self) -> [u8; 32] {
        let mut bytes = [0u8; 32];
        for (chunk, limb) in bytes.chunks_mut(8).zip(self.0.iter().rev()) {
            for (byte, digit) in chunk.iter_mut().zip(limb.to_be_bytes()) {
                *byte = digit;
            }
        }
        bytes
    }

    /// Quotient and remainder by a small divisor; `None` for 0.
    fn div_rem_u64(self, divisor: u64) -> Option<(Self, u64)> {
        let mut remainder = 0;
        let mut quotient = [0; 4];
        for (digit, limb) in quotient.iter_mut().zip(self.0).rev() {
            let part = join(limb, remainder);
            let divisor = u128::from(divisor);
            (*digit, _) = halves(part.checked_div(divisor)?);
            (remainder, _) = halves(part.checked_rem(divisor)?);
        }
        Some((Self(quotient), remainder))
    }
}

impl Ord for U256 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

impl PartialOrd for U256 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u128> for U256 {
    fn from(value: u128) -> Self {
        Self::from_u128(value)
    }
}

impl From<u64> for U256 {
    fn from(value: u64) -> Self {
        Self([value, 0, 0, 0])
    }
}

impl fmt::Display for U256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CHUNK: u64 = 10_000_000_000_000_000_000;
        let mut rest = *self;
        let mut chunks = Vec::new();
        while let Some((quotient, digits)) = rest.div_rem_u64(CHUNK) {
            rest = quotient;
            if rest.is_zero() {
                let text = chunks
                    .iter()
                    .rev()
                    .fold(digits.to_string(), |text, chunk| format!("{text}{chunk:019}"));
                return formatter.pad_integral(true, "", &text);
            }
            chunks.push(digits);
        }
        Ok(())
    }
}

/// Low and high limb.
pub(crate) fn halves(value: u128) -> (u64, u64) {
    let low = value & u128::from(u64::MAX);
    // Both fit; the alternative never happens and compiles to nothing.
    (u64::try_from(low).unwrap_or(u64::MAX), u64::try_from(value >> 64).unwrap_or(u64::MAX))
}

/// The inverse of [`halves`].
pub(crate) fn join(low: u64, high: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// a * b + sum, which fits five limbs: the lowest, and the other four.
fn row(a: &[u64; 4], b: u64, sum: [u64; 4]) -> (u64, [u64; 4]) {
    let ([a0, a1, a2, a3], [s0, s1, s2, s3]) = (*a, sum);
    let (c0, carry) = a0.carrying_mul_add(b, s0, 0);
    let (c1, carry) = a1.carrying_mul_add(b, s1, carry);
    let (c2, carry) = a2.carrying_mul_add(b, s2, carry);
    let (c3, carry) = a3.carrying_mul_add(b, s3, carry);
    (c0, [c1, c2, c3, carry])
}

/// Full product.
pub(crate) fn product(a: &[u64; 4], b: &[u64; 4]) -> [u64; 8] {
    let [b0, b1, b2, b3] = *b;
    let (p0, sum) = row(a, b0, [0; 4]);
    let (p1, sum) = row(a, b1, sum);
    let (p2, sum) = row(a, b2, sum);
    let (p3, [p4, p5, p6, p7]) = row(a, b3, sum);
    [p0, p1, p2, p3, p4, p5, p6, p7]
}
