//! The contracts of an economy of which there is one: registry, provenance, rewards. How commands ask
//! them and tell them, and how the wires between all contracts are checked.

mod told;
pub mod wires;

use std::marker::PhantomData;

use anyhow::{Context, Result};
use cosmwasm_std::Coin;
use modelbond_client::{Client, ClientError, Receipt, Signer};
use modelbond_interface::event::TypedEvent;
use modelbond_interface::{provenance, registry, rewards};
use modelbond_signature::printable;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::failure::Failure;
use crate::network::NetworkFile;
use crate::session::Session;

pub use told::{Answered, Sent};

/// The registry's name in network files.
pub const REGISTRY: &str = "registry";
/// Provenance's.
pub const PROVENANCE: &str = "provenance";
/// Rewards'.
pub const REWARDS: &str = "rewards";

/// What a contract is called, and what it understands.
pub trait Kind {
    /// Its name in network files and texts.
    const NAME: &'static str;
    /// Messages.
    type Message: Serialize;
    /// Questions.
    type Question: Serialize;
}

/// The registry.
#[derive(Debug, Clone, Copy)]
pub struct Registry;

impl Kind for Registry {
    const NAME: &'static str = REGISTRY;
    type Message = registry::ExecuteMsg;
    type Question = registry::QueryMsg;
}

/// Provenance.
#[derive(Debug, Clone, Copy)]
pub struct Provenance;

impl Kind for Provenance {
    const NAME: &'static str = PROVENANCE;
    type Message = provenance::ExecuteMsg;
    type Question = provenance::QueryMsg;
}

/// Rewards.
#[derive(Debug, Clone, Copy)]
pub struct Rewards;

impl Kind for Rewards {
    const NAME: &'static str = REWARDS;
    type Message = rewards::ExecuteMsg;
    type Question = rewards::QueryMsg;
}

/// A connection to one of them.
#[derive(Debug, Clone)]
pub struct Contract<K> {
    /// Its address.
    pub address: String,
    /// The network it is on.
    pub network: NetworkFile,
    /// The client.
    pub client: Client,
    kind: PhantomData<K>,
}

impl<K: Kind> Contract<K> {
    /// Connects to the contract that the network file names.
    pub async fn find(session: &Session) -> Result<Self> {
        let network = session.network()?;
        let address = recorded(&network, K::NAME)?;
        let client = session.connect(&network).await?;
        Ok(Self { address, network, client, kind: PhantomData })
    }

    /// The same with a client that is there.
    pub fn of(network: NetworkFile, client: Client) -> Result<Self> {
        let address = recorded(&network, K::NAME)?;
        Ok(Self { address, network, client, kind: PhantomData })
    }

    /// Another contract of the same network.
    pub fn neighbour<O: Kind>(&self) -> Result<Contract<O>> {
        Contract::of(self.network.clone(), self.client.clone())
    }

    /// Asks.
    pub async fn ask<T: DeserializeOwned>(&self, question: &K::Question) -> Result<T> {
        let answer = self.client.query(&self.address, question).await;
        answer.map_err(|error| explain(error, K::NAME, "did not answer"))
    }

    /// Tells, and waits for the block.
    pub async fn tell(
        &self,
        session: &Session,
        signer: &Signer,
        message: &K::Message,
        funds: &[Coin],
    ) -> Result<Receipt> {
        let _progress = session.output.progress("waiting for the block");
        let receipt = signer.execute(&self.address, message, funds).await;
        receipt.map_err(|error| explain(error, K::NAME, "was not changed"))
    }

    /// Connects the session's key.
    pub async fn signer(&self, session: &Session) -> Result<Signer> {
        session.signer(&self.client).await
    }

    /// The events of type `T` that this contract emitted.
    pub fn events<T: TypedEvent>(&self, receipt: &Receipt) -> Result<Vec<T>> {
        receipt
            .decode::<T>(&self.address)
            .with_context(|| format!("cannot read an event of {}", K::NAME))
    }

    /// Address of a model, named by symbol or address.
    pub fn model(&self, model: &str) -> Result<String> {
        self.network.market_address(model)
    }

    /// A model for people: its symbol where it is recorded, else its address.
    pub fn symbol(&self, model: &str) -> String {
        let recorded = self.network.markets.iter().find(|(_, market)| market.address == model);
        recorded.map_or_else(|| model.to_owned(), |(symbol, _)| symbol.clone())
    }
}

/// A contract's recorded address.
fn recorded(network: &NetworkFile, name: &str) -> Result<String> {
    network.contracts.get(name).cloned().ok_or_else(|| {
        Failure::new(format!("no {name} contract is recorded for {}", network.chain_id))
            .hint("modelbond deploy --beacon FILE makes training, registry, provenance and rewards")
            .into()
    })
}

/// A refusal in the contract's own words, anything else under what it led to.
fn explain(error: ClientError, name: &str, outcome: &str) -> anyhow::Error {
    match error {
        ClientError::Contract { message, hash, .. } => {
            let place = hash.map(|hash| format!(" (transaction {hash})")).unwrap_or_default();
            Failure::new(format!("{name} refuses{place}: {}", printable(&message))).into()
        }
        error => anyhow::Error::from(error).context(format!("{name} {outcome}")),
    }
}
