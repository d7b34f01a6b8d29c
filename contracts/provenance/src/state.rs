//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp};
use cw_storage_plus::Item;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// The registry.
    pub registry: Addr,
    /// Training.
    pub training: Addr,
    /// The beacon.
    pub beacon: Addr,
    /// chainId of the EIP-712 domain of signed contributions.
    pub evm_chain_id: u64,
    /// How long witnesses have to commit, and again to reveal.
    pub witness_secs: u64,
    /// When this contract was made.
    pub made_at: Timestamp,
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");
