//! An epoch's budget, and tokens for it.

use cosmwasm_std::{
    from_json, wasm_execute, Addr, DepsMut, Env, Event, MessageInfo, Reply, Response, StdError,
    Storage, SubMsg, SubMsgResponse, SubMsgResult, Uint128,
};
use modelbond_economy::budget::{carry, Epoch};
use modelbond_interface::market::{EmitData, ExecuteMsg as MarketMsg};
use modelbond_interface::rewards::{Budget, RewardsBought, RewardsBudgeted, CARRY_EPOCHS};
use modelbond_interface::training::ModelWork;

use crate::state::{model_of, open_segment, Model, StoredSegment, CONFIG, MODELS, SEGMENTS};
use crate::world::World;
use crate::ContractError;

/// The market emitted; the payload is the market.
const EMIT: u64 = 1;

/// Settles the market's last epoch, or goes on with it.
pub(crate) fn settle(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    model: &str,
    epoch: u32,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let address = deps.api.addr_validate(model)?;
    let world = World { querier: deps.querier, config: CONFIG.load(deps.storage)? };
    let terms = world.terms(&address)?;
    let market = world.market(&address, env.block.time)?;
    let current = market.epoch;
    if epoch.checked_add(1) != Some(current) {
        return Err(ContractError::EpochNotDue { epoch, current });
    }
    let mut model = model_of(deps.storage, &address)?;
    let known = model.budget.as_ref().filter(|budget| budget.epoch == epoch);
    let response = Response::new().add_attribute("action", "settle");
    if let Some(budget) = known {
        let left = left(&model, budget)?;
        return buy(response, &address, left);
    }

    let done = world.work(&address)?;
    let (settled, open) = (world.stats(&address, epoch)?, world.stats(&address, current)?);
    let ledger = world.ledger(&address)?;
    let fees = settled.fees.saturating_add(open.fees).u128();
    let carry = carry(ledger.u128(), fees, market.rewards_bps);
    let rules = Epoch {
        rate: terms.reward_rate.atomics().u128(),
        volume: settled.volume.u128(),
        performance: done.performance,
        carry,
        carry_epochs: CARRY_EPOCHS,
        ledger: ledger.u128(),
    };
    let budget = Budget {
        epoch,
        volume: settled.volume,
        performance: done.performance,
        carry: Uint128::new(carry),
        budget: Uint128::new(rules.budget()),
        spent: Uint128::zero(),
    };
    cut(deps.storage, &address, &mut model, (epoch, done))?;
    let event = budgeted(&address, &model, &budget, ledger);
    let left = if model.line().is_open() { budget.budget } else { Uint128::zero() };
    model.budget = Some(budget);
    MODELS.save(deps.storage, &address, &model)?;
    let response = response.add_event(event);
    if left.is_zero() {
        return Ok(response);
    }
    buy(response, &address, left)
}

/// What of a budget can still be spent.
fn left(model: &Model, budget: &Budget) -> Result<Uint128, ContractError> {
    let Budget { epoch, budget, spent, .. } = *budget;
    if !model.line().is_open() {
        return Err(ContractError::NoWork { epoch, budget });
    }
    let left = budget.saturating_sub(spent);
    if left.is_zero() {
        return Err(ContractError::BudgetSpent { epoch, budget, spent });
    }
    Ok(left)
}

/// Closes the open segment, or makes it part of the next one if it got no tokens; opens one of the work that
/// came since.
fn cut(
    storage: &mut dyn Storage,
    address: &Addr,
    model: &mut Model,
    (epoch, done): (u32, ModelWork),
) -> Result<(), ContractError> {
    let (line, open) = (model.line(), open_segment(storage, address, model)?);
    let tokens = open.as_ref().map(|segment| segment.tokens.u128()).unwrap_or_default();
    let next = line.cut_at(done.work, tokens);
    if open.is_some() && tokens == 0 {
        SEGMENTS.remove(storage, (address, line.cut));
    }
    if next.is_open() {
        let (start, tokens) = (next.closed, Uint128::zero());
        let segment = StoredSegment { start, epoch, tokens, paid_work: 0 };
        SEGMENTS.save(storage, (address, next.cut), &segment)?;
    }
    (model.closed, model.cut) = (next.closed, next.cut);
    Ok(())
}

fn budgeted(address: &Addr, model: &Model, budget: &Budget, ledger: Uint128) -> Event {
    RewardsBudgeted {
        model: address.to_string(),
        epoch: budget.epoch,
        volume: budget.volume,
        performance: budget.performance,
        carry: budget.carry,
        ledger,
        budget: budget.budget,
        start: model.closed,
        end: model.cut,
    }
    .into()
}

/// Lets the market emit. If it will not, nothing of the message happens.
fn buy(response: Response, model: &Addr, budget: Uint128) -> Result<Response, ContractError> {
    let msg = MarketMsg::Emit { budget, max_tokens: Uint128::MAX };
    let msg = SubMsg::reply_on_success(wasm_execute(model.as_str(), &msg, vec![])?, EMIT);
    Ok(response.add_submessage(msg.with_payload(model.as_bytes())))
}

/// Takes the market's answer.
pub(crate) fn reply(deps: DepsMut, reply: Reply) -> Result<Response, ContractError> {
    let (EMIT, SubMsgResult::Ok(answer)) = (reply.id, reply.result) else {
        return Err(ContractError::UnknownReply { id: reply.id });
    };
    let address = String::from_utf8(reply.payload.to_vec()).map_err(StdError::from)?;
    let address = Addr::unchecked(address);
    let EmitData { spent, tokens_out } = emitted(&answer)?;
    if tokens_out.is_zero() {
        return Ok(Response::new());
    }
    let mut model = model_of(deps.storage, &address)?;
    let unknown = || ContractError::UnknownReply { id: reply.id };
    let mut segment = open_segment(deps.storage, &address, &model)?.ok_or_else(unknown)?;
    segment.tokens = segment.tokens.checked_add(tokens_out).map_err(StdError::from)?;
    SEGMENTS.save(deps.storage, (&address, model.cut), &segment)?;
    model.owed = model.owed.checked_add(tokens_out).map_err(StdError::from)?;
    let budget = model.budget.as_mut().ok_or_else(unknown)?;
    budget.spent = budget.spent.checked_add(spent).map_err(StdError::from)?;
    let epoch = budget.epoch;
    MODELS.save(deps.storage, &address, &model)?;
    let model = address.into_string();
    Ok(Response::new().add_event(RewardsBought { model, epoch, spent, tokens: tokens_out }))
}

fn emitted(answer: &SubMsgResponse) -> Result<EmitData, ContractError> {
    let no_data = || ContractError::NoData { contract: "the market" };
    #[allow(deprecated)] // where a chain has no message responses
    let old = answer.data.as_ref().map(|data| data.as_slice());
    let wrapped = answer.msg_responses.first().map(|response| response.value.as_slice()).or(old);
    let executed = cw_utils::parse_execute_response_data(wrapped.ok_or_else(no_data)?)
        .map_err(|error| StdError::generic_err(error.to_string()))?;
    Ok(from_json(executed.data.ok_or_else(no_data)?)?)
}
