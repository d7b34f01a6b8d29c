//! Every error that the service answers with: problem details of RFC 9457.

use std::borrow::Cow;

use axum::http::{header, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::signatures::InputError;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not answered as asked (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:modelbond:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(
        pattern = "^urn:modelbond:problem:[a-z0-9_]+$",
        example = "urn:modelbond:problem:checksum"
    )]
    pub kind: String,
    /// What the status means.
    #[schema(example = "Unprocessable Entity")]
    pub title: String,
    /// The status again.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// What is wrong, and what to do.
    #[schema(example = "0x52908400098527886E0F7030069857D2E4169Ee7 has a wrong checksum (EIP-55)")]
    pub detail: String,
    /// Stable name of the condition.
    #[schema(pattern = "^[a-z0-9_]+$", example = "checksum")]
    pub code: String,
    /// The part of the request that is wrong, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false, example = "signer")]
    pub field: Option<String>,
}

impl Problem {
    /// A problem without a field.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: format!("urn:modelbond:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into().into_owned(),
            code: code.to_owned(),
            field: None,
        }
    }

    /// Names the part of the request that is wrong.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// No route has this path.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "there is nothing at this path; /openapi.json lists what there is",
        )
    }

    /// The path has no such method.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this path does not have this method; the header Allow lists those it has",
        )
    }

    /// The body is too long.
    pub fn body_too_large(limit: u32) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            format!("the body may have at most {limit} bytes"),
        )
    }

    /// The body took too long to arrive.
    pub fn late_body() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "the body did not arrive in time; send the request again",
        )
    }

    /// The service took too long.
    pub fn timeout() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "the service could not answer in time; send the request again later",
        )
    }

    /// Too many requests.
    pub fn rate_limited(retry_after_secs: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limited",
            format!("too many requests from this address; try again in {retry_after_secs} s"),
        )
    }

    /// A fault of the service.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the service failed; its log has more under the x-request-id of this answer",
        )
    }
}

impl From<InputError> for Problem {
    fn from(InputError { field, code, detail }: InputError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).in_field(field)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Strings and a number: this cannot fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = HeaderValue::from_static(PROBLEM_JSON);
        (self.status(), [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}
