//! Answers about offers.

use cosmwasm_std::{Deps, Env, Order, StdResult};
use cw_storage_plus::Bound;
use modelbond_interface::provenance::{OfferResponse, OfferStatus, OffersResponse, Witness};

use super::state::{offer_of, standing_of, Offer, Seat, Standing, COMMITS, OFFERS, SCORES, SEATS};
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

/// An offer.
pub(crate) fn offer(deps: Deps, env: &Env, offer_id: u64) -> Result<OfferResponse, ContractError> {
    shown(deps, env, (offer_id, offer_of(deps.storage, offer_id)?))
}

/// Offers by number.
pub(crate) fn offers(
    deps: Deps,
    env: &Env,
    (start_after, limit): (Option<u64>, Option<u32>),
) -> Result<OffersResponse, ContractError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let offers = OFFERS
        .range(deps.storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(usize::try_from(limit).unwrap_or_default())
        .map(|entry| shown(deps, env, entry?))
        .collect::<Result<_, ContractError>>()?;
    Ok(OffersResponse { offers })
}

fn shown(
    deps: Deps,
    env: &Env,
    (offer_id, offer): (u64, Offer),
) -> Result<OfferResponse, ContractError> {
    let status = match standing_of(deps.storage, offer_id)? {
        Standing::Waiting {} => OfferStatus::Waiting {},
        Standing::Scoring(panel) if panel.reveals(env.block.time) => {
            OfferStatus::Reveal { until: panel.reveal_until }
        }
        Standing::Scoring(panel) => OfferStatus::Commit { until: panel.commit_until },
        Standing::Accepted { score } => OfferStatus::Accepted { score },
        Standing::Rejected {} => OfferStatus::Rejected {},
    };
    let witnesses = SEATS
        .prefix(offer_id)
        .range(deps.storage, None, None, Order::Ascending)
        .map(|entry| witness(deps, offer_id, entry?))
        .collect::<StdResult<_>>()?;
    let Offer { offered, sender, fee, offered_at, draws_at, .. } = offer;
    Ok(OfferResponse { offer_id, offered, sender, fee, offered_at, draws_at, status, witnesses })
}

fn witness(deps: Deps, offer_id: u64, (slot, seat): (u8, Seat)) -> StdResult<Witness> {
    let Seat { node_id, owner, account } = seat;
    let commit = COMMITS.may_load(deps.storage, (offer_id, slot))?;
    let score = SCORES.may_load(deps.storage, (offer_id, slot))?;
    Ok(Witness { slot, node_id, owner, account, commit, score })
}
