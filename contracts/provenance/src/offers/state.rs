//! What is stored of offers, and where they stand.

use cosmwasm_std::{Addr, Storage, Timestamp};
use cw_storage_plus::Item;
use modelbond_economy::offer::Finding;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{Offered, Score, OFFER_SECS};

use crate::pack::{records, Pack, Table};
use crate::ContractError;

/// What an offer is. Never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What is offered. Its model and contributor are addresses that were checked.
    pub(crate) offered: Offered,
    /// Who sent it.
    pub(crate) sender: Addr,
    /// The ledger: it is here until the offer is concluded.
    pub(crate) fee: u128,
    /// Of what.
    pub(crate) denom: String,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its witnesses are not drawn.
    Waiting,
    /// They are.
    Scoring(Panel),
    /// It is an NFT.
    Accepted(Score),
    /// It is none.
    Rejected,
}

/// Who has a seat. Never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    /// The node.
    pub(crate) node_id: u64,
    /// Its owner.
    pub(crate) owner: Addr,
    /// The node's own account when it was drawn.
    pub(crate) account: Addr,
}

records! {
    Offer { offered sender fee denom offered_at draws_at run_id round_id }
    Offered { model contributor data data_hash parents }
    Panel { drawn committed revealed commit_until reveal_until }
    Score { quality improvement }
    Seat { node_id owner account }
}

impl Pack for Standing {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Waiting => to.push(0),
            Self::Scoring(panel) => {
                to.push(1);
                panel.pack(to);
            }
            Self::Accepted(score) => {
                to.push(2);
                score.pack(to);
            }
            Self::Rejected => to.push(3),
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        match u8::unpack(from)? {
            0 => Some(Self::Waiting),
            1 => Some(Self::Scoring(Panel::unpack(from)?)),
            2 => Some(Self::Accepted(Score::unpack(from)?)),
            3 => Some(Self::Rejected),
            _ => None,
        }
    }
}

/// Offers so far.
pub(crate) const OFFER_COUNT: Item<u64> = Item::new("offer_count");

/// Number → offer. Appears with `contribute`, stays.
pub(crate) const OFFERS: Table<u64, Offer> = Table::new("offers");

/// Number → where it stands. Appears with `contribute`, stays.
pub(crate) const STANDINGS: Table<u64, Standing> = Table::new("standings");

/// Model, hash of data → the offer. Appears with `contribute`, goes when that is rejected.
pub(crate) const OFFERED: Table<(&Addr, &[u8]), u64> = Table::new("offered");

/// Sign bytes of a contributor's statement → the offer that it was for. Appears with `contribute`, stays.
pub(crate) const SIGNED: Table<&[u8], u64> = Table::new("signed");

/// Number → the round of training that its witnesses were drawn by. Appears with the draw, stays.
pub(crate) const DRAWN_BY: Table<u64, u64> = Table::new("drawn_by");

/// Offer, slot → who. Appears with the draw, stays.
pub(crate) const SEATS: Table<(u64, u8), Seat> = Table::new("seats");

/// Offer, slot → what the witness committed to. Appears with the commit, stays.
pub(crate) const COMMITS: Table<(u64, u8), Hash32> = Table::new("commits");

/// Offer, slot → what it found. Appears with the reveal, stays.
pub(crate) const SCORES: Table<(u64, u8), Score> = Table::new("scores");

/// An offer.
pub(crate) fn offer_of(store: &dyn Storage, offer_id: u64) -> Result<Offer, ContractError> {
    OFFERS.may_load(store, offer_id)?.ok_or(ContractError::NoOffer { offer_id })
}

/// Where it stands.
pub(crate) fn standing_of(store: &dyn Storage, offer_id: u64) -> Result<Standing, ContractError> {
    STANDINGS.may_load(store, offer_id)?.ok_or(ContractError::NoOffer { offer_id })
}

/// A seat.
pub(crate) fn seat_of(
    store: &dyn Storage,
    (offer_id, slot): (u64, u8),
) -> Result<Seat, ContractError> {
    SEATS.may_load(store, (offer_id, slot))?.ok_or(ContractError::NoSeat { offer_id, slot })
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
