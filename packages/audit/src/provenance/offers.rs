//! Offered contributions: their fee is paid out once, to the unit.

use std::collections::BTreeSet;

use modelbond_interface::provenance::{
    offer_token_id, ContributionOffered, OfferConcluded, ScoreCommitted, ScoreRevealed,
    WitnessesDrawn,
};

use super::ProvenanceBooks;
use crate::finding::Notes;

/// An offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferBooks {
    /// The model.
    pub model: String,
    /// Denom of the fee.
    pub denom: String,
    /// What all witnesses together get.
    pub fee: u128,
    /// Seats that were drawn.
    pub witnesses: u64,
    /// Seats that committed.
    pub committed: BTreeSet<u8>,
    /// Seats that revealed.
    pub revealed: BTreeSet<u8>,
    /// Whether it ended.
    pub concluded: bool,
    /// Whether it is an NFT.
    pub accepted: bool,
}

/// An offer was made.
pub(super) fn offered(books: &mut ProvenanceBooks, event: ContributionOffered, notes: &mut Notes) {
    let (offer_id, fee) = (event.offer_id, event.fee.u128());
    let (model, denom) = (event.model, event.denom);
    let offer = OfferBooks { model, denom, fee, ..OfferBooks::default() };
    if books.offers.insert(offer_id, offer).is_some() {
        notes.note("offers", "one of each number", offer_id);
    }
}

fn open<'a>(
    books: &'a mut ProvenanceBooks,
    offer_id: u64,
    notes: &mut Notes,
) -> Option<&'a mut OfferBooks> {
    let offer = books.offers.get_mut(&offer_id).filter(|offer| !offer.concluded);
    if offer.is_none() {
        notes.note("the offer", "one that has not ended", offer_id);
    }
    offer
}

/// Its witnesses were drawn.
pub(super) fn drawn(books: &mut ProvenanceBooks, event: &WitnessesDrawn, notes: &mut Notes) {
    let Some(offer) = open(books, event.offer_id, notes) else { return };
    notes.equal("witnesses drawn before", 0, offer.witnesses);
    let nodes: BTreeSet<&str> = event.node_ids.split(',').filter(|id| !id.is_empty()).collect();
    offer.witnesses = u64::try_from(nodes.len()).unwrap_or(u64::MAX);
    let said = event.node_ids.split(',').filter(|id| !id.is_empty()).count();
    notes.equal("different witnesses", said, nodes.len());
}

/// A witness committed.
pub(super) fn committed(books: &mut ProvenanceBooks, event: &ScoreCommitted, notes: &mut Notes) {
    let Some(offer) = open(books, event.offer_id, notes) else { return };
    ensure_seat(offer, event.slot, notes);
    if !offer.committed.insert(event.slot) {
        notes.note("commits", "one of each witness", event.slot);
    }
}

/// A witness revealed.
pub(super) fn revealed(books: &mut ProvenanceBooks, event: &ScoreRevealed, notes: &mut Notes) {
    let Some(offer) = open(books, event.offer_id, notes) else { return };
    if !offer.committed.contains(&event.slot) {
        notes.note("the seat", "one that committed", event.slot);
    }
    if !offer.revealed.insert(event.slot) {
        notes.note("reveals", "one of each witness", event.slot);
    }
}

fn ensure_seat(offer: &OfferBooks, slot: u8, notes: &mut Notes) {
    if u64::from(slot) >= offer.witnesses {
        notes.note("the seat", format!("below {}", offer.witnesses), slot);
    }
}

/// It ended.
pub(super) fn concluded(books: &mut ProvenanceBooks, event: &OfferConcluded, notes: &mut Notes) {
    let minted = books.tokens.contains_key(&offer_token_id(event.offer_id));
    let paid = notes.sum("paid and refunded", &[event.paid, event.refund]);
    let Some(offer) = open(books, event.offer_id, notes) else { return };
    offer.concluded = true;
    offer.accepted = event.accepted;
    notes.equal("denom", offer.denom.as_str(), event.denom.as_str());
    notes.equal("paid and refunded", offer.fee, paid);
    notes.equal("whether it is an NFT", event.accepted, minted);
}
