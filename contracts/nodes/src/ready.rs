//! Who is ready: in epoch e a node is written into the roster of e + 1.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use modelbond_interface::nodes::{Member, NodeReady, Readiness, RunTerms};
use sha2::{Digest, Sha256};

use crate::error::{ensure_length, ensure_text};
use crate::keys::{ensure_of_node, keys_in};
use crate::roster::RosterId;
use crate::run::HASH_LENGTH;
use crate::state::{
    epoch_now, node, run, ReadyRuns, StoredMember, MAX_READY_RUNS, MEMBERS, READY_RUNS, RUNS,
    STAKES,
};
use crate::ContractError;

const MAX_BUILD_LENGTH: u64 = 64;
const MAX_ARCH_LENGTH: u64 = 16;

/// Whole units of a stake in a run.
///
/// # Errors
/// Where they are more than a member can have.
pub(crate) fn units(terms: &RunTerms, stake: Uint128) -> Result<u32, ContractError> {
    let units = stake.checked_div(terms.unit_stake).unwrap_or_default();
    u32::try_from(units.u128()).map_err(|_| ContractError::TooManyUnits {
        run_id: terms.run_id,
        units,
        most: u32::MAX,
    })
}

/// The first 4 bytes of sha256(build ‖ 0x00 ‖ architecture), big-endian.
fn class(readiness: &Readiness) -> u32 {
    let Readiness { build, arch, .. } = readiness;
    let hash = Sha256::new().chain_update(build).chain_update([0]).chain_update(arch).finalize();
    hash.first_chunk().copied().map(u32::from_be_bytes).unwrap_or_default()
}

pub(crate) fn ready(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    (run_id, node_id): (u64, u64),
    readiness: Readiness,
) -> Result<Response, ContractError> {
    let terms = run(deps.storage, run_id)?;
    ensure_right(&terms, &readiness)?;
    let epoch = epoch_now(deps.storage, env)?.saturating_add(1);
    let member = member(deps.as_ref(), info, (&terms, epoch), node_id, &readiness)?;
    let mut runs = ready_runs(deps.storage, node_id, &terms, epoch)?;
    if !runs.run_ids.contains(&run_id) {
        if runs.run_ids.len() >= MAX_READY_RUNS {
            return Err(ContractError::TooManyRuns { node_id, epoch, most: MAX_READY_RUNS });
        }
        runs.run_ids.push(run_id);
        READY_RUNS.save(deps.storage, (node_id, &Addr::unchecked(&terms.model)), &runs)?;
    }

    let key = (run_id, epoch, node_id);
    let place = MEMBERS.may_load(deps.storage, key)?.map(|stored| stored.place);
    let place = RosterId { run_id, epoch }.put(deps.storage, place, member)?;
    let Readiness { build, arch, .. } = readiness;
    let stored = StoredMember { place, build, arch };
    MEMBERS.save(deps.storage, key, &stored)?;

    let StoredMember { build, arch, .. } = stored;
    let event = NodeReady { run_id, epoch, node_id, units: member.units, build, arch };
    Ok(Response::new().add_attribute("action", "ready").add_event(event))
}

/// Refuses a node that has another dataset, runs another algorithm, or computes something else.
fn ensure_right(terms: &RunTerms, readiness: &Readiness) -> Result<(), ContractError> {
    let printable = ("printable ASCII", |c| matches!(c, b' '..=b'~'));
    ensure_text("build", &readiness.build, (0, MAX_BUILD_LENGTH), printable)?;
    ensure_text("arch", &readiness.arch, (0, MAX_ARCH_LENGTH), printable)?;
    ensure_length("dataset_root", &readiness.dataset_root, HASH_LENGTH)?;
    ensure_length("algorithm_hash", &readiness.algorithm_hash, HASH_LENGTH)?;
    ensure_length("known_answer", &readiness.known_answer, HASH_LENGTH)?;
    let run_id = terms.run_id;
    if readiness.dataset_root != terms.dataset_root {
        let (expected, actual) = (terms.dataset_root.clone(), readiness.dataset_root.clone());
        return Err(ContractError::WrongDataset { run_id, expected, actual });
    }
    if readiness.algorithm_hash != terms.algorithm_hash {
        let (expected, actual) = (terms.algorithm_hash.clone(), readiness.algorithm_hash.clone());
        return Err(ContractError::WrongAlgorithm { run_id, expected, actual });
    }
    if readiness.known_answer != terms.known_answer {
        let (expected, actual) = (terms.known_answer.clone(), readiness.known_answer.clone());
        return Err(ContractError::WrongAnswer { run_id, expected, actual });
    }
    Ok(())
}

/// The node as a member, if it may be one.
fn member(
    deps: Deps,
    info: &MessageInfo,
    (terms, epoch): (&RunTerms, u64),
    node_id: u64,
    readiness: &Readiness,
) -> Result<Member, ContractError> {
    let stored = node(deps.storage, node_id)?;
    let now = epoch.saturating_sub(1);
    ensure_of_node(deps.storage, (node_id, &stored), now, &info.sender)?;
    stored.ensure_in_service(node_id)?;
    if keys_in(deps.storage, node_id, epoch)?.is_none() {
        return Err(ContractError::NoKeys { node_id, epoch });
    }
    let stake = STAKES.may_load(deps.storage, (&Addr::unchecked(&terms.model), node_id))?;
    let stake = stake.unwrap_or_default().amount;
    let units = units(terms, stake)?;
    if units == 0 {
        let unit_stake = terms.unit_stake;
        return Err(ContractError::NoUnit { node_id, stake, unit_stake });
    }
    Ok(Member { node_id, owner_id: stored.owner_id, units, class: class(readiness) })
}

/// The runs of a model that a node is ready for in an epoch.
fn ready_runs(
    storage: &dyn Storage,
    node_id: u64,
    terms: &RunTerms,
    epoch: u64,
) -> Result<ReadyRuns, ContractError> {
    let runs = READY_RUNS.may_load(storage, (node_id, &Addr::unchecked(&terms.model)))?;
    let runs = runs.filter(|runs| runs.epoch == epoch);
    Ok(runs.unwrap_or(ReadyRuns { epoch, run_ids: vec![] }))
}

/// After a change of a stake: the node's units in the rosters of the next epoch. A smaller stake is
/// never refused.
pub(crate) fn follow_stake(
    storage: &mut dyn Storage,
    (model, node_id): (&Addr, u64),
    epoch_now: u64,
    stake: Uint128,
) -> Result<(), ContractError> {
    let epoch = epoch_now.saturating_add(1);
    let runs = READY_RUNS.may_load(storage, (node_id, model))?.unwrap_or_default();
    if runs.epoch != epoch {
        return Ok(());
    }
    for run_id in runs.run_ids {
        let units = units(&RUNS.load(storage, run_id)?, stake)?;
        RosterId { run_id, epoch }.set_units(storage, node_id, units)?;
    }
    Ok(())
}
