//! The network's bridge: how commands ask it and tell it.

use anyhow::{Context, Result};
use modelbond_client::{Client, ClientError, Receipt, Signer};
use modelbond_interface::bridge::{
    DomainResponse, ExecuteMsg, Link, NonceResponse, QueryMsg, ResolveResponse,
};
use modelbond_interface::event::TypedEvent;
use modelbond_signature::{printable, Binding, CosmosAddress};
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::network::NetworkFile;
use crate::session::Session;

/// Its name in network files.
pub const CONTRACT: &str = "bridge";

/// A connection to the bridge.
#[derive(Debug, Clone)]
pub struct Bridge {
    /// Its address.
    pub address: String,
    /// The network it is on.
    pub network: NetworkFile,
    /// The client.
    pub client: Client,
}

impl Bridge {
    /// Connects to the bridge that the network file names.
    pub async fn find(session: &Session) -> Result<Self> {
        let network = session.network()?;
        let address = network.contracts.get(CONTRACT).cloned().ok_or_else(|| {
            Failure::new(format!("no bridge is recorded for {}", network.chain_id))
                .hint("modelbond deploy --artifacts DIR makes one")
        })?;
        let client = session.connect(&network).await?;
        Ok(Self { address, network, client })
    }

    /// Asks.
    pub async fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> Result<T> {
        let answer = self.client.query(&self.address, question).await;
        answer.map_err(|error| explain(error, "the bridge did not answer"))
    }

    /// Tells, and waits for the block.
    pub async fn tell(
        &self,
        session: &Session,
        signer: &Signer,
        message: &ExecuteMsg,
    ) -> Result<Receipt> {
        let _progress = session.output.progress("waiting for the block");
        let receipt = signer.execute(&self.address, message, &[]).await;
        receipt.map_err(|error| explain(error, "the bridge was not changed"))
    }

    /// The link of an address, `0x…` or of this chain.
    pub async fn resolve(&self, address: &str) -> Result<Option<Link>> {
        let question = QueryMsg::Resolve { address: address.to_owned() };
        self.ask::<ResolveResponse>(&question).await.map(|answer| answer.link)
    }

    /// What the next statement of `cosmos` is bound to, until `expires_at`.
    pub async fn binding(&self, cosmos: &CosmosAddress, expires_at: u64) -> Result<Binding> {
        let question = QueryMsg::Nonce { cosmos_address: cosmos.to_string() };
        let nonce = self.ask::<NonceResponse>(&question).await?.nonce;
        let domain: DomainResponse = self.ask(&QueryMsg::Domain {}).await?;
        // Chain and contract are those of the network file, whatever a node says.
        Ok(Binding {
            chain_id: self.network.chain_id.clone(),
            contract: self.address.clone(),
            evm_chain_id: domain.evm_chain_id,
            nonce,
            expires_at,
        })
    }

    /// The event of type `T` that the bridge emitted.
    pub fn event<T: TypedEvent>(&self, receipt: &Receipt) -> Result<T> {
        let events =
            receipt.decode::<T>(&self.address).context("cannot read the bridge's event")?;
        let missing = || format!("transaction {} has no event {}", receipt.hash, T::TYPE);
        events.into_iter().next().with_context(missing)
    }
}

/// A refusal in the bridge's own words, anything else under what it led to.
fn explain(error: ClientError, outcome: &'static str) -> anyhow::Error {
    match error {
        ClientError::Contract { message, hash, .. } => {
            let place = hash.map(|hash| format!(" (transaction {hash})")).unwrap_or_default();
            Failure::new(format!("the bridge refuses{place}: {}", printable(&message))).into()
        }
        error => anyhow::Error::from(error).context(outcome),
    }
}
