//! What is stored. The name and layout of [`TERMS`] are the interface's: provenance and rewards read it in
//! place. Models are known by their numbers everywhere else, as a byte of a key costs as much as a byte
//! of a value.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Decimal, Deps, Empty, HexBinary, Order, Storage, Timestamp};
use cw_storage_plus::{Item, Map};
use modelbond_economy::h_index::HIndex;
use modelbond_interface::hash::Hash32;
use modelbond_interface::registry::{self, Metadata, ModelTerms, ParentTerms, UseCase};

use crate::kinds::Kinds;
use crate::ContractError;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// Training.
    pub training: Addr,
    /// Rewards.
    pub rewards: Addr,
    /// Provenance.
    pub provenance: Addr,
    /// Code of markets.
    pub market_code_id: u64,
    /// SHA-256 of that code.
    pub market_checksum: HexBinary,
    /// What opening a model costs.
    pub fee: Coin,
}

/// A model. Market, name, symbol and time of opening never change. Stored as the list of its fields, without
/// their names.
#[cw_serde]
#[serde(from = "ModelFields", into = "ModelFields")]
pub struct StoredModel {
    /// Its market.
    pub model: Addr,
    /// Token name.
    pub name: String,
    /// Token symbol.
    pub symbol: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// What it is.
    pub metadata: Metadata,
    /// Numbers of its use cases, 1 to 5.
    pub use_cases: Vec<u8>,
}

impl StoredModel {
    /// Its use cases. Numbers never leave the table.
    pub(crate) fn use_cases(&self) -> impl Iterator<Item = UseCase> + '_ {
        self.use_cases.iter().filter_map(|number| UseCase::of_number(*number))
    }
}

/// The fields of a [`StoredModel`], in order, those of its metadata among them.
pub type ModelFields = (
    Addr,
    String,
    String,
    Timestamp,
    Hash32,
    String,
    String,
    Option<String>,
    Option<String>,
    Vec<u8>,
);

impl From<ModelFields> for StoredModel {
    fn from(fields: ModelFields) -> Self {
        let (
            model,
            name,
            symbol,
            opened_at,
            weights_hash,
            licence,
            description,
            uri,
            arena_channel,
            use_cases,
        ) = fields;
        let metadata = Metadata { weights_hash, licence, description, uri, arena_channel };
        Self { model, name, symbol, opened_at, metadata, use_cases }
    }
}

impl From<StoredModel> for ModelFields {
    fn from(stored: StoredModel) -> Self {
        let StoredModel { model, name, symbol, opened_at, metadata, use_cases } = stored;
        let Metadata { weights_hash, licence, description, uri, arena_channel } = metadata;
        (
            model,
            name,
            symbol,
            opened_at,
            weights_hash,
            licence,
            description,
            uri,
            arena_channel,
            use_cases,
        )
    }
}

/// Citations of a creator's models. Stored as the list of its fields.
#[cw_serde]
#[serde(from = "CreatorFields", into = "CreatorFields")]
#[derive(Copy, Default)]
pub struct Creator {
    /// Number of one of their models, by which they are known in [`CITED`]. Never changes.
    pub id: u32,
    /// Citations of all their models.
    pub citations: u32,
    /// Their h-index.
    pub h: u32,
    /// Their models with more than h citations.
    pub above: u32,
}

/// The fields of a [`Creator`], in order.
pub type CreatorFields = (u32, u32, u32, u32);

impl From<CreatorFields> for Creator {
    fn from((id, citations, h, above): CreatorFields) -> Self {
        Self { id, citations, h, above }
    }
}

impl From<Creator> for CreatorFields {
    fn from(Creator { id, citations, h, above }: Creator) -> Self {
        (id, citations, h, above)
    }
}

impl Creator {
    /// The h-index.
    pub(crate) fn index(&self) -> HIndex {
        HIndex { h: self.h, above: self.above }
    }

    /// The same with another h-index.
    pub(crate) fn with_index(self, HIndex { h, above }: HIndex) -> Self {
        Self { h, above, ..self }
    }
}

/// The terms of a model: those of the interface, and its number. Whoever reads [`ModelTerms`] in place
/// passes over the number, as over any field that it does not know.
#[cw_serde]
pub struct StoredTerms {
    /// Its number.
    pub number: u32,
    /// As [`ModelTerms`] has it.
    pub creator: Addr,
    /// As [`ModelTerms`] has it.
    pub owner: Addr,
    /// As [`ModelTerms`] has it.
    pub reserve_denom: String,
    /// As [`ModelTerms`] has it.
    pub reward_rate: Decimal,
    /// As [`ModelTerms`] has it.
    pub royalty_bps: u16,
    /// As [`ModelTerms`] has it.
    pub parents: Vec<ParentTerms>,
}

impl From<(u32, ModelTerms)> for StoredTerms {
    fn from((number, terms): (u32, ModelTerms)) -> Self {
        let ModelTerms { creator, owner, reserve_denom, reward_rate, royalty_bps, parents } = terms;
        Self { number, creator, owner, reserve_denom, reward_rate, royalty_bps, parents }
    }
}

impl From<StoredTerms> for (u32, ModelTerms) {
    fn from(stored: StoredTerms) -> Self {
        let StoredTerms { number, creator, owner, reserve_denom, .. } = stored;
        let (reward_rate, royalty_bps) = (stored.reward_rate, stored.royalty_bps);
        let parents = stored.parents;
        (number, ModelTerms { creator, owner, reserve_denom, reward_rate, royalty_bps, parents })
    }
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");

/// Models so far, which is also the number of the newest. Appears with the first one, grows by one with
/// each.
pub const COUNT: Item<u32> = Item::new("count");

/// Market → what other contracts must know of the model. Appears with `open_model`, changes its owner with
/// `accept_model`, never goes.
pub const TERMS: Map<&Addr, StoredTerms> = Map::new(registry::TERMS);

/// Model → what it is. Appears with `open_model`, changes with `update_model`, never goes.
pub const MODELS: Map<u32, StoredModel> = Map::new("models");

/// Model → to whom its record is offered. Appears with `offer_model`, goes with `accept_model` and with an
/// offer to nobody.
pub const OFFERS: Map<u32, Addr> = Map::new("offers");

/// Creator, model → how many models they had when it was opened, it included. Appears with `open_model`, never
/// changes.
pub const BY_CREATOR: Map<(&Addr, u32), u32> = Map::new("by_creator");

/// Creator → citations of their models. Appears with the first one, goes with the last.
pub const CREATORS: Map<&Addr, Creator> = Map::new("creators");

/// Use case, model → nothing: models with this use case. Appears with `open_model` and `update_model`, goes
/// with `update_model`.
pub const BY_USE_CASE: Map<(u8, u32), Empty> = Map::new("by_use_case");

/// Use case → how many models have it; none for 0. Together with [`BY_USE_CASE`].
pub const USE_CASES: Map<u8, u32> = Map::new("use_cases");

/// Model that points, model that is pointed at → why, never empty. Appears with the first connection of
/// the two and goes with the last; those of parents stay for ever.
pub const LINKS: Map<(u32, u32), Kinds> = Map::new("links");

/// Model that is pointed at, model that points → nothing. Together with [`LINKS`].
pub const BACKLINKS: Map<(u32, u32), Empty> = Map::new("backlinks");

/// Model → models of other creators that are connected to it; none for 0. Changes when such a pair appears
/// in [`LINKS`] or goes.
pub const CITATIONS: Map<u32, u32> = Map::new("citations");

/// Creator's id, citations → how many of their models have exactly so many, which are not 0; none for 0.
/// Together with [`CITATIONS`].
pub const CITED: Map<(u32, u32), u32> = Map::new("cited");

/// A model that is here.
pub(crate) struct Registered {
    pub(crate) model: Addr,
    pub(crate) number: u32,
    pub(crate) terms: ModelTerms,
}

impl Registered {
    /// The model of this market.
    pub(crate) fn load(deps: Deps, model: &str) -> Result<Self, ContractError> {
        let model = deps.api.addr_validate(model)?;
        let Some(stored) = TERMS.may_load(deps.storage, &model)? else {
            return Err(ContractError::UnknownModel { model });
        };
        let (number, terms) = stored.into();
        Ok(Self { model, number, terms })
    }

    /// Writes its terms.
    pub(crate) fn save_terms(&self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        let stored = StoredTerms::from((self.number, self.terms.clone()));
        Ok(TERMS.save(storage, &self.model, &stored)?)
    }

    /// Refuses who is not the owner.
    pub(crate) fn ensure_owner(&self, sender: &Addr) -> Result<(), ContractError> {
        if self.terms.owner == *sender {
            return Ok(());
        }
        let (model, owner) = (self.model.clone(), self.terms.owner.clone());
        Err(ContractError::NotOwner { model, owner, sender: sender.clone() })
    }
}

/// Models so far.
pub(crate) fn count(storage: &dyn Storage) -> Result<u32, ContractError> {
    Ok(COUNT.may_load(storage)?.unwrap_or_default())
}

/// Models of a creator.
pub(crate) fn models_of(storage: &dyn Storage, creator: &Addr) -> Result<u32, ContractError> {
    let mut last = BY_CREATOR.prefix(creator).range(storage, None, None, Order::Descending);
    Ok(last.next().transpose()?.map(|(_, models)| models).unwrap_or_default())
}

/// One more, where there is room for it.
pub(crate) fn one_more(what: &'static str, count: u32) -> Result<u32, ContractError> {
    count.checked_add(1).ok_or(ContractError::TooMany { what, most: u32::MAX })
}
