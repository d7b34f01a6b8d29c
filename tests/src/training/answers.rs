//! What machines find, honest or not: hashes of what they work on.

use modelbond_interface::training::{Answer, Hash32, Outcome};
use modelbond_rounds::merkle;
use modelbond_signature::sha256;

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A group's work, by the seed of its training.
    Work {
        /// The seed.
        seed: Hash32,
    },
    /// The new model, on a slice of the holdout.
    Aggregate {
        /// The accepted groups.
        accepted: u16,
        /// Root of the slice.
        root: Hash32,
        /// Its samples.
        samples: u32,
    },
}

/// Steps of a group's work.
pub const STEPS: u32 = 5;
/// Rows of a shard.
pub const ROWS: u32 = 100;

fn word(task: &Task, lie: u8, of: &str) -> Hash32 {
    sha256(format!("{task:?} {lie} {of}")).into()
}

fn steps(task: &Task) -> u32 {
    match task {
        Task::Work { .. } => STEPS,
        Task::Aggregate { samples, .. } => *samples,
    }
}

/// The trace of an answer; `lie` 0 is the truth.
#[must_use]
pub fn leaves(task: &Task, lie: u8) -> Vec<[u8; 32]> {
    (0..steps(task)).map(|step| word(task, lie, &format!("leaf {step}")).0).collect()
}

/// What somebody finds who tells lie number `lie`; 0 is the truth.
#[must_use]
pub fn answer(task: &Task, lie: u8) -> Answer {
    let number = u64::from(word(task, 0, "loss").0[0]);
    let (shard_root, samples) = match task {
        Task::Work { .. } => (word(task, 0, "shard"), ROWS),
        Task::Aggregate { root, samples, .. } => (*root, *samples),
    };
    Answer {
        outcome: Outcome::Result,
        shard_root,
        steps: steps(task),
        samples,
        result_hash: word(task, lie, "result"),
        update_hash: word(task, lie, "update"),
        trace_root: Hash32(merkle::root(leaves(task, lie))),
        loss_before: 70_000_000,
        loss_after: 60_000_000 - 10_000 * number,
        correct: samples * 3 / 4,
    }
}

/// What somebody finds who could not have the data.
#[must_use]
pub fn unavailable() -> Answer {
    Answer::without(Outcome::Unavailable)
}
