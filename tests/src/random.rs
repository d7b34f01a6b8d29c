//! A small deterministic generator (SplitMix64, Steele et al. 2014): the same seed tells the same
//! story on every machine.

/// The generator.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`; 0 when `end` is.
    pub fn below(&mut self, end: u128) -> u128 {
        if end == 0 {
            return 0;
        }
        let wide = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        wide % end
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: u128, high: u128) -> u128 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u128) -> bool {
        self.below(100) < percent
    }

    /// About evenly spread over the magnitudes from 1 to `most`.
    pub fn magnitude(&mut self, most: u128) -> u128 {
        let bits = u128::from(128 - most.leading_zeros());
        let most_here = 1u128.checked_shl(self.between(1, bits.max(1)) as u32);
        let most_here = most_here.map_or(u128::MAX, |power| power - 1).min(most.max(1));
        self.between(1, most_here)
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u128) as usize].clone()
    }
}
