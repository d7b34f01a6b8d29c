//! What can go wrong in the bridge. Every variant carries what says why.

use cosmwasm_std::{Addr, StdError};
use cw_utils::PaymentError;
use modelbond_signature::{Scheme, SignatureError};
use thiserror::Error;

/// Why a message was refused.
#[derive(Error, Debug, PartialEq)]
#[allow(missing_docs)] // the messages are the documentation
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Payment(#[from] PaymentError),

    #[error("{field}: {source}")]
    Input { field: &'static str, source: SignatureError },
    #[error("the proof of the {side} side: {source}")]
    Proof { side: &'static str, source: SignatureError },
    #[error("the proof of the {side} side cannot be {scheme}: use {allowed}")]
    Scheme { side: &'static str, scheme: Scheme, allowed: &'static str },
    #[error("the nonce is {actual}, the next one of {cosmos_address} is {expected}: sign again")]
    Nonce { cosmos_address: String, expected: u64, actual: u64 },

    #[error(
        "expires_at is {expires_at}, at most {latest} is accepted now: sign with a nearer expiry"
    )]
    ExpiresTooLate { expires_at: u64, latest: u64 },

    #[error("{eth_address} is linked with {cosmos_address}: unlink it first")]
    EthLinked { eth_address: String, cosmos_address: String },
    #[error("{cosmos_address} is linked with {eth_address}: unlink it first")]
    CosmosLinked { cosmos_address: String, eth_address: String },
    #[error("{eth_address} is not linked")]
    NotLinked { eth_address: String },
    #[error("only {expected} may unlink without a proof, not {sender}")]
    Unauthorized { expected: Addr, sender: Addr },
}

impl ContractError {
    /// A field of the message that cannot be read.
    pub(crate) fn input(field: &'static str) -> impl Fn(SignatureError) -> Self {
        move |source| Self::Input { field, source }
    }
}
