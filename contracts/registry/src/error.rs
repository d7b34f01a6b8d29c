//! What is refused, and why. Every variant carries what says why.

use cosmwasm_std::{Addr, Coin, Decimal, Instantiate2AddressError, StdError, Uint128};
use cw_utils::PaymentError;
use modelbond_interface::registry::{ConnectionKind, UseCase};
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
    Address(#[from] Instantiate2AddressError),
    #[error("there are {most} {what}, the most")]
    TooMany { what: &'static str, most: u32 },

    #[error("{field} has {actual} bytes, it may have {least} to {most}")]
    Length { field: &'static str, actual: usize, least: usize, most: usize },
    #[error("{field} may have only {allowed}")]
    Characters { field: &'static str, allowed: &'static str },
    #[error("uri must begin with https:// or ipfs://")]
    Scheme {},
    #[error("a model has 1 to {most} use cases, not {actual}")]
    UseCases { actual: usize, most: usize },
    #[error("the use case {use_case} is named twice")]
    DuplicateUseCase { use_case: UseCase },

    #[error("opening a model costs {fee}, which is burned; {sent} of it were sent: attach the fee and what the initial supply costs")]
    Fee { fee: Coin, sent: Uint128 },
    #[error("{coin} was sent, but a model is opened with its reserve denom and the fee only")]
    ForeignCoin { coin: Coin },
    #[error("{creator} opened {model} with the symbol {symbol}: choose another symbol")]
    SymbolTaken { creator: Addr, symbol: String, model: Addr },
    #[error("{field} is {actual}, at most {most} of 10,000 are allowed")]
    Royalty { field: &'static str, actual: u32, most: u16 },
    #[error("{actual} parents are too many, at most {most} are allowed")]
    Parents { actual: usize, most: usize },
    #[error("the parent {model} is named twice")]
    DuplicateParent { model: Addr },
    #[error("the parent {model} asks for a royalty of {asked} of 10,000, {offered} were offered")]
    RoyaltyTooLow { model: Addr, asked: u16, offered: u16 },
    #[error(
        "the parent {model} is paid in {expected}, this model in {actual}: choose its reserve denom"
    )]
    ReserveDenom { model: Addr, expected: String, actual: String },
    #[error("a reward rate of {rate} is more than rewards get of a volume, {most}")]
    RewardRate { rate: Decimal, most: Decimal },

    #[error("{model} is no model of this registry")]
    UnknownModel { model: Addr },
    #[error("only {owner}, who owns {model}, may do this, not {sender}")]
    NotOwner { model: Addr, owner: Addr, sender: Addr },
    #[error("{owner} owns {model} already")]
    OfferedToOwner { model: Addr, owner: Addr },
    #[error("{model} is offered to nobody")]
    NotOffered { model: Addr },
    #[error("{model} is offered to {offered_to}, not to {sender}")]
    OfferedToAnother { model: Addr, offered_to: Addr, sender: Addr },

    #[error("{model} cannot be connected to itself")]
    SelfConnection { model: Addr },
    #[error("{from} was opened with {to} as a parent, and is derived from it for ever")]
    ParentForEver { from: Addr, to: Addr },
    #[error("{from} is connected to {to} by {} already", kind.name())]
    Connected { from: Addr, to: Addr, kind: ConnectionKind },
    #[error("{from} is not connected to {to} by {}", kind.name())]
    NotConnected { from: Addr, to: Addr, kind: ConnectionKind },
}
