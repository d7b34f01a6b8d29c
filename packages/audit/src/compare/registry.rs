//! The registry's books against its answers.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::Coin;
use modelbond_interface::registry::{HIndexResponse, ModelResponse};

use crate::finding::{At, Finding, Notes};
use crate::registry::RegistryBooks;

/// What the registry answers after the last entry of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryAnswers {
    /// What opening a model costs.
    pub fee: Option<Coin>,
    /// Models.
    pub models: Vec<ModelResponse>,
    /// Connections of each of these models, by both markets.
    pub connections: BTreeMap<(String, String), BTreeSet<String>>,
    /// h-indices, by creator.
    pub h_indices: BTreeMap<String, HIndexResponse>,
}

/// Every difference between the registry's books and its answers.
#[must_use]
pub fn compare_registry(
    contract: &str,
    books: &RegistryBooks,
    answers: &RegistryAnswers,
) -> Vec<Finding> {
    let mut findings = vec![];
    let at = At::State { contract: contract.to_owned() };
    let notes = &mut Notes { at: &at, findings: &mut findings };
    for answer in &answers.models {
        model(books, answer, notes);
    }
    if let (Some((amount, denom)), Some(fee)) = (&books.fee, &answers.fee) {
        notes.equal("fee", format!("{amount}{denom}"), format!("{}{}", fee.amount, fee.denom));
    }
    let asked = |from: &str| answers.models.iter().any(|model| model.model.as_str() == from);
    let expected: BTreeSet<_> = books.connections.keys().filter(|(from, _)| asked(from)).collect();
    let actual: BTreeSet<_> = answers.connections.keys().collect();
    for key in expected.union(&actual) {
        let (from, to) = key;
        let said = |kinds: Option<&BTreeSet<String>>| {
            let kinds = kinds.into_iter().flatten().cloned();
            kinds.collect::<Vec<String>>().join(", ")
        };
        let (expected, actual) = (books.connections.get(*key), answers.connections.get(*key));
        notes.equal(format!("connection of {from} to {to}"), said(expected), said(actual));
    }
    for (creator, answer) in &answers.h_indices {
        let what = format!("h-index of {creator}");
        notes.equal(what, books.h_index(creator), answer.h);
    }
    findings
}

fn model(books: &RegistryBooks, answer: &ModelResponse, notes: &mut Notes) {
    let ModelResponse { model, number, terms, offered_to, citations, .. } = answer;
    let Some(expected) = books.models.get(model.as_str()) else {
        return notes.note(format!("model {model}"), "none", format!("number {number}"));
    };
    let what = |what: &str| format!("{what} of {model}");
    notes.equal(what("number"), expected.number, *number);
    notes.equal(what("symbol"), expected.symbol.as_str(), answer.symbol.as_str());
    notes.equal(what("creator"), expected.creator.as_str(), terms.creator.as_str());
    notes.equal(what("owner"), expected.owner.as_str(), terms.owner.as_str());
    let offered = offered_to.as_ref().map_or("", |to| to.as_str());
    notes.equal(what("offer"), expected.offered_to.as_str(), offered);
    notes.equal(what("royalty asked for"), expected.royalty_bps, terms.royalty_bps);
    let slugs: Vec<&str> = answer.use_cases.iter().map(|use_case| use_case.row().slug).collect();
    notes.equal(what("use cases"), expected.use_cases.as_str(), slugs.join(",").as_str());
    notes.equal(what("reward rate"), expected.reward_rate, terms.reward_rate);
    let parents = terms.parents.iter().map(|p| (p.model.to_string(), p.royalty_bps));
    let parents: Vec<(String, u16)> = parents.collect();
    if expected.parents != parents {
        notes.note(what("parents"), format!("{:?}", expected.parents), format!("{parents:?}"));
    }
    notes.equal(what("citations"), books.citations(model.as_str()), *citations);
}
