//! Slashing: a part of the stake and of what unbonds goes to training.
//!
//! A slash of a known model never fails for the sake of a stake: who is unknown or has nothing loses
//! nothing. It does fail where the token refuses the transfer.

use cosmwasm_std::{to_json_binary, Addr, DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use modelbond_interface::nodes::{NodeSlashed, Slash, SlashData};

use crate::error::ensure_bounds;
use crate::ready::follow_stake;
use crate::run::ensure_training;
use crate::stake::{reduce_total, transfer};
use crate::state::{epoch_now, StoredStake, STAKES};
use crate::ContractError;

const MAX_ITEMS: u64 = 16;
const WHOLE_BPS: u16 = 10_000;

pub(crate) fn slash(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    model: &str,
    items: &[Slash],
) -> Result<Response, ContractError> {
    ensure_training(deps.storage, info)?;
    let model = deps.api.addr_validate(model)?;
    ensure_bounds("items", u64::try_from(items.len()).unwrap_or(u64::MAX), 0, MAX_ITEMS)?;
    for item in items {
        ensure_bounds("bps", u64::from(item.bps), 0, u64::from(WHOLE_BPS))?;
    }
    let epoch = epoch_now(deps.storage, env)?;

    let mut response = Response::new().add_attribute("action", "slash");
    let mut data = SlashData { amounts: vec![], total: Uint128::zero() };
    for item in items {
        let (amount, stake) = slash_one(deps.storage, &model, item, epoch)?;
        data.total = data.total.saturating_add(amount);
        data.amounts.push(amount);
        response = response.add_event(NodeSlashed {
            model: model.to_string(),
            node_id: item.node_id,
            amount: amount.u128(),
            stake: stake.u128(),
        });
    }
    if !data.total.is_zero() {
        reduce_total(deps.storage, &model, data.total)?;
        response = response.add_message(transfer(&model, &info.sender, data.total)?);
    }
    Ok(response.set_data(to_json_binary(&data)?))
}

/// What was taken, and the stake that is left.
fn slash_one(
    storage: &mut dyn Storage,
    model: &Addr,
    item: &Slash,
    epoch: u64,
) -> Result<(Uint128, Uint128), ContractError> {
    let node_id = item.node_id;
    let Some(mut stake) = STAKES.may_load(storage, (model, node_id))? else {
        return Ok((Uint128::zero(), Uint128::zero()));
    };
    let amount = take(&mut stake, item.bps);
    if !amount.is_zero() {
        STAKES.save(storage, (model, node_id), &stake)?;
        follow_stake(storage, (model, node_id), epoch, stake.amount)?;
    }
    Ok((amount, stake.amount))
}

/// ⌊(stake + unbondings)·bps ÷ 10,000⌋, from the stake first, then from the oldest unbonding on.
fn take(stake: &mut StoredStake, bps: u16) -> Uint128 {
    let unbonding = stake.unbondings.iter();
    // All are part of a total that did not overflow.
    let all = unbonding.fold(stake.amount, |sum, one| sum.saturating_add(one.amount));
    let amount = all.multiply_ratio(u128::from(bps), u128::from(WHOLE_BPS));
    let mut owed = amount;
    let unbonding = stake.unbondings.iter_mut().map(|one| &mut one.amount);
    for part in std::iter::once(&mut stake.amount).chain(unbonding) {
        let taken = owed.min(*part);
        *part = part.saturating_sub(taken);
        owed = owed.saturating_sub(taken);
    }
    stake.unbondings.retain(|one| !one.amount.is_zero());
    stake.slashed = stake.slashed.saturating_add(amount);
    amount
}
