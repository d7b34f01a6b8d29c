//! Answers about contributions and money.

use cosmwasm_std::{coin, Addr, Deps, Env, Order, Storage};
use cw721::msg::TokensResponse;
use modelbond_interface::provenance::{
    ClaimableResponse, ConfigResponse, ContributionResponse, Earned, ModelHIndexResponse,
    RevenueResponse,
};

use crate::h_index::{Standing, H_INDEXES};
use crate::revenue::{add, parts};
use crate::state::{
    contribution as stored, ledger, token, waiting, CONFIG, MODEL_TOKENS, TOKENS, USES,
};
use crate::world::World;
use crate::{claims, ContractError};

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

/// How many things are listed.
pub(crate) fn page_size(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default()
}

pub(crate) fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        registry: config.registry,
        training: config.training,
        beacon: config.beacon,
        evm_chain_id: config.evm_chain_id,
        witness_secs: config.witness_secs,
    })
}

pub(crate) fn contribution(
    deps: Deps,
    token_id: &str,
) -> Result<ContributionResponse, ContractError> {
    let contribution = stored(deps.storage, token_id)?;
    Ok(ContributionResponse {
        weight: u128::from(claims::weight(&contribution)).into(),
        owner: TOKENS.may_load(deps.storage, token_id)?.map(|token| token.owner),
        uses: USES.may_load(deps.storage, token_id)?.unwrap_or_default(),
        contribution,
    })
}

pub(crate) fn claimable(
    deps: Deps,
    env: &Env,
    token_ids: &[String],
) -> Result<ClaimableResponse, ContractError> {
    claims::ensure_some(token_ids)?;
    let world = World::of(deps.storage, deps.querier, env)?;
    let earned = token_ids.iter().map(|token_id| {
        let (denom, amount) = owed(deps.storage, &world, token_id)?;
        Ok(Earned { token_id: token_id.clone(), amount: coin(amount, denom) })
    });
    Ok(ClaimableResponse { earned: earned.collect::<Result<_, ContractError>>()? })
}

/// What a claim would pay for an NFT: royalties that wait are shared out by it.
fn owed(
    storage: &dyn Storage,
    world: &World,
    token_id: &str,
) -> Result<(String, u128), ContractError> {
    let token = token(storage, token_id)?;
    let contribution = stored(storage, token_id)?;
    let model = &contribution.model;
    let terms = world.terms(model)?;
    let mut pool = ledger(storage, model)?.pool;
    let waiting = waiting(storage, model)?;
    // As a claim does: what burned NFTs left is shared out with the next amount, not without one.
    if waiting > 0 {
        pool.share_out(parts(&terms).split(waiting)?.holders)?;
    }
    let (owed, _) = pool.pay(claims::weight(&contribution), token.share)?;
    Ok((terms.reserve_denom, owed))
}

pub(crate) fn revenue(
    deps: Deps,
    env: &Env,
    model: &str,
) -> Result<RevenueResponse, ContractError> {
    let model = deps.api.addr_validate(model)?;
    let terms = World::of(deps.storage, deps.querier, env)?.terms(&model)?;
    let ledger = ledger(deps.storage, &model)?;
    let undistributed = waiting(deps.storage, &model)?;
    Ok(RevenueResponse {
        denom: terms.reserve_denom,
        weight: u128::from(ledger.pool.weight).into(),
        usage: ledger.usage.into(),
        royalties: add(ledger.royalties, undistributed)?.into(),
        fees: ledger.fees.into(),
        undistributed: undistributed.into(),
        reserve: ledger.reserve.into(),
        owner: ledger.owner.into(),
        holders: ledger.holders.into(),
    })
}

pub(crate) fn model_h_index(deps: Deps, model: &str) -> Result<ModelHIndexResponse, ContractError> {
    let model = deps.api.addr_validate(model)?;
    let standing = H_INDEXES.may_load(deps.storage, &model)?;
    let Standing { h, used, .. } = standing.unwrap_or_default();
    Ok(ModelHIndexResponse { h, used })
}

pub(crate) fn model_tokens(
    deps: Deps,
    model: &str,
    skip: Option<u32>,
    limit: Option<u32>,
) -> Result<TokensResponse, ContractError> {
    let model: Addr = deps.api.addr_validate(model)?;
    let start = skip.map(cw_storage_plus::Bound::inclusive);
    let tokens = MODEL_TOKENS
        .prefix(&model)
        .range(deps.storage, start, None, Order::Ascending)
        .take(page_size(limit))
        .map(|entry| entry.map(|(_, token_id)| token_id));
    Ok(TokensResponse { tokens: tokens.collect::<Result<_, _>>()? })
}
