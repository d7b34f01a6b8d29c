//! The end of the service, in phases that only go forward, and the signals that begin it.
//!
//! On the first SIGTERM or SIGINT it **drains**: everything is still served, but `/health` says so
//! and every answer asks its client to close the connection. After that time it **closes**: no new
//! connection is accepted, and a connection is closed as soon as it has nothing to be answered.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use tokio::signal::unix::{signal, Signal, SignalKind};
use tokio::sync::watch;

/// How far the service is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It is open.
    Open,
    /// It asks clients to leave.
    Draining,
    /// It accepts nothing new.
    Closing,
}

/// The phase, seen by every request and connection.
#[derive(Debug)]
pub struct Shutdown {
    /// Whether it has begun: what every request looks at, without a lock.
    begun: AtomicBool,
    phase: watch::Sender<Phase>,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self { begun: AtomicBool::new(false), phase: watch::Sender::new(Phase::Open) }
    }
}

impl Shutdown {
    /// Whether the end has begun.
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }

    /// Goes forward to a phase.
    pub fn advance(&self, phase: Phase) {
        self.begun.store(true, Ordering::Release);
        self.phase.send_if_modified(|current| {
            let forward = phase > *current;
            *current = phase.max(*current);
            forward
        });
    }

    /// Resolves once the phase is reached.
    pub fn reached(&self, phase: Phase) -> impl std::future::Future<Output = ()> + Send + 'static {
        let mut watched = self.phase.subscribe();
        async move {
            // An error means that the service is gone, and with it every reason to wait.
            let _ = watched.wait_for(|current| *current >= phase).await;
        }
    }
}

/// SIGTERM and SIGINT, caught from the moment this is made.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Catches them.
    pub fn catch() -> Result<Self> {
        let catch = |kind| signal(kind).context("cannot catch signals");
        Ok(Self {
            terminate: catch(SignalKind::terminate())?,
            interrupt: catch(SignalKind::interrupt())?,
        })
    }

    /// The next one, by name.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
