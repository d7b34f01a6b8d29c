//! The h-index of a model: h of its contributions have h uses or more each.

use cosmwasm_std::{Addr, StdError, StdResult, Storage};
use cw_storage_plus::Map;
use modelbond_economy::h_index::HIndex;

use crate::pack::Table;

/// Where a model stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// h.
    pub h: u32,
    /// Contributions with more than h uses; at most h of them.
    pub above: u32,
    /// Contributions with a use.
    pub used: u32,
}

/// Model → where it stands. Appears with the first use.
pub const H_INDEXES: Table<&Addr, Standing> = Table::new("h_indexes");

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
    let Standing { h, above, used } = H_INDEXES.may_load(storage, model)?.unwrap_or_default();
    let used = match before {
        0 => used.saturating_add(1),
        _ => {
            leave(storage, (model, before))?;
            used
        }
    };
    let at = count(storage, (model, after))?.saturating_add(1);
    USED.save(storage, (model, after), &at)?;
    let cell = count(storage, (model, h.saturating_add(1)))?;
    let index = HIndex { h, above }.leap(before, after, cell);
    let HIndex { h, above } = index.ok_or_else(|| StdError::generic_err("uses do not add up"))?;
    H_INDEXES.save(storage, model, &Standing { h, above, used });
    Ok(())
}

fn leave(storage: &mut dyn Storage, cell: (&Addr, u32)) -> StdResult<()> {
    match count(storage, cell)?.saturating_sub(1) {
        0 => USED.remove(storage, cell),
        rest => USED.save(storage, cell, &rest)?,
    }
    Ok(())
}

fn count(storage: &dyn Storage, cell: (&Addr, u32)) -> StdResult<u32> {
    Ok(USED.may_load(storage, cell)?.unwrap_or_default())
}
