//! Answers of the nodes contract.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, HexBinary, Timestamp, Uint128};

use super::{Directory, Member, RunTerms};

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// The only one that may slash.
    pub training: Addr,
    /// When epoch 0 began.
    pub started_at: Timestamp,
    /// Length of an epoch.
    pub epoch_secs: u64,
    /// How long unstaked tokens stay.
    pub unbonding_secs: u64,
    /// chainId of the EIP-712 domain of key proofs.
    pub evm_chain_id: u64,
    /// Number that the next node gets.
    pub next_node_id: u64,
}

/// Answer to `epoch`.
#[cw_serde]
pub struct EpochResponse {
    /// Its number.
    pub epoch: u64,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When the next one begins.
    pub ends_at: Timestamp,
}

/// Keys of a node.
#[cw_serde]
pub struct Keys {
    /// Since which epoch they count, or from which.
    pub from_epoch: u64,
    /// secp256k1, compressed, 33 bytes.
    pub attestation_key: Binary,
    /// RFC 9381 suite 3, 32 bytes.
    pub vrf_key: HexBinary,
    /// Cosmos address of the attestation key: the node's own account.
    pub account: Addr,
}

/// A node.
#[cw_serde]
pub struct Node {
    /// Its number.
    pub node_id: u64,
    /// Its owner.
    pub owner: Addr,
    /// Class of the machine, self-reported.
    pub device_class: String,
    /// The keys that count now; none in its first epochs.
    pub keys: Option<Keys>,
    /// Keys that were announced.
    pub announced: Option<Keys>,
    /// How often it announced keys: the nonce of the next proof.
    pub key_nonce: u64,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Whether it is out of service for ever.
    pub retired: bool,
}

/// Answer to `node`.
#[cw_serde]
pub struct NodeResponse {
    /// The node, if there is one.
    pub node: Option<Node>,
}

/// Answer to `nodes`.
#[cw_serde]
pub struct NodesResponse {
    /// By number, ascending.
    pub nodes: Vec<Node>,
}

/// A node with its keys of an epoch.
#[cw_serde]
pub struct NodeKeys {
    /// The node.
    pub node_id: u64,
    /// Its owner.
    pub owner: Addr,
    /// Class of the machine, self-reported.
    pub device_class: String,
    /// The keys that count in that epoch.
    pub keys: Keys,
}

/// Answer to `keys`.
#[cw_serde]
pub struct KeysResponse {
    /// In the order asked for.
    pub nodes: Vec<NodeKeys>,
}

/// Tokens that are being unstaked.
#[cw_serde]
pub struct Unbonding {
    /// Tokens.
    pub amount: Uint128,
    /// When they can be withdrawn, unless a round is late.
    pub unbonds_at: Timestamp,
    /// The epoch in which it began: rosters of later epochs than the next do not count them.
    pub epoch: u64,
}

/// Answer to `stake`.
#[cw_serde]
pub struct StakeResponse {
    /// Tokens that count.
    pub amount: Uint128,
    /// Tokens that are being unstaked, oldest first.
    pub unbondings: Vec<Unbonding>,
    /// Everything that was ever taken.
    pub slashed: Uint128,
}

/// A node's stake.
#[cw_serde]
pub struct NodeStake {
    /// The node.
    pub node_id: u64,
    /// Its owner.
    pub owner: Addr,
    /// Tokens that count.
    pub amount: Uint128,
}

/// Answer to `stakes`.
#[cw_serde]
pub struct StakesResponse {
    /// By node, ascending.
    pub stakes: Vec<NodeStake>,
}

/// Answer to `run`.
#[cw_serde]
pub struct RunResponse {
    /// The run, if it is known.
    pub terms: Option<RunTerms>,
}

/// Answer to `roster`.
#[cw_serde]
pub struct RosterResponse {
    /// The roster's directory.
    pub directory: Directory,
    /// Whether its epoch has begun: nothing of it changes any more.
    pub complete: bool,
}

/// A member, readable.
#[cw_serde]
pub struct MemberInfo {
    /// Who.
    pub member: Member,
    /// The owner's address.
    pub owner: Addr,
    /// The build it declared.
    pub build: String,
    /// The architecture it declared.
    pub arch: String,
}

/// Answer to `members`.
#[cw_serde]
pub struct MembersResponse {
    /// In the roster's order.
    pub members: Vec<MemberInfo>,
}
