//! Who builds on whom. A use of a contribution is a contribution of somebody else that is built on it.
//!
//! Contributions of one round are minted one by one, whenever their contributors like, so a child may be there before
//! its parent. Whose the parent is, is not known then: the use is counted, and noted under the child's contributor;
//! when the parent is minted, what its own contributor noted is taken away again. So minting reads and writes the
//! same few records for each parent, however many children there are.

use cosmwasm_std::{StdResult, Storage};
use modelbond_interface::provenance::Contribution;

use crate::h_index;
use crate::state::{CHILDREN, CONTRIBUTIONS, EARLY_USES, USES};

/// Records what a new contribution is built on, and what was built on it before it was minted.
pub(crate) fn record(
    storage: &mut dyn Storage,
    token_id: &str,
    contribution: &Contribution,
) -> StdResult<()> {
    for parent_id in &contribution.parents {
        CHILDREN.save(storage, (parent_id, token_id), &1)?;
        let Some(parent) = CONTRIBUTIONS.may_load(storage, parent_id)? else {
            let early = (parent_id.as_str(), &contribution.contributor);
            let count = EARLY_USES.may_load(storage, early)?.unwrap_or_default();
            EARLY_USES.save(storage, early, &count.saturating_add(1))?;
            add_use(storage, parent_id)?;
            continue;
        };
        if parent.contributor != contribution.contributor {
            let before = add_use(storage, parent_id)?;
            h_index::raise(storage, &parent.model, before, before.saturating_add(1))?;
        }
    }
    let Some(early) = USES.may_load(storage, token_id)? else {
        return Ok(());
    };
    let own = EARLY_USES.may_load(storage, (token_id, &contribution.contributor))?;
    let uses = early.saturating_sub(own.unwrap_or_default());
    EARLY_USES.remove(storage, (token_id, &contribution.contributor));
    USES.save(storage, token_id, &uses)?;
    h_index::raise(storage, &contribution.model, 0, uses)
}

/// The number of uses before.
fn add_use(storage: &mut dyn Storage, token_id: &str) -> StdResult<u32> {
    let before = USES.may_load(storage, token_id)?.unwrap_or_default();
    // One for each minted contribution: 2³² of them will not happen.
    USES.save(storage, token_id, &before.saturating_add(1))?;
    Ok(before)
}
