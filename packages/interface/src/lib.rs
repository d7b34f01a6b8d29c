//! What Modelbond's contracts say to each other and to the world: messages, responses and
//! typed events. No behaviour lives here, so that clients need no contract crate.
//!
//! Units, unless a field says otherwise: token amounts in base units (10⁻⁶ token), reserve
//! amounts in base units of the market's `reserve_denom`, prices in reserve base units per
//! *whole* token, `_bps` in 1/10,000, `_secs` in seconds, `Timestamp` in nanoseconds since 1970.

mod apart;
pub mod beacon;
pub mod bridge;
pub mod event;
pub mod hash;
pub mod market;
pub mod nodes;
pub mod provenance;
pub mod registry;
pub mod rewards;
pub mod training;
