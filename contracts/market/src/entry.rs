//! The entry points of the wasm. Messages come in through `wire`; all else is in `contract`.

use cosmwasm_std::{entry_point, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::wire::Wire;
use crate::{contract, ContractError};

#[entry_point]
pub(crate) fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Wire(msg): Wire<InstantiateMsg>,
) -> Result<Response, ContractError> {
    contract::instantiate(deps, env, info, msg)
}

#[entry_point]
pub(crate) fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Wire(msg): Wire<ExecuteMsg>,
) -> Result<Response, ContractError> {
    contract::execute(deps, env, info, msg)
}

#[entry_point]
pub(crate) fn query(
    deps: Deps,
    env: Env,
    Wire(msg): Wire<QueryMsg>,
) -> Result<Binary, ContractError> {
    contract::query(deps, env, msg)
}
