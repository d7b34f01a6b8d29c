//! What is stored of offers, and where they stand.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Storage, Timestamp};
use cw_storage_plus::{Item, Map};
use modelbond_economy::offer::Finding;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{Offered, Score, OFFER_SECS};

use crate::ContractError;

/// What an offer is. Never changes.
#[cw_serde]
pub(crate) struct Offer {
    /// What is offered. Its model and contributor are addresses that were checked.
    pub(crate) offered: Offered,
    /// Who sent it.
    pub(crate) sender: Addr,
    /// The ledger: it is here until the offer is concluded.
    pub(crate) fee: Coin,
    /// When it was offered.
    pub(crate) offered_at: Timestamp,
    /// The time whose beacon round counts.
    pub(crate) draws_at: Timestamp,
    /// The model's run.
    pub(crate) run_id: u64,
    /// The first round of it that had not opened.
    pub(crate) round_id: u64,
}

impl Offer {
    /// From when on it can no longer be drawn.
    pub(crate) fn expires_at(&self) -> Timestamp {
        let nanos = OFFER_SECS.saturating_mul(1_000_000_000);
        Timestamp::from_nanos(self.offered_at.nanos().saturating_add(nanos))
    }
}

/// Witnesses at work.
#[cw_serde]
#[derive(Copy)]
pub(crate) struct Panel {
    /// How many there are.
    pub(crate) drawn: u8,
    /// How many have committed.
    pub(crate) committed: u8,
    /// How many have revealed.
    pub(crate) revealed: u8,
    /// Until when they commit.
    pub(crate) commit_until: Timestamp,
    /// Until when they reveal.
    pub(crate) reveal_until: Timestamp,
}

impl Panel {
    /// Whether commits have ended: their time is over, or all are there.
    pub(crate) fn reveals(&self, now: Timestamp) -> bool {
        now >= self.commit_until || self.committed == self.drawn
    }

    /// Whether nothing more can be revealed.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now >= self.reveal_until || (self.reveals(now) && self.revealed == self.committed)
    }
}

/// Where an offer stands.
#[cw_serde]
#[derive(Copy)]
pub(crate) enum Standing {
    /// Its witnesses are not drawn.
    Waiting {},
    /// They are.
    Scoring(Panel),
    /// It is an NFT.
    Accepted {
        /// What they found.
        score: Score,
    },
    /// It is none.
    Rejected {},
}

/// Who has a seat. Never changes.
#[cw_serde]
pub(crate) struct Seat {
    /// The node.
    pub(crate) node_id: u64,
    /// Its owner.
    pub(crate) owner: Addr,
    /// The node's own account when it was drawn.
    pub(crate) account: Addr,
}

/// Offers so far.
pub(crate) const OFFER_COUNT: Item<u64> = Item::new("offer_count");

/// Number → offer. Appears with `contribute`, stays.
pub(crate) const OFFERS: Map<u64, Offer> = Map::new("offers");

/// Number → where it stands. Appears with `contribute`, stays.
pub(crate) const STANDINGS: Map<u64, Standing> = Map::new("standings");

/// Model, hash of data → the offer. Appears with `contribute`, goes when it is rejected.
pub(crate) const OFFERED: Map<(&Addr, &[u8]), u64> = Map::new("offered");

/// Sign bytes of a contributor's statement → the offer that it was for. Appears with `contribute`, stays.
pub(crate) const SIGNED: Map<&[u8], u64> = Map::new("signed");

/// Offer, slot → who. Appears with the draw, stays.
pub(crate) const SEATS: Map<(u64, u8), Seat> = Map::new("seats");

/// Offer, slot → what the witness committed to. Appears with the commit, stays.
pub(crate) const COMMITS: Map<(u64, u8), Hash32> = Map::new("commits");

/// Offer, slot → what it found. Appears with the reveal, stays.
pub(crate) const SCORES: Map<(u64, u8), Score> = Map::new("scores");

/// An offer.
pub(crate) fn offer_of(store: &dyn Storage, offer_id: u64) -> Result<Offer, ContractError> {
    OFFERS.may_load(store, offer_id)?.ok_or(ContractError::NoOffer { offer_id })
}

/// Where it stands.
pub(crate) fn standing_of(store: &dyn Storage, offer_id: u64) -> Result<Standing, ContractError> {
    STANDINGS.may_load(store, offer_id)?.ok_or(ContractError::NoOffer { offer_id })
}

/// A score as the rules know it.
pub(crate) fn finding(score: Score) -> Finding {
    let Score { quality, improvement } = score;
    Finding { quality, improvement }
}

/// The reverse.
pub(crate) fn score(finding: Finding) -> Score {
    let Finding { quality, improvement } = finding;
    Score { quality, improvement }
}
