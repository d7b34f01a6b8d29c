//! Sources: what is one, its chain hash, and which one answers for a time.

use cosmwasm_std::{Api, Binary, HexBinary, Storage, Timestamp};
use modelbond_interface::beacon::{Source, SourceInfo};
use sha2::{Digest, Sha256};

use crate::signature::{ensure_key, ensure_length};
use crate::state::{StoredSource, SOURCES};
use crate::ContractError;

/// Bytes of a hash.
pub(crate) const HASH_LENGTH: usize = 32;
/// A source may not be slower.
const MAX_PERIOD_SECS: u64 = 86_400;
const MAX_BEACON_ID_LENGTH: u64 = 64;
/// The beacon id that drand leaves out of the chain hash, like the empty one.
const DEFAULT_BEACON_ID: &str = "default";

/// Index of the source of instantiation.
pub(crate) const FIRST: u8 = 0;
/// Index of the one it is switched to.
pub(crate) const SECOND: u8 = 1;

/// drand's chain hash: sha256(u32be period ‖ i64be genesis ‖ public key ‖ group hash ‖ beacon id),
/// where the default beacon's id is left out.
#[must_use]
pub fn chain_hash(source: &Source) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(source.period_secs.to_be_bytes());
    // An i64 of seconds has the same bytes: no timestamp comes near its sign.
    hash.update(source.genesis_at.seconds().to_be_bytes());
    hash.update(&source.public_key);
    hash.update(&source.group_hash);
    if source.beacon_id != DEFAULT_BEACON_ID {
        hash.update(&source.beacon_id);
    }
    hash.finalize().into()
}

/// Checks a source and its chain hash. It answers for `starts_at` and later, and is central unless
/// it is one of `public_networks`.
pub(crate) fn checked(
    api: &dyn Api,
    source: Source,
    given: HexBinary,
    starts_at: Timestamp,
    public_networks: &[HexBinary],
) -> Result<StoredSource, ContractError> {
    ensure_bounds("period_secs", u64::from(source.period_secs), 1, MAX_PERIOD_SECS)?;
    ensure_whole_seconds("genesis_at", source.genesis_at)?;
    ensure_length("group_hash", &source.group_hash, HASH_LENGTH)?;
    let length = u64::try_from(source.beacon_id.len()).unwrap_or(u64::MAX);
    ensure_bounds("beacon_id: its length", length, 0, MAX_BEACON_ID_LENGTH)?;
    ensure_length("public_key", &source.public_key, crate::signature::PUBLIC_KEY_LENGTH)?;
    let computed = HexBinary::from(chain_hash(&source));
    if given != computed {
        return Err(ContractError::ChainHash { computed, given });
    }
    ensure_key(api, &source.public_key)?;
    let mut stored = StoredSource {
        public_key: source.public_key.into(),
        period_secs: source.period_secs,
        genesis_at: source.genesis_at,
        group_hash: source.group_hash.into(),
        beacon_id: source.beacon_id,
        central: !public_networks.contains(&computed),
        chain_hash: computed.into(),
        starts_at,
        first_round: 0,
        used: false,
    };
    let first = stored.grid().first(starts_at);
    stored.first_round = first.ok_or(ContractError::EndOfTime { at: starts_at })?;
    Ok(stored)
}

pub(crate) fn ensure_whole_seconds(
    field: &'static str,
    actual: Timestamp,
) -> Result<(), ContractError> {
    if actual.subsec_nanos() == 0 {
        return Ok(());
    }
    Err(ContractError::WholeSeconds { field, actual })
}

pub(crate) fn ensure_bounds(
    field: &'static str,
    actual: u64,
    least: u64,
    most: u64,
) -> Result<(), ContractError> {
    if (least..=most).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::Bounds { field, least, most, actual })
}

/// The one or two sources of a beacon.
pub(crate) struct Sources {
    pub(crate) first: StoredSource,
    pub(crate) second: Option<StoredSource>,
}

/// A round that answers for a time.
pub(crate) struct Due<'a> {
    pub(crate) index: u8,
    pub(crate) source: &'a StoredSource,
    pub(crate) round: u64,
    pub(crate) round_at: Timestamp,
}

impl Sources {
    pub(crate) fn load(storage: &dyn Storage) -> Result<Self, ContractError> {
        let first = SOURCES.load(storage, FIRST)?;
        let second = SOURCES.may_load(storage, SECOND)?;
        Ok(Self { first, second })
    }

    /// The source that answers for `at`.
    pub(crate) fn in_force(&self, at: Timestamp) -> (u8, &StoredSource) {
        match &self.second {
            Some(second) if at >= second.starts_at => (SECOND, second),
            _ => (FIRST, &self.first),
        }
    }

    pub(crate) fn get(&self, index: u8) -> Result<&StoredSource, ContractError> {
        let source = match index {
            FIRST => Some(&self.first),
            SECOND => self.second.as_ref(),
            _ => None,
        };
        source.ok_or(ContractError::NoSource { source_index: index })
    }

    /// The last round of a source: what it answers for the last moment before its successor's start.
    pub(crate) fn last_round(&self, index: u8) -> Option<u64> {
        let second = self.second.as_ref().filter(|_| index == FIRST)?;
        let last = Timestamp::from_nanos(second.starts_at.nanos().saturating_sub(1));
        self.first.grid().first(last)
    }

    /// The first round at or after `at`.
    pub(crate) fn first_round(&self, at: Timestamp) -> Result<Due<'_>, ContractError> {
        let starts_at = self.first.starts_at;
        if at < starts_at {
            return Err(ContractError::BeforeStart { at, starts_at });
        }
        let (index, source) = self.in_force(at);
        let grid = source.grid();
        let due = grid.first(at).and_then(|round| Some((round, grid.round_at(round)?)));
        let (round, round_at) = due.ok_or(ContractError::EndOfTime { at })?;
        Ok(Due { index, source, round, round_at })
    }

    /// The source as it is shown.
    pub(crate) fn info(&self, index: u8) -> Result<SourceInfo, ContractError> {
        let stored = self.get(index)?;
        let hex = |bytes: &Binary| HexBinary::from(bytes.as_slice());
        Ok(SourceInfo {
            index,
            source: Source {
                public_key: hex(&stored.public_key),
                period_secs: stored.period_secs,
                genesis_at: stored.genesis_at,
                group_hash: hex(&stored.group_hash),
                beacon_id: stored.beacon_id.clone(),
            },
            chain_hash: hex(&stored.chain_hash),
            starts_at: stored.starts_at,
            first_round: stored.first_round,
            last_round: self.last_round(index),
            central_beacon: stored.central,
        })
    }
}
