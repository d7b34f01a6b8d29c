//! Provenance's books: what each model has earned, where it is, and what each NFT has earned of it.
//!
//! A payment is split by the terms that the registry's events say, so each part of it is recomputed;
//! an NFT's earnings are Σ holders' part · its weight ÷ all weights, as a fraction, and what it was
//! paid must be that within one unit.

mod nft;
mod offers;
mod revenue;
mod shares;

use std::collections::{BTreeMap, BTreeSet};

use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::provenance::{
    ContributionBurned, ContributionMinted, ContributionOffered, EarningsClaimed, OfferConcluded,
    RevenueForwarded, RevenueShared, RoyaltyPaid, ScoreCommitted, ScoreRevealed, WitnessesDrawn,
};

use crate::crossing::Crossings;
use crate::finding::Notes;
use crate::registry::RegistryBooks;
use crate::Entry;

pub use offers::OfferBooks;
pub use shares::{Pool, Share};

/// Provenance's books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProvenanceBooks {
    /// Models by market.
    pub models: BTreeMap<String, RevenueBooks>,
    /// NFTs by id, burned ones included.
    pub tokens: BTreeMap<String, TokenBooks>,
    /// Offers by number.
    pub offers: BTreeMap<u64, OfferBooks>,
    /// Royalties that must still be said to be paid, by model, parent and amount: of the last
    /// payment that was shared out.
    owed_royalties: Vec<(String, String, u128)>,
    /// Σ of them where the terms are unknown.
    owed_royalty: u128,
    /// The payment of a user in the transaction under way.
    pub(crate) last_usage: Option<Usage>,
    /// Who else may move an NFT: NFT and spender.
    approvals: BTreeSet<(String, String)>,
    /// Who may move all NFTs of a holder: holder and operator.
    operators: BTreeSet<(String, String)>,
}

/// A payment of a user, of which training is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    /// The model.
    pub(crate) model: String,
    /// Who paid.
    pub(crate) payer: String,
    /// What of it cannot return to the payer.
    pub(crate) reserve: u128,
}

/// What a model has earned, and where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevenueBooks {
    /// Denom; empty before the first income.
    pub denom: String,
    /// Paid by users.
    pub usage: u128,
    /// Royalties that were shared out.
    pub royalties: u128,
    /// Trade fees.
    pub fees: u128,
    /// Royalties that were not shared out.
    pub undistributed: u128,
    /// Waits for the reserve.
    pub reserve: u128,
    /// Waits for the owner.
    pub owner: u128,
    /// Shared out to NFTs and not paid.
    pub holders: u128,
    /// Went to the reserve.
    pub to_reserve: u128,
    /// Went to owners.
    pub to_owner: u128,
    /// Went to holders.
    pub to_holders: u128,
    /// Weights, and what a weight has got.
    pub pool: Pool,
}

/// An NFT.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenBooks {
    /// Its model.
    pub model: String,
    /// Who contributed.
    pub contributor: String,
    /// Who holds it; nobody once it is burned.
    pub holder: Option<String>,
    /// Ids of contributions that it is built on, with commas between.
    pub parents: String,
    /// Its share.
    pub share: Share,
    /// What it was paid.
    pub paid: u128,
    /// What it earned until it was burned.
    earned: Option<u128>,
}

impl ProvenanceBooks {
    /// What an NFT has earned, paid or not, rounded down to a unit.
    #[must_use]
    pub fn earned(&self, token_id: &str) -> u128 {
        let Some(token) = self.tokens.get(token_id) else { return 0 };
        let pool = self.models.get(&token.model).map(|model| &model.pool);
        token.earned.unwrap_or_else(|| pool.map_or(0, |pool| pool.earned(&token.share)))
    }

    /// What an NFT could claim now, royalties that wait at its model included.
    #[must_use]
    pub fn claimable(&self, token_id: &str) -> u128 {
        let Some(token) = self.tokens.get(token_id) else { return 0 };
        let Some(model) = self.models.get(&token.model) else { return 0 };
        let mut pool = model.pool.clone();
        pool.share_out(revenue::to_holders(model.undistributed));
        pool.earned(&token.share).saturating_sub(token.paid)
    }

    /// What the contract's account at the bank must hold of a denom.
    #[must_use]
    pub fn money(&self, denom: &str) -> u128 {
        let models = self.models.values().filter(|model| model.denom == denom);
        let ledgers = models.flat_map(|m| [m.undistributed, m.reserve, m.owner, m.holders]);
        let open = self.offers.values().filter(|offer| offer.denom == denom && !offer.concluded);
        ledgers.chain(open.map(|offer| offer.fee)).fold(0, u128::saturating_add)
    }
}

/// What booking needs besides the event.
pub(crate) struct World<'a> {
    /// Terms of models; none where no registry is audited.
    pub(crate) registry: Option<&'a RegistryBooks>,
    /// What crosses to other contracts.
    pub(crate) crossings: &'a mut Crossings,
    /// The action under way.
    pub(crate) action: &'a str,
}

/// Books the attributes of an action.
pub(crate) fn action(books: &mut ProvenanceBooks, entry: &Entry, notes: &mut Notes) {
    settle_royalties(books, notes);
    nft::action(books, entry, entry.attribute("action").unwrap_or_default(), notes);
}

/// Books a typed event.
pub(crate) fn fact(
    books: &mut ProvenanceBooks,
    world: &mut World,
    entry: &Entry,
    kind: &str,
    notes: &mut Notes,
) -> Result<(), EventError> {
    let event = &entry.event;
    if kind != RoyaltyPaid::TYPE {
        settle_royalties(books, notes);
    }
    match kind {
        ContributionMinted::TYPE => nft::minted(books, world, event.try_into()?, notes),
        RevenueShared::TYPE => revenue::shared(books, world, &event.try_into()?, notes),
        RoyaltyPaid::TYPE => revenue::royalty(books, &event.try_into()?, notes),
        EarningsClaimed::TYPE => nft::claimed(books, &event.try_into()?, notes),
        RevenueForwarded::TYPE => revenue::forwarded(books, world, &event.try_into()?, notes),
        ContributionBurned::TYPE => nft::burned(books, &event.try_into()?, notes),
        ContributionOffered::TYPE => offers::offered(books, event.try_into()?, notes),
        WitnessesDrawn::TYPE => offers::drawn(books, &event.try_into()?, notes),
        ScoreCommitted::TYPE => offers::committed(books, &event.try_into()?, notes),
        ScoreRevealed::TYPE => offers::revealed(books, &event.try_into()?, notes),
        OfferConcluded::TYPE => offers::concluded(books, &event.try_into()?, notes),
        _ => notes.note("the event's type", "one of provenance", kind),
    }
    Ok(())
}

/// Royalties of a payment are said right after it.
pub(crate) fn settle_royalties(books: &mut ProvenanceBooks, notes: &mut Notes) {
    for (_, parent, amount) in std::mem::take(&mut books.owed_royalties) {
        notes.note(format!("royalty of {parent}"), amount, 0);
    }
    let left = std::mem::take(&mut books.owed_royalty);
    if left > 0 {
        notes.note("royalties said to be paid", left, 0);
    }
}
