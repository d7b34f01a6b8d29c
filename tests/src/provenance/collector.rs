//! A contract that takes NFTs and, if told to, refuses or gives them back.

use cosmwasm_std::{
    from_json, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, WasmMsg,
};
use cw721::receiver::{Cw721ReceiveMsg, ReceiverExecuteMsg};
use cw_multi_test::{Contract, ContractWrapper};
use modelbond_interface::provenance::ExecuteMsg;
use serde::{Deserialize, Serialize};

/// What comes with an NFT: nothing means thanks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instruction {
    /// Fails, so that the whole message does.
    Refuse {},
    /// Gives it back to whoever sent it.
    GiveBack {},
    /// Claims what it has earned, for itself.
    Claim {},
}

/// The contract.
#[must_use]
pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(_: DepsMut, _: Env, info: MessageInfo, msg: ReceiverExecuteMsg) -> StdResult<Response> {
    let ReceiverExecuteMsg::ReceiveNft(Cw721ReceiveMsg { sender, token_id, msg }) = msg;
    let response = Response::new()
        .add_attribute("received_from", &sender)
        .add_attribute("received_token", &token_id);
    if msg.is_empty() {
        return Ok(response);
    }
    let answer = match from_json(&msg)? {
        Instruction::Refuse {} => return Err(StdError::generic_err("the collector refuses")),
        Instruction::GiveBack {} => ExecuteMsg::TransferNft { recipient: sender, token_id },
        Instruction::Claim {} => ExecuteMsg::Claim { token_ids: vec![token_id] },
    };
    Ok(response.add_message(WasmMsg::Execute {
        contract_addr: info.sender.into_string(),
        msg: to_json_binary(&answer)?,
        funds: vec![],
    }))
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}
