//! Offering a contribution.

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, Response, Storage, Timestamp, Uint128};
use modelbond_economy::offer::draws_at;
use modelbond_interface::provenance::{
    offer_token_id, ContributionOffered, Offered, SignedContribution, MAX_DATA, MAX_PARENTS,
    WITNESSES,
};

use super::signed::ensure_signed;
use super::state::{Offer, Standing, OFFERED, OFFERS, OFFER_COUNT, SIGNED, STANDINGS};
use super::world::{run, Lengths, Run};
use crate::error::ensure_bounds;
use crate::state::contribution;
use crate::world::World;
use crate::ContractError;

/// Takes an offer, and its fee.
pub(crate) fn contribute(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    offered: Offered,
    signed: Option<&SignedContribution>,
) -> Result<Response, ContractError> {
    let world = World::of(deps.storage, deps.querier, env)?;
    let model = deps.api.addr_validate(&offered.model)?;
    deps.api.addr_validate(&offered.contributor)?;
    let sign_bytes = match signed {
        Some(signed) => {
            let evm_chain_id = world.config.evm_chain_id;
            Some(ensure_signed((deps.api, env), evm_chain_id, &offered, signed)?)
        }
        None => {
            ensure_sender(&offered, &info.sender)?;
            None
        }
    };
    let denom = world.terms(&model)?.reserve_denom;
    let fee = fee(&info, &denom)?;
    let offer_id = OFFER_COUNT.may_load(deps.storage)?.unwrap_or_default().saturating_add(1);
    ensure_content(deps.as_ref(), &model, &offered, offer_id)?;
    let no_run = || ContractError::NoOpenRun { model: model.clone() };
    let run_id = world.open_run(&model)?.ok_or_else(no_run)?;
    let run = run(&world, run_id)?;
    let draws_at = next_draw(&run, run_id, env.block.time)?;

    if let Some(sign_bytes) = sign_bytes {
        sign_once(deps.storage, &sign_bytes, offer_id)?;
    }
    OFFER_COUNT.save(deps.storage, &offer_id)?;
    OFFERED.save(deps.storage, (&model, &offered.data_hash.0), &offer_id);
    STANDINGS.save(deps.storage, offer_id, &Standing::Waiting);
    let offer = Offer {
        offered,
        sender: info.sender,
        fee,
        denom,
        offered_at: env.block.time,
        draws_at,
        run_id,
        round_id: run.rounds.saturating_add(1),
    };
    OFFERS.save(deps.storage, offer_id, &offer);
    let Offer { offered, sender, denom, .. } = offer;
    Ok(Response::new().add_attribute("action", "contribute").add_event(ContributionOffered {
        offer_id,
        model: offered.model,
        contributor: offered.contributor,
        sender: sender.into_string(),
        data_hash: offered.data_hash.to_string(),
        denom,
        fee: fee.into(),
    }))
}

fn ensure_sender(offered: &Offered, sender: &Addr) -> Result<(), ContractError> {
    if sender.as_str() != offered.contributor {
        let (contributor, signer) = (offered.contributor.clone(), sender.to_string());
        return Err(ContractError::NotTheContributor { contributor, signer });
    }
    Ok(())
}

/// What all witnesses together get: at least one unit for each.
fn fee(info: &MessageInfo, denom: &str) -> Result<u128, ContractError> {
    let actual = cw_utils::must_pay(info, denom)?;
    let least = Uint128::from(WITNESSES);
    if actual < least {
        return Err(ContractError::FeeTooSmall { denom: denom.to_owned(), least, actual });
    }
    Ok(actual.u128())
}

/// Refuses data that the model was offered, and parents that there are not.
fn ensure_content(
    deps: Deps,
    model: &Addr,
    offered: &Offered,
    offer_id: u64,
) -> Result<(), ContractError> {
    let Offered { data, data_hash, parents, .. } = offered;
    ensure_bounds("the length of data", (0, MAX_DATA), data.len())?;
    if let Some(offer_id) = OFFERED.may_load(deps.storage, (model, &data_hash.0))? {
        let model = model.clone();
        return Err(ContractError::DataOffered { model, data_hash: *data_hash, offer_id });
    }
    ensure_bounds("the number of parents", (0, MAX_PARENTS), parents.len())?;
    let mut seen = BTreeSet::new();
    for parent_id in parents {
        contribution(deps.storage, parent_id)?;
        if !seen.insert(parent_id) {
            let (token_id, parent_id) = (offer_token_id(offer_id), parent_id.clone());
            return Err(ContractError::ParentTwice { token_id, parent_id });
        }
    }
    Ok(())
}

/// A signature is for one offer, whatever became of that.
fn sign_once(
    store: &mut dyn Storage,
    sign_bytes: &[u8],
    offer_id: u64,
) -> Result<(), ContractError> {
    if let Some(offer_id) = SIGNED.may_load(store, sign_bytes)? {
        return Err(ContractError::SignatureUsed { offer_id });
    }
    SIGNED.save(store, sign_bytes, &offer_id);
    Ok(())
}

fn next_draw(run: &Run, run_id: u64, now: Timestamp) -> Result<Timestamp, ContractError> {
    let Lengths { grid_secs, margin_secs } = run.params.lengths;
    let at = draws_at(run.opened_at.nanos(), grid_secs, margin_secs, now.nanos());
    at.map(Timestamp::from_nanos).ok_or(ContractError::NoDrawTime { run_id })
}
