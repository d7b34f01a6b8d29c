//! Dispatch. There is no `migrate`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError};
use modelbond_interface::registry::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::state::{Config, CONFIG};
use crate::ContractError;

const NAME: &str = "modelbond:registry";
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
    let market_checksum = deps.querier.query_wasm_code_info(msg.market_code_id)?.checksum;
    let config = Config {
        training: deps.api.addr_validate(&msg.training)?,
        rewards: deps.api.addr_validate(&msg.rewards)?,
        provenance: deps.api.addr_validate(&msg.provenance)?,
        market_code_id: msg.market_code_id,
        market_checksum: market_checksum.as_slice().into(),
        fee: msg.fee,
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

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    match msg {
        QueryMsg::Config {} => {
            let config = CONFIG.load(deps.storage)?;
            let answer = ConfigResponse {
                training: config.training,
                rewards: config.rewards,
                provenance: config.provenance,
                market_code_id: config.market_code_id,
                market_checksum: config.market_checksum,
                fee: config.fee,
                models: 0,
            };
            Ok(to_json_binary(&answer)?)
        }
        _ => Err(StdError::generic_err("not built").into()),
    }
}
