//! Training that can be checked: runs, rounds, attestations, pay.
//!
//! The rules and the state are those of `modelbond-rounds`; here they meet the chain: who may send what,
//! signatures, the beacon, the nodes contract, tokens. The contract has no owner and no migration.
//! Nobody takes anything out of it but what a round owes them, and a run's owner what it did not spend.
//! `contract` dispatches, `runs` opens runs and takes tokens, `attest` checks signatures, `world` asks
//! beacon and nodes, `effects` does what the machine wants done, `message` is what it says to others, `query` answers.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod attest;
pub mod contract;
mod effects;
mod error;
mod message;
mod query;
mod runs;
pub mod state;
mod world;

pub use error::ContractError;
