//! The registry of models. It opens markets and keeps what connects models; it holds no money, has no
//! owner and no migration.
//!
//! `opening` makes a market at an address that follows from creator and symbol, `terms` holds the rules of
//! what is agreed then, `metadata` those of what is said of a model, `update` and `handing_over` change
//! that and the owner, `connections` keeps the graph and `citations` what the h-index counts of it,
//! `query` answers, `state` is what is stored.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod address;
mod citations;
mod connections;
pub mod contract;
mod error;
mod handing_over;
mod kinds;
mod metadata;
mod opening;
mod query;
pub mod state;
mod terms;
mod update;
mod use_cases;

pub use error::ContractError;
pub use kinds::Kinds;
