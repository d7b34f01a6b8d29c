//! When rounds are: round 1 at the genesis, each next one a period later. Pure.

use cosmwasm_std::Timestamp;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// The times of a source's rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// When round 1 is.
    pub genesis_at: Timestamp,
    /// Seconds from one round to the next, not 0.
    pub period_secs: u32,
}

impl Grid {
    /// Nanoseconds from one round to the next; no `u32` of seconds overflows.
    fn period(self) -> u64 {
        u64::from(self.period_secs).saturating_mul(NANOS_PER_SECOND)
    }

    /// When `round` is: genesis + (round − 1)·period. None for round 0, which is no round, and past
    /// the end of time.
    #[must_use]
    pub fn round_at(self, round: u64) -> Option<Timestamp> {
        let since = round.checked_sub(1)?.checked_mul(self.period())?;
        self.genesis_at.nanos().checked_add(since).map(Timestamp::from_nanos)
    }

    /// The first round at or after `at`: 1 + ⌈(at − genesis) ÷ period⌉, or 1 before the genesis.
    /// None where that round is past the end of time.
    #[must_use]
    pub fn first(self, at: Timestamp) -> Option<u64> {
        let since = at.nanos().saturating_sub(self.genesis_at.nanos());
        let until = since.checked_next_multiple_of(self.period())?;
        let round = until.checked_div(self.period())?.checked_add(1)?;
        self.round_at(round).map(|_| round)
    }
}
