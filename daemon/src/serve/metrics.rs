//! What Prometheus reads at `/metrics`.
//!
//! Labels have few values each: routes are those of the router, methods those of HTTP, so no
//! client can make the service remember more.

use axum::extract::State;
use axum::http::{header, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use prometheus::{
    histogram_opts, Histogram, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

use super::keeper::{Chore, Outcome};
use super::problem::Problem;
use super::state::App;
use crate::training::due::Action;

/// From a tenth of a millisecond, about one verification, to the longest that a request may take.
const LATENCY_BUCKETS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// The counters of the service.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    latency: HistogramVec,
    rejected: IntCounterVec,
    verdicts: IntCounterVec,
    kept: IntCounterVec,
    /// Requests that are being answered.
    pub in_flight: IntGauge,
    /// Open connections.
    pub connections: IntGauge,
}

impl Metrics {
    /// All of them, at zero.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let requests = counter(
            "modelbond_http_requests_total",
            "Requests answered.",
            &["route", "method", "status"],
        )?;
        let rejected = counter(
            "modelbond_http_rejected_total",
            "Requests refused by a limit: rate, body, time; connections closed at once by theirs.",
            &["limit"],
        )?;
        let verdicts = counter(
            "modelbond_signature_verdicts_total",
            "Verdicts on signatures by scheme.",
            &["scheme", "verdict"],
        )?;
        let kept = counter(
            "modelbond_keeper_messages_total",
            "Messages of the keeper, by what became of them.",
            &["action", "outcome"],
        )?;
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let in_flight = gauge("modelbond_http_in_flight", "Requests that are being answered.")?;
        let connections = gauge("modelbond_http_connections", "Open connections.")?;
        let latency = HistogramVec::new(
            histogram_opts!(
                "modelbond_http_request_seconds",
                "From the request's head to the answer's.",
                LATENCY_BUCKETS.to_vec()
            ),
            &["route"],
        )?;
        registry.register(Box::new(latency.clone()))?;
        let build = IntGaugeVec::new(
            Opts::new("modelbond_build_info", "1, with the version as a label."),
            &["version"],
        )?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        registry.register(Box::new(build))?;
        // A counter that was never counted is shown too, so that an alert on it can be tested.
        for limit in [Limit::Rate, Limit::Body, Limit::Time, Limit::Connections] {
            rejected.with_label_values(&[limit.name()]);
        }
        let rounds = [Action::Advance, Action::Settle].map(Action::name);
        for action in rounds.into_iter().chain(Chore::NAMES) {
            for outcome in [Outcome::Taken, Outcome::Refused, Outcome::Failed] {
                kept.with_label_values(&[action, outcome.name()]);
            }
        }
        Ok(Self { registry, requests, latency, rejected, verdicts, kept, in_flight, connections })
    }

    /// Counts an answered request.
    pub fn answered(&self, route: &str, method: &Method, status: &str, seconds: f64) {
        self.requests.with_label_values(&[route, method_label(method), status]).inc();
        self.route_latency(route).observe(seconds);
    }

    /// Counts a request that a limit refused.
    pub fn rejected(&self, limit: Limit) {
        self.rejected.with_label_values(&[limit.name()]).inc();
    }

    /// Counts a verdict.
    pub fn verdict(&self, scheme: &str, valid: bool) {
        let verdict = if valid { "valid" } else { "invalid" };
        self.verdicts.with_label_values(&[scheme, verdict]).inc();
    }

    /// Counts what became of a keeper's message.
    pub fn kept(&self, action: &'static str, outcome: Outcome) {
        self.kept.with_label_values(&[action, outcome.name()]).inc();
    }

    fn route_latency(&self, route: &str) -> Histogram {
        self.latency.with_label_values(&[route])
    }

    fn text(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

/// What refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Too many requests: 429.
    Rate,
    /// Too long a body: 413.
    Body,
    /// Too slow: 408 or 503.
    Time,
    /// Too many connections of one client: closed.
    Connections,
}

impl Limit {
    fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Body => "body",
            Self::Time => "time",
            Self::Connections => "connections",
        }
    }
}

/// A method that HTTP defines, or `other`.
fn method_label(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::OPTIONS,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ];
    if KNOWN.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

/// The metrics
///
/// In the text format of Prometheus. Not limited by rate.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "service",
    responses((status = 200, description = "Every metric with its help.", body = String,
               content_type = "text/plain"))
)]
pub async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let text = app.metrics().text().map_err(|error| {
        tracing::error!(%error, "metrics cannot be written");
        Problem::internal()
    })?;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
