//! A contract that takes cw20 tokens and, if told to, refuses or calls the market back.

use cosmwasm_std::{
    from_json, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, Uint128,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use serde::{Deserialize, Serialize};

/// What the receiver understands.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ExecuteMsg {
    Receive(Cw20ReceiveMsg),
}

/// What comes with the tokens: nothing means thanks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instruction {
    /// Fails, so that the whole message does.
    Refuse {},
    /// Gives `amount` of the tokens back to whoever sent them.
    GiveBack {
        /// How many.
        amount: Uint128,
    },
}

/// The contract.
#[must_use]
pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(_: DepsMut, _: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let ExecuteMsg::Receive(received) = msg;
    let response = Response::new()
        .add_attribute("received_from", received.sender.clone())
        .add_attribute("received_amount", received.amount)
        .add_attribute("received_token", info.sender.clone());
    if received.msg.is_empty() {
        return Ok(response);
    }
    match from_json(&received.msg)? {
        Instruction::Refuse {} => Err(StdError::generic_err("the receiver refuses")),
        Instruction::GiveBack { amount } => {
            let recipient = received.sender;
            let transfer = cw20::Cw20ExecuteMsg::Transfer { recipient, amount };
            Ok(response.add_message(cosmwasm_std::WasmMsg::Execute {
                contract_addr: info.sender.into_string(),
                msg: to_json_binary(&transfer)?,
                funds: vec![],
            }))
        }
    }
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}
