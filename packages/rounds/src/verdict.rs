//! What answers mean. Pure.
//!
//! A group never convicts by itself: with a majority of five deciding, an adversary with three tenths of
//! all units would own all stake in 176 rounds. A jury of 21 convicts when more than two thirds of it
//! found one answer; else the group is void and nobody is slashed.

use std::collections::{BTreeMap, BTreeSet};

use modelbond_interface::training::Hash32;

/// What the members of a group say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Nobody answered.
    Nobody,
    /// All who answered say the same.
    Agree {
        /// What.
        work: Hash32,
        /// Whether everybody answered.
        complete: bool,
    },
    /// They do not.
    Differ,
}

/// Reads a group: one entry for each seat.
#[must_use]
pub fn read(answers: &[Option<Hash32>]) -> Reading {
    let mut given = answers.iter().flatten();
    let Some(first) = given.next() else {
        return Reading::Nobody;
    };
    if given.any(|other| other != first) {
        return Reading::Differ;
    }
    Reading::Agree { work: *first, complete: answers.iter().all(Option::is_some) }
}

/// Whether `part` is more than two thirds of `all`.
#[must_use]
pub fn is_decisive(part: u64, all: u64) -> bool {
    u128::from(part).saturating_mul(3) > u128::from(all).saturating_mul(2)
}

/// An answer, and what it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// What was answered; silence weighs, too.
    pub work: Option<Hash32>,
    /// One for each seat of a full jury; units where everybody sits.
    pub weight: u64,
}

/// What more than two thirds of `all` found.
#[must_use]
pub fn decision(votes: &[Vote], all: u64) -> Option<Hash32> {
    let mut weights: BTreeMap<Hash32, u64> = BTreeMap::new();
    for vote in votes {
        if let Some(work) = vote.work {
            let weight = weights.entry(work).or_default();
            *weight = weight.saturating_add(vote.weight);
        }
    }
    weights.into_iter().find(|(_, weight)| is_decisive(*weight, all)).map(|(work, _)| work)
}

/// A seat whose answer a jury may find wrong, for the valve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Class of build and architecture.
    pub class: u32,
    /// Its owner's number.
    pub owner_id: u64,
    /// Whether a jury found its answer wrong.
    pub lost: bool,
}

/// Owners that must lose before it looks like a fault of a build.
pub const HOLD_OWNERS: usize = 3;

/// Whether two builds disagree, rather than somebody cheats: at least a tenth of all seats lost, of at
/// least [`HOLD_OWNERS`] owners, and at least two thirds of one class.
#[must_use]
pub fn holds(seats: &[Judged]) -> bool {
    let lost: Vec<&Judged> = seats.iter().filter(|seat| seat.lost).collect();
    let owners: BTreeSet<u64> = lost.iter().map(|seat| seat.owner_id).collect();
    if lost.is_empty() || owners.len() < HOLD_OWNERS || lost.len().saturating_mul(10) < seats.len()
    {
        return false;
    }
    let classes: BTreeSet<u32> = lost.iter().map(|seat| seat.class).collect();
    classes.into_iter().any(|class| {
        let of_class = |seat: &&Judged| seat.class == class;
        let losers = lost.iter().copied().filter(of_class).count();
        let all = seats.iter().filter(of_class).count();
        losers.saturating_mul(3) >= all.saturating_mul(2)
    })
}
