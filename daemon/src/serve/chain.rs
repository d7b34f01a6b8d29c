//! The chain with the bridge contract, which the service can do without.
//!
//! A loop reads the network file again and again, so that a bridge that is deployed later is found,
//! and asks the chain for its latest block; `/health` shows what it saw. Requests never wait for
//! the loop: they ask the chain themselves, for a bounded time.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Result;
use modelbond_client::{Client, ClientError, Network, Settings as Patience};
use modelbond_interface::bridge::{Link, QueryMsg, ResolveResponse};
use tokio::sync::OnceCell;

use super::health::LoopState;
use super::state::App;
use crate::bridge::CONTRACT;
use crate::failure;
use crate::network::NetworkFile;

/// Name of the loop in `/health`.
const LOOP: &str = "chain";
/// Pause between two looks at a chain that answers, and the longest one while it does not.
const PAUSE: Duration = Duration::from_secs(10);
/// First pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// Why the chain did not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// There is nobody to ask.
    #[error("there is no bridge: {0}")]
    NoBridge(String),
    /// It does not answer.
    #[error("the chain does not answer: {0}")]
    Unavailable(String),
}

/// Where the chain is described.
#[derive(Debug, Clone)]
pub struct Source {
    /// The network file, which need not exist.
    pub path: PathBuf,
    /// Endpoints instead of the file's.
    pub rpc: Option<Vec<String>>,
}

impl Source {
    fn load(&self) -> Result<Option<NetworkFile>> {
        if !self.path.exists() {
            return Ok(None);
        }
        let mut file = NetworkFile::load(&self.path)?;
        if let Some(rpc) = &self.rpc {
            file.rpc.clone_from(rpc);
        }
        Ok(Some(file))
    }
}

/// A bridge on a chain; the connection is made when it is first needed.
#[derive(Debug)]
pub struct Bridge {
    network: Network,
    contract: Option<String>,
    client: OnceCell<Client>,
}

/// The chain as it is known now.
#[derive(Debug, Default)]
pub struct Chain {
    source: Option<Source>,
    bridge: RwLock<Option<Arc<Bridge>>>,
    reachable: RwLock<Option<bool>>,
}

impl Chain {
    /// No chain.
    pub fn none() -> Self {
        Self::default()
    }

    /// The chain of a network file, read now and again later. A file that cannot be read is an
    /// error, one that is missing is not.
    pub fn of(source: Source) -> Result<Self> {
        let chain = Self { source: Some(source), ..Self::default() };
        chain.reload()?;
        Ok(chain)
    }

    /// Whether it answered when the loop last asked.
    pub fn reachable(&self) -> Option<bool> {
        *self.reachable.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bridge.
    pub fn bridge(&self) -> Result<Arc<Bridge>, ChainError> {
        let missing = |what: &str| ChainError::NoBridge(what.to_owned());
        let bridge = self.current().ok_or_else(|| missing("the service has no network file"))?;
        if bridge.contract.is_none() {
            return Err(missing("the network file names no contract `bridge`"));
        }
        Ok(bridge)
    }

    fn current(&self) -> Option<Arc<Bridge>> {
        self.bridge.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the network file; keeps the connection while nothing in it has changed.
    fn reload(&self) -> Result<()> {
        let file = self.source.as_ref().map(Source::load).transpose()?.flatten();
        let bridge = match file {
            None => None,
            Some(file) => Some((file.network()?, file.contracts.get(CONTRACT).cloned())),
        };
        let mut current = self.bridge.write().unwrap_or_else(PoisonError::into_inner);
        let known = current.as_ref().map(|bridge| (&bridge.network, &bridge.contract));
        if known != bridge.as_ref().map(|(network, contract)| (network, contract)) {
            *current = bridge.map(|(network, contract)| {
                Arc::new(Bridge { network, contract, client: OnceCell::new() })
            });
        }
        Ok(())
    }

    fn saw(&self, reachable: Option<bool>) {
        *self.reachable.write().unwrap_or_else(PoisonError::into_inner) = reachable;
    }
}

impl Bridge {
    /// Bech32 prefix of its chain.
    pub fn prefix(&self) -> &str {
        &self.network.prefix
    }

    /// The link of an address, if it has one.
    pub async fn resolve(
        &self,
        address: String,
        timeout: Duration,
    ) -> Result<Option<Link>, ChainError> {
        let contract = self.contract.as_deref().unwrap_or_default();
        let query = QueryMsg::Resolve { address };
        let answer = async {
            let client = self.client(timeout).await?;
            client.query::<ResolveResponse>(contract, &query).await
        };
        match within(timeout, answer).await {
            Ok(answer) => Ok(answer.link),
            Err(Fault::Client(ClientError::NotFound { .. })) => Err(ChainError::NoBridge(format!(
                "{} has no contract {contract}",
                self.network.chain_id
            ))),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Height of the latest block.
    async fn height(&self, timeout: Duration) -> Result<u64, ChainError> {
        let block = async { self.client(timeout).await?.latest_block().await };
        Ok(within(timeout, block).await?.height)
    }

    async fn client(&self, timeout: Duration) -> Result<&Client, ClientError> {
        // So that each endpoint gets its turn within the time.
        let endpoints = u32::try_from(self.network.rpc.len()).unwrap_or(u32::MAX).max(1);
        let request_timeout = timeout / endpoints;
        let patience = Patience { request_timeout, rounds: 1, ..Patience::default() };
        let connect = || Client::connect_with(self.network.clone(), patience);
        self.client.get_or_try_init(connect).await
    }
}

enum Fault {
    Client(ClientError),
    Slow(Duration),
}

impl From<Fault> for ChainError {
    fn from(fault: Fault) -> Self {
        // What the client says names endpoints, which are nobody else's business.
        Self::Unavailable(match fault {
            Fault::Client(error) => {
                tracing::warn!(%error, "the chain gave no usable answer");
                "try again later".to_owned()
            }
            Fault::Slow(timeout) => format!("nothing came within {} ms", timeout.as_millis()),
        })
    }
}

async fn within<T>(
    timeout: Duration,
    work: impl std::future::Future<Output = Result<T, ClientError>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(timeout, work).await {
        Ok(result) => result.map_err(Fault::Client),
        Err(_) => Err(Fault::Slow(timeout)),
    }
}

/// Watches the chain until the service ends.
pub async fn watch(app: App) {
    let mut failures = 0;
    loop {
        let pause = match look(&app).await {
            Ok(detail) => {
                failures = 0;
                app.loops().set(LOOP, LoopState::Running, detail);
                PAUSE
            }
            Err(detail) => {
                tracing::warn!(detail, "chain");
                app.loops().set(LOOP, LoopState::Retrying, detail);
                let pause = FIRST_PAUSE.saturating_mul(1 << failures);
                failures = (failures + 1).min(10);
                pause.min(PAUSE)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// One look at file and chain: how they are, or what is wrong.
async fn look(app: &App) -> Result<String, String> {
    let chain = app.chain();
    chain.reload().map_err(|error| {
        // The error names the file, and where it lies is nobody else's business.
        tracing::warn!(error = failure::text(&error), "chain");
        "the network file cannot be read".to_owned()
    })?;
    let Some(bridge) = chain.current() else {
        chain.saw(None);
        return Ok("no network file; signatures need none".to_owned());
    };
    let height = bridge.height(app.settings().chain_timeout()).await;
    chain.saw(Some(height.is_ok()));
    let height = height.map_err(|error| format!("{}: {error}", bridge.network.chain_id))?;
    let without = if bridge.contract.is_some() { "" } else { ", no bridge deployed" };
    Ok(format!("{} at height {height}{without}", bridge.network.chain_id))
}
