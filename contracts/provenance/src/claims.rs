//! What NFTs have earned goes to whoever holds them.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{coins, Addr, BankMsg, DepsMut, Env, Event, MessageInfo, Response};
use modelbond_economy::shares;
use modelbond_interface::provenance::{Contribution, EarningsClaimed};

use crate::error::ensure_bounds;
use crate::revenue::{add, share_if_waiting};
use crate::state::{contribution, ledger, token, Ledger, Token, DENOMS, LEDGERS, TOKENS};
use crate::ContractError;

/// NFTs that are paid, or asked about, at once.
pub(crate) const MAX_TOKENS: usize = 30;

/// The weight of a contribution.
pub(crate) fn weight(contribution: &Contribution) -> u64 {
    shares::weight(contribution.quality, contribution.improvement)
}

/// Refuses none, too many, and the same one twice.
pub(crate) fn ensure_some(token_ids: &[String]) -> Result<(), ContractError> {
    ensure_bounds("the number of token ids", (1, MAX_TOKENS), token_ids.len())?;
    let mut seen = BTreeSet::new();
    match token_ids.iter().find(|token_id| !seen.insert(*token_id)) {
        Some(twice) => Err(ContractError::TokenTwice { token_id: twice.clone() }),
        None => Ok(()),
    }
}

/// Pays the holder what these NFTs have earned, royalties that wait at their models included.
pub(crate) fn claim(
    mut deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    token_ids: Vec<String>,
) -> Result<Response, ContractError> {
    ensure_some(&token_ids)?;
    let mut by_model: BTreeMap<Addr, Vec<(String, Token, u64)>> = BTreeMap::new();
    for token_id in token_ids {
        let token = token(deps.storage, &token_id)?;
        if token.owner != info.sender {
            let (holder, sender) = (token.owner, info.sender.clone());
            return Err(ContractError::NotHolder { token_id, holder, sender });
        }
        let contribution = contribution(deps.storage, &token_id)?;
        let weight = weight(&contribution);
        by_model.entry(contribution.model).or_default().push((token_id, token, weight));
    }

    let mut events: Vec<Event> = vec![];
    let mut payments: BTreeMap<String, u128> = BTreeMap::new();
    for (model, held) in by_model {
        let mut ledger = ledger(deps.storage, &model)?;
        events.extend(share_if_waiting(&mut deps, env, &model, &mut ledger)?);
        let mut claimed = vec![];
        for (token_id, mut token, weight) in held {
            let (owed, share) = ledger.pool.pay(weight, token.share)?;
            if owed == 0 {
                continue;
            }
            token.share = share;
            TOKENS.save(deps.storage, &token_id, &token);
            pay(&mut ledger, &model, owed)?;
            claimed.push((token_id, owed));
        }
        LEDGERS.save(deps.storage, &model, &ledger);
        if claimed.is_empty() {
            continue;
        }
        let denom = DENOMS.load(deps.storage, &model)?;
        for (token_id, owed) in claimed {
            let sum = payments.entry(denom.clone()).or_default();
            *sum = add(*sum, owed)?;
            events.push(earned(token_id, &model, &info.sender, (&denom, owed)));
        }
    }
    if payments.is_empty() {
        return Err(ContractError::NothingToClaim);
    }
    let payments = payments.into_iter().map(|(denom, amount)| BankMsg::Send {
        to_address: info.sender.to_string(),
        amount: coins(amount, denom),
    });
    Ok(Response::new().add_attribute("action", "claim").add_events(events).add_messages(payments))
}

/// Takes what is paid from what holders have.
pub(crate) fn pay(ledger: &mut Ledger, model: &Addr, owed: u128) -> Result<(), ContractError> {
    let left = ledger.holders.checked_sub(owed);
    ledger.holders = left.ok_or_else(|| ContractError::Unbalanced { model: model.clone() })?;
    Ok(())
}

/// The event of a payment.
pub(crate) fn earned(
    token_id: String,
    model: &Addr,
    recipient: &Addr,
    (denom, amount): (&str, u128),
) -> Event {
    let event = EarningsClaimed {
        token_id,
        model: model.to_string(),
        recipient: recipient.to_string(),
        denom: denom.to_owned(),
        amount: amount.into(),
    };
    event.into()
}
