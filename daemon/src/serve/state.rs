//! What every request sees of the service. It holds no keys but, if it is one, the emitter's.

use std::sync::Arc;

use anyhow::{Context, Result};

use super::chain::Chain;
use super::config::Settings;
use super::emitter::Emitter;
use super::health::Loops;
use super::limits::RateLimit;
use super::metrics::Metrics;
use super::shutdown::Shutdown;

/// The service's state; cloning is cheap and shares everything.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    prefix: String,
    chain: Chain,
    emitter: Option<Arc<Emitter>>,
    loops: Loops,
    metrics: Metrics,
    rate_limit: Option<RateLimit>,
    shutdown: Shutdown,
}

impl App {
    /// A service with these settings, `prefix` for the bech32 addresses it answers with, and this
    /// chain.
    pub fn new(settings: Settings, prefix: String, chain: Chain) -> Result<Self> {
        Self::emitting(settings, prefix, chain, None)
    }

    /// The same, with the beacon's emitter.
    pub fn emitting(
        settings: Settings,
        prefix: String,
        chain: Chain,
        emitter: Option<Arc<Emitter>>,
    ) -> Result<Self> {
        settings.check()?;
        let metrics = Metrics::new().context("cannot set up metrics")?;
        let rate_limit = RateLimit::new(settings.rate_limit, settings.rate_burst);
        let (loops, shutdown) = (Loops::default(), Shutdown::default());
        let inner =
            Inner { settings, prefix, chain, emitter, loops, metrics, rate_limit, shutdown };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Bech32 prefix of the addresses that are answered where the request names none.
    pub fn prefix(&self) -> &str {
        &self.inner.prefix
    }

    /// The chain with the bridge.
    pub fn chain(&self) -> &Chain {
        &self.inner.chain
    }

    /// The beacon's emitter, if this service is one.
    pub fn emitter(&self) -> Option<&Arc<Emitter>> {
        self.inner.emitter.as_ref()
    }

    /// The service's loops.
    pub fn loops(&self) -> &Loops {
        &self.inner.loops
    }

    /// The counters.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// The limit by client, if there is one.
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.inner.rate_limit.as_ref()
    }

    /// The phase.
    pub fn shutdown(&self) -> &Shutdown {
        &self.inner.shutdown
    }
}
