//! The suite: one way to tell a story about a market, on three chains.
//!
//! - [`chain`]: what a chain can do. [`Mock`] is cw-multi-test, [`Bare`] the entry points alone,
//!   [`Devnet`] a real node that dies with its value.
//! - [`builder`] and [`suite`]: a market with named accounts and verbs that return typed events or typed errors.
//! - [`bridge`] and [`beacon`]: the same for the bridge, with people who have keys, and for the beacon, with emitters.
//! - [`nodes`]: the same for the nodes contract, with machines, a training contract that does what it is told, and a token.
//! - [`registry`]: the same for the registry, with all that it belongs to.
//! - [`offers`]: contributions that witnesses of a model in training score.
//! - [`provenance`]: provenance with a registry, and a training contract that does what it is told.
//! - [`deployment`]: all contracts of which there is one, wired as `modelbond deploy` does it.
//! - [`audit`] and [`recorded`]: the event log of a chain, and what contracts answer, for audits.
//! - [`invariants`]: I1–I8, I12 and I13 as checks around every message.
//! - [`walk`]: random and greedy sequences by several actors, checked all along.

pub mod audit;
pub mod bare;
pub mod beacon;
pub mod bridge;
pub mod builder;
pub mod chain;
pub mod deployment;
pub mod devnet;
pub mod invariants;
pub mod market;
pub mod mock;
pub mod nodes;
pub mod offers;
pub mod provenance;
pub mod random;
pub mod receiver;
pub mod recorded;
pub mod registry;
pub mod rewards;
pub mod suite;
pub mod tape;
pub mod training;
pub mod walk;

pub use bare::Bare;
pub use beacon::{Beacon, Emitter};
pub use bridge::{Bridge, Person};
pub use builder::Builder;
pub use chain::{Chain, Contracts, Failure, Outcome, Rewind};
pub use deployment::Deployment;
pub use devnet::Devnet;
pub use mock::Mock;
pub use nodes::{Machine, Nodes};
pub use offers::Offers;
pub use provenance::Provenance;
pub use recorded::Recorded;
pub use registry::Registry;
pub use rewards::Rewards;
pub use suite::{Order, Suite};
pub use training::Training;
