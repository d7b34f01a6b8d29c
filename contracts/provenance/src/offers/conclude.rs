//! Ending an offer: it becomes an NFT or not, and its fee is paid out.

use cosmwasm_std::{
    coins, Addr, BankMsg, CosmosMsg, DepsMut, Env, Response, StdResult, Storage, Uint128,
};
use modelbond_economy::offer::{agreement, payout, Agreement, Context, Finding};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{offer_token_id, Mint, OfferConcluded};

use super::state::{
    finding, offer_of, score, standing_of, Offer, Panel, Standing, OFFERED, SCORES, SEATS,
    STANDINGS,
};
use crate::{mint, ContractError};

/// What is known at the end.
struct Outcome {
    /// How many witnesses there were.
    drawn: u8,
    /// How far they agree.
    agreement: Agreement,
    /// Who is paid.
    winners: Vec<Addr>,
}

/// Ends an offer.
pub(crate) fn conclude(
    mut deps: DepsMut,
    env: &Env,
    offer_id: u64,
) -> Result<Response, ContractError> {
    let offer = offer_of(deps.storage, offer_id)?;
    let now = env.block.time;
    let outcome = match standing_of(deps.storage, offer_id)? {
        Standing::Waiting {} => {
            let until = offer.expires_at();
            if now < until {
                return Err(ContractError::OfferGoesOn { offer_id, until });
            }
            Outcome { drawn: 0, agreement: Agreement::None, winners: vec![] }
        }
        Standing::Scoring(panel) => {
            let until = panel.reveal_until;
            if !panel.is_over(now) {
                return Err(ContractError::OfferGoesOn { offer_id, until });
            }
            outcome(deps.storage, offer_id, panel)?
        }
        Standing::Accepted { .. } | Standing::Rejected {} => {
            return Err(ContractError::OfferConcluded { offer_id })
        }
    };

    let accepted = match outcome.agreement {
        Agreement::Accepted(finding) => Some(finding),
        Agreement::Majority(_) | Agreement::None => None,
    };
    let response = Response::new().add_attribute("action", "conclude_offer");
    let response = match accepted {
        Some(finding) => {
            let standing = Standing::Accepted { score: score(finding) };
            STANDINGS.save(deps.storage, offer_id, &standing)?;
            let minted = mint::mint(deps.branch(), env, minted((offer_id, &offer), env, finding))?;
            response.add_events(minted)
        }
        None => {
            STANDINGS.save(deps.storage, offer_id, &Standing::Rejected {})?;
            let model = Addr::unchecked(&offer.offered.model);
            OFFERED.remove(deps.storage, (&model, &offer.offered.data_hash.0));
            response
        }
    };
    let (event, messages) = pay((offer_id, offer), accepted.is_some(), outcome);
    Ok(response.add_event(event).add_messages(messages))
}

/// What witnesses found.
fn outcome(store: &dyn Storage, offer_id: u64, panel: Panel) -> StdResult<Outcome> {
    let mut revealed: Vec<(u8, Finding)> = Vec::new();
    for slot in 0..panel.drawn {
        if let Some(score) = SCORES.may_load(store, (offer_id, slot))? {
            revealed.push((slot, finding(score)));
        }
    }
    let findings: Vec<Finding> = revealed.iter().map(|(_, finding)| *finding).collect();
    let agreement = agreement(panel.drawn, &findings);
    let winners = revealed
        .iter()
        .filter(|(_, finding)| agreement.finding() == Some(*finding))
        .map(|(slot, _)| Ok(SEATS.load(store, (offer_id, *slot))?.owner))
        .collect::<StdResult<_>>()?;
    Ok(Outcome { drawn: panel.drawn, agreement, winners })
}

/// What is minted of an accepted offer.
fn minted((offer_id, offer): (u64, &Offer), env: &Env, finding: Finding) -> Mint {
    let (chain_id, contract) = (&env.block.chain_id, env.contract.address.as_str());
    let attestation = Context { chain_id, contract, offer_id }.agreed(finding);
    Mint {
        token_id: offer_token_id(offer_id),
        model: Addr::unchecked(&offer.offered.model),
        contributor: Addr::unchecked(&offer.offered.contributor),
        data_hash: offer.offered.data_hash,
        quality: finding.quality,
        improvement: finding.improvement,
        at: env.block.time,
        attestation: Hash32(attestation),
        run_id: 0,
        round_id: offer_id,
        parents: offer.offered.parents.clone(),
    }
}

/// Pays the whole fee out: one message for each winner, who are of different owners and not the sender,
/// and one for the sender.
fn pay(
    (offer_id, offer): (u64, Offer),
    accepted: bool,
    outcome: Outcome,
) -> (OfferConcluded, Vec<CosmosMsg>) {
    let denom = offer.fee.denom;
    let winners = u8::try_from(outcome.winners.len()).unwrap_or(u8::MAX);
    let split = payout(offer.fee.amount.u128(), outcome.drawn, winners);
    let send = |to: Addr, amount: u128| {
        BankMsg::Send { to_address: to.into_string(), amount: coins(amount, &denom) }.into()
    };
    let mut messages: Vec<CosmosMsg> = Vec::new();
    if split.paid > 0 {
        messages.extend(outcome.winners.into_iter().map(|owner| send(owner, split.each)));
    }
    if split.refund > 0 {
        messages.push(send(offer.sender, split.refund));
    }
    let (paid, refund) = (Uint128::new(split.paid), Uint128::new(split.refund));
    (OfferConcluded { offer_id, accepted, denom, paid, refund }, messages)
}
