//! What a round is.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Timestamp, Uint128};

use super::Hash32;

/// What may happen now. In this order; `confirm_*` up to three times, `check_*` once or twice.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Phase {
    /// Waits for the beacon round that leaders prove over.
    Opening,
    /// Leaders prove.
    Elect,
    /// Waits for the beacon round that assigns.
    Seeding,
    /// Groups are being drawn, some with each `advance`.
    Assign,
    /// Members of groups commit.
    Commit,
    /// They reveal.
    Reveal,
    /// Mode `scored`: witnesses commit to their scores of the revealed updates.
    ScoreCommit,
    /// They reveal.
    ScoreReveal,
    /// Waits for the beacon round that checks are drawn from.
    CheckSeeding,
    /// Auditors and juries are being drawn.
    CheckAssign,
    /// Auditors and jurors commit.
    CheckCommit,
    /// They reveal.
    CheckReveal,
    /// Verdicts are being found, some with each `advance`.
    Judge,
    /// Penalties are being taken, some with each `advance`.
    Penalize,
    /// The leader posts the new model.
    Post,
    /// The committee commits.
    ConfirmCommit,
    /// It reveals.
    ConfirmReveal,
    /// Waits for `settle`.
    Settle,
    /// Final.
    Final,
}

impl Phase {
    /// Whether the round's slice of the holdout may be opened in it: when those commits are over that could be
    /// made to fit the slice, and before a leader posts.
    #[must_use]
    pub fn opens_slices(self) -> bool {
        matches!(
            self,
            Self::Reveal
                | Self::ScoreReveal
                | Self::CheckSeeding
                | Self::CheckAssign
                | Self::CheckCommit
                | Self::CheckReveal
                | Self::Judge
                | Self::Penalize
        )
    }
}

/// In what a seat takes part.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Stage {
    /// The work itself; slot 0 is the trainer, the others are witnesses.
    Work,
    /// Audits and first juries.
    Check,
    /// Juries about what audits and challenges found.
    Appeal,
    /// First committee, `group` 0.
    Committee,
    /// Second committee, of the second leader.
    SecondCommittee,
    /// Third.
    ThirdCommittee,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::Work,
        Self::Check,
        Self::Appeal,
        Self::Committee,
        Self::SecondCommittee,
        Self::ThirdCommittee,
    ];

    /// Its number, from 0.
    #[must_use]
    pub fn index(self) -> u8 {
        match self {
            Self::Work => 0,
            Self::Check => 1,
            Self::Appeal => 2,
            Self::Committee => 3,
            Self::SecondCommittee => 4,
            Self::ThirdCommittee => 5,
        }
    }

    /// The committee of the n-th leader, from 0.
    #[must_use]
    pub fn committee(attempt: u8) -> Option<Self> {
        [Self::Committee, Self::SecondCommittee, Self::ThirdCommittee]
            .get(usize::from(attempt))
            .copied()
    }
}

/// A place in a round.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct SeatId {
    /// In what.
    pub stage: Stage,
    /// Which group, from 0; 0 for committees.
    pub group: u8,
    /// Which place in it, from 0.
    pub slot: u8,
}

/// What became of a computation.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Outcome {
    /// There is a result.
    Result,
    /// The data could not be had.
    Unavailable,
    /// The computation has no finite result.
    Diverged,
}

/// What a member of a group found. Everybody who does the same work finds the same.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Answer {
    /// What became of it. If it is no result, everything else is zero.
    pub outcome: Outcome,
    /// Root of the shard's rows; of the holdout slice's for a committee.
    pub shard_root: Hash32,
    /// Steps of the computation, with one leaf of the trace each; samples of the slice for a committee.
    pub steps: u32,
    /// Rows that it was scored on.
    pub samples: u32,
    /// The model that comes out.
    pub result_hash: Hash32,
    /// The update; the release's manifest for a committee.
    pub update_hash: Hash32,
    /// Root of the Merkle tree (RFC 9162) over the trace.
    pub trace_root: Hash32,
    /// Sum of the losses of all samples before, in millionths.
    pub loss_before: u64,
    /// After.
    pub loss_after: u64,
    /// Samples that the resulting model classifies right.
    pub correct: u32,
}

impl Answer {
    /// An answer without a result: everything else is zero.
    #[must_use]
    pub fn without(outcome: Outcome) -> Self {
        let zero = Hash32::default();
        Self {
            outcome,
            shard_root: zero,
            steps: 0,
            samples: 0,
            result_hash: zero,
            update_hash: zero,
            trace_root: zero,
            loss_before: 0,
            loss_after: 0,
            correct: 0,
        }
    }
}

/// A leaf of the trace at a step that is drawn for the node: nobody has it who did not do the steps.
#[cw_serde]
#[derive(Eq)]
pub struct TraceProof {
    /// The leaf.
    pub leaf: Hash32,
    /// RFC 9162, 2.1.3: at most 32 hashes.
    pub path: Vec<Hash32>,
}

/// A beacon round whose number follows from a time. It was not known when it was pinned.
#[cw_serde]
#[derive(Eq)]
pub struct Pin {
    /// The time: the round is the first one at or after it.
    pub at: Timestamp,
    /// Its number.
    pub round: u64,
    /// Chain hash of its source.
    pub chain_hash: Hash32,
    /// Whether one key can foresee it.
    pub central: bool,
}

/// When a phase may end: at the later of both.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Window {
    /// When it began.
    pub opened_at: Timestamp,
    /// The first time at which it may end.
    pub ends_at: Timestamp,
    /// The first block in which it may end.
    pub ends_height: u64,
}

/// Somebody who proved a ticket.
#[cw_serde]
#[derive(Eq)]
pub struct Leader {
    /// The node.
    pub node_id: u64,
    /// Its owner.
    pub owner: Addr,
    /// Its own account.
    pub account: Addr,
    /// Its VRF key.
    pub vrf_key: Hash32,
    /// Its owner's number in rosters.
    pub owner_id: u64,
    /// Its first unit in the roster.
    pub first_unit: u64,
    /// Its units.
    pub units: u32,
    /// The ticket: the lowest wins.
    pub ticket: Uint128,
    /// β of the proof, 64 bytes; empty for one who leads without a proof.
    pub output: Binary,
}

/// Somebody drawn.
#[cw_serde]
#[derive(Eq)]
pub struct Seat {
    /// The node.
    pub node_id: u64,
    /// Its owner.
    pub owner: Addr,
    /// Its owner's number in rosters.
    pub owner_id: u64,
    /// Its first unit in the roster.
    pub first_unit: u64,
    /// Its units.
    pub units: u32,
    /// Class of build and architecture.
    pub class: u32,
    /// The account of its own.
    pub account: Addr,
    /// The key that signs its attestation, 33 bytes: the one that counted in the roster's epoch.
    pub attestation_key: Binary,
    /// Since which epoch that key counts.
    pub key_epoch: u64,
    /// Class of the machine, self-reported.
    pub device_class: String,
}

/// What a round pays, known when it waits for `settle`.
#[cw_serde]
#[derive(Default, Eq)]
pub struct Pay {
    /// S_max of all contributions, with what was rolled over.
    pub trainers: Uint128,
    /// What of it was rolled over from earlier rounds.
    pub from_rolled_over: Uint128,
    /// Σ quality of accepted groups.
    pub quality: u64,
    /// What the accepted contributions drew of it.
    pub drawn: Uint128,
    /// For each witness or auditor who agreed with an accepted answer.
    pub per_witness: Uint128,
    /// How many of them.
    pub witnesses: u32,
    /// For the leader whose result was confirmed.
    pub leader: Uint128,
    /// For each member of the committee that confirmed it.
    pub per_member: Uint128,
    /// How many of them.
    pub members: u32,
    /// For each `advance`.
    pub per_advance: Uint128,
    /// How many of them.
    pub advances: u32,
    /// From the bond, for each member of a group that found no data.
    pub per_unavailable: Uint128,
    /// How many of them.
    pub unavailable: u32,
}

/// A leader's result.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Aggregate {
    /// The new model, scored on the round's slice of the holdout.
    pub answer: Answer,
    /// Groups whose updates are in it: bit g for group g.
    pub accepted: u16,
    /// D("aggregate", …) of it.
    pub work: Hash32,
}

/// The round's slice of the holdout.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Slice {
    /// Root of its rows.
    pub root: Hash32,
    /// Rows.
    pub samples: u32,
}

/// The roster that a round draws from, which does not change any more.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub struct RosterPin {
    /// Its epoch.
    pub epoch: u64,
    /// Members.
    pub nodes: u32,
    /// Units.
    pub units: u64,
    /// Owners with units.
    pub owners: u32,
    /// Units of the largest owner.
    pub largest_owner_units: u64,
}

/// Everything that draws are made from.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub struct Seeds {
    /// α: what leaders prove over.
    pub alpha: Option<Hash32>,
    /// σ.
    pub seed: Option<Hash32>,
    /// A.
    pub assignment: Option<Hash32>,
    /// C of the first checks.
    pub check: Option<Hash32>,
    /// C of the appeals.
    pub appeal: Option<Hash32>,
    /// X: the XOR of all revealed salts' digests, once reveals are over.
    pub salts: Hash32,
}

/// Who leads.
#[cw_serde]
#[derive(Default, Eq)]
pub struct Lead {
    /// The queue: at most three, best first.
    pub leaders: Vec<Leader>,
    /// Nobody proved: the first trainers lead, and no metrics are reported.
    pub beacon_only: bool,
    /// The best leader's second output, 64 bytes; without it that leader is unpaid.
    pub second_output: Option<Binary>,
    /// Whose turn it is, from 0.
    pub attempt: u8,
}

/// The model that comes out.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub struct NewModel {
    /// The slice of the holdout, once its owner opened it.
    pub slice: Option<Slice>,
    /// The leader's result.
    pub aggregate: Option<Aggregate>,
    /// Members of the committee.
    pub committee: u8,
    /// Whether the committee confirmed it.
    pub confirmed: bool,
    /// The model from now on, once the round is final; the old one if nothing was confirmed.
    pub result_hash: Option<Hash32>,
}

/// A round whose result a later round begins with.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct BuiltOn {
    /// Its number.
    pub round_id: u64,
    /// Its accepted groups, whose contributions are in the model: bit g for group g.
    pub accepted: u16,
}

/// What a settled round was worth.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub struct Worth {
    /// ΔM: how much of the holdout loss is gone, in millionths, −1,000,000 to 1,000,000; 0 unless it
    /// reported metrics.
    pub improvement: i32,
    /// Work of the model before it.
    pub offset: u64,
    /// Paid seats.
    pub work: u32,
}

/// A round.
#[cw_serde]
pub struct Round {
    /// The run.
    pub run_id: u64,
    /// Its number in the run, from 1.
    pub round_id: u64,
    /// Which roster it draws from.
    pub roster: RosterPin,
    /// Net promoter score, frozen at opening: −10,000 to 10,000 for −100 to 100.
    pub nps: i32,
    /// What it may pay; reserved at opening.
    pub budget: Uint128,
    /// What may happen now.
    pub phase: Phase,
    /// Until when; for phases that wait for actors.
    pub window: Option<Window>,
    /// The beacon round that is waited for.
    pub pin: Option<Pin>,
    /// Chain hash of the source of the first beacon round: in every digest of the round.
    pub beacon: Hash32,
    /// Whether one key could foresee any of its beacon rounds.
    pub central_beacon: bool,
    /// What draws are made from.
    pub seeds: Seeds,
    /// Who leads.
    pub lead: Lead,
    /// Groups that were drawn.
    pub groups: u8,
    /// Where `advance` goes on, in phases that take several.
    pub next: u8,
    /// Checks are in the second pass.
    pub appealing: bool,
    /// Groups that were accepted: bit g for group g.
    pub accepted: u16,
    /// Units of nodes with accepted work.
    pub accepted_units: u64,
    /// The model that comes out.
    pub model: NewModel,
    /// Whether two builds disagreed: nobody is slashed, nothing changes.
    pub held: bool,
    /// What it pays.
    pub pay: Pay,
    /// Calls of `advance` so far.
    pub advances: u32,
    /// When it began.
    pub opened_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// The round that its model comes from; none at the beginning of a run.
    pub built_on: Option<BuiltOn>,
    /// What it was worth, once it is settled.
    pub worth: Worth,
}
