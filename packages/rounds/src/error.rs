//! Why a round refuses. Every variant carries what says why.

use cosmwasm_std::{Addr, StdError, Timestamp, Uint128};
use modelbond_election::tickets::TicketError;
use modelbond_election::vrf::VrfError;
use modelbond_interface::training::{Hash32, Phase, SeatId};
use thiserror::Error;

/// Why a message was refused.
#[derive(Error, Debug, PartialEq)]
#[allow(missing_docs)] // the messages are the documentation
pub enum RoundError {
    #[error(transparent)]
    Std(#[from] StdError),

    #[error("{field} is from {least} to {most}, not {actual}")]
    Bounds { field: &'static str, least: u64, most: u64, actual: u64 },
    #[error("a round of this run can take {longest_secs} seconds; unbonding takes {unbonding_secs}, less than twice as long")]
    TooLong { longest_secs: u64, unbonding_secs: u64 },
    #[error("the weights of accuracy, improvement and NPS add up to {sum}, not to 10000")]
    Weights { sum: u64 },

    #[error("there is no run {run_id}")]
    NoRun { run_id: u64 },
    #[error("there is no round {round_id} in run {run_id}")]
    NoRound { run_id: u64, round_id: u64 },
    #[error("there is no group {group} in round {round_id}")]
    NoGroup { round_id: u64, group: u8 },
    #[error("there is no seat {seat:?} in this round")]
    NoSeat { seat: SeatId },
    #[error("run {run_id} is closed")]
    Closed { run_id: u64 },
    #[error("run {run_id} is held until {until}: wait, or replace its algorithm")]
    Held { run_id: u64, until: Timestamp },
    #[error("only {owner} may do this, not {sender}")]
    Unauthorized { owner: Addr, sender: Addr },
    #[error("round {round_id} of run {run_id} is open: wait until it is settled")]
    RoundOpen { run_id: u64, round_id: u64 },
    #[error("run {run_id} has no open round")]
    NoOpenRound { run_id: u64 },
    #[error("round {given} is not the open one, {open}")]
    OtherRound { given: u64, open: u64 },
    #[error("the budget has {available}, a round needs {needed}: fund the run")]
    Budget { available: Uint128, needed: Uint128 },
    #[error("the bond has {available}, and {needed} are needed: add to it")]
    Bond { available: Uint128, needed: Uint128 },
    #[error("nobody is ready for run {run_id} in epoch {epoch}")]
    NobodyReady { run_id: u64, epoch: u64 },
    #[error("rounds of run {run_id} open from epoch {first_epoch} on, it is {epoch}: nodes must get ready for the new algorithm")]
    NewAlgorithm { run_id: u64, first_epoch: u64, epoch: u64 },
    #[error("{hash} is the run's algorithm already: replace it by another one, or wait")]
    SameAlgorithm { hash: Hash32 },
    #[error("at most {most} slices can be unused, not {actual}")]
    TooManySlices { most: usize, actual: usize },

    #[error("the beacon's round for {at} can still change: its notice is too short for this run")]
    NotFixed { at: Timestamp },
    #[error("the beacon's round for {at} is past the end of time")]
    EndOfTime { at: Timestamp },
    #[error("beacon round {round}, due at {at}, is not there yet: wait, or submit it")]
    BeaconMissing { round: u64, at: Timestamp },
    #[error("the beacon says that the round for {at} is {actual}, it was pinned as {pinned}")]
    BeaconChanged { at: Timestamp, pinned: u64, actual: u64 },
    #[error("the roster of epoch {epoch} is inconsistent at unit {unit}")]
    Roster { epoch: u64, unit: u64 },

    #[error("this is possible in phase {expected}, the round is in {actual:?}")]
    WrongPhase { expected: &'static str, actual: Phase },
    #[error("phase {phase:?} ends at {ends_at} and not before block {ends_height}: wait")]
    TooEarly { phase: Phase, ends_at: Timestamp, ends_height: u64 },
    #[error("phase {phase:?} ended at {ends_at}: too late")]
    TooLate { phase: Phase, ends_at: Timestamp },

    #[error("place {index} of the roster is not node {node_id}'s")]
    NotThere { index: u32, node_id: u64 },
    #[error("the proof does not hold: {0}")]
    Vrf(#[from] VrfError),
    #[error(transparent)]
    Ticket(#[from] TicketError),
    #[error("in the first half of the window only the lowest tickets are taken: prove again from {from} on")]
    NotEarly { from: Timestamp },
    #[error("node {node_id} has proved a ticket already, and this one is not lower")]
    AlreadyProved { node_id: u64 },
    #[error("three lower tickets were proved already")]
    NotAmongBest {},
    #[error("nobody has proved a ticket, so there is nobody for a second output")]
    NoLeader {},
    #[error("the second output was posted already")]
    AlreadyPosted {},

    #[error("this seat may only be used by {owner} or {account}, not by {sender}")]
    NotYourSeat { owner: Addr, account: Addr, sender: Addr },
    #[error("this seat does not take part in phase {phase:?}")]
    WrongSeat { phase: Phase },
    #[error("this seat has committed already; a commit cannot be changed")]
    AlreadyCommitted {},
    #[error("this seat did not commit in time")]
    NotCommitted {},
    #[error("this seat was revealed already")]
    AlreadyRevealed {},
    #[error("answer and salt hash to {computed}, the commit is {commit}")]
    WrongReveal { computed: Hash32, commit: Hash32 },
    #[error("the answer contradicts itself: {why}")]
    BadAnswer { why: &'static str },
    #[error("a leaf of the trace at step {step} is needed")]
    NoTrace { step: u32 },
    #[error("the leaf is not the one at step {step} of this trace")]
    WrongTrace { step: u32 },

    #[error("group {group} cannot be challenged: {why}")]
    NotChallengeable { group: u8, why: &'static str },
    #[error("a challenge needs exactly {needed}, not {actual}")]
    ChallengeBond { needed: Uint128, actual: Uint128 },

    #[error("the next slice is {expected}, not {given}")]
    OtherSlice { expected: Hash32, given: Hash32 },
    #[error("the run has no unused slice: its owner can add some")]
    NoSlice {},
    #[error("salt, root and samples hash to {computed}, the slice is {slice}")]
    WrongSlice { computed: Hash32, slice: Hash32 },
    #[error("the round's slice is open already")]
    SliceOpen {},
    #[error("groups {expected:#b} were accepted, not {given:#b}")]
    OtherGroups { expected: u16, given: u16 },

    #[error("round {round_id} is not final yet")]
    NotFinal { round_id: u64 },
    #[error("nothing is owed for this: {why}")]
    NothingOwed { why: &'static str },
    #[error("this was claimed already")]
    AlreadyClaimed {},

    #[error("a score is from 0 to 10, not {score}")]
    Score { score: u8 },
    #[error("{user} has not paid for using the model in epoch {epoch}")]
    NotAUser { user: Addr, epoch: u64 },
    #[error("{user} has given feedback in epoch {epoch} already")]
    AlreadyRated { user: Addr, epoch: u64 },
    #[error(
        "feedback on epoch {given} is not taken in epoch {now}: only on this one and the last"
    )]
    OtherEpoch { given: u64, now: u64 },
}
