//! Contributions as NFTs that earn when a model is used. Nobody takes money out of it but those whose it
//! is; there is no owner and no migration.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod contract;
mod error;
pub mod h_index;
pub mod mint;
pub mod pack;
mod revenue;
pub mod state;
mod uses;
pub mod world;

pub use error::ContractError;
