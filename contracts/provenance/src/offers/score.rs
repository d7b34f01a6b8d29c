//! Witnesses commit to a score, and reveal it.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage};
use modelbond_economy::offer::{Committed, Context};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{Score, ScoreCommitted, ScoreRevealed};

use super::state::{
    finding, seat_of, standing_of, Panel, Seat, Standing, COMMITS, SCORES, STANDINGS,
};
use crate::error::ensure_bounds;
use crate::ContractError;

const MILLION: i64 = 1_000_000;

/// Takes a commit.
pub(crate) fn commit(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    (offer_id, slot): (u64, u8),
    commit: Hash32,
) -> Result<Response, ContractError> {
    let mut panel = panel(deps.storage, offer_id)?;
    seat(deps.storage, (offer_id, slot), &info.sender)?;
    if COMMITS.has(deps.storage, (offer_id, slot)) {
        return Err(ContractError::AlreadyCommitted { offer_id, slot });
    }
    let (now, until) = (env.block.time, panel.commit_until);
    if panel.reveals(now) {
        return Err(ContractError::CommitsOver { offer_id, until });
    }

    panel.committed = panel.committed.saturating_add(1);
    COMMITS.save(deps.storage, (offer_id, slot), &commit);
    STANDINGS.save(deps.storage, offer_id, &Standing::Scoring(panel));
    let event = ScoreCommitted { offer_id, slot };
    Ok(Response::new().add_attribute("action", "commit_score").add_event(event))
}

/// Takes what was committed to.
pub(crate) fn reveal(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    (offer_id, slot): (u64, u8),
    (score, salt): (Score, Hash32),
) -> Result<Response, ContractError> {
    let mut panel = panel(deps.storage, offer_id)?;
    let Seat { node_id, owner, .. } = seat(deps.storage, (offer_id, slot), &info.sender)?;
    ensure_score(score)?;
    let commit = COMMITS.may_load(deps.storage, (offer_id, slot))?;
    let expected = commit.ok_or(ContractError::NoCommit { offer_id, slot })?;
    if SCORES.has(deps.storage, (offer_id, slot)) {
        return Err(ContractError::AlreadyRevealed { offer_id, slot });
    }
    let now = env.block.time;
    if !panel.reveals(now) {
        let until = panel.commit_until;
        return Err(ContractError::CommitsGoOn { offer_id, until });
    }
    let until = panel.reveal_until;
    if now >= until {
        return Err(ContractError::RevealsOver { offer_id, until });
    }
    let committed =
        Committed { slot, node_id, owner: owner.as_str(), finding: finding(score), salt: salt.0 };
    let (chain_id, contract) = (&env.block.chain_id, env.contract.address.as_str());
    let actual = Hash32(Context { chain_id, contract, offer_id }.commit(&committed));
    if actual != expected {
        return Err(ContractError::OtherCommit { offer_id, slot, expected, actual });
    }

    panel.revealed = panel.revealed.saturating_add(1);
    SCORES.save(deps.storage, (offer_id, slot), &score);
    STANDINGS.save(deps.storage, offer_id, &Standing::Scoring(panel));
    let Score { quality, improvement } = score;
    let event = ScoreRevealed { offer_id, slot, quality, improvement };
    Ok(Response::new().add_attribute("action", "reveal_score").add_event(event))
}

/// The witnesses of an offer that is being scored.
fn panel(store: &dyn Storage, offer_id: u64) -> Result<Panel, ContractError> {
    match standing_of(store, offer_id)? {
        Standing::Scoring(panel) => Ok(panel),
        Standing::Waiting => Err(ContractError::NotDrawn { offer_id }),
        Standing::Accepted(_) | Standing::Rejected => {
            Err(ContractError::OfferConcluded { offer_id })
        }
    }
}

/// A seat of the sender's.
fn seat(
    store: &dyn Storage,
    (offer_id, slot): (u64, u8),
    sender: &Addr,
) -> Result<Seat, ContractError> {
    let seat = seat_of(store, (offer_id, slot))?;
    if *sender != seat.owner && *sender != seat.account {
        let Seat { owner, account, .. } = seat;
        return Err(ContractError::NotTheWitness { owner, account, sender: sender.clone() });
    }
    Ok(seat)
}

fn ensure_score(score: Score) -> Result<(), ContractError> {
    ensure_bounds("quality", (0, MILLION), i64::from(score.quality))?;
    ensure_bounds("improvement", (-MILLION, MILLION), i64::from(score.improvement))
}
