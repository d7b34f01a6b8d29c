//! What an audit needs of a chain: who is who, and what contracts answer.

use modelbond_audit::compare::{compare, Answers};
use modelbond_audit::state::{ask, State};
use modelbond_audit::{audit, AddressBook, Books, Entry, Finding};
use modelbond_interface::event::TypedEvent;
use modelbond_interface::market::{ConfigResponse, MarketOpened, QueryMsg};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::chain::{Contracts, Failure};
use crate::deployment::Deployment;

/// A chain, to be asked.
struct Asked<'a, C>(&'a C);

impl<C: Contracts> State for Asked<'_, C> {
    type Error = Failure;

    fn ask<T: DeserializeOwned>(
        &self,
        contract: &str,
        query: &impl Serialize,
    ) -> Result<T, Failure> {
        self.0.query_any(contract, query)
    }

    fn balance(&self, address: &str, denom: &str) -> Result<u128, Failure> {
        Ok(self.0.balance_of(address, denom))
    }
}

/// The markets that a log says opened, with their terms.
///
/// # Panics
/// When one of them does not answer.
pub fn markets(chain: &impl Contracts, log: &[Entry]) -> AddressBook {
    let mut book = AddressBook::default();
    for entry in log {
        if entry.event.ty.strip_prefix("wasm-") == Some(MarketOpened::TYPE) {
            let terms: ConfigResponse =
                chain.query_any(&entry.contract, &QueryMsg::Config {}).expect("the market answers");
            book.markets.insert(entry.contract.clone(), terms);
        }
    }
    book
}

/// The same, with the contracts of a deployment.
///
/// # Panics
/// When a market does not answer.
pub fn everything(chain: &impl Contracts, deployment: &Deployment, log: &[Entry]) -> AddressBook {
    AddressBook {
        registry: Some(deployment.registry.clone()),
        provenance: Some(deployment.provenance.clone()),
        rewards: Some(deployment.rewards.clone()),
        training: Some(deployment.training.clone()),
        ..markets(chain, log)
    }
}

/// What all contracts of an address book answer.
///
/// # Panics
/// When one of them does not.
pub fn answers(chain: &impl Contracts, addresses: &AddressBook, books: &Books) -> Answers {
    ask(&Asked(chain), addresses, books).expect("the contracts answer")
}

/// Everything that an audit of a chain's contracts finds in `log`.
///
/// # Panics
/// When a contract does not answer.
pub fn findings(chain: &impl Contracts, addresses: AddressBook, log: &[Entry]) -> Vec<Finding> {
    let (books, mut findings) = audit(addresses.clone(), log);
    let answers = answers(chain, &addresses, &books);
    findings.extend(compare(&addresses, &books, &answers));
    findings
}
