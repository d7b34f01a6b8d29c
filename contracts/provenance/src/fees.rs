//! Provenance's part of a market's trade fees: all of it is for the model's NFTs.

use cosmwasm_std::{
    from_json, wasm_execute, Addr, DepsMut, Env, Reply, Response, StdError, SubMsg, SubMsgResponse,
    SubMsgResult,
};
use modelbond_interface::market::{ExecuteMsg as MarketMsg, Ledger, WithdrawData};
use modelbond_interface::provenance::RevenueShared;

use crate::contract::FEES;
use crate::revenue::{add, to_holders};
use crate::state::{ledger, DENOMS, LEDGERS};
use crate::world::World;
use crate::ContractError;

/// Asks the market for them.
pub(crate) fn collect(deps: DepsMut, env: &Env, model: &str) -> Result<Response, ContractError> {
    let model = deps.api.addr_validate(model)?;
    World::of(deps.storage, deps.querier, env)?.terms(&model)?;
    let withdraw = MarketMsg::WithdrawLedger { ledger: Ledger::Provenance };
    let withdraw = wasm_execute(model.as_str(), &withdraw, vec![])?;
    let withdraw =
        SubMsg::reply_on_success(withdraw, FEES).with_payload(model.into_string().into_bytes());
    Ok(Response::new().add_attribute("action", "collect_fees").add_submessage(withdraw))
}

/// Books what the market paid.
pub(crate) fn collected(deps: DepsMut, env: &Env, reply: Reply) -> Result<Response, ContractError> {
    let model: String =
        String::from_utf8(reply.payload.into()).map_err(|_| ContractError::NoData)?;
    let model = Addr::unchecked(model);
    let SubMsgResult::Ok(answer) = reply.result else { return Err(ContractError::NoData) };
    let amount = paid(&answer)?;
    let terms = World::of(deps.storage, deps.querier, env)?.terms(&model)?;

    let mut ledger = ledger(deps.storage, &model)?;
    if ledger.has_no_income() {
        DENOMS.save(deps.storage, &model, &terms.reserve_denom)?;
    }
    let (reserve, holders) = to_holders(&mut ledger, amount)?;
    ledger.reserve = add(ledger.reserve, reserve)?;
    ledger.fees = ledger.fees.saturating_add(amount);
    LEDGERS.save(deps.storage, &model, &ledger);

    let event = RevenueShared {
        model: model.to_string(),
        source: "fees".to_owned(),
        payer: model.into_string(),
        denom: terms.reserve_denom,
        amount: amount.into(),
        reserve: reserve.into(),
        royalties: 0u128.into(),
        holders: holders.into(),
        owner: 0u128.into(),
        weight: u128::from(ledger.pool.weight).into(),
        memo: String::new(),
    };
    Ok(Response::new().add_event(event))
}

/// What the market says that it paid, still wrapped by the chain.
fn paid(answer: &SubMsgResponse) -> Result<u128, ContractError> {
    #[allow(deprecated)] // where a chain has no message responses
    let old = answer.data.as_ref().map(|data| data.as_slice());
    let wrapped = answer.msg_responses.first().map(|response| response.value.as_slice()).or(old);
    let executed = cw_utils::parse_execute_response_data(wrapped.ok_or(ContractError::NoData)?)
        .map_err(|error| StdError::generic_err(error.to_string()))?;
    let data: WithdrawData = from_json(executed.data.ok_or(ContractError::NoData)?)?;
    Ok(data.amount.u128())
}
