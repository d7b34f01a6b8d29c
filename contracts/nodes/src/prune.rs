//! Removing old rosters, from their ends.
//!
//! A round draws from the roster of the epoch in which it opens, so nothing can begin to use one of an
//! epoch that is over; the epoch before this one is kept all the same, for rounds that open at its very
//! end. Training says which older ones a round still uses.

use cosmwasm_std::{Deps, DepsMut, Env, Response, Storage};
use modelbond_interface::nodes::{Directory, Member, RosterPruned};

use crate::query::page_size;
use crate::roster::{position, RosterId};
use crate::state::{pinned, run, CONFIG, MEMBERS};
use crate::ContractError;

pub(crate) fn prune(
    deps: DepsMut,
    env: &Env,
    (run_id, epoch): (u64, u64),
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    ensure_old(deps.as_ref(), env, run_id, epoch)?;
    let roster = RosterId { run_id, epoch };
    let mut directory = roster.directory(deps.storage)?;
    let before = directory.members;
    let mut most = page_size(limit);
    // A page has more members than a limit allows, so that they are in two.
    for _ in 0..2 {
        let removed = shorten(deps.storage, roster, &mut directory, most)?;
        most = most.saturating_sub(removed);
    }
    let members = before.saturating_sub(directory.members);
    let response = Response::new().add_attribute("action", "prune");
    if members == 0 {
        return Ok(response);
    }

    roster.save_directory(deps.storage, &directory)?;
    Ok(response.add_event(RosterPruned { run_id, epoch, members, left: directory.members }))
}

fn ensure_old(deps: Deps, env: &Env, run_id: u64, epoch: u64) -> Result<(), ContractError> {
    let model = run(deps.storage, run_id)?.model;
    let config = CONFIG.load(deps.storage)?;
    let now = config.epoch(env.block.time)?;
    let earliest = epoch.saturating_add(2);
    if now < earliest {
        return Err(ContractError::NotOld { epoch, now, earliest });
    }
    match pinned(deps, &config.training, &model)? {
        Some(pinned) if pinned <= epoch => Err(ContractError::StillPinned { pinned }),
        _ => Ok(()),
    }
}

/// Removes members from the last page, at most `most`; how many.
fn shorten(
    storage: &mut dyn Storage,
    roster: RosterId,
    directory: &mut Directory,
    most: usize,
) -> Result<usize, ContractError> {
    if most == 0 || directory.members == 0 {
        return Ok(0);
    }
    let (page, _) = position(directory.members.saturating_sub(1));
    let mut members = roster.page(storage, page);
    let gone = members.split_off(members.len().saturating_sub(most));
    for member in &gone {
        MEMBERS.remove(storage, (roster.run_id, roster.epoch, member.node_id));
        let none = Member { units: 0, ..*member };
        roster.change_units(storage, directory, page, (&none, member.units))?;
        directory.members = directory.members.saturating_sub(1);
    }
    roster.save_page(storage, page, &members);
    if members.is_empty() {
        directory.pages.pop();
    }
    Ok(gone.len())
}
