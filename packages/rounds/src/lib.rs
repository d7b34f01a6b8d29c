//! The rules of a training round, and the state that they move.
//!
//! [`Machine`] is the round machine: every transition of a round, over any [`cosmwasm_std::Storage`].
//! It knows no signatures of transactions, no tokens and no other contracts: what it asks of them is the
//! trait [`World`], what it wants done is a list of [`Effect`]s. The contract and the simulation run the
//! same machine.
//!
//! | question | where |
//! |---|---|
//! | which bytes are hashed for what | [`digest`] |
//! | when a phase ends, which beacon round counts | [`clock`] |
//! | who is drawn | [`assign`] |
//! | what answers mean, what a jury decides, when builds disagree | [`verdict`] |
//! | what is paid, what becomes of slashed stakes | [`pay`] |
//! | NPS, P_model and the four metrics | [`metrics`] |
//! | a leaf of a trace | [`merkle`] |
//! | what is stored | [`state`] |
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod assign;
pub mod clock;
pub mod digest;
mod error;
pub mod machine;
pub mod merkle;
pub mod metrics;
mod pack;
pub mod pay;
pub mod state;
pub mod verdict;
mod world;

pub use error::RoundError;
pub use machine::Machine;
pub use world::{Effect, SlashOrder, World};
