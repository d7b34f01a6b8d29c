//! What the contracts of which there is one answer.

use std::collections::{BTreeMap, BTreeSet};

use cw721::msg::TokensResponse;
use modelbond_interface::provenance::{
    ClaimableResponse, ContributionResponse, OfferResponse, OffersResponse,
    QueryMsg as ProvenanceQuery, RevenueResponse,
};
use modelbond_interface::registry::{
    ConfigResponse as RegistryConfig, Connection, ConnectionsResponse, Direction, ModelResponse,
    ModelsResponse, QueryMsg as RegistryQuery,
};
use modelbond_interface::rewards::{
    OperatorResponse, Piece, QueryMsg as RewardsQuery, Segment, SegmentsResponse,
};
use modelbond_interface::training::{
    ConfigResponse, QueryMsg as TrainingQuery, Round, RoundsResponse, RunResponse,
};

use super::{pages, State, PAGE};
use crate::compare::{ProvenanceAnswers, RegistryAnswers, RewardsAnswers, TrainingAnswers};
use crate::rewards::RewardsBooks;

/// Asks the registry about the models that are `asked` about.
///
/// # Errors
/// When it does not answer.
pub fn ask_registry<S: State>(
    state: &S,
    address: &str,
    asked: impl Fn(&str) -> bool,
) -> Result<RegistryAnswers, S::Error> {
    let mut models = pages(|before: &[ModelResponse]| {
        let start_after = before.last().map(|model| model.number);
        let query = RegistryQuery::Models { filter: None, start_after, limit: PAGE };
        Ok(state.ask::<ModelsResponse>(address, &query)?.models)
    })?;
    models.retain(|model| asked(model.model.as_str()));
    let config: RegistryConfig = state.ask(address, &RegistryQuery::Config {})?;
    let fee = Some(config.fee);
    let mut answers = RegistryAnswers { fee, models, ..RegistryAnswers::default() };
    for model in &answers.models {
        let from = model.model.to_string();
        let connections = pages(|before: &[Connection]| {
            let start_after = before.last().map(|connection| connection.number);
            let (model, direction) = (from.clone(), Direction::From);
            let query = RegistryQuery::Connections { model, direction, start_after, limit: PAGE };
            Ok(state.ask::<ConnectionsResponse>(address, &query)?.connections)
        })?;
        for Connection { to, kinds, .. } in connections {
            let kinds: BTreeSet<String> = kinds.iter().map(|kind| kind.name().to_owned()).collect();
            answers.connections.insert((from.clone(), to.into_string()), kinds);
        }
        let creator = model.terms.creator.to_string();
        let query = RegistryQuery::HIndex { creator: creator.clone() };
        answers.h_indices.insert(creator, state.ask(address, &query)?);
    }
    Ok(answers)
}

/// Asks provenance about models and all their NFTs.
///
/// # Errors
/// When it does not answer.
pub fn ask_provenance<S: State>(
    state: &S,
    address: &str,
    models: &[String],
) -> Result<ProvenanceAnswers, S::Error> {
    let mut answers = ProvenanceAnswers::default();
    for model in models {
        let query = ProvenanceQuery::Revenue { model: model.clone() };
        let revenue: RevenueResponse = state.ask(address, &query)?;
        if !answers.bank.contains_key(&revenue.denom) {
            let bank = state.balance(address, &revenue.denom)?;
            answers.bank.insert(revenue.denom.clone(), bank);
        }
        answers.revenues.insert(model.clone(), revenue);
        let ids = pages(|before: &[String]| {
            let skip = u32::try_from(before.len()).ok();
            let query = ProvenanceQuery::ModelTokens { model: model.clone(), skip, limit: PAGE };
            Ok(state.ask::<TokensResponse>(address, &query)?.tokens)
        })?;
        for token_id in &ids {
            let query = ProvenanceQuery::Contribution { token_id: token_id.clone() };
            let answer: ContributionResponse = state.ask(address, &query)?;
            if answer.owner.is_some() {
                let query = ProvenanceQuery::Claimable { token_ids: vec![token_id.clone()] };
                let claimable: ClaimableResponse = state.ask(address, &query)?;
                for earned in claimable.earned {
                    answers.claimable.insert(earned.token_id, earned.amount.amount);
                }
            }
            answers.contributions.insert(token_id.clone(), answer);
        }
        answers.tokens.insert(model.clone(), ids);
    }
    if models.is_empty() {
        return Ok(answers);
    }
    let mut offers = pages(|before: &[OfferResponse]| {
        let start_after = before.last().map(|offer| offer.offer_id);
        let query = ProvenanceQuery::Offers { start_after, limit: PAGE };
        Ok(state.ask::<OffersResponse>(address, &query)?.offers)
    })?;
    offers.retain(|offer| models.contains(&offer.offered.model));
    answers.offers = offers;
    Ok(answers)
}

/// Asks rewards about a model, and about every operator in its books.
///
/// # Errors
/// When it does not answer.
pub fn ask_rewards<S: State>(
    state: &S,
    address: &str,
    model: &str,
    books: &RewardsBooks,
) -> Result<RewardsAnswers, S::Error> {
    let query = RewardsQuery::Model { model: model.to_owned() };
    let stands = state.ask(address, &query)?;
    let segments = pages(|before: &[Segment]| {
        let start_after = before.last().map(|segment| segment.end);
        let query = RewardsQuery::Segments { model: model.to_owned(), start_after, limit: PAGE };
        Ok(state.ask::<SegmentsResponse>(address, &query)?.segments)
    })?;
    let books = books.models.get(model).cloned().unwrap_or_default();
    let with_work = books.pieces.keys().map(|(operator, _)| operator);
    let operators: BTreeSet<&String> = with_work.chain(books.paid.keys()).collect();
    let mut work: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    for operator in operators {
        let found = pages(|before: &[Piece]| {
            let start_after = before.last().map(|piece| piece.offset);
            let (model, operator) = (model.to_owned(), operator.clone());
            let query = RewardsQuery::Operator { model, operator, start_after, limit: PAGE };
            Ok(state.ask::<OperatorResponse>(address, &query)?.pieces)
        })?;
        work.insert(operator.clone(), found);
    }
    Ok(RewardsAnswers { stands, segments, pieces: work })
}

/// Asks training about the runs of models that are `asked` about, and all their rounds.
///
/// # Errors
/// When it does not answer.
pub fn ask_training<S: State>(
    state: &S,
    address: &str,
    asked: impl Fn(&str) -> bool,
) -> Result<TrainingAnswers, S::Error> {
    let config: ConfigResponse = state.ask(address, &TrainingQuery::Config {})?;
    let mut answers = TrainingAnswers::default();
    for run_id in 1..=config.runs {
        let answer: RunResponse = state.ask(address, &TrainingQuery::Run { run_id })?;
        let Some(run) = answer.run else { break };
        if !asked(run.model.as_str()) {
            continue;
        }
        answers.runs.push(run);
        answers.rounds.extend(pages(|before: &[Round]| {
            let start_after = before.last().map(|round| round.round_id);
            let query = TrainingQuery::Rounds { run_id, start_after, limit: PAGE };
            Ok(state.ask::<RoundsResponse>(address, &query)?.rounds)
        })?);
    }
    Ok(answers)
}
