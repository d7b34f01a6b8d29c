//! What is stored. The name and layout of [`TERMS`] are the interface's: provenance and rewards read it in
//! place. Models are known by their numbers everywhere else, as a byte of a key costs as much as a byte
//! of a value.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Deps, Empty, HexBinary, Storage, Timestamp};
use cw_storage_plus::{Item, Map};
use modelbond_economy::h_index::HIndex;
use modelbond_interface::registry::{self, Metadata, ModelTerms, UseCase};

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

/// A model. Market, name, symbol and time of opening never change.
#[cw_serde]
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

/// Who opened models, and how those are cited.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Creator {
    /// Number of the first of their models, by which they are known in [`BY_CREATOR`] and [`CITED`]. Never
    /// changes.
    pub id: u32,
    /// Their models; grows only.
    pub models: u32,
    /// Citations of all of them.
    pub citations: u32,
    /// Their h-index.
    pub h: u32,
    /// Their models with more than h citations.
    pub above: u32,
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

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");

/// Models so far, which is also the number of the newest. Appears with the first one, grows by one with
/// each.
pub const COUNT: Item<u32> = Item::new("count");

/// Market → what other contracts must know of the model. Appears with `open_model`, changes its owner with
/// `accept_model`, never goes.
pub const TERMS: Map<&Addr, ModelTerms> = Map::new(registry::TERMS);

/// Market → number of the model. Together with [`TERMS`], never changes.
pub const NUMBERS: Map<&Addr, u32> = Map::new("numbers");

/// Model → what it is. Appears with `open_model`, changes with `update_model`, never goes.
pub const MODELS: Map<u32, StoredModel> = Map::new("models");

/// Model → to whom its record is offered. Appears with `offer_model`, goes with `accept_model` and with an
/// offer to nobody.
pub const OFFERS: Map<u32, Addr> = Map::new("offers");

/// Creator → their counts. Appears with their first model, never goes.
pub const CREATORS: Map<&Addr, Creator> = Map::new("creators");

/// Creator's id, model → nothing: their models. Appears with `open_model`, never goes.
pub const BY_CREATOR: Map<(u32, u32), Empty> = Map::new("by_creator");

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
        let Some(terms) = TERMS.may_load(deps.storage, &model)? else {
            return Err(ContractError::UnknownModel { model });
        };
        let number = NUMBERS.load(deps.storage, &model)?;
        Ok(Self { model, number, terms })
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

/// One more, where there is room for it.
pub(crate) fn one_more(what: &'static str, count: u32) -> Result<u32, ContractError> {
    count.checked_add(1).ok_or(ContractError::TooMany { what, most: u32::MAX })
}
