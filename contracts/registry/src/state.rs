//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, HexBinary};
use cw_storage_plus::Item;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// Training.
    pub training: Addr,
    /// Rewards.
    pub rewards: Addr,
    /// Provenance.
    pub provenance: Addr,
    /// Code of markets.
    pub market_code_id: u64,
    /// SHA-256 of that code.
    pub market_checksum: HexBinary,
    /// What opening a model costs.
    pub fee: Coin,
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");
