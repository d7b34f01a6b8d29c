//! JSON bodies: what arrives is read within the limits and checked against its type; every fault
//! is a [`Problem`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::{header, HeaderMap, StatusCode};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::problem::Problem;
use super::state::App;
use crate::signatures;

/// Whether the service waits for a request's body, which is then what takes the time.
#[derive(Debug, Clone, Default)]
pub struct Awaited(Arc<AtomicBool>);

impl Awaited {
    /// Whether it does.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn set(&self, awaited: bool) {
        self.0.store(awaited, Ordering::Release);
    }
}

/// The body of a request.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content_type",
                "send the body with content-type: application/json",
            )
            .in_field("content-type"));
        }
        let limit = app.settings().body_limit;
        if declared_length(request.headers()).is_some_and(|length| length > u64::from(limit)) {
            return Err(Problem::body_too_large(limit));
        }
        let awaited = request.extensions().get::<Awaited>().cloned().unwrap_or_default();
        awaited.set(true);
        let bytes = Bytes::from_request(request, app).await;
        awaited.set(false);
        let bytes = bytes.map_err(|error| match error {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Problem::body_too_large(limit)
            }
            _ => Problem::new(StatusCode::BAD_REQUEST, "body", "the body ended too early"),
        })?;
        let read = serde_json::from_slice::<Object<T>>(&bytes);
        read.map(|Object(body)| Self(body)).map_err(|error| explain::<T>(&error, &bytes))
    }
}

/// A body is an object.
struct Object<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        signatures::object(deserializer).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// What is wrong with a body, and where.
fn explain<T: DeserializeOwned>(error: &serde_json::Error, bytes: &[u8]) -> Problem {
    if !error.is_data() {
        let detail = format!("the body is not JSON: {error}");
        return Problem::new(StatusCode::BAD_REQUEST, "json_syntax", detail);
    }
    // Only axum's reader knows the path; it is slower, so it reads what is known to be wrong.
    let text = match axum::Json::<Object<T>>::from_bytes(bytes) {
        Err(error) => error.body_text(),
        Ok(_) => error.to_string(),
    };
    let text = text.split_once("target type: ").map_or(text.as_str(), |(_, what)| what);
    let problem = match whole_number_with_point(text) {
        Some(number) => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "number_form",
            format!("write whole numbers without a decimal point, not {number}"),
        ),
        None => Problem::new(
            StatusCode::BAD_REQUEST,
            "json_schema",
            format!("the body does not have the expected form: {text}"),
        ),
    };
    match text.split_once(": ") {
        Some((path, _)) if is_path(path) => problem.in_field(path),
        _ => problem,
    }
}

/// `2.0` where an integer is expected. To JSON Schema it is one, so the form is not what is wrong;
/// to be safe from readers who disagree it is not read.
fn whole_number_with_point(text: &str) -> Option<&str> {
    let (_, number) = text.split_once("invalid type: floating point `")?;
    let (number, _) = number.split_once('`')?;
    number.parse::<f64>().ok().filter(|number| number.fract() == 0.0).map(|_| number)
}

/// `message.signer`, and not the beginning of a sentence.
fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._[]".contains(&byte))
}
