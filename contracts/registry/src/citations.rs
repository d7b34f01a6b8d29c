//! What the h-index of a creator counts: models of other creators that are connected to theirs. Each step
//! reads and writes the same few entries, however large the graph is.

use cosmwasm_std::Storage;

use crate::state::{one_more, Creator, Registered, CITATIONS, CITED, CREATORS};
use crate::ContractError;

/// What happens to a pair of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is connected now.
    Begins,
    /// It is connected no more.
    Ends,
    /// It was connected and is, if for other reasons.
    Stays,
}

/// Counts a change of a pair; the h-index of the creator of `to` from now on.
pub(crate) fn follow(
    storage: &mut dyn Storage,
    change: Change,
    from: &Registered,
    to: &Registered,
) -> Result<u32, ContractError> {
    let creator = CREATORS.may_load(storage, &to.terms.creator)?;
    let is_own = from.terms.creator == to.terms.creator;
    if is_own || change == Change::Stays {
        return Ok(creator.unwrap_or_default().h);
    }
    let creator = creator.unwrap_or(Creator { id: to.number, ..Creator::default() });
    let counted = match change {
        Change::Begins => cite(storage, creator, to.number)?,
        _ => uncite(storage, creator, to.number)?,
    };
    match counted.citations {
        0 => CREATORS.remove(storage, &to.terms.creator),
        _ => CREATORS.save(storage, &to.terms.creator, &counted)?,
    }
    Ok(counted.h)
}

fn cite(
    storage: &mut dyn Storage,
    creator: Creator,
    number: u32,
) -> Result<Creator, ContractError> {
    let before = CITATIONS.may_load(storage, number)?.unwrap_or_default();
    let after = one_more(WHAT, before)?;
    leave(storage, (creator.id, before))?;
    let cell = enter(storage, (creator.id, after))?;
    CITATIONS.save(storage, number, &after)?;
    let index = creator.index().rise(before, cell).ok_or(full())?;
    let citations = one_more(WHAT, creator.citations)?;
    Ok(Creator { citations, ..creator }.with_index(index))
}

fn uncite(
    storage: &mut dyn Storage,
    creator: Creator,
    number: u32,
) -> Result<Creator, ContractError> {
    let before = CITATIONS.load(storage, number)?;
    let after = before.saturating_sub(1);
    let cell = leave(storage, (creator.id, before))?;
    enter(storage, (creator.id, after))?;
    match after {
        0 => CITATIONS.remove(storage, number),
        _ => CITATIONS.save(storage, number, &after)?,
    }
    let index = creator.index().fall(before, cell).ok_or(full())?;
    let citations = creator.citations.saturating_sub(1);
    Ok(Creator { citations, ..creator }.with_index(index))
}

const WHAT: &str = "citations";

fn full() -> ContractError {
    ContractError::TooMany { what: WHAT, most: u32::MAX }
}

/// One model less has this many citations; how many still have. Models without any are not counted.
fn leave(storage: &mut dyn Storage, cell: (u32, u32)) -> Result<u32, ContractError> {
    if cell.1 == 0 {
        return Ok(0);
    }
    let left = CITED.load(storage, cell)?.saturating_sub(1);
    match left {
        0 => CITED.remove(storage, cell),
        _ => CITED.save(storage, cell, &left)?,
    }
    Ok(left)
}

/// One model more has this many citations; how many have now.
fn enter(storage: &mut dyn Storage, cell: (u32, u32)) -> Result<u32, ContractError> {
    if cell.1 == 0 {
        return Ok(0);
    }
    let models = one_more("models", CITED.may_load(storage, cell)?.unwrap_or_default())?;
    CITED.save(storage, cell, &models)?;
    Ok(models)
}
