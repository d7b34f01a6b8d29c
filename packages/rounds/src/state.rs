//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Storage, Timestamp, Uint128};
use cw_storage_plus::{Item, Map};
use modelbond_interface::training::{
    Answer, Group, Hash32, Mode, Outcome, Phase, Round, Run, Seat, SeatId, Stage, Window,
};

use crate::digest::{derived, Task};
use crate::RoundError;

/// What may be done now in a run's open round: everything that a commit or a reveal must know, in one
/// short record, so that neither reads the round.
#[cw_serde]
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
pub const RUNS: Map<u64, Run> = Map::new("runs");

/// Model → its run that is not closed. Appears with `open_run`, goes with `close_run`.
pub const OPEN_RUNS: Map<&Addr, u64> = Map::new("open_runs");

/// Model, number → (). For the list of a model's runs.
pub const MODEL_RUNS: Map<(&Addr, u64), cosmwasm_std::Empty> = Map::new("model_runs");

/// Run, number → round. Appears when it opens, stays.
pub const ROUNDS: Map<(u64, u64), Round> = Map::new("rounds");

/// Run → what may be done now. Appears with a round, goes when it is final.
pub const TURNS: Map<u64, Turn> = Map::new("turns");

/// Run, round, group → group. Appears when it is drawn, stays.
pub const GROUPS: Map<(u64, u64, u8), Group> = Map::new("groups");

/// Run, round, seat → who. Appears when it is drawn, stays.
pub const SEATS: Map<(u64, u64, u32), Seat> = Map::new("seats");

/// Run, round, due → it was claimed.
pub const CLAIMED: Map<(u64, u64, u64), cosmwasm_std::Empty> = Map::new("claimed");

/// Run, round, account → how often it advanced the round.
pub const ADVANCES: Map<(u64, u64, &Addr), u32> = Map::new("advances");

/// Hashes that are written often lie bare, not as JSON: run, round, seat → commit, and → D("work", …);
/// run → X of the round.
const COMMITS: Map<(u64, u64, u32), cosmwasm_std::Empty> = Map::new("commits");
const REVEALS: Map<(u64, u64, u32), cosmwasm_std::Empty> = Map::new("reveals");
const SALTS: Map<u64, cosmwasm_std::Empty> = Map::new("salts");

/// Run, round, D("work", …) → the answer. Appears with the first reveal of it, stays.
const ANSWERS: Map<(u64, u64, &[u8]), cosmwasm_std::Empty> = Map::new("answers");

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

fn hash(bytes: Option<Vec<u8>>) -> Option<Hash32> {
    bytes.and_then(|bytes| bytes.try_into().ok()).map(Hash32)
}

/// What a seat committed to.
pub fn commit_of(store: &dyn Storage, (run, round): RoundKey, seat: SeatId) -> Option<Hash32> {
    hash(store.get(&COMMITS.key((run, round, seat_key(seat)))))
}

pub(crate) fn save_commit(
    store: &mut dyn Storage,
    (run, round): RoundKey,
    seat: SeatId,
    commit: Hash32,
) {
    store.set(&COMMITS.key((run, round, seat_key(seat))), &commit.0);
}

/// What a seat showed.
pub fn reveal_of(store: &dyn Storage, (run, round): RoundKey, seat: SeatId) -> Option<Hash32> {
    hash(store.get(&REVEALS.key((run, round, seat_key(seat)))))
}

pub(crate) fn save_reveal(
    store: &mut dyn Storage,
    (run, round): RoundKey,
    seat: SeatId,
    work: Hash32,
) {
    store.set(&REVEALS.key((run, round, seat_key(seat))), &work.0);
}

/// X of a run's open round.
pub fn salts_of(store: &dyn Storage, run_id: u64) -> Hash32 {
    hash(store.get(&SALTS.key(run_id))).unwrap_or_default()
}

pub(crate) fn save_salts(store: &mut dyn Storage, run_id: u64, salts: Hash32) {
    store.set(&SALTS.key(run_id), &salts.0);
}

/// An answer that somebody showed.
pub fn answer_of(store: &dyn Storage, (run, round): RoundKey, work: Hash32) -> Option<Answer> {
    store.get(&ANSWERS.key((run, round, &work.0))).and_then(|bytes| read_answer(&bytes))
}

pub(crate) fn save_answer(
    store: &mut dyn Storage,
    (run, round): RoundKey,
    work: Hash32,
    answer: &Answer,
) {
    let key = ANSWERS.key((run, round, &work.0));
    if store.get(&key).is_none() {
        store.set(&key, &write_answer(answer));
    }
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

/// Outcome in one byte, four hashes, then the numbers, big-endian.
fn write_answer(answer: &Answer) -> Vec<u8> {
    let outcome = match answer.outcome {
        Outcome::Result => 0,
        Outcome::Unavailable => 1,
        Outcome::Diverged => 2,
    };
    let mut bytes = vec![outcome];
    for hash in [answer.shard_root, answer.result_hash, answer.update_hash, answer.trace_root] {
        bytes.extend(hash.0);
    }
    for number in [answer.steps, answer.samples, answer.correct] {
        bytes.extend(number.to_be_bytes());
    }
    for number in [answer.loss_before, answer.loss_after] {
        bytes.extend(number.to_be_bytes());
    }
    bytes
}

fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let (&outcome, mut rest) = bytes.split_first()?;
    let outcome = match outcome {
        0 => Outcome::Result,
        1 => Outcome::Unavailable,
        _ => Outcome::Diverged,
    };
    fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
        let (head, tail) = rest.split_first_chunk()?;
        *rest = tail;
        Some(*head)
    }
    Some(Answer {
        outcome,
        shard_root: Hash32(take(&mut rest)?),
        result_hash: Hash32(take(&mut rest)?),
        update_hash: Hash32(take(&mut rest)?),
        trace_root: Hash32(take(&mut rest)?),
        steps: u32::from_be_bytes(take(&mut rest)?),
        samples: u32::from_be_bytes(take(&mut rest)?),
        correct: u32::from_be_bytes(take(&mut rest)?),
        loss_before: u64::from_be_bytes(take(&mut rest)?),
        loss_after: u64::from_be_bytes(take(&mut rest)?),
    })
}

/// What a user paid and said in an epoch.
#[cw_serde]
#[derive(Default)]
pub struct UserEpoch {
    /// What of the payments cannot return to the payer.
    pub paid: Uint128,
    /// What was said.
    pub score: Option<u8>,
}

/// What users said in an epoch.
#[cw_serde]
#[derive(Default)]
pub struct Opinion {
    /// Weight of scores 9 and 10.
    pub promoters: Uint128,
    /// Weight of scores 7 and 8.
    pub passives: Uint128,
    /// Weight of scores 0 to 6.
    pub detractors: Uint128,
}

/// Users who paid within the last 30 days.
#[cw_serde]
#[derive(Default)]
pub struct Adoption {
    /// How many.
    pub users: u32,
    /// Days since 1970 before this one are no longer counted.
    pub counted_from: u64,
}

/// Run, user, epoch → what the user paid and said. Appears with a credit, stays.
pub const USER_EPOCHS: Map<(u64, &Addr, u64), UserEpoch> = Map::new("user_epochs");

/// Run, epoch → what users said. Appears with the first feedback, stays.
pub const OPINIONS: Map<(u64, u64), Opinion> = Map::new("opinions");

/// Run, user → day of the last payment. Appears with a credit, stays.
pub const LAST_PAID: Map<(u64, &Addr), u64> = Map::new("last_paid");

/// Run, day → users whose last payment was on it. Appears with a credit; goes to 0, stays.
pub const DAYS: Map<(u64, u64), u32> = Map::new("days");

/// Run → users who paid within the last 30 days. Appears with a credit.
pub const ADOPTION: Map<u64, Adoption> = Map::new("adoption");

/// When a run's hold ends, as messages name it.
#[must_use]
pub fn hold_until(now: Timestamp) -> Timestamp {
    now.plus_seconds(modelbond_interface::training::HOLD_SECS)
}
