//! The rules of a training round, and the state that they move.
//!
//! | question | where |
//! |---|---|
//! | which bytes are hashed for what | [`digest`] |
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod digest;
