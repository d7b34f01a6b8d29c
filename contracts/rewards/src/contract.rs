//! Dispatch. There is no `migrate`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, StdError,
};
use modelbond_interface::rewards::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::state::{Config, CONFIG};
use crate::ContractError;

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
    _deps: DepsMut,
    _env: Env,
    _info: MessageInfo,
    _msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    Err(StdError::generic_err("not built").into())
}

/// Takes an answer of another contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(_deps: DepsMut, _env: Env, _reply: Reply) -> Result<Response, ContractError> {
    Err(StdError::generic_err("not built").into())
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    match msg {
        QueryMsg::Config {} => {
            let config = CONFIG.load(deps.storage)?;
            let answer = ConfigResponse { registry: config.registry, training: config.training };
            Ok(to_json_binary(&answer)?)
        }
        _ => Err(StdError::generic_err("not built").into()),
    }
}
