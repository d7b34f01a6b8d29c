//! Offering a contribution.

use std::collections::BTreeSet;

use cosmwasm_std::{
    Addr, Coin, Deps, DepsMut, Env, MessageInfo, Response, Storage, Timestamp, Uint128,
};
use modelbond_economy::offer::draws_at;
use modelbond_interface::provenance::{
    ContributionOffered, Offered, SignedContribution, MAX_DATA, MAX_PARENTS, WITNESSES,
};

use super::signed::ensure_signed;
use super::state::{Offer, Standing, OFFERED, OFFERS, OFFER_COUNT, SIGNED, STANDINGS};
use super::world::{Contracts, Run};
use crate::state::CONFIG;
use crate::{mint, ContractError};

/// Takes an offer, and its fee.
pub(crate) fn contribute(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    offered: Offered,
    signed: Option<&SignedContribution>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let model = deps.api.addr_validate(&offered.model)?;
    deps.api.addr_validate(&offered.contributor)?;
    let sign_bytes = match signed {
        Some(signed) => {
            Some(ensure_signed((deps.api, env), config.evm_chain_id, &offered, signed)?)
        }
        None => {
            ensure_sender(&offered, &info.sender)?;
            None
        }
    };
    let world = Contracts { querier: deps.querier, config: &config };
    let fee = fee(&info, world.terms(&model)?.reserve_denom)?;
    ensure_content(deps.as_ref(), &model, &offered)?;
    let run_id = world.open_run(&model)?;
    let run = world.run(run_id)?;

    let offer_id = OFFER_COUNT.may_load(deps.storage)?.unwrap_or_default().saturating_add(1);
    if let Some(sign_bytes) = sign_bytes {
        sign_once(deps.storage, &sign_bytes, offer_id)?;
    }
    let offer = Offer {
        offered,
        sender: info.sender,
        fee,
        offered_at: env.block.time,
        draws_at: drawn_at(&run, run_id, env.block.time)?,
        run_id,
        round_id: run.rounds.saturating_add(1),
    };
    OFFER_COUNT.save(deps.storage, &offer_id)?;
    OFFERED.save(deps.storage, (&model, &offer.offered.data_hash.0), &offer_id)?;
    STANDINGS.save(deps.storage, offer_id, &Standing::Waiting {})?;
    OFFERS.save(deps.storage, offer_id, &offer)?;
    let Offer { offered, sender, fee, .. } = offer;
    Ok(Response::new().add_attribute("action", "contribute").add_event(ContributionOffered {
        offer_id,
        model: offered.model,
        contributor: offered.contributor,
        sender: sender.into_string(),
        data_hash: offered.data_hash.to_string(),
        denom: fee.denom,
        fee: fee.amount,
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
fn fee(info: &MessageInfo, denom: String) -> Result<Coin, ContractError> {
    let amount = cw_utils::must_pay(info, &denom)?;
    let least = Uint128::from(WITNESSES);
    if amount < least {
        return Err(ContractError::FeeTooSmall { least, actual: amount, denom });
    }
    Ok(Coin { denom, amount })
}

/// Refuses data that the model was offered, and parents that there are not.
fn ensure_content(deps: Deps, model: &Addr, offered: &Offered) -> Result<(), ContractError> {
    let Offered { data, data_hash, parents, .. } = offered;
    if data.len() > MAX_DATA {
        return Err(ContractError::DataTooLong { most: MAX_DATA, actual: data.len() });
    }
    if let Some(offer_id) = OFFERED.may_load(deps.storage, (model, &data_hash.0))? {
        let model = model.clone();
        return Err(ContractError::DataOffered { model, data_hash: *data_hash, offer_id });
    }
    if parents.len() > MAX_PARENTS {
        return Err(ContractError::TooManyParents { most: MAX_PARENTS, actual: parents.len() });
    }
    let mut seen = BTreeSet::new();
    for token_id in parents {
        if !mint::is_minted(deps.storage, token_id) {
            return Err(ContractError::NoParent { token_id: token_id.clone() });
        }
        if !seen.insert(token_id) {
            return Err(ContractError::ParentTwice { token_id: token_id.clone() });
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
    Ok(SIGNED.save(store, sign_bytes, &offer_id)?)
}

fn drawn_at(run: &Run, run_id: u64, now: Timestamp) -> Result<Timestamp, ContractError> {
    let lengths = run.params.lengths;
    let times = (lengths.grid_secs, lengths.margin_secs);
    let at = draws_at(run.opened_at.nanos(), times.0, times.1, now.nanos());
    at.map(Timestamp::from_nanos).ok_or(ContractError::NoDrawTime { run_id })
}
