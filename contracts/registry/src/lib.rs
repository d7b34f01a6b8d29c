//! The registry of models. It opens markets and keeps what connects models; it holds no money, has no
//! owner and no migration.
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
pub mod state;

pub use error::ContractError;
