//! Events of the registry.

use cosmwasm_std::{Decimal, Uint128};

use crate::event::typed_events;

typed_events! {
    /// A model was opened.
    ModelOpened = "model_opened" {
        /// Its number.
        number: u32,
        /// Its market.
        model: String,
        /// Who.
        creator: String,
        /// Token symbol.
        symbol: String,
        /// Slugs with commas between.
        use_cases: String,
        /// Market:bps of each parent, with commas between.
        parents: String,
        /// What it asks of models built on it.
        royalty_bps: u16,
        /// Block rewards per volume.
        reward_rate: Decimal,
        /// What was burned.
        fee: Uint128,
        /// Denom of it.
        fee_denom: String,
    }

    /// What is said of a model changed.
    ModelUpdated = "model_updated" {
        /// Its market.
        model: String,
        /// SHA-256 of its weights.
        weights_hash: String,
        /// Slugs with commas between.
        use_cases: String,
    }

    /// A model's record was offered.
    ModelOffered = "model_offered" {
        /// Its market.
        model: String,
        /// To whom; empty for an offer that ended.
        to: String,
    }

    /// A model's record has another owner.
    ModelHandedOver = "model_handed_over" {
        /// Its market.
        model: String,
        /// Who had it.
        from: String,
        /// Who has it.
        to: String,
    }

    /// Two models were connected.
    ModelsConnected = "models_connected" {
        /// The one that points.
        from: String,
        /// The one that is pointed at.
        to: String,
        /// Why.
        kind: String,
        /// The h-index of the creator of `to` from now on.
        h: u32,
    }

    /// A connection ended.
    ModelsDisconnected = "models_disconnected" {
        /// The one that pointed.
        from: String,
        /// The one that was pointed at.
        to: String,
        /// Why.
        kind: String,
        /// The h-index of the creator of `to` from now on.
        h: u32,
    }
}
