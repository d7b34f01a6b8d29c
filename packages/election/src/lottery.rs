//! A digest as a lot: which part of an amount it stands for.
//!
//! payout = ⌊amount · f / 2¹²⁸⌋, f = first 16 bytes of the digest, big-endian. This is
//! Hash(D_training ‖ NPS)·S_max of equation 1 with the hash read as a fraction. Exact: the product has
//! 256 bits and is rounded once, down, so that the payer never owes more than the amount; what is not
//! paid out stays with the payer. Largest input: all of u128.
//!
//! For a uniform digest every payout has the probability of its share of [0, 1), the mean is
//! amount/2 less at most one base unit, and the whole amount is never reached (f < 2¹²⁸).

use crate::fraction;

/// What `digest` draws of `amount`: at least 0, less than `amount` unless that is 0.
#[must_use]
pub fn payout(digest: &[u8; 32], amount: u128) -> u128 {
    fraction::product(fraction::of_digest(digest), amount)
}
