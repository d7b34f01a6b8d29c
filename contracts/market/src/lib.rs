//! A model's token that is its own bonding curve (paper, eq. 3–5).
//!
//! The contract guarantees that its reserve is always there: no message lowers the backing
//! B = reserve ÷ integral of the curve, nobody is an administrator of anyone's money, and after
//! the lock-up every holder can leave. `entry` reads messages, `contract` dispatches, `execute`, `token` and `query`
//! handle, `session` brings the market to the block's time, `trade` holds the rules of buying
//! and selling without any storage, `state` is what is stored.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod amount;
pub mod contract;
mod emission;
#[cfg(not(feature = "library"))]
pub mod entry;
mod error;
mod execute;
mod layout;
mod observe;
mod opening;
mod parameters;
mod query;
mod record;
mod session;
pub mod state;
mod token;
mod trade;
mod vesting;

pub use error::ContractError;
