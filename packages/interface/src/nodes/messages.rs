//! Messages and queries of the nodes contract.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, HexBinary, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;

use super::{
    ConfigResponse, EpochResponse, KeysResponse, MembersResponse, NodeResponse, NodesResponse,
    RosterResponse, RunResponse, StakeResponse, StakesResponse,
};
use crate::bridge::Proof;

/// Makes the contract. Whoever does is its training contract: the only one that may slash and open
/// rosters. Nothing of this can be changed.
#[cw_serde]
pub struct InstantiateMsg {
    /// Length of an epoch, 5 seconds to 7 days.
    pub epoch_secs: u64,
    /// How long unstaked tokens stay, 2 epochs to 1 year. They can be slashed meanwhile.
    pub unbonding_secs: u64,
    /// chainId of the EIP-712 domain of key proofs.
    pub evm_chain_id: u64,
}

/// New keys of a node, with the proof that it has them.
#[cw_serde]
pub struct NewKeys {
    /// secp256k1, compressed, 33 bytes. Signs attestations; its Cosmos address may send the node's
    /// messages. A key can be announced once in the life of the contract.
    pub attestation_key: Binary,
    /// RFC 9381 suite 3, 32 bytes. Once, too.
    pub vrf_key: HexBinary,
    /// Signature by the new attestation key, in any scheme: over a `Registration` (`register_node`)
    /// or a `KeyRotation` (`rotate_keys`), with the number of times the node has announced keys
    /// before as the nonce.
    pub proof: Proof,
    /// Until when the proof is valid, at most 7 days ahead.
    pub expires_at: Timestamp,
}

/// What a node that is ready says.
#[cw_serde]
pub struct Readiness {
    /// Root of the run's dataset, which it holds; 32 bytes.
    pub dataset_root: HexBinary,
    /// The run's algorithm, which it can run; 32 bytes.
    pub algorithm_hash: HexBinary,
    /// Its answer to the run's known question; 32 bytes.
    pub known_answer: HexBinary,
    /// Which build of the program it runs, at most 64 bytes of printable ASCII.
    pub build: String,
    /// Architecture, such as `aarch64`, at most 16 bytes.
    pub arch: String,
}

/// A run as nodes must know it. From training.
#[cw_serde]
pub struct RunTerms {
    /// The run.
    pub run_id: u64,
    /// Market (and cw20) of the model; stakes are in its tokens.
    pub model: String,
    /// Tokens of one unit, in base units; not 0.
    pub unit_stake: Uint128,
    /// Root of the dataset, 32 bytes.
    pub dataset_root: HexBinary,
    /// The algorithm, 32 bytes.
    pub algorithm_hash: HexBinary,
    /// What a node that computes right answers, 32 bytes.
    pub known_answer: HexBinary,
}

/// What is taken from whom.
#[cw_serde]
pub struct Slash {
    /// Node.
    pub node_id: u64,
    /// Part of its stake of the model, unbonding tokens included, in 1/10,000.
    pub bps: u16,
}

/// Messages. No coins may be attached to any of them.
#[cw_serde]
pub enum ExecuteMsg {
    /// Registers a node of the sender, who is its owner for ever. Its keys count
    /// [`super::KEY_DELAY_EPOCHS`] epochs later.
    RegisterNode {
        /// Must be the next free number, `next_node_id` of `config`: it is part of the proof.
        node_id: u64,
        /// Its keys.
        keys: NewKeys,
        /// Class of the machine, such as `jetson_orin`: 1 to 32 of `a`–`z`, `0`–`9` and `_`. Self-reported.
        device_class: String,
    },
    /// Announces new keys. By the owner or the node's own account. They count
    /// [`super::KEY_DELAY_EPOCHS`] epochs later; one announcement at a time.
    RotateKeys {
        /// The node.
        node_id: u64,
        /// Its new keys.
        keys: NewKeys,
    },
    /// Takes announced keys back, in the epoch in which they were announced. By the owner.
    CancelRotation {
        /// The node.
        node_id: u64,
    },
    /// Takes the node out of service for ever: it can no longer say that it is ready, nor stake more.
    /// Stakes stay until they are unstaked. By the owner.
    RetireNode {
        /// The node.
        node_id: u64,
    },
    /// Says that the node is ready for a run in the next epoch. By the owner or the node's own
    /// account. Again in the same epoch replaces what was said.
    Ready {
        /// The run.
        run_id: u64,
        /// The node.
        node_id: u64,
        /// What it says.
        readiness: Readiness,
    },
    /// cw20's way to stake: `send` model tokens with a [`ReceiveMsg`].
    Receive(Cw20ReceiveMsg),
    /// Starts to unstake. By the owner. The units leave the roster of the next epoch at once; the
    /// tokens can be withdrawn after `unbonding_secs`.
    Unstake {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
        /// Tokens, at most the stake. At most 16 unbondings of a stake at a time.
        amount: Uint128,
    },
    /// Pays out what has unbonded, to the owner. Anyone may send it. Tokens that a round which is not
    /// final could still slash stay.
    Withdraw {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
    },
    /// Makes a run known, or changes its algorithm and known answer; model and unit stay. Only
    /// training.
    SetRun {
        /// The run.
        terms: RunTerms,
    },
    /// Takes parts of stakes and sends them to training. Only training. Response data: [`SlashData`].
    Slash {
        /// The model.
        model: String,
        /// From whom, at most 16.
        items: Vec<Slash>,
    },
    /// Removes an old roster of a run, which no round uses and none can: of an epoch before the one
    /// that is over. Anyone may send it, again until nothing is left.
    Prune {
        /// The run.
        run_id: u64,
        /// The roster's epoch.
        epoch: u64,
        /// How many members at most, 10 by default, at most 30.
        limit: Option<u32>,
    },
}

/// Message inside cw20's `send`.
#[cw_serde]
pub enum ReceiveMsg {
    /// Stakes what was sent. By the owner.
    Stake {
        /// The node.
        node_id: u64,
    },
}

/// Response data of `slash`.
#[cw_serde]
pub struct SlashData {
    /// What was taken, in the order of the items.
    pub amounts: Vec<Uint128>,
    /// Their sum, which was sent.
    pub total: Uint128,
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What was fixed at instantiation, and the next number.
    #[returns(ConfigResponse)]
    Config {},
    /// The epoch now, or at a time.
    #[returns(EpochResponse)]
    Epoch {
        /// Now by default.
        at: Option<Timestamp>,
    },
    /// A node.
    #[returns(NodeResponse)]
    Node {
        /// Its number.
        node_id: u64,
    },
    /// Nodes by number, ascending; all or those of one owner.
    #[returns(NodesResponse)]
    Nodes {
        /// Only this owner's.
        owner: Option<String>,
        /// Number after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The keys of nodes that count in an epoch, in the order asked for. Refused for a node that has
    /// none yet.
    #[returns(KeysResponse)]
    Keys {
        /// The epoch.
        epoch: u64,
        /// At most 128.
        node_ids: Vec<u64>,
    },
    /// A node's stake of a model, and what unbonds of it.
    #[returns(StakeResponse)]
    Stake {
        /// The model.
        model: String,
        /// The node.
        node_id: u64,
    },
    /// Stakes of a model, by node, ascending.
    #[returns(StakesResponse)]
    Stakes {
        /// The model.
        model: String,
        /// Node after which to start.
        start_after: Option<u64>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// A run as nodes know it.
    #[returns(RunResponse)]
    Run {
        /// The run.
        run_id: u64,
    },
    /// A roster's directory; an empty one where nobody was ready.
    #[returns(RosterResponse)]
    Roster {
        /// The run.
        run_id: u64,
        /// The epoch.
        epoch: u64,
    },
    /// Members of a roster, in its order.
    #[returns(MembersResponse)]
    Members {
        /// The run.
        run_id: u64,
        /// The epoch.
        epoch: u64,
        /// How many members to leave out; 0 by default.
        skip: Option<u32>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
}
