//! What is refused, and why.

use cosmwasm_std::{Addr, StdError, Uint128};
use cw_utils::PaymentError;
use thiserror::Error;

/// Why a message was refused.
#[derive(Error, Debug, PartialEq)]
#[allow(missing_docs)] // the messages are the documentation
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Payment(#[from] PaymentError),

    #[error("only training, {training}, may do this, not {sender}")]
    NotTraining { training: Addr, sender: Addr },
    #[error("{model} is not a model of the registry")]
    UnknownModel { model: Addr },
    #[error("epoch {epoch} cannot be settled in epoch {current}: only the one before it can")]
    EpochNotDue { epoch: u32, current: u32 },
    #[error("the budget of epoch {epoch} is spent: {spent} of {budget}")]
    BudgetSpent { epoch: u32, budget: Uint128, spent: Uint128 },
    #[error(
        "there was no work before epoch {epoch} was settled: its budget of {budget} is carried"
    )]
    NoWork { epoch: u32, budget: Uint128 },
    #[error("nothing is due to {operator} for work on {model}: what is not paid waits for the next epoch")]
    NothingDue { model: Addr, operator: Addr },
    #[error("there is no reply {id}")]
    UnknownReply { id: u64 },
    #[error("{contract} answered without the data that was asked for")]
    NoData { contract: &'static str },
}
