//! A node's keys over time: which count when, new ones, and taking those back.
//!
//! Keys that are announced in epoch e count from e + [`KEY_DELAY_EPOCHS`]. One announcement at a time, so
//! at most one entry lies ahead of any epoch, and only that one can go.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, HexBinary, MessageInfo, Order, Response, Storage};
use cw_storage_plus::Bound;
use modelbond_interface::nodes::{
    NewKeys, NodeKeysRotated, NodeRotationCancelled, KEY_DELAY_EPOCHS,
};
use modelbond_signature::KeyRotation;

use crate::proof::{ensure_proved, FreshKeys};
use crate::state::{
    epoch_now, node, StoredKeys, StoredNode, ATTESTATION_KEYS, KEYS, NODES, VRF_KEYS,
};
use crate::ContractError;

/// The keys of a node that count in an epoch, and since when; none if there are none yet.
pub(crate) fn keys_in(
    storage: &dyn Storage,
    node_id: u64,
    epoch: u64,
) -> Result<Option<(u64, StoredKeys)>, ContractError> {
    let until = Some(Bound::inclusive(epoch));
    let mut keys = KEYS.prefix(node_id).range(storage, None, until, Order::Descending);
    Ok(keys.next().transpose()?)
}

/// The keys of a node that do not count yet in an epoch, and from when they do.
pub(crate) fn announced(
    storage: &dyn Storage,
    node_id: u64,
    epoch: u64,
) -> Result<Option<(u64, StoredKeys)>, ContractError> {
    let after = Some(Bound::exclusive(epoch));
    let mut keys = KEYS.prefix(node_id).range(storage, after, None, Order::Ascending);
    Ok(keys.next().transpose()?)
}

/// Refuses who is neither the owner nor the node's own account: that of the keys that count now, or in
/// the next epoch.
pub(crate) fn ensure_of_node(
    storage: &dyn Storage,
    (node_id, node): (u64, &StoredNode),
    epoch: u64,
    sender: &Addr,
) -> Result<(), ContractError> {
    if node.owner == *sender {
        return Ok(());
    }
    for epoch in [epoch, epoch.saturating_add(1)] {
        if keys_in(storage, node_id, epoch)?.is_some_and(|(_, keys)| keys.account == *sender) {
            return Ok(());
        }
    }
    Err(ContractError::NotOfNode { node_id, sender: sender.clone() })
}

/// Stores keys that were announced in `epoch`; the epoch from which they count.
pub(crate) fn announce(
    storage: &mut dyn Storage,
    node_id: u64,
    keys: &FreshKeys,
    epoch: u64,
) -> Result<u64, ContractError> {
    let from_epoch = epoch.saturating_add(KEY_DELAY_EPOCHS);
    KEYS.save(storage, (node_id, from_epoch), &keys.stored())?;
    ATTESTATION_KEYS.save(storage, keys.attestation.as_bytes(), &node_id)?;
    VRF_KEYS.save(storage, &keys.vrf, &node_id)?;
    Ok(from_epoch)
}

pub(crate) fn rotate(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    node_id: u64,
    keys: &NewKeys,
) -> Result<Response, ContractError> {
    let (fresh, stored, epoch) = checked_rotation(deps.as_ref(), env, info, node_id, keys)?;

    let from_epoch = announce(deps.storage, node_id, &fresh, epoch)?;
    let key_nonce = stored.key_nonce.saturating_add(1);
    NODES.save(deps.storage, node_id, &StoredNode { key_nonce, ..stored })?;

    let event = NodeKeysRotated {
        node_id,
        by: info.sender.to_string(),
        attestation_key: fresh.attestation.to_string(),
        vrf_key: HexBinary::from(fresh.vrf).to_hex(),
        from_epoch,
    };
    Ok(Response::new().add_attribute("action", "rotate_keys").add_event(event))
}

fn checked_rotation(
    deps: Deps,
    env: &Env,
    info: &MessageInfo,
    node_id: u64,
    keys: &NewKeys,
) -> Result<(FreshKeys, StoredNode, u64), ContractError> {
    let stored = node(deps.storage, node_id)?;
    let epoch = epoch_now(deps.storage, env)?;
    ensure_of_node(deps.storage, (node_id, &stored), epoch, &info.sender)?;
    if let Some((from_epoch, _)) = announced(deps.storage, node_id, epoch)? {
        return Err(ContractError::KeysAnnounced { node_id, from_epoch });
    }
    let fresh = FreshKeys::read(deps, env, keys)?;
    let statement = KeyRotation {
        node_id,
        owner: stored.owner.to_string(),
        attestation_key: fresh.attestation.as_bytes().to_vec(),
        vrf_key: fresh.vrf,
    };
    ensure_proved(deps, env, (keys, &fresh), statement, stored.key_nonce)?;
    Ok((fresh, stored, epoch))
}

/// Takes announced keys back. Those of the registration stay: they are the node's identity.
pub(crate) fn cancel(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    node_id: u64,
) -> Result<Response, ContractError> {
    let stored = node(deps.storage, node_id)?;
    stored.ensure_owner(node_id, &info.sender)?;
    let epoch = epoch_now(deps.storage, env)?;
    let from_epoch = epoch.saturating_add(KEY_DELAY_EPOCHS);
    if stored.key_nonce <= 1 || !KEYS.has(deps.storage, (node_id, from_epoch)) {
        return Err(ContractError::NoRotation { node_id, epoch });
    }

    KEYS.remove(deps.storage, (node_id, from_epoch));

    let event = NodeRotationCancelled { node_id };
    Ok(Response::new().add_attribute("action", "cancel_rotation").add_event(event))
}
