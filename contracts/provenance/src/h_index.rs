//! The h-index of a model: h of its contributions have h uses or more each.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage};
use cw_storage_plus::Map;

/// Where a model stands.
#[cw_serde]
#[derive(Copy, Default, Eq)]
pub struct Standing {
    /// h.
    pub h: u32,
    /// Contributions with more than h uses; at most h of them.
    pub above: u32,
    /// Contributions with a use.
    pub used: u32,
}

/// Model → where it stands. Appears with the first use.
pub const STANDINGS: Map<&Addr, Standing> = Map::new("standings");

/// (Model, uses) → how many of its contributions have so many. Not kept for 0.
pub const USED: Map<(&Addr, u32), u32> = Map::new("used");

/// A contribution of `model` that had `before` uses has `after`, more than that.
pub(crate) fn raise(
    storage: &mut dyn Storage,
    model: &Addr,
    before: u32,
    after: u32,
) -> StdResult<()> {
    if after <= before {
        return Ok(());
    }
    let count = |storage: &dyn Storage, uses| -> StdResult<u32> {
        Ok(USED.may_load(storage, (model, uses))?.unwrap_or_default())
    };
    let mut standing = STANDINGS.may_load(storage, model)?.unwrap_or_default();
    match before {
        0 => standing.used = standing.used.saturating_add(1),
        _ => match count(storage, before)?.saturating_sub(1) {
            0 => USED.remove(storage, (model, before)),
            rest => USED.save(storage, (model, before), &rest)?,
        },
    }
    let now = count(storage, after)?.saturating_add(1);
    USED.save(storage, (model, after), &now)?;
    if before <= standing.h && standing.h < after {
        standing.above = standing.above.saturating_add(1);
    }
    if standing.above > standing.h {
        standing.h = standing.h.saturating_add(1);
        standing.above = standing.above.saturating_sub(count(storage, standing.h)?);
    }
    STANDINGS.save(storage, model, &standing)
}
