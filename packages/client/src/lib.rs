//! Typed client of a Modelbond deployment: query, sign, broadcast, confirm, events.
//!
//! What it guarantees:
//! - **Fail-over.** Every read goes to the next endpoint when one is down, slow, answers garbage or
//!   belongs to another chain ([`Client`]). An endpoint is asked for its chain id before it is used.
//! - **Never twice.** A signed transaction has a timeout height and its hash is computed here. After
//!   any doubt about whether a node took it, only the same bytes are sent again, and the hash is
//!   looked up, until it is found or known never to be included ([`Signer`]).
//! - **Consecutive sequences.** One [`Signer`] per key; its clones share one sequence counter.
//! - **Typed errors.** A contract's refusal is [`ClientError::Contract`] with the contract's own
//!   words, wherever the chain wrapped them.
//! - **Bounds.** Answers are read up to a limit, gas is refused above a limit, nothing a node says
//!   makes this crate panic.
//!
//! What it does not guarantee: it is no light client. A node that lies consistently about state is
//! believed; only its chain id, the transactions this crate sent and the heights asked for are
//! checked.

mod block;
mod broadcast;
mod client;
mod confirm;
mod endpoint;
mod error;
pub mod keys;
pub mod messages;
mod network;
mod pool;
mod query;
mod receipt;
mod refusal;
mod sequence;
mod signer;
mod transaction;

pub use block::{Block, BlockEvents, BlockTransaction};
pub use client::Client;
pub use error::{ClientError, Failure};
pub use network::{GasPrice, Network, Settings};
pub use query::{Account, CodeInfo, ContractInfo};
pub use receipt::Receipt;
pub use signer::Signer;
pub use transaction::{Gas, TxOptions};

/// A signing key, see [`keys`].
pub use cosmrs::crypto::secp256k1::SigningKey;
/// A message of a transaction, see [`messages`].
pub use cosmrs::Any;
