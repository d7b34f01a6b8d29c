//! Who leads, who works, who watches, and who is paid how much: in integers, from verified
//! randomness.
//!
//! | question | where |
//! |---|---|
//! | is this output the only one that this key can have for this message | [`vrf`] |
//! | who leads a round, in proportion to units | [`tickets`] |
//! | who trains, witnesses, audits, judges | [`draw`], over a [`draw::Roster`] |
//! | which part of an amount a digest stands for | [`lottery`] |
//!
//! Guarantees: no floats, no panics, no I/O, no unbounded loop. The same inputs give the same answer
//! on every machine, so that anybody can repeat a draw from public seeds. No module has a source of
//! randomness: seeds and messages are the caller's.
//!
//! With the feature `prover` there is also [`vrf::SecretKey`]. Contracts leave it off.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod draw;
mod fraction;
pub mod lottery;
pub mod tickets;
pub mod vrf;
