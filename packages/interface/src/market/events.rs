//! Events of the market: its ledger, for whoever recomputes it. Token transfers are booked by
//! cw20's own attributes.

use cosmwasm_std::{Decimal, Uint128};

use crate::event::typed_events;

typed_events! {
    /// A market opened; the initial supply was bought.
    MarketOpened = "market_opened" {
        /// Owner of the treasury ledger.
        creator: String,
        /// Denom of the reserve.
        reserve_denom: String,
        /// S₀.
        initial_supply: Uint128,
        /// Its price, all to the reserve.
        cost: Uint128,
        /// Given back to the creator.
        refund: Uint128,
    }

    /// A purchase. `amount_in = to_reserve + to_treasury + fee + surcharge + dust`.
    MarketBought = "market_bought" {
        /// Who paid.
        buyer: String,
        /// Who got the tokens.
        recipient: String,
        /// Paid, refund excluded.
        amount_in: Uint128,
        /// Given back.
        refund: Uint128,
        /// Buyer's tokens.
        tokens_out: Uint128,
        /// Stakeholders' tokens.
        stakeholder_tokens: Uint128,
        /// Price on the curve, to reserve and treasury.
        cost: Uint128,
        /// Of the cost, to the reserve.
        to_reserve: Uint128,
        /// Fee, launch fee included.
        fee: Uint128,
        /// Of the fee, to pending.
        fee_to_pending: Uint128,
        /// Of the fee, to the rewards ledger.
        fee_to_rewards: Uint128,
        /// Of the fee, to the provenance ledger.
        fee_to_provenance: Uint128,
        /// Of the fee, to the treasury ledger.
        fee_to_treasury: Uint128,
        /// Momentum surcharge, to pending.
        surcharge: Uint128,
        /// Unrefunded remainder, to pending.
        dust: Uint128,
        /// Of the tokens, locked until the lock-up ends.
        locked: Uint128,
        /// Supply after.
        supply: Uint128,
        /// Reserve after.
        reserve: Uint128,
    }

    /// A sale. `gross = reserve_out + burned + fee + surcharge`.
    MarketSold = "market_sold" {
        /// Who sold.
        seller: String,
        /// Tokens.
        tokens_in: Uint128,
        /// Left the reserve.
        gross: Uint128,
        /// Paid to the seller.
        reserve_out: Uint128,
        /// Burn rate, to pending.
        burned: Uint128,
        /// Fee, launch fee included.
        fee: Uint128,
        /// Of the fee, to pending.
        fee_to_pending: Uint128,
        /// Of the fee, to the rewards ledger.
        fee_to_rewards: Uint128,
        /// Of the fee, to the provenance ledger.
        fee_to_provenance: Uint128,
        /// Of the fee, to the treasury ledger.
        fee_to_treasury: Uint128,
        /// Momentum surcharge, to pending.
        surcharge: Uint128,
        /// Supply after.
        supply: Uint128,
        /// Reserve after.
        reserve: Uint128,
    }

    /// Tokens burned through cw20.
    MarketBurned = "market_burned" {
        /// Whose tokens.
        owner: String,
        /// Tokens.
        amount: Uint128,
        /// Their value, from reserve to pending.
        gross: Uint128,
        /// Supply after.
        supply: Uint128,
        /// Reserve after.
        reserve: Uint128,
    }

    /// Metrics were reported.
    MarketMetricsReported = "market_metrics_reported" {
        /// m₁.
        accuracy: Decimal,
        /// m₂.
        adoption: Decimal,
        /// m₃.
        improvement: Decimal,
        /// m₄.
        growth: Decimal,
        /// M* of these metrics.
        target: Decimal,
        /// M at this moment.
        multiplier: Decimal,
        /// Whether the target was far enough from the last accepted one to be followed.
        accepted: bool,
    }

    /// Block rewards were bought on the curve.
    MarketEmitted = "market_emitted" {
        /// Epoch.
        epoch: u32,
        /// From the rewards ledger to the reserve.
        spent: Uint128,
        /// Minted to the rewards contract.
        tokens_out: Uint128,
        /// Supply after.
        supply: Uint128,
        /// Reserve after.
        reserve: Uint128,
    }

    /// A ledger was paid out.
    MarketLedgerWithdrawn = "market_ledger_withdrawn" {
        /// `treasury` or `provenance`.
        ledger: String,
        /// Receiver.
        recipient: String,
        /// Amount.
        amount: Uint128,
    }

    /// Somebody funded the reserve.
    MarketFunded = "market_funded" {
        /// Who.
        funder: String,
        /// How much, to pending.
        amount: Uint128,
    }

    /// Vested tokens were credited.
    MarketVestedClaimed = "market_vested_claimed" {
        /// Beneficiary.
        beneficiary: String,
        /// Tokens.
        amount: Uint128,
    }
}
