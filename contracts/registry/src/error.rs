//! What is refused, and why.

use cosmwasm_std::StdError;
use cw_utils::PaymentError;
use thiserror::Error;

/// Why a message was refused.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage, queries, addresses.
    #[error("{0}")]
    Std(#[from] StdError),
    /// Coins that do not belong here.
    #[error("{0}")]
    Payment(#[from] PaymentError),
}
