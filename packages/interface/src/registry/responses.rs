//! Answers of the registry.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, HexBinary, Timestamp};

use super::{Category, ConnectionKind, Metadata, ModelTerms, UseCase};

/// What was fixed at instantiation.
#[cw_serde]
#[derive(Eq)]
pub struct ConfigResponse {
    /// Code of markets.
    pub market_code_id: u64,
    /// SHA-256 of that code.
    pub market_checksum: HexBinary,
    /// Training.
    pub training: Addr,
    /// Rewards.
    pub rewards: Addr,
    /// Provenance.
    pub provenance: Addr,
    /// What opening a model costs.
    pub fee: Coin,
    /// Models so far.
    pub models: u32,
}

/// A model.
#[cw_serde]
#[derive(Eq)]
pub struct ModelResponse {
    /// Its number, from 1, in the order of opening.
    pub number: u32,
    /// Its market, which is its token.
    pub model: Addr,
    /// Token name.
    pub name: String,
    /// Token symbol.
    pub symbol: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// What other contracts know of it.
    pub terms: ModelTerms,
    /// To whom its record is offered.
    pub offered_to: Option<Addr>,
    /// What it is.
    pub metadata: Metadata,
    /// What it is for.
    pub use_cases: Vec<UseCase>,
    /// Models of other creators that are connected to it: what the h-index counts.
    pub citations: u32,
}

/// Models.
#[cw_serde]
#[derive(Eq)]
pub struct ModelsResponse {
    /// By number.
    pub models: Vec<ModelResponse>,
}

/// Where a market is, or would be.
#[cw_serde]
#[derive(Eq)]
pub struct ModelAddressResponse {
    /// Its address.
    pub model: Addr,
    /// Whether it is there.
    pub opened: bool,
}

/// A connection.
#[cw_serde]
#[derive(Eq)]
pub struct Connection {
    /// Market of the model that points.
    pub from: Addr,
    /// Market of the model that is pointed at.
    pub to: Addr,
    /// Number of the other model, for the next page.
    pub number: u32,
    /// Why; at least one.
    pub kinds: Vec<ConnectionKind>,
}

/// Connections.
#[cw_serde]
#[derive(Eq)]
pub struct ConnectionsResponse {
    /// By number of the other model.
    pub connections: Vec<Connection>,
}

/// A creator's h-index.
#[cw_serde]
#[derive(Eq)]
pub struct HIndexResponse {
    /// h.
    pub h: u32,
    /// Models of the creator.
    pub models: u32,
    /// Citations of all of them.
    pub citations: u32,
}

/// A model's h-index.
#[cw_serde]
#[derive(Eq)]
pub struct ModelHIndexResponse {
    /// h.
    pub h: u32,
    /// Contributions that somebody else built on.
    pub used: u32,
}

/// A row of the table.
#[cw_serde]
#[derive(Eq)]
pub struct UseCaseRow {
    /// Its slug.
    pub use_case: UseCase,
    /// Its category.
    pub category: Category,
    /// As the paper writes it.
    pub name: String,
    /// Starred in the paper.
    pub featured: bool,
    /// Models that have it.
    pub models: u32,
}

/// The table.
#[cw_serde]
#[derive(Eq)]
pub struct UseCasesResponse {
    /// In its order.
    pub use_cases: Vec<UseCaseRow>,
}
