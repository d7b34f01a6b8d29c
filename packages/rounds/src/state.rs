//! What is stored.

use cosmwasm_std::{Addr, Storage, Timestamp, Uint128};
use cw_storage_plus::Item;
use modelbond_interface::training;
use modelbond_interface::training::{
    Answer, Group, Hash32, Mode, ModelWork, Phase, Round, Run, Seat, SeatId, Stage, Window,
};

use crate::digest::{derived, Task};
use crate::pack::Table;
use crate::RoundError;

/// What may be done now in a run's open round: everything that a commit or a reveal must know, in one
/// short record, so that neither reads the round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The round.
    pub round_id: u64,
    /// Its phase.
    pub phase: Phase,
    /// Until when.
    pub window: Option<Window>,
    /// The stage whose seats take part.
    pub stage: Stage,
    /// Chain hash of the beacon.
    pub beacon: Hash32,
    /// A.
    pub assignment: Hash32,
    /// C of the stage; none in the work itself.
    pub check: Option<Hash32>,
    /// The algorithm.
    pub algorithm: Hash32,
    /// The model to begin with.
    pub base: Hash32,
    /// How work is checked.
    pub mode: Mode,
    /// Parts of the dataset.
    pub shards: u32,
    /// Groups that were accepted.
    pub accepted: u16,
}

impl Turn {
    /// What a group works with.
    #[must_use]
    pub fn task(&self, group: u8) -> Task {
        Task {
            group,
            assignment: self.assignment,
            algorithm: self.algorithm,
            base: self.base,
            shard: shard(self.assignment, group, self.shards),
            seed: training_seed(self.assignment, group),
        }
    }
}

/// The shard of a group: D("shard", A, group) mod shards.
#[must_use]
pub fn shard(assignment: Hash32, group: u8, shards: u32) -> u32 {
    let digest = derived("shard", assignment, Stage::Work.index(), group);
    let word = digest.first_chunk().map(|bytes| u128::from_be_bytes(*bytes)).unwrap_or_default();
    let shard = word.checked_rem(shards.into()).unwrap_or_default();
    u32::try_from(shard).unwrap_or_default()
}

/// The seed of a group's training: D("training", A, group).
#[must_use]
pub fn training_seed(assignment: Hash32, group: u8) -> Hash32 {
    derived("training", assignment, Stage::Work.index(), group).into()
}

/// Runs so far.
pub const RUN_COUNT: Item<u64> = Item::new("run_count");

/// Number → run. Appears with `open_run`, stays.
pub const RUNS: Table<u64, Run> = Table::new("runs");

/// What a model's next run goes on from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The best composite performance so far, in millionths.
    pub best_score: u64,
    /// Holds so far.
    pub holds: u32,
}

/// Model → what its last run ended with, so that a new run forgets neither a peak nor a hold. Appears
/// with `close_run`, stays.
pub const RECORDS: Table<&Addr, Record> = Table::new("records");

/// Model → its run that is not closed. Appears with `open_run`, goes with `close_run`. Others read it.
pub const OPEN_RUNS: Table<&Addr, u64> = Table::new(training::OPEN_RUNS);

/// Model → paid seats of all its settled rounds, and its performance. Appears with the first settled round
/// that has any, stays. Others read it.
pub const WORK: Table<&Addr, ModelWork> = Table::new(training::WORK);

/// Model, n → its n-th run, from 1. Appears with `open_run`, stays.
pub const MODEL_RUNS: Table<(&Addr, u64), u64> = Table::new("model_runs");

/// Model → how many runs it has had.
pub const MODEL_RUN_COUNT: Table<&Addr, u64> = Table::new("model_run_count");

/// Run, number → round. Appears when it opens, stays.
pub const ROUNDS: Table<(u64, u64), Round> = Table::new("rounds");

/// Run → what may be done now. Appears with a round, goes when it is final.
pub const TURNS: Table<u64, Turn> = Table::new("turns");

/// Run, round, group → group. Appears when it is drawn, stays.
pub const GROUPS: Table<(u64, u64, u8), Group> = Table::new("groups");

/// Run, round, seat → who. Appears when it is drawn, stays.
pub const SEATS: Table<(u64, u64, u32), Seat> = Table::new("seats");

/// Run, round, due → it was claimed.
pub const CLAIMED: Table<(u64, u64, u64), bool> = Table::new("claimed");

/// Run, round, account → how often it advanced the round.
pub const ADVANCES: Table<(u64, u64, &Addr), u32> = Table::new("advances");

/// Run, round, seat → what it committed to. Appears with the commit, stays.
pub const COMMITS: Table<(u64, u64, u32), Hash32> = Table::new("commits");

/// Run, round, seat → D("work", …) that it showed. Appears with the reveal, stays.
pub const REVEALS: Table<(u64, u64, u32), Hash32> = Table::new("reveals");

/// Run → X of its open round, so far.
pub const SALTS: Table<u64, Hash32> = Table::new("salts");

/// Run, round, D("work", …) → the answer. Appears with the first reveal of it, stays.
pub const ANSWERS: Table<(u64, u64, &[u8]), Answer> = Table::new("answers");

/// A seat as part of a key: stage, group and slot in a byte each.
#[must_use]
pub fn seat_key(seat: SeatId) -> u32 {
    u32::from_be_bytes([0, seat.stage.index(), seat.group, seat.slot])
}

/// The reverse.
#[must_use]
pub fn seat_of_key(key: u32) -> Option<SeatId> {
    let [_, stage, group, slot] = key.to_be_bytes();
    let stage = *Stage::ALL.get(usize::from(stage))?;
    Some(SeatId { stage, group, slot })
}

/// A round's number in its run.
pub type RoundKey = (u64, u64);

/// What a seat committed to.
pub fn commit_of(store: &dyn Storage, key: RoundKey, seat: SeatId) -> Option<Hash32> {
    // Any 32 bytes are a hash, and nothing else was stored.
    COMMITS.may_load(store, (key.0, key.1, seat_key(seat))).ok().flatten()
}

/// What a seat showed.
pub fn reveal_of(store: &dyn Storage, key: RoundKey, seat: SeatId) -> Option<Hash32> {
    // Any 32 bytes are a hash, and nothing else was stored.
    REVEALS.may_load(store, (key.0, key.1, seat_key(seat))).ok().flatten()
}

/// An answer that somebody showed.
pub fn answer_of(store: &dyn Storage, key: RoundKey, work: Hash32) -> Option<Answer> {
    ANSWERS.may_load(store, (key.0, key.1, &work.0)).ok().flatten()
}

/// A seat.
pub fn seat_of(
    store: &dyn Storage,
    (run, round): RoundKey,
    seat: SeatId,
) -> Result<Seat, RoundError> {
    let found = SEATS.may_load(store, (run, round, seat_key(seat)))?;
    found.ok_or(RoundError::NoSeat { seat })
}

/// A run.
pub fn run_of(store: &dyn Storage, run_id: u64) -> Result<Run, RoundError> {
    RUNS.may_load(store, run_id)?.ok_or(RoundError::NoRun { run_id })
}

/// A round.
pub fn round_of(store: &dyn Storage, key: RoundKey) -> Result<Round, RoundError> {
    let (run_id, round_id) = key;
    ROUNDS.may_load(store, key)?.ok_or(RoundError::NoRound { run_id, round_id })
}

/// A group.
pub fn group_of(
    store: &dyn Storage,
    (run_id, round_id): RoundKey,
    group: u8,
) -> Result<Group, RoundError> {
    let found = GROUPS.may_load(store, (run_id, round_id, group))?;
    found.ok_or(RoundError::NoGroup { round_id, group })
}

/// What a user paid and said in an epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserEpoch {
    /// What of the payments cannot return to the payer.
    pub paid: Uint128,
    /// What was said.
    pub score: Option<u8>,
}

/// What users said in an epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinion {
    /// Weight of scores 9 and 10.
    pub promoters: Uint128,
    /// Weight of scores 7 and 8.
    pub passives: Uint128,
    /// Weight of scores 0 to 6.
    pub detractors: Uint128,
}

/// Users who paid within the last 30 days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// How many.
    pub users: u32,
    /// Days since 1970 before this one are no longer counted.
    pub counted_from: u64,
}

/// Run, user, epoch → what the user paid and said. Appears with a credit, stays.
pub const USER_EPOCHS: Table<(u64, &Addr, u64), UserEpoch> = Table::new("user_epochs");

/// Run, epoch → what users said. Appears with the first feedback, stays.
pub const OPINIONS: Table<(u64, u64), Opinion> = Table::new("opinions");

/// Run, user → day of the last payment. Appears with a credit, stays.
pub const LAST_PAID: Table<(u64, &Addr), u64> = Table::new("last_paid");

/// Run, day → users whose last payment was on it. Appears with a credit; goes to 0, stays.
pub const DAYS: Table<(u64, u64), u32> = Table::new("days");

/// Run → users who paid within the last 30 days. Appears with a credit.
pub const ADOPTION: Table<u64, Adoption> = Table::new("adoption");

/// When a run's hold ends, as messages name it.
#[must_use]
pub fn hold_until(now: Timestamp) -> Timestamp {
    now.plus_seconds(modelbond_interface::training::HOLD_SECS)
}
