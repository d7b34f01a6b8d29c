//! The registry's books: what was agreed about each model, who owns its record, what it is connected to.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Decimal, Event};
use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::registry::{
    ConnectionKind, ModelHandedOver, ModelOffered, ModelOpened, ModelUpdated, ModelsConnected,
    ModelsDisconnected,
};

use crate::finding::Notes;

/// The registry's books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryBooks {
    /// Models by market.
    pub models: BTreeMap<String, ModelBooks>,
    /// Why each model points at another, by both markets.
    pub connections: BTreeMap<(String, String), BTreeSet<String>>,
    /// What opening a model costs, once one was opened.
    pub fee: Option<(u128, String)>,
    /// Connections to parents that must still be said to be made.
    derived: BTreeSet<(String, String)>,
}

/// What is known of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelBooks {
    /// Its number.
    pub number: u32,
    /// Its token's symbol.
    pub symbol: String,
    /// Who made it.
    pub creator: String,
    /// Who owns its record now.
    pub owner: String,
    /// To whom it is offered; nobody if empty.
    pub offered_to: String,
    /// What each parent gets of its revenue, in 1/10,000.
    pub parents: Vec<(String, u16)>,
    /// What models built on it must pay it at least, in 1/10,000.
    pub royalty_bps: u16,
    /// Slugs of what it is for, with commas between.
    pub use_cases: String,
    /// Block rewards per volume.
    pub reward_rate: Decimal,
}

impl RegistryBooks {
    /// Models of other creators that point at a model.
    #[must_use]
    pub fn citations(&self, model: &str) -> u32 {
        let creator = |model: &str| self.models.get(model).map(|m| m.creator.as_str());
        let own = creator(model);
        let citing =
            self.connections.keys().filter(|(from, to)| to == model && creator(from) != own);
        u32::try_from(citing.count()).unwrap_or(u32::MAX)
    }

    /// A creator's h-index: h of their models are each pointed at by h models or more of others.
    #[must_use]
    pub fn h_index(&self, creator: &str) -> u32 {
        let own = self.models.iter().filter(|(_, record)| record.creator == creator);
        let mut counts: Vec<u32> = own.map(|(model, _)| self.citations(model)).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let mut h = 0_u32;
        for count in counts {
            if count <= h {
                break;
            }
            h = h.saturating_add(1);
        }
        h
    }
}

/// Books a typed event.
pub(crate) fn fact(
    books: &mut RegistryBooks,
    event: &Event,
    kind: &str,
    notes: &mut Notes,
) -> Result<(), EventError> {
    match kind {
        ModelOpened::TYPE => opened(books, event.try_into()?, notes),
        ModelHandedOver::TYPE => {
            let ModelHandedOver { model, from, to } = event.try_into()?;
            let Some(record) = record(books, &model, notes) else { return Ok(()) };
            notes.equal("owner before", record.owner.as_str(), from.as_str());
            notes.equal("to whom it was offered", record.offered_to.as_str(), to.as_str());
            record.owner = to;
            record.offered_to.clear();
        }
        ModelOffered::TYPE => {
            let ModelOffered { model, to } = event.try_into()?;
            if let Some(record) = record(books, &model, notes) {
                record.offered_to = to;
            }
        }
        ModelUpdated::TYPE => {
            let ModelUpdated { model, use_cases, .. } = event.try_into()?;
            if let Some(record) = record(books, &model, notes) {
                record.use_cases = use_cases;
            }
        }
        ModelsConnected::TYPE => {
            let ModelsConnected { from, to, kind, h } = event.try_into()?;
            let made = books.derived.remove(&(from.clone(), to.clone()));
            if made && kind != ConnectionKind::Derived.name() {
                notes.note("the connection to a parent", ConnectionKind::Derived.name(), &kind);
            }
            let kinds = books.connections.entry((from, to.clone())).or_default();
            if !kinds.insert(kind.clone()) {
                notes.note("connection", "a new one", kind);
            }
            ensure_h(books, &to, h, notes);
        }
        ModelsDisconnected::TYPE => {
            let ModelsDisconnected { from, to, kind, h } = event.try_into()?;
            let is_parent = |(parent, _): &(String, u16)| *parent == to;
            let parents = books.models.get(&from).map(|record| &record.parents);
            if kind == ConnectionKind::Derived.name()
                && parents.is_some_and(|parents| parents.iter().any(is_parent))
            {
                notes.note("connection", "not that of a parent", &kind);
            }
            let key = (from, to.clone());
            let kinds = books.connections.entry(key.clone()).or_default();
            if !kinds.remove(&kind) {
                notes.note("connection", "one that there is", kind);
            }
            if kinds.is_empty() {
                books.connections.remove(&key);
            }
            ensure_h(books, &to, h, notes);
        }
        _ => notes.note("the event's type", "one of the registry", kind),
    }
    Ok(())
}

fn opened(books: &mut RegistryBooks, event: ModelOpened, notes: &mut Notes) {
    let number = u32::try_from(books.models.len()).unwrap_or(u32::MAX).saturating_add(1);
    notes.equal("the model's number", number, event.number);
    let mut parents = vec![];
    for parent in event.parents.split(',').filter(|parent| !parent.is_empty()) {
        let parsed = parent.split_once(':').and_then(|(m, bps)| Some((m, bps.parse().ok()?)));
        match parsed {
            Some((model, bps)) => {
                if !books.models.contains_key(model) {
                    notes.note("a parent", "a model that was opened before", model);
                }
                books.derived.insert((event.model.clone(), model.to_owned()));
                parents.push((model.to_owned(), bps));
            }
            None => notes.note("a parent", "market:bps", parent),
        }
    }
    let fee = (event.fee.u128(), event.fee_denom);
    if let Some((amount, denom)) = books.fee.as_ref().filter(|before| **before != fee) {
        notes.note("the fee", format!("{amount}{denom}"), format!("{}{}", fee.0, fee.1));
    }
    books.fee = Some(fee);
    let record = ModelBooks {
        number: event.number,
        symbol: event.symbol,
        owner: event.creator.clone(),
        creator: event.creator,
        offered_to: String::new(),
        parents,
        royalty_bps: event.royalty_bps,
        use_cases: event.use_cases,
        reward_rate: event.reward_rate,
    };
    if books.models.insert(event.model.clone(), record).is_some() {
        notes.note("openings", "one of each model", event.model);
    }
}

/// Connections to parents are said with the opening.
pub(crate) fn settle_derived(books: &mut RegistryBooks, notes: &mut Notes) {
    for (from, to) in std::mem::take(&mut books.derived) {
        notes.note(format!("connection of {from} to its parent"), to, "none");
    }
}

fn record<'a>(
    books: &'a mut RegistryBooks,
    model: &str,
    notes: &mut Notes,
) -> Option<&'a mut ModelBooks> {
    let record = books.models.get_mut(model);
    if record.is_none() {
        notes.note("model", "one that was opened", model);
    }
    record
}

fn ensure_h(books: &RegistryBooks, to: &str, h: u32, notes: &mut Notes) {
    match books.models.get(to) {
        Some(record) => notes.equal("h-index", books.h_index(&record.creator), h),
        None => notes.note("model", "one that was opened", to),
    }
}
