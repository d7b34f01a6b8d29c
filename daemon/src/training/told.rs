//! A message that training or nodes took, as a report.

use anyhow::Result;
use modelbond_client::Receipt;
use modelbond_interface::event::TypedEvent;
use serde::Serialize;

use super::Training;
use crate::market::EventFields;
use crate::output::{Page, Report};
use crate::session::Transaction;

/// What was done.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Address of training.
    pub training: String,
    /// The transaction.
    pub transaction: Transaction,
    /// The contracts' own events that say what happened.
    pub events: Vec<EventFields>,
    #[serde(skip)]
    page: Page,
}

impl Told {
    /// A report with `heading` and the transaction.
    pub fn new(training: &Training, receipt: &Receipt, heading: impl Into<String>) -> Self {
        let (training, transaction) = (training.address.clone(), receipt.into());
        Self { training, transaction, events: vec![], page: Page::new(heading) }
    }

    /// Adds the events of type `T` of a contract, each with a line for people.
    pub fn events<T: TypedEvent>(
        mut self,
        (training, contract): (&Training, &str),
        receipt: &Receipt,
        line: impl Fn(&T) -> (&'static str, String),
    ) -> Result<Self> {
        for event in training.events::<T>(contract, receipt)? {
            let (label, value) = line(&event);
            self.page = self.page.field(label, value);
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

impl Report for Told {
    fn page(&self) -> Page {
        self.transaction.on(self.page.clone())
    }
}

/// An answer, with who gave it.
#[derive(Debug, Serialize)]
pub struct Shown<T> {
    /// Address of training.
    pub training: String,
    /// What it said.
    #[serde(flatten)]
    pub answer: T,
    /// The same for people.
    #[serde(skip)]
    pub page: Page,
}

impl<T> Shown<T> {
    /// An answer of this training.
    pub fn new(training: &Training, answer: T, page: Page) -> Self {
        Self { training: training.address.clone(), answer, page }
    }
}

impl<T: Serialize> Report for Shown<T> {
    fn page(&self) -> Page {
        self.page.clone()
    }
}
