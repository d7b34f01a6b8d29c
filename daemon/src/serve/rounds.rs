//! drand's HTTP shapes: chain information and rounds of the emitter.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::Json;

use super::emitter::NoRound;
use super::problem::Problem;
use super::state::App;
use crate::beacon::{ChainInfo, Round};

/// The beacon's chain information
///
/// In drand's shape, so that drand's clients and `modelbond beacon verify` take it as it is.
#[utoipa::path(
    get,
    path = "/info",
    tag = "beacon",
    responses(
        (status = 200, description = "The chain information.", body = ChainInfo),
        (status = 503, description = "This service emits no beacon.", body = Problem,
         content_type = "application/problem+json"),
    )
)]
pub async fn info(State(app): State<App>) -> Result<Json<ChainInfo>, Problem> {
    let emitter = app.emitter().ok_or_else(Problem::no_emitter)?;
    let info = emitter.info().ok_or_else(Problem::no_emitter)?;
    Ok(Json(info.as_ref().clone()))
}

/// The last round that is due
#[utoipa::path(
    get,
    path = "/public/latest",
    tag = "beacon",
    responses(
        (status = 200, description = "The round.", body = Round),
        (status = 404, description = "No round is due yet.", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "This service emits no beacon.", body = Problem,
         content_type = "application/problem+json"),
    )
)]
pub async fn latest(State(app): State<App>) -> Response {
    answer(&app, None)
}

/// A round by its number
///
/// A round that is not due is not found: nobody can have it before its time.
#[utoipa::path(
    get,
    path = "/public/{round}",
    tag = "beacon",
    params(("round" = u64, Path, description = "Its number, from 1.", minimum = 1, example = 1)),
    responses(
        (status = 200, description = "The round.", body = Round),
        (status = 400, description = "Not a number.", body = Problem,
         content_type = "application/problem+json"),
        (status = 404, description = "The round is not due yet, or 0.", body = Problem,
         content_type = "application/problem+json"),
        (status = 503, description = "This service emits no beacon.", body = Problem,
         content_type = "application/problem+json"),
    )
)]
pub async fn round(State(app): State<App>, Path(round): Path<String>) -> Response {
    match round.parse() {
        Ok(round) => answer(&app, Some(round)),
        Err(_) => Problem::not_a_round().into_response(),
    }
}

fn answer(app: &App, round: Option<u64>) -> Response {
    let Some(emitter) = app.emitter() else { return Problem::no_emitter().into_response() };
    match emitter.round(round) {
        Ok(round) => Json(round).into_response(),
        Err(NoRound::NoSource) => Problem::no_emitter().into_response(),
        Err(NoRound::NotDue(at)) => Problem::round_not_due(at).into_response(),
    }
}
