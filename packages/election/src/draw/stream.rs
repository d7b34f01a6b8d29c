//! Numbers from a seed.
//!
//! word(i) = first 16 bytes, big-endian, of sha256("modelbond/v1/draw" ‖ 0x00 ‖ seed ‖ i), the seed in
//! 32 and i in 8 bytes big-endian, i = 0, 1, 2, …

use sha2::{Digest, Sha256};

use crate::fraction;

const DOMAIN: &[u8] = b"modelbond/v1/draw\0";

/// How many words are looked at for one number. A word is rejected with probability below n/2¹²⁸, at
/// most a half.
pub const MAX_REJECTIONS: u32 = 128;

/// A stream of uniform numbers. The same seed gives the same numbers; every number is used once.
#[derive(Debug, Clone)]
pub struct Stream {
    start: Sha256,
    next: u64,
}

impl Stream {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: &[u8; 32]) -> Self {
        Self { start: Sha256::new().chain_update(DOMAIN).chain_update(seed), next: 0 }
    }

    /// A uniform number below `bound`: a word below the largest multiple of `bound` that fits 2¹²⁸,
    /// modulo `bound`; the other words are rejected. `None` for a bound of 0, at the stream's end, and
    /// when [`MAX_REJECTIONS`] words in a row are rejected.
    pub fn below(&mut self, bound: u128) -> Option<u128> {
        // 2¹²⁸ mod bound words are too many.
        let excess = u128::MAX.checked_rem(bound)?.checked_add(1)?.checked_rem(bound)?;
        let last = u128::MAX.checked_sub(excess)?;
        for _ in 0..MAX_REJECTIONS {
            let word = self.word()?;
            if word <= last {
                return word.checked_rem(bound);
            }
        }
        None
    }

    fn word(&mut self) -> Option<u128> {
        let digest = self.start.clone().chain_update(self.next.to_be_bytes()).finalize().into();
        self.next = self.next.checked_add(1)?;
        Some(fraction::of_digest(&digest))
    }
}
