//! The HTTP service, `modelbond serve`.
//!
//! It checks, recovers and converts signatures without a chain, and resolves identities with one.
//! What it guarantees:
//! - **No keys.** Nothing here opens the keystore or reads a mnemonic; the [`emitter`] is given the
//!   beacon's key and a paying one by who starts it, the [`keeper`] a paying one; a request can have a round signed
//!   that is due, nothing else.
//! - **Bounds.** Bodies, requests by client, time, connections, memory: [`limits`], [`connection`].
//! - **One form of error.** Every answer that is not a result is a [`problem::Problem`]; only
//!   what is no HTTP at all, or has a head beyond all measure, is answered by the HTTP library.
//! - **An end without loss.** [`shutdown`], [`connection`] and [`server`]: a connection that was
//!   accepted within the client's share, and whose answers are read, is not closed with a request
//!   unanswered.
//! - **A description that is exact.** [`openapi`] lists every status that can come back.

pub mod body;
pub mod chain;
pub mod config;
pub mod connection;
pub mod emitter;
pub mod examples;
pub mod health;
pub mod identities;
pub mod keeper;
pub mod limits;
pub mod metrics;
pub mod observe;
pub mod openapi;
pub mod problem;
pub mod rounds;
pub mod router;
pub mod server;
pub mod shutdown;
pub mod signatures;
pub mod state;

pub use chain::{Chain, Source};
pub use config::{Overrides, Settings};
pub use connection::Peer;
pub use emitter::{Emitter, Target};
pub use keeper::Keeper;
pub use router::router;
pub use server::Server;
pub use state::App;
