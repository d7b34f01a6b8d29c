//! What leaders do, and what anybody may: proofs, outputs, slices, challenges, the new model.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use modelbond_interface::training::{
    Answer, Hash32, ReceiveMsg, Round, RoundChallenged, RoundLeaderProved, RoundPosted, Run, Slice,
};

use super::{read_json, training_events, NodeOfRun};
use crate::commands::node::KeyOption;
use crate::format;
use crate::session::{Session, Unattended};
use crate::training::lead::{opening, posting};
use crate::training::{name, Told, Training};

/// Options of `round prove-leader`.
#[derive(Args, Debug)]
pub struct ProveLeader {
    #[command(flatten)]
    node: NodeOfRun,
}

/// Options of `round post-output`.
#[derive(Args, Debug)]
pub struct PostOutput {
    /// Number of the run
    run: u64,
    #[command(flatten)]
    key: KeyOption,
}

/// Options of `round open-slice`.
#[derive(Args, Debug)]
pub struct OpenSlice {
    /// Number of the run
    run: u64,
    /// Salt of the slice, 64 hexadecimal digits
    #[arg(long, value_name = "HASH")]
    salt: Hash32,
    /// Root of its rows, 64 hexadecimal digits
    #[arg(long, value_name = "HASH")]
    root: Hash32,
    /// Rows
    #[arg(long, value_name = "N")]
    samples: u32,
}

/// Options of `round challenge`.
#[derive(Args, Debug)]
pub struct Challenge {
    /// Number of the run
    run: u64,
    /// Group to be challenged
    #[arg(long, value_name = "N")]
    group: u8,
    /// A node of --from's account that is in the round's roster
    #[arg(long, value_name = "N")]
    node: u64,
}

/// Options of `round aggregate`.
#[derive(Args, Debug)]
pub struct Aggregate {
    #[command(flatten)]
    node: NodeOfRun,
    /// The new model, scored on the round's slice, as JSON
    #[arg(long, value_name = "FILE")]
    answer: PathBuf,
}

async fn open(session: &Session, run_id: u64) -> Result<(Training, Run, Round)> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let round = training.open_round(&run).await?;
    Ok((training, run, round))
}

/// Proves the lead.
pub(super) async fn prove(session: &Session, command: &ProveLeader) -> Result<()> {
    let NodeOfRun { run, node, key } = &command.node;
    let (training, _, round) = open(session, *run).await?;
    let (key, signer) = key.open(session, &training)?;
    let lead = training.lead(&round, *node, &key).await?;
    if !lead.early {
        session.output.note(
            "only better tickets are taken in the first half of the window: if this one is refused, \
             try again in the second",
        );
    }
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &lead.message).await?
    };
    let told = Told::new(&training, &receipt, format!("Node {node} has proved its ticket"))
        .field("ticket", format!("{} of its {} units", lead.ticket.index, lead.units))
        .field("value", lead.ticket.value);
    let told = training_events(told, &training, &receipt, |event: &RoundLeaderProved| {
        ("place in the queue", event.place.to_string())
    })?;
    session.output.print(&told)
}

/// Posts the second output.
pub(super) async fn post_output(session: &Session, command: &PostOutput) -> Result<()> {
    let (training, _, round) = open(session, command.run).await?;
    let (key, signer) = command.key.open(session, &training)?;
    let message = training.second_output(&round, &key)?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &message).await?
    };
    session.output.print(&Told::new(&training, &receipt, "The leader's second output is posted"))
}

/// Opens the slice.
pub(super) async fn open_slice(session: &Session, command: &OpenSlice) -> Result<()> {
    let (training, run, round) = open(session, command.run).await?;
    let &OpenSlice { salt, root, samples, .. } = command;
    let message = opening(&run, &round, (salt, Slice { root, samples }))?;
    let signer = session.signer(&training.client).await?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, "The round's slice of the holdout is open")
        .field("root", command.root)
        .field("samples", command.samples);
    session.output.print(&told)
}

/// Challenges a group.
pub(super) async fn challenge(session: &Session, command: &Challenge) -> Result<()> {
    let (training, run, round) = open(session, command.run).await?;
    let place = training.place(&round, command.node).await?;
    let signer = session.signer(&training.client).await?;
    let symbol = name::model(&training.network, &run.model);
    let bond = run.params.money.challenge_bond;
    let question = format!(
        "Challenge group {} with {}? They are lost if the jury does not agree.",
        command.group,
        format::tokens(bond, &symbol)
    );
    session.confirm(&question, Unattended::Proceed)?;
    let message = ReceiveMsg::Challenge {
        run_id: round.run_id,
        round_id: round.round_id,
        group: command.group,
        node_id: command.node,
        index: place.index,
    };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.pay(&signer, run.model.as_str(), bond, &message).await?
    };
    let told = Told::new(&training, &receipt, "A jury will decide");
    let told = training_events(told, &training, &receipt, |event: &RoundChallenged| {
        ("challenged group", event.group.to_string())
    })?;
    session.output.print(&told)
}

/// Posts the new model.
pub(super) async fn aggregate(session: &Session, command: &Aggregate) -> Result<()> {
    let answer: Answer = read_json(&command.answer, "answer")?;
    let NodeOfRun { run, node, key } = &command.node;
    let (training, _, round) = open(session, *run).await?;
    let message = posting(&round, *node, answer)?;
    let signer = key.sender(session, &training)?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, "The new model is posted");
    let told = training_events(told, &training, &receipt, |event: &RoundPosted| {
        ("model", event.result_hash.clone())
    })?;
    session.output.print(&told)
}
