//! What an audit needs of a chain: who is who, and what contracts answer.

mod answers;
mod market;

use modelbond_audit::compare::{compare, Answers};
use modelbond_audit::{audit, AddressBook, Entry, Finding};
use modelbond_interface::event::TypedEvent;
use modelbond_interface::market::{ConfigResponse, MarketOpened, QueryMsg};

use crate::chain::{Chain, Contracts};
use crate::deployment::Deployment;

pub use answers::answers;
pub use market::market_answers;

/// The markets that a log says opened, with their terms.
///
/// # Panics
/// When one of them does not answer.
pub fn markets(chain: &impl Chain, log: &[Entry]) -> AddressBook {
    let mut book = AddressBook::default();
    for entry in log {
        if entry.event.ty.strip_prefix("wasm-") == Some(MarketOpened::TYPE) {
            let terms: ConfigResponse =
                chain.query(&entry.contract, &QueryMsg::Config {}).expect("the market answers");
            book.markets.insert(entry.contract.clone(), terms);
        }
    }
    book
}

/// The same, with the contracts of a deployment.
///
/// # Panics
/// When a market does not answer.
pub fn everything(chain: &impl Chain, deployment: &Deployment, log: &[Entry]) -> AddressBook {
    AddressBook {
        registry: Some(deployment.registry.clone()),
        provenance: Some(deployment.provenance.clone()),
        rewards: Some(deployment.rewards.clone()),
        training: Some(deployment.training.clone()),
        ..markets(chain, log)
    }
}

/// Everything that an audit of a chain's contracts finds in `log`.
///
/// # Panics
/// When a contract does not answer.
pub fn findings(chain: &impl Contracts, addresses: AddressBook, log: &[Entry]) -> Vec<Finding> {
    let (books, mut findings) = audit(addresses.clone(), log);
    let answers: Answers = answers(chain, &addresses, &books);
    findings.extend(compare(&addresses, &books, &answers));
    findings
}
