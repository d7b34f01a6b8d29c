//! `modelbond node`: machines that train, their keys, their stakes, what they are ready for.

mod keys;
mod play;
mod ready;
mod show;
mod stake;

use anyhow::Result;
use clap::{Args, Subcommand};
use modelbond_client::Signer;
use modelbond_interface::nodes::{ExecuteMsg, NodeRetired, NodeRotationCancelled};
use modelbond_signature::Scheme;

use super::run::Part;
use crate::amount::TokenAmount;
use crate::session::{Session, Unattended};
use crate::training::{NodeKey, Told, Training};

/// Register machines that train, stake for them, say what they are ready for
#[derive(Subcommand, Debug)]
#[command(after_help = "\
A node has an owner, who signs with --from, and two keys of its own from one mnemonic of the keystore,
named by --key: a secp256k1 key that attests its work and has an account, and a VRF key that proves
its lead. Its own account may send what the machine itself has to say, or the owner does.

Examples:
  modelbond node keygen jetson1
  modelbond node register --key jetson1 --device-class jetson_orin --from alice
  modelbond node stake VIS --node 1 --tokens 50 --from alice
  modelbond node ready 1 --node 1 --known-answer 3f… --key jetson1
  modelbond node play --run 1 --node jetson1
  modelbond node show 1")]
pub enum Node {
    /// Make a node's keys, or show those of a key that exists
    Keygen {
        /// Name of the key
        name: String,
    },
    /// Register a node of --from's account
    Register(keys::Register),
    /// Announce new keys of a node; they count two epochs later
    Rotate(keys::Rotate),
    /// Take announced keys back, in the epoch in which they were announced; only the owner
    CancelRotation {
        /// Number of the node
        #[arg(long, value_name = "N")]
        node: u64,
    },
    /// Take a node out of service for ever; only the owner
    Retire {
        /// Number of the node
        #[arg(long, value_name = "N")]
        node: u64,
    },
    /// Stake model tokens for a node; only the owner
    Stake {
        /// Market, by symbol or address
        market: String,
        /// Number of the node
        #[arg(long, value_name = "N")]
        node: u64,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Start to unstake; only the owner
    Unstake {
        /// Market, by symbol or address
        market: String,
        /// Number of the node
        #[arg(long, value_name = "N")]
        node: u64,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Pay out what has unbonded, to the owner
    Withdraw {
        /// Market, by symbol or address
        market: String,
        /// Number of the node
        #[arg(long, value_name = "N")]
        node: u64,
    },
    /// Say that a node is ready for a run in the next epoch
    Ready(ready::Ready),
    /// Play nodes by themselves through the rounds of a run that modelbond run wine writes
    Play(play::Play),
    /// List nodes, or who is ready for a run
    List {
        /// Only this owner's
        #[arg(long, value_name = "ACCOUNT", conflicts_with = "run")]
        owner: Option<String>,
        /// Who is ready for this run
        #[arg(long, value_name = "RUN")]
        run: Option<u64>,
        /// In this epoch [default: this one]
        #[arg(long, requires = "run")]
        epoch: Option<u64>,
        /// Which part of the list, by node, or by place among those who are ready
        #[command(flatten)]
        part: Part,
    },
    /// Show a node: owner, keys, stakes
    Show {
        /// Number of the node
        node: u64,
    },
}

/// A node's key, and who pays.
#[derive(Args, Debug)]
pub(crate) struct KeyOption {
    /// Key of the node; without --from its own account pays [default: --from's key]
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
}

impl KeyOption {
    /// The node's key, and who sends.
    pub(crate) fn open(&self, session: &Session, training: &Training) -> Result<(NodeKey, Signer)> {
        let identity = match &self.key {
            Some(name) => session.open(name)?,
            None => session.identity()?,
        };
        let key = NodeKey::of(&identity)?;
        let another = self.key.is_some() && (session.from_env || session.config.from.is_some());
        let sender = if another { session.identity()? } else { identity };
        Ok((key, training.client.signer(sender.signing_key()?)))
    }

    /// Who sends, where the node's key signs nothing else.
    pub(crate) fn sender(&self, session: &Session, training: &Training) -> Result<Signer> {
        let named = session.from_env || session.config.from.is_some();
        let identity = match &self.key {
            Some(name) if !named => session.open(name)?,
            _ => session.identity()?,
        };
        Ok(training.client.signer(identity.signing_key()?))
    }
}

/// How a statement is signed.
#[derive(Args, Debug)]
pub(crate) struct SchemeOption {
    /// How the statement is signed: eip191, eip712, adr036 or direct
    #[arg(long, value_name = "SCHEME", default_value_t = Scheme::Adr036)]
    pub(crate) scheme: Scheme,
    /// Seconds from now until the signature expires; at most 7 days
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, value_parser = clap::value_parser!(u64).range(1..=604_800))]
    pub(crate) expires_in: u64,
}

/// Runs the command.
pub async fn run(session: &Session, command: Node) -> Result<()> {
    match command {
        Node::Keygen { name } => keys::keygen(session, &name),
        Node::Register(command) => keys::register(session, &command).await,
        Node::Rotate(command) => keys::rotate(session, &command).await,
        Node::CancelRotation { node } => cancel(session, node).await,
        Node::Retire { node } => retire(session, node).await,
        Node::Stake { market, node, amount } => {
            stake::stake(session, &market, node, amount.units()).await
        }
        Node::Unstake { market, node, amount } => {
            stake::unstake(session, &market, node, amount.units()).await
        }
        Node::Withdraw { market, node } => stake::withdraw(session, &market, node).await,
        Node::Ready(command) => ready::run(session, &command).await,
        Node::Play(command) => play::run(session, &command).await,
        Node::List { owner, run: None, part, .. } => {
            show::list(session, owner.as_deref(), &part).await
        }
        Node::List { run: Some(run), epoch, part, .. } => {
            show::roster(session, run, epoch, &part).await
        }
        Node::Show { node } => show::show(session, node).await,
    }
}

async fn cancel(session: &Session, node_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let signer = session.signer(&training.client).await?;
    let message = ExecuteMsg::CancelRotation { node_id };
    let receipt = training.tell_nodes(&signer, &message).await?;
    let heading = format!("Node {node_id} keeps its keys");
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.nodes),
        &receipt,
        |event: &NodeRotationCancelled| ("node", event.node_id.to_string()),
    )?;
    session.output.print(&told)
}

async fn retire(session: &Session, node_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let signer = session.signer(&training.client).await?;
    let question = format!("Take node {node_id} out of service for ever?");
    session.confirm(&question, Unattended::Refuse)?;
    let receipt = training.tell_nodes(&signer, &ExecuteMsg::RetireNode { node_id }).await?;
    let heading = format!("Node {node_id} is out of service; its stakes can be unstaked");
    let told = Told::new(&training, &receipt, heading).events(
        (&training, &training.nodes),
        &receipt,
        |event: &NodeRetired| ("node", event.node_id.to_string()),
    )?;
    session.output.print(&told)
}
