//! `modelbond round`: a training round, moved on, taken part in, looked into, paid out.

mod claim;
mod lead;
mod seat;
mod show;

use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use modelbond_client::Receipt;
use modelbond_interface::event::TypedEvent;
use modelbond_interface::training::{ExecuteMsg, RoundAdvanced, RoundSettled};
use serde::de::DeserializeOwned;

use super::run::Part;
use crate::failure::Failure;
use crate::format;
use crate::session::Session;
use crate::training::{name, Told, Training};

/// Move training rounds on, take part in them, look into them, claim what they pay
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A round is elect, assign, commit, reveal, check, aggregate, settle; anyone moves it on with advance.
Without --round it is the open round, else the last one. An answer file is the JSON of training's
Answer: outcome, shard_root, steps, samples, result_hash, update_hash, trace_root, loss_before,
loss_after, correct.

What is committed to is kept in the folder `commits` of the home directory, for you only, until it
is shown: without it there is no reveal.

Examples:
  modelbond round advance 1 --from payer
  modelbond round prove-leader 1 --node 3 --key jetson1
  modelbond round commit 1 --node 3 --key jetson1 --answer answer.json
  modelbond round reveal 1 --node 3 --key jetson1
  modelbond round show 1
  modelbond round claim 1 --node 3 --from payer")]
pub enum Round {
    /// Open a round, or move the open one on
    Advance {
        /// Number of the run
        run: u64,
    },
    /// Show a round: leaders, seats, commits, reveals, verdicts, pay
    Show {
        /// Number of the run
        run: u64,
        /// Number of the round
        #[arg(long, value_name = "N")]
        round: Option<u64>,
    },
    /// List the rounds of a run
    List {
        /// Number of the run
        run: u64,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Make a round final
    Settle {
        /// Number of the run
        run: u64,
    },
    /// Claim what a settled round owes to a node, or one thing of it
    Claim(claim::Claim),
    /// Prove a node's best ticket for the lead
    ProveLeader(lead::ProveLeader),
    /// Commit to an answer; a second time it sends the same commit again
    Commit(seat::Commit),
    /// Show the answer that was committed to, attested
    Reveal(seat::Reveal),
    /// Post the best leader's second output, before the reveals end
    PostOutput(lead::PostOutput),
    /// Open the round's slice of the holdout, after the commits
    OpenSlice(lead::OpenSlice),
    /// Challenge a group that agrees: a jury decides
    Challenge(lead::Challenge),
    /// Post the new model, as the leader whose turn it is
    Aggregate(lead::Aggregate),
    /// Commit or reveal in the committee, whichever is due
    Confirm(seat::Confirm),
}

/// A node in a run.
#[derive(Args, Debug)]
pub(crate) struct NodeOfRun {
    /// Number of the run
    pub(crate) run: u64,
    /// Number of the node
    #[arg(long, value_name = "N")]
    pub(crate) node: u64,
    #[command(flatten)]
    pub(crate) key: super::node::KeyOption,
}

/// Runs the command.
pub async fn run(session: &Session, command: Round) -> Result<()> {
    match command {
        Round::Advance { run } => advance(session, run).await,
        Round::Settle { run } => settle(session, run).await,
        Round::Show { run, round } => show::show(session, run, round).await,
        Round::List { run, part } => show::list(session, run, &part).await,
        Round::Claim(command) => claim::run(session, &command).await,
        Round::ProveLeader(command) => lead::prove(session, &command).await,
        Round::Commit(command) => seat::commit(session, &command).await,
        Round::Reveal(command) => seat::reveal(session, &command).await,
        Round::Confirm(command) => seat::confirm(session, &command).await,
        Round::PostOutput(command) => lead::post_output(session, &command).await,
        Round::OpenSlice(command) => lead::open_slice(session, &command).await,
        Round::Challenge(command) => lead::challenge(session, &command).await,
        Round::Aggregate(command) => lead::aggregate(session, &command).await,
    }
}

async fn advance(session: &Session, run_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let signer = session.signer(&training.client).await?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &ExecuteMsg::Advance { run_id }).await?
    };
    let told = Told::new(&training, &receipt, format!("A round of run {run_id} moved on"));
    let told = training_events(told, &training, &receipt, |event: &RoundAdvanced| {
        ("now in", format!("{} of round {}", event.phase, event.round_id))
    })?;
    session.output.print(&told)
}

async fn settle(session: &Session, run_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let symbol = name::model(&training.network, &run.model);
    let signer = session.signer(&training.client).await?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell(&signer, &ExecuteMsg::Settle { run_id }).await?
    };
    let told = Told::new(&training, &receipt, format!("A round of run {run_id} is final"));
    let told = training_events(told, &training, &receipt, |event: &RoundSettled| {
        ("owes", format::tokens(event.owed.into(), &symbol))
    })?;
    session.output.print(&told)
}

/// Adds training's events of a type.
fn training_events<T: TypedEvent>(
    told: Told,
    training: &Training,
    receipt: &Receipt,
    line: impl Fn(&T) -> (&'static str, String),
) -> Result<Told> {
    told.events((training, &training.address), receipt, line)
}

/// Most bytes of an answer or a proof.
const MOST_BYTES: u64 = 64 << 10;

/// Reads a JSON file; `what` says what it should be.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path, what: &str) -> Result<T> {
    let unreadable = || Failure::usage(format!("cannot read {}", path.display()));
    let bytes = std::fs::metadata(path).with_context(unreadable)?.len();
    if bytes > MOST_BYTES {
        let what = format!("{} has {bytes} bytes, at most {MOST_BYTES}", path.display());
        return Err(Failure::usage(what).into());
    }
    let text = std::fs::read_to_string(path).with_context(unreadable)?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("{} is no {what}: {error}", path.display()))
            .hint("--help says which command writes it, or what belongs into it")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use modelbond_interface::training::Answer;

    use super::*;
    use crate::training::sample;

    #[test]
    fn an_answer_is_read_and_what_is_none_is_refused() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("answer.json");
        std::fs::write(&path, serde_json::to_string(&sample::answer()).unwrap()).unwrap();
        assert_eq!(read_json::<Answer>(&path, "answer").unwrap(), sample::answer());
        std::fs::write(&path, "{}").unwrap();
        let error = read_json::<Answer>(&path, "answer").unwrap_err();
        assert!(error.to_string().contains("missing field `outcome`"), "{error}");
        assert_eq!(crate::failure::exit_code(&error), crate::failure::EXIT_USAGE);
        std::fs::write(&path, vec![b' '; 70_000]).unwrap();
        let error = read_json::<Answer>(&path, "answer").unwrap_err();
        assert!(error.to_string().contains("70000 bytes"), "{error}");
    }
}
