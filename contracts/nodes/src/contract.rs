//! Dispatch. There is no `migrate`: a migration would be a key to every stake.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use modelbond_interface::nodes::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::error::ensure_bounds;
use crate::register::NewNode;
use crate::state::{Config, CONFIG, NEXT_NODE_ID, NEXT_OWNER_ID};
use crate::{keys, prune, query, ready, register, run, slash, stake, ContractError};

const NAME: &str = "modelbond:nodes";
const VERSION: &str = env!("CARGO_PKG_VERSION");

const MIN_EPOCH_SECS: u64 = 5;
const MAX_EPOCH_SECS: u64 = 7 * 86_400;
const MIN_UNBONDING_EPOCHS: u64 = 2;
const MAX_UNBONDING_SECS: u64 = 365 * 86_400;

/// Makes the contract; its sender is training.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let InstantiateMsg { epoch_secs, unbonding_secs, evm_chain_id } = msg;
    ensure_bounds("epoch_secs", epoch_secs, MIN_EPOCH_SECS, MAX_EPOCH_SECS)?;
    let least = epoch_secs.saturating_mul(MIN_UNBONDING_EPOCHS);
    ensure_bounds("unbonding_secs", unbonding_secs, least, MAX_UNBONDING_SECS)?;
    let (training, started_at) = (info.sender, env.block.time);
    let config = Config { training, started_at, epoch_secs, unbonding_secs, evm_chain_id };
    CONFIG.save(deps.storage, &config)?;
    NEXT_NODE_ID.save(deps.storage, &1)?;
    NEXT_OWNER_ID.save(deps.storage, &1)?;
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
    cw_utils::nonpayable(&info)?;
    match msg {
        ExecuteMsg::RegisterNode { node_id, keys, device_class } => {
            register::register(deps, &env, &info, NewNode { node_id, keys, device_class })
        }
        ExecuteMsg::RotateKeys { node_id, keys } => keys::rotate(deps, &env, &info, node_id, &keys),
        ExecuteMsg::CancelRotation { node_id } => keys::cancel(deps, &env, &info, node_id),
        ExecuteMsg::RetireNode { node_id } => register::retire(deps, &info, node_id),
        ExecuteMsg::Ready { run_id, node_id, readiness } => {
            ready::ready(deps, &env, &info, (run_id, node_id), readiness)
        }
        ExecuteMsg::Receive(received) => stake::receive(deps, &env, &info, &received),
        ExecuteMsg::Unstake { model, node_id, amount } => {
            stake::unstake(deps, &env, &info, (&model, node_id), amount)
        }
        ExecuteMsg::Withdraw { model, node_id } => stake::withdraw(deps, &env, &model, node_id),
        ExecuteMsg::SetRun { terms } => run::set(deps, &info, terms),
        ExecuteMsg::Slash { model, items } => slash::slash(deps, &env, &info, &model, &items),
        ExecuteMsg::Prune { run_id, epoch, limit } => {
            prune::prune(deps, &env, (run_id, epoch), limit)
        }
    }
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Epoch { at } => to_json_binary(&query::epoch(deps, &env, at)?),
        QueryMsg::Node { node_id } => to_json_binary(&query::node(deps, &env, node_id)?),
        QueryMsg::Nodes { owner, start_after, limit } => {
            to_json_binary(&query::nodes(deps, &env, owner, (start_after, limit))?)
        }
        QueryMsg::Keys { epoch, node_ids } => to_json_binary(&query::keys(deps, epoch, &node_ids)?),
        QueryMsg::Stake { model, node_id } => to_json_binary(&query::stake(deps, &model, node_id)?),
        QueryMsg::Stakes { model, start_after, limit } => {
            to_json_binary(&query::stakes(deps, &model, (start_after, limit))?)
        }
        QueryMsg::Run { run_id } => to_json_binary(&query::run(deps, run_id)?),
        QueryMsg::Roster { run_id, epoch } => {
            to_json_binary(&query::roster(deps, &env, (run_id, epoch))?)
        }
        QueryMsg::Members { run_id, epoch, skip, limit } => {
            to_json_binary(&query::members(deps, (run_id, epoch), (skip, limit))?)
        }
    }?)
}
