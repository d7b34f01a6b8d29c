//! What provenance and rewards read in training's storage. This layout is an interface.
//!
//! [`OPEN_RUNS`] is a cw-storage-plus `Map<&Addr, _>` by model: the number of its run that is not closed,
//! 8 bytes, big-endian. [`WORK`] is one of [`ModelWork`], 16 bytes.

use cosmwasm_schema::cw_serde;

/// Name of the map of open runs.
pub const OPEN_RUNS: &str = "open_runs";
/// Name of the map of work.
pub const WORK: &str = "work";

/// What was done for a model, in all its runs.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub struct ModelWork {
    /// Paid seats of all settled rounds: accepted trainers, witnesses and auditors, leaders, members of
    /// committees.
    pub work: u64,
    /// P_model of the last round that reported metrics, in millionths.
    pub performance: u64,
}

impl ModelWork {
    /// As stored: both big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 16] {
        (u128::from(self.work) << 64 | u128::from(self.performance)).to_be_bytes()
    }

    /// The reverse; `None` for anything but 16 bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (work, performance) = bytes.split_first_chunk::<8>()?;
        let performance = u64::from_be_bytes(performance.try_into().ok()?);
        Some(Self { work: u64::from_be_bytes(*work), performance })
    }
}
