//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, HexBinary, Timestamp};
use cw_storage_plus::{Item, Map};

use crate::grid::Grid;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// Who may announce the switch.
    pub owner: Option<Addr>,
    /// Chain hashes of the networks that count as public.
    pub public_networks: Vec<HexBinary>,
    /// How long before it takes effect a switch is announced, at the least.
    pub notice_secs: u64,
    /// How long a round stays after it was submitted, at the least.
    pub retention_secs: u64,
}

/// A source. Only `used` changes after it was stored.
#[cw_serde]
pub struct StoredSource {
    /// 96 bytes.
    pub public_key: Binary,
    /// Seconds from one round to the next.
    pub period_secs: u32,
    /// When round 1 is.
    pub genesis_at: Timestamp,
    /// 32 bytes.
    pub group_hash: Binary,
    /// drand's `beacon_id`.
    pub beacon_id: String,
    /// 32 bytes: sha256 of the fields above.
    pub chain_hash: Binary,
    /// Since when it is in force, or from when.
    pub starts_at: Timestamp,
    /// The first round at or after `starts_at`.
    pub first_round: u64,
    /// Whether it is none of the public networks.
    pub central: bool,
    /// Whether a round of it was ever stored.
    pub used: bool,
}

impl StoredSource {
    /// When its rounds are.
    pub(crate) fn grid(&self) -> Grid {
        Grid { genesis_at: self.genesis_at, period_secs: self.period_secs }
    }
}

/// A round whose signature was verified; its randomness is sha256(signature).
#[cw_serde]
pub struct StoredRound {
    /// 48 bytes.
    pub signature: Binary,
    /// When it was submitted.
    pub submitted_at: Timestamp,
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");

/// Index → source. 0 appears at instantiation, 1 with `switch_source`; neither goes.
pub const SOURCES: Map<u8, StoredSource> = Map::new("sources");

/// Source index, round number → round. Appears with `submit_round`, goes with `prune`.
pub const ROUNDS: Map<(u8, u64), StoredRound> = Map::new("rounds");
