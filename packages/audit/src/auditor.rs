//! Takes a log entry by entry and keeps the books.

use std::collections::BTreeMap;

use modelbond_interface::market::ConfigResponse;

use crate::actions::{Actions, Singleton};
use crate::crossing::Crossings;
use crate::finding::{At, Finding, Notes};
use crate::market::{self, MarketBooks};
use crate::provenance::{self, ProvenanceBooks};
use crate::registry::{self, RegistryBooks};
use crate::rewards::{self, RewardsBooks};
use crate::training::{self, TrainingBooks};
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
    /// The registry's.
    pub registry: RegistryBooks,
    /// Provenance's.
    pub provenance: ProvenanceBooks,
    /// Of rewards.
    pub rewards: RewardsBooks,
    /// Training's.
    pub training: TrainingBooks,
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
    actions: Actions,
    crossings: Crossings,
}

/// The books of a whole log, and what in it contradicts itself.
#[must_use]
pub fn audit<'a>(
    addresses: AddressBook,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> (Books, Vec<Finding>) {
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
        Self {
            addresses,
            books,
            findings: vec![],
            entries: 0,
            last: None,
            awaited: None,
            actions: Actions::default(),
            crossings: Crossings::default(),
        }
    }

    /// Books one entry.
    pub fn take(&mut self, entry: &Entry) {
        let here = (entry.height, entry.tx, entry.time);
        let last = self.last.replace(here);
        if last.is_some_and(|(height, tx, _)| (height, tx) != (entry.height, entry.tx)) {
            self.end_transaction(last);
        }
        self.entries = self.entries.saturating_add(1);
        let at = At::Log {
            entry: self.entries,
            height: entry.height,
            tx: entry.tx,
            contract: entry.contract.clone(),
        };
        if let Some(last) = last {
            ensure_order(last, here, &mut Notes { at: &at, findings: &mut self.findings });
        }
        let action = self.awaited_action(entry, &at);
        let mut notes = Notes { at: &at, findings: &mut self.findings };
        if let Some(terms) = self.addresses.markets.get(&entry.contract) {
            if let Some(books) = self.books.markets.get_mut(&entry.contract) {
                self.awaited = market::take(books, terms, entry, action.as_deref(), &mut notes);
            }
            self.actions.of_market(entry);
            // What cannot be read was noted by the market's books.
            let _ = self.crossings.of_market(&self.addresses, entry);
        } else if let Some(singleton) = self.addresses.singleton(&entry.contract) {
            self.take_singleton(singleton, entry, &at);
        } else {
            return;
        }
        let entries = self.books.entries.entry(entry.contract.clone()).or_default();
        *entries = entries.saturating_add(1);
    }

    /// Whether an entry is what had to come next: the action that it belongs to.
    fn awaited_action(&mut self, entry: &Entry, at: &At) -> Option<String> {
        let awaited = self.awaited.take()?;
        let follows = Some(awaited.event) == entry.event.ty.strip_prefix("wasm-")
            && awaited.contract == entry.contract
            && (awaited.height, awaited.tx) == (entry.height, entry.tx);
        if follows {
            return Some(awaited.action);
        }
        let what = format!("what follows the action {} of {}", awaited.action, awaited.contract);
        let mut notes = Notes { at, findings: &mut self.findings };
        notes.note(what, awaited.event, &entry.event.ty);
        None
    }

    fn take_singleton(&mut self, singleton: Singleton, entry: &Entry, at: &At) {
        let Self { addresses, books, findings, actions, crossings, .. } = self;
        let notes = &mut Notes { at, findings };
        let Some(kind) = entry.event.ty.strip_prefix("wasm-") else {
            actions.begin(singleton, entry, notes);
            if singleton == Singleton::Provenance {
                provenance::action(&mut books.provenance, entry, notes);
            }
            return;
        };
        actions.event(singleton, entry, notes);
        let registry = addresses.registry.as_ref().map(|_| &books.registry);
        let read = match singleton {
            Singleton::Registry => registry::fact(&mut books.registry, &entry.event, kind, notes),
            Singleton::Provenance => {
                let action = actions.current(singleton).unwrap_or_default();
                let mut world = provenance::World { registry, crossings, action };
                provenance::fact(&mut books.provenance, &mut world, entry, kind, notes)
            }
            Singleton::Rewards => {
                let training = addresses.training.as_ref().map(|_| &books.training);
                let (markets, terms) = (&books.markets, &addresses.markets);
                let mut world = rewards::World { registry, markets, terms, training, crossings };
                rewards::fact(&mut books.rewards, &mut world, entry, kind, notes)
            }
            Singleton::Training => {
                let usage = books.provenance.last_usage.as_ref();
                let mut world = training::World { crossings, usage };
                training::fact(&mut books.training, &mut world, entry, kind, notes)
            }
        };
        if let Err(error) = read {
            notes.note("the event", "readable", error);
        }
    }

    /// What a transaction owes is due at its end.
    fn end_transaction(&mut self, last: Option<(u64, u32, u64)>) {
        let Some((height, tx, _)) = last else { return };
        let mut models = self.books.registry.models.keys();
        let markets = &self.addresses.markets;
        self.actions.whole =
            self.addresses.registry.is_some() && models.all(|model| markets.contains_key(model));
        self.actions.close(&mut self.findings);
        let at = At::Log { entry: self.entries, height, tx, contract: "all together".to_owned() };
        let mut notes = Notes { at: &at, findings: &mut self.findings };
        self.crossings.close(&self.addresses, &mut notes);
        provenance::settle_royalties(&mut self.books.provenance, &mut notes);
        registry::settle_derived(&mut self.books.registry, &mut notes);
        self.books.provenance.last_usage = None;
    }

    /// Tokens that are owed to somebody are there.
    fn ensure_kept(&mut self) {
        let (height, tx, _) = self.last.unwrap_or_default();
        let Books { markets, rewards, training, .. } = &self.books;
        for (market, books) in markets {
            let at = At::Log { entry: self.entries, height, tx, contract: market.clone() };
            let mut notes = Notes { at: &at, findings: &mut self.findings };
            let owed = rewards.models.get(market).map_or(0, |model| model.owed);
            let held = training.held(market);
            let keepers = [(&self.addresses.rewards, owed), (&self.addresses.training, held)];
            for (keeper, least) in keepers {
                let Some(keeper) = keeper else { continue };
                let balance = books.balances.get(keeper).copied().unwrap_or_default();
                if balance < least {
                    notes.note(
                        format!("balance of {keeper}"),
                        format!("at least {least}"),
                        balance,
                    );
                }
            }
        }
    }

    /// The books, and all findings.
    #[must_use]
    pub fn finish(mut self) -> (Books, Vec<Finding>) {
        self.end_transaction(self.last);
        self.ensure_kept();
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

impl AddressBook {
    fn singleton(&self, address: &str) -> Option<Singleton> {
        let is = |who: &Option<String>| who.as_deref() == Some(address);
        if is(&self.registry) {
            return Some(Singleton::Registry);
        }
        if is(&self.provenance) {
            return Some(Singleton::Provenance);
        }
        if is(&self.rewards) {
            return Some(Singleton::Rewards);
        }
        is(&self.training).then_some(Singleton::Training)
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
