//! Answers of the beacon.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, HexBinary, Timestamp};

use super::Source;

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// Who may announce the switch; nobody if none.
    pub owner: Option<Addr>,
    /// Chain hashes of the networks that count as public.
    pub public_networks: Vec<HexBinary>,
    /// How long before it takes effect a switch is announced, at the least.
    pub notice_secs: u64,
    /// How long a round stays after it was submitted, at the least.
    pub retention_secs: u64,
}

/// A source as the beacon uses it.
#[cw_serde]
pub struct SourceInfo {
    /// 0: the source of instantiation; 1: the one it is switched to.
    pub index: u8,
    /// What it is.
    pub source: Source,
    /// Its chain hash, 32 bytes.
    pub chain_hash: HexBinary,
    /// Since when it is in force, or from when.
    pub starts_at: Timestamp,
    /// The first round that is accepted.
    pub first_round: u64,
    /// The last round that is accepted: the first at or after the latest time that this source
    /// answers for. None without a successor.
    pub last_round: Option<u64>,
    /// Whether one key can foresee and withhold every round.
    pub central_beacon: bool,
}

/// Answer to `source`.
#[cw_serde]
pub struct SourceResponse {
    /// The source in force.
    pub source: SourceInfo,
}

/// Answer to `sources`.
#[cw_serde]
pub struct SourcesResponse {
    /// One or two, by index.
    pub sources: Vec<SourceInfo>,
}

/// Answer to `first_round`.
#[cw_serde]
pub struct FirstRoundResponse {
    /// Whose round it is.
    pub source: u8,
    /// That source's chain hash, 32 bytes.
    pub chain_hash: HexBinary,
    /// The round's number.
    pub round: u64,
    /// When it is due.
    pub round_at: Timestamp,
    /// Whether this answer can never change. Always so for times less than `notice_secs` ahead.
    pub fixed: bool,
    /// Whether one key can foresee and withhold the round.
    pub central_beacon: bool,
}

/// Answer to `randomness`.
#[cw_serde]
pub struct RandomnessResponse {
    /// Which round it is.
    pub first: FirstRoundResponse,
    /// sha256 of the round's signature, 32 bytes; none until it is submitted.
    pub randomness: Option<HexBinary>,
}

/// A round whose signature was verified.
#[cw_serde]
pub struct Round {
    /// Whose round it is.
    pub source: u8,
    /// The source's own number.
    pub round: u64,
    /// When it was due.
    pub round_at: Timestamp,
    /// 48 bytes: a point of G1, compressed.
    pub signature: HexBinary,
    /// sha256(signature), 32 bytes.
    pub randomness: HexBinary,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Whether one key could foresee and withhold it.
    pub central_beacon: bool,
}

/// Answer to `round`.
#[cw_serde]
pub struct RoundResponse {
    /// None where it was not submitted, or is no longer kept.
    pub round: Option<Round>,
}

/// Answer to `rounds`.
#[cw_serde]
pub struct RoundsResponse {
    /// By source and number, ascending.
    pub rounds: Vec<Round>,
}

/// Answer to `latest`.
#[cw_serde]
pub struct LatestResponse {
    /// None where no round is stored.
    pub round: Option<Round>,
}
