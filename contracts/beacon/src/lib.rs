//! Public randomness that anyone can check.
//!
//! The contract guarantees that every round it keeps was signed by the key of its source (I9), that
//! a round is accepted neither before its time nor twice, and that which round answers for a time
//! follows from that time alone: nobody names a round. There is at most one switch of the source,
//! from a central one to a public network named at instantiation, announced so long ahead that no
//! answer changes for which somebody may already wait. It holds no money, has no migration, and its
//! owner can announce that switch and nothing else.
//!
//! What is stored is bounded: a round is stored at most once, not before its time and not from
//! before the beacon's start, so there is at most one for each period that has passed; each costs
//! its sender a verified signature; and anyone removes what is older than the retention.
//!
//! `contract` dispatches, `round` takes and removes rounds, `switch` announces, `source` reads
//! sources, `grid` turns times into round numbers, `signature` verifies, `query` answers, `state`
//! is what is stored.
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
pub mod grid;
mod query;
mod round;
pub mod signature;
pub mod source;
pub mod state;
mod switch;

pub use error::ContractError;
