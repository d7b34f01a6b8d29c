//! An h-index kept in constant time: h is the largest number such that h items have h uses or more each.
//!
//! Kept are h and how many items have more than h uses. Whoever keeps them also counts how many items have
//! each number of uses, and says of one such cell how full it is after a change; no other item is looked at.
//! With N(k) items of k uses or more, N(h) ≥ h and N(h + 1) ≤ h always hold:
//!
//! - an item rises from h to h + 1: N(h + 1) grows by one; is it h + 1 now, then that is the h-index. It
//!   cannot be h + 2, as N(h + 2) stays, and was at most h.
//! - an item falls from h to h − 1: N(h) shrinks by one; is it h − 1 now, then that is the h-index.
//! - an item falls from h + 1 to h: N(h + 1) shrinks by one, N(h) stays.
//! - any other step changes neither.

/// An h-index. That of nothing is the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HIndex {
    /// The largest number such that so many items have so many uses or more.
    pub h: u32,
    /// Items with more than h uses: N(h + 1), at most h.
    pub above: u32,
}

impl HIndex {
    /// One item is used once more: it had `uses`. `cell` items have `uses` + 1 now, this one included.
    /// None if the numbers cannot be those of one history.
    #[must_use]
    pub fn rise(self, uses: u32, cell: u32) -> Option<Self> {
        self.leap(uses, uses.checked_add(1)?, cell)
    }

    /// One item goes from `from` uses to `to`, more of them, at once. `cell` items have h + 1 uses now, this one
    /// included if it has so many: one item raises an h-index by one at most. None if the numbers cannot be those
    /// of one history.
    #[must_use]
    pub fn leap(self, from: u32, to: u32, cell: u32) -> Option<Self> {
        let Self { h, above } = self;
        if h < from || to <= h {
            return Some(self);
        }
        let (next, above) = (h.checked_add(1)?, above.checked_add(1)?);
        if above < next {
            return Some(Self { h, above });
        }
        Some(Self { h: next, above: above.checked_sub(cell)? })
    }

    /// One item is used once less: it had `uses`. `cell` items still have `uses`. None if the numbers
    /// cannot be those of one history, so also if `uses` is 0.
    #[must_use]
    pub fn fall(self, uses: u32, cell: u32) -> Option<Self> {
        let Self { h, above } = self;
        let left = uses.checked_sub(1)?;
        if left == h {
            return Some(Self { h, above: above.checked_sub(1)? });
        }
        if uses != h {
            return Some(self);
        }
        let reached = above.checked_add(cell)?;
        if reached >= h {
            return Some(self);
        }
        Some(Self { h: left, above: reached })
    }
}
