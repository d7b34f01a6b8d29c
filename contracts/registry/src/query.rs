//! Answers. Lists are in pages of 10 by default and 30 at most.

use cosmwasm_std::{Addr, Deps, Env, Order, StdResult, Storage};
use cw_storage_plus::Bound;
use modelbond_interface::provenance;
use modelbond_interface::registry::{
    Category, ConfigResponse, Connection, ConnectionsResponse, Direction, HIndexResponse,
    ModelAddressResponse, ModelFilter, ModelHIndexResponse, ModelResponse, ModelsResponse, UseCase,
    UseCaseRow, UseCasesResponse,
};

use crate::state::{
    count, models_of, Creator, Registered, BACKLINKS, BY_CREATOR, BY_USE_CASE, CITATIONS, CONFIG,
    CREATORS, LINKS, MODELS, OFFERS, TERMS, USE_CASES,
};
use crate::{address, ContractError};

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

/// Number after which to start, and how many.
type Page = (Option<u32>, Option<u32>);

/// How many things are listed.
fn page_size(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default()
}

pub(crate) fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        training: config.training,
        rewards: config.rewards,
        provenance: config.provenance,
        market_code_id: config.market_code_id,
        market_checksum: config.market_checksum,
        fee: config.fee,
        models: count(deps.storage)?,
    })
}

pub(crate) fn model(deps: Deps, model: &str) -> Result<ModelResponse, ContractError> {
    shown(deps.storage, Registered::load(deps, model)?.number)
}

fn shown(storage: &dyn Storage, number: u32) -> Result<ModelResponse, ContractError> {
    let stored = MODELS.load(storage, number)?;
    let (_, terms) = TERMS.load(storage, &stored.model)?.into();
    Ok(ModelResponse {
        number,
        terms,
        offered_to: OFFERS.may_load(storage, number)?,
        use_cases: stored.use_cases().collect(),
        citations: CITATIONS.may_load(storage, number)?.unwrap_or_default(),
        model: stored.model,
        name: stored.name,
        symbol: stored.symbol,
        opened_at: stored.opened_at,
        metadata: stored.metadata,
    })
}

pub(crate) fn models(
    deps: Deps,
    filter: Option<ModelFilter>,
    (start_after, limit): Page,
) -> Result<ModelsResponse, ContractError> {
    let (storage, limit) = (deps.storage, page_size(limit));
    let numbers = match filter {
        None => {
            let newest = count(storage)?;
            let first = start_after.map_or(Some(1), |number| number.checked_add(1));
            first.map(|first| (first..=newest).take(limit).collect()).unwrap_or_default()
        }
        Some(ModelFilter::Creator(creator)) => {
            let creator = deps.api.addr_validate(&creator)?;
            by_creator(storage, &creator, start_after, limit)?
        }
        Some(ModelFilter::UseCase(use_case)) => by_use_case(storage, use_case, start_after, limit)?,
        Some(ModelFilter::Category(category)) => {
            by_category(storage, category, start_after, limit)?
        }
    };
    let models = numbers.into_iter().map(|number| shown(storage, number));
    Ok(ModelsResponse { models: models.collect::<Result<_, _>>()? })
}

fn by_creator(
    storage: &dyn Storage,
    creator: &Addr,
    start_after: Option<u32>,
    limit: usize,
) -> Result<Vec<u32>, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let numbers = BY_CREATOR.prefix(creator).keys(storage, start, None, Order::Ascending);
    Ok(numbers.take(limit).collect::<StdResult<_>>()?)
}

fn by_use_case(
    storage: &dyn Storage,
    use_case: UseCase,
    start_after: Option<u32>,
    limit: usize,
) -> Result<Vec<u32>, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let numbers =
        BY_USE_CASE.prefix(use_case.number()).keys(storage, start, None, Order::Ascending);
    Ok(numbers.take(limit).collect::<StdResult<_>>()?)
}

/// The first models of each use case of the category, together: those of all are among them. A model that
/// has two of them is there once.
fn by_category(
    storage: &dyn Storage,
    category: Category,
    start_after: Option<u32>,
    limit: usize,
) -> Result<Vec<u32>, ContractError> {
    let mut numbers = vec![];
    for use_case in UseCase::all().filter(|use_case| use_case.row().category == category) {
        numbers.extend(by_use_case(storage, use_case, start_after, limit)?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(limit);
    Ok(numbers)
}

pub(crate) fn model_address(
    deps: Deps,
    env: &Env,
    creator: &str,
    symbol: &str,
) -> Result<ModelAddressResponse, ContractError> {
    let creator = deps.api.addr_validate(creator)?;
    let salt = address::salt(&creator, symbol);
    let model = address::market(deps.api, env, &CONFIG.load(deps.storage)?, &salt)?;
    let opened = TERMS.has(deps.storage, &model);
    Ok(ModelAddressResponse { model, opened })
}

pub(crate) fn connections(
    deps: Deps,
    model: &str,
    direction: Direction,
    (start_after, limit): Page,
) -> Result<ConnectionsResponse, ContractError> {
    let Registered { model, number, .. } = Registered::load(deps, model)?;
    let (storage, start) = (deps.storage, start_after.map(Bound::exclusive));
    let others: Vec<u32> = match direction {
        Direction::From => LINKS.prefix(number).keys(storage, start, None, Order::Ascending),
        Direction::To => BACKLINKS.prefix(number).keys(storage, start, None, Order::Ascending),
    }
    .take(page_size(limit))
    .collect::<StdResult<_>>()?;
    let connections = others
        .into_iter()
        .map(|other| {
            let at = MODELS.load(storage, other)?.model;
            let (pair, from, to) = match direction {
                Direction::From => ((number, other), model.clone(), at),
                Direction::To => ((other, number), at, model.clone()),
            };
            let kinds = LINKS.load(storage, pair)?.list();
            Ok(Connection { from, to, number: other, kinds })
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(ConnectionsResponse { connections })
}

pub(crate) fn h_index(deps: Deps, creator: &str) -> Result<HIndexResponse, ContractError> {
    let creator = deps.api.addr_validate(creator)?;
    let models = models_of(deps.storage, &creator)?;
    let Creator { h, citations, .. } =
        CREATORS.may_load(deps.storage, &creator)?.unwrap_or_default();
    Ok(HIndexResponse { h, models, citations })
}

pub(crate) fn model_h_index(deps: Deps, model: &str) -> Result<ModelHIndexResponse, ContractError> {
    let model = Registered::load(deps, model)?.model.into_string();
    let provenance = CONFIG.load(deps.storage)?.provenance;
    let query = provenance::QueryMsg::ModelHIndex { model };
    Ok(deps.querier.query_wasm_smart(provenance, &query)?)
}

pub(crate) fn use_cases(
    deps: Deps,
    category: Option<Category>,
) -> Result<UseCasesResponse, ContractError> {
    let asked = |use_case: &UseCase| category.is_none_or(|only| use_case.row().category == only);
    let rows = UseCase::all().filter(asked).map(|use_case| {
        let models = USE_CASES.may_load(deps.storage, use_case.number())?.unwrap_or_default();
        let row = use_case.row();
        let (category, name, featured) = (row.category, row.name.to_owned(), row.featured);
        Ok(UseCaseRow { use_case, category, name, featured, models })
    });
    Ok(UseCasesResponse { use_cases: rows.collect::<Result<_, ContractError>>()? })
}
