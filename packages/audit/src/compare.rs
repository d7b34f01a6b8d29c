//! Books against what contracts answer. Whoever asks decides what is compared: a model, an NFT, a run
//! that was not asked about is not compared.

use std::collections::BTreeMap;

use crate::auditor::{AddressBook, Books};
use crate::finding::Finding;

mod market;
mod provenance;
mod registry;
mod rewards;
mod training;

pub use market::{compare_market, MarketAnswers};
pub use provenance::{compare_provenance, ProvenanceAnswers};
pub use registry::{compare_registry, RegistryAnswers};
pub use rewards::{compare_rewards, RewardsAnswers};
pub use training::{compare_training, TrainingAnswers};

/// What the contracts of a deployment answer after the last entry of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// Markets.
    pub markets: BTreeMap<String, MarketAnswers>,
    /// The registry.
    pub registry: RegistryAnswers,
    /// Provenance.
    pub provenance: ProvenanceAnswers,
    /// Rewards, by model.
    pub rewards: BTreeMap<String, RewardsAnswers>,
    /// Training.
    pub training: TrainingAnswers,
}

/// Every difference between books and answers.
#[must_use]
pub fn compare(addresses: &AddressBook, books: &Books, answers: &Answers) -> Vec<Finding> {
    let mut findings = vec![];
    for (market, answers) in &answers.markets {
        let books = books.markets.get(market).cloned().unwrap_or_default();
        findings.extend(compare_market(market, &books, answers));
    }
    if let Some(registry) = &addresses.registry {
        findings.extend(compare_registry(registry, &books.registry, &answers.registry));
    }
    if let Some(provenance) = &addresses.provenance {
        findings.extend(compare_provenance(provenance, &books.provenance, &answers.provenance));
    }
    if let Some(rewards) = &addresses.rewards {
        for (model, answers) in &answers.rewards {
            findings.extend(compare_rewards(rewards, model, &books.rewards, answers));
        }
    }
    if let Some(training) = &addresses.training {
        findings.extend(compare_training(training, &books.training, &answers.training));
    }
    findings
}
