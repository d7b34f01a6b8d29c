//! What a group is, and what becomes of it.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint128};

use super::{Hash32, Stage};

/// What was found about a group.
#[cw_serde]
#[derive(Eq)]
pub enum Verdict {
    /// Not yet found.
    Open {},
    /// Accepted: all who answered agree, and so did those who checked.
    Accepted {
        /// How it was verified.
        by: Verified,
    },
    /// The trainer's answer is missing, wrong, or (mode `scored`) lowers no loss.
    Rejected {},
    /// Nothing can be said: nobody answered, no majority, nobody left who could check.
    Void {},
    /// The data could not be had, or the computation has no result: paid from the bond.
    Unavailable {},
}

/// How an accepted group was verified.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Verified {
    /// By nobody: there is no other node.
    None,
    /// By its witnesses.
    Witnesses,
    /// By its witnesses and by auditors.
    Audit,
    /// An audit was due and no node was left for it, or none answered.
    AuditMissed,
    /// By a jury.
    Jury,
}

/// A challenge of a group's answer.
#[cw_serde]
#[derive(Eq)]
pub struct Challenge {
    /// Who.
    pub by: Addr,
    /// What it staked on it.
    pub bond: Uint128,
    /// What it gets, once that is known.
    pub owed: Uint128,
}

/// A group.
#[cw_serde]
#[derive(Eq)]
pub struct Group {
    /// Its number, from 0.
    pub group: u8,
    /// The shard that it works on.
    pub shard: u32,
    /// Seed of its training.
    pub seed: Hash32,
    /// Seats of the work: the trainer and witnesses that were found.
    pub seats: u8,
    /// Auditors drawn; 0 if none.
    pub auditors: u8,
    /// Jurors drawn; 0 if none.
    pub jurors: u8,
    /// The stage in which the jury sits.
    pub jury_stage: Option<Stage>,
    /// Why it is checked, if it is.
    pub check: Check,
    /// The work that all who answered agree on, or that the jury found.
    pub work: Option<Hash32>,
    /// Its verdict.
    pub verdict: Verdict,
    /// What trainers are paid by: how much the loss fell, summed over the samples.
    pub quality: u64,
    /// The challenge, if there is one.
    pub challenge: Option<Challenge>,
    /// Jurors who found what the jury decided.
    pub majority: u8,
    /// What each of them gets.
    pub juror_pay: Uint128,
    /// Seats whose answer the jury found wrong: bit s for slot s.
    pub wrong: u16,
}

/// Why a group is checked.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Check {
    /// It is not, or that is not known yet.
    None,
    /// Drawn for an audit.
    Audit,
    /// Somebody is missing: auditors decide.
    Incomplete,
    /// Somebody differs: a jury.
    Jury,
    /// An audit differed, or somebody challenged: a jury, after the first checks.
    Appeal,
}
