//! Answers of the market. Prices and multipliers have 18 decimals and are for show: what exceeds
//! 128 bits reads as the largest value, and no payment is computed from them.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, SignedDecimal, Timestamp, Uint128};

use super::{MarketParams, Metrics};

/// What a purchase does. `tokens_out` is the buyer's part of what is minted.
#[cw_serde]
#[derive(Eq)]
pub struct QuoteBuyResponse {
    /// Reserve used: `cost + fee + surcharge + dust`.
    pub amount_in: Uint128,
    /// Reserve given back.
    pub refund: Uint128,
    /// Tokens the buyer gets.
    pub tokens_out: Uint128,
    /// Tokens that start to vest to the stakeholders.
    pub stakeholder_tokens: Uint128,
    /// Price of all minted tokens on the curve.
    pub cost: Uint128,
    /// Trade fee, launch fee included.
    pub fee: Uint128,
    /// Momentum surcharge.
    pub surcharge: Uint128,
    /// Remainder too small to refund, kept for the pending reserve.
    pub dust: Uint128,
    /// Spot price before.
    pub price_before: Decimal,
    /// Spot price after.
    pub price_after: Decimal,
    /// Average price paid ÷ spot price before − 1, in bps, rounded up.
    pub impact_bps: u64,
    /// What selling `tokens_out` right after would pay, price limit and lock-up aside.
    pub exit_proceeds: Uint128,
}

/// What a sale does.
#[cw_serde]
#[derive(Eq)]
pub struct QuoteSellResponse {
    /// Tokens used.
    pub tokens_in: Uint128,
    /// Reserve the seller gets: `gross − burned − fee − surcharge`.
    pub reserve_out: Uint128,
    /// What leaves the reserve.
    pub gross: Uint128,
    /// Part that stays as burn rate, to the pending reserve.
    pub burned: Uint128,
    /// Trade fee, launch fee included.
    pub fee: Uint128,
    /// Momentum surcharge.
    pub surcharge: Uint128,
    /// Sale price before (a sale is priced by the backing).
    pub price_before: Decimal,
    /// Sale price after.
    pub price_after: Decimal,
    /// 1 − average price received ÷ sale price before, in bps, rounded up.
    pub impact_bps: u64,
}

/// Prices, and what they are made of.
#[cw_serde]
#[derive(Eq)]
pub struct PriceResponse {
    /// Supply in token base units.
    pub supply: Uint128,
    /// P(s), the curve alone.
    pub base: Decimal,
    /// X·P(s): what the next token costs, before fees.
    pub spot: Decimal,
    /// B·P(s): what the next token sold pays, before fees.
    pub sale: Decimal,
    /// M: the effective success multiplier.
    pub multiplier: Decimal,
    /// M*: where it is heading.
    pub target: Decimal,
    /// B: the reserve over the curve's integral.
    pub backing: Decimal,
    /// X = max(B, min(M, B·(1 + π))): the multiplier a purchase pays.
    pub purchase_multiplier: Decimal,
    /// μ in price per hour (eq. 5); zero while the market is younger than T + 1 h.
    pub momentum: SignedDecimal,
    /// Reference of the price limiter.
    pub reference: Decimal,
    /// Lowest base price a sale may lead to.
    pub band_low: Decimal,
    /// Highest base price a purchase may lead to.
    pub band_high: Decimal,
    /// Surcharge on a purchase now, of 1.0.
    pub buy_surcharge: Decimal,
    /// Surcharge on a sale now, of 1.0.
    pub sell_surcharge: Decimal,
    /// Fee now, launch fee included, of 1.0.
    pub fee: Decimal,
    /// Output differential in −100 … 100: 100·(M* − B)/(M* + B), rounded half away from zero.
    pub differential: i32,
}

/// One point of the curve.
#[cw_serde]
#[derive(Eq)]
pub struct CurvePoint {
    /// Supply in token base units.
    pub supply: Uint128,
    /// Base price.
    pub base: Decimal,
}

/// The curve as points from 0 to the maximum supply.
#[cw_serde]
#[derive(Eq)]
pub struct CurveResponse {
    /// Where the market stands now.
    pub supply: Uint128,
    /// The points.
    pub points: Vec<CurvePoint>,
}

/// A time-weighted average price.
#[cw_serde]
#[derive(Eq)]
pub struct TwapResponse {
    /// Average base price.
    pub price: Decimal,
    /// Over how long, seconds.
    pub window_secs: u64,
}

/// Why the spot price moved; `before + fees_and_burn + multiplier + flow = now`, exactly.
#[cw_serde]
#[derive(Eq)]
pub struct ExplainResponse {
    /// The observation that `since` rounded down to.
    pub since: Timestamp,
    /// Spot price then.
    pub before: SignedDecimal,
    /// Spot price now.
    pub now: SignedDecimal,
    /// Moved by what streamed into the reserve: fees, surcharges, burns, revenue.
    pub fees_and_burn: SignedDecimal,
    /// Moved by the success multiplier.
    pub multiplier: SignedDecimal,
    /// Moved by trades and emission.
    pub flow: SignedDecimal,
}

/// Where the market's money is. The bank balance is at least the sum of all.
#[cw_serde]
#[derive(Eq)]
pub struct LedgersResponse {
    /// R: what sales are paid from.
    pub reserve: Uint128,
    /// Streams into the reserve.
    pub pending: Uint128,
    /// When the stream ends.
    pub pending_ends_at: Timestamp,
    /// For block rewards.
    pub rewards: Uint128,
    /// For the provenance contract.
    pub provenance: Uint128,
    /// For the creator.
    pub treasury: Uint128,
}

/// Vesting of one kind of token.
#[cw_serde]
#[derive(Eq)]
pub struct VestingState {
    /// Not yet vested.
    pub vesting: Uint128,
    /// Vested since opening, claimed or not.
    pub vested: Uint128,
    /// Claimed since opening.
    pub claimed: Uint128,
    /// When what is there will have vested.
    pub ends_at: Timestamp,
}

/// What one beneficiary may claim.
#[cw_serde]
#[derive(Eq)]
pub struct Claimable {
    /// Who.
    pub address: Addr,
    /// How much now; zero before the cliff.
    pub amount: Uint128,
}

/// Vesting of the market.
#[cw_serde]
#[derive(Eq)]
pub struct VestingResponse {
    /// Nothing is claimable before.
    pub cliff_at: Timestamp,
    /// Locked for ever.
    pub floor: Uint128,
    /// Initial tokens of the creator.
    pub initial: VestingState,
    /// Stakeholder tokens.
    pub stakeholders: VestingState,
    /// Per beneficiary, both kinds together.
    pub claimable: Vec<Claimable>,
}

/// Launch lock of an account.
#[cw_serde]
#[derive(Eq)]
pub struct LocksResponse {
    /// Tokens that cannot move yet.
    pub locked: Uint128,
    /// When they can.
    pub unlocks_at: Timestamp,
}

/// An account's tokens.
#[cw_serde]
#[derive(Eq)]
pub struct AccountResponse {
    /// All in the account: `locked + free`.
    pub balance: Uint128,
    /// Bought in the launch and not unlocked yet.
    pub locked: Uint128,
    /// Can be sold and transferred.
    pub free: Uint128,
    /// Vested and not claimed yet; not part of `balance`.
    pub vested: Uint128,
}

/// Trading in one epoch; opening, emission and burns do not count.
#[cw_serde]
#[derive(Eq)]
pub struct EpochStatsResponse {
    /// Number of the epoch.
    pub epoch: u32,
    /// Σ cost of purchases + Σ gross of sales.
    pub volume: Uint128,
    /// Σ fees, launch fees included, surcharges not.
    pub fees: Uint128,
    /// Purchases and sales.
    pub trades: u32,
    /// Accounts that traded.
    pub traders: u32,
    /// Tokens minted by `emit`.
    pub emitted: Uint128,
}

/// What was fixed at opening, and the last report.
#[cw_serde]
#[derive(Eq)]
pub struct ConfigResponse {
    /// Creator.
    pub creator: Addr,
    /// Reports metrics.
    pub metrics_source: Addr,
    /// Spends the rewards ledger.
    pub rewards: Addr,
    /// Withdraws the provenance ledger.
    pub provenance: Addr,
    /// Denom of the reserve.
    pub reserve_denom: String,
    /// When the market opened.
    pub opened_at: Timestamp,
    /// When launch-locked tokens unlock.
    pub unlocks_at: Timestamp,
    /// The economy.
    pub params: MarketParams,
    /// The last reported metrics, if any.
    pub metrics: Option<Metrics>,
}

/// Response data of `emit`.
#[cw_serde]
#[derive(Eq)]
pub struct EmitData {
    /// Taken from the rewards ledger.
    pub spent: Uint128,
    /// Minted to the caller.
    pub tokens_out: Uint128,
}

/// Response data of `withdraw_ledger`.
#[cw_serde]
#[derive(Eq)]
pub struct WithdrawData {
    /// Paid out.
    pub amount: Uint128,
}
