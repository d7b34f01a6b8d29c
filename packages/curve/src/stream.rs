//! Money, or tokens, that become available linearly over time.
//!
//! Guarantee: what is released and what is left always add up to what was deposited; a release is
//! never more than the linear share of the time that passed; at `ends_at` everything is released.
//! Time that goes backwards releases nothing.
//!
//! released = amount * (now - released_at) / (ends_at - released_at), rounded down: whoever waits for
//! the rest gains. After a deposit the remaining time is the amount-weighted mean of what was left
//! and of the new duration, rounded up: a deposit holds back, or speeds up, the rest by its own weight
//! and not more.
//!
//! Times in nanoseconds. Largest input: all of u128 and u64; a sum of amounts or an end that does not
//! fit is an error.

use crate::fixed::U256;
use crate::proportion::{proportion, quotient};
use crate::rate::Rounding;

/// An amount that is released linearly until `ends_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stream {
    /// Not released yet.
    pub amount: u128,
    /// When it was last released.
    pub released_at: u64,
    /// When all of it is released.
    pub ends_at: u64,
}

/// Why a deposit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// The amounts, or the end, do not fit.
    #[error("deposit of {amount} over {duration} ns exceeds what a stream can hold")]
    Overflow {
        /// What was to be added.
        amount: u128,
        /// In nanoseconds.
        duration: u64,
    },
    /// A deposit before the release would slow down what is already due.
    #[error("{releasable} must be released before a deposit")]
    Unreleased {
        /// What is due.
        releasable: u128,
    },
}

impl Stream {
    /// What [`Stream::release`] would release.
    #[must_use]
    pub fn releasable(&self, now: u64) -> u128 {
        if now >= self.ends_at {
            return self.amount;
        }
        let elapsed = now.saturating_sub(self.released_at);
        let duration = self.ends_at.saturating_sub(self.released_at);
        // elapsed < duration, so it fits.
        proportion(self.amount, elapsed.into(), duration.into(), Rounding::Down).unwrap_or(0)
    }

    /// Takes out what is due, and returns it. Time in which less than a unit came due keeps
    /// counting, so that frequent releases of a small stream do not stop it.
    pub fn release(&mut self, now: u64) -> u128 {
        let released = self.releasable(now);
        if released > 0 {
            self.amount = self.amount.saturating_sub(released);
            self.released_at = now;
        }
        released
    }

    /// Adds an amount that alone would take `duration` nanoseconds.
    ///
    /// # Errors
    /// [`StreamError::Unreleased`] if something is due, [`StreamError::Overflow`].
    pub fn deposit(&mut self, amount: u128, now: u64, duration: u64) -> Result<(), StreamError> {
        let releasable = self.releasable(now);
        if releasable > 0 {
            return Err(StreamError::Unreleased { releasable });
        }
        let now = now.max(self.released_at);
        let left = self.ends_at.saturating_sub(now);
        let (total, ends_at) = self
            .amount
            .checked_add(amount)
            .and_then(|total| {
                let remaining = mean_time((self.amount, left), (amount, duration), total)?;
                Some((total, now.checked_add(remaining)?))
            })
            .ok_or(StreamError::Overflow { amount, duration })?;
        *self = Self { amount: total, released_at: now, ends_at };
        Ok(())
    }
}

/// (a s + b t) / (a + b), rounded up; 0 for nothing at all.
fn mean_time((a, s): (u128, u64), (b, t): (u128, u64), total: u128) -> Option<u64> {
    if total == 0 {
        return Some(0);
    }
    let weighted = U256::mul_u128(a, s.into()).checked_add(U256::mul_u128(b, t.into()))?;
    u64::try_from(quotient(weighted, total, Rounding::Up)?).ok()
}
