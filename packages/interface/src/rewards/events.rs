//! Events of rewards: its ledger, for whoever recomputes it.

use cosmwasm_std::Uint128;

use crate::event::typed_events;

typed_events! {
    /// The first settlement of an epoch: its budget.
    RewardsBudgeted = "rewards_budgeted" {
        /// The model.
        model: String,
        /// The epoch.
        epoch: u32,
        /// V.
        volume: Uint128,
        /// P_model, in millionths.
        performance: u64,
        /// What earlier epochs left.
        carry: Uint128,
        /// The market's rewards ledger.
        ledger: Uint128,
        /// What may be spent.
        budget: Uint128,
        /// Where the segment begins; the same as its end where there was no work.
        start: u64,
        /// Where it ends.
        end: u64,
    }

    /// Tokens were bought for the open segment.
    RewardsBought = "rewards_bought" {
        /// The model.
        model: String,
        /// The epoch.
        epoch: u32,
        /// Reserve spent.
        spent: Uint128,
        /// Tokens.
        tokens: Uint128,
    }

    /// Work of an operator was booked.
    WorkCredited = "work_credited" {
        /// The model.
        model: String,
        /// The operator.
        operator: String,
        /// Work of the model before its round.
        offset: u64,
        /// Seats.
        work: u32,
    }

    /// An operator was paid for a piece of work.
    RewardsPaid = "rewards_paid" {
        /// The model.
        model: String,
        /// The operator.
        operator: String,
        /// Work of the model before its round.
        offset: u64,
        /// Seats.
        work: u32,
        /// Tokens.
        tokens: Uint128,
    }
}
