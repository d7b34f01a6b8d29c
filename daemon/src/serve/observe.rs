//! What happens to every request: an id, the limits, a line in the log, the counters, and once the
//! service ends the wish that the client may close its connection.

use std::any::Any;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::LazyLock;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{header, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::body::Awaited;
use super::connection::Peer;
use super::limits::UNLIMITED;
use super::metrics::Limit;
use super::problem::Problem;
use super::state::App;

/// Names a request in its answer and in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer ids of clients are replaced.
const LONGEST_ID: usize = 128;
/// Route of a path that no route has.
const UNMATCHED: &str = "unmatched";

/// Wraps a request.
pub async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|info| info.0.clone());
    let method = request.method().clone();
    let id = request_id(&request);
    let in_flight = InFlight::new(&app, peer.as_ref());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());

    let mut response = match admit(&app, route, peer.as_ref()) {
        Err(wait) => {
            let mut response = Problem::rate_limited(wait).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, wait.into());
            response
        }
        Ok(()) => {
            let body = Awaited::default();
            request.extensions_mut().insert(body.clone());
            let answer = next.run(request).instrument(span.clone());
            let answer = tokio::time::timeout(app.settings().request_timeout(), answer).await;
            answer.unwrap_or_else(|_| {
                app.metrics().rejected(Limit::Time);
                let late = if body.get() { Problem::late_body() } else { Problem::timeout() };
                late.into_response()
            })
        }
    };

    let status = response.status();
    let elapsed = started.elapsed();
    match status {
        StatusCode::TOO_MANY_REQUESTS => app.metrics().rejected(Limit::Rate),
        StatusCode::PAYLOAD_TOO_LARGE => app.metrics().rejected(Limit::Body),
        _ => {}
    }
    app.metrics().answered(route, &method, status.as_str(), elapsed.as_secs_f64());
    let _in_span = span.enter();
    tracing::info!(
        %method,
        route,
        status = status.as_u16(),
        latency_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        client = peer.as_ref().map(|peer| tracing::field::display(peer.address())),
        "answered"
    );
    response.headers_mut().insert(REQUEST_ID, id);
    if app.shutdown().has_begun() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    drop(in_flight);
    response
}

/// Takes one request of the client's; else says how many seconds to wait.
fn admit(app: &App, route: &str, peer: Option<&Peer>) -> Result<(), u64> {
    match (app.rate_limit(), peer) {
        (Some(limit), Some(peer)) if !UNLIMITED.contains(&route) => limit.take(peer.address()),
        _ => Ok(()),
    }
}

/// The client's id, if it is short and plain, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    static RUN: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let plain = |id: &&HeaderValue| {
        (1..=LONGEST_ID).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    if let Some(id) = request.headers().get(REQUEST_ID).filter(plain) {
        return id.clone();
    }
    let id = format!("{:016x}-{:08x}", *RUN, NEXT.fetch_add(1, Ordering::Relaxed));
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("0"))
}

/// A request that is being answered; also when its connection is lost meanwhile.
struct InFlight<'a> {
    app: &'a App,
    peer: Option<&'a Peer>,
}

impl<'a> InFlight<'a> {
    fn new(app: &'a App, peer: Option<&'a Peer>) -> Self {
        app.metrics().in_flight.inc();
        if let Some(peer) = peer {
            peer.activity().begin();
        }
        Self { app, peer }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.app.metrics().in_flight.dec();
        if let Some(peer) = self.peer {
            peer.activity().end();
        }
    }
}

/// The answer where the program panicked.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(panic = text, "a request made the service panic");
    Problem::internal().into_response()
}
