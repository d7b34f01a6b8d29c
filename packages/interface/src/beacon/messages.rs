//! Messages and queries of the beacon.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{HexBinary, Timestamp};

use super::{
    ConfigResponse, FirstRoundResponse, LatestResponse, RandomnessResponse, RoundResponse,
    RoundsResponse, SourceResponse, SourcesResponse,
};

/// A network, or a single key, whose rounds can be verified: drand's chain information.
#[cw_serde]
pub struct Source {
    /// 96 bytes: a point of G2, compressed. Not the identity.
    pub public_key: HexBinary,
    /// Seconds from one round to the next, 1 to 86,400.
    pub period_secs: u32,
    /// When round 1 is, in whole seconds.
    pub genesis_at: Timestamp,
    /// drand's `group_hash`, 32 bytes.
    pub group_hash: HexBinary,
    /// drand's `beacon_id`, at most 64 bytes; `default` and the empty one are the same.
    pub beacon_id: String,
}

/// A stored round.
#[cw_serde]
#[derive(Copy)]
pub struct RoundId {
    /// 0: the source of instantiation; 1: the one it was switched to.
    pub source: u8,
    /// The source's own number.
    pub round: u64,
}

/// Makes a beacon. Nothing of it can be changed afterwards but what `switch_source` allows.
#[cw_serde]
pub struct InstantiateMsg {
    /// Source 0.
    pub source: Source,
    /// Its chain hash, 32 bytes. The contract computes it, too, and refuses another one:
    /// sha256(u32be period ‖ i64be genesis ‖ public key ‖ group hash ‖ beacon id), where the
    /// default beacon's id is left out.
    pub chain_hash: HexBinary,
    /// Earlier rounds are refused; they were known before anybody could draw from them. By
    /// default, and at the latest, the time of instantiation.
    pub starts_at: Option<Timestamp>,
    /// Who may send `switch_source`, once; has no other power. Nobody if none.
    pub owner: Option<String>,
    /// Chain hashes of the networks that count as public, 32 bytes each, at most 8. Any other
    /// source is central. `switch_source` may only lead to one of these.
    pub public_networks: Vec<HexBinary>,
    /// How long before it takes effect a switch is announced, at the least: one unbonding time,
    /// and so at least as far as anybody computes rounds ahead. 1 second to 1 year.
    pub notice_secs: u64,
    /// How long a round stays after it was submitted, at the least. From `notice_secs` to 10 years.
    pub retention_secs: u64,
}

/// Messages. No coins may be attached to any of them.
#[cw_serde]
pub enum ExecuteMsg {
    /// Hands in the signature of a round. Anyone may send it, at or after the round's time and
    /// however late. A stored round again is accepted without effect. drand's answer to
    /// `/public/{round}` fits as it is.
    SubmitRound {
        /// The source's own number.
        round: u64,
        /// 48 bytes: a point of G1, compressed.
        signature: HexBinary,
        /// sha256(signature); refused when it is anything else.
        randomness: Option<HexBinary>,
        /// Which source's round it is; by default the one in force.
        source: Option<u8>,
    },
    /// Announces the one switch there can be: from a central source to a public network. Only
    /// `owner` may send it. The answer to `first_round` changes for `switch_at` and later times,
    /// for no earlier one; it cannot be taken back.
    SwitchSource {
        /// Source 1.
        source: Source,
        /// Its chain hash, 32 bytes: computed, too, and one of `public_networks`.
        chain_hash: HexBinary,
        /// When it takes effect, in whole seconds: from `notice_secs` ahead to 30 days after
        /// that, and not before the network's genesis.
        switch_at: Timestamp,
    },
    /// Removes rounds that were submitted more than `retention_secs` ago. Anyone may send it. A
    /// removed round can be submitted again.
    Prune {
        /// Where to go on; from the lowest round by default.
        start_after: Option<RoundId>,
        /// How many rounds to look at, removed or not: 10 by default, at most 30.
        limit: Option<u32>,
    },
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What was fixed at instantiation.
    #[returns(ConfigResponse)]
    Config {},
    /// The source in force.
    #[returns(SourceResponse)]
    Source {},
    /// All sources, an announced one included.
    #[returns(SourcesResponse)]
    Sources {},
    /// The first round at or after a time, of the source in force at that time. Refused for times
    /// before the beacon's start.
    #[returns(FirstRoundResponse)]
    FirstRound {
        /// The time.
        at: Timestamp,
    },
    /// The same, with the round's randomness if it was submitted. Whoever draws names a time, not a
    /// round.
    #[returns(RandomnessResponse)]
    Randomness {
        /// The time.
        at: Timestamp,
    },
    /// A round by its number.
    #[returns(RoundResponse)]
    Round {
        /// 0: the source of instantiation; 1: the one it was switched to.
        source: u8,
        /// The source's own number.
        round: u64,
    },
    /// Stored rounds, by source and number, ascending.
    #[returns(RoundsResponse)]
    Rounds {
        /// Round after which to start.
        start_after: Option<RoundId>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The stored round of the newest source with the highest number.
    #[returns(LatestResponse)]
    Latest {},
}
