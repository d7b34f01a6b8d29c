//! Dispatch. There is no `migrate`: a migration would be a key to everybody's identity.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use modelbond_interface::bridge::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::identity::LinkRequest;
use crate::state::EVM_CHAIN_ID;
use crate::{identity, query, ContractError};

const NAME: &str = "modelbond:bridge";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes a bridge.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    EVM_CHAIN_ID.save(deps.storage, &msg.evm_chain_id)?;
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
        ExecuteMsg::Link { eth_address, pubkey, eth_proof, cosmos_proof, nonce, expires_at } => {
            let request =
                LinkRequest { eth_address, pubkey, eth_proof, cosmos_proof, nonce, expires_at };
            identity::link(deps, &env, request)
        }
        ExecuteMsg::Unlink { eth_address, proof } => {
            identity::unlink(deps, &env, &info, &eth_address, proof)
        }
    }
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Resolve { address } => to_json_binary(&query::resolve(deps, &env, &address)?),
        QueryMsg::Links { start_after, limit } => {
            to_json_binary(&query::links(deps, &env, start_after, limit)?)
        }
        QueryMsg::Nonce { cosmos_address } => {
            to_json_binary(&query::nonce(deps, &env, &cosmos_address)?)
        }
        QueryMsg::VerifySignature { scheme, message, signature, signer } => {
            let answer = query::verify_signature(deps, &env, scheme, &message, &signature, &signer);
            to_json_binary(&answer)
        }
        QueryMsg::Domain {} => to_json_binary(&query::domain(deps, &env)?),
    }?)
}
