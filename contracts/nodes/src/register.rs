//! Machines come into service, and go out of it.

use cosmwasm_std::{
    Addr, DepsMut, Empty, Env, HexBinary, MessageInfo, Response, StdResult, Storage,
};
use modelbond_interface::nodes::{NewKeys, NodeRegistered, NodeRetired};
use modelbond_signature::Registration;

use crate::error::ensure_text;
use crate::keys::announce;
use crate::proof::{ensure_proved, FreshKeys};
use crate::state::{
    epoch_now, node, StoredNode, NEXT_NODE_ID, NEXT_OWNER_ID, NODES, OWNED, OWNER_IDS,
};
use crate::ContractError;

const MAX_CLASS_LENGTH: u64 = 32;

/// The fields of `register_node`.
pub(crate) struct NewNode {
    pub(crate) node_id: u64,
    pub(crate) keys: NewKeys,
    pub(crate) device_class: String,
}

pub(crate) fn register(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    msg: NewNode,
) -> Result<Response, ContractError> {
    let NewNode { node_id, keys, device_class } = msg;
    let expected = NEXT_NODE_ID.load(deps.storage)?;
    if node_id != expected {
        return Err(ContractError::NodeNumber { expected, actual: node_id });
    }
    let in_class = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    let allowed = ("a to z, 0 to 9 and _", in_class);
    ensure_text("device_class", &device_class, (1, MAX_CLASS_LENGTH), allowed)?;
    let fresh = FreshKeys::read(deps.as_ref(), env, &keys)?;
    let statement = Registration {
        node_id,
        owner: info.sender.to_string(),
        attestation_key: fresh.attestation.as_bytes().to_vec(),
        vrf_key: fresh.vrf,
        device_class: device_class.clone(),
    };
    ensure_proved(deps.as_ref(), env, (&keys, &fresh), statement, 0)?;

    let epoch = epoch_now(deps.storage, env)?;
    let from_epoch = announce(deps.storage, node_id, &fresh, epoch)?;
    let stored = StoredNode {
        owner: info.sender.clone(),
        owner_id: owner_id(deps.storage, &info.sender)?,
        device_class: device_class.clone(),
        key_nonce: 1,
        registered_at: env.block.time,
        retired: false,
    };
    NODES.save(deps.storage, node_id, &stored)?;
    OWNED.save(deps.storage, (&info.sender, node_id), &Empty {})?;
    // One step for each transaction: 2⁶⁴ of them will not happen.
    NEXT_NODE_ID.save(deps.storage, &node_id.saturating_add(1))?;

    let event = NodeRegistered {
        node_id,
        owner: info.sender.to_string(),
        attestation_key: fresh.attestation.to_string(),
        vrf_key: HexBinary::from(fresh.vrf).to_hex(),
        from_epoch,
        device_class,
    };
    Ok(Response::new().add_attribute("action", "register_node").add_event(event))
}

/// The number of an owner; a new one for a new owner.
fn owner_id(storage: &mut dyn Storage, owner: &Addr) -> StdResult<u64> {
    if let Some(owner_id) = OWNER_IDS.may_load(storage, owner)? {
        return Ok(owner_id);
    }
    let owner_id = NEXT_OWNER_ID.load(storage)?;
    OWNER_IDS.save(storage, owner, &owner_id)?;
    NEXT_OWNER_ID.save(storage, &owner_id.saturating_add(1))?;
    Ok(owner_id)
}

/// What the node said before stays: it is a member of the next epoch's rosters.
pub(crate) fn retire(
    deps: DepsMut,
    info: &MessageInfo,
    node_id: u64,
) -> Result<Response, ContractError> {
    let stored = node(deps.storage, node_id)?;
    stored.ensure_owner(node_id, &info.sender)?;
    stored.ensure_in_service(node_id)?;

    NODES.save(deps.storage, node_id, &StoredNode { retired: true, ..stored })?;

    let event = NodeRetired { node_id };
    Ok(Response::new().add_attribute("action", "retire_node").add_event(event))
}
