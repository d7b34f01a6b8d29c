//! A market's books against its answers.

use std::collections::{BTreeMap, BTreeSet};

use modelbond_curve::multiplier::START;
use modelbond_interface::market::{
    ConfigResponse, EpochStatsResponse, LedgersResponse, PriceResponse, VestingResponse,
};

use crate::finding::{At, Finding, Notes};
use crate::market::MarketBooks;

/// What a market answers after the last entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketAnswers {
    /// Its ledgers.
    pub ledgers: LedgersResponse,
    /// Supply by `token_info`.
    pub supply: u128,
    /// Balance of every account that it lists, of every account in the books, and its own.
    pub balances: BTreeMap<String, u128>,
    /// Allowances that these accounts gave, and that of every pair in the books, by owner and spender.
    pub allowances: BTreeMap<(String, String), u128>,
    /// Stats of every epoch in the books.
    pub epochs: Vec<EpochStatsResponse>,
    /// Its price, for the multiplier's target.
    pub price: PriceResponse,
    /// Vesting.
    pub vesting: VestingResponse,
    /// Its terms, with the last report.
    pub config: ConfigResponse,
    /// What it has of the reserve's denom at the bank.
    pub bank: u128,
}

/// Every difference between a market's books and its answers.
#[must_use]
pub fn compare_market(market: &str, books: &MarketBooks, answers: &MarketAnswers) -> Vec<Finding> {
    let mut findings = vec![];
    let at = At::State { contract: market.to_owned() };
    let notes = &mut Notes { at: &at, findings: &mut findings };
    ledgers(books, answers, notes);
    tokens(books, answers, notes);
    epochs(books, answers, notes);
    let (expected, actual) = (&books.metrics, &answers.config.metrics);
    if expected != actual {
        notes.note("metrics", format!("{expected:?}"), format!("{actual:?}"));
    }
    let target = books.multiplier.map_or(START, |multiplier| multiplier.target);
    notes.equal("multiplier's target", u128::from(target), answers.price.target.atomics().u128());
    findings
}

fn ledgers(books: &MarketBooks, answers: &MarketAnswers, notes: &mut Notes) {
    let LedgersResponse { reserve, pending, pending_ends_at, rewards, provenance, treasury } =
        answers.ledgers.clone();
    let held = notes.sum("reserve and pending", &[reserve, pending]);
    notes.equal("reserve and pending", books.held, held);
    if reserve.u128() < books.reserve {
        notes.note("reserve", format!("at least {}", books.reserve), reserve);
    }
    notes.equal("end of pending", books.pending.ends_at, pending_ends_at.nanos());
    notes.equal("rewards ledger", books.rewards, rewards.u128());
    notes.equal("provenance ledger", books.provenance, provenance.u128());
    notes.equal("treasury", books.treasury, treasury.u128());
    if answers.bank < books.money() {
        notes.note("bank balance", format!("at least {}", books.money()), answers.bank);
    }
}

fn tokens(books: &MarketBooks, answers: &MarketAnswers, notes: &mut Notes) {
    notes.equal("supply", books.supply, answers.supply);
    let accounts: BTreeSet<_> = answers.balances.keys().chain(books.balances.keys()).collect();
    for account in accounts {
        let expected = books.balances.get(account).copied().unwrap_or_default();
        let actual = answers.balances.get(account).copied().unwrap_or_default();
        notes.equal(format!("balance of {account}"), expected, actual);
    }
    let pairs: BTreeSet<_> = answers.allowances.keys().chain(books.allowances.keys()).collect();
    for pair @ (owner, spender) in pairs {
        let expected = books.allowances.get(pair).copied().unwrap_or_default();
        let actual = answers.allowances.get(pair).copied().unwrap_or_default();
        notes.equal(format!("allowance of {spender} from {owner}"), expected, actual);
    }
    let VestingResponse { initial, stakeholders, .. } = &answers.vesting;
    let all = notes.sum("initial tokens", &[initial.vesting, initial.vested]);
    notes.equal("initial tokens", books.initial, all);
    let all = notes.sum("stakeholders' tokens", &[stakeholders.vesting, stakeholders.vested]);
    notes.equal("stakeholders' tokens", books.stakeholders, all);
    let claimed = notes.sum("vested tokens claimed", &[initial.claimed, stakeholders.claimed]);
    let expected = books.claimed.values().copied().fold(0, u128::saturating_add);
    notes.equal("vested tokens claimed", expected, claimed);
}

fn epochs(books: &MarketBooks, answers: &MarketAnswers, notes: &mut Notes) {
    for (epoch, expected) in &books.epochs {
        let Some(actual) = answers.epochs.iter().find(|stats| stats.epoch == *epoch) else {
            notes.note(format!("epoch {epoch}"), "an answer", "none");
            continue;
        };
        let traders = u32::try_from(expected.traders.len()).unwrap_or(u32::MAX);
        notes.equal(format!("volume of epoch {epoch}"), expected.volume, actual.volume.u128());
        notes.equal(format!("fees of epoch {epoch}"), expected.fees, actual.fees.u128());
        notes.equal(format!("trades of epoch {epoch}"), expected.trades, actual.trades);
        notes.equal(format!("traders of epoch {epoch}"), traders, actual.traders);
        let what = format!("tokens emitted in epoch {epoch}");
        notes.equal(what, expected.emitted, actual.emitted.u128());
    }
}
