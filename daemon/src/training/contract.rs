//! A connection to training and its nodes contract.

use anyhow::{Context as _, Result};
use cosmwasm_std::{to_json_binary, Timestamp, Uint128};
use modelbond_client::{Client, ClientError, Receipt, Signer};
use modelbond_interface::event::TypedEvent;
use modelbond_interface::training::{
    ConfigResponse, DutiesResponse, ExecuteMsg, Group, GroupsResponse, QueryMsg, ReceiveMsg, Round,
    RoundResponse, Run, RunResponse, SeatInfo, SeatsResponse, Stage,
};
use modelbond_interface::{market, nodes};
use modelbond_rounds::digest::Context;
use modelbond_signature::{printable, Binding};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::failure::Failure;
use crate::network::NetworkFile;
use crate::session::Session;

/// Training's name in network files.
pub const TRAINING: &str = "training";
/// The nodes contract's.
pub const NODES: &str = "nodes";

/// A connection to both contracts.
#[derive(Debug, Clone)]
pub struct Training {
    /// Address of training.
    pub address: String,
    /// Address of nodes, as the network file has it.
    pub nodes: String,
    /// The network they are on.
    pub network: NetworkFile,
    /// The client.
    pub client: Client,
    /// What was fixed when training was made.
    pub config: ConfigResponse,
}

impl Training {
    /// Connects to the contracts that the network file names.
    pub async fn find(session: &Session) -> Result<Self> {
        let network = session.network()?;
        let named = addresses(&network)?;
        let client = session.connect(&network).await?;
        Self::connected(network, named, client).await
    }

    /// The same with a client that is there.
    pub async fn of(network: NetworkFile, client: Client) -> Result<Self> {
        let named = addresses(&network)?;
        Self::connected(network, named, client).await
    }

    async fn connected(
        network: NetworkFile,
        (address, nodes): (String, String),
        client: Client,
    ) -> Result<Self> {
        let config: ConfigResponse = client
            .query(&address, &QueryMsg::Config {})
            .await
            .with_context(|| format!("{address} does not answer as training"))?;
        if config.nodes.as_str() != nodes {
            return Err(Failure::new(format!(
                "training's nodes contract is {}, not {nodes}",
                config.nodes
            ))
            .hint("is the endpoint honest? try another --rpc; modelbond network verify checks")
            .into());
        }
        Ok(Self { address, nodes, network, client, config })
    }

    /// Asks training.
    pub async fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> Result<T> {
        let answer = self.client.query(&self.address, question).await;
        answer.map_err(|error| explain(error, TRAINING, "training did not answer"))
    }

    /// Asks nodes.
    pub async fn ask_nodes<T: DeserializeOwned>(&self, question: &nodes::QueryMsg) -> Result<T> {
        let answer = self.client.query(&self.nodes, question).await;
        answer.map_err(|error| explain(error, NODES, "the nodes contract did not answer"))
    }

    /// Tells training, and waits for the block.
    pub async fn tell(&self, signer: &Signer, message: &ExecuteMsg) -> Result<Receipt> {
        let receipt = signer.execute(&self.address, message, &[]).await;
        receipt.map_err(|error| explain(error, TRAINING, "training was not changed"))
    }

    /// Tells nodes, and waits for the block.
    pub async fn tell_nodes(
        &self,
        signer: &Signer,
        message: &nodes::ExecuteMsg,
    ) -> Result<Receipt> {
        let receipt = signer.execute(&self.nodes, message, &[]).await;
        receipt.map_err(|error| explain(error, NODES, "the nodes contract was not changed"))
    }

    /// Sends model tokens to training with a message.
    pub async fn pay(
        &self,
        signer: &Signer,
        model: &str,
        amount: Uint128,
        message: &ReceiveMsg,
    ) -> Result<Receipt> {
        self.send(signer, model, (&self.address, TRAINING), amount, message).await
    }

    /// Sends model tokens to nodes with a message.
    pub async fn stake(
        &self,
        signer: &Signer,
        model: &str,
        amount: Uint128,
        message: &nodes::ReceiveMsg,
    ) -> Result<Receipt> {
        self.send(signer, model, (&self.nodes, NODES), amount, message).await
    }

    async fn send(
        &self,
        signer: &Signer,
        model: &str,
        (contract, name): (&str, &'static str),
        amount: Uint128,
        message: &impl Serialize,
    ) -> Result<Receipt> {
        let msg = to_json_binary(message).context("message")?;
        let send = market::ExecuteMsg::Send { contract: contract.to_owned(), amount, msg };
        let receipt = signer.execute(model, &send, &[]).await;
        receipt.map_err(|error| explain(error, name, "nothing was sent"))
    }

    /// A run.
    pub async fn run(&self, run_id: u64) -> Result<Run> {
        let answer: RunResponse = self.ask(&QueryMsg::Run { run_id }).await?;
        answer.run.ok_or_else(|| {
            Failure::new(format!("there is no run {run_id}"))
                .hint("modelbond run list shows them")
                .into()
        })
    }

    /// A round; the last one by default.
    pub async fn round(&self, run_id: u64, round_id: Option<u64>) -> Result<Round> {
        let answer: RoundResponse = self.ask(&QueryMsg::Round { run_id, round_id }).await?;
        answer.round.ok_or_else(|| {
            let which = round_id.map_or_else(String::new, |round| format!(" {round}"));
            Failure::new(format!("run {run_id} has no round{which}"))
                .hint("modelbond round advance RUN opens one")
                .into()
        })
    }

    /// The open round of a run.
    pub async fn open_round(&self, run: &Run) -> Result<Round> {
        let Some(open) = run.open_round else {
            return Err(Failure::new(format!("run {} has no open round", run.run_id))
                .hint("modelbond round advance RUN opens one")
                .into());
        };
        self.round(run.run_id, Some(open)).await
    }

    /// All groups of a round.
    pub async fn groups(&self, round: &Round) -> Result<Vec<Group>> {
        let question = QueryMsg::Groups { run_id: round.run_id, round_id: round.round_id };
        self.ask::<GroupsResponse>(&question).await.map(|answer| answer.groups)
    }

    /// Seats of a stage, of one group.
    pub async fn seats(&self, round: &Round, stage: Stage, group: u8) -> Result<Vec<SeatInfo>> {
        let (run_id, round_id) = (round.run_id, round.round_id);
        let question = QueryMsg::Seats { run_id, round_id, stage, group };
        self.ask::<SeatsResponse>(&question).await.map(|answer| answer.seats)
    }

    /// Seats of a stage, of all groups.
    pub async fn all_seats(&self, round: &Round, stage: Stage) -> Result<Vec<SeatInfo>> {
        let groups = match stage {
            Stage::Work | Stage::Check | Stage::Appeal => round.groups,
            _ => 1,
        };
        let mut seats = Vec::new();
        for group in 0..groups {
            seats.extend(self.seats(round, stage, group).await?);
        }
        Ok(seats)
    }

    /// Seats of a node in a round.
    pub async fn duties(&self, round: &Round, node_id: u64) -> Result<Vec<SeatInfo>> {
        let (run_id, round_id) = (round.run_id, round.round_id);
        let question = QueryMsg::Duties { run_id, round_id, node_id };
        self.ask::<DutiesResponse>(&question).await.map(|answer| answer.seats)
    }

    /// The epoch now.
    pub async fn epoch(&self) -> Result<nodes::EpochResponse> {
        self.ask_nodes(&nodes::QueryMsg::Epoch { at: None }).await
    }

    /// Time and height of the chain's last block.
    pub async fn now(&self) -> Result<(Timestamp, u64)> {
        let block = self.client.latest_block().await.context("cannot read the chain's time")?;
        Ok((Timestamp::from_nanos(block.time), block.height))
    }

    /// What every digest of a round begins with. Chain and contract are those of the network file,
    /// whatever a node says.
    pub fn context(&self, round: &Round) -> Context {
        Context {
            chain_id: self.network.chain_id.clone(),
            contract: self.address.clone(),
            run_id: round.run_id,
            round_id: round.round_id,
            beacon: round.beacon,
        }
    }

    /// What a statement for `contract`, one of the two, is bound to.
    pub fn binding(&self, contract: &str, nonce: u64, expires_at: u64) -> Binding {
        Binding {
            chain_id: self.network.chain_id.clone(),
            contract: contract.to_owned(),
            evm_chain_id: self.config.evm_chain_id,
            nonce,
            expires_at,
        }
    }

    /// The events of type `T` that `contract`, one of the two, emitted.
    pub fn events<T: TypedEvent>(&self, contract: &str, receipt: &Receipt) -> Result<Vec<T>> {
        receipt.decode::<T>(contract).context("cannot read the contract's event")
    }
}

fn addresses(network: &NetworkFile) -> Result<(String, String)> {
    let named = |name: &str| {
        network.contracts.get(name).cloned().ok_or_else(|| {
            Failure::new(format!("no {name} contract is recorded for {}", network.chain_id))
                .hint("modelbond deploy --beacon FILE makes beacon, training and nodes")
        })
    };
    Ok((named(TRAINING)?, named(NODES)?))
}

/// A refusal in the contract's own words, anything else under what it led to.
pub fn explain(error: ClientError, name: &str, outcome: &'static str) -> anyhow::Error {
    match error {
        ClientError::Contract { message, hash, .. } => {
            let place = hash.map(|hash| format!(" (transaction {hash})")).unwrap_or_default();
            Failure::new(format!("{name} refuses{place}: {}", printable(&message))).into()
        }
        error => anyhow::Error::from(error).context(outcome),
    }
}
