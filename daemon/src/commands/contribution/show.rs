//! Which offers there are, and where they stand.

use anyhow::Result;
use modelbond_interface::provenance::{
    offer_token_id, OfferResponse, OfferStatus, OffersResponse, QueryMsg, Score, Witness,
};

use super::offer_of;
use crate::commands::nft::millionths;
use crate::commands::run::Part;
use crate::contract::{Answered, Contract, Provenance};
use crate::format;
use crate::output::Page;
use crate::session::Session;
use crate::training::name::{self, short};

/// A status for people.
pub(super) fn status(offer: &OfferResponse) -> String {
    match &offer.status {
        OfferStatus::Commit { until } => format!("witnesses commit until {}", format::time(*until)),
        OfferStatus::Reveal { until } => format!("witnesses reveal until {}", format::time(*until)),
        OfferStatus::Accepted { score } => format!("accepted, {}", found(*score)),
        OfferStatus::Waiting {} => "waits for its witnesses to be drawn".to_owned(),
        OfferStatus::Rejected {} => "rejected".to_owned(),
    }
}

/// A score for people.
pub(super) fn found(score: Score) -> String {
    let Score { quality, improvement } = score;
    format!("α {}, ΔM {}", millionths(quality.into()), millionths(improvement.into()))
}

/// Shows one.
pub(super) async fn show(session: &Session, offer_id: u64) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let answer = offer_of(&provenance, offer_id).await?;
    let offered = &answer.offered;
    let page = Page::new(format!("Offer {offer_id} to {}", provenance.symbol(&offered.model)))
        .field("stands", status(&answer))
        .field("contributor", &offered.contributor)
        .field("data", &offered.data)
        .field("sha-256", offered.data_hash)
        .field("offered", format::time(answer.offered_at))
        .field("by", &answer.sender)
        .field("for all witnesses", format::coin(&answer.fee))
        .field("beacon round at or after", format::time(answer.draws_at))
        .field("run", answer.run_id)
        .field_if("round of its witnesses", answer.round_id);
    let page = if offered.parents.is_empty() {
        page
    } else {
        page.field("built on", offered.parents.join(", "))
    };
    let page = match &answer.status {
        OfferStatus::Accepted { .. } => page.field("NFT", offer_token_id(offer_id)),
        _ => page,
    };
    let row = |witness: &Witness| {
        let said = match (&witness.score, &witness.commit) {
            (Some(score), _) => found(*score),
            (None, Some(_)) => "committed".to_owned(),
            (None, None) => "nothing yet".to_owned(),
        };
        let slot = witness.slot.to_string();
        vec![slot, witness.node_id.to_string(), short(witness.owner.as_str()), said]
    };
    let rows: Vec<_> = answer.witnesses.iter().map(row).collect();
    let page = if rows.is_empty() {
        page
    } else {
        page.heading("Witnesses").table(&["seat", "node", "owner", "said"], rows)
    };
    session.output.print(&Answered::new(&provenance, answer, page))
}

/// Lists them.
pub(super) async fn list(session: &Session, part: &Part) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let question = QueryMsg::Offers { start_after: part.start_after, limit: Some(part.limit) };
    let answer: OffersResponse = provenance.ask(&question).await?;
    let row = |offer: &OfferResponse| {
        vec![
            offer.offer_id.to_string(),
            short(&provenance.symbol(&offer.offered.model)),
            short(&offer.offered.contributor),
            format::coin(&offer.fee),
            name::of(&offer.status),
            offer.offered.data.clone(),
        ]
    };
    let rows: Vec<_> = answer.offers.iter().map(row).collect();
    let page = if rows.is_empty() {
        Page::new("No offers").note("modelbond contribution offer makes one")
    } else {
        let more = part.more(rows.len(), answer.offers.last().map(|offer| offer.offer_id));
        let head = ["offer", "model", "contributor", "fee", "stands", "data"];
        more.into_iter().fold(Page::new("Offered contributions").table(&head, rows), Page::note)
    };
    session.output.print(&Answered::new(&provenance, answer, page))
}
