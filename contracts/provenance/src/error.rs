//! What is refused, and why. Every variant carries what says why.

use cosmwasm_std::{Addr, StdError, Timestamp, Uint128};
use cw_utils::PaymentError;
use modelbond_economy::shares::SharesError;
use modelbond_economy::split::TooMuch;
use modelbond_interface::hash::Hash32;
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
    #[error(
        "only {holder}, who holds {token_id}, or whom they allowed, may do this, not {sender}"
    )]
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

    // Offered contributions: offering.
    #[error("{model} has no open run, so that nobody could score what is offered")]
    NoOpenRun { model: Addr },
    #[error("{contributor} contributes, not {signer}: send it as {contributor}, or with their signature")]
    NotTheContributor { contributor: String, signer: String },
    #[error("{contributor} did not sign this contribution: {source}")]
    NotSigned { contributor: String, source: SignatureError },
    #[error("the signature is valid until {expires_at}; {latest} at the latest")]
    ExpiresTooLate { expires_at: u64, latest: u64 },
    #[error("this signature was used for offer {offer_id}: sign again, with another expiry")]
    SignatureUsed { offer_id: u64 },
    #[error("the fee is {actual} {denom}; at least {least}, one for each witness, is needed")]
    FeeTooSmall { denom: String, least: Uint128, actual: Uint128 },
    #[error("data {data_hash} were offered to {model} in offer {offer_id}")]
    DataOffered { model: Addr, data_hash: Hash32, offer_id: u64 },
    #[error("the time grid of run {run_id} has no time for a draw")]
    NoDrawTime { run_id: u64 },

    // Offered contributions: drawing.
    #[error("there is no offer {offer_id}")]
    NoOffer { offer_id: u64 },
    #[error("the witnesses of offer {offer_id} are drawn")]
    AlreadyDrawn { offer_id: u64 },
    #[error("offer {offer_id} could be drawn until {expired_at}: conclude it")]
    OfferExpired { offer_id: u64, expired_at: Timestamp },
    #[error("wait for round {round_id} of run {run_id} to draw its checks")]
    NoRound { run_id: u64, round_id: u64 },
    #[error("the holdout's slice of round {round_id} of run {run_id} may still be opened: wait until it is, or until the leader's turn")]
    SliceMayOpen { run_id: u64, round_id: u64 },
    #[error(
        "rounds {first} to {last} of run {run_id} have no seed that witnesses could be drawn by"
    )]
    NoSeed { run_id: u64, first: u64, last: u64 },
    #[error("wait for round {round} of the beacon, the first one at or after {at}")]
    NoRandomness { round: u64, at: Timestamp },
    #[error("the roster of run {run_id} in epoch {epoch} had {expected} members and was pruned to {actual}")]
    RosterPruned { run_id: u64, epoch: u64, expected: u32, actual: u32 },
    #[error("{actual} other owners could score offer {offer_id}, at least {least} are needed")]
    TooFewWitnesses { offer_id: u64, least: u8, actual: u8 },

    // Offered contributions: scoring.
    #[error("the witnesses of offer {offer_id} are not drawn")]
    NotDrawn { offer_id: u64 },
    #[error("offer {offer_id} has no seat {slot}")]
    NoSeat { offer_id: u64, slot: u8 },
    #[error("only the owner {owner} or the node's account {account} may do this, not {sender}")]
    NotTheWitness { owner: Addr, account: Addr, sender: Addr },
    #[error("seat {slot} of offer {offer_id} has committed")]
    AlreadyCommitted { offer_id: u64, slot: u8 },
    #[error("commits to offer {offer_id} were taken until {until}")]
    CommitsOver { offer_id: u64, until: Timestamp },
    #[error(
        "commits to offer {offer_id} are taken until {until}, or until all are there: reveal then"
    )]
    CommitsGoOn { offer_id: u64, until: Timestamp },
    #[error("scores of offer {offer_id} were taken until {until}")]
    RevealsOver { offer_id: u64, until: Timestamp },
    #[error("seat {slot} of offer {offer_id} has not committed")]
    NoCommit { offer_id: u64, slot: u8 },
    #[error("seat {slot} of offer {offer_id} has revealed")]
    AlreadyRevealed { offer_id: u64, slot: u8 },
    #[error("seat {slot} of offer {offer_id} committed to {expected}, not to {actual}")]
    OtherCommit { offer_id: u64, slot: u8, expected: Hash32, actual: Hash32 },

    // Offered contributions: concluding.
    #[error("offer {offer_id} goes on until {until}, or until all have revealed")]
    OfferGoesOn { offer_id: u64, until: Timestamp },
    #[error("offer {offer_id} is concluded")]
    OfferConcluded { offer_id: u64 },
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
