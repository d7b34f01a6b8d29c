//! Dispatch. There is no `migrate`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response,
};
use cw721::msg::AdditionalMintersResponse;
use modelbond_interface::provenance::{
    ExecuteMsg, InstantiateMsg, QueryMsg, RoyaltiesCheck, RoyaltyQuery,
};

use crate::error::ensure_bounds;
use crate::lineage::Walk;
use crate::state::{Config, CONFIG};
use crate::{
    claims, fees, image, lineage, metadata, mint, nft, nft_query, offers, payments, query, state,
    ContractError,
};

const NAME: &str = "modelbond:provenance";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The market paid fees; the payload is its address.
pub(crate) const FEES: u64 = 1;
/// Training refused to count a user.
pub(crate) const CREDIT: u64 = 2;

/// How long witnesses may have: 5 s to 7 days.
const WITNESS_SECS: (u64, u64) = (5, 604_800);

/// Makes the contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    ensure_bounds("witness_secs", WITNESS_SECS, msg.witness_secs)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let config = Config {
        registry: deps.api.addr_validate(&msg.registry)?,
        training: deps.api.addr_validate(&msg.training)?,
        beacon: deps.api.addr_validate(&msg.beacon)?,
        evm_chain_id: msg.evm_chain_id,
        witness_secs: msg.witness_secs,
        made_at: env.block.time,
    };
    CONFIG.save(deps.storage, &config);
    Ok(Response::new().add_attribute("action", "instantiate"))
}

/// Runs a message.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::PayUsage { .. } | ExecuteMsg::Contribute { .. }) {
        cw_utils::nonpayable(&info)?;
    }
    match msg {
        ExecuteMsg::MintContribution(contribution) => {
            mint::by_training(deps, &env, &info, *contribution)
        }
        ExecuteMsg::PayUsage { model, memo } => payments::pay_usage(deps, &env, info, &model, memo),
        ExecuteMsg::Distribute { model } => payments::distribute(deps, &env, &model),
        ExecuteMsg::CollectFees { model } => fees::collect(deps, &env, &model),
        ExecuteMsg::Forward { model, to } => payments::forward(deps, &env, &model, to),
        ExecuteMsg::Claim { token_ids } => claims::claim(deps, &env, &info, token_ids),
        ExecuteMsg::TransferNft { recipient, token_id } => {
            nft::transfer(deps, &env, &info, &recipient, &token_id)
        }
        ExecuteMsg::SendNft { contract, token_id, msg } => {
            nft::send(deps, &env, &info, &contract, (token_id, msg))
        }
        ExecuteMsg::Approve { spender, token_id, expires } => {
            nft::approve(deps, &env, &info, &spender, (token_id, expires))
        }
        ExecuteMsg::Revoke { spender, token_id } => {
            nft::revoke(deps, &env, &info, &spender, token_id)
        }
        ExecuteMsg::ApproveAll { operator, expires } => {
            nft::approve_all(deps, &env, &info, &operator, expires)
        }
        ExecuteMsg::RevokeAll { operator } => nft::revoke_all(deps, &info, &operator),
        ExecuteMsg::Burn { token_id } => nft::burn(deps, &env, &info, token_id),
        ExecuteMsg::Contribute { offered, signed } => {
            offers::contribute(deps, &env, info, offered, signed.as_ref())
        }
        ExecuteMsg::DrawWitnesses { offer_id } => offers::draw(deps, &env, offer_id),
        ExecuteMsg::CommitScore { offer_id, slot, commit } => {
            offers::commit(deps, &env, &info, (offer_id, slot), commit)
        }
        ExecuteMsg::RevealScore { offer_id, slot, score, salt } => {
            offers::reveal(deps, &env, &info, (offer_id, slot), (score, salt))
        }
        ExecuteMsg::ConcludeOffer { offer_id } => offers::conclude(deps, &env, offer_id),
        msg => Err(ContractError::Immutable { message: refused(&msg) }),
    }
}

/// Messages of cw721 that change what nobody can change.
fn refused(msg: &ExecuteMsg) -> &'static str {
    match msg {
        ExecuteMsg::Mint { .. } => "mint",
        ExecuteMsg::UpdateOwnership(_) => "update_ownership",
        ExecuteMsg::UpdateMinterOwnership(_) => "update_minter_ownership",
        ExecuteMsg::UpdateCreatorOwnership(_) => "update_creator_ownership",
        ExecuteMsg::UpdateCollectionInfo { .. } => "update_collection_info",
        ExecuteMsg::UpdateNftInfo { .. } => "update_nft_info",
        ExecuteMsg::AddMinter { .. } => "add_minter",
        ExecuteMsg::RemoveMinter { .. } => "remove_minter",
        ExecuteMsg::UpdateExtension { .. } => "update_extension",
        ExecuteMsg::SetWithdrawAddress { .. } => "set_withdraw_address",
        ExecuteMsg::RemoveWithdrawAddress {} => "remove_withdraw_address",
        ExecuteMsg::WithdrawFunds { .. } => "withdraw_funds",
        // Taken before.
        _ => "",
    }
}

/// Takes an answer of another contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    match reply.id {
        FEES => fees::collected(deps, &env, reply),
        CREDIT => Ok(Response::new().add_attribute("credit", "refused")),
        id => Err(ContractError::UnknownReply { id }),
    }
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Contribution { token_id } => {
            to_json_binary(&query::contribution(deps, &token_id)?)
        }
        QueryMsg::Lineage { token_id, direction, depth, skip, limit } => {
            let skip = usize::try_from(skip.unwrap_or_default()).unwrap_or(usize::MAX);
            let walk = Walk { direction, depth, skip, limit: query::page_size(limit) };
            to_json_binary(&lineage::walk(deps.storage, &token_id, &walk)?)
        }
        QueryMsg::Claimable { token_ids } => {
            to_json_binary(&query::claimable(deps, &env, &token_ids)?)
        }
        QueryMsg::Revenue { model } => to_json_binary(&query::revenue(deps, &env, &model)?),
        QueryMsg::ModelHIndex { model } => to_json_binary(&query::model_h_index(deps, &model)?),
        QueryMsg::ModelTokens { model, skip, limit } => {
            to_json_binary(&query::model_tokens(deps, &model, skip, limit)?)
        }
        QueryMsg::Image { token_id } => {
            let contribution = state::contribution(deps.storage, &token_id)?;
            to_json_binary(&image::draw(&token_id, &contribution))
        }
        QueryMsg::Offer { offer_id } => to_json_binary(&offers::offer(deps, &env, offer_id)?),
        QueryMsg::Offers { start_after, limit } => {
            to_json_binary(&offers::offers(deps, &env, (start_after, limit))?)
        }
        QueryMsg::RoyaltyInfo { token_id, sale_price }
        | QueryMsg::Extension { msg: RoyaltyQuery::RoyaltyInfo { token_id, sale_price } } => {
            let contribution = state::contribution(deps.storage, &token_id)?;
            to_json_binary(&metadata::royalty(&contribution, sale_price))
        }
        QueryMsg::CheckRoyalties {}
        | QueryMsg::Extension { msg: RoyaltyQuery::CheckRoyalties {} } => {
            to_json_binary(&RoyaltiesCheck { royalty_payments: true })
        }
        msg => return cw721(deps, &env, msg),
    }?)
}

/// Answers of cw721.
fn cw721(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::OwnerOf { token_id, include_expired } => {
            to_json_binary(&nft_query::owner_of(deps, env, &token_id, include_expired)?)
        }
        QueryMsg::Approval { token_id, spender, include_expired } => {
            to_json_binary(&nft_query::approval(deps, env, &token_id, &spender, include_expired)?)
        }
        QueryMsg::Approvals { token_id, include_expired } => {
            to_json_binary(&nft_query::approvals(deps, env, &token_id, include_expired)?)
        }
        QueryMsg::Operator { owner, operator, include_expired } => {
            to_json_binary(&nft_query::operator(deps, env, &owner, &operator, include_expired)?)
        }
        QueryMsg::AllOperators { owner, include_expired, start_after, limit } => {
            let page = (start_after, limit);
            to_json_binary(&nft_query::all_operators(deps, env, &owner, include_expired, page)?)
        }
        QueryMsg::NumTokens {} => to_json_binary(&nft_query::num_tokens(deps)?),
        QueryMsg::ContractInfo {} | QueryMsg::GetCollectionInfoAndExtension {} => {
            to_json_binary(&nft_query::collection(deps)?)
        }
        QueryMsg::NftInfo { token_id } => to_json_binary(&nft_query::nft_info(deps, &token_id)?),
        QueryMsg::AllNftInfo { token_id, include_expired } => {
            to_json_binary(&nft_query::all_nft_info(deps, env, &token_id, include_expired)?)
        }
        QueryMsg::Tokens { owner, start_after, limit } => {
            to_json_binary(&nft_query::tokens(deps, &owner, start_after.as_deref(), limit)?)
        }
        QueryMsg::AllTokens { start_after, limit } => {
            to_json_binary(&nft_query::all_tokens(deps, start_after.as_deref(), limit)?)
        }
        QueryMsg::Minter {} => to_json_binary(&nft_query::minter(deps)?),
        QueryMsg::GetAllInfo {} => to_json_binary(&nft_query::all_info(deps, env)?),
        QueryMsg::GetConfig {} => to_json_binary(&nft_query::cw721_config(deps, env)?),
        QueryMsg::GetCollectionExtensionAttributes {} => to_json_binary::<[Empty]>(&[]),
        QueryMsg::GetAdditionalMinters { .. } => {
            to_json_binary(&AdditionalMintersResponse { minters: vec![] })
        }
        QueryMsg::Ownership {}
        | QueryMsg::GetMinterOwnership {}
        | QueryMsg::GetCreatorOwnership {} => to_json_binary(&nft_query::ownership()),
        // The one that is left, [`QueryMsg::GetWithdrawAddress`]; others were taken before.
        _ => to_json_binary(&None::<String>),
    }?)
}
