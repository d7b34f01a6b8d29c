//! Takes a log entry by entry and keeps the books.

use std::collections::BTreeMap;

use modelbond_interface::market::ConfigResponse;

use crate::finding::{At, Finding, Notes};
use crate::market::{self, MarketBooks};
use crate::Entry;

/// Who is who in a deployment, and what was fixed when it was made. Events of others are not looked
/// at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressBook {
    /// Markets, each with its terms.
    pub markets: BTreeMap<String, ConfigResponse>,
    /// The registry.
    pub registry: Option<String>,
    /// Provenance.
    pub provenance: Option<String>,
    /// Rewards.
    pub rewards: Option<String>,
    /// Training.
    pub training: Option<String>,
}

/// The books of a deployment after the last entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// Of each market.
    pub markets: BTreeMap<String, MarketBooks>,
    /// Entries of each contract that the books are about.
    pub entries: BTreeMap<String, u64>,
}

/// An event that must come next, because a contract says it with the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Awaited {
    /// What the message does.
    pub(crate) action: String,
    /// Type of the event, without the chain's prefix.
    pub(crate) event: &'static str,
    pub(crate) height: u64,
    pub(crate) tx: u32,
    pub(crate) contract: String,
}

/// An audit under way.
#[derive(Debug, Clone)]
pub struct Auditor {
    addresses: AddressBook,
    books: Books,
    findings: Vec<Finding>,
    entries: u64,
    last: Option<(u64, u32, u64)>,
    awaited: Option<Awaited>,
}

/// The books of a whole log, and what in it contradicts itself.
#[must_use]
pub fn audit(addresses: AddressBook, entries: &[Entry]) -> (Books, Vec<Finding>) {
    let mut auditor = Auditor::new(addresses);
    for entry in entries {
        auditor.take(entry);
    }
    auditor.finish()
}

impl Auditor {
    /// An audit of these contracts.
    #[must_use]
    pub fn new(addresses: AddressBook) -> Self {
        let markets = addresses.markets.keys();
        let books = Books {
            markets: markets.map(|market| (market.clone(), MarketBooks::default())).collect(),
            ..Books::default()
        };
        Self { addresses, books, findings: vec![], entries: 0, last: None, awaited: None }
    }

    /// Books one entry.
    pub fn take(&mut self, entry: &Entry) {
        self.entries = self.entries.saturating_add(1);
        let at = At::Log {
            entry: self.entries,
            height: entry.height,
            tx: entry.tx,
            contract: entry.contract.clone(),
        };
        let mut notes = Notes { at: &at, findings: &mut self.findings };
        let awaited = self.awaited.take();
        let here = (entry.height, entry.tx, entry.time);
        if let Some(last) = self.last.replace(here) {
            ensure_order(last, here, &mut notes);
        }
        let kind = entry.event.ty.strip_prefix("wasm-");
        let follows = awaited.as_ref().is_some_and(|awaited| {
            Some(awaited.event) == kind
                && awaited.contract == entry.contract
                && (awaited.height, awaited.tx) == (entry.height, entry.tx)
        });
        if let Some(awaited) = awaited.as_ref().filter(|_| !follows) {
            let what =
                format!("what follows the action {} of {}", awaited.action, awaited.contract);
            notes.note(what, awaited.event, &entry.event.ty);
        }
        if let Some(terms) = self.addresses.markets.get(&entry.contract) {
            let entries = self.books.entries.entry(entry.contract.clone()).or_default();
            *entries = entries.saturating_add(1);
            if let Some(books) = self.books.markets.get_mut(&entry.contract) {
                let action = awaited.filter(|_| follows).map(|awaited| awaited.action);
                self.awaited = market::take(books, terms, entry, action.as_deref(), &mut notes);
            }
        }
    }

    /// The books, and all findings.
    #[must_use]
    pub fn finish(mut self) -> (Books, Vec<Finding>) {
        if let Some(awaited) = self.awaited {
            let Awaited { action, event, height, tx, contract } = awaited;
            let what = format!("what follows the action {action}");
            let at = At::Log { entry: self.entries, height, tx, contract };
            let (expected, actual) = (event.to_owned(), "the end of the log".to_owned());
            self.findings.push(Finding { what, at, expected, actual });
        }
        (self.books, self.findings)
    }
}

/// A chain's events are in order, and a block has one time.
fn ensure_order(last: (u64, u32, u64), here: (u64, u32, u64), notes: &mut Notes) {
    let ((height, tx, time), (next, next_tx, next_time)) = (last, here);
    if (next, next_tx) < (height, tx) {
        let expected = format!("block {height}, transaction {tx}, or later");
        notes.note("the entry's place", expected, format!("block {next}, transaction {next_tx}"));
    }
    if next == height {
        notes.equal("the block's time", time, next_time);
    } else if next > height && next_time < time {
        notes.note("the block's time", format!("{time} or later"), next_time);
    }
}
