//! The server: binds, serves, and ends without losing a request.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, Semaphore};
use tokio::time::{sleep, timeout};

use super::chain;
use super::connection::{Gate, Peer};
use super::emitter::{self, Target};
use super::health::LoopState;
use super::keeper::{self, Keeper};
use super::router::router;
use super::shutdown::{Phase, Signals};
use super::state::App;
use crate::failure::Failure;

/// Name of the loop in `/health`.
const LOOP: &str = "http";

/// A server that listens.
pub struct Server {
    app: App,
    listener: TcpListener,
    address: SocketAddr,
    signals: Signals,
    target: Option<Target>,
    keeper: Option<Keeper>,
}

impl Server {
    /// Listens at the address of the settings; from now on signals end it in order.
    pub async fn bind(app: App) -> Result<Self> {
        let listen = app.settings().listen.clone();
        let listener = TcpListener::bind(&listen).await.with_context(|| {
            Failure::new(format!("cannot listen on {listen}"))
                .hint("is another service there? --listen 127.0.0.1:0 takes a free port")
        })?;
        let address = listener.local_addr().context("cannot tell the address")?;
        Ok(Self { app, listener, address, signals: Signals::catch()?, target: None, keeper: None })
    }

    /// Emits to this beacon while it runs.
    #[must_use]
    pub fn emitting_to(self, target: Option<Target>) -> Self {
        Self { target, ..self }
    }

    /// Keeps these training runs going while it runs.
    #[must_use]
    pub fn keeping(self, keeper: Option<Keeper>) -> Self {
        Self { keeper, ..self }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until a signal, then ends in order; a second signal ends it at once.
    pub async fn run(self) -> Result<()> {
        let Self { app, listener, address, mut signals, target, keeper } = self;
        let most = app.settings().max_connections;
        let slots = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX)));
        let (closed, no_more) = oneshot::channel();
        let gate = Gate::new(app.clone(), listener, Arc::clone(&slots), closed)
            .context("cannot tell the address")?;
        let service = router(app.clone()).into_make_service_with_connect_info::<Peer>();
        app.loops().set(LOOP, LoopState::Running, format!("http://{address}"));
        tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");

        let watching = tokio::spawn(chain::watch(app.clone()));
        let emitting = app.emitter().cloned().zip(target);
        let emitting = emitting
            .map(|(emitter, target)| tokio::spawn(emitter::emit(app.clone(), emitter, target)));
        let keeping = keeper.map(|keeper| tokio::spawn(keeper::keep(app.clone(), keeper)));
        let mut serving = tokio::spawn(axum::serve(gate, service).into_future());
        let signal = tokio::select! {
            signal = signals.next() => signal,
            // It never ends by itself.
            ended = &mut serving => {
                return Err(anyhow::anyhow!("the server ended: {ended:?}"));
            }
        };
        tracing::info!(signal, "draining");
        app.shutdown().advance(Phase::Draining);
        let ended = tokio::select! {
            ended = end(&app, no_more, &slots) => ended,
            signal = signals.next() => {
                Err(Failure::new(format!("{signal} again: stopped at once")).into())
            }
        };
        serving.abort();
        watching.abort();
        for acting in [emitting, keeping].into_iter().flatten() {
            acting.abort();
        }
        if ended.is_ok() {
            tracing::info!("stopped");
        }
        ended
    }
}

/// Drains, closes, and waits until every connection is gone.
async fn end(app: &App, no_more: oneshot::Receiver<()>, slots: &Semaphore) -> Result<()> {
    let settings = app.settings();
    sleep(settings.drain()).await;
    tracing::info!("closing");
    app.shutdown().advance(Phase::Closing);
    // A whole head, then a whole answer, left unread, and one more second for all the rest.
    let longest = settings.header_timeout()
        + settings.request_timeout()
        + settings.write_timeout()
        + Duration::from_secs(1);
    let gone = async {
        let _ = no_more.await;
        slots.acquire_many(settings.max_connections).await.is_ok()
    };
    match timeout(longest, gone).await {
        Ok(_) => Ok(()),
        Err(_) => {
            let open = app.metrics().connections.get();
            Err(Failure::new(format!("gave up on {open} connections that did not end"))
                .hint("their clients neither sent nor read anything; nothing else is lost")
                .into())
        }
    }
}
