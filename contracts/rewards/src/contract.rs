//! Dispatch. There is no `migrate`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use modelbond_interface::rewards::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::pay::{self, Credit};
use crate::state::{Config, CONFIG};
use crate::{query, settle, ContractError};

const NAME: &str = "modelbond:rewards";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes the contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let config = Config {
        registry: deps.api.addr_validate(&msg.registry)?,
        training: deps.api.addr_validate(&msg.training)?,
    };
    CONFIG.save(deps.storage, &config)?;
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
    match msg {
        ExecuteMsg::Settle { model, epoch } => settle::settle(deps, &env, &info, &model, epoch),
        ExecuteMsg::Credit { model, operator, offset, work } => {
            pay::credit(deps, &info, Credit { model, operator, offset, work })
        }
        ExecuteMsg::Claim { model, operator } => pay::claim(deps, &info, &model, operator),
    }
}

/// Takes an answer of a market.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> Result<Response, ContractError> {
    settle::reply(deps, reply)
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::answer(deps, &env, msg)
}
