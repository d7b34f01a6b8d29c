//! What can go wrong in training. Every variant carries what says why.

use cosmwasm_std::{Addr, StdError};
use cw_utils::PaymentError;
use modelbond_rounds::RoundError;
use modelbond_signature::SignatureError;
use thiserror::Error;

/// Why a message was refused.
#[derive(Error, Debug, PartialEq)]
#[allow(missing_docs)] // the messages are the documentation
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Round(#[from] RoundError),

    #[error("only the creator {creator} of this market may open a run, not {sender}")]
    NotTheCreator { creator: Addr, sender: Addr },
    #[error("the market takes metrics from {metrics_source}, not from this contract")]
    OtherSource { metrics_source: Addr },
    #[error("{field}: {source}")]
    Input { field: &'static str, source: SignatureError },
    #[error("the attestation is not valid: {source}")]
    Attestation { source: SignatureError },
    #[error("the feedback is not signed by {user}: {source}")]
    Feedback { user: String, source: SignatureError },
    #[error("the signature is valid until {expires_at}; {latest} at the latest")]
    ExpiresTooLate { expires_at: u64, latest: u64 },
    #[error("the work ended at {ended_at}, before it began at {started_at}")]
    EndsBeforeStart { started_at: u64, ended_at: u64 },
    #[error("an attestation level is 0, 1 or 2, not {level}")]
    Level { level: u8 },
    #[error("there is no reply {id}")]
    UnknownReply { id: u64 },
    #[error("{contract} answered without the data that was asked for")]
    NoData { contract: &'static str },
}

impl ContractError {
    /// Names the field that a signature error is about.
    pub(crate) fn input(field: &'static str) -> impl Fn(SignatureError) -> Self {
        move |source| Self::Input { field, source }
    }
}
