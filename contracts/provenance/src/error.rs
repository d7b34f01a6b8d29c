//! What is refused, and why. Every variant carries what says why.

use cosmwasm_std::{Addr, StdError};
use cw_utils::PaymentError;
use modelbond_economy::shares::SharesError;
use modelbond_economy::split::TooMuch;
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
    Shares(#[from] SharesError),
    #[error(transparent)]
    Split(#[from] TooMuch),

    #[error("{field} is from {least} to {most}, not {actual}")]
    Bounds { field: &'static str, least: i64, most: i64, actual: i64 },
    #[error("the books of {model} do not add up")]
    Unbalanced { model: Addr },
    #[error("an amount of money is above 2^128 - 1")]
    Overflow,

    #[error("only training, {training}, may do this, not {sender}")]
    NotTraining { training: Addr, sender: Addr },
    #[error("only {holder}, who holds {token_id}, may do this, not {sender}")]
    NotHolder { token_id: String, holder: Addr, sender: Addr },
    #[error("only {holder}, who holds {token_id}, or whom they allowed may do this, not {sender}")]
    NotAllowed { token_id: String, holder: Addr, sender: Addr },
    #[error("{message} is refused: nobody can change contributions or this contract")]
    Immutable { message: &'static str },

    #[error("there is no model {model} in the registry")]
    UnknownModel { model: Addr },
    #[error("there is no NFT {token_id}")]
    UnknownToken { token_id: String },
    #[error("{token_id} was minted before")]
    AlreadyMinted { token_id: String },
    #[error("{token_id} is built on {parent_id} twice")]
    ParentTwice { token_id: String, parent_id: String },
    #[error("{token_id} cannot be built on itself")]
    OwnParent { token_id: String },
    #[error("{token_id} is asked for twice")]
    TokenTwice { token_id: String },

    #[error("this approval has expired before it begins")]
    Expired,
    #[error("{spender} was not allowed to move this")]
    NoApproval { spender: Addr },
    #[error("{token_id} has {most} approvals, the most there can be: revoke one")]
    TooManyApprovals { token_id: String, most: usize },

    #[error("no royalties of {model} wait to be shared out")]
    NothingToShare { model: Addr },
    #[error("nothing waits for the {to} of {model}")]
    NothingToForward { model: Addr, to: &'static str },
    #[error("these NFTs have earned nothing since they were paid")]
    NothingToClaim,

    #[error("the market answered without saying how much it paid")]
    NoData,
    #[error("no answer with id {id} is expected")]
    UnknownReply { id: u64 },
}

/// Refuses what is not within bounds.
pub(crate) fn ensure_bounds<N>(
    field: &'static str,
    (least, most): (N, N),
    actual: N,
) -> Result<(), ContractError>
where
    N: PartialOrd + TryInto<i64>,
{
    if least <= actual && actual <= most {
        return Ok(());
    }
    let shown = |number: N| number.try_into().unwrap_or(i64::MAX);
    let (least, most, actual) = (shown(least), shown(most), shown(actual));
    Err(ContractError::Bounds { field, least, most, actual })
}
