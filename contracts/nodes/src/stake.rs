//! Stakes: tokens come in by cw20's `send`, and go out to the owner after they have unbonded.
//!
//! What unbonds can be slashed as long as a round may convict for it. An unbonding of epoch u leaves the
//! rosters of epochs after u + 1. A round draws from the roster of the epoch in which it opens, and
//! unbonding takes at least two epochs: when it is over, no round can open any more that draws from a
//! roster with these tokens, and training says which of those that are open are not final.

use cosmwasm_std::{
    from_json, to_json_binary, Addr, Deps, DepsMut, Env, MessageInfo, Response, StdError, Storage,
    Timestamp, Uint128, WasmMsg,
};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use modelbond_interface::nodes::{NodeStaked, NodeUnstaked, NodeWithdrawn, ReceiveMsg, Unbonding};

use crate::clock::later;
use crate::ready::follow_stake;
use crate::state::{epoch_now, node, pinned, StoredStake, CONFIG, MAX_UNBONDINGS, STAKES, TOTALS};
use crate::ContractError;

/// The message that pays tokens out.
pub(crate) fn transfer(
    model: &Addr,
    recipient: &Addr,
    amount: Uint128,
) -> Result<WasmMsg, ContractError> {
    let msg = Cw20ExecuteMsg::Transfer { recipient: recipient.to_string(), amount };
    let (contract_addr, msg) = (model.to_string(), to_json_binary(&msg)?);
    Ok(WasmMsg::Execute { contract_addr, msg, funds: vec![] })
}

/// Takes paid out tokens from what the contract owes.
pub(crate) fn reduce_total(
    storage: &mut dyn Storage,
    model: &Addr,
    amount: Uint128,
) -> Result<(), ContractError> {
    let total = TOTALS.may_load(storage, model)?.unwrap_or_default();
    Ok(TOTALS.save(storage, model, &total.saturating_sub(amount))?)
}

/// The token is whoever sends this; its tokens are of no worth to any other model.
pub(crate) fn receive(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    received: &Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    let ReceiveMsg::Stake { node_id } = from_json(&received.msg)?;
    let (model, amount) = (&info.sender, received.amount);
    let stored = node(deps.storage, node_id)?;
    stored.ensure_owner(node_id, &deps.api.addr_validate(&received.sender)?)?;
    stored.ensure_in_service(node_id)?;
    if amount.is_zero() {
        return Err(ContractError::Zero { field: "amount" });
    }
    let total = TOTALS.may_load(deps.storage, model)?.unwrap_or_default();
    let total = total.checked_add(amount).map_err(StdError::from)?;
    let mut stake = STAKES.may_load(deps.storage, (model, node_id))?.unwrap_or_default();
    stake.amount = stake.amount.checked_add(amount).map_err(StdError::from)?;

    TOTALS.save(deps.storage, model, &total)?;
    STAKES.save(deps.storage, (model, node_id), &stake)?;
    let epoch = epoch_now(deps.storage, env)?;
    follow_stake(deps.storage, (model, node_id), epoch, stake.amount)?;

    let event = NodeStaked {
        model: model.to_string(),
        node_id,
        amount: amount.u128(),
        stake: stake.amount.u128(),
    };
    Ok(Response::new().add_attribute("action", "receive").add_event(event))
}

pub(crate) fn unstake(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    (model, node_id): (&str, u64),
    amount: Uint128,
) -> Result<Response, ContractError> {
    let model = deps.api.addr_validate(model)?;
    node(deps.storage, node_id)?.ensure_owner(node_id, &info.sender)?;
    if amount.is_zero() {
        return Err(ContractError::Zero { field: "amount" });
    }
    let mut stake = STAKES.may_load(deps.storage, (&model, node_id))?.unwrap_or_default();
    let Ok(left) = stake.amount.checked_sub(amount) else {
        return Err(ContractError::InsufficientStake { stake: stake.amount, amount });
    };
    if stake.unbondings.len() >= MAX_UNBONDINGS {
        return Err(ContractError::TooManyUnbondings { most: MAX_UNBONDINGS });
    }
    let config = CONFIG.load(deps.storage)?;
    let epoch = config.epoch(env.block.time)?;
    let unbonds_at = later(env.block.time, config.unbonding_secs);
    stake.amount = left;
    stake.unbondings.push(Unbonding { amount, unbonds_at, epoch });

    STAKES.save(deps.storage, (&model, node_id), &stake)?;
    follow_stake(deps.storage, (&model, node_id), epoch, left)?;

    let event = NodeUnstaked {
        model: model.into_string(),
        node_id,
        amount: amount.u128(),
        stake: left.u128(),
        unbonds_at: unbonds_at.nanos(),
    };
    Ok(Response::new().add_attribute("action", "unstake").add_event(event))
}

pub(crate) fn withdraw(
    deps: DepsMut,
    env: &Env,
    model: &str,
    node_id: u64,
) -> Result<Response, ContractError> {
    let model = deps.api.addr_validate(model)?;
    let owner = node(deps.storage, node_id)?.owner;
    let mut stake = STAKES.may_load(deps.storage, (&model, node_id))?.unwrap_or_default();
    let amount = take_unbonded(deps.as_ref(), env.block.time, &model, &mut stake)?;

    STAKES.save(deps.storage, (&model, node_id), &stake)?;
    reduce_total(deps.storage, &model, amount)?;

    let event = NodeWithdrawn {
        model: model.to_string(),
        node_id,
        owner: owner.to_string(),
        amount: amount.u128(),
    };
    Ok(Response::new()
        .add_attribute("action", "withdraw")
        .add_event(event)
        .add_message(transfer(&model, &owner, amount)?))
}

/// Takes out of the stake what can be paid, which is not 0.
fn take_unbonded(
    deps: Deps,
    now: Timestamp,
    model: &Addr,
    stake: &mut StoredStake,
) -> Result<Uint128, ContractError> {
    let Some(oldest) = stake.unbondings.first() else {
        return Err(ContractError::NothingUnbonding {});
    };
    let unbonds_at = oldest.unbonds_at;
    if now < unbonds_at {
        return Err(ContractError::NotUnbonded { unbonds_at, now });
    }
    let pinned = pinned(deps, &CONFIG.load(deps.storage)?.training, model.as_str())?;
    let is_free = |unbonding: &Unbonding| {
        let last_roster = unbonding.epoch.saturating_add(1);
        unbonding.unbonds_at <= now && pinned.is_none_or(|pinned| pinned > last_roster)
    };
    let unbondings = std::mem::take(&mut stake.unbondings);
    let (free, held): (Vec<_>, Vec<_>) = unbondings.into_iter().partition(is_free);
    stake.unbondings = held;
    match (free.is_empty(), pinned) {
        (true, Some(pinned)) => Err(ContractError::StillPinned { pinned }),
        // A stake and what unbonds of it are part of a total that did not overflow.
        _ => Ok(free.iter().fold(Uint128::zero(), |sum, one| sum.saturating_add(one.amount))),
    }
}
