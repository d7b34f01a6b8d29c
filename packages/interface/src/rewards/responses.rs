//! Answers of rewards.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint128};

/// What was fixed at instantiation.
#[cw_serde]
#[derive(Eq)]
pub struct ConfigResponse {
    /// The registry.
    pub registry: Addr,
    /// Training.
    pub training: Addr,
}

/// A piece of the line of work, and its tokens.
#[cw_serde]
#[derive(Eq)]
pub struct Segment {
    /// Where it begins: work before it.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// The market's epoch whose volume pays it.
    pub epoch: u32,
    /// Tokens bought for it.
    pub tokens: Uint128,
    /// Work of it that was paid.
    pub paid_work: u64,
    /// Tokens of it that were paid.
    pub paid_tokens: Uint128,
    /// Whether no more tokens will be bought for it.
    pub closed: bool,
}

/// How an epoch's budget came about.
#[cw_serde]
#[derive(Eq)]
pub struct Budget {
    /// The epoch.
    pub epoch: u32,
    /// V: the market's volume in it.
    pub volume: Uint128,
    /// P_model, in millionths.
    pub performance: u64,
    /// What earlier epochs left in the market's rewards ledger.
    pub carry: Uint128,
    /// min(rate·V·P + P·carry/26, the ledger).
    pub budget: Uint128,
    /// What of it was spent.
    pub spent: Uint128,
}

/// Where a model's rewards stand.
#[cw_serde]
#[derive(Eq)]
pub struct ModelRewardsResponse {
    /// The market's epoch now.
    pub epoch: u32,
    /// The last budget, if there was one.
    pub budget: Option<Budget>,
    /// The open segment, if there is one.
    pub open: Option<Segment>,
    /// Work that no segment has yet.
    pub uncut_work: u64,
    /// P_model, in millionths.
    pub performance: u64,
    /// Tokens here that belong to this model's operators.
    pub owed: Uint128,
}

/// A segment.
#[cw_serde]
#[derive(Eq)]
pub struct SegmentResponse {
    /// None where it is not cut yet.
    pub segment: Option<Segment>,
}

/// Segments.
#[cw_serde]
#[derive(Eq)]
pub struct SegmentsResponse {
    /// In order.
    pub segments: Vec<Segment>,
}

/// Work that is not paid yet.
#[cw_serde]
#[derive(Eq)]
pub struct Piece {
    /// Work of the model before its round.
    pub offset: u64,
    /// Seats.
    pub work: u32,
    /// Tokens due for it now, if pieces are claimed in this order; a unit more or less if others claim
    /// before. None while its segment is not closed.
    pub due: Option<Uint128>,
}

/// An operator's work.
#[cw_serde]
#[derive(Eq)]
pub struct OperatorResponse {
    /// In order.
    pub pieces: Vec<Piece>,
}
