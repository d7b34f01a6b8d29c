//! `modelbond contribution`: data that people offer to models, and that witnesses score.

mod offer;
mod score;
mod show;
mod witness;

use anyhow::Result;
use clap::Subcommand;
use modelbond_interface::provenance::{
    ContributionMinted, ExecuteMsg, OfferConcluded, OfferResponse, QueryMsg, WitnessesDrawn,
};

use super::run::Part;
use crate::contract::{Contract, Provenance, Sent};
use crate::format;
use crate::output::Page;
use crate::session::Session;

/// Offer data to models, and score what others offer
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Whoever has data that a model could learn from offers it with a fee. Up to 9 nodes of different
owners are drawn by the beacon and the next round of training. Each scores the data and commits to
the score, then shows it. Where more than two thirds found the same, the contribution is an NFT
(modelbond nft) of its contributor, and they share the fee. The data itself goes from the contributor
to the witnesses by whatever way --data names.

Examples:
  modelbond contribution offer VIS wines.csv --fee 9000 --data https://data.example/wines.csv
  modelbond contribution draw 1
  modelbond contribution score wines.csv --offer 1 --json > score.json
  modelbond contribution commit 1 --score score.json --from owner
  modelbond contribution reveal 1 --from owner
  modelbond contribution conclude 1")]
pub enum Contribution {
    /// Offer data to a model
    Offer(Box<offer::Offer>),
    /// Sign an offer, for somebody else to send and pay; sends nothing
    Sign(Box<offer::Sign>),
    /// List offers
    List {
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Show an offer, its witnesses, and where it stands
    Show {
        /// Number of the offer
        offer: u64,
    },
    /// Draw the witnesses of an offer, once a round that opened after it has drawn its checks and opened its
    /// slice of the holdout, or can no longer; anyone may
    Draw {
        /// Number of the offer
        offer: u64,
    },
    /// Score data as a witness does; sends nothing
    Score(score::Score),
    /// Commit to a score, as a witness: the node's owner, or its own account
    Commit(witness::Commit),
    /// Show the score that was committed to
    Reveal {
        /// Number of the offer
        offer: u64,
    },
    /// End an offer, when all have shown their scores or their time is over; anyone may
    Conclude {
        /// Number of the offer
        offer: u64,
    },
}

/// Runs the command.
pub async fn run(session: &Session, command: Contribution) -> Result<()> {
    match command {
        Contribution::Offer(command) => offer::offer(session, *command).await,
        Contribution::Sign(command) => offer::sign(session, &command).await,
        Contribution::List { part } => show::list(session, &part).await,
        Contribution::Show { offer } => show::show(session, offer).await,
        Contribution::Draw { offer } => draw(session, offer).await,
        Contribution::Score(command) => score::run(session, &command).await,
        Contribution::Commit(command) => witness::commit(session, &command).await,
        Contribution::Reveal { offer } => witness::reveal(session, offer).await,
        Contribution::Conclude { offer } => conclude(session, offer).await,
    }
}

/// An offer.
async fn offer_of(provenance: &Contract<Provenance>, offer_id: u64) -> Result<OfferResponse> {
    provenance.ask(&QueryMsg::Offer { offer_id }).await
}

async fn draw(session: &Session, offer_id: u64) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let signer = provenance.signer(session).await?;
    let message = ExecuteMsg::DrawWitnesses { offer_id };
    let receipt = provenance.tell(session, &signer, &message, &[]).await?;
    let sent = Sent::new(&provenance, &receipt, format!("Offer {offer_id} has its witnesses"))
        .events((&provenance, &receipt), |event: &WitnessesDrawn, page| {
            page.field("by run and round", format!("{}, {}", event.run_id, event.round_id))
                .field("their nodes", event.node_ids.replace(',', ", "))
        })?;
    session.output.print(&sent)
}

async fn conclude(session: &Session, offer_id: u64) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let signer = provenance.signer(session).await?;
    let message = ExecuteMsg::ConcludeOffer { offer_id };
    let receipt = provenance.tell(session, &signer, &message, &[]).await?;
    let concluded = |event: &OfferConcluded, page: Page| {
        let verdict = if event.accepted { "accepted" } else { "rejected" };
        page.field("verdict", verdict)
            .field("to witnesses", format::reserve(event.paid, &event.denom))
            .field("back to the sender", format::reserve(event.refund, &event.denom))
    };
    let minted = |event: &ContributionMinted, page: Page| {
        page.field("NFT", &event.token_id)
            .field("its weight", format::grouped(&event.weight.to_string()))
    };
    let sent = Sent::new(&provenance, &receipt, format!("Offer {offer_id} is concluded"))
        .events((&provenance, &receipt), concluded)?
        .events((&provenance, &receipt), minted)?;
    session.output.print(&sent)
}
