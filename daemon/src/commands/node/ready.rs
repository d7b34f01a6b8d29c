//! `modelbond node ready`.

use anyhow::Result;
use clap::Args;
use modelbond_interface::nodes::{ExecuteMsg, NodeReady, Readiness};
use modelbond_interface::training::{Hash32, Run};

use super::KeyOption;
use crate::session::Session;
use crate::training::{Told, Training};

/// Options of `node ready`.
#[derive(Args, Debug)]
#[command(after_help = "\
By the owner or the node's own account, in each epoch again. The known answer is the one that this
machine computes: a node that computes another one is of no use to the run, and is refused.")]
pub struct Ready {
    /// Number of the run
    run: u64,
    /// Number of the node
    #[arg(long, value_name = "N")]
    node: u64,
    /// What this machine answers to the run's known question, 64 hexadecimal digits
    #[arg(long, value_name = "HASH")]
    known_answer: Hash32,
    /// Root of the dataset that it holds [default: the run's]
    #[arg(long, value_name = "HASH")]
    dataset_root: Option<Hash32>,
    /// The algorithm that it can run [default: the run's]
    #[arg(long, value_name = "HASH")]
    algorithm: Option<Hash32>,
    /// Which build of the program it runs, at most 64 bytes
    #[arg(long, default_value = concat!("modelbond ", env!("CARGO_PKG_VERSION")))]
    build: String,
    /// Its architecture, at most 16 bytes
    #[arg(long, default_value = std::env::consts::ARCH)]
    arch: String,
    #[command(flatten)]
    key: KeyOption,
}

impl Ready {
    fn message(&self, run: &Run) -> ExecuteMsg {
        let readiness = Readiness {
            dataset_root: self.dataset_root.unwrap_or(run.params.dataset.root).into(),
            algorithm_hash: self.algorithm.unwrap_or(run.params.algorithm.hash).into(),
            known_answer: self.known_answer.into(),
            build: self.build.clone(),
            arch: self.arch.clone(),
        };
        ExecuteMsg::Ready { run_id: self.run, node_id: self.node, readiness }
    }
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: &Ready) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(command.run).await?;
    let signer = command.key.sender(session, &training)?;
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell_nodes(&signer, &command.message(&run)).await?
    };
    let heading = format!("Node {} is ready for run {}", command.node, command.run);
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.nodes),
        &receipt,
        |event: &NodeReady| ("in epoch", format!("{} with {} units", event.epoch, event.units)),
    )?;
    session.output.print(&told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::sample;

    #[test]
    fn what_is_not_named_is_the_runs() {
        let command = Ready {
            run: 2,
            node: 7,
            known_answer: Hash32([9; 32]),
            dataset_root: None,
            algorithm: Some(Hash32([8; 32])),
            build: "mine".to_owned(),
            arch: "aarch64".to_owned(),
            key: KeyOption { key: None },
        };
        let readiness = Readiness {
            dataset_root: Hash32([1; 32]).into(),
            algorithm_hash: Hash32([8; 32]).into(),
            known_answer: Hash32([9; 32]).into(),
            build: "mine".to_owned(),
            arch: "aarch64".to_owned(),
        };
        let expected = ExecuteMsg::Ready { run_id: 2, node_id: 7, readiness };
        assert_eq!(command.message(&sample::run()), expected);
    }
}
