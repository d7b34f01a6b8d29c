//! What a witness of an offer does: commit to a score, then show it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use modelbond_client::Signer;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{ExecuteMsg, OfferResponse, OfferStatus, Score, Witness};
use serde::Serialize;

use super::offer_of;
use super::score::{ensure_offered, Found};
use super::show::{found, status};
use crate::commands::round::read_json;
use crate::contract::{Contract, Provenance};
use crate::contribution::kept::{Place, Store};
use crate::failure::Failure;
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};

/// Options of `contribution commit`.
#[derive(Args, Debug)]
#[command(after_help = "\
The score and its salt are kept in this machine's home directory before anything is sent: reveal
needs them. A seat commits once.

Examples:
  modelbond contribution commit 1 --score score.json --from owner
  modelbond contribution commit 1 --quality 950000 --improvement -12000 --from owner")]
pub struct Commit {
    /// Number of the offer
    offer: u64,
    /// What was found: the JSON of modelbond contribution score --json
    #[arg(long, value_name = "FILE", required_unless_present_all = ["quality", "improvement"], conflicts_with_all = ["quality", "improvement"])]
    score: Option<PathBuf>,
    /// α in millionths, 0 to 1,000,000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    quality: Option<u32>,
    /// ΔM in millionths, −1,000,000 to 1,000,000
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-1_000_000..=1_000_000))]
    improvement: Option<i32>,
}

/// What a seat did.
#[derive(Serialize)]
struct Done {
    contract: String,
    address: String,
    offer_id: u64,
    slot: u8,
    node_id: u64,
    score: Score,
    commit: Hash32,
    /// None where the chain had it already.
    transaction: Option<Transaction>,
    /// Where score and salt are kept.
    kept: String,
    #[serde(skip)]
    heading: &'static str,
}

impl Report for Done {
    fn page(&self) -> Page {
        let page =
            Page::new(format!("Seat {} of offer {}: {}", self.slot, self.offer_id, self.heading))
                .field("node", self.node_id)
                .field("score", found(self.score))
                .field("commit", self.commit)
                .field("kept in", &self.kept);
        match &self.transaction {
            Some(transaction) => transaction.on(page),
            None => page.note("the chain had it already, nothing was sent"),
        }
    }
}

/// The sender's seat.
struct Seat {
    provenance: Contract<Provenance>,
    signer: Signer,
    offer: OfferResponse,
    witness: Witness,
}

impl Seat {
    async fn find(session: &Session, offer_id: u64) -> Result<Self> {
        let provenance = Contract::<Provenance>::find(session).await?;
        let offer = offer_of(&provenance, offer_id).await?;
        let signer = provenance.signer(session).await?;
        let own = signer.address();
        let witness = offer
            .witnesses
            .iter()
            .find(|witness| witness.owner.as_str() == own || witness.account.as_str() == own)
            .cloned();
        let Some(witness) = witness else {
            let nodes: Vec<String> =
                offer.witnesses.iter().map(|witness| witness.node_id.to_string()).collect();
            let hint = if nodes.is_empty() {
                "none are drawn yet: modelbond contribution draw".to_owned()
            } else {
                format!("their nodes are {}; sign as the owner of one", nodes.join(", "))
            };
            let what = format!("{own} is no witness of offer {offer_id}");
            return Err(Failure::new(what).hint(hint).into());
        };
        Ok(Self { provenance, signer, offer, witness })
    }

    fn place(&self) -> Place {
        Place {
            chain_id: self.provenance.network.chain_id.clone(),
            contract: self.provenance.address.clone(),
            offer_id: self.offer.offer_id,
            offered_at: self.offer.offered_at,
            slot: self.witness.slot,
            node_id: self.witness.node_id,
            owner: self.witness.owner.to_string(),
        }
    }

    fn ensure(&self, expected: bool) -> Result<(), Failure> {
        if expected {
            return Ok(());
        }
        let (offer, status) = (self.offer.offer_id, status(&self.offer));
        Err(Failure::new(format!("it is not time for that: offer {offer} {status}"))
            .hint("modelbond contribution show says what comes next"))
    }

    async fn tell(&self, session: &Session, message: &ExecuteMsg) -> Result<Transaction> {
        let receipt = self.provenance.tell(session, &self.signer, message, &[]).await?;
        Ok(Transaction::from(&receipt))
    }
}

/// The score that was given, of the offered data.
fn given(command: &Commit, offer: &OfferResponse) -> Result<Score> {
    if let Some(path) = &command.score {
        let found: Found = read_json(path, "score")?;
        let (actual, expected) = (found.offer_id, offer.offer_id);
        if actual != expected {
            let what = format!("offer {actual} was scored, not offer {expected}");
            return Err(Failure::usage(what).into());
        }
        ensure_offered(found.scored.data_hash, offer)?;
        return Ok(found.scored.score);
    }
    match (command.quality, command.improvement) {
        (Some(quality), Some(improvement)) => Ok(Score { quality, improvement }),
        _ => {
            Err(Failure::usage("which score? give --score, or --quality and --improvement").into())
        }
    }
}

/// Commits to a score.
pub(super) async fn commit(session: &Session, command: &Commit) -> Result<()> {
    let seat = Seat::find(session, command.offer).await?;
    let score = given(command, &seat.offer)?;
    let (place, store) = (seat.place(), Store::of(&session.home));
    let slot = place.slot;
    let (kept, transaction) = match seat.witness.commit {
        Some(there) => {
            let kept =
                store.load(&place)?.filter(|kept| kept.commit == there && kept.score == score);
            let kept = kept.ok_or_else(|| {
                Failure::new(format!("the seat's commit {there} is not that score from here")).hint(
                    "a seat commits once; it was made on another machine, or with another score",
                )
            })?;
            (kept, None)
        }
        None => {
            seat.ensure(matches!(seat.offer.status, OfferStatus::Commit { .. }))?;
            let kept = store.keep(&place, score)?;
            let (offer_id, commit) = (place.offer_id, kept.commit);
            let message = ExecuteMsg::CommitScore { offer_id, slot, commit };
            (kept, Some(seat.tell(session, &message).await?))
        }
    };
    let file = store.path(&place).display().to_string();
    let heading = "committed";
    let done = (kept.score, kept.commit, transaction, file, heading);
    session.output.print(&report(&seat, &place, done))
}

/// Shows the score.
pub(super) async fn reveal(session: &Session, offer_id: u64) -> Result<()> {
    let seat = Seat::find(session, offer_id).await?;
    let (place, store) = (seat.place(), Store::of(&session.home));
    let kept = store.load(&place)?.ok_or_else(|| {
        Failure::new(format!("no score of seat {} of offer {offer_id} is kept here", place.slot))
            .hint("reveal on the machine that committed, or copy its file in scores here")
    })?;
    if seat.witness.commit.is_some_and(|there| there != kept.commit) {
        let what = format!("the chain has another commit of seat {} than is kept here", place.slot);
        return Err(Failure::new(what).hint("it was made on another machine").into());
    }
    let transaction = match seat.witness.score {
        Some(_) => None,
        None => {
            seat.ensure(matches!(seat.offer.status, OfferStatus::Reveal { .. }))?;
            let (slot, score, salt) = (place.slot, kept.score, kept.salt);
            let message = ExecuteMsg::RevealScore { offer_id, slot, score, salt };
            Some(seat.tell(session, &message).await?)
        }
    };
    let file = store.path(&place).display().to_string();
    let done = (kept.score, kept.commit, transaction, file, "revealed");
    session.output.print(&report(&seat, &place, done))
}

fn report(
    seat: &Seat,
    place: &Place,
    (score, commit, transaction, kept, heading): (
        Score,
        Hash32,
        Option<Transaction>,
        String,
        &'static str,
    ),
) -> Done {
    Done {
        contract: crate::contract::PROVENANCE.to_owned(),
        address: seat.provenance.address.clone(),
        offer_id: place.offer_id,
        slot: place.slot,
        node_id: place.node_id,
        score,
        commit,
        transaction,
        kept,
        heading,
    }
}
