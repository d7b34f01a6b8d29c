//! The client: a network and its endpoints.

use std::sync::Arc;

use crate::error::ClientError;
use crate::keys;
use crate::network::{Network, Settings};
use crate::pool::Pool;
use crate::signer::Signer;
use crate::SigningKey;

/// A connection to one chain by several endpoints. Cloning is cheap and shares everything.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// Whose state is asked for; the newest block's if none.
    height: Option<u64>,
}

struct Inner {
    network: Network,
    settings: Settings,
    pool: Pool,
}

impl Client {
    /// Connects with the default [`Settings`]. Every endpoint that answers must serve the network's
    /// chain; at least one must answer.
    pub async fn connect(network: Network) -> Result<Self, ClientError> {
        Self::connect_with(network, Settings::default()).await
    }

    /// Connects with other patience and limits.
    pub async fn connect_with(network: Network, settings: Settings) -> Result<Self, ClientError> {
        keys::ensure_prefix(&network.prefix)?;
        if network.rpc.is_empty() {
            return Err(ClientError::InvalidNetwork { field: "rpc", value: String::new() });
        }
        let pool = Pool::connect(&network, &settings).await?;
        Ok(Self { inner: Arc::new(Inner { network, settings, pool }), height: None })
    }

    /// The network this client serves.
    pub fn network(&self) -> &Network {
        &self.inner.network
    }

    /// Its patience and limits.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// A signer for `key`. Make one per key and clone it: two signers of one key would fight over
    /// sequences.
    pub fn signer(&self, key: impl Into<SigningKey>) -> Signer {
        Signer::new(self.clone(), key.into())
    }

    /// The same connection, but queries of contracts and balances are answered by the state after the
    /// block at `height`, as long as a node keeps it.
    #[must_use]
    pub fn at(&self, height: u64) -> Self {
        Self { inner: Arc::clone(&self.inner), height: Some(height) }
    }

    /// Whose state is asked for.
    pub(crate) fn height(&self) -> Option<u64> {
        self.height
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("network", &self.inner.network).finish_non_exhaustive()
    }
}
