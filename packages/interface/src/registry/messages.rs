//! Messages and queries of the registry.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Coin, Decimal};

use super::{
    Category, ConfigResponse, ConnectionsResponse, HIndexResponse, ModelAddressResponse,
    ModelHIndexResponse, ModelResponse, ModelsResponse, UseCase, UseCasesResponse,
};
use crate::hash::Hash32;
use crate::market::{MarketParams, Marketing};

/// Makes the registry. Nothing of this can be changed.
#[cw_serde]
pub struct InstantiateMsg {
    /// Code of markets.
    pub market_code_id: u64,
    /// `metrics_source` of every market.
    pub training: String,
    /// `rewards` of every market.
    pub rewards: String,
    /// `provenance` of every market.
    pub provenance: String,
    /// What opening a model costs; it is burned. An amount of 0 means nothing.
    pub fee: Coin,
}

/// What can be said of a model, and changed by its owner.
#[cw_serde]
#[derive(Eq)]
pub struct Metadata {
    /// SHA-256 of the weights that the owner published last. What training makes of them is in its run.
    pub weights_hash: Hash32,
    /// SPDX licence expression, 1 to 64 bytes.
    pub licence: String,
    /// One paragraph, at most 1,000 bytes.
    pub description: String,
    /// Where to read more: at most 256 bytes, `https://` or `ipfs://`.
    pub uri: Option<String>,
    /// Slug of its channel on Are.na: lower-case letters, digits, hyphens, at most 128 bytes.
    pub arena_channel: Option<String>,
}

/// A parent, as the opener names it.
#[cw_serde]
#[derive(Eq)]
pub struct Parent {
    /// The parent's market: a model of this registry with the same reserve denom.
    pub model: String,
    /// What it gets of this model's revenue, in 1/10,000: at least what it asks for.
    pub royalty_bps: u16,
}

/// What opens a model.
#[cw_serde]
pub struct OpenModel {
    /// Token name, 3 to 50 bytes.
    pub name: String,
    /// Token symbol, as the market wants it. One creator has it once.
    pub symbol: String,
    /// The one native denom of the market.
    pub reserve_denom: String,
    /// The market's economy.
    #[serde(deserialize_with = "crate::apart::read")]
    pub params: MarketParams,
    /// The token's marketing record.
    pub marketing: Option<Marketing>,
    /// What it is.
    pub metadata: Metadata,
    /// 1 to 5 different ones.
    pub use_cases: Vec<UseCase>,
    /// At most 16 different ones; all royalties together at most 5,000.
    pub parents: Vec<Parent>,
    /// What models built on this one must pay it at least, in 1/10,000 of their revenue: at most 5,000.
    pub royalty_bps: u16,
    /// Block rewards per volume, at most fee × rewards' part of the fee, which is the default.
    pub reward_rate: Option<Decimal>,
}

/// Why a model points at another.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ConnectionKind {
    /// It is made out of it. For a parent, which a royalty was agreed with, the connection comes with the model
    /// and stays; others may be made and ended.
    Derived,
    /// It learns from its data.
    UsesData,
    /// It refers to it.
    Cites,
    /// It puts it to use.
    Deploys,
}

impl ConnectionKind {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Derived, Self::UsesData, Self::Cites, Self::Deploys];

    /// Its name in JSON, events and texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Derived => "derived",
            Self::UsesData => "uses_data",
            Self::Cites => "cites",
            Self::Deploys => "deploys",
        }
    }
}

/// Messages. No coins may be attached to any but `open_model`.
#[cw_serde]
pub enum ExecuteMsg {
    /// Opens a model and its market, of which the sender is the creator. Anyone may. Attached: the fee,
    /// and what the initial supply costs; the market gives back to the sender what is too much.
    OpenModel(Box<OpenModel>),
    /// Replaces what is said of a model. By its owner.
    UpdateModel {
        /// The market.
        model: String,
        /// All of it.
        metadata: Metadata,
        /// All of them, 1 to 5.
        use_cases: Vec<UseCase>,
    },
    /// Offers a model's record, with what its revenue leaves to the owner, to somebody; nobody ends an
    /// offer. The market's treasury and vesting stay with the creator. By the owner.
    OfferModel {
        /// The market.
        model: String,
        /// To whom.
        to: Option<String>,
    },
    /// Takes what was offered. By whom it was offered to.
    AcceptModel {
        /// The market.
        model: String,
    },
    /// Connects two models. By the owner of `from`.
    Connect {
        /// Market of the model that points.
        from: String,
        /// Market of the model that is pointed at; another one.
        to: String,
        /// Why.
        kind: ConnectionKind,
    },
    /// Ends a connection; not `derived` of a parent. By the owner of `from`.
    Disconnect {
        /// Market of the model that points.
        from: String,
        /// Market of the model that is pointed at.
        to: String,
        /// Why.
        kind: ConnectionKind,
    },
}

/// Which end of a connection is given.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Direction {
    /// Connections that point at the model.
    To,
    /// Connections of the model.
    From,
}

/// Which models are asked for.
#[cw_serde]
#[derive(Eq)]
pub enum ModelFilter {
    /// Opened by this address.
    Creator(String),
    /// With this use case.
    UseCase(UseCase),
    /// With a use case of this category.
    Category(Category),
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What was fixed at instantiation.
    #[returns(ConfigResponse)]
    Config {},
    /// A model.
    #[returns(ModelResponse)]
    Model {
        /// Its market.
        model: String,
    },
    /// Models in the order in which they were opened; all, or some.
    #[returns(ModelsResponse)]
    Models {
        /// Which.
        filter: Option<ModelFilter>,
        /// Number after which to start.
        start_after: Option<u32>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// The address of a market that is, or would be, opened.
    #[returns(ModelAddressResponse)]
    ModelAddress {
        /// Who opens it.
        creator: String,
        /// Its symbol.
        symbol: String,
    },
    /// Connections of a model, by the number of the other one.
    #[returns(ConnectionsResponse)]
    Connections {
        /// The market.
        model: String,
        /// Which end it is.
        direction: Direction,
        /// Number of the other model after which to start.
        start_after: Option<u32>,
        /// 10 by default, at most 30.
        limit: Option<u32>,
    },
    /// A creator's h-index: h of their models are each connected from h models or more of other creators.
    #[returns(HIndexResponse)]
    HIndex {
        /// The creator.
        creator: String,
    },
    /// A model's h-index: h of its contributions are each built on by h contributions or more of other
    /// people. Kept by provenance, which is asked.
    #[returns(ModelHIndexResponse)]
    ModelHIndex {
        /// The market.
        model: String,
    },
    /// The table of use cases, with how many models have each.
    #[returns(UseCasesResponse)]
    UseCases {
        /// Only of this category.
        category: Option<Category>,
    },
}
