//! The entry points of the wasm: they read the message, all else is in [`contract`].

mod json;
mod wire;

#[cfg(test)]
mod tests;

use cosmwasm_std::{entry_point, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::{contract, ContractError};

pub use wire::Wire;

/// Opens the market.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Wire(msg): Wire<InstantiateMsg>,
) -> Result<Response, ContractError> {
    contract::instantiate(deps, env, info, msg)
}

/// Runs a message.
#[entry_point]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Wire(msg): Wire<ExecuteMsg>,
) -> Result<Response, ContractError> {
    contract::execute(deps, env, info, msg)
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, env: Env, Wire(msg): Wire<QueryMsg>) -> Result<Binary, ContractError> {
    contract::query(deps, env, msg)
}
