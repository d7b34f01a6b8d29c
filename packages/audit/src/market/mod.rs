//! A market's books.
//!
//! | event | supply | held: reserve and pending | ledgers |
//! |---|---|---|---|
//! | opening | + S₀ | + cost | |
//! | purchase | + buyer's and stakeholders' tokens | + to reserve + fee to pending + surcharge + dust | + their parts of the fee; treasury + cost − to reserve |
//! | sale | − tokens | − gross + fee to pending + surcharge + burned | + their parts of the fee |
//! | burn | − tokens | ± 0 | |
//! | emission | + tokens | + spent | rewards − spent |
//! | funding | | + amount | |
//! | withdrawal | | | − all of it |
//!
//! Pending becomes reserve with time alone, by a rule that only knows amounts and times; so the
//! reserve after each message is recomputed, too, and compared with what the event says.

mod metrics;
mod token;
mod trade;

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Event, Uint128};
use modelbond_curve::multiplier::Multiplier;
use modelbond_curve::stream::Stream;
use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::market::{
    ConfigResponse, MarketBought, MarketBurned, MarketEmitted, MarketFunded, MarketLedgerWithdrawn,
    MarketMetricsReported, MarketOpened, MarketSold, MarketVestedClaimed, Metrics,
};

use crate::auditor::Awaited;
use crate::finding::Notes;
use crate::Entry;

const NANOS: u64 = 1_000_000_000;

/// A market's books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarketBooks {
    /// Whether it opened.
    pub opened: bool,
    /// Tokens that exist.
    pub supply: u128,
    /// Tokens by account; the market's own are the floor and what vests.
    pub balances: BTreeMap<String, u128>,
    /// Tokens that a spender may move, by owner and spender.
    pub allowances: BTreeMap<(String, String), u128>,
    /// Reserve and pending together.
    pub held: u128,
    /// The reserve after the last message that touched it.
    pub reserve: u128,
    /// What streamed into it then.
    pub pending: Stream,
    /// Owed to rewards.
    pub rewards: u128,
    /// Owed to provenance.
    pub provenance: u128,
    /// Owed to the creator.
    pub treasury: u128,
    /// Tokens of the creator at opening, without the floor.
    pub initial: u128,
    /// Tokens for stakeholders since.
    pub stakeholders: u128,
    /// Vested tokens that were credited, by beneficiary.
    pub claimed: BTreeMap<String, u128>,
    /// Trading by epoch, where there was any.
    pub epochs: BTreeMap<u32, EpochBooks>,
    /// The last report.
    pub metrics: Option<Metrics>,
    /// The multiplier since the first report.
    pub multiplier: Option<Multiplier>,
    /// Supply that the last event named.
    said_supply: u128,
    /// Whose tokens, and how many, the burn under way takes.
    burning: Option<(String, u128)>,
}

/// Trading in one epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EpochBooks {
    /// Σ cost of purchases + Σ gross of sales.
    pub volume: u128,
    /// Σ fees, surcharges not.
    pub fees: u128,
    /// Purchases and sales.
    pub trades: u32,
    /// Who traded.
    pub traders: BTreeSet<String>,
    /// Tokens emitted.
    pub emitted: u128,
}

impl MarketBooks {
    /// The epoch of a moment.
    #[must_use]
    pub fn epoch_at(terms: &ConfigResponse, time: u64) -> u32 {
        time.saturating_sub(terms.opened_at.nanos())
            .checked_div(terms.params.emission.epoch_secs.saturating_mul(NANOS))
            .and_then(|epoch| u32::try_from(epoch).ok())
            .unwrap_or(u32::MAX)
    }

    /// Reserve, pending and all ledgers: what the market's account at the bank must hold.
    #[must_use]
    pub fn money(&self) -> u128 {
        [self.held, self.rewards, self.provenance, self.treasury]
            .into_iter()
            .fold(0, u128::saturating_add)
    }

    /// Brings pending to a moment, as every message does that touches the reserve.
    fn release(&mut self, time: u64) {
        self.reserve = self.reserve.saturating_add(self.pending.release(time));
    }

    /// Puts an amount into pending.
    fn defer(&mut self, terms: &ConfigResponse, time: u64, amount: u128, notes: &mut Notes) {
        let duration = terms.params.stream_secs.saturating_mul(NANOS);
        if let Err(error) = self.pending.deposit(amount, time, duration) {
            notes.note("pending", "an amount that fits", error);
        }
    }

    /// Moves the supply, and compares it with what the event says; goes on from there, so that one
    /// gap is one finding.
    fn move_supply(&mut self, minted: Uint128, burned: Uint128, said: Uint128, notes: &mut Notes) {
        notes.add("supply", &mut self.supply, minted);
        notes.take("supply", &mut self.supply, burned);
        let expected = self.said_supply.checked_add(minted.u128());
        let expected = expected.and_then(|supply| supply.checked_sub(burned.u128()));
        notes.computed("supply after", expected, said);
        self.said_supply = said.u128();
    }

    /// Compares the reserve with what the event says, and goes on from there.
    fn ensure_reserve(&mut self, said: Uint128, notes: &mut Notes) {
        if said.u128() == self.reserve {
            return;
        }
        notes.note("reserve after", self.reserve, said);
        self.reserve = said.u128();
        self.pending.amount = self.held.saturating_sub(self.reserve);
    }

    fn epoch(&mut self, terms: &ConfigResponse, time: u64) -> &mut EpochBooks {
        self.epochs.entry(Self::epoch_at(terms, time)).or_default()
    }
}

/// The event that each action of a market is said with; none for what moves nothing but what the
/// action's own attributes say.
fn fact_of(action: &str) -> Option<&'static str> {
    Some(match action {
        "instantiate" => MarketOpened::TYPE,
        "buy" | "buy_exact" => MarketBought::TYPE,
        "sell" => MarketSold::TYPE,
        "burn" | "burn_from" => MarketBurned::TYPE,
        "claim_vested" => MarketVestedClaimed::TYPE,
        "report_metrics" => MarketMetricsReported::TYPE,
        "emit" => MarketEmitted::TYPE,
        "withdraw_ledger" => MarketLedgerWithdrawn::TYPE,
        "fund_reserve" => MarketFunded::TYPE,
        _ => return None,
    })
}

/// Books an entry of a market; what must come next. `action` is the one that this entry follows.
pub(crate) fn take(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    action: Option<&str>,
    notes: &mut Notes,
) -> Option<Awaited> {
    let Some(kind) = entry.event.ty.strip_prefix("wasm-") else {
        let action = entry.attribute("action").unwrap_or_default();
        if !books.opened && action != "instantiate" {
            notes.note("the first action", "instantiate", action);
        }
        token::take(books, entry, action, notes);
        return fact_of(action).map(|event| Awaited {
            action: action.to_owned(),
            event,
            height: entry.height,
            tx: entry.tx,
            contract: entry.contract.clone(),
        });
    };
    if action.is_none() {
        notes.note("what comes before", format!("the action of {kind}"), "something else");
    }
    if let Err(error) = fact(books, terms, entry, kind, notes) {
        notes.note("the event", "readable", error);
    }
    None
}

/// Books a typed event.
fn fact(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    kind: &str,
    notes: &mut Notes,
) -> Result<(), EventError> {
    let event: &Event = &entry.event;
    match kind {
        MarketOpened::TYPE => opened(books, terms, entry, &event.try_into()?, notes),
        MarketBought::TYPE => trade::bought(books, terms, entry, &event.try_into()?, notes),
        MarketSold::TYPE => trade::sold(books, terms, entry, &event.try_into()?, notes),
        MarketBurned::TYPE => trade::burned(books, terms, entry, &event.try_into()?, notes),
        MarketEmitted::TYPE => trade::emitted(books, terms, entry, &event.try_into()?, notes),
        MarketLedgerWithdrawn::TYPE => withdrawn(books, terms, &event.try_into()?, notes),
        MarketFunded::TYPE => {
            let MarketFunded { amount, .. } = event.try_into()?;
            books.release(entry.time);
            notes.add("reserve and pending", &mut books.held, amount);
            books.defer(terms, entry.time, amount.u128(), notes);
        }
        MarketMetricsReported::TYPE => {
            metrics::reported(books, terms, entry, &event.try_into()?, notes)
        }
        MarketVestedClaimed::TYPE => {
            let MarketVestedClaimed { beneficiary, amount } = event.try_into()?;
            token::moved(books, &entry.contract, &beneficiary, amount, notes);
            let claimed = books.claimed.entry(beneficiary).or_default();
            notes.add("vested tokens claimed", claimed, amount);
        }
        _ => notes.note("the event's type", "one of a market", kind),
    }
    Ok(())
}

fn opened(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    entry: &Entry,
    event: &MarketOpened,
    notes: &mut Notes,
) {
    if books.opened {
        notes.note("openings", 1, 2);
    }
    notes.equal("time of opening", terms.opened_at.nanos(), entry.time);
    notes.equal("initial supply", terms.params.initial_supply, event.initial_supply);
    notes.equal("creator", terms.creator.as_str(), event.creator.as_str());
    notes.equal("reserve denom", &terms.reserve_denom, &event.reserve_denom);
    let supply = event.initial_supply.u128();
    books.opened = true;
    books.supply = supply;
    books.said_supply = supply;
    // A tenth, rounded up, is the floor.
    books.initial = supply.saturating_sub(supply.div_ceil(10));
    books.balances.insert(entry.contract.clone(), supply);
    books.held = event.cost.u128();
    books.reserve = event.cost.u128();
    books.pending = Stream { amount: 0, released_at: entry.time, ends_at: entry.time };
}

fn withdrawn(
    books: &mut MarketBooks,
    terms: &ConfigResponse,
    event: &MarketLedgerWithdrawn,
    notes: &mut Notes,
) {
    let (ledger, recipient) = match event.ledger.as_str() {
        "treasury" => (&mut books.treasury, &terms.creator),
        "provenance" => (&mut books.provenance, &terms.provenance),
        other => return notes.note("the ledger", "treasury or provenance", other),
    };
    notes.equal(format!("{} withdrawn", event.ledger), *ledger, event.amount.u128());
    notes.equal("recipient", recipient.as_str(), event.recipient.as_str());
    *ledger = 0;
}
