//! Every hash of a round. D(tag, fields) = sha256("modelbond/v1/" ‖ tag ‖ 0x00 ‖ fields), each field after
//! its length in four bytes big-endian; numbers big-endian in the width of their type.
//!
//! ctx = chain id, contract, run, round, chain hash of the beacon: so that nothing of a round means
//! anything in another round, run, contract or chain.

use modelbond_interface::training::{Answer, Hash32, Outcome, SeatId, Stage};
use modelbond_signature::SignBytes;

/// The round that a hash is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Chain id.
    pub chain_id: String,
    /// Address of the training contract.
    pub contract: String,
    /// The run.
    pub run_id: u64,
    /// The round.
    pub round_id: u64,
    /// Chain hash of the beacon, as the round has it.
    pub beacon: Hash32,
}

/// What a group works with: everything of its work that is not an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The group.
    pub group: u8,
    /// The assignment seed A.
    pub assignment: Hash32,
    /// The algorithm.
    pub algorithm: Hash32,
    /// The model to begin with.
    pub base: Hash32,
    /// The shard.
    pub shard: u32,
    /// Seed of the training.
    pub seed: Hash32,
}

/// What a commit commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed<'a> {
    /// The assignment seed A.
    pub assignment: Hash32,
    /// The seat.
    pub seat: SeatId,
    /// The node in it.
    pub node_id: u64,
    /// The node's owner.
    pub owner: &'a str,
    /// D("work", …) or D("aggregate", …) of the answer.
    pub work: Hash32,
    /// 32 random bytes, never used twice.
    pub salt: Hash32,
}

impl Context {
    fn start(&self, tag: &'static str) -> SignBytes {
        SignBytes::new(tag)
            .field(&self.chain_id)
            .field(&self.contract)
            .field(self.run_id.to_be_bytes())
            .field(self.round_id.to_be_bytes())
            .field(self.beacon)
    }

    /// α = D("leader", ctx, R₁, b(R₁), σ₋₁): what leaders prove over.
    #[must_use]
    pub fn alpha(&self, round: u64, randomness: Hash32, last_seed: Hash32) -> Hash32 {
        let start = self.start("leader").field(round.to_be_bytes());
        start.field(randomness).field(last_seed).finish().into()
    }

    /// σ = D("seed", ctx, σ₋₁, b(R₁), β*); β* is empty where nobody proved.
    #[must_use]
    pub fn seed(&self, last_seed: Hash32, randomness: Hash32, best: &[u8]) -> Hash32 {
        self.start("seed").field(last_seed).field(randomness).field(best).finish().into()
    }

    /// A = D("assign", ctx, R₂, b(R₂), σ).
    #[must_use]
    pub fn assignment(&self, round: u64, randomness: Hash32, seed: Hash32) -> Hash32 {
        let start = self.start("assign").field(round.to_be_bytes());
        start.field(randomness).field(seed).finish().into()
    }

    /// What the leader's second output is over: D("leader2", ctx, A).
    #[must_use]
    pub fn second_alpha(&self, assignment: Hash32) -> Hash32 {
        self.start("leader2").field(assignment).finish().into()
    }

    /// What a revealed salt adds to X, which is the XOR of all of them: D("salt", ctx, group, slot, salt).
    #[must_use]
    pub fn salt(&self, seat: SeatId, salt: Hash32) -> Hash32 {
        let start = self.start("salt").field([seat.stage.index()]);
        start.field([seat.group]).field([seat.slot]).field(salt).finish().into()
    }

    /// C = D("check", ctx, R₃, b(R₃), A, X, β₂); β₂ is 32 zero bytes where it is missing.
    #[must_use]
    pub fn check(
        &self,
        (round, randomness): (u64, Hash32),
        assignment: Hash32,
        salts: Hash32,
        second: Option<&[u8]>,
    ) -> Hash32 {
        let start = self.start("check").field(round.to_be_bytes()).field(randomness);
        let start = start.field(assignment).field(salts);
        start.field(second.unwrap_or(&[0; 32])).finish().into()
    }

    /// D("work", ctx, group, A, outcome, algorithm, base, shard root, shard, seed, steps, samples,
    /// result hash, update hash, trace root, loss before, loss after, correct).
    #[must_use]
    pub fn work(&self, task: &Task, answer: &Answer) -> Hash32 {
        let start = self.start("work").field([task.group]).field(task.assignment);
        let start = start.field([outcome(answer.outcome)]).field(task.algorithm).field(task.base);
        let start = start.field(answer.shard_root).field(task.shard.to_be_bytes());
        numbers(start.field(task.seed), answer).finish().into()
    }

    /// D("aggregate", ctx, attempt, A, accepted groups, base, and the fields of the answer).
    #[must_use]
    pub fn aggregate(
        &self,
        attempt: u8,
        assignment: Hash32,
        (accepted, base): (u16, Hash32),
        answer: &Answer,
    ) -> Hash32 {
        let start = self.start("aggregate").field([attempt]).field(assignment);
        let start = start.field(accepted.to_be_bytes()).field(base);
        let start = start.field([outcome(answer.outcome)]).field(answer.shard_root);
        numbers(start, answer).finish().into()
    }

    /// D("commit", ctx, A, stage, group, slot, node, owner, work, salt). The stage is the phase and, for
    /// committees, the attempt.
    #[must_use]
    pub fn commit(&self, committed: &Committed) -> Hash32 {
        let Committed { assignment, seat, node_id, owner, work, salt } = committed;
        let start = self.start("commit").field(assignment).field([seat.stage.index()]);
        let start = start.field([seat.group]).field([seat.slot]).field(node_id.to_be_bytes());
        start.field(owner).field(work).field(salt).finish().into()
    }

    /// Which step of its trace a node must show: D("trace", C, stage, node) mod steps. None without steps.
    #[must_use]
    pub fn traced_step(
        &self,
        check: Hash32,
        stage: Stage,
        node_id: u64,
        steps: u32,
    ) -> Option<u32> {
        let start = self.start("trace").field(check).field([stage.index()]);
        let digest = start.field(node_id.to_be_bytes()).finish();
        let word = u128::from_be_bytes(*digest.first_chunk()?);
        word.checked_rem(steps.into()).and_then(|step| u32::try_from(step).ok())
    }

    /// D("allocation", ctx, group, work, NPS, C): the lot of a contribution (equation 1).
    #[must_use]
    pub fn allocation(&self, group: u8, work: Hash32, nps: i32, check: Hash32) -> [u8; 32] {
        let start = self.start("allocation").field([group]).field(work);
        start.field(nps.to_be_bytes()).field(check).finish()
    }
}

/// D(tag, seed, index): a seed of its own for one draw.
#[must_use]
pub fn derived(tag: &'static str, seed: Hash32, stage: u8, index: u8) -> [u8; 32] {
    SignBytes::new(tag).field(seed).field([stage]).field([index]).finish()
}

/// H(D) of a contribution to a round, which is the part of the dataset that its group learned from:
/// D("shard_data", dataset root, parts of the dataset, shard).
#[must_use]
pub fn shard_data(root: Hash32, shards: u32, shard: u32) -> Hash32 {
    let start = SignBytes::new("shard_data").field(root);
    start.field(shards.to_be_bytes()).field(shard.to_be_bytes()).finish().into()
}

/// What a slice of the holdout is committed to: sha256(salt ‖ root ‖ samples).
#[must_use]
pub fn slice(salt: Hash32, root: Hash32, samples: u32) -> Hash32 {
    use sha2::{Digest, Sha256};
    let start = Sha256::new().chain_update(salt).chain_update(root);
    Hash32(start.chain_update(samples.to_be_bytes()).finalize().into())
}

/// The role that an attestation names.
#[must_use]
pub fn role(seat: SeatId, jury: bool) -> &'static str {
    match seat.stage {
        Stage::Work if seat.slot == 0 => "trainer",
        Stage::Work => "witness",
        Stage::Check if !jury => "auditor",
        Stage::Check | Stage::Appeal => "juror",
        _ => "committee",
    }
}

fn outcome(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Result => 0,
        Outcome::Unavailable => 1,
        Outcome::Diverged => 2,
    }
}

fn numbers(start: SignBytes, answer: &Answer) -> SignBytes {
    start
        .field(answer.steps.to_be_bytes())
        .field(answer.samples.to_be_bytes())
        .field(answer.result_hash)
        .field(answer.update_hash)
        .field(answer.trace_root)
        .field(answer.loss_before.to_be_bytes())
        .field(answer.loss_after.to_be_bytes())
        .field(answer.correct.to_be_bytes())
}
