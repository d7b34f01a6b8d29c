//! Randomness from a seed by counting: number n of a stream needs no other number.
//!
//! block(c) = sha256("modelbond/v1/random" ‖ 0x00 ‖ seed ‖ purpose ‖ 0x00 ‖ position ‖ c), position and
//! counter c in 8 bytes, read as eight u32, all little-endian. Purposes are fixed words without a zero
//! byte and positions say which part of a purpose is meant (the step of a training), so no two streams
//! overlap, and a witness can draw the batch of one step without those before it.

use sha2::{Digest, Sha256};

use crate::digest;

/// One stream.
#[derive(Debug, Clone)]
pub struct Random {
    prefix: Sha256,
    counter: u64,
    block: [u32; 8],
    used: usize,
}

impl Random {
    /// The stream of a seed for a purpose, at a position.
    #[must_use]
    pub fn new(seed: &[u8; 32], purpose: &'static str, position: u64) -> Self {
        let prefix = digest::hasher("random")
            .chain_update(seed)
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(position.to_le_bytes());
        Self { prefix, counter: 0, block: [0; 8], used: 8 }
    }

    /// 32 uniform bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.used >= self.block.len() {
            let block =
                digest::finish(self.prefix.clone().chain_update(self.counter.to_le_bytes()));
            for (word, bytes) in self.block.iter_mut().zip(block.as_chunks::<4>().0) {
                *word = u32::from_le_bytes(*bytes);
            }
            self.counter = self.counter.wrapping_add(1);
            self.used = 0;
        }
        let word = self.block.get(self.used).copied().unwrap_or_default();
        self.used = self.used.saturating_add(1);
        word
    }

    /// Uniform below `bound`, exactly: what would make some numbers likelier is drawn again, less than
    /// once on average. 0 if `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        // Lemire 2019: the upper half of a product is uniform once 2³² mod bound lower halves are out.
        let threshold = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        loop {
            let product = u64::from(self.next_u32()).wrapping_mul(u64::from(bound));
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Uniform among the 2²⁴ multiples of 2⁻²³ from −1 to below 1.
    pub fn symmetric(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0
    }
}
