//! The routes of the service.

use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;
use axum::Router;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::state::App;
use super::{health, identities, metrics, observe, openapi, rounds, signatures};

/// The whole service, which needs no socket to be called.
pub fn router(app: App) -> Router {
    let (routes, document) = parts();
    let served = openapi::served(&document);
    guarded(app, routes.route(openapi::PATH, get(move || std::future::ready(served.clone()))))
}

/// Routes with everything around them: limits, log, counters, and problems for what goes wrong.
pub fn guarded(app: App, routes: Router<App>) -> Router {
    let body_limit = usize::try_from(app.settings().body_limit).unwrap_or(usize::MAX);
    routes
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), observe::observe))
        .with_state(app)
}

/// The description that is served at `/openapi.json`.
pub fn document() -> OpenApi {
    parts().1
}

fn parts() -> (Router<App>, OpenApi) {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(signatures::convert))
        .routes(routes!(signatures::verify))
        .routes(routes!(signatures::recover))
        .routes(routes!(identities::resolve))
        .routes(routes!(rounds::info))
        .routes(routes!(rounds::latest))
        .routes(routes!(rounds::round))
        .routes(routes!(health::health))
        .routes(routes!(metrics::metrics))
        .split_for_parts();
    (routes, openapi::complete(document))
}
