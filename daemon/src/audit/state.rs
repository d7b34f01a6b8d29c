//! The state after one block, to be asked by the audit.

use anyhow::{Context, Result};
use modelbond_audit::state::State;
use modelbond_client::Client;
use serde::de::DeserializeOwned;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

/// A client whose queries are of one block's state. It waits for each answer.
#[derive(Debug, Clone)]
pub struct Pinned(Client);

impl Pinned {
    /// Asks through this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }
}

impl State for Pinned {
    type Error = anyhow::Error;

    fn ask<T: DeserializeOwned>(&self, contract: &str, query: &impl Serialize) -> Result<T> {
        let asked = self.0.query(contract, query);
        block_in_place(|| Handle::current().block_on(asked))
            .with_context(|| format!("{contract} did not answer"))
    }

    fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        let asked = self.0.balance(address, denom);
        block_in_place(|| Handle::current().block_on(asked))
            .with_context(|| format!("the balance of {address} is not known"))
    }
}
