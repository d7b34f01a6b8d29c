//! Messages about a model's money: payments of users, royalties, and what is paid out of its ledgers.

use cosmwasm_std::{
    coins, wasm_execute, Addr, BankMsg, CosmosMsg, DepsMut, Env, MessageInfo, Response, SubMsg,
};
use modelbond_interface::market::ExecuteMsg as MarketMsg;
use modelbond_interface::provenance::{Beneficiary, RevenueForwarded, MAX_MEMO};
use modelbond_interface::training::ExecuteMsg as TrainingMsg;

use crate::contract::CREDIT;
use crate::error::ensure_bounds;
use crate::revenue::{share, share_waiting, Income, Source};
use crate::state::{ledger, waiting, LEDGERS};
use crate::world::World;
use crate::ContractError;

/// Shares out a user's payment, after royalties that wait; and tells training who paid, if the model has an open run.
/// A run that has another source of usage refuses that, which is nothing to the user.
pub(crate) fn pay_usage(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    model: &str,
    memo: Option<String>,
) -> Result<Response, ContractError> {
    let model = deps.api.addr_validate(model)?;
    let memo = memo.unwrap_or_default();
    ensure_bounds("the length of the memo", (0, MAX_MEMO), memo.len())?;
    let world = World::of(deps.storage, deps.querier, env)?;
    let terms = world.terms(&model)?;
    let amount = cw_utils::must_pay(&info, &terms.reserve_denom)?.u128();

    let mut ledger = ledger(deps.storage, &model)?;
    let mut events = share_waiting(deps.storage, &world, &model, &mut ledger)?;
    let income = Income { source: Source::Usage, payer: info.sender.clone(), amount, memo };
    let shared = share(deps.storage, &terms, &model, &mut ledger, income)?;
    LEDGERS.save(deps.storage, &model, &ledger);
    events.extend(shared.events);

    let mut response = Response::new().add_attribute("action", "pay_usage").add_events(events);
    if let Some(run_id) = world.open_run(&model)? {
        let user = info.sender.into_string();
        let credit = TrainingMsg::Credit { run_id, user, amount: shared.reserve.into() };
        let credit = wasm_execute(world.config.training, &credit, vec![])?;
        response = response.add_submessage(SubMsg::reply_on_error(credit, CREDIT));
    }
    Ok(response)
}

/// Shares out royalties that wait.
pub(crate) fn distribute(deps: DepsMut, env: &Env, model: &str) -> Result<Response, ContractError> {
    let model = deps.api.addr_validate(model)?;
    if waiting(deps.storage, &model)? == 0 {
        return Err(ContractError::NothingToShare { model });
    }
    let world = World::of(deps.storage, deps.querier, env)?;
    let mut ledger = ledger(deps.storage, &model)?;
    let events = share_waiting(deps.storage, &world, &model, &mut ledger)?;
    LEDGERS.save(deps.storage, &model, &ledger);
    Ok(Response::new().add_attribute("action", "distribute").add_events(events))
}

/// Pays a ledger out.
pub(crate) fn forward(
    deps: DepsMut,
    env: &Env,
    model: &str,
    to: Beneficiary,
) -> Result<Response, ContractError> {
    let model = deps.api.addr_validate(model)?;
    let terms = World::of(deps.storage, deps.querier, env)?.terms(&model)?;
    let mut ledger = ledger(deps.storage, &model)?;
    let (name, waiting) = match to {
        Beneficiary::Reserve => ("reserve", &mut ledger.reserve),
        Beneficiary::Owner => ("owner", &mut ledger.owner),
    };
    let amount = std::mem::take(waiting);
    if amount == 0 {
        return Err(ContractError::NothingToForward { model, to: name });
    }
    LEDGERS.save(deps.storage, &model, &ledger);

    let funds = coins(amount, &terms.reserve_denom);
    let (recipient, message): (Addr, CosmosMsg) = match to {
        Beneficiary::Reserve => {
            let fund = wasm_execute(model.as_str(), &MarketMsg::FundReserve {}, funds)?;
            (model.clone(), fund.into())
        }
        Beneficiary::Owner => {
            let to_address = terms.owner.to_string();
            (terms.owner, BankMsg::Send { to_address, amount: funds }.into())
        }
    };
    let event = RevenueForwarded {
        model: model.into_string(),
        to: name.to_owned(),
        recipient: recipient.into_string(),
        denom: terms.reserve_denom,
        amount: amount.into(),
    };
    Ok(Response::new().add_attribute("action", "forward").add_event(event).add_message(message))
}
