//! Segments of the line of work, and what they pay.
//!
//! Every settled round of a model adds its paid seats to the end of a line. The first settlement of an epoch
//! cuts off what came since the last one: that is the open segment, for which tokens are bought. It is closed
//! when the next one is cut; only then is it paid, because only then is it known how many tokens it has.
//!
//! A closed segment of W seats and T tokens pays the piece of w seats that is claimed after p others
//! ⌊T·(p + w)/W⌋ − ⌊T·p/W⌋. So every piece gets its part of the work, T·w/W, within one unit, whoever claims
//! first; all pieces together get T, to the unit; and no payment depends on who is still to come.

/// How far a line of work is cut: what lies before `closed` is in closed segments, what lies between the two
/// is the open one, what lies after `cut` is in none yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// End of the last closed segment, and start of the open one.
    pub closed: u64,
    /// End of the open segment; the same if there is none.
    pub cut: u64,
}

impl Line {
    /// Whether there is an open segment.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed < self.cut
    }

    /// The line after an epoch's cut: `work` is where it ends now, `tokens` is what the open segment has. One
    /// that has none would pay nothing for its work: it becomes part of the next one.
    #[must_use]
    pub fn cut_at(self, work: u64, tokens: u128) -> Self {
        let closed = if tokens > 0 { self.cut } else { self.closed };
        Self { closed, cut: work.max(self.cut) }
    }
}

/// A segment's tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Segment {
    /// Its seats.
    pub work: u64,
    /// Tokens bought for it.
    pub tokens: u128,
    /// Seats of it that were paid.
    pub paid_work: u64,
}

impl Segment {
    /// Tokens of it that were paid.
    #[must_use]
    pub fn paid_tokens(&self) -> u128 {
        self.tokens_of(self.paid_work)
    }

    /// Tokens of it that are not paid.
    #[must_use]
    pub fn left(&self) -> u128 {
        self.tokens.saturating_sub(self.paid_tokens())
    }

    /// Pays the next piece of work: how many tokens it gets. Seats that the segment does not have get none.
    pub fn pay(&mut self, work: u32) -> u128 {
        let before = self.paid_tokens();
        self.paid_work = self.paid_work.saturating_add(work.into()).min(self.work);
        self.paid_tokens().saturating_sub(before)
    }

    /// ⌊T·p/W⌋. Exact for every T: with T = q·W + r it is q·p + ⌊r·p/W⌋, where p ≤ W and
    /// r < W ≤ 2⁶⁴, so that no product exceeds 128 bits.
    fn tokens_of(&self, paid: u64) -> u128 {
        let (all, paid) = (u128::from(self.work), u128::from(paid.min(self.work)));
        let whole = self.tokens.checked_div(all).unwrap_or_default();
        let rest = self.tokens.checked_rem(all).unwrap_or_default();
        let part = rest.saturating_mul(paid).checked_div(all).unwrap_or_default();
        whole.saturating_mul(paid).saturating_add(part)
    }
}
