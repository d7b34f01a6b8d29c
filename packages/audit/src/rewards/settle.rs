//! Budgets, segments, and tokens bought for them.

use cosmwasm_std::{Uint128, Uint512};
use modelbond_curve::{proportion, Rounding};
use modelbond_interface::rewards::{RewardsBought, RewardsBudgeted, CARRY_EPOCHS};

use super::{count, BudgetBooks, ModelRewards, RewardsBooks, SegmentBooks, World};
use crate::crossing::Crossing;
use crate::finding::Notes;
use crate::market::MarketBooks;
use crate::Entry;

/// One, in millionths.
const MILLION: u64 = 1_000_000;
/// One, as a rate.
const ONE: u64 = 1_000_000_000_000_000_000;

/// The first settlement of an epoch.
pub(super) fn budgeted(
    books: &mut RewardsBooks,
    world: &World,
    entry: &Entry,
    event: &RewardsBudgeted,
    notes: &mut Notes,
) {
    ensure_numbers(world, entry, event, notes);
    let rate = world.registry.map(|registry| registry.models.get(&event.model));
    let budget = match rate {
        Some(Some(record)) => {
            let budget = budget(record.reward_rate.atomics(), event);
            notes.equal("budget", budget, event.budget.u128());
            budget
        }
        Some(None) => {
            notes.note("model", "one that was opened", &event.model);
            event.budget.u128()
        }
        None => event.budget.u128(),
    };
    let model = books.models.entry(event.model.clone()).or_default();
    let last = model.budgets.keys().next_back();
    if last.is_some_and(|last| *last >= event.epoch) {
        notes.note("epoch", "one that was not settled", event.epoch);
    }
    let budget = BudgetBooks {
        volume: event.volume.u128(),
        performance: event.performance,
        carry: event.carry.u128(),
        budget,
        ..BudgetBooks::default()
    };
    model.budgets.insert(event.epoch, budget);
    cut(model, event, notes);
}

/// ⌊rate·V·P⌋ + ⌊P·carry/26⌋, at most the ledger: each product before its division.
fn budget(rate: Uint128, event: &RewardsBudgeted) -> u128 {
    let performance = Uint512::from(event.performance.min(MILLION));
    let rate = Uint512::from(rate).min(Uint512::from(ONE));
    // 128 + 60 + 20 bits.
    let earned = Uint512::from(event.volume).saturating_mul(rate).saturating_mul(performance);
    let earned = earned.checked_div(Uint512::from(ONE).saturating_mul(Uint512::from(MILLION)));
    let carried = Uint512::from(event.carry).saturating_mul(performance);
    let epochs = Uint512::from(MILLION).saturating_mul(Uint512::from(CARRY_EPOCHS));
    let carried = carried.checked_div(epochs);
    let sum = earned.unwrap_or_default().saturating_add(carried.unwrap_or_default());
    let least = sum.min(Uint512::from(event.ledger));
    Uint128::try_from(least).map_or(u128::MAX, |least| least.u128())
}

/// The numbers of a budget are those of the market and of training.
fn ensure_numbers(world: &World, entry: &Entry, event: &RewardsBudgeted, notes: &mut Notes) {
    if let Some(training) = world.training {
        notes.equal("performance", training.performance(&event.model), event.performance);
    }
    let market = world.markets.get(&event.model).zip(world.terms.get(&event.model));
    let Some((market, terms)) = market else { return };
    let current = MarketBooks::epoch_at(terms, entry.time);
    notes.equal("epoch settled", current.saturating_sub(1), event.epoch);
    let of = |epoch: u32| market.epochs.get(&epoch).cloned().unwrap_or_default();
    let (settled, open) = (of(event.epoch), of(current));
    notes.equal("volume", settled.volume, event.volume.u128());
    notes.equal("rewards ledger", market.rewards, event.ledger.u128());
    let fees = settled.fees.saturating_add(open.fees);
    let share = terms.params.fees.split.rewards_bps;
    let fees = proportion(fees, share.into(), 10_000, Rounding::Down).ok();
    let carry = fees.map(|fees| market.rewards.saturating_sub(fees));
    notes.computed("carry", carry, event.carry);
}

/// The line of work is cut: the open segment is closed, or becomes part of the next one if it got
/// nothing.
fn cut(model: &mut ModelRewards, event: &RewardsBudgeted, notes: &mut Notes) {
    let tokens = model.segments.get(&model.cut).map(|segment| segment.tokens);
    let open = model.closed < model.cut;
    if open && tokens == Some(0) {
        model.segments.remove(&model.cut);
    } else {
        model.closed = model.cut;
    }
    notes.equal("start of the segment", model.closed, event.start);
    if event.end < model.cut || event.end < event.start {
        notes.note("end of the segment", format!("at least {}", model.cut), event.end);
    }
    (model.closed, model.cut) = (event.start, event.end);
    if event.start < event.end {
        let mut segment =
            SegmentBooks { start: event.start, epoch: event.epoch, ..SegmentBooks::default() };
        let within = model.pieces.iter().filter(|((_, offset), _)| *offset >= event.start);
        let credited = within.filter(|((_, offset), _)| *offset < event.end);
        let credited = credited.map(|(_, work)| *work).fold(0, u64::saturating_add);
        count(&mut segment, event.end, credited, notes);
        model.segments.insert(event.end, segment);
    }
}

/// Tokens were bought for the open segment.
pub(super) fn bought(
    books: &mut RewardsBooks,
    world: &mut World,
    event: &RewardsBought,
    notes: &mut Notes,
) {
    let model = books.models.entry(event.model.clone()).or_default();
    let last = model.budgets.keys().next_back().copied();
    notes.equal("epoch settled", last.unwrap_or_default(), event.epoch);
    if let Some(budget) = model.budgets.get_mut(&event.epoch) {
        notes.add("spent", &mut budget.spent, event.spent);
        notes.add("tokens", &mut budget.tokens, event.tokens);
        if budget.spent > budget.budget {
            notes.note("spent", format!("at most {}", budget.budget), budget.spent);
        }
    } else {
        notes.note("budget of the epoch", "one", "none");
    }
    let open = model.closed < model.cut;
    match model.segments.get_mut(&model.cut).filter(|_| open) {
        Some(segment) => notes.add("tokens of the segment", &mut segment.tokens, event.tokens),
        None => notes.note("the open segment", "one", "none"),
    }
    notes.add("tokens owed", &mut model.owed, event.tokens);
    let (spending, emission) = (event.model.clone(), event.model.clone());
    world.crossings.said(Crossing::Spending { model: spending }, event.spent.u128());
    world.crossings.said(Crossing::Emission { model: emission }, event.tokens.u128());
}
