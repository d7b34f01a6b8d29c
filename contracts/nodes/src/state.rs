//! What is stored. The names of [`DIRECTORIES`] and [`PAGES`] are the interface's: training reads them in
//! place.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Deps, Empty, Env, Storage, Timestamp, Uint128};
use cw_storage_plus::{Item, Map};
use modelbond_interface::nodes::{self, Directory, RunTerms, Unbonding};

use crate::clock::Clock;
use crate::ContractError;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// Who made the contract.
    pub training: Addr,
    /// When epoch 0 began.
    pub started_at: Timestamp,
    /// Length of an epoch.
    pub epoch_secs: u64,
    /// How long unstaked tokens stay.
    pub unbonding_secs: u64,
    /// chainId of the EIP-712 domain of key proofs.
    pub evm_chain_id: u64,
}

impl Config {
    /// When epochs are.
    pub(crate) fn clock(&self) -> Clock {
        Clock { started_at: self.started_at, epoch_secs: self.epoch_secs }
    }

    /// The epoch of a time.
    pub(crate) fn epoch(&self, at: Timestamp) -> Result<u64, ContractError> {
        let started_at = self.started_at;
        self.clock().epoch(at).ok_or(ContractError::BeforeStart { at, started_at })
    }
}

/// The epoch of this block.
pub(crate) fn epoch_now(storage: &dyn Storage, env: &Env) -> Result<u64, ContractError> {
    CONFIG.load(storage)?.epoch(env.block.time)
}

/// A node. Owner, class and time of registration never change.
#[cw_serde]
pub struct StoredNode {
    /// Its owner.
    pub owner: Addr,
    /// The owner's number.
    pub owner_id: u64,
    /// Class of the machine.
    pub device_class: String,
    /// How often it announced keys, those taken back included; grows only.
    pub key_nonce: u64,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Set once, for ever.
    pub retired: bool,
}

impl StoredNode {
    /// Refuses who is not the owner.
    pub(crate) fn ensure_owner(&self, node_id: u64, sender: &Addr) -> Result<(), ContractError> {
        if self.owner == *sender {
            return Ok(());
        }
        let (owner, sender) = (self.owner.clone(), sender.clone());
        Err(ContractError::NotOwner { node_id, owner, sender })
    }

    /// Refuses a retired node.
    pub(crate) fn ensure_in_service(&self, node_id: u64) -> Result<(), ContractError> {
        if self.retired {
            return Err(ContractError::Retired { node_id });
        }
        Ok(())
    }
}

/// A node that must be there.
pub(crate) fn node(storage: &dyn Storage, node_id: u64) -> Result<StoredNode, ContractError> {
    NODES.may_load(storage, node_id)?.ok_or(ContractError::UnknownNode { node_id })
}

/// A run that must be there.
pub(crate) fn run(storage: &dyn Storage, run_id: u64) -> Result<RunTerms, ContractError> {
    RUNS.may_load(storage, run_id)?.ok_or(ContractError::UnknownRun { run_id })
}

/// The oldest epoch whose rosters a round of this model that is not final may still draw from.
pub(crate) fn pinned(
    deps: Deps,
    training: &Addr,
    model: &str,
) -> Result<Option<u64>, ContractError> {
    use modelbond_interface::training::{PinnedResponse, QueryMsg};
    let query = QueryMsg::Pinned { model: model.to_owned() };
    let answer: PinnedResponse = deps.querier.query_wasm_smart(training, &query)?;
    Ok(answer.epoch)
}

/// Keys of a node. Never change.
#[cw_serde]
pub struct StoredKeys {
    /// 33 bytes.
    pub attestation_key: Binary,
    /// 32 bytes.
    pub vrf_key: Binary,
    /// Cosmos address of the attestation key.
    pub account: Addr,
}

/// A node's stake of a model.
#[cw_serde]
#[derive(Default)]
pub struct StoredStake {
    /// Tokens that count.
    pub amount: Uint128,
    /// Everything that was ever taken; grows only.
    pub slashed: Uint128,
    /// Tokens that are being unstaked, oldest first; at most [`crate::state::MAX_UNBONDINGS`].
    pub unbondings: Vec<Unbonding>,
}

/// Unbondings of a stake, at most.
pub const MAX_UNBONDINGS: usize = 16;

/// Runs of a model that a node is ready for.
#[cw_serde]
#[derive(Default)]
pub struct ReadyRuns {
    /// The epoch it is ready in.
    pub epoch: u64,
    /// The runs, at most [`crate::state::MAX_READY_RUNS`].
    pub run_ids: Vec<u64>,
}

/// Runs of a model that a node may be ready for in an epoch: each change of its stake writes them all.
pub const MAX_READY_RUNS: usize = 8;

/// Where a member is in its roster, and what it declared.
#[cw_serde]
pub struct StoredMember {
    /// From 0; page and slot follow from it.
    pub place: u32,
    /// The build it declared.
    pub build: String,
    /// The architecture it declared.
    pub arch: String,
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");

/// Number of the next node, from 1. Grows with `register_node`.
pub const NEXT_NODE_ID: Item<u64> = Item::new("next_node_id");

/// Number of the next owner, from 1. Grows with somebody's first `register_node`.
pub const NEXT_OWNER_ID: Item<u64> = Item::new("next_owner_id");

/// Owner → number. Appears with the first node of an owner, never goes.
pub const OWNER_IDS: Map<&Addr, u64> = Map::new("owner_ids");

/// Node → what it is. Appears with `register_node`, never goes.
pub const NODES: Map<u64, StoredNode> = Map::new("nodes");

/// Owner, node → nothing: the owner's nodes. Together with [`NODES`].
pub const OWNED: Map<(&Addr, u64), Empty> = Map::new("owned");

/// Node, epoch from which they count → keys. Appears with `register_node` and `rotate_keys`, goes with
/// `cancel_rotation`. Those that count in epoch e are the last ones up to e.
pub const KEYS: Map<(u64, u64), StoredKeys> = Map::new("keys");

/// Attestation key → the node for which it was announced. Never goes, also not when it was taken back.
pub const ATTESTATION_KEYS: Map<&[u8], u64> = Map::new("attestation_keys");

/// VRF key → the node for which it was announced. Never goes.
pub const VRF_KEYS: Map<&[u8], u64> = Map::new("vrf_keys");

/// Model, node → stake. Appears with the first stake, never goes: it remembers what was slashed.
pub const STAKES: Map<(&Addr, u64), StoredStake> = Map::new("stakes");

/// Model → all stakes and unbondings of it: what the contract owes in this token. Never goes.
pub const TOTALS: Map<&Addr, Uint128> = Map::new("totals");

/// Run → its terms; the model is a valid address. Appears with `set_run`, never goes.
pub const RUNS: Map<u64, RunTerms> = Map::new("runs");

/// Node, model → the runs that it is ready for. Appears with `ready`; replaced in later epochs.
pub const READY_RUNS: Map<(u64, &Addr), ReadyRuns> = Map::new("ready_runs");

/// Run, epoch → where the roster's units are. Appears with the first `ready`, changes until the epoch
/// begins, goes with `prune`.
pub const DIRECTORIES: Map<(u64, u64), Directory> = Map::new(nodes::DIRECTORIES);

/// Run, epoch, page → members as raw bytes, not JSON: only its keys are used. As [`DIRECTORIES`].
pub const PAGES: Map<(u64, u64, u32), Empty> = Map::new(nodes::PAGES);

/// Run, epoch, node → where it is in the roster. As [`DIRECTORIES`].
pub const MEMBERS: Map<(u64, u64, u64), StoredMember> = Map::new("members");

/// Run, epoch, owner's number → the owner's units in the roster; none for 0. As [`DIRECTORIES`].
pub const OWNER_UNITS: Map<(u64, u64, u64), u64> = Map::new("owner_units");
