//! What operators get: each piece of work its part of its segment's tokens, once, when the segment is closed.

use cosmwasm_std::{
    wasm_execute, Addr, DepsMut, Event, MessageInfo, Order, Response, StdError, StdResult, Storage,
    Uint128,
};
use cw20::Cw20ExecuteMsg;
use cw_storage_plus::Bound;
use modelbond_interface::rewards::{RewardsPaid, WorkCredited, MAX_PIECES};

use crate::state::{model_of, segment_at, CONFIG, MODELS, PIECES, SEGMENTS};
use crate::ContractError;

/// A seat's work, as training says.
pub(crate) struct Credit {
    pub(crate) model: Addr,
    pub(crate) operator: Addr,
    pub(crate) offset: u64,
    pub(crate) work: u32,
}

/// Books work, and pays what is due to its operator.
pub(crate) fn credit(
    deps: DepsMut,
    info: &MessageInfo,
    credit: Credit,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let training = CONFIG.load(deps.storage)?.training;
    if info.sender != training {
        return Err(ContractError::NotTraining { training, sender: info.sender.clone() });
    }
    let Credit { model, operator, offset, work } = credit;
    let key = (&model, &operator, offset);
    let before = PIECES.may_load(deps.storage, key)?.unwrap_or_default();
    let after = before.checked_add(work).ok_or_else(|| StdError::generic_err("too much work"))?;
    PIECES.save(deps.storage, key, &after)?;
    let booked =
        WorkCredited { model: model.to_string(), operator: operator.to_string(), offset, work };
    let response = Response::new().add_attribute("action", "credit").add_event(booked);
    let paid = pay(deps.storage, &model, &operator)?;
    Ok(with_payment(response, &model, &operator, paid)?)
}

/// Pays what is due to an operator.
pub(crate) fn claim(
    deps: DepsMut,
    info: &MessageInfo,
    model: &str,
    operator: Option<String>,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(info)?;
    let model = deps.api.addr_validate(model)?;
    let operator = match operator {
        Some(operator) => deps.api.addr_validate(&operator)?,
        None => info.sender.clone(),
    };
    let paid = pay(deps.storage, &model, &operator)?;
    if paid.pieces.is_empty() {
        return Err(ContractError::NothingDue { model, operator });
    }
    let response = Response::new().add_attribute("action", "claim");
    Ok(with_payment(response, &model, &operator, paid)?)
}

/// What a message pays.
#[derive(Default)]
struct Paid {
    tokens: Uint128,
    pieces: Vec<Event>,
}

/// Takes closed pieces of an operator off the books, the oldest first.
fn pay(storage: &mut dyn Storage, address: &Addr, operator: &Addr) -> Result<Paid, ContractError> {
    let mut model = model_of(storage, address)?;
    let mut paid = Paid::default();
    let closed = Some(Bound::exclusive(model.closed));
    let pieces: Vec<(u64, u32)> = PIECES
        .prefix((address, operator))
        .range(storage, None, closed, Order::Ascending)
        .take(usize::try_from(MAX_PIECES).unwrap_or_default())
        .collect::<StdResult<_>>()?;
    for (offset, work) in pieces {
        let found = segment_at(storage, address, offset)?;
        let (end, mut segment) = found.ok_or_else(|| StdError::not_found("a closed segment"))?;
        let mut shares = segment.shares(end);
        let tokens = Uint128::new(shares.pay(work));
        segment.paid_work = shares.paid_work;
        SEGMENTS.save(storage, (address, end), &segment)?;
        PIECES.remove(storage, (address, operator, offset));
        paid.tokens = paid.tokens.checked_add(tokens).map_err(StdError::from)?;
        let (model, operator) = (address.to_string(), operator.to_string());
        paid.pieces.push(RewardsPaid { model, operator, offset, work, tokens }.into());
    }
    if !paid.tokens.is_zero() {
        model.owed = model.owed.checked_sub(paid.tokens).map_err(StdError::from)?;
        MODELS.save(storage, address, &model)?;
    }
    Ok(paid)
}

fn with_payment(
    response: Response,
    model: &Addr,
    operator: &Addr,
    paid: Paid,
) -> StdResult<Response> {
    let response = response.add_events(paid.pieces);
    if paid.tokens.is_zero() {
        return Ok(response);
    }
    let (recipient, amount) = (operator.to_string(), paid.tokens);
    let msg = Cw20ExecuteMsg::Transfer { recipient, amount };
    Ok(response.add_message(wasm_execute(model.as_str(), &msg, vec![])?))
}
