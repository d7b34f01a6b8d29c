//! What can go wrong in the nodes contract. Every variant carries what says why.

use cosmwasm_std::{Addr, HexBinary, StdError, Timestamp, Uint128};
use cw_utils::PaymentError;
use modelbond_election::vrf::VrfError;
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

    #[error("{field} has {expected} bytes, not {actual}")]
    Length { field: &'static str, expected: usize, actual: usize },
    #[error("{field} is from {least} to {most}, not {actual}")]
    Bounds { field: &'static str, least: u64, most: u64, actual: u64 },
    #[error("{field} may have only {allowed}")]
    Characters { field: &'static str, allowed: &'static str },
    #[error("{field} is 0")]
    Zero { field: &'static str },

    #[error("only {owner}, who owns node {node_id}, may do this, not {sender}")]
    NotOwner { node_id: u64, owner: Addr, sender: Addr },
    #[error("only the owner of node {node_id} or its own account may do this, not {sender}")]
    NotOfNode { node_id: u64, sender: Addr },
    #[error("only training, {training}, may do this, not {sender}")]
    NotTraining { training: Addr, sender: Addr },

    #[error("there is no node {node_id}")]
    UnknownNode { node_id: u64 },
    #[error("the next node has the number {expected}, not {actual}: sign and send again")]
    NodeNumber { expected: u64, actual: u64 },
    #[error("node {node_id} is out of service for ever")]
    Retired { node_id: u64 },

    #[error("{field}: {source}")]
    Input { field: &'static str, source: SignatureError },
    #[error("vrf_key: {source}")]
    VrfKey { source: VrfError },
    #[error("the proof of the new attestation key: {source}")]
    Proof { source: SignatureError },
    #[error(
        "expires_at is {expires_at}, at most {latest} is accepted now: sign with a nearer expiry"
    )]
    ExpiresTooLate { expires_at: u64, latest: u64 },
    #[error("this {field} was announced for node {node_id} before: make a new one")]
    KeyUsed { field: &'static str, node_id: u64 },
    #[error("node {node_id} announced keys that count from epoch {from_epoch}: wait for it")]
    KeysAnnounced { node_id: u64, from_epoch: u64 },
    #[error("node {node_id} announced no new keys in this epoch, {epoch}")]
    NoRotation { node_id: u64, epoch: u64 },
    #[error("node {node_id} has no keys that count in epoch {epoch}")]
    NoKeys { node_id: u64, epoch: u64 },

    #[error("there is no run {run_id}")]
    UnknownRun { run_id: u64 },
    #[error("the {field} of run {run_id} is fixed")]
    RunFixed { run_id: u64, field: &'static str },
    #[error("the dataset of run {run_id} has the root {expected}, not {actual}")]
    WrongDataset { run_id: u64, expected: HexBinary, actual: HexBinary },
    #[error("the algorithm of run {run_id} is {expected}, not {actual}")]
    WrongAlgorithm { run_id: u64, expected: HexBinary, actual: HexBinary },
    #[error("the known answer of run {run_id} is {expected}, not {actual}")]
    WrongAnswer { run_id: u64, expected: HexBinary, actual: HexBinary },
    #[error("node {node_id} has {stake} at stake, a unit is {unit_stake}: stake more")]
    NoUnit { node_id: u64, stake: Uint128, unit_stake: Uint128 },
    #[error(
        "{units} units in run {run_id} are too many, at most {most}: stake with several nodes"
    )]
    TooManyUnits { run_id: u64, units: Uint128, most: u32 },
    #[error("node {node_id} is ready for {most} runs of this model in epoch {epoch}, the most")]
    TooManyRuns { node_id: u64, epoch: u64, most: usize },
    #[error("{most} nodes are ready for run {run_id} in epoch {epoch}, the most")]
    RosterFull { run_id: u64, epoch: u64, most: u32 },

    #[error("the stake is {stake}, less than {amount}")]
    InsufficientStake { stake: Uint128, amount: Uint128 },
    #[error("{most} amounts are unbonding, the most: withdraw what has unbonded, or wait")]
    TooManyUnbondings { most: usize },
    #[error("nothing can be withdrawn before {unbonds_at}, it is {now}")]
    NotUnbonded { unbonds_at: Timestamp, now: Timestamp },
    #[error("nothing is unbonding")]
    NothingUnbonding {},
    #[error("a round that is not final may still draw from the roster of epoch {pinned}: wait")]
    StillPinned { pinned: u64 },
    #[error(
        "the roster of epoch {epoch} is not old enough: it is epoch {now}, wait for {earliest}"
    )]
    NotOld { epoch: u64, now: u64, earliest: u64 },

    #[error("there is no epoch at {at}: the first one began at {started_at}")]
    BeforeStart { at: Timestamp, started_at: Timestamp },
    #[error("{at} is too far ahead: its epoch ends past the end of time")]
    EndOfTime { at: Timestamp },
}

impl ContractError {
    /// A field of the message that cannot be read.
    pub(crate) fn input(field: &'static str) -> impl Fn(SignatureError) -> Self {
        move |source| Self::Input { field, source }
    }
}

/// Refuses a number out of bounds.
pub(crate) fn ensure_bounds(
    field: &'static str,
    actual: u64,
    least: u64,
    most: u64,
) -> Result<(), ContractError> {
    if (least..=most).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::Bounds { field, least, most, actual })
}

/// Refuses bytes of another length.
pub(crate) fn ensure_length(
    field: &'static str,
    bytes: &[u8],
    expected: usize,
) -> Result<(), ContractError> {
    let actual = bytes.len();
    if actual == expected {
        return Ok(());
    }
    Err(ContractError::Length { field, expected, actual })
}

/// Refuses text of a length out of bounds, or with other characters than the allowed ones.
pub(crate) fn ensure_text(
    field: &'static str,
    text: &str,
    (least, most): (u64, u64),
    (allowed, is_allowed): (&'static str, impl Fn(u8) -> bool),
) -> Result<(), ContractError> {
    ensure_bounds(field, u64::try_from(text.len()).unwrap_or(u64::MAX), least, most)?;
    if text.bytes().all(is_allowed) {
        return Ok(());
    }
    Err(ContractError::Characters { field, allowed })
}
