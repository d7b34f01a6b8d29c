//! A contribution becomes an NFT.

use std::collections::BTreeSet;

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage};
use modelbond_economy::shares;
use modelbond_interface::provenance::{Contribution, ContributionMinted, Mint, MAX_PARENTS};

use crate::error::ensure_bounds;
use crate::state::{ledger, Token, CONTRIBUTIONS, HELD, LEDGERS, MODEL_TOKENS, NUM_TOKENS, TOKENS};
use crate::world::World;
use crate::{revenue, uses, ContractError};

/// α and ΔM of 1.
const WHOLE: u32 = 1_000_000;
/// Bytes of a token id, at most.
pub(crate) const MAX_TOKEN_ID: usize = 64;

/// Mints what training accepted.
pub(crate) fn by_training(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    msg: Mint,
) -> Result<Response, ContractError> {
    let world = World::of(deps.storage, deps.querier, env)?;
    if info.sender != world.config.training {
        let (training, sender) = (world.config.training, info.sender.clone());
        return Err(ContractError::NotTraining { training, sender });
    }
    let contribution = Contribution {
        model: msg.model,
        contributor: msg.contributor,
        data_hash: msg.data_hash,
        quality: msg.quality,
        improvement: msg.improvement,
        at: msg.at,
        attestation: msg.attestation,
        run_id: msg.run_id,
        round_id: msg.round_id,
        parents: msg.parents,
    };
    let owner = contribution.contributor.to_string();
    let events = mint(deps.storage, &world, &msg.token_id, contribution)?;
    Ok(Response::new()
        .add_attribute("action", "mint_contribution")
        .add_attribute("minter", info.sender.as_str())
        .add_attribute("owner", owner)
        .add_attribute("token_id", msg.token_id)
        .add_events(events))
}

/// Mints an NFT, whose first holder is the contributor. Royalties that wait are shared out before, because the new
/// NFT has no part in them. The model need not be registered; what is not registered earns nothing.
///
/// # Errors
/// When the id was minted before, or the contribution is not one.
pub(crate) fn mint(
    storage: &mut dyn Storage,
    world: &World,
    token_id: &str,
    contribution: Contribution,
) -> Result<Vec<Event>, ContractError> {
    ensure_valid(token_id, &contribution)?;
    if CONTRIBUTIONS.has(storage, token_id) {
        return Err(ContractError::AlreadyMinted { token_id: token_id.to_owned() });
    }

    let model = &contribution.model;
    let weight = shares::weight(contribution.quality, contribution.improvement);
    let mut ledger = ledger(storage, model)?;
    let mut events = vec![];
    if weight > 0 {
        events = revenue::share_waiting(storage, world, model, &mut ledger)?;
    }
    let share = ledger.pool.enter(weight)?;
    let owner = contribution.contributor.clone();

    MODEL_TOKENS.save(storage, (model, ledger.contributions), &token_id.to_owned())?;
    // One for each message: 2³² and 2⁶⁴ of them will not happen.
    ledger.contributions = ledger.contributions.saturating_add(1);
    LEDGERS.save(storage, model, &ledger);
    let tokens = NUM_TOKENS.may_load(storage)?.unwrap_or_default();
    NUM_TOKENS.save(storage, &tokens.saturating_add(1))?;
    HELD.save(storage, (&owner, token_id), &1)?;
    TOKENS.save(storage, token_id, &Token { owner, approvals: vec![], share });
    uses::record(storage, token_id, &contribution)?;
    CONTRIBUTIONS.save(storage, token_id, &contribution);

    let minted = ContributionMinted {
        token_id: token_id.to_owned(),
        model: contribution.model.into_string(),
        contributor: contribution.contributor.into_string(),
        weight: u128::from(weight).into(),
        quality: contribution.quality,
        improvement: contribution.improvement,
        parents: contribution.parents.join(","),
    };
    events.push(minted.into());
    Ok(events)
}

fn ensure_valid(token_id: &str, contribution: &Contribution) -> Result<(), ContractError> {
    let whole = i64::from(WHOLE);
    ensure_bounds("the length of a token id", (1, MAX_TOKEN_ID), token_id.len())?;
    ensure_bounds("quality", (0, WHOLE), contribution.quality)?;
    let improvement = i64::from(contribution.improvement);
    ensure_bounds("improvement", (whole.saturating_neg(), whole), improvement)?;
    ensure_bounds("the number of parents", (0, MAX_PARENTS), contribution.parents.len())?;
    let mut seen = BTreeSet::new();
    for parent_id in &contribution.parents {
        ensure_bounds("the length of a parent's id", (1, MAX_TOKEN_ID), parent_id.len())?;
        let token_id = token_id.to_owned();
        if *parent_id == token_id {
            return Err(ContractError::OwnParent { token_id });
        }
        if !seen.insert(parent_id) {
            let parent_id = parent_id.clone();
            return Err(ContractError::ParentTwice { token_id, parent_id });
        }
    }
    Ok(())
}
