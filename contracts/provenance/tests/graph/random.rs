//! SplitMix64 (Steele et al. 2014): the same seed tells the same story on every machine.

/// The generator.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`; 0 when `end` is.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.bits() % end.max(1) as u64) as usize
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Of all magnitudes from 1 to `most`.
    pub(crate) fn magnitude(&mut self, most: u128) -> u128 {
        let bits = self.below((128 - most.leading_zeros()) as usize) + 1;
        let wide = u128::from(self.bits()) << 64 | u128::from(self.bits());
        (wide >> (128 - bits)).clamp(1, most)
    }
}
