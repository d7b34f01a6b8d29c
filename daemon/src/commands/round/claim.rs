//! `modelbond round claim`.

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::Uint128;
use modelbond_client::messages;
use modelbond_interface::training::{Due, ExecuteMsg, RoundClaimed};

use super::training_events;
use crate::commands::node::KeyOption;
use crate::failure::Failure;
use crate::format;
use crate::session::Session;
use crate::training::claim::{candidates, describe, parse_due, Owed};
use crate::training::contract::{explain, TRAINING};
use crate::training::{name, Told, Training};

/// Claims that one transaction makes.
const BATCH: usize = 16;

/// Options of `round claim`.
#[derive(Args, Debug)]
#[command(after_help = "\
Anyone may send it: what is owed goes to whom it is owed. What was moved on with advance is owed to
the sender. Run it again for what is left.

Examples:
  modelbond round claim 1 --node 3 --from payer
  modelbond round claim 1 --round 7 --for contribution:0 --from payer
  modelbond round claim 1 --for advances --from keeper")]
pub struct Claim {
    /// Number of the run
    run: u64,
    /// Number of a settled round [default: the last one]
    #[arg(long, value_name = "N")]
    round: Option<u64>,
    /// Everything that is owed to this node and its owner
    #[arg(long, value_name = "N", required_unless_present = "due")]
    node: Option<u64>,
    /// One thing: contribution:GROUP, seat:STAGE:GROUP:SLOT, lead, advances or challenge:GROUP
    #[arg(long = "for", value_name = "WHAT", value_parser = parse_due, conflicts_with = "node")]
    due: Option<Due>,
    #[command(flatten)]
    key: KeyOption,
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: &Claim) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(command.run).await?;
    let last = match (command.round, run.open_round) {
        (Some(round), _) => round,
        (None, Some(open)) => open.saturating_sub(1),
        (None, None) => run.rounds,
    };
    let round = training.round(command.run, Some(last)).await?;
    if round.settled_at.is_none() {
        return Err(Failure::new(format!("round {last} is in {}", name::of(round.phase)))
            .hint("only a settled round owes anything: modelbond round settle")
            .into());
    }
    let signer = command.key.sender(session, &training)?;
    let dues = match (command.due, command.node) {
        (Some(due), _) => vec![due],
        (None, Some(node)) => {
            let seats = training.duties(&round, node).await?;
            let groups = training.groups(&round).await?;
            let owner = owner(&training, node).await?;
            candidates(&round, (&seats, &groups), (node, &owner))
        }
        (None, None) => vec![],
    };
    let mut owed = Vec::new();
    for due in dues {
        owed.extend(training.owed(&round, due, signer.address()).await?);
    }
    owed.truncate(BATCH);
    if owed.is_empty() {
        return Err(Failure::new(format!("round {last} owes nothing of that (any more)"))
            .hint("modelbond round show says what it pays, and for what")
            .into());
    }
    let mut claims = Vec::new();
    for Owed { due, .. } in &owed {
        let message = ExecuteMsg::Claim { run_id: command.run, round_id: last, due: *due };
        let message = messages::execute(signer.address(), &training.address, &message, &[]);
        claims.push(message.context("claim")?);
    }
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        let receipt = signer.broadcast(claims, "").await;
        receipt.map_err(|error| explain(error, TRAINING, "nothing was claimed"))?
    };
    let symbol = name::model(&training.network, &run.model);
    let total: Uint128 = owed.iter().map(|owed| owed.answer.amount).sum();
    let heading = format!("{} of round {last} claimed", format::tokens(total, &symbol));
    let told = owed.iter().fold(Told::new(&training, &receipt, heading), |told, owed| {
        let amount = format::tokens(owed.answer.amount, &symbol);
        let recipient = name::short(owed.answer.recipient.as_str());
        told.field(&describe(owed.due), format!("{amount} to {recipient}"))
    });
    let told = training_events(told, &training, &receipt, |event: &RoundClaimed| {
        ("paid", format::tokens(event.amount.into(), &symbol))
    })?;
    session.output.print(&told)
}

async fn owner(training: &Training, node_id: u64) -> Result<String> {
    let question = modelbond_interface::nodes::QueryMsg::Node { node_id };
    let answer: modelbond_interface::nodes::NodeResponse = training.ask_nodes(&question).await?;
    let node = answer.node.ok_or_else(|| Failure::new(format!("there is no node {node_id}")))?;
    Ok(node.owner.to_string())
}
