//! What changes the market's money: load the session, apply a rule, save, respond.

use cosmwasm_std::{
    coins, to_json_binary, Addr, BankMsg, DepsMut, Env, MessageInfo, Response, Timestamp, Uint128,
};
use modelbond_curve::multiplier;
use modelbond_curve::Rounding;
use modelbond_interface::market::{
    EmitData, Ledger, MarketBought, MarketEmitted, MarketFunded, MarketLedgerWithdrawn,
    MarketMetricsReported, MarketSold, MarketVestedClaimed, Metrics, WithdrawData,
};

use crate::amount::{add, portion, sub};
use crate::opening::refund_to;
use crate::session::{atomics, multiplier_params, unlocks_at, weights, Session};
use crate::state::{
    units, Account, BOOK, CONFIG, INITIAL_CLAIMED, METRICS, MULTIPLIER, STAKEHOLDER_CLAIMED,
};
use crate::token;
use crate::trade::{AtEdge, Bought};
use crate::vesting::{claims, cliff_at};
use crate::ContractError;

/// Donations end here, far above what purchases can bring (2¹²⁶): an overflow of the reserve
/// would close every exit.
const MOST_FUNDED: u128 = 1 << 127;

/// A purchase's bounds.
pub(crate) struct BuyOrder {
    pub(crate) min_tokens_out: Uint128,
    pub(crate) deadline: Timestamp,
    pub(crate) partial: bool,
    pub(crate) recipient: Option<String>,
}

/// A sale's bounds.
pub(crate) struct SellOrder {
    pub(crate) tokens_in: Uint128,
    pub(crate) min_reserve_out: Uint128,
    pub(crate) deadline: Timestamp,
    pub(crate) partial: bool,
}

pub(crate) fn buy(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    order: BuyOrder,
) -> Result<Response, ContractError> {
    ensure_deadline(env, order.deadline)?;
    let mut session = Session::open(deps.storage, env)?;
    let funds = cw_utils::must_pay(info, &session.config.reserve_denom)?.u128();
    let recipient = match &order.recipient {
        Some(recipient) => token::receiver(deps.api, env, recipient)?,
        None => info.sender.clone(),
    };
    let bought = session.buy(funds, order.partial)?;

    // A partial order's bound scales with what it used.
    let used = bought.amount_in()?.min(funds);
    let least = match order.partial {
        true => portion(order.min_tokens_out.u128(), used, funds, Rounding::Up)?,
        false => order.min_tokens_out.u128(),
    };
    if bought.tokens_out < least {
        return Err(ContractError::MinTokensOut {
            tokens_out: bought.tokens_out.into(),
            min_tokens_out: least.into(),
        });
    }
    deliver(deps, &mut session, info, &recipient, &bought, "buy")
}

pub(crate) fn buy_exact(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    tokens_out: Uint128,
    deadline: Timestamp,
) -> Result<Response, ContractError> {
    ensure_deadline(env, deadline)?;
    let mut session = Session::open(deps.storage, env)?;
    let funds = cw_utils::must_pay(info, &session.config.reserve_denom)?.u128();
    let bought = session.buy_exact(tokens_out.u128(), Some(funds))?;
    deliver(deps, &mut session, info, &info.sender, &bought, "buy_exact")
}

/// Credits what was bought, lets the stakeholders' part vest, refunds.
fn deliver(
    deps: DepsMut,
    session: &mut Session,
    info: &MessageInfo,
    recipient: &Addr,
    bought: &Bought,
    action: &'static str,
) -> Result<Response, ContractError> {
    let stakeholder_tokens = bought.stakeholder_tokens()?;
    if stakeholder_tokens > 0 {
        let (now, config) = (session.now, &session.config);
        session.book.stakeholders.deposit(stakeholder_tokens, now, config)?;
    }
    let locked = if session.is_launching() { bought.tokens_out } else { 0 };
    let mut account = Account::load(deps.storage, recipient)?;
    account.unlock(session.now, session.unlocks_at());
    account.balance = units(add(account.balance.into(), bought.tokens_out)?)?;
    account.locked = units(add(account.locked.into(), locked)?)?;
    if info.sender == *recipient {
        session.count_trader(&mut account);
    } else {
        let mut buyer = Account::load(deps.storage, &info.sender)?;
        session.count_trader(&mut buyer);
        buyer.save(deps.storage, &info.sender);
    }
    account.save(deps.storage, recipient);
    session.save(deps.storage)?;

    let event = MarketBought {
        buyer: info.sender.to_string(),
        recipient: recipient.to_string(),
        amount_in: bought.amount_in()?.into(),
        refund: bought.refund.into(),
        tokens_out: bought.tokens_out.into(),
        stakeholder_tokens: stakeholder_tokens.into(),
        cost: bought.cost.into(),
        to_reserve: bought.to_reserve.into(),
        fee: bought.fee.total.into(),
        fee_to_pending: bought.fee.pending.into(),
        fee_to_rewards: bought.fee.rewards.into(),
        fee_to_provenance: bought.fee.provenance.into(),
        fee_to_treasury: bought.fee.treasury.into(),
        surcharge: bought.surcharge.into(),
        dust: bought.dust.into(),
        locked: locked.into(),
        supply: session.book.supply.into(),
        reserve: session.book.reserve.into(),
    };
    let response = Response::new().add_attribute("action", action).add_event(event);
    let denom = &session.config.reserve_denom;
    Ok(refund_to(response, &info.sender, denom, bought.refund.into()))
}

pub(crate) fn sell(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    order: SellOrder,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    ensure_deadline(env, order.deadline)?;
    let mut session = Session::open(deps.storage, env)?;
    let mut account = Account::load(deps.storage, &info.sender)?;
    let wanted = order.tokens_in.u128();
    // What the seller does not have is refused before the price limit is spoken of.
    account.debit(wanted, session.now, session.unlocks_at())?;
    let edge = if order.partial { AtEdge::Fill } else { AtEdge::Refuse };
    let sold = session.sell(wanted, edge)?;
    let least = portion(order.min_reserve_out.u128(), sold.tokens_in, wanted, Rounding::Up)?;
    if sold.reserve_out < least {
        return Err(ContractError::MinReserveOut {
            reserve_out: sold.reserve_out.into(),
            min_reserve_out: least.into(),
        });
    }
    account.balance = units(add(account.balance.into(), sub(wanted, sold.tokens_in)?)?)?;
    session.count_trader(&mut account);
    account.save(deps.storage, &info.sender);
    session.save(deps.storage)?;

    let event = MarketSold {
        seller: info.sender.to_string(),
        tokens_in: sold.tokens_in.into(),
        gross: sold.gross.into(),
        reserve_out: sold.reserve_out.into(),
        burned: sold.burned.into(),
        fee: sold.fee.total.into(),
        fee_to_pending: sold.fee.pending.into(),
        fee_to_rewards: sold.fee.rewards.into(),
        fee_to_provenance: sold.fee.provenance.into(),
        fee_to_treasury: sold.fee.treasury.into(),
        surcharge: sold.surcharge.into(),
        supply: session.book.supply.into(),
        reserve: session.book.reserve.into(),
    };
    Ok(Response::new().add_attribute("action", "sell").add_event(event).add_message(pay(
        &info.sender,
        sold.reserve_out,
        &session.config.reserve_denom,
    )))
}

pub(crate) fn claim_vested(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let config = CONFIG.load(deps.storage)?;
    let now = env.block.time.nanos();
    let claim = claims(deps.storage, &config, &info.sender, now)?;
    let amount = claim.total()?;
    if amount == 0 {
        let (address, cliff_at) = (info.sender.clone(), cliff_at(&config));
        return Err(ContractError::NothingVested { address, cliff_at });
    }
    if claim.initial > 0 {
        let claimed = INITIAL_CLAIMED.load(deps.storage)?;
        INITIAL_CLAIMED.save(deps.storage, &add(claimed.u128(), claim.initial)?.into());
    }
    if claim.stakeholder > 0 {
        let claimed = STAKEHOLDER_CLAIMED.may_load(deps.storage, &info.sender)?;
        let claimed = add(claimed.unwrap_or_default().u128(), claim.stakeholder)?;
        STAKEHOLDER_CLAIMED.save(deps.storage, &info.sender, &claimed.into());
    }
    let mut account = Account::load(deps.storage, &info.sender)?;
    account.unlock(now, unlocks_at(&config));
    account.balance = units(add(account.balance.into(), amount)?)?;
    account.save(deps.storage, &info.sender);

    let event = MarketVestedClaimed { beneficiary: info.sender.to_string(), amount: amount.into() };
    Ok(Response::new().add_attribute("action", "claim_vested").add_event(event))
}

pub(crate) fn report_metrics(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    metrics: Metrics,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let mut session = Session::open(deps.storage, env)?;
    ensure_sender(info, &session.config.metrics_source)?;
    let params = multiplier_params(&session.config.params);
    let target = multiplier::target(&measured(&metrics), &weights(&session.config.params))?;
    let accepted = session.multiplier.accept(&params, target, session.now);
    if accepted {
        MULTIPLIER.save(deps.storage, &session.multiplier);
    }
    session.book.multiplier = session.multiplier.value_at(&params, session.now);
    METRICS.save(deps.storage, &metrics);
    session.save(deps.storage)?;

    let event = MarketMetricsReported {
        accuracy: metrics.accuracy,
        adoption: metrics.adoption,
        improvement: metrics.improvement,
        growth: metrics.growth,
        target: cosmwasm_std::Decimal::raw(target.into()),
        multiplier: cosmwasm_std::Decimal::raw(session.book.multiplier.into()),
        accepted,
    };
    Ok(Response::new().add_attribute("action", "report_metrics").add_event(event))
}

fn measured(metrics: &Metrics) -> multiplier::Metrics {
    multiplier::Metrics {
        accuracy: atomics(metrics.accuracy),
        adoption: atomics(metrics.adoption),
        improvement: atomics(metrics.improvement),
        growth: atomics(metrics.growth),
    }
}

pub(crate) fn emit(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    budget: Uint128,
    max_tokens: Uint128,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let mut session = Session::open(deps.storage, env)?;
    ensure_sender(info, &session.config.rewards)?;
    let emitted = session.emit(deps.storage, budget.u128(), max_tokens.u128())?;
    if emitted.tokens_out > 0 {
        let mut account = Account::load(deps.storage, &info.sender)?;
        account.unlock(session.now, session.unlocks_at());
        account.balance = units(add(account.balance.into(), emitted.tokens_out)?)?;
        account.save(deps.storage, &info.sender);
    }
    session.save(deps.storage)?;

    let (spent, tokens_out) = (Uint128::new(emitted.spent), Uint128::new(emitted.tokens_out));
    let event = MarketEmitted {
        epoch: session.book.epoch,
        spent,
        tokens_out,
        supply: session.book.supply.into(),
        reserve: session.book.reserve.into(),
    };
    Ok(Response::new()
        .add_attribute("action", "emit")
        .add_event(event)
        .set_data(to_json_binary(&EmitData { spent, tokens_out })?))
}

pub(crate) fn withdraw_ledger(
    deps: DepsMut,
    info: &MessageInfo,
    ledger: Ledger,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let config = CONFIG.load(deps.storage)?;
    let mut book = BOOK.load(deps.storage)?;
    let (name, owed, recipient) = match ledger {
        Ledger::Treasury => ("treasury", &mut book.treasury, config.creator),
        Ledger::Provenance => {
            ensure_sender(info, &config.provenance)?;
            ("provenance", &mut book.provenance, config.provenance)
        }
    };
    let amount = std::mem::take(owed);
    if amount == 0 {
        return Err(ContractError::LedgerEmpty { ledger: name });
    }
    BOOK.save(deps.storage, &book);

    let event = MarketLedgerWithdrawn {
        ledger: name.to_owned(),
        recipient: recipient.to_string(),
        amount: amount.into(),
    };
    Ok(Response::new()
        .add_attribute("action", "withdraw_ledger")
        .add_event(event)
        .add_message(pay(&recipient, amount, &config.reserve_denom))
        .set_data(to_json_binary(&WithdrawData { amount: amount.into() })?))
}

pub(crate) fn fund_reserve(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
) -> Result<Response, ContractError> {
    let mut session = Session::open(deps.storage, env)?;
    let amount = cw_utils::must_pay(info, &session.config.reserve_denom)?;
    let held = add(session.book.reserve, session.book.pending.amount)?;
    let room = MOST_FUNDED.saturating_sub(held);
    if amount.u128() > room {
        return Err(ContractError::ReserveFull { room: room.into() });
    }
    session.defer(amount.u128())?;
    session.save(deps.storage)?;
    let event = MarketFunded { funder: info.sender.to_string(), amount };
    Ok(Response::new().add_attribute("action", "fund_reserve").add_event(event))
}

fn pay(to: &Addr, amount: u128, denom: &str) -> BankMsg {
    BankMsg::Send { to_address: to.to_string(), amount: coins(amount, denom) }
}

fn ensure_deadline(env: &Env, deadline: Timestamp) -> Result<(), ContractError> {
    let now = env.block.time;
    if now > deadline {
        return Err(ContractError::DeadlinePassed { deadline, now });
    }
    Ok(())
}

fn ensure_sender(info: &MessageInfo, expected: &Addr) -> Result<(), ContractError> {
    if info.sender == *expected {
        return Ok(());
    }
    let (expected, sender) = (expected.clone(), info.sender.clone());
    Err(ContractError::Unauthorized { expected, sender })
}
