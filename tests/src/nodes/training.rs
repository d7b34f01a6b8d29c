//! A training contract that does what it is told: makes the nodes contract, sends it anything, and says
//! which epoch is pinned.

use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError,
    StdResult, SubMsg, SubMsgResult, WasmMsg,
};
use cw_multi_test::{Contract, ContractWrapper};
use modelbond_interface::nodes::{ExecuteMsg, InstantiateMsg};
use modelbond_interface::training::{PinnedResponse, QueryMsg};
use serde::{Deserialize, Serialize};

/// What it is told.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Makes a nodes contract.
    Make {
        /// Of this code.
        code_id: u64,
        /// With this message.
        msg: InstantiateMsg,
    },
    /// Sends a message to one; its response data is the answer.
    Send {
        /// To which.
        to: String,
        /// What.
        msg: ExecuteMsg,
    },
    /// From now on the rosters of a model from this epoch on are pinned; none without an epoch.
    Pin {
        /// The model.
        model: String,
        /// The oldest epoch.
        epoch: Option<u64>,
    },
}

/// The contract.
#[must_use]
pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, order: Order) -> StdResult<Response> {
    let msg = match order {
        Order::Make { code_id, msg } => WasmMsg::Instantiate {
            admin: None,
            code_id,
            msg: to_json_binary(&msg)?,
            funds: vec![],
            label: "nodes".to_owned(),
        },
        Order::Send { to, msg } => {
            WasmMsg::Execute { contract_addr: to, msg: to_json_binary(&msg)?, funds: vec![] }
        }
        Order::Pin { model, epoch } => {
            let value = to_json_binary(&PinnedResponse { epoch })?;
            deps.storage.set(model.as_bytes(), &value);
            return Ok(Response::new());
        }
    };
    Ok(Response::new().add_submessage(SubMsg::reply_on_success(msg, 0)))
}

fn reply(_: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let SubMsgResult::Ok(response) = reply.result else {
        return Err(StdError::generic_err("only successes are reported"));
    };
    #[allow(deprecated)] // the chain of this version still says it here
    let data = response.data.unwrap_or_default();
    let data = cw_utils::parse_execute_response_data(&data);
    let data = data.map_err(|error| StdError::generic_err(error.to_string()))?.data;
    Ok(data.into_iter().fold(Response::new(), Response::set_data))
}

fn query(deps: Deps, _: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::Pinned { model } = msg else {
        return Err(StdError::generic_err("only pinned is asked for"));
    };
    match deps.storage.get(model.as_bytes()) {
        Some(answer) => Ok(answer.into()),
        None => to_json_binary(&PinnedResponse { epoch: None }),
    }
}
