//! Who is who across two kinds of keys.
//!
//! The contract guarantees that two addresses are linked only when both have signed for it, that
//! an address has at most one link, and that no signature is good for anything twice: each is
//! bound to the chain, this contract, its purpose, a nonce and an expiry. It holds no money, has no
//! owner and no migration. `contract` dispatches, `identity` links and unlinks, `query` answers,
//! `state` is what is stored.
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
mod identity;
mod proof;
mod query;
pub mod state;

pub use error::ContractError;
