//! What can go wrong in the beacon. Every variant carries what says why.

use cosmwasm_std::{Addr, HexBinary, StdError, Timestamp};
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

    #[error("{field} has {expected} bytes, not {actual}")]
    Length { field: &'static str, expected: usize, actual: usize },
    #[error("{field} is from {least} to {most}, not {actual}")]
    Bounds { field: &'static str, least: u64, most: u64, actual: u64 },
    #[error("{field} is in whole seconds, not {actual}")]
    WholeSeconds { field: &'static str, actual: Timestamp },
    #[error("the chain hash of this source is {computed}, not {given}")]
    ChainHash { computed: HexBinary, given: HexBinary },
    #[error("the public key is the identity, under which anybody can sign")]
    IdentityKey {},
    #[error("the public key is not a compressed point of G2")]
    InvalidKey {},
    #[error("the beacon starts at {now} at the latest, not at {starts_at}")]
    StartsLate { starts_at: Timestamp, now: Timestamp },

    #[error("there is no source {source_index}")]
    NoSource { source_index: u8 },
    #[error("there is no round {round}")]
    NoRound { round: u64 },
    #[error("round {round} is before the first one that is accepted, {first_round}")]
    RoundTooLow { round: u64, first_round: u64 },
    #[error("round {round} is after the last one of this source, {last_round}: it was replaced")]
    RoundTooHigh { round: u64, last_round: u64 },
    #[error("round {round} is at {round_at}, it is {now}: wait")]
    RoundTooEarly { round: u64, round_at: Timestamp, now: Timestamp },
    #[error("the signature of round {round} is the identity")]
    IdentitySignature { round: u64 },
    #[error("the signature is not one over round {round} by the source's key")]
    WrongSignature { round: u64 },
    #[error("the randomness of round {round} is {computed}, not {given}")]
    WrongRandomness { round: u64, computed: HexBinary, given: HexBinary },

    #[error("this beacon has no owner: its source stays")]
    NoOwner {},
    #[error("only {owner} may switch the source, not {sender}")]
    Unauthorized { owner: Addr, sender: Addr },
    #[error("the source is a public network already: it stays")]
    AlreadyPublic {},
    #[error("a switch is announced already, for {switch_at}")]
    AlreadyAnnounced { switch_at: Timestamp },
    #[error("{chain_hash} is none of the public networks of this beacon")]
    NotPublic { chain_hash: HexBinary },
    #[error("a switch at {switch_at} is announced too late: {earliest} at the earliest")]
    SwitchTooEarly { switch_at: Timestamp, earliest: Timestamp },
    #[error("a switch at {switch_at} is too far ahead: {latest} at the latest")]
    SwitchTooLate { switch_at: Timestamp, latest: Timestamp },
    #[error("the network starts at {genesis_at}, after the switch at {switch_at}")]
    SwitchBeforeGenesis { switch_at: Timestamp, genesis_at: Timestamp },

    #[error("there is no round for {at}: the beacon starts at {starts_at}")]
    BeforeStart { at: Timestamp, starts_at: Timestamp },
    #[error("{at} is too far ahead: its round is past the end of time")]
    EndOfTime { at: Timestamp },
}
