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
//! What it cannot see, because neither a sum nor an answer depends on it:
//!
//! | not seen | because |
//! |---|---|
//! | who bought, who funded a reserve, what was refunded, a payment's memo | between the bank and them; of traders an epoch knows how many |
//! | a report of metrics, or a settlement of an epoch, that moved nothing and was not the last, left out as a whole | nothing follows from it |
//! | transfers of nothing or to oneself, allowances of nothing, emissions of nothing | the same |
//! | the order of events of one transaction that do not depend on each other | the same |
//! | which round a claim is of, while the other one still owes as much | claims do not say for which seat |
//! | who did which work in a round | it is not money until the round is settled |
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
