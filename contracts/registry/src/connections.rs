//! The graph of models. An edge is a pair with at least one kind; parents' edges are for ever.

use cosmwasm_std::{DepsMut, Empty, MessageInfo, Response, Storage};
use modelbond_interface::registry::{ConnectionKind, ModelsConnected, ModelsDisconnected};

use crate::citations::{follow, Change};
use crate::kinds::Kinds;
use crate::state::{Registered, BACKLINKS, LINKS};
use crate::ContractError;

pub(crate) fn connect(
    deps: DepsMut,
    info: &MessageInfo,
    (from, to): (&str, &str),
    kind: ConnectionKind,
) -> Result<Response, ContractError> {
    let (from, to) = ends(&deps, info, (from, to))?;

    let event = link(deps.storage, &from, &to, kind)?;

    Ok(Response::new().add_attribute("action", "connect").add_event(event))
}

pub(crate) fn disconnect(
    deps: DepsMut,
    info: &MessageInfo,
    (from, to): (&str, &str),
    kind: ConnectionKind,
) -> Result<Response, ContractError> {
    let (from, to) = ends(&deps, info, (from, to))?;
    let parents = &from.terms.parents;
    if kind == ConnectionKind::Derived && parents.iter().any(|parent| parent.model == to.model) {
        return Err(ContractError::ParentForEver { from: from.model, to: to.model });
    }
    let kinds = LINKS.may_load(deps.storage, (from.number, to.number))?.unwrap_or_default();
    if !kinds.has(kind) {
        return Err(ContractError::NotConnected { from: from.model, to: to.model, kind });
    }
    let left = kinds.without(kind);

    let h = set(deps.storage, &from, &to, (kinds, left))?;

    let event = ModelsDisconnected {
        from: from.model.into_string(),
        to: to.model.into_string(),
        kind: kind.name().to_owned(),
        h,
    };
    Ok(Response::new().add_attribute("action", "disconnect").add_event(event))
}

/// Both ends, if the sender may connect and part them.
fn ends(
    deps: &DepsMut,
    info: &MessageInfo,
    (from, to): (&str, &str),
) -> Result<(Registered, Registered), ContractError> {
    let from = Registered::load(deps.as_ref(), from)?;
    from.ensure_owner(&info.sender)?;
    let to = Registered::load(deps.as_ref(), to)?;
    if from.number == to.number {
        return Err(ContractError::SelfConnection { model: to.model });
    }
    Ok((from, to))
}

/// Adds a kind to a pair.
pub(crate) fn link(
    storage: &mut dyn Storage,
    from: &Registered,
    to: &Registered,
    kind: ConnectionKind,
) -> Result<ModelsConnected, ContractError> {
    let kinds = LINKS.may_load(storage, (from.number, to.number))?.unwrap_or_default();
    if kinds.has(kind) {
        let (from, to) = (from.model.clone(), to.model.clone());
        return Err(ContractError::Connected { from, to, kind });
    }
    let h = set(storage, from, to, (kinds, kinds.with(kind)))?;
    Ok(ModelsConnected {
        from: from.model.to_string(),
        to: to.model.to_string(),
        kind: kind.name().to_owned(),
        h,
    })
}

/// Changes the kinds of a pair; the h-index of the creator of `to` from now on.
fn set(
    storage: &mut dyn Storage,
    from: &Registered,
    to: &Registered,
    (before, after): (Kinds, Kinds),
) -> Result<u32, ContractError> {
    let pair = (from.number, to.number);
    let back = (to.number, from.number);
    let change = match (before.is_empty(), after.is_empty()) {
        (true, false) => Change::Begins,
        (false, true) => Change::Ends,
        _ => Change::Stays,
    };
    match change {
        Change::Begins => {
            LINKS.save(storage, pair, &after)?;
            BACKLINKS.save(storage, back, &Empty {})?;
        }
        Change::Ends => {
            LINKS.remove(storage, pair);
            BACKLINKS.remove(storage, back);
        }
        Change::Stays => LINKS.save(storage, pair, &after)?,
    }
    follow(storage, change, from, to)
}
