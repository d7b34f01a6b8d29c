//! What can go wrong in a market. Every variant carries the numbers that say why.

use cosmwasm_std::{Addr, StdError, Timestamp, Uint128};
use cw_utils::PaymentError;
use modelbond_curve::multiplier::MultiplierError;
use modelbond_curve::stream::StreamError;
use modelbond_curve::CurveError;
use thiserror::Error;

/// Why a message was refused. The attached funds come back with the failed transaction.
#[derive(Error, Debug, PartialEq)]
#[allow(missing_docs)] // the messages are the documentation
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Cw20(#[from] cw20_base::ContractError),
    #[error(transparent)]
    Curve(#[from] CurveError),
    #[error(transparent)]
    Multiplier(#[from] MultiplierError),
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error("arithmetic overflow in {operation}")]
    Overflow { operation: &'static str },

    #[error("only {expected} may do this, not {sender}")]
    Unauthorized { expected: Addr, sender: Addr },
    #[error("this market's tokens come into being on its curve only: mint is refused")]
    MintRefused,
    #[error("this market has no minter and never will: update_minter is refused")]
    UpdateMinterRefused,
    #[error("tokens sent to their own contract would be lost; use burn to destroy tokens")]
    TransferToSelf,

    #[error("the deadline {deadline} has passed, it is {now}: ask for a new quote")]
    DeadlinePassed { deadline: Timestamp, now: Timestamp },
    #[error("the amount must not be zero")]
    ZeroAmount,
    #[error("{amount_in} buys no token, one base unit costs {unit_price}: send more")]
    NothingBought { amount_in: Uint128, unit_price: Uint128 },
    #[error("{tokens_in} tokens pay nothing: gross {gross}, fees {fees}; sell more")]
    NothingPaid { tokens_in: Uint128, gross: Uint128, fees: Uint128 },
    #[error("{tokens_out} tokens are less than the least asked for, {min_tokens_out}")]
    MinTokensOut { tokens_out: Uint128, min_tokens_out: Uint128 },
    #[error("{reserve_out} is less than the least asked for, {min_reserve_out}")]
    MinReserveOut { reserve_out: Uint128, min_reserve_out: Uint128 },
    #[error("{tokens_out} tokens cost {needed}, but only {sent} was sent")]
    InsufficientFunds { tokens_out: Uint128, needed: Uint128, sent: Uint128 },
    #[error("only {available} tokens can still be bought below the maximum supply, the order is for more: buy less or set partial")]
    SupplyExceeded { available: Uint128 },
    #[error("the purchase would push the base price above the limit; at most {max_tokens_out} tokens for {max_amount_in} fit now: buy less, set partial or wait")]
    BuyLimit { max_tokens_out: Uint128, max_amount_in: Uint128 },
    #[error("the sale would push the base price below the limit; at most {max_tokens_in} tokens fit now: sell less, set partial or wait")]
    SellLimit { max_tokens_in: Uint128 },
    #[error(
        "{tokens} tokens are more than the {most} above the supply floor, which is locked for ever"
    )]
    BelowFloor { tokens: Uint128, most: Uint128 },
    #[error("{needed} tokens needed, but of {balance} only {free} are free ({locked} locked until {unlocks_at})")]
    InsufficientTokens {
        needed: Uint128,
        balance: Uint128,
        free: Uint128,
        locked: Uint128,
        unlocks_at: Timestamp,
    },

    #[error("nothing has vested for {address} that is not claimed; the cliff ends at {cliff_at}")]
    NothingVested { address: Addr, cliff_at: Timestamp },
    #[error("the {ledger} ledger is empty")]
    LedgerEmpty { ledger: &'static str },
    #[error("the next slice may be emitted at {next_at}")]
    EmitTooSoon { next_at: Timestamp },

    #[error("parameter {parameter} is {value}, it must be in {bounds}")]
    Parameter { parameter: &'static str, value: String, bounds: &'static str },
    #[error("{parameter} must add up to {expected}, they add up to {sum}")]
    Sum { parameter: &'static str, sum: u64, expected: u64 },
    #[error("{address} is named twice among the stakeholders")]
    DuplicateStakeholder { address: String },
    #[error("the initial supply costs {cost} {denom}, but only {sent} was sent")]
    OpeningFunds { cost: Uint128, denom: String, sent: Uint128 },
    #[error("the supply floor is worth {worth} reserve units, it must be worth at least {least}: raise the price or the initial supply")]
    FloorTooCheap { worth: Uint128, least: Uint128 },
    #[error("one reserve unit would buy {tokens} base units at opening, at most {most} are allowed: raise the price or the initial supply")]
    OpeningPriceTooLow { tokens: Uint128, most: Uint128 },

    #[error("one base unit above the floor of {floor} moves the price by more than the limit of {limit_bps} bps: raise the maximum supply")]
    UnitsTooCoarse { floor: Uint128, limit_bps: u32 },
    #[error("the reserve and what streams into it can hold {room} more")]
    ReserveFull { room: Uint128 },

    #[error("window of {window_secs} s is out of range: 1 to {most_secs}")]
    Window { window_secs: u64, most_secs: u64 },
    #[error("{since} is before the oldest observation, {oldest}")]
    BeforeObservations { since: Timestamp, oldest: Timestamp },
    #[error("{points} points asked for, 2 to 100 are served")]
    Points { points: u32 },
    #[error("epoch {epoch} has not begun, the current one is {current}")]
    FutureEpoch { epoch: u32, current: u32 },
}
