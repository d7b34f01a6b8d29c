//! What such a contract took or answered, as a report.

use anyhow::Result;
use modelbond_client::Receipt;
use modelbond_interface::event::TypedEvent;
use serde::Serialize;

use super::{Contract, Kind};
use crate::market::EventFields;
use crate::output::{Page, Report};
use crate::session::Transaction;

/// A message that was taken.
#[derive(Debug, Serialize)]
pub struct Sent {
    /// Which contract, by its name.
    pub contract: String,
    /// Its address.
    pub address: String,
    /// The transaction.
    pub transaction: Transaction,
    /// The contract's own events that say what happened.
    pub events: Vec<EventFields>,
    #[serde(skip)]
    page: Page,
}

impl Sent {
    /// A report with `heading` and the transaction.
    pub fn new<K: Kind>(
        contract: &Contract<K>,
        receipt: &Receipt,
        heading: impl Into<String>,
    ) -> Self {
        let (name, address) = (K::NAME.to_owned(), contract.address.clone());
        let page = Page::new(heading);
        Self { contract: name, address, transaction: receipt.into(), events: vec![], page }
    }

    /// Adds the events of type `T`, each with its lines for people.
    pub fn events<K: Kind, T: TypedEvent>(
        mut self,
        (contract, receipt): (&Contract<K>, &Receipt),
        lines: impl Fn(&T, Page) -> Page,
    ) -> Result<Self> {
        for event in contract.events::<T>(receipt)? {
            self.page = lines(&event, self.page);
            self.events.push(EventFields::from(event));
        }
        Ok(self)
    }

    /// Adds a line for people.
    #[must_use]
    pub fn field(mut self, label: &str, value: impl ToString) -> Self {
        self.page = self.page.field(label, value);
        self
    }
}

impl Report for Sent {
    fn page(&self) -> Page {
        self.transaction.on(self.page.clone())
    }
}

/// An answer, with who gave it.
#[derive(Debug, Serialize)]
pub struct Answered<T> {
    /// Which contract, by its name.
    pub contract: String,
    /// Its address.
    pub address: String,
    /// What it said.
    #[serde(flatten)]
    pub answer: T,
    /// The same for people.
    #[serde(skip)]
    pub page: Page,
}

impl<T> Answered<T> {
    /// An answer of this contract.
    pub fn new<K: Kind>(contract: &Contract<K>, answer: T, page: Page) -> Self {
        Self { contract: K::NAME.to_owned(), address: contract.address.clone(), answer, page }
    }
}

impl<T: Serialize> Report for Answered<T> {
    fn page(&self) -> Page {
        self.page.clone()
    }
}
