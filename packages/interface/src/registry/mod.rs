//! The registry: which models there are, what they are for, what they are built on, how they are
//! connected. It opens markets, each at an address that can be known before.

mod events;
mod messages;
mod responses;
mod use_case;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal};

pub use events::*;
pub use messages::*;
pub use responses::*;
pub use use_case::*;

/// Use cases of a model: 1 to so many.
pub const MAX_USE_CASES: usize = 5;
/// Parents of a model, at most.
pub const MAX_PARENTS: usize = 16;
/// What all parents of a model get of its revenue together, at most, in 1/10,000.
pub const MAX_ROYALTY_BPS: u16 = 5_000;

/// Name of the map of [`ModelTerms`], in the registry's storage. Provenance and rewards read it in
/// place, so this layout is an interface: cw-storage-plus `Map<&Addr, ModelTerms>` by market. A record may
/// have more fields than those; readers pass over them.
pub const TERMS: &str = "terms";

/// A parent of a model, and what was agreed.
#[cw_serde]
#[derive(Eq)]
pub struct ParentTerms {
    /// The parent's market.
    pub model: Addr,
    /// What it gets of this model's revenue, in 1/10,000.
    pub royalty_bps: u16,
}

/// What other contracts must know of a model.
#[cw_serde]
#[derive(Eq)]
pub struct ModelTerms {
    /// Who made the model; never changes, and counts for the h-index.
    pub creator: Addr,
    /// Who owns its record, and gets what is left of its revenue.
    pub owner: Addr,
    /// Denom of its market's reserve.
    pub reserve_denom: String,
    /// Block rewards per volume, at most fee × rewards' part of the fee.
    pub reward_rate: Decimal,
    /// What models built on this one must pay it at least, in 1/10,000 of their revenue.
    pub royalty_bps: u16,
    /// What it is built on; never changes.
    pub parents: Vec<ParentTerms>,
}
