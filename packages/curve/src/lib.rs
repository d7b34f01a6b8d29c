//! Integer mathematics of a model's market: curves, multiplier, momentum, limiter, streams.
//!
//! No floats, no chain types, no panics. Money is in base units (u128), supply in token base units
//! (10^-6 token, u128), prices in 10^-18 reserve base units per whole token, times in nanoseconds.
//!
//! | question | where |
//! |---|---|
//! | which curves there are | [`CurveParams`], [`Curve::new`] |
//! | what tokens cost or pay, what money buys | [`Curve::cost`], [`Curve::payout`], [`Curve::tokens_for`] |
//! | the price, and the supply at a price | [`Curve::price`], [`Curve::highest_supply_at`] |
//! | success and its speed | [`multiplier`] |
//! | surcharges and limits | [`momentum`], [`limiter`], [`twap`] |
//! | what becomes available over time | [`stream`] |
//!
//! Proof: `vectors/generate.py` writes exact results and `--example precision` counts violations of
//! every claim on them; `--example laws` does so for what must hold between trades.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod curve;
mod error;
mod exponential;
mod fixed;
pub mod limiter;
mod linear;
pub mod momentum;
pub mod multiplier;
mod params;
mod price;
mod proportion;
mod rate;
mod search;
mod sigmoid;
pub mod stream;
mod tables;
mod transcendental;
pub mod twap;
mod wide;

pub use curve::Curve;
pub use error::CurveError;
pub use fixed::U256;
pub use params::{CurveParams, Kind, MAX_SUPPLY_LIMIT};
pub use proportion::proportion;
pub use rate::{Rate, Rounding};
pub use wide::Wide;

/// One whole token in base units.
pub const TOKEN: u128 = 1_000_000;
