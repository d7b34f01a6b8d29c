//! cw721: who holds an NFT, and who may move it. What an NFT has earned is untouched by moving it.

use cosmwasm_std::{
    coins, Addr, BankMsg, Binary, DepsMut, Env, MessageInfo, Response, StdResult, Storage,
};
use cw721::receiver::Cw721ReceiveMsg;
use cw721::{Approval, Expiration};
use modelbond_interface::provenance::ContributionBurned;

use crate::revenue::share_if_waiting;
use crate::state::{
    contribution, ledger, token, Token, DENOMS, HELD, LEDGERS, NUM_TOKENS, OPERATORS, TOKENS,
};
use crate::{claims, ContractError};

/// Approvals of one NFT, at most.
pub(crate) const MAX_APPROVALS: usize = 30;

/// Moves an NFT.
pub(crate) fn transfer(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    recipient: &str,
    token_id: &str,
) -> Result<Response, ContractError> {
    let recipient = deps.api.addr_validate(recipient)?;
    hand_over(deps.storage, env, &info.sender, &recipient, token_id)?;
    Ok(moved("transfer_nft", info, &recipient, token_id))
}

/// Moves an NFT to a contract and calls it.
pub(crate) fn send(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    contract: &str,
    (token_id, msg): (String, Binary),
) -> Result<Response, ContractError> {
    let contract = deps.api.addr_validate(contract)?;
    hand_over(deps.storage, env, &info.sender, &contract, &token_id)?;
    let response = moved("send_nft", info, &contract, &token_id);
    let call = Cw721ReceiveMsg { sender: info.sender.to_string(), token_id, msg };
    Ok(response.add_message(call.into_cosmos_msg(contract)?))
}

fn moved(action: &str, info: &MessageInfo, to: &Addr, token_id: &str) -> Response {
    Response::new()
        .add_attribute("action", action)
        .add_attribute("sender", info.sender.as_str())
        .add_attribute("recipient", to.as_str())
        .add_attribute("token_id", token_id)
}

fn hand_over(
    storage: &mut dyn Storage,
    env: &Env,
    sender: &Addr,
    recipient: &Addr,
    token_id: &str,
) -> Result<(), ContractError> {
    let mut token = movable(storage, env, sender, token_id)?;
    HELD.remove(storage, (&token.owner, token_id));
    token.owner = recipient.clone();
    token.approvals.clear();
    HELD.save(storage, (&token.owner, token_id), &1)?;
    TOKENS.save(storage, token_id, &token);
    Ok(())
}

/// The NFT, if `sender` may move it.
fn movable(
    storage: &dyn Storage,
    env: &Env,
    sender: &Addr,
    token_id: &str,
) -> Result<Token, ContractError> {
    let token = token(storage, token_id)?;
    let allowed = token
        .approvals
        .iter()
        .any(|approval| approval.spender == *sender && !approval.is_expired(&env.block));
    if allowed || acts_for(storage, env, &token.owner, sender)? {
        return Ok(token);
    }
    Err(not_allowed(token_id, token.owner, sender))
}

/// The NFT, if `sender` may say who moves it.
fn approvable(
    storage: &dyn Storage,
    env: &Env,
    sender: &Addr,
    token_id: &str,
) -> Result<Token, ContractError> {
    let token = token(storage, token_id)?;
    if acts_for(storage, env, &token.owner, sender)? {
        return Ok(token);
    }
    Err(not_allowed(token_id, token.owner, sender))
}

/// Whether `sender` is the holder or an operator of theirs.
fn acts_for(storage: &dyn Storage, env: &Env, holder: &Addr, sender: &Addr) -> StdResult<bool> {
    if holder == sender {
        return Ok(true);
    }
    let until = OPERATORS.may_load(storage, (holder, sender))?;
    Ok(until.is_some_and(|until| !until.is_expired(&env.block)))
}

fn not_allowed(token_id: &str, holder: Addr, sender: &Addr) -> ContractError {
    ContractError::NotAllowed { token_id: token_id.to_owned(), holder, sender: sender.clone() }
}

fn until(env: &Env, expires: Option<Expiration>) -> Result<Expiration, ContractError> {
    let expires = expires.unwrap_or_default();
    if expires.is_expired(&env.block) {
        return Err(ContractError::Expired);
    }
    Ok(expires)
}

/// Lets somebody move an NFT.
pub(crate) fn approve(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    spender: &str,
    (token_id, expires): (String, Option<Expiration>),
) -> Result<Response, ContractError> {
    let mut token = approvable(deps.storage, env, &info.sender, &token_id)?;
    let spender = deps.api.addr_validate(spender)?;
    let expires = until(env, expires)?;
    token.approvals.retain(|approval| approval.spender != spender);
    if token.approvals.len() >= MAX_APPROVALS {
        return Err(ContractError::TooManyApprovals { token_id, most: MAX_APPROVALS });
    }
    token.approvals.push(Approval { spender: spender.clone(), expires });
    TOKENS.save(deps.storage, &token_id, &token);
    Ok(about("approve", info, ("spender", &spender)).add_attribute("token_id", token_id))
}

/// Takes that back.
pub(crate) fn revoke(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    spender: &str,
    token_id: String,
) -> Result<Response, ContractError> {
    let mut token = approvable(deps.storage, env, &info.sender, &token_id)?;
    let spender = deps.api.addr_validate(spender)?;
    token.approvals.retain(|approval| approval.spender != spender);
    TOKENS.save(deps.storage, &token_id, &token);
    Ok(about("revoke", info, ("spender", &spender)).add_attribute("token_id", token_id))
}

/// Lets somebody move all NFTs of the sender.
pub(crate) fn approve_all(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let expires = until(env, expires)?;
    let operator = deps.api.addr_validate(operator)?;
    OPERATORS.save(deps.storage, (&info.sender, &operator), &expires)?;
    Ok(about("approve_all", info, ("operator", &operator)))
}

/// Takes that back.
pub(crate) fn revoke_all(
    deps: DepsMut,
    info: &MessageInfo,
    operator: &str,
) -> Result<Response, ContractError> {
    let operator = deps.api.addr_validate(operator)?;
    OPERATORS.remove(deps.storage, (&info.sender, &operator));
    Ok(about("revoke_all", info, ("operator", &operator)))
}

fn about(action: &str, info: &MessageInfo, (role, who): (&str, &Addr)) -> Response {
    Response::new()
        .add_attribute("action", action)
        .add_attribute("sender", info.sender.as_str())
        .add_attribute(role, who.as_str())
}

/// Ends an NFT. Royalties that wait are shared out before, so that it has its part in them; its holder is paid.
pub(crate) fn burn(
    mut deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    token_id: String,
) -> Result<Response, ContractError> {
    let Token { owner, share, .. } = movable(deps.storage, env, &info.sender, &token_id)?;
    let contribution = contribution(deps.storage, &token_id)?;
    let (weight, model) = (claims::weight(&contribution), contribution.model);
    let mut ledger = ledger(deps.storage, &model)?;
    let mut events = share_if_waiting(&mut deps, env, &model, &mut ledger)?;
    let owed = ledger.pool.leave(weight, share)?;
    claims::pay(&mut ledger, &model, owed)?;

    LEDGERS.save(deps.storage, &model, &ledger);
    TOKENS.remove(deps.storage, &token_id);
    HELD.remove(deps.storage, (&owner, &token_id));
    let tokens = NUM_TOKENS.load(deps.storage)?.saturating_sub(1);
    NUM_TOKENS.save(deps.storage, &tokens)?;

    let mut response = about("burn", info, ("owner", &owner)).add_attribute("token_id", &token_id);
    if owed > 0 {
        let denom = DENOMS.load(deps.storage, &model)?;
        events.push(claims::earned(token_id.clone(), &model, &owner, (&denom, owed)));
        let pay = BankMsg::Send { to_address: owner.into_string(), amount: coins(owed, denom) };
        response = response.add_message(pay);
    }
    let (model, weight) = (model.into_string(), u128::from(weight).into());
    events.push(ContributionBurned { token_id, model, weight }.into());
    Ok(response.add_events(events))
}
