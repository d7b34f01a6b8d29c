//! Purchases, sales, burns and emissions.

use cosmwasm_std::Uint128;
use modelbond_curve::momentum::launch_fee_ppb;
use modelbond_curve::{proportion, Rounding};
use modelbond_interface::market::{
    ConfigResponse, MarketBought, MarketBurned, MarketEmitted, MarketSold,
};

use super::{token, MarketBooks, NANOS};
use crate::finding::Notes;
use crate::Entry;

const BPS: u128 = 10_000;
const PPB: u128 = 1_000_000_000;

/// A fee on an amount, and where it went.
struct Fee {
    on: Uint128,
    total: Uint128,
    pending: Uint128,
    rewards: Uint128,
    provenance: Uint128,
    treasury: Uint128,
}

/// A purchase.
pub(super) fn bought(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketBought,
    notes: &mut Notes,
) {
    books.release(entry.time);
    let paid = notes
        .sum("cost, fee, surcharge, dust", &[event.cost, event.fee, event.surcharge, event.dust]);
    notes.equal("amount in", paid, event.amount_in.u128());
    ensure_purchase(books, terms, entry, event, notes);

    let minted = notes.sum("tokens minted", &[event.tokens_out, event.stakeholder_tokens]);
    books.move_supply(minted.into(), Uint128::zero(), event.supply, notes);
    token::credited(books, &event.recipient, event.tokens_out, notes);
    token::credited(books, &entry.contract, event.stakeholder_tokens, notes);
    notes.add("stakeholders' tokens", &mut books.stakeholders, event.stakeholder_tokens);

    let mut to_treasury = event.cost.u128();
    notes.take("cost", &mut to_treasury, event.to_reserve);
    notes.add("treasury", &mut books.treasury, to_treasury.into());
    notes.add("reserve and pending", &mut books.held, event.to_reserve);
    notes.add("reserve", &mut books.reserve, event.to_reserve);
    let fee = Fee {
        on: event.cost,
        total: event.fee,
        pending: event.fee_to_pending,
        rewards: event.fee_to_rewards,
        provenance: event.fee_to_provenance,
        treasury: event.fee_to_treasury,
    };
    book_fee(books, terms, entry, &fee, &[event.surcharge, event.dust], notes);
    count(books, terms, entry, (&event.buyer, event.cost, event.fee), notes);
    books.ensure_reserve(event.reserve, notes);
}

/// What the terms say about a purchase.
fn ensure_purchase(
    books: &MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketBought,
    notes: &mut Notes,
) {
    let least = bps(event.cost.u128(), terms.params.allocation.reserve_bps, Rounding::Up);
    if event.to_reserve > event.cost || least.is_none_or(|least| event.to_reserve.u128() < least) {
        let least = least.map(|least| least.to_string()).unwrap_or_default();
        notes.note("to reserve", format!("{least} to {}", event.cost), event.to_reserve);
    }
    let minted = event.tokens_out.u128().saturating_add(event.stakeholder_tokens.u128());
    let after = books.said_supply.saturating_add(minted);
    // The very last unit of the supply carries no share.
    let last = u128::from(after == terms.params.curve.max_supply.u128());
    let share = terms.params.allocation.stakeholder_bps;
    let share = bps(minted.saturating_sub(last), share, Rounding::Up);
    notes.computed("stakeholders' tokens", share, event.stakeholder_tokens);
    let launch = terms.params.fees.launch_secs.saturating_mul(NANOS);
    let launching = entry.time < terms.opened_at.nanos().saturating_add(launch);
    let locked = if launching { event.tokens_out } else { Uint128::zero() };
    notes.equal("tokens locked", locked, event.locked);
    if !event.dust.is_zero() {
        notes.equal("refund", Uint128::zero(), event.refund);
    }
}

/// A sale.
pub(super) fn sold(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketSold,
    notes: &mut Notes,
) {
    books.release(entry.time);
    let gross = notes.sum(
        "paid, burned, fee, surcharge",
        &[event.reserve_out, event.burned, event.fee, event.surcharge],
    );
    notes.equal("gross", gross, event.gross.u128());
    let burned = bps(event.gross.u128(), terms.params.allocation.burn_bps, Rounding::Up);
    notes.computed("burned", burned, event.burned);

    books.move_supply(Uint128::zero(), event.tokens_in, event.supply, notes);
    token::debited(books, &event.seller, event.tokens_in, notes);
    notes.take("reserve and pending", &mut books.held, event.gross);
    notes.take("reserve", &mut books.reserve, event.gross);
    let fee = Fee {
        on: event.gross,
        total: event.fee,
        pending: event.fee_to_pending,
        rewards: event.fee_to_rewards,
        provenance: event.fee_to_provenance,
        treasury: event.fee_to_treasury,
    };
    book_fee(books, terms, entry, &fee, &[event.burned, event.surcharge], notes);
    count(books, terms, entry, (&event.seller, event.gross, event.fee), notes);
    books.ensure_reserve(event.reserve, notes);
}

/// A burn: what the tokens were worth goes from reserve to pending.
pub(super) fn burned(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketBurned,
    notes: &mut Notes,
) {
    // The tokens themselves were booked by cw20's attributes.
    let (owner, amount) = books.burning.take().unwrap_or_default();
    notes.equal("owner of burned tokens", owner.as_str(), event.owner.as_str());
    notes.equal("tokens burned", amount, event.amount.u128());
    books.release(entry.time);
    books.move_supply(Uint128::zero(), event.amount, event.supply, notes);
    notes.take("reserve", &mut books.reserve, event.gross);
    books.defer(terms, entry.time, event.gross.u128(), notes);
    books.ensure_reserve(event.reserve, notes);
}

/// An emission: all of its price goes from the rewards ledger to the reserve.
pub(super) fn emitted(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketEmitted,
    notes: &mut Notes,
) {
    books.release(entry.time);
    notes.equal("epoch", MarketBooks::epoch_at(terms, entry.time), event.epoch);
    books.move_supply(event.tokens_out, Uint128::zero(), event.supply, notes);
    token::credited(books, terms.rewards.as_str(), event.tokens_out, notes);
    notes.take("rewards ledger", &mut books.rewards, event.spent);
    notes.add("reserve and pending", &mut books.held, event.spent);
    notes.add("reserve", &mut books.reserve, event.spent);
    if !event.tokens_out.is_zero() {
        let epoch = books.epoch(terms, entry.time);
        notes.add("tokens emitted", &mut epoch.emitted, event.tokens_out);
    }
    books.ensure_reserve(event.reserve, notes);
}

/// Checks a fee against the terms and books it; `extra` goes to pending with its part.
fn book_fee(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    fee: &Fee,
    extra: &[Uint128],
    notes: &mut Notes,
) {
    let fees = &terms.params.fees;
    let rate = launch_fee_ppb(
        fees.launch_fee_bps.into(),
        fees.fee_bps.into(),
        terms.opened_at.nanos(),
        fees.launch_secs.saturating_mul(NANOS),
        entry.time,
    );
    let total = proportion(fee.on.u128(), rate.into(), PPB, Rounding::Up).ok();
    notes.computed("fee", total, fee.total);
    // What the launch adds goes to pending.
    let usual = bps(fee.on.u128(), fees.fee_bps, Rounding::Up);
    let usual = usual.map_or(0, |usual| usual.min(fee.total.u128()));
    let split = &fees.split;
    let part = |part| bps(usual, part, Rounding::Down);
    notes.computed("fee to rewards", part(split.rewards_bps), fee.rewards);
    notes.computed("fee to provenance", part(split.provenance_bps), fee.provenance);
    notes.computed("fee to treasury", part(split.treasury_bps), fee.treasury);
    let parts = [fee.pending, fee.rewards, fee.provenance, fee.treasury];
    let parts = notes.sum("parts of the fee", &parts);
    notes.equal("parts of the fee", fee.total.u128(), parts);

    notes.add("rewards ledger", &mut books.rewards, fee.rewards);
    notes.add("provenance ledger", &mut books.provenance, fee.provenance);
    notes.add("treasury", &mut books.treasury, fee.treasury);
    let mut pending = notes.sum("to pending", extra);
    notes.add("to pending", &mut pending, fee.pending);
    notes.add("reserve and pending", &mut books.held, pending.into());
    books.defer(terms, entry.time, pending, notes);
}

/// Counts a trade in its epoch.
fn count(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    (trader, volume, fee): (&str, Uint128, Uint128),
    notes: &mut Notes,
) {
    let epoch = books.epoch(terms, entry.time);
    notes.add("volume", &mut epoch.volume, volume);
    notes.add("fees", &mut epoch.fees, fee);
    epoch.trades = epoch.trades.saturating_add(1);
    epoch.traders.insert(trader.to_owned());
}

fn bps(amount: u128, bps: u32, rounding: Rounding) -> Option<u128> {
    proportion(amount, bps.into(), BPS, rounding).ok()
}
