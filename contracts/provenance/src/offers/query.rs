//! Answers about offers.

use cosmwasm_std::{coin, Deps, Env};
use modelbond_interface::provenance::{
    OfferResponse, OfferStatus, OffersResponse, Witness, WITNESSES,
};

use super::state::{
    offer_of, standing_of, Offer, Seat, Standing, COMMITS, DRAWN_BY, OFFER_COUNT, SCORES, SEATS,
};
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

/// An offer.
pub(crate) fn offer(deps: Deps, env: &Env, offer_id: u64) -> Result<OfferResponse, ContractError> {
    let offer = offer_of(deps.storage, offer_id)?;
    let status = match standing_of(deps.storage, offer_id)? {
        Standing::Waiting => OfferStatus::Waiting {},
        Standing::Scoring(panel) if panel.reveals(env.block.time) => {
            OfferStatus::Reveal { until: panel.reveal_until }
        }
        Standing::Scoring(panel) => OfferStatus::Commit { until: panel.commit_until },
        Standing::Accepted(score) => OfferStatus::Accepted { score },
        Standing::Rejected => OfferStatus::Rejected {},
    };
    let mut witnesses = Vec::new();
    for slot in 0..WITNESSES {
        let Some(seat) = SEATS.may_load(deps.storage, (offer_id, slot))? else {
            break;
        };
        let Seat { node_id, owner, account } = seat;
        let commit = COMMITS.may_load(deps.storage, (offer_id, slot))?;
        let score = SCORES.may_load(deps.storage, (offer_id, slot))?;
        witnesses.push(Witness { slot, node_id, owner, account, commit, score });
    }
    let Offer { offered, sender, fee, denom, offered_at, draws_at, run_id, .. } = offer;
    Ok(OfferResponse {
        offer_id,
        offered,
        sender,
        fee: coin(fee, denom),
        offered_at,
        draws_at,
        run_id,
        round_id: DRAWN_BY.may_load(deps.storage, offer_id)?,
        status,
        witnesses,
    })
}

/// Offers by number. There is one for each number so far.
pub(crate) fn offers(
    deps: Deps,
    env: &Env,
    (start_after, limit): (Option<u64>, Option<u32>),
) -> Result<OffersResponse, ContractError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let first = start_after.unwrap_or_default().saturating_add(1);
    let last = OFFER_COUNT.may_load(deps.storage)?.unwrap_or_default();
    let offers = (first..=last)
        .take(usize::try_from(limit).unwrap_or_default())
        .map(|offer_id| offer(deps, env, offer_id))
        .collect::<Result<_, ContractError>>()?;
    Ok(OffersResponse { offers })
}
