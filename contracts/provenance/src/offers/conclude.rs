//! Ending an offer: it becomes an NFT or not, and its fee is paid out.

use cosmwasm_std::{coins, Addr, BankMsg, CosmosMsg, DepsMut, Env, Response, Storage, Uint128};
use modelbond_economy::offer::{agreement, payout, Agreement, Context, Finding};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{offer_token_id, Contribution, OfferConcluded};

use super::state::{
    finding, offer_of, score, seat_of, standing_of, Offer, Panel, Standing, OFFERED, SCORES,
    STANDINGS,
};
use crate::mint::mint;
use crate::world::World;
use crate::ContractError;

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
pub(crate) fn conclude(deps: DepsMut, env: &Env, offer_id: u64) -> Result<Response, ContractError> {
    let offer = offer_of(deps.storage, offer_id)?;
    let now = env.block.time;
    let outcome = match standing_of(deps.storage, offer_id)? {
        Standing::Waiting => {
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
        Standing::Accepted(_) | Standing::Rejected => {
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
            STANDINGS.save(deps.storage, offer_id, &Standing::Accepted(score(finding)));
            let world = World::of(deps.storage, deps.querier, env)?;
            let contribution = contribution((offer_id, &offer), env, finding);
            let token_id = offer_token_id(offer_id);
            response.add_events(mint(deps.storage, &world, &token_id, contribution)?)
        }
        None => {
            STANDINGS.save(deps.storage, offer_id, &Standing::Rejected);
            let model = Addr::unchecked(&offer.offered.model);
            OFFERED.remove(deps.storage, (&model, &offer.offered.data_hash.0));
            response
        }
    };
    let (event, messages) = pay((offer_id, offer), accepted.is_some(), outcome);
    Ok(response.add_event(event).add_messages(messages))
}

/// What witnesses found.
fn outcome(store: &dyn Storage, offer_id: u64, panel: Panel) -> Result<Outcome, ContractError> {
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
        .map(|(slot, _)| Ok(seat_of(store, (offer_id, *slot))?.owner))
        .collect::<Result<_, ContractError>>()?;
    Ok(Outcome { drawn: panel.drawn, agreement, winners })
}

/// What an accepted offer contributes.
fn contribution((offer_id, offer): (u64, &Offer), env: &Env, finding: Finding) -> Contribution {
    let (chain_id, contract) = (&env.block.chain_id, env.contract.address.as_str());
    let attestation = Context { chain_id, contract, offer_id }.agreed(finding);
    Contribution {
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
    let Offer { fee, denom, sender, .. } = offer;
    let winners = u8::try_from(outcome.winners.len()).unwrap_or(u8::MAX);
    let split = payout(fee, outcome.drawn, winners);
    let send = |to: Addr, amount: u128| {
        BankMsg::Send { to_address: to.into_string(), amount: coins(amount, &denom) }.into()
    };
    let mut messages: Vec<CosmosMsg> = Vec::new();
    if split.paid > 0 {
        messages.extend(outcome.winners.into_iter().map(|owner| send(owner, split.each)));
    }
    if split.refund > 0 {
        messages.push(send(sender, split.refund));
    }
    let (paid, refund) = (Uint128::new(split.paid), Uint128::new(split.refund));
    (OfferConcluded { offer_id, accepted, denom, paid, refund }, messages)
}
