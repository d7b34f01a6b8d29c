//! Training machines: their keys, their stakes, and who is ready for which run.
//!
//! The contract guarantees that a key belongs to one node for ever and was proved by its holder for this
//! node, chain and contract; that the keys which count in an epoch are fixed before the epoch before it
//! begins; that a roster whose epoch has begun never changes; that a stake goes to its owner or, as far as
//! training slashes it, to training, and nowhere else; and that what a round which is not final may slash
//! cannot be withdrawn. Whoever instantiates it is training. It has no owner and no migration, and asks
//! tokens for nothing: stakes are its own ledger, apart for each token, so that no token can touch
//! another one's.
//!
//! `contract` dispatches, `register` takes machines in and out of service, `keys` keeps and `proof`
//! verifies their keys, `stake` stakes, unstakes and pays out, `slash` takes, `run` knows runs, `ready`
//! says who is ready, `roster` writes members in place, `prune` removes old ones, `clock` turns times into
//! epochs, `query` answers, `state` is what is stored.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod clock;
pub mod contract;
mod error;
mod keys;
mod proof;
mod prune;
mod query;
mod ready;
mod register;
mod roster;
mod run;
mod slash;
mod stake;
pub mod state;

pub use error::ContractError;
