//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128};
use cw_storage_plus::{Bound, Item, Map};
use modelbond_economy::work::{Line, Segment};
use modelbond_interface::rewards::Budget;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// The registry.
    pub registry: Addr,
    /// Training.
    pub training: Addr,
}

/// Set at instantiation, never changed.
pub const CONFIG: Item<Config> = Item::new("config");

/// Where a model's rewards stand.
#[cw_serde]
#[derive(Default)]
pub struct Model {
    /// End of the last closed segment, and start of the open one. Moves with the first settlement of an
    /// epoch.
    pub closed: u64,
    /// End of the open segment; the same if there is none. Moves with the first settlement of an epoch.
    pub cut: u64,
    /// Tokens here that belong to operators. Grows with what is bought, shrinks with what is paid.
    pub owed: Uint128,
    /// The last settled epoch's budget.
    pub budget: Option<Budget>,
}

impl Model {
    /// How far its line of work is cut.
    #[must_use]
    pub fn line(&self) -> Line {
        Line { closed: self.closed, cut: self.cut }
    }
}

/// Market → where its rewards stand. Appears with the first settlement, stays.
pub const MODELS: Map<&Addr, Model> = Map::new("models");

/// A piece of the line of work. Where it ends is its key.
#[cw_serde]
pub struct StoredSegment {
    /// Where it begins.
    pub start: u64,
    /// The market's epoch whose volume pays it.
    pub epoch: u32,
    /// Tokens bought for it. Grows while it is open.
    pub tokens: Uint128,
    /// Work of it that was paid. Grows once it is closed.
    pub paid_work: u64,
}

impl StoredSegment {
    /// What it pays.
    #[must_use]
    pub fn shares(&self, end: u64) -> Segment {
        Segment {
            work: end.saturating_sub(self.start),
            tokens: self.tokens.u128(),
            paid_work: self.paid_work,
        }
    }
}

/// Market, end → segment. Appears with the first settlement of an epoch before which there was work. One that
/// got no tokens goes when the next one is cut, of which it becomes a part; all others stay.
pub const SEGMENTS: Map<(&Addr, u64), StoredSegment> = Map::new("segments");

/// Market, operator, work of the model before the round → seats that are not paid. Appears with a credit, goes
/// when it is paid.
pub const PIECES: Map<(&Addr, &Addr, u64), u32> = Map::new("pieces");

/// A model, where it stands before it was ever settled if it was not.
pub(crate) fn model_of(storage: &dyn Storage, model: &Addr) -> StdResult<Model> {
    Ok(MODELS.may_load(storage, model)?.unwrap_or_default())
}

/// The segment that a place on the line lies in, and where it ends; none where it is not cut yet.
pub(crate) fn segment_at(
    storage: &dyn Storage,
    model: &Addr,
    offset: u64,
) -> StdResult<Option<(u64, StoredSegment)>> {
    let after = Some(Bound::exclusive(offset));
    let mut found =
        SEGMENTS.prefix(model).range(storage, after, None, cosmwasm_std::Order::Ascending);
    found.next().transpose()
}

/// The open segment of a model that has one.
pub(crate) fn open_segment(
    storage: &dyn Storage,
    address: &Addr,
    model: &Model,
) -> StdResult<Option<StoredSegment>> {
    if !model.line().is_open() {
        return Ok(None);
    }
    let found = SEGMENTS.may_load(storage, (address, model.cut))?;
    found.map(Some).ok_or_else(|| StdError::not_found("the open segment"))
}
