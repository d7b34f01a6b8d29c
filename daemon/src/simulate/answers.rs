//! What is found, honest or not: hashes of what is worked on. There is one truth and one lie.

use modelbond_interface::training::{Answer, Hash32, Outcome, Slice};
use modelbond_rounds::merkle;

use super::{digest, word};

/// Steps of a group's work.
const STEPS: u32 = 5;
/// Rows of a shard.
const ROWS: u32 = 100;
/// Sum of the losses before the work.
const LOSS_BEFORE: u64 = 70_000_000;

/// An answer with its trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The answer.
    pub answer: Answer,
    /// Leaves of its trace.
    pub leaves: Vec<[u8; 32]>,
}

/// What a group finds that trains with this seed. Who lies says that nothing is left of the loss, which
/// pays best.
#[must_use]
pub fn work(seed: Hash32, lie: bool) -> Found {
    let fall = 10_000_000 + 10_000 * (word(digest(&[b"loss", &seed.0])) % 256);
    let loss_after = if lie { 0 } else { LOSS_BEFORE - fall };
    found(seed, lie, (digest(&[b"shard", &seed.0]), STEPS, ROWS), loss_after)
}

/// What a leader and a committee find on the round's slice.
#[must_use]
pub fn aggregate(assignment: Hash32, accepted: u16, slice: Option<Slice>, lie: bool) -> Found {
    let (root, samples) = slice.map(|slice| (slice.root, slice.samples)).unwrap_or_default();
    let seed = digest(&[b"aggregate", &assignment.0, &accepted.to_be_bytes()]);
    found(seed, lie, (root, samples, samples), LOSS_BEFORE / 2)
}

fn found(
    seed: Hash32,
    lie: bool,
    (shard_root, steps, samples): (Hash32, u32, u32),
    loss_after: u64,
) -> Found {
    let of =
        |what: &[u8], step: u32| digest(&[what, &seed.0, &[u8::from(lie)], &step.to_be_bytes()]);
    let leaves: Vec<[u8; 32]> = (0..steps).map(|step| of(b"leaf", step).0).collect();
    let answer = Answer {
        outcome: Outcome::Result,
        shard_root,
        steps,
        samples,
        result_hash: of(b"result", 0),
        update_hash: of(b"update", 0),
        trace_root: Hash32(merkle::root(&leaves)),
        loss_before: LOSS_BEFORE,
        loss_after,
        correct: samples / 4 * 3,
    };
    Found { answer, leaves }
}
