//! The price change rate limiter: a band around a reference that leaks towards the price.
//!
//! ref += (P - ref) min(1, elapsed / window), and the price stays within [ref (1 - d), ref (1 + d)].
//!
//! Guarantee: the reference never leaves the interval from itself to the price, so the band cannot be
//! pushed past the price. Rounding: the move of the reference down to the old reference's side; the
//! band inwards, against the trader. Largest input: all of u128 and u64; the band ends at 2^128 - 1.

use crate::proportion::proportion;
use crate::rate::Rounding;

/// 1.0 in basis points.
const BPS: u128 = 10_000;

/// The reference after a price held for `elapsed` of a `window`, both in nanoseconds.
#[must_use]
pub fn follow(reference: u128, price: u128, elapsed: u64, window: u64) -> u128 {
    if elapsed >= window {
        return price;
    }
    let distance = price.abs_diff(reference);
    // elapsed < window, so it fits.
    let moved = proportion(distance, elapsed.into(), window.into(), Rounding::Down).unwrap_or(0);
    if price < reference {
        reference.saturating_sub(moved)
    } else {
        reference.saturating_add(moved)
    }
}

/// Prices that a trade may end at, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Smallest, rounded up.
    pub low: u128,
    /// Largest, rounded down.
    pub high: u128,
}

impl Band {
    /// `limit_bps` to either side of a reference.
    #[must_use]
    pub fn around(reference: u128, limit_bps: u64) -> Self {
        let limit = u128::from(limit_bps);
        let scale = |bps, rounding| proportion(reference, bps, BPS, rounding).unwrap_or(u128::MAX);
        Self {
            low: scale(BPS.saturating_sub(limit), Rounding::Up),
            high: scale(BPS.saturating_add(limit), Rounding::Down),
        }
    }

    /// Is the price inside?
    #[must_use]
    pub const fn contains(&self, price: u128) -> bool {
        self.low <= price && price <= self.high
    }
}
