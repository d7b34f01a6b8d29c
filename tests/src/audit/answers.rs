//! What the contracts of which there is one answer.

use std::collections::BTreeMap;

use cw721::msg::TokensResponse;
use modelbond_audit::compare::{Answers, ProvenanceAnswers, RegistryAnswers, RewardsAnswers};
use modelbond_audit::rewards::ModelRewards;
use modelbond_audit::{AddressBook, Books};
use modelbond_interface::provenance::{self, ClaimableResponse, RevenueResponse};
use modelbond_interface::registry::{
    self, Connection, ConnectionsResponse, Direction, HIndexResponse, ModelsResponse,
};
use modelbond_interface::rewards::{self, OperatorResponse, SegmentsResponse};
use modelbond_interface::training::{self, RoundsResponse, RunResponse};
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::market_answers;
use crate::chain::Contracts;

/// What all contracts of an address book answer.
///
/// # Panics
/// When one of them does not.
pub fn answers(chain: &impl Contracts, addresses: &AddressBook, books: &Books) -> Answers {
    let mut answers = Answers::default();
    for (market, books) in &books.markets {
        let found = market_answers(chain, market, books);
        answers.markets.insert(market.clone(), found);
    }
    if let Some(address) = &addresses.registry {
        answers.registry = of_registry(chain, address);
    }
    let models: Vec<String> =
        answers.registry.models.iter().map(|model| model.model.to_string()).collect();
    if let Some(address) = &addresses.provenance {
        answers.provenance = of_provenance(chain, address, &models);
    }
    if let Some(address) = &addresses.rewards {
        for model in &models {
            let known = books.rewards.models.get(model).cloned().unwrap_or_default();
            let found = of_rewards(chain, address, model, &known);
            answers.rewards.insert(model.clone(), found);
        }
    }
    if let Some(address) = &addresses.training {
        let config: training::ConfigResponse = ask(chain, address, &training::QueryMsg::Config {});
        for run_id in 1..=config.runs {
            let answer: RunResponse = ask(chain, address, &training::QueryMsg::Run { run_id });
            answers.training.runs.extend(answer.run);
            loop {
                let last = answers.training.rounds.last().filter(|round| round.run_id == run_id);
                let (start_after, limit) = (last.map(|round| round.round_id), Some(30));
                let query = training::QueryMsg::Rounds { run_id, start_after, limit };
                let page: RoundsResponse = ask(chain, address, &query);
                if page.rounds.is_empty() {
                    break;
                }
                answers.training.rounds.extend(page.rounds);
            }
        }
    }
    answers
}

fn of_registry(chain: &impl Contracts, address: &str) -> RegistryAnswers {
    let mut answers = RegistryAnswers::default();
    loop {
        let start_after = answers.models.last().map(|model| model.number);
        let query = registry::QueryMsg::Models { filter: None, start_after, limit: Some(30) };
        let page: ModelsResponse = ask(chain, address, &query);
        if page.models.is_empty() {
            break;
        }
        answers.models.extend(page.models);
    }
    for model in &answers.models {
        let from = model.model.to_string();
        let mut start_after = None;
        loop {
            let (model, direction) = (from.clone(), Direction::From);
            let limit = Some(30);
            let query = registry::QueryMsg::Connections { model, direction, start_after, limit };
            let page: ConnectionsResponse = ask(chain, address, &query);
            start_after = page.connections.last().map(|connection| connection.number);
            for Connection { to, kinds, .. } in page.connections {
                let kinds = kinds.iter().map(|kind| kind.name().to_owned()).collect();
                answers.connections.insert((from.clone(), to.into_string()), kinds);
            }
            if start_after.is_none() {
                break;
            }
        }
        let creator = model.terms.creator.to_string();
        let query = registry::QueryMsg::HIndex { creator: creator.clone() };
        let answer: HIndexResponse = ask(chain, address, &query);
        answers.h_indices.insert(creator, answer);
    }
    answers
}

fn of_provenance(chain: &impl Contracts, address: &str, models: &[String]) -> ProvenanceAnswers {
    let mut answers = ProvenanceAnswers::default();
    for model in models {
        let query = provenance::QueryMsg::Revenue { model: model.clone() };
        let answer: RevenueResponse = ask(chain, address, &query);
        let bank = chain.balance_of(address, &answer.denom);
        answers.bank.insert(answer.denom.clone(), bank);
        answers.revenues.insert(model.clone(), answer);
        let ids = answers.tokens.entry(model.clone()).or_default();
        loop {
            let skip = Some(u32::try_from(ids.len()).expect("few"));
            let (model, limit) = (model.clone(), Some(30));
            let query = provenance::QueryMsg::ModelTokens { model, skip, limit };
            let page: TokensResponse = ask(chain, address, &query);
            if page.tokens.is_empty() {
                break;
            }
            ids.extend(page.tokens);
        }
    }
    for token_id in answers.tokens.values().flatten() {
        let query = provenance::QueryMsg::Contribution { token_id: token_id.clone() };
        let answer: provenance::ContributionResponse = ask(chain, address, &query);
        if answer.owner.is_some() {
            let query = provenance::QueryMsg::Claimable { token_ids: vec![token_id.clone()] };
            let claimable: ClaimableResponse = ask(chain, address, &query);
            answers.claimable.insert(token_id.clone(), claimable.earned[0].amount.amount);
        }
        answers.contributions.insert(token_id.clone(), answer);
    }
    answers
}

fn of_rewards(
    chain: &impl Contracts,
    address: &str,
    model: &str,
    books: &ModelRewards,
) -> RewardsAnswers {
    let query = rewards::QueryMsg::Model { model: model.to_owned() };
    let stands = ask(chain, address, &query);
    let mut segments: Vec<rewards::Segment> = vec![];
    loop {
        let start_after = segments.last().map(|segment| segment.end);
        let (model, limit) = (model.to_owned(), Some(30));
        let query = rewards::QueryMsg::Segments { model, start_after, limit };
        let page: SegmentsResponse = ask(chain, address, &query);
        if page.segments.is_empty() {
            break;
        }
        segments.extend(page.segments);
    }
    let operators = books.pieces.keys().map(|(operator, _)| operator);
    let mut pieces: BTreeMap<String, Vec<rewards::Piece>> = BTreeMap::new();
    for operator in operators.chain(books.paid.keys()) {
        let found = pieces.entry(operator.clone()).or_default();
        found.clear();
        loop {
            let start_after = found.last().map(|piece| piece.offset);
            let (model, operator, limit) = (model.to_owned(), operator.clone(), Some(30));
            let query = rewards::QueryMsg::Operator { model, operator, start_after, limit };
            let page: OperatorResponse = ask(chain, address, &query);
            if page.pieces.is_empty() {
                break;
            }
            found.extend(page.pieces);
        }
    }
    RewardsAnswers { stands, segments, pieces }
}

fn ask<T: DeserializeOwned>(chain: &impl Contracts, contract: &str, query: &impl Serialize) -> T {
    chain.query_any(contract, query).expect("the contract answers")
}
