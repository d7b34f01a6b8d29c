//! What goes out of a response, and what a market answers.

use cosmwasm_std::{
    coin, to_json_vec, wasm_execute, Addr, BankMsg, Binary, Coin, CosmosMsg, MsgResponse, Reply,
    Response, SubMsg, SubMsgResponse, SubMsgResult, WasmMsg,
};
use modelbond_interface::market::{ExecuteMsg as MarketMsg, Ledger, WithdrawData};
use modelbond_interface::provenance::EarningsClaimed;
use modelbond_interface::training::ExecuteMsg as TrainingMsg;

/// All coins that leave.
pub(crate) fn coins_sent(response: &Response) -> Vec<Coin> {
    let mut coins = vec![];
    for message in &response.messages {
        match &message.msg {
            CosmosMsg::Bank(BankMsg::Send { amount, .. }) => coins.extend(amount.iter().cloned()),
            CosmosMsg::Wasm(WasmMsg::Execute { funds, .. }) => coins.extend(funds.iter().cloned()),
            other => panic!("nobody expects {other:?}"),
        }
    }
    coins
}

/// A payment to an account.
pub(crate) fn payment(to: &Addr, amount: u128, denom: &str) -> SubMsg {
    SubMsg::new(BankMsg::Send { to_address: to.to_string(), amount: vec![coin(amount, denom)] })
}

/// A payment to the reserve.
pub(crate) fn funding(market: &Addr, amount: u128, denom: &str) -> SubMsg {
    let fund = wasm_execute(market, &MarketMsg::FundReserve {}, vec![coin(amount, denom)]);
    SubMsg::new(fund.expect("a message"))
}

/// A user is counted.
pub(crate) fn credit(training: &Addr, run_id: u64, user: &Addr, amount: u128) -> SubMsg {
    let credit = TrainingMsg::Credit { run_id, user: user.to_string(), amount: amount.into() };
    SubMsg::reply_on_error(wasm_execute(training, &credit, vec![]).expect("a message"), 2)
}

/// The market is asked for fees.
pub(crate) fn withdrawal(market: &Addr) -> SubMsg {
    let withdraw = MarketMsg::WithdrawLedger { ledger: Ledger::Provenance };
    let withdraw = wasm_execute(market, &withdraw, vec![]).expect("a message");
    SubMsg::reply_on_success(withdraw, 1).with_payload(market.as_bytes().to_vec())
}

/// The market's answer, wrapped as chains do: a protobuf message whose first field is the data.
pub(crate) fn fees_paid(asked: &SubMsg, amount: u128) -> Reply {
    let data = to_json_vec(&WithdrawData { amount: amount.into() }).expect("data");
    let length = u8::try_from(data.len()).ok().filter(|length| *length < 0x80).expect("is short");
    reply(asked, Some([vec![0x0a, length], data].concat().into()))
}

/// An answer to a submessage.
#[allow(deprecated)]
pub(crate) fn reply(asked: &SubMsg, value: Option<Binary>) -> Reply {
    let type_url = "/cosmwasm.wasm.v1.MsgExecuteContractResponse".to_owned();
    let msg_responses = value.map(|value| MsgResponse { type_url, value }).into_iter().collect();
    let answer = SubMsgResponse { events: vec![], data: None, msg_responses };
    let result = SubMsgResult::Ok(answer);
    Reply { id: asked.id, payload: asked.payload.clone(), gas_used: 0, result }
}

/// The submessage failed.
pub(crate) fn failure(asked: &SubMsg) -> Reply {
    let result = SubMsgResult::Err("no".to_owned());
    Reply { id: asked.id, payload: asked.payload.clone(), gas_used: 0, result }
}

/// NFTs that were paid, and how much.
pub(crate) fn claimed(response: &Response) -> Vec<EarningsClaimed> {
    response.events.iter().filter_map(|event| EarningsClaimed::try_from(event).ok()).collect()
}

/// The id of an NFT by its number.
pub(crate) fn id(number: usize) -> String {
    format!("9-{number}-0")
}

/// The number of an NFT by its id.
pub(crate) fn number(token_id: &str) -> usize {
    token_id.split('-').nth(1).and_then(|number| number.parse().ok()).expect("one of ours")
}
