//! What the contracts of a deployment answer: asked through [`State`], which a caller has to a chain.
//! All answers must be of one state, that after the last block of the log.

mod economy;
mod market;

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::auditor::{AddressBook, Books};
use crate::compare::Answers;

pub use economy::{ask_provenance, ask_registry, ask_rewards, ask_training};
pub use market::ask_market;

/// Entries of a page.
const PAGE: Option<u32> = Some(30);
/// Pages of a list, at most: an answer that repeats itself ends there.
const PAGES: u32 = 1_000_000;

/// The state of a chain.
pub trait State {
    /// Why something was not answered.
    type Error;

    /// Asks a contract.
    ///
    /// # Errors
    /// When it does not answer, or not so.
    fn ask<T: DeserializeOwned>(
        &self,
        contract: &str,
        query: &impl Serialize,
    ) -> Result<T, Self::Error>;

    /// What an address has of a denom.
    ///
    /// # Errors
    /// When the bank does not answer.
    fn balance(&self, address: &str, denom: &str) -> Result<u128, Self::Error>;
}

/// Asks all contracts about all markets of an address book.
///
/// # Errors
/// When one of them does not answer.
pub fn ask<S: State>(
    state: &S,
    addresses: &AddressBook,
    books: &Books,
) -> Result<Answers, S::Error> {
    let mut answers = Answers::default();
    for (market, books) in &books.markets {
        answers.markets.insert(market.clone(), ask_market(state, market, books)?);
    }
    if let Some(registry) = &addresses.registry {
        let asked = |model: &str| addresses.markets.contains_key(model);
        answers.registry = ask_registry(state, registry, asked)?;
    }
    let models: Vec<String> =
        answers.registry.models.iter().map(|model| model.model.to_string()).collect();
    if let Some(provenance) = &addresses.provenance {
        answers.provenance = ask_provenance(state, provenance, &models)?;
    }
    if let Some(rewards) = &addresses.rewards {
        for model in &models {
            let found = ask_rewards(state, rewards, model, &books.rewards)?;
            answers.rewards.insert(model.clone(), found);
        }
    }
    if let Some(training) = &addresses.training {
        let asked = |model: &str| addresses.markets.contains_key(model);
        answers.training = ask_training(state, training, asked)?;
    }
    Ok(answers)
}

/// All entries of a list. `next` gets a page after what is there already; an empty one is the end.
fn pages<T, E>(mut next: impl FnMut(&[T]) -> Result<Vec<T>, E>) -> Result<Vec<T>, E> {
    let mut all = vec![];
    for _ in 0..PAGES {
        let page = next(&all)?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    Ok(all)
}
