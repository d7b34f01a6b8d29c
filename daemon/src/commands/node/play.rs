//! `modelbond node play`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use modelbond_interface::training::Mode;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::kept::Store;
use crate::training::play::history::Models;
use crate::training::play::player::{find, Memory, Player};
use crate::training::play::slices::Salts;
use crate::training::play::wine::Wine;
use crate::training::play::{play, Owner, Table};
use crate::training::{NodeKey, Training};

/// Options of `node play`.
#[derive(Args, Debug)]
#[command(after_help = "\
The computation is small and real: a network with one layer learns from 1,599 wines which are good.
Everybody computes the same to the bit, so the model of each round is computed again from what the
chain says of the rounds before it. The run must be one that modelbond run wine writes.

A process that was killed goes on when it is started again with the same --state. A keeper moves the
rounds on: modelbond serve --keep RUN.

Examples:
  modelbond node play --run 1 --node jetson1
  modelbond node play --run 1 --node jetson1 --node jetson2 --rounds 1
  modelbond node play --run 1 --node jetson1 --owner creator")]
pub struct Play {
    /// Number of the run
    #[arg(long, value_name = "N")]
    run: u64,
    /// Key of a node; without --from its own account pays. Repeatable
    #[arg(long = "node", value_name = "KEY", required = true)]
    nodes: Vec<String>,
    /// Leave after so many rounds were settled, the open one included [default: never]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rounds: Option<u64>,
    /// Key of the run's owner: also open the holdout's slices, and pay for that
    #[arg(long, value_name = "KEY")]
    owner: Option<String>,
    /// Tell wrong results as a trainer and as a witness, which costs stake: for tests and demos only
    #[arg(long)]
    lie: bool,
    /// Where commits and models are kept [default: the home directory]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

#[derive(Serialize)]
struct Played {
    training: String,
    run_id: u64,
    nodes: Vec<u64>,
    /// Rounds that were settled meanwhile.
    rounds: u64,
    base_hash: String,
}

impl Report for Played {
    fn page(&self) -> Page {
        let nodes: Vec<String> = self.nodes.iter().map(u64::to_string).collect();
        Page::new(format!("Played {} rounds of run {}", self.rounds, self.run_id))
            .field("nodes", nodes.join(", "))
            .field("model now", &self.base_hash)
    }
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: &Play) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(command.run).await?;
    if run.params.algorithm.mode != Mode::Exact {
        return Err(Failure::new(format!("run {} is not of the mode exact", run.run_id))
            .hint("node play repeats trainings bit for bit")
            .into());
    }
    let wine = Wine::new(run.params.dataset.shards)?;
    wine.ensure_plays(&run.params)?;
    let state = command.state.clone().unwrap_or_else(|| session.home.clone());
    let payer = if session.from_env || session.config.from.is_some() {
        Some(session.signer(&training.client).await?)
    } else {
        None
    };
    let mut players = Vec::new();
    for name in &command.nodes {
        let identity = session.open(name)?;
        let key = NodeKey::of(&identity)?;
        let node_id = find(&training, &key).await?.ok_or_else(|| {
            Failure::new(format!("no node has the key {name}"))
                .hint(format!("modelbond node register --key {name} makes one"))
        })?;
        let signer = match &payer {
            Some(payer) => payer.clone(),
            None => training.client.signer(identity.signing_key()?),
        };
        players.push(Player {
            name: format!("node {node_id} ({name})"),
            node_id,
            key,
            signer,
            store: Store::of(&state),
            lies: command.lie,
            memory: Memory::default(),
        });
    }
    let owner = match &command.owner {
        None => None,
        Some(name) => {
            let identity = session.open(name)?;
            let signer = training.client.signer(identity.signing_key()?);
            Some(Owner { signer, salts: Salts::of(&identity) })
        }
    };
    let nodes = players.iter().map(|player| player.node_id).collect();
    let table = Arc::new(Table {
        training: training.clone(),
        run_id: command.run,
        wine,
        models: Models::of(&state),
        output: session.output,
        rounds: command.rounds,
    });
    let rounds = play(table, players, owner).await?;
    let base_hash = training.run(command.run).await?.params.base_hash.to_string();
    let run_id = command.run;
    session.output.print(&Played { training: training.address, run_id, nodes, rounds, base_hash })
}
