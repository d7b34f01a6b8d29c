//! NFTs: weights, holders, what they are paid.

use cosmwasm_std::Uint128;
use modelbond_interface::provenance::{ContributionBurned, ContributionMinted, EarningsClaimed};

use super::{ProvenanceBooks, TokenBooks, World};
use crate::crossing::Crossing;
use crate::finding::Notes;
use crate::Entry;

const WHOLE: u32 = 1_000_000;

/// A contribution became an NFT.
pub(super) fn minted(
    books: &mut ProvenanceBooks,
    world: &mut World,
    event: ContributionMinted,
    notes: &mut Notes,
) {
    let gained = u32::try_from(event.improvement).unwrap_or_default();
    if event.quality > WHOLE || event.improvement.unsigned_abs() > WHOLE {
        let actual = format!("{} and {}", event.quality, event.improvement);
        notes.note("quality and improvement", "at most 1,000,000", actual);
    }
    let weight = u128::from(event.quality).saturating_mul(gained.into());
    notes.equal("weight", weight, event.weight.u128());
    let of_offer = event.token_id.starts_with("offer-");
    if of_offer {
        ensure_agreed(books, &event, notes);
    } else {
        match round_of(&event.token_id) {
            Some(minted) => world.crossings.done(minted, 1),
            None => notes.note("the NFT's id", "run-round-group", &event.token_id),
        }
    }
    notes.equal("whether it was offered", world.action == "conclude_offer", of_offer);
    for parent in event.parents.split(',').filter(|parent| !parent.is_empty()) {
        if parent == event.token_id {
            notes.note("parents", "others", parent);
        }
    }
    let model = books.models.entry(event.model.clone()).or_default();
    let share = model.pool.enter(event.weight.u128());
    if share.is_none() {
        notes.note("weight of all NFTs", "below 2^128", event.weight);
    }
    let token = TokenBooks {
        model: event.model,
        holder: Some(event.contributor.clone()),
        contributor: event.contributor,
        parents: event.parents,
        share: share.unwrap_or_default(),
        paid: 0,
        earned: None,
    };
    if books.tokens.insert(event.token_id.clone(), token).is_some() {
        notes.note("NFTs", "one of each id", event.token_id);
    }
}

/// What witnesses agreed on is what becomes an NFT, of whoever offered it.
fn ensure_agreed(books: &ProvenanceBooks, event: &ContributionMinted, notes: &mut Notes) {
    let number = event.token_id.strip_prefix("offer-").and_then(|number| number.parse().ok());
    let Some(offer) = number.and_then(|number: u64| books.offers.get(&number)) else {
        return notes.note("the NFT's offer", "one that there is", &event.token_id);
    };
    let (quality, improvement) = offer.agreed().unwrap_or_default();
    notes.equal("quality", quality, event.quality);
    notes.equal("improvement", improvement, event.improvement);
    notes.equal("contributor", offer.contributor.as_str(), event.contributor.as_str());
    notes.equal("model", offer.model.as_str(), event.model.as_str());
}

/// Run and round in an id.
fn round_of(token_id: &str) -> Option<Crossing> {
    let (rest, _) = token_id.rsplit_once('-')?;
    let (run_id, round_id) = rest.split_once('-')?;
    Some(Crossing::Minted { run_id: run_id.parse().ok()?, round_id: round_id.parse().ok()? })
}

/// Books the attributes of an action of cw721.
pub(super) fn action(books: &mut ProvenanceBooks, entry: &Entry, action: &str, notes: &mut Notes) {
    let read = |key: &str| entry.attribute(key).unwrap_or_default().to_owned();
    let token_id = read("token_id");
    match action {
        "transfer_nft" | "send_nft" => {
            let Some(token) = movable(books, &token_id, &read("sender"), notes) else { return };
            token.holder = Some(read("recipient"));
            books.approvals.retain(|(approved, _)| *approved != token_id);
        }
        "burn" => {
            movable(books, &token_id, &read("sender"), notes);
        }
        "approve" => drop(books.approvals.insert((token_id, read("spender")))),
        "revoke" => drop(books.approvals.remove(&(token_id, read("spender")))),
        "approve_all" => drop(books.operators.insert((read("sender"), read("operator")))),
        "revoke_all" => drop(books.operators.remove(&(read("sender"), read("operator")))),
        _ => {}
    }
}

/// An NFT that `sender` may move, as far as events tell: they do not say until when.
fn movable<'a>(
    books: &'a mut ProvenanceBooks,
    token_id: &str,
    sender: &str,
    notes: &mut Notes,
) -> Option<&'a mut TokenBooks> {
    let ProvenanceBooks { tokens, approvals, operators, .. } = books;
    let token = tokens.get_mut(token_id).filter(|token| token.holder.is_some());
    let Some(token) = token else {
        notes.note("the NFT", "one that there is", token_id);
        return None;
    };
    let holder = token.holder.clone().unwrap_or_default();
    let approved = approvals.contains(&(token_id.to_owned(), sender.to_owned()))
        || operators.contains(&(holder.clone(), sender.to_owned()));
    if holder != sender && !approved {
        notes.note(format!("who may move {token_id}"), holder, sender);
    }
    Some(token)
}

/// What an NFT earned was paid.
pub(super) fn claimed(books: &mut ProvenanceBooks, event: &EarningsClaimed, notes: &mut Notes) {
    let earned = books.earned(&event.token_id);
    let Some(token) = books.tokens.get_mut(&event.token_id) else {
        return notes.note("the NFT", "one that there is", &event.token_id);
    };
    notes.equal("model", token.model.as_str(), event.model.as_str());
    let holder = token.holder.clone().unwrap_or_default();
    notes.equal("recipient", holder.as_str(), event.recipient.as_str());
    notes.add("paid", &mut token.paid, event.amount);
    if token.paid.abs_diff(earned) > 1 {
        let what = format!("paid to {} since it was minted", event.token_id);
        notes.note(what, format!("{earned}, within one unit"), token.paid);
    }
    let model = books.models.entry(event.model.clone()).or_default();
    notes.equal("denom", model.denom.as_str(), event.denom.as_str());
    notes.take("what holders have", &mut model.holders, event.amount);
    notes.add("paid to holders", &mut model.to_holders, event.amount);
    if event.amount.is_zero() {
        notes.note("paid", "more than nothing", event.amount);
    }
}

/// An NFT is no more.
pub(super) fn burned(books: &mut ProvenanceBooks, event: &ContributionBurned, notes: &mut Notes) {
    let earned = books.earned(&event.token_id);
    let Some(token) = books.tokens.get_mut(&event.token_id) else {
        return notes.note("the NFT", "one that there is", &event.token_id);
    };
    if token.holder.take().is_none() {
        notes.note("burns", "one of each NFT", &event.token_id);
    }
    notes.equal("model", token.model.as_str(), event.model.as_str());
    notes.equal("weight", Uint128::new(token.share.weight), event.weight);
    if token.paid.abs_diff(earned) > 1 {
        let what = format!("paid to {} until it was burned", event.token_id);
        notes.note(what, format!("{earned}, within one unit"), token.paid);
    }
    token.earned = Some(earned);
    if let Some(model) = books.models.get_mut(&token.model) {
        model.pool.leave(&token.share, token.paid);
    }
}
