//! `/health`: whether the service takes requests, and how each of its loops is.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::state::App;

/// How a loop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LoopState {
    /// It works.
    Running,
    /// It failed and tries again.
    Retrying,
    /// It failed for good.
    Stopped,
}

/// A loop of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LoopHealth {
    /// Its name.
    #[schema(example = "chain")]
    pub name: String,
    /// How it is.
    pub state: LoopState,
    /// What it last said, such as why it tries again.
    #[schema(example = "modelbond-1 at height 1042")]
    pub detail: String,
}

/// How the loops are, by name.
#[derive(Debug, Default)]
pub struct Loops(RwLock<BTreeMap<&'static str, (LoopState, String)>>);

impl Loops {
    /// Says how a loop is.
    pub fn set(&self, name: &'static str, state: LoopState, detail: impl Into<String>) {
        let mut loops = self.0.write().unwrap_or_else(PoisonError::into_inner);
        loops.insert(name, (state, detail.into()));
    }

    fn list(&self) -> Vec<LoopHealth> {
        let loops = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let health = |(name, (state, detail)): (&&str, &(LoopState, String))| LoopHealth {
            name: (*name).to_owned(),
            state: *state,
            detail: detail.clone(),
        };
        loops.iter().map(health).collect()
    }
}

/// Whether requests are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Readiness {
    /// They are.
    Ok,
    /// For a moment still: send no more to this instance.
    Draining,
}

/// How the service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Health {
    /// Whether requests are taken.
    pub status: Readiness,
    /// Version of the service.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Whether the chain answered when it was last asked; none before, and without a chain.
    /// Signatures are checked without it.
    #[schema(required = true)]
    pub chain_reachable: Option<bool>,
    /// The loops, by name.
    pub loops: Vec<LoopHealth>,
}

/// How the service is
///
/// Answers at once, without asking the chain. Not limited by rate. A load balancer sends requests
/// here only after 200.
#[utoipa::path(
    get,
    path = "/health",
    tag = "service",
    responses(
        (status = 200, description = "Requests are taken.", body = Health),
        (status = 503, description = "The service is about to stop, or could not answer in time.", body = Health,
         example = json!({"status": "draining", "version": "0.1.0", "chain_reachable": null, "loops": []})),
    )
)]
pub async fn health(State(app): State<App>) -> Response {
    let draining = app.shutdown().has_begun();
    let health = Health {
        status: if draining { Readiness::Draining } else { Readiness::Ok },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        chain_reachable: app.chain().reachable(),
        loops: app.loops().list(),
    };
    let status = if draining { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, axum::Json(health)).into_response()
}
