//! What a model earns, and what is paid out of its ledgers.

use cosmwasm_std::Uint128;
use modelbond_curve::{proportion, Rounding};
use modelbond_interface::provenance::{
    RevenueForwarded, RevenueShared, RoyaltyPaid, HOLDERS_BPS, RESERVE_BPS,
};

use super::{ProvenanceBooks, RevenueBooks, Usage, World};
use crate::crossing::Crossing;
use crate::finding::Notes;

/// A payment was split.
pub(super) fn shared(
    books: &mut ProvenanceBooks,
    world: &mut World,
    event: &RevenueShared,
    notes: &mut Notes,
) {
    let parts = [event.reserve, event.royalties, event.holders, event.owner];
    let parts = notes.sum("parts of the payment", &parts);
    notes.equal("parts of the payment", event.amount.u128(), parts);
    let model = books.models.entry(event.model.clone()).or_default();
    if model.denom.is_empty() {
        model.denom.clone_from(&event.denom);
    }
    notes.equal("denom", model.denom.as_str(), event.denom.as_str());
    notes.equal("weight of all NFTs", model.pool.weight, event.weight.u128());

    let royalties = expected(world, event, notes);
    let (total, action) = match event.source.as_str() {
        "usage" => (&mut model.usage, Some("pay_usage")),
        "fees" => (&mut model.fees, Some("collect_fees")),
        "royalty" => {
            notes.equal("royalties that waited", model.undistributed, event.amount.u128());
            model.undistributed = 0;
            (&mut model.royalties, None)
        }
        other => return notes.note("source", "usage, royalty or fees", other),
    };
    if let Some(action) = action {
        notes.equal("the action", action, world.action);
    }
    notes.add("income", total, event.amount);
    notes.add("what waits for the reserve", &mut model.reserve, event.reserve);
    notes.add("what waits for the owner", &mut model.owner, event.owner);
    notes.add("what holders have", &mut model.holders, event.holders);
    model.pool.share_out(event.holders.u128());
    match royalties {
        Some(royalties) => books.owed_royalties = royalties,
        None => books.owed_royalty = event.royalties.u128(),
    }
    if event.source == "usage" {
        let (model, payer) = (event.model.clone(), event.payer.clone());
        books.last_usage = Some(Usage { model, payer, reserve: event.reserve.u128() });
    }
    if event.source == "fees" {
        notes.equal("payer", event.model.as_str(), event.payer.as_str());
        let fees = Crossing::Fees { model: event.model.clone() };
        world.crossings.said(fees, event.amount.u128());
    }
}

/// Compares the parts with the rules; the royalties that follow from them, where the terms are known.
fn expected(
    world: &World,
    event: &RevenueShared,
    notes: &mut Notes,
) -> Option<Vec<(String, String, u128)>> {
    let amount = event.amount.u128();
    let nobody = event.weight.is_zero();
    if event.source == "fees" {
        let holders = if nobody { 0 } else { amount };
        notes.equal("to holders", holders, event.holders.u128());
        notes.equal("to the owner", 0, event.owner.u128());
        notes.equal("royalties", 0, event.royalties.u128());
        return Some(vec![]);
    }
    let holders = if nobody { Some(0) } else { part(amount, HOLDERS_BPS.into()) };
    notes.computed("to holders", holders, event.holders);
    let Some(record) = world.registry?.models.get(&event.model) else {
        notes.note("model", "one that was opened", &event.model);
        return None;
    };
    let mut others = u32::from(RESERVE_BPS).saturating_add(HOLDERS_BPS.into());
    let mut royalties = vec![];
    let mut sum = 0_u128;
    for (parent, bps) in &record.parents {
        others = others.saturating_add(u32::from(*bps));
        let royalty = part(amount, (*bps).into()).unwrap_or_default();
        notes.add("royalties", &mut sum, Uint128::new(royalty));
        if royalty > 0 {
            royalties.push((event.model.clone(), parent.clone(), royalty));
        }
    }
    notes.equal("royalties", sum, event.royalties.u128());
    let owner = part(amount, 10_000_u32.saturating_sub(others));
    notes.computed("to the owner", owner, event.owner);
    Some(royalties)
}

/// What of an amount is for holders, where there are any.
pub(super) fn to_holders(amount: u128) -> u128 {
    part(amount, HOLDERS_BPS.into()).unwrap_or_default()
}

/// ⌊amount·bps/10,000⌋.
fn part(amount: u128, bps: u32) -> Option<u128> {
    proportion(amount, bps.into(), 10_000, Rounding::Down).ok()
}

/// A parent got its part.
pub(super) fn royalty(books: &mut ProvenanceBooks, event: &RoyaltyPaid, notes: &mut Notes) {
    let said = (event.model.clone(), event.parent.clone(), event.amount.u128());
    if books.owed_royalty > 0 {
        notes.take("royalties said to be paid", &mut books.owed_royalty, event.amount);
    } else if let Some(at) = books.owed_royalties.iter().position(|owed| *owed == said) {
        books.owed_royalties.remove(at);
    } else {
        let RoyaltyPaid { parent, amount, .. } = event;
        notes.note("royalty", "one that the payment before owes", format!("{amount} to {parent}"));
    }
    let denom = books.models.get(&event.model).map(|model| model.denom.clone());
    let parent = books.models.entry(event.parent.clone()).or_default();
    if parent.denom.is_empty() {
        parent.denom = denom.unwrap_or_default();
    }
    notes.add("royalties that wait", &mut parent.undistributed, event.amount);
}

/// A ledger was paid out.
pub(super) fn forwarded(
    books: &mut ProvenanceBooks,
    world: &mut World,
    event: &RevenueForwarded,
    notes: &mut Notes,
) {
    let model = books.models.entry(event.model.clone()).or_default();
    notes.equal("denom", model.denom.as_str(), event.denom.as_str());
    let RevenueBooks { reserve, owner, to_reserve, to_owner, .. } = model;
    let (ledger, paid, recipient) = match event.to.as_str() {
        "reserve" => {
            let funding = Crossing::Funding { model: event.model.clone() };
            world.crossings.said(funding, event.amount.u128());
            (reserve, to_reserve, Some(event.model.clone()))
        }
        "owner" => {
            let record = world.registry.and_then(|registry| registry.models.get(&event.model));
            (owner, to_owner, record.map(|record| record.owner.clone()))
        }
        other => return notes.note("for whom", "reserve or owner", other),
    };
    notes.equal(format!("what waited for the {}", event.to), *ledger, event.amount.u128());
    if let Some(recipient) = recipient {
        notes.equal("recipient", recipient.as_str(), event.recipient.as_str());
    }
    *ledger = 0;
    notes.add("paid out", paid, event.amount);
}
