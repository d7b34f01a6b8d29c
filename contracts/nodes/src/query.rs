//! Answers.

use cosmwasm_std::{Addr, Deps, Env, HexBinary, Order, Timestamp};
use cw_storage_plus::Bound;
use modelbond_interface::nodes::{
    ConfigResponse, EpochResponse, Keys, KeysResponse, Member, MemberInfo, MembersResponse, Node,
    NodeKeys, NodeResponse, NodeStake, NodesResponse, RosterResponse, RunResponse, StakeResponse,
    StakesResponse,
};

use crate::error::ensure_bounds;
use crate::keys::{announced, keys_in};
use crate::roster::{position, RosterId};
use crate::state::{
    epoch_now, node as stored_node, StoredKeys, StoredNode, CONFIG, MEMBERS, NEXT_NODE_ID, NODES,
    OWNED, RUNS, STAKES,
};
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;
/// Nodes whose keys can be asked for at once.
const MAX_KEYS: u64 = 128;

/// How many things are listed.
pub(crate) fn page_size(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default()
}

pub(crate) fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        training: config.training,
        started_at: config.started_at,
        epoch_secs: config.epoch_secs,
        unbonding_secs: config.unbonding_secs,
        evm_chain_id: config.evm_chain_id,
        next_node_id: NEXT_NODE_ID.load(deps.storage)?,
    })
}

pub(crate) fn epoch(
    deps: Deps,
    env: &Env,
    at: Option<Timestamp>,
) -> Result<EpochResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let at = at.unwrap_or(env.block.time);
    let epoch = config.epoch(at)?;
    let time = |epoch| config.clock().starts_at(epoch).ok_or(ContractError::EndOfTime { at });
    let (starts_at, ends_at) = (time(epoch)?, time(epoch.saturating_add(1))?);
    Ok(EpochResponse { epoch, starts_at, ends_at })
}

pub(crate) fn node(deps: Deps, env: &Env, node_id: u64) -> Result<NodeResponse, ContractError> {
    let epoch = epoch_now(deps.storage, env)?;
    let stored = NODES.may_load(deps.storage, node_id)?;
    let node = stored.map(|stored| shown(deps, node_id, stored, epoch)).transpose()?;
    Ok(NodeResponse { node })
}

pub(crate) fn nodes(
    deps: Deps,
    env: &Env,
    owner: Option<String>,
    (start_after, limit): (Option<u64>, Option<u32>),
) -> Result<NodesResponse, ContractError> {
    let epoch = epoch_now(deps.storage, env)?;
    let start = start_after.map(Bound::exclusive);
    let node_ids: Vec<u64> = match owner {
        Some(owner) => {
            let owner = deps.api.addr_validate(&owner)?;
            let owned = OWNED.prefix(&owner).keys(deps.storage, start, None, Order::Ascending);
            owned.take(page_size(limit)).collect::<Result<_, _>>()?
        }
        None => NODES
            .keys(deps.storage, start, None, Order::Ascending)
            .take(page_size(limit))
            .collect::<Result<_, _>>()?,
    };
    let nodes = node_ids
        .into_iter()
        .map(|node_id| shown(deps, node_id, stored_node(deps.storage, node_id)?, epoch))
        .collect::<Result<_, ContractError>>()?;
    Ok(NodesResponse { nodes })
}

fn shown(deps: Deps, node_id: u64, stored: StoredNode, epoch: u64) -> Result<Node, ContractError> {
    Ok(Node {
        node_id,
        owner: stored.owner,
        device_class: stored.device_class,
        keys: keys_in(deps.storage, node_id, epoch)?.map(shown_keys),
        announced: announced(deps.storage, node_id, epoch)?.map(shown_keys),
        key_nonce: stored.key_nonce,
        registered_at: stored.registered_at,
        retired: stored.retired,
    })
}

fn shown_keys((from_epoch, keys): (u64, StoredKeys)) -> Keys {
    Keys {
        from_epoch,
        attestation_key: keys.attestation_key,
        vrf_key: HexBinary::from(keys.vrf_key),
        account: keys.account,
    }
}

/// Those of epochs up to the next one are fixed; announcements can still change later ones.
pub(crate) fn keys(
    deps: Deps,
    epoch: u64,
    node_ids: &[u64],
) -> Result<KeysResponse, ContractError> {
    let asked = u64::try_from(node_ids.len()).unwrap_or(u64::MAX);
    ensure_bounds("node_ids", asked, 0, MAX_KEYS)?;
    let nodes = node_ids
        .iter()
        .map(|node_id| {
            let node_id = *node_id;
            let stored = stored_node(deps.storage, node_id)?;
            let keys = keys_in(deps.storage, node_id, epoch)?;
            let keys = shown_keys(keys.ok_or(ContractError::NoKeys { node_id, epoch })?);
            let StoredNode { owner, device_class, .. } = stored;
            Ok(NodeKeys { node_id, owner, device_class, keys })
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(KeysResponse { nodes })
}

pub(crate) fn stake(deps: Deps, model: &str, node_id: u64) -> Result<StakeResponse, ContractError> {
    let model = deps.api.addr_validate(model)?;
    let stake = STAKES.may_load(deps.storage, (&model, node_id))?.unwrap_or_default();
    Ok(StakeResponse { amount: stake.amount, unbondings: stake.unbondings, slashed: stake.slashed })
}

pub(crate) fn stakes(
    deps: Deps,
    model: &str,
    (start_after, limit): (Option<u64>, Option<u32>),
) -> Result<StakesResponse, ContractError> {
    let model: Addr = deps.api.addr_validate(model)?;
    let stakes = STAKES
        .prefix(&model)
        .range(deps.storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_size(limit))
        .map(|entry| {
            let (node_id, stake) = entry?;
            let owner = stored_node(deps.storage, node_id)?.owner;
            Ok(NodeStake { node_id, owner, amount: stake.amount })
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(StakesResponse { stakes })
}

pub(crate) fn run(deps: Deps, run_id: u64) -> Result<RunResponse, ContractError> {
    Ok(RunResponse { terms: RUNS.may_load(deps.storage, run_id)? })
}

pub(crate) fn roster(
    deps: Deps,
    env: &Env,
    (run_id, epoch): (u64, u64),
) -> Result<RosterResponse, ContractError> {
    let directory = RosterId { run_id, epoch }.directory(deps.storage)?;
    Ok(RosterResponse { directory, complete: epoch <= epoch_now(deps.storage, env)? })
}

pub(crate) fn members(
    deps: Deps,
    (run_id, epoch): (u64, u64),
    (skip, limit): (Option<u32>, Option<u32>),
) -> Result<MembersResponse, ContractError> {
    let roster = RosterId { run_id, epoch };
    let (page, slot) = position(skip.unwrap_or_default());
    // A page has more members than a list, so that two hold them all.
    let members = [page, page.saturating_add(1)]
        .into_iter()
        .flat_map(|page| roster.page(deps.storage, page))
        .skip(slot)
        .take(page_size(limit))
        .map(|member| info(deps, roster, member))
        .collect::<Result<_, _>>()?;
    Ok(MembersResponse { members })
}

fn info(deps: Deps, roster: RosterId, member: Member) -> Result<MemberInfo, ContractError> {
    let stored = MEMBERS.load(deps.storage, (roster.run_id, roster.epoch, member.node_id))?;
    let owner = stored_node(deps.storage, member.node_id)?.owner;
    Ok(MemberInfo { member, owner, build: stored.build, arch: stored.arch })
}
