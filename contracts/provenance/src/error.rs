//! What is refused, and why.

use cosmwasm_std::{Addr, StdError, Timestamp, Uint128};
use cw_utils::PaymentError;
use modelbond_interface::hash::Hash32;
use modelbond_signature::SignatureError;
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

    // Offered contributions: offering.
    /// Nobody knows what its money would be.
    #[error("{model} is no model of the registry")]
    NoModel {
        /// The address.
        model: Addr,
    },
    /// Nobody could score it.
    #[error("{model} has no open run, so that nobody could score what is offered")]
    NoOpenRun {
        /// The model.
        model: Addr,
    },
    /// Nobody contributes in somebody else's name.
    #[error("{contributor} contributes, not {signer}: send it as {contributor}, or with their signature")]
    NotTheContributor {
        /// Who contributes.
        contributor: String,
        /// Who sent it, or whose key it is.
        signer: String,
    },
    /// A signature that does not say this.
    #[error("{contributor} did not sign this contribution: {source}")]
    Contribution {
        /// Who contributes.
        contributor: String,
        /// What is wrong.
        source: SignatureError,
    },
    /// A signature would stay valid for too long.
    #[error("the signature is valid until {expires_at}; {latest} at the latest")]
    ExpiresTooLate {
        /// Seconds since 1970.
        expires_at: u64,
        /// Seconds since 1970.
        latest: u64,
    },
    /// A signature is for one offer.
    #[error("this signature was used for offer {offer_id}: sign again, with another expiry")]
    SignatureUsed {
        /// For which.
        offer_id: u64,
    },
    /// Less than one unit for each witness.
    #[error("the fee is {actual} {denom}, at least {least} are needed: one for each witness")]
    FeeTooSmall {
        /// At least.
        least: Uint128,
        /// Sent.
        actual: Uint128,
        /// Of what.
        denom: String,
    },
    /// The text about the data has no place.
    #[error("data is {actual} bytes, at most {most}: say where the data are")]
    DataTooLong {
        /// At most.
        most: usize,
        /// Sent.
        actual: usize,
    },
    /// Once for each model.
    #[error("data {data_hash} were offered to {model} in offer {offer_id}")]
    DataOffered {
        /// The model.
        model: Addr,
        /// SHA-256 of the data.
        data_hash: Hash32,
        /// Which offer.
        offer_id: u64,
    },
    /// A lineage has a bound.
    #[error("{actual} parents, at most {most}")]
    TooManyParents {
        /// At most.
        most: usize,
        /// Sent.
        actual: usize,
    },
    /// Nothing is built on what there is not.
    #[error("there is no contribution {token_id}")]
    NoParent {
        /// Which.
        token_id: String,
    },
    /// Each parent once.
    #[error("parent {token_id} is named twice")]
    ParentTwice {
        /// Which.
        token_id: String,
    },
    /// The run's time grid ends.
    #[error("the time grid of run {run_id} has no time for a draw")]
    NoDrawTime {
        /// The run.
        run_id: u64,
    },

    // Offered contributions: drawing.
    /// A number that no offer has.
    #[error("there is no offer {offer_id}")]
    NoOffer {
        /// The number.
        offer_id: u64,
    },
    /// Witnesses are drawn once.
    #[error("the witnesses of offer {offer_id} are drawn")]
    AlreadyDrawn {
        /// The offer.
        offer_id: u64,
    },
    /// It waited for too long.
    #[error("offer {offer_id} could be drawn until {expired_at}: conclude it")]
    OfferExpired {
        /// The offer.
        offer_id: u64,
        /// Since when not.
        expired_at: Timestamp,
    },
    /// The other seed is not there.
    #[error("wait for round {round_id} of run {run_id} to draw its checks")]
    NoRound {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
    },
    /// It will not be there.
    #[error(
        "rounds {first} to {last} of run {run_id} have no seed that witnesses could be drawn by"
    )]
    NoSeed {
        /// The run.
        run_id: u64,
        /// From which round.
        first: u64,
        /// To which.
        last: u64,
    },
    /// The beacon is late.
    #[error("wait for round {round} of the beacon, the first one at or after {at}")]
    NoRandomness {
        /// Its number.
        round: u64,
        /// The time.
        at: Timestamp,
    },
    /// Whoever prunes would choose.
    #[error("the roster of run {run_id} in epoch {epoch} had {expected} members and was pruned to {actual}")]
    RosterPruned {
        /// The run.
        run_id: u64,
        /// The epoch.
        epoch: u64,
        /// Members that it had.
        expected: u32,
        /// Members that it has.
        actual: u32,
    },
    /// Two or fewer are no witnesses.
    #[error("{actual} other owners could score this, at least {least} are needed")]
    TooFewWitnesses {
        /// At least.
        least: u8,
        /// There are.
        actual: u8,
    },

    // Offered contributions: scoring.
    /// Nobody has a seat yet.
    #[error("the witnesses of offer {offer_id} are not drawn")]
    NotDrawn {
        /// The offer.
        offer_id: u64,
    },
    /// A seat that there is not.
    #[error("offer {offer_id} has no seat {slot}")]
    NoSeat {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
    },
    /// Somebody else's seat.
    #[error("only the owner {owner} or the node's account {account} may do this, not {sender}")]
    NotTheWitness {
        /// The node's owner.
        owner: Addr,
        /// The node's account.
        account: Addr,
        /// Who tried.
        sender: Addr,
    },
    /// Once.
    #[error("seat {slot} of offer {offer_id} has committed")]
    AlreadyCommitted {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
    },
    /// Too late.
    #[error("commits to offer {offer_id} were taken until {until}")]
    CommitsOver {
        /// The offer.
        offer_id: u64,
        /// Until when.
        until: Timestamp,
    },
    /// Too early: others could copy.
    #[error(
        "commits to offer {offer_id} are taken until {until}, or until all are there: reveal then"
    )]
    CommitsGoOn {
        /// The offer.
        offer_id: u64,
        /// Until when.
        until: Timestamp,
    },
    /// Too late.
    #[error("scores of offer {offer_id} were taken until {until}")]
    RevealsOver {
        /// The offer.
        offer_id: u64,
        /// Until when.
        until: Timestamp,
    },
    /// Nothing to reveal.
    #[error("seat {slot} of offer {offer_id} has not committed")]
    NoCommit {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
    },
    /// Once.
    #[error("seat {slot} of offer {offer_id} has revealed")]
    AlreadyRevealed {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
    },
    /// Not what was committed to.
    #[error("seat {slot} of offer {offer_id} committed to {expected}, not to {actual}")]
    OtherCommit {
        /// The offer.
        offer_id: u64,
        /// The seat.
        slot: u8,
        /// The commit.
        expected: Hash32,
        /// What was shown would be.
        actual: Hash32,
    },
    /// No such score.
    #[error("quality {quality} must be at most {most}, improvement {improvement} between −{most} and {most}")]
    ScoreOutOfBounds {
        /// α, in millionths.
        quality: u32,
        /// ΔM, in millionths.
        improvement: i32,
        /// At most.
        most: u32,
    },

    // Offered contributions: concluding.
    /// Too early.
    #[error("offer {offer_id} goes on until {until}, or until all have revealed")]
    OfferGoesOn {
        /// The offer.
        offer_id: u64,
        /// Until when.
        until: Timestamp,
    },
    /// Over.
    #[error("offer {offer_id} is concluded")]
    OfferConcluded {
        /// The offer.
        offer_id: u64,
    },
}
