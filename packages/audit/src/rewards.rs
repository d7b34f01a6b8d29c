//! The books of rewards: each epoch's budget from the numbers that it is made of, each segment's
//! tokens, each operator's work and what was paid for it.

mod settle;

use std::collections::BTreeMap;

use cosmwasm_std::Uint128;
use modelbond_curve::{proportion, Rounding};
use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::market::ConfigResponse;
use modelbond_interface::rewards::{RewardsBought, RewardsBudgeted, RewardsPaid, WorkCredited};

use crate::crossing::{Crossing, Crossings};
use crate::finding::Notes;
use crate::market::MarketBooks;
use crate::registry::RegistryBooks;
use crate::training::TrainingBooks;
use crate::Entry;

/// The books of rewards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RewardsBooks {
    /// Models by market.
    pub models: BTreeMap<String, ModelRewards>,
}

/// Rewards of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelRewards {
    /// Budgets by epoch.
    pub budgets: BTreeMap<u32, BudgetBooks>,
    /// Segments by where they end.
    pub segments: BTreeMap<u64, SegmentBooks>,
    /// End of the last closed segment, and start of the open one.
    pub closed: u64,
    /// End of the open segment; the same if there is none.
    pub cut: u64,
    /// Work that is not paid, by operator and work of the model before its round.
    pub pieces: BTreeMap<(String, u64), u64>,
    /// Tokens paid, by operator.
    pub paid: BTreeMap<String, u128>,
    /// Tokens that were bought and not paid.
    pub owed: u128,
}

/// An epoch's budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BudgetBooks {
    /// V.
    pub volume: u128,
    /// P_model, in millionths.
    pub performance: u64,
    /// What earlier epochs left.
    pub carry: u128,
    /// What may be spent, recomputed where the rate is known.
    pub budget: u128,
    /// What was spent.
    pub spent: u128,
    /// Tokens bought.
    pub tokens: u128,
}

/// A piece of the line of work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SegmentBooks {
    /// Where it begins.
    pub start: u64,
    /// The epoch that pays it.
    pub epoch: u32,
    /// Tokens bought for it.
    pub tokens: u128,
    /// Work of it that was credited.
    pub credited: u64,
    /// Work of it that was paid.
    pub paid_work: u64,
    /// Tokens of it that were paid.
    pub paid_tokens: u128,
}

impl ModelRewards {
    /// End of the segment that a place on the line lies in.
    fn end_of(&self, offset: u64) -> Option<u64> {
        self.segments.range(offset.saturating_add(1)..).next().map(|(end, _)| *end)
    }
}

/// What booking needs besides the event.
pub(crate) struct World<'a> {
    /// Terms of models; none where no registry is audited.
    pub(crate) registry: Option<&'a RegistryBooks>,
    /// Markets, with their terms.
    pub(crate) markets: &'a BTreeMap<String, MarketBooks>,
    /// Terms of markets.
    pub(crate) terms: &'a BTreeMap<String, ConfigResponse>,
    /// Training; none where it is not audited.
    pub(crate) training: Option<&'a TrainingBooks>,
    /// What crosses to markets.
    pub(crate) crossings: &'a mut Crossings,
}

/// Books a typed event.
pub(crate) fn fact(
    books: &mut RewardsBooks,
    world: &mut World,
    entry: &Entry,
    kind: &str,
    notes: &mut Notes,
) -> Result<(), EventError> {
    let event = &entry.event;
    match kind {
        RewardsBudgeted::TYPE => {
            settle::budgeted(books, world, entry, &event.try_into()?, notes);
        }
        RewardsBought::TYPE => settle::bought(books, world, &event.try_into()?, notes),
        WorkCredited::TYPE => credited(books, event.try_into()?, notes),
        RewardsPaid::TYPE => paid(books, world, event.try_into()?, notes),
        _ => notes.note("the event's type", "one of rewards", kind),
    }
    Ok(())
}

/// Work was booked.
fn credited(books: &mut RewardsBooks, event: WorkCredited, notes: &mut Notes) {
    let WorkCredited { model, operator, offset, work } = event;
    let model = books.models.entry(model).or_default();
    let piece = model.pieces.entry((operator, offset)).or_default();
    *piece = piece.saturating_add(work.into());
    if let Some(end) = model.end_of(offset) {
        if let Some(segment) = model.segments.get_mut(&end) {
            count(segment, end, work.into(), notes);
        }
    }
}

/// Counts credited work of a segment: never more than it is long.
fn count(segment: &mut SegmentBooks, end: u64, work: u64, notes: &mut Notes) {
    segment.credited = segment.credited.saturating_add(work);
    let length = end.saturating_sub(segment.start);
    if segment.credited > length {
        notes.note("work credited of a segment", format!("at most {length}"), segment.credited);
    }
}

/// A piece of work was paid.
fn paid(books: &mut RewardsBooks, world: &mut World, event: RewardsPaid, notes: &mut Notes) {
    let RewardsPaid { model: address, operator, offset, work, tokens } = event;
    let model = books.models.entry(address.clone()).or_default();
    let owed = model.pieces.remove(&(operator.clone(), offset)).unwrap_or_default();
    notes.equal(format!("work of {operator} at {offset} that is not paid"), owed, work.into());
    let closed = model.closed;
    let found = model.end_of(offset).filter(|end| *end <= closed);
    match found.and_then(|end| Some((end, model.segments.get_mut(&end)?))) {
        Some((end, segment)) => pay(segment, end, work, tokens, notes),
        None => notes.note("the work's segment", "one that is closed", format!("{offset}")),
    }
    notes.take("tokens owed", &mut model.owed, tokens);
    let sum = model.paid.entry(operator.clone()).or_default();
    notes.add("tokens paid", sum, tokens);
    world.crossings.said(Crossing::Reward { model: address, operator }, tokens.u128());
}

/// A segment of W seats and T tokens pays w seats after p others ⌊T·(p + w)/W⌋ − ⌊T·p/W⌋.
fn pay(segment: &mut SegmentBooks, end: u64, work: u32, tokens: Uint128, notes: &mut Notes) {
    let all = end.saturating_sub(segment.start);
    let of = |paid: u64| {
        proportion(segment.tokens, paid.min(all).into(), all.into(), Rounding::Down).ok()
    };
    let after = segment.paid_work.saturating_add(work.into());
    if after > all {
        notes.note("work paid of a segment", format!("at most {all}"), after);
    }
    let due = of(after).zip(of(segment.paid_work)).map(|(a, b)| a.saturating_sub(b));
    notes.computed("tokens for the work", due, tokens);
    segment.paid_work = after;
    notes.add("tokens paid of a segment", &mut segment.paid_tokens, tokens);
}
