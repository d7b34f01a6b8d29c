//! What is stored besides the rounds, which `modelbond_rounds::state` keeps.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp};
use cw_storage_plus::Item;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// The beacon.
    pub beacon: Addr,
    /// The nodes contract; empty until it answered, in the same message.
    pub nodes: Addr,
    /// When epoch 0 began: with the nodes contract, in the same block.
    pub started_at: Timestamp,
    /// Length of an epoch.
    pub epoch_secs: u64,
    /// How long unstaked tokens stay.
    pub unbonding_secs: u64,
    /// chainId of the EIP-712 domain of attestations.
    pub evm_chain_id: u64,
    /// Mints contributions.
    pub provenance: Addr,
    /// Pays operators for accepted work.
    pub rewards: Addr,
}

impl Config {
    /// For messages that ask nothing of other contracts.
    pub(crate) fn unknown() -> Self {
        Self {
            beacon: Addr::unchecked(""),
            nodes: Addr::unchecked(""),
            started_at: Timestamp::default(),
            epoch_secs: 0,
            unbonding_secs: 0,
            evm_chain_id: 0,
            provenance: Addr::unchecked(""),
            rewards: Addr::unchecked(""),
        }
    }
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");
