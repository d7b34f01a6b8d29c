//! `modelbond beacon submit`.

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::HexBinary;
use modelbond_client::Client;
use modelbond_interface::beacon::{ExecuteMsg, QueryMsg, RoundResponse, SourcesResponse};
use serde::Serialize;

use super::round::RoundOptions;
use crate::beacon::ChainInfo;
use crate::failure::Failure;
use crate::output::{Page, Report};
use crate::serve::emitter::CONTRACT;
use crate::session::{Session, Transaction};

/// Options of `beacon submit`.
#[derive(Args, Debug)]
#[command(after_help = "\
Anyone may hand in a round. It is verified here first; one that the contract has is not sent.

Examples:
  modelbond beacon submit --file round.json
  modelbond beacon submit --round 1000 --signature b446…")]
pub struct Submit {
    #[command(flatten)]
    round: RoundOptions,
}

#[derive(Serialize)]
struct Submitted {
    beacon: String,
    source: u8,
    round: u64,
    randomness: String,
    /// None where the contract had it already.
    transaction: Option<Transaction>,
}

impl Report for Submitted {
    fn page(&self) -> Page {
        let page = Page::new(format!("Round {} is on the chain", self.round))
            .field("source", self.source)
            .field("randomness", &self.randomness);
        match &self.transaction {
            Some(transaction) => transaction.on(page),
            None => page.note("It was there already; nothing was sent"),
        }
    }
}

/// The client, and the address of the beacon that the network file names.
pub(super) async fn connect(session: &Session) -> Result<(Client, String)> {
    let network = session.network()?;
    let beacon = network.contracts.get(CONTRACT).cloned().ok_or_else(|| {
        Failure::new(format!("no beacon is recorded for {}", network.chain_id))
            .hint("modelbond deploy --beacon FILE makes one")
    })?;
    Ok((session.connect(&network).await?, beacon))
}

pub(super) async fn run(session: &Session, command: &Submit) -> Result<()> {
    let round = command.round.read()?;
    let (client, beacon) = connect(session).await?;
    let answer: SourcesResponse = client.query(&beacon, &QueryMsg::Sources {}).await?;
    let mut fault = None;
    let verified = answer.sources.iter().find_map(|source| {
        let info = ChainInfo::of_source(&source.source, source.chain_hash.as_slice());
        match info.verify_round(&round) {
            Ok(randomness) => Some((source.index, hex::encode(randomness))),
            Err(error) => {
                fault = Some(error);
                None
            }
        }
    });
    let Some((source, randomness)) = verified else {
        let why = fault.map_or_else(String::new, |error| format!(": {error}"));
        return Err(Failure::new(format!("no source of the beacon has this round{why}"))
            .hint("modelbond beacon show lists the sources")
            .into());
    };
    let question = QueryMsg::Round { source, round: round.round };
    let stored: RoundResponse = client.query(&beacon, &question).await?;
    let transaction = match stored.round {
        Some(_) => None,
        None => {
            let message = ExecuteMsg::SubmitRound {
                round: round.round,
                signature: HexBinary::from_hex(&round.signature).context("signature")?,
                randomness: None,
                source: Some(source),
            };
            let signer = session.signer(&client).await?;
            let _progress = session.output.progress("waiting for the block");
            let receipt = signer.execute(&beacon, &message, &[]).await;
            let receipt = receipt.context("the round was not taken")?;
            Some(Transaction::from(&receipt))
        }
    };
    let round = round.round;
    session.output.print(&Submitted { beacon, source, round, randomness, transaction })
}
