//! Block rewards of operators. It spends a market's rewards ledger on the market's own curve, and pays
//! nobody but operators; there is no owner and no migration.
//!
//! What it holds of a model's tokens is a ledger of its own: tokens that somebody sends here belong to
//! nobody, and change nothing.
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
mod pay;
mod query;
mod settle;
pub mod state;
mod world;

pub use error::ContractError;
