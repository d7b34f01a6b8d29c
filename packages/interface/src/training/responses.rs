//! Answers of training.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, Uint128};

use super::{Answer, Group, Hash32, Round, Run, Seat, SeatId};

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// The beacon.
    pub beacon: Addr,
    /// The nodes contract.
    pub nodes: Addr,
    /// How long unstaked tokens stay.
    pub unbonding_secs: u64,
    /// chainId of the EIP-712 domain of attestations.
    pub evm_chain_id: u64,
    /// Mints contributions.
    pub provenance: Addr,
    /// Pays operators for accepted work.
    pub rewards: Addr,
    /// Runs so far.
    pub runs: u64,
}

/// Answer to `run`.
#[cw_serde]
pub struct RunResponse {
    /// The run, if there is one.
    pub run: Option<Run>,
}

/// Answer to `runs`.
#[cw_serde]
pub struct RunsResponse {
    /// By number, ascending.
    pub runs: Vec<Run>,
}

/// Answer to `round`.
#[cw_serde]
pub struct RoundResponse {
    /// The round, if there is one.
    pub round: Option<Round>,
}

/// Answer to `rounds`.
#[cw_serde]
pub struct RoundsResponse {
    /// By number, ascending.
    pub rounds: Vec<Round>,
}

/// Answer to `group`.
#[cw_serde]
pub struct GroupResponse {
    /// The group, if it was drawn.
    pub group: Option<Group>,
}

/// Answer to `groups`.
#[cw_serde]
pub struct GroupsResponse {
    /// By number.
    pub groups: Vec<Group>,
}

/// What a seat showed.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Reveal {
    /// D("work", …): the same for everybody who found the same.
    pub work: Hash32,
    /// What was found.
    pub answer: Answer,
}

/// A seat, and what was done in it.
#[cw_serde]
pub struct SeatInfo {
    /// Where.
    pub id: SeatId,
    /// Who.
    pub seat: Seat,
    /// The commit, if it was made in time.
    pub commit: Option<Hash32>,
    /// What was shown, if it was in time.
    pub reveal: Option<Reveal>,
}

/// Answer to `seats`.
#[cw_serde]
pub struct SeatsResponse {
    /// By slot.
    pub seats: Vec<SeatInfo>,
}

/// Answer to `duties`.
#[cw_serde]
pub struct DutiesResponse {
    /// By stage, group and slot.
    pub seats: Vec<SeatInfo>,
}

/// Answer to `claimable`.
#[cw_serde]
pub struct ClaimableResponse {
    /// Who gets it.
    pub recipient: Addr,
    /// Tokens.
    pub amount: Uint128,
    /// Whether it was claimed.
    pub claimed: bool,
}

/// Answer to `security`.
#[cw_serde]
pub struct SecurityResponse {
    /// The roster's epoch.
    pub epoch: u64,
    /// Nodes that are ready.
    pub nodes: u32,
    /// Their units.
    pub units: u64,
    /// Their owners.
    pub owners: u32,
    /// Units of the largest owner.
    pub largest_owner_units: u64,
    /// The largest owner's part of all units.
    pub largest_owner_share: Decimal,
    /// How likely it is that all members of a group belong to a coalition with a fifth of all units,
    /// spread over many owners: 0.2^(1 + w).
    pub captured_group_20: Decimal,
    /// With three tenths.
    pub captured_group_30: Decimal,
    /// With two fifths.
    pub captured_group_40: Decimal,
    /// Whether a round on this roster may move the market.
    pub moves_market: bool,
    /// Whether it may although it is small: a test network.
    pub small_network: bool,
}

/// Answer to `feedback`.
#[cw_serde]
pub struct FeedbackResponse {
    /// The epoch.
    pub epoch: u64,
    /// Weight of scores 9 and 10.
    pub promoters: Uint128,
    /// Weight of scores 7 and 8.
    pub passives: Uint128,
    /// Weight of scores 0 to 6.
    pub detractors: Uint128,
    /// Net promoter score, −10,000 to 10,000 for −100 to 100; 0 where nobody said anything.
    pub nps: i32,
    /// Users who paid within the last 30 days.
    pub users: u32,
}

/// Answer to `user`.
#[cw_serde]
pub struct UserResponse {
    /// What was credited in the epoch.
    pub paid: Uint128,
    /// What the user said, 0 to 10.
    pub score: Option<u8>,
}

/// Answer to `pinned`.
#[cw_serde]
pub struct PinnedResponse {
    /// The roster's epoch; none where no round is open.
    pub epoch: Option<u64>,
}
