//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Addr;
use cw_storage_plus::Item;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// The registry.
    pub registry: Addr,
    /// Training.
    pub training: Addr,
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");
