//! When epochs are: epoch 0 begins at the instantiation, each next one a length later. Pure.

use cosmwasm_std::Timestamp;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// The times of epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// When epoch 0 began.
    pub started_at: Timestamp,
    /// Length of an epoch, not 0.
    pub epoch_secs: u64,
}

impl Clock {
    /// Nanoseconds of an epoch; those that a contract has are far from overflowing.
    fn length(self) -> u64 {
        self.epoch_secs.saturating_mul(NANOS_PER_SECOND)
    }

    /// The epoch of a time: ⌊seconds since the instantiation ÷ length⌋. None before it.
    #[must_use]
    pub fn epoch(self, at: Timestamp) -> Option<u64> {
        at.nanos().checked_sub(self.started_at.nanos())?.checked_div(self.length())
    }

    /// When an epoch begins. None past the end of time.
    #[must_use]
    pub fn starts_at(self, epoch: u64) -> Option<Timestamp> {
        let since = epoch.checked_mul(self.length())?;
        self.started_at.nanos().checked_add(since).map(Timestamp::from_nanos)
    }
}

/// `secs` after a time; the end of time if that is past it.
pub(crate) fn later(time: Timestamp, secs: u64) -> Timestamp {
    let nanos = secs.saturating_mul(NANOS_PER_SECOND);
    Timestamp::from_nanos(time.nanos().saturating_add(nanos))
}
