//! Dispatch. There is no `migrate`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use modelbond_interface::registry::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::state::{Config, CONFIG};
use crate::{connections, handing_over, opening, query, update, ContractError};

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
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::OpenModel(_)) {
        cw_utils::nonpayable(&info)?;
    }
    match msg {
        ExecuteMsg::OpenModel(model) => opening::open(deps, &env, &info, *model),
        ExecuteMsg::UpdateModel { model, metadata, use_cases } => {
            update::update(deps, &info, &model, metadata, &use_cases)
        }
        ExecuteMsg::OfferModel { model, to } => handing_over::offer(deps, &info, &model, to),
        ExecuteMsg::AcceptModel { model } => handing_over::accept(deps, &info, &model),
        ExecuteMsg::Connect { from, to, kind } => {
            connections::connect(deps, &info, (&from, &to), kind)
        }
        ExecuteMsg::Disconnect { from, to, kind } => {
            connections::disconnect(deps, &info, (&from, &to), kind)
        }
    }
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Model { model } => to_json_binary(&query::model(deps, &model)?),
        QueryMsg::Models { filter, start_after, limit } => {
            to_json_binary(&query::models(deps, filter, (start_after, limit))?)
        }
        QueryMsg::ModelAddress { creator, symbol } => {
            to_json_binary(&query::model_address(deps, &env, &creator, &symbol)?)
        }
        QueryMsg::Connections { model, direction, start_after, limit } => {
            to_json_binary(&query::connections(deps, &model, direction, (start_after, limit))?)
        }
        QueryMsg::HIndex { creator } => to_json_binary(&query::h_index(deps, &creator)?),
        QueryMsg::ModelHIndex { model } => to_json_binary(&query::model_h_index(deps, &model)?),
        QueryMsg::UseCases { category } => to_json_binary(&query::use_cases(deps, category)?),
    }?)
}
