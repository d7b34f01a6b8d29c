//! Sharing revenue and rewards to the unit, and counting citations. Pure: no storage, no chain types; amounts are
//! base units.
//!
//! | module | rule |
//! |---|---|
//! | [`h_index`] | an h-index kept in constant time |
//! | [`shares`] | who holds which weight of what accrues: one index, nothing lost |
//! | [`split`] | what of a payment goes where |
//! | [`work`] | segments of the line of work, and what they pay |
//! | [`budget`] | block rewards of an epoch |
//! | [`offer`] | draws and commitments of witnesses |
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod budget;
pub mod h_index;
pub mod offer;
pub mod shares;
pub mod split;
pub mod work;
