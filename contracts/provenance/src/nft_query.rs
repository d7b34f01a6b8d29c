//! Answers of cw721, with its own types.

use cosmwasm_std::{Addr, Deps, Empty, Env, Order};
use cw721::msg::{
    AllInfoResponse, AllNftInfoResponse, ApprovalResponse, ApprovalsResponse, ConfigResponse,
    MinterResponse, NftInfoResponse, NumTokensResponse, OperatorResponse, OperatorsResponse,
    OwnerOfResponse, TokensResponse,
};
use cw721::state::CollectionInfo;
use cw721::{Approval, Expiration, NftExtension, Ownership};
use cw_storage_plus::Bound;
use modelbond_interface::provenance::CollectionResponse;

use crate::query::page_size;
use crate::state::{contribution, token, Token, CONFIG, HELD, NUM_TOKENS, OPERATORS, TOKENS};
use crate::{metadata, ContractError};

/// Name of the collection.
const NAME: &str = "Modelbond contributions";
/// Its symbol.
const SYMBOL: &str = "MBCON";

/// Approvals as they are shown.
fn shown(env: &Env, token: Token, include_expired: Option<bool>) -> Vec<Approval> {
    let all = include_expired.unwrap_or_default();
    let approvals = token.approvals.into_iter();
    approvals.filter(|approval| all || !approval.is_expired(&env.block)).collect()
}

pub(crate) fn owner_of(
    deps: Deps,
    env: &Env,
    token_id: &str,
    include_expired: Option<bool>,
) -> Result<OwnerOfResponse, ContractError> {
    let token = token(deps.storage, token_id)?;
    let owner = token.owner.to_string();
    Ok(OwnerOfResponse { owner, approvals: shown(env, token, include_expired) })
}

pub(crate) fn approval(
    deps: Deps,
    env: &Env,
    token_id: &str,
    spender: &str,
    include_expired: Option<bool>,
) -> Result<ApprovalResponse, ContractError> {
    let token = token(deps.storage, token_id)?;
    let spender = deps.api.addr_validate(spender)?;
    if token.owner == spender {
        let approval = Approval { spender, expires: Expiration::Never {} };
        return Ok(ApprovalResponse { approval });
    }
    let mut approvals = shown(env, token, include_expired).into_iter();
    match approvals.find(|approval| approval.spender == spender) {
        Some(approval) => Ok(ApprovalResponse { approval }),
        None => Err(ContractError::NoApproval { spender }),
    }
}

pub(crate) fn approvals(
    deps: Deps,
    env: &Env,
    token_id: &str,
    include_expired: Option<bool>,
) -> Result<ApprovalsResponse, ContractError> {
    let token = token(deps.storage, token_id)?;
    Ok(ApprovalsResponse { approvals: shown(env, token, include_expired) })
}

pub(crate) fn operator(
    deps: Deps,
    env: &Env,
    owner: &str,
    operator: &str,
    include_expired: Option<bool>,
) -> Result<OperatorResponse, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    let spender = deps.api.addr_validate(operator)?;
    let all = include_expired.unwrap_or_default();
    let until = OPERATORS.may_load(deps.storage, (&owner, &spender))?;
    match until.filter(|until| all || !until.is_expired(&env.block)) {
        Some(expires) => Ok(OperatorResponse { approval: Approval { spender, expires } }),
        None => Err(ContractError::NoApproval { spender }),
    }
}

pub(crate) fn all_operators(
    deps: Deps,
    env: &Env,
    owner: &str,
    include_expired: Option<bool>,
    (start_after, limit): (Option<String>, Option<u32>),
) -> Result<OperatorsResponse, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    let all = include_expired.unwrap_or_default();
    let start = cw_utils::maybe_addr(deps.api, start_after)?;
    let operators = OPERATORS
        .prefix(&owner)
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .map(|entry| entry.map(|(spender, expires)| Approval { spender, expires }))
        .filter(|entry| {
            all || !entry.as_ref().is_ok_and(|approval| approval.is_expired(&env.block))
        })
        .take(page_size(limit));
    Ok(OperatorsResponse { operators: operators.collect::<Result<_, _>>()? })
}

pub(crate) fn num_tokens(deps: Deps) -> Result<NumTokensResponse, ContractError> {
    Ok(NumTokensResponse { count: NUM_TOKENS.may_load(deps.storage)?.unwrap_or_default() })
}

pub(crate) fn collection(deps: Deps) -> Result<CollectionResponse, ContractError> {
    let updated_at = CONFIG.load(deps.storage)?.made_at;
    let (name, symbol) = (NAME.to_owned(), SYMBOL.to_owned());
    Ok(CollectionResponse { name, symbol, extension: None, updated_at })
}

fn collection_info(deps: Deps) -> Result<CollectionInfo, ContractError> {
    let CollectionResponse { name, symbol, updated_at, .. } = collection(deps)?;
    Ok(CollectionInfo { name, symbol, updated_at })
}

pub(crate) fn all_info(deps: Deps, env: &Env) -> Result<AllInfoResponse, ContractError> {
    Ok(AllInfoResponse {
        contract_info: deps.querier.query_wasm_contract_info(&env.contract.address)?,
        collection_info: collection_info(deps)?,
        collection_extension: vec![],
        num_tokens: num_tokens(deps)?.count,
    })
}

pub(crate) fn cw721_config(
    deps: Deps,
    env: &Env,
) -> Result<ConfigResponse<Option<Empty>>, ContractError> {
    let AllInfoResponse { contract_info, collection_info, num_tokens, .. } = all_info(deps, env)?;
    Ok(ConfigResponse {
        num_tokens,
        minter_ownership: ownership(),
        creator_ownership: ownership(),
        withdraw_address: None,
        collection_info,
        collection_extension: None,
        contract_info,
    })
}

pub(crate) fn nft_info(
    deps: Deps,
    token_id: &str,
) -> Result<NftInfoResponse<NftExtension>, ContractError> {
    token(deps.storage, token_id)?;
    let extension = metadata::extension(token_id, &contribution(deps.storage, token_id)?);
    Ok(NftInfoResponse { token_uri: None, extension })
}

pub(crate) fn all_nft_info(
    deps: Deps,
    env: &Env,
    token_id: &str,
    include_expired: Option<bool>,
) -> Result<AllNftInfoResponse<NftExtension>, ContractError> {
    let access = owner_of(deps, env, token_id, include_expired)?;
    Ok(AllNftInfoResponse { access, info: nft_info(deps, token_id)? })
}

pub(crate) fn tokens(
    deps: Deps,
    owner: &str,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<TokensResponse, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    let start = start_after.map(Bound::exclusive);
    let tokens = HELD
        .prefix(&owner)
        .keys(deps.storage, start, None, Order::Ascending)
        .take(page_size(limit));
    Ok(TokensResponse { tokens: tokens.collect::<Result<_, _>>()? })
}

pub(crate) fn all_tokens(
    deps: Deps,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<TokensResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let tokens =
        TOKENS.keys.keys(deps.storage, start, None, Order::Ascending).take(page_size(limit));
    Ok(TokensResponse { tokens: tokens.collect::<Result<_, _>>()? })
}

pub(crate) fn minter(deps: Deps) -> Result<MinterResponse, ContractError> {
    Ok(MinterResponse { minter: Some(CONFIG.load(deps.storage)?.training.into_string()) })
}

/// Nobody owns anything here.
pub(crate) fn ownership() -> Ownership<Addr> {
    Ownership { owner: None, pending_owner: None, pending_expiry: None }
}
