//! Offered contributions: their fee is paid out once, to the unit.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Who contributes.
    pub contributor: String,
    /// Who sent it.
    pub sender: String,
    /// SHA-256 of the data, in hexadecimal.
    pub data_hash: String,
    /// Denom of the fee.
    pub denom: String,
    /// What all witnesses together get.
    pub fee: u128,
    /// Run and round whose seed they were drawn by.
    pub drawn_by: Option<(u64, u64)>,
    /// Nodes that were drawn, with commas between.
    pub node_ids: String,
    /// How many.
    pub witnesses: usize,
    /// Seats that committed.
    pub committed: BTreeSet<u8>,
    /// What seats revealed: α and ΔM, in millionths.
    pub revealed: BTreeMap<u8, (u32, i32)>,
    /// Whether it ended.
    pub concluded: bool,
    /// Whether it is an NFT.
    pub accepted: bool,
}

impl OfferBooks {
    /// What more than half of the witnesses found, and how many they are.
    #[must_use]
    pub fn majority(&self) -> Option<((u32, i32), usize)> {
        let mut counts: BTreeMap<(u32, i32), usize> = BTreeMap::new();
        for score in self.revealed.values() {
            let count = counts.entry(*score).or_default();
            *count = count.saturating_add(1);
        }
        counts.into_iter().find(|(_, count)| count.saturating_mul(2) > self.witnesses)
    }

    /// What more than two thirds of them found.
    #[must_use]
    pub fn agreed(&self) -> Option<(u32, i32)> {
        let enough = |count: usize| count.saturating_mul(3) > self.witnesses.saturating_mul(2);
        self.majority().filter(|(_, count)| enough(*count)).map(|(score, _)| score)
    }

    /// What those get who are more than half: an equal part of the fee each.
    fn payable(&self) -> u128 {
        let Some((_, count)) = self.majority() else { return 0 };
        let each = u128::try_from(self.witnesses).ok().and_then(|all| self.fee.checked_div(all));
        each.unwrap_or_default().saturating_mul(u128::try_from(count).unwrap_or_default())
    }
}

/// An offer was made.
pub(super) fn offered(books: &mut ProvenanceBooks, event: ContributionOffered, notes: &mut Notes) {
    let (offer_id, fee) = (event.offer_id, event.fee.u128());
    let ContributionOffered { model, contributor, sender, data_hash, denom, .. } = event;
    let offer =
        OfferBooks { model, contributor, sender, data_hash, denom, fee, ..OfferBooks::default() };
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
    let nodes: Vec<&str> = event.node_ids.split(',').filter(|id| !id.is_empty()).collect();
    let different: BTreeSet<&str> = nodes.iter().copied().collect();
    notes.equal("different witnesses", nodes.len(), different.len());
    offer.witnesses = nodes.len();
    offer.drawn_by = Some((event.run_id, event.round_id));
    offer.node_ids.clone_from(&event.node_ids);
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
    let score = (event.quality, event.improvement);
    if offer.revealed.insert(event.slot, score).is_some() {
        notes.note("reveals", "one of each witness", event.slot);
    }
}

fn ensure_seat(offer: &OfferBooks, slot: u8, notes: &mut Notes) {
    if usize::from(slot) >= offer.witnesses {
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
    notes.equal("paid to witnesses", offer.payable(), event.paid.u128());
    notes.equal("whether witnesses agreed", offer.agreed().is_some(), event.accepted);
    notes.equal("whether it is an NFT", event.accepted, minted);
}
