//! What a contribution is built on, and what is built on it: breadth first, so nearest first; each once, even where
//! lines meet. A walk looks at no more than `MAX_LINEAGE` contributions.

use std::collections::BTreeSet;

use cosmwasm_std::{Order, Storage};
use modelbond_interface::provenance::{LineageDirection, LineageResponse, Relative, MAX_LINEAGE};

use crate::error::ensure_bounds;
use crate::state::{contribution, CHILDREN, CONTRIBUTIONS};
use crate::ContractError;

/// Steps of a walk, at most.
const MAX_DEPTH: u8 = 16;

/// Which part of a lineage is asked for.
pub(crate) struct Walk {
    /// Which way.
    pub(crate) direction: LineageDirection,
    /// How many steps.
    pub(crate) depth: u8,
    /// How many to leave out.
    pub(crate) skip: usize,
    /// How many to show.
    pub(crate) limit: usize,
}

/// Walks from a contribution that is there.
pub(crate) fn walk(
    storage: &dyn Storage,
    token_id: &str,
    walk: &Walk,
) -> Result<LineageResponse, ContractError> {
    ensure_bounds("depth", (1, MAX_DEPTH), walk.depth)?;
    contribution(storage, token_id)?;
    let most = usize::try_from(MAX_LINEAGE).unwrap_or(usize::MAX);
    let mut seen = BTreeSet::from([token_id.to_owned()]);
    let mut found: Vec<(String, u8)> = vec![];
    let mut last = vec![token_id.to_owned()];
    let mut truncated = false;
    for depth in 1..=walk.depth {
        let mut next = vec![];
        for token_id in &last {
            let room = most.saturating_sub(found.len());
            let relatives = relatives(storage, token_id, walk.direction, room)?;
            truncated = truncated || relatives.len() > room;
            for relative in relatives.into_iter().take(room) {
                if seen.insert(relative.clone()) {
                    found.push((relative.clone(), depth));
                    next.push(relative);
                }
            }
        }
        last = next;
    }
    let shown = found.into_iter().skip(walk.skip).take(walk.limit).map(|(token_id, depth)| {
        let contribution = CONTRIBUTIONS.may_load(storage, &token_id)?;
        let model = contribution.map(|contribution| contribution.model);
        Ok(Relative { token_id, depth, model })
    });
    Ok(LineageResponse { relatives: shown.collect::<Result<_, ContractError>>()?, truncated })
}

/// The nearest ones; one more than `room`, if there are so many.
fn relatives(
    storage: &dyn Storage,
    token_id: &str,
    direction: LineageDirection,
    room: usize,
) -> Result<Vec<String>, ContractError> {
    Ok(match direction {
        LineageDirection::Ancestors => {
            let contribution = CONTRIBUTIONS.may_load(storage, token_id)?;
            contribution.map(|contribution| contribution.parents).unwrap_or_default()
        }
        LineageDirection::Descendants => CHILDREN
            .prefix(token_id)
            .keys(storage, None, None, Order::Ascending)
            .take(room.saturating_add(1))
            .collect::<Result<_, _>>()?,
    })
}
