//! Recomputes the books of a deployment from its event log alone, and compares them with what its
//! contracts answer. Pure: no network, no files; whoever calls it reads the events and asks the
//! contracts.
//!
//! - [`log`]: an event log and its form in a file.
//! - [`Auditor`]: takes a log entry by entry and keeps [`Books`]. Whatever in the log contradicts
//!   itself (a sum that does not add up, a supply after a trade that is not the supply before it and
//!   the trade, something paid twice, a place that nothing was cut at) is a [`Finding`].
//! - [`state`]: what the contracts answer, asked through the caller's connection to a chain.
//! - [`compare`]: books against answers; every difference is a [`Finding`], too.
//!
//! An auditor believes what was fixed when a contract was made (a market's terms, who is who) and
//! nothing else. Amounts are integers in base units; what a hostile log makes larger than 128 bits is
//! a finding and not a panic.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod actions;
mod auditor;
pub mod compare;
mod crossing;
mod finding;
pub mod log;
pub mod market;
pub mod provenance;
pub mod registry;
pub mod rewards;
pub mod state;
pub mod training;

pub use auditor::{audit, AddressBook, Auditor, Books};
pub use finding::{At, Finding};
pub use log::Entry;
