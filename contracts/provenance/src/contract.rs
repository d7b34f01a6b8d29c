//! Dispatch. There is no `migrate`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, StdError,
};
use modelbond_interface::provenance::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::state::{Config, CONFIG};
use crate::{mint, ContractError};

const NAME: &str = "modelbond:provenance";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes the contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let config = Config {
        registry: deps.api.addr_validate(&msg.registry)?,
        training: deps.api.addr_validate(&msg.training)?,
        beacon: deps.api.addr_validate(&msg.beacon)?,
        evm_chain_id: msg.evm_chain_id,
        witness_secs: msg.witness_secs,
        made_at: env.block.time,
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
        ExecuteMsg::MintContribution(contribution) => {
            cw_utils::nonpayable(&info)?;
            mint::by_training(deps, &env, &info, *contribution)
        }
        ExecuteMsg::Contribute { .. }
        | ExecuteMsg::DrawWitnesses { .. }
        | ExecuteMsg::CommitScore { .. }
        | ExecuteMsg::RevealScore { .. }
        | ExecuteMsg::ConcludeOffer { .. } => Err(ContractError::Immutable { message: "an offer" }),
        _ => Err(StdError::generic_err("not built").into()),
    }
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
            let answer = ConfigResponse {
                registry: config.registry,
                training: config.training,
                beacon: config.beacon,
                evm_chain_id: config.evm_chain_id,
                witness_secs: config.witness_secs,
            };
            Ok(to_json_binary(&answer)?)
        }
        _ => Err(StdError::generic_err("not built").into()),
    }
}
