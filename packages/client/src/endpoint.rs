//! One RPC endpoint: JSON-RPC over HTTP with bounds on time and size.
//!
//! Requests and answers are tendermint-rpc's types of the 0.38 dialect, which CometBFT 0.39 speaks
//! too; its own HTTP client is not used, because it reads answers of any length. Errors say whether
//! the request can have reached the node, which is what decides if a transaction may be signed anew.

use std::fmt;
use std::time::Duration;

use reqwest::{redirect, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde::Deserialize;
use tendermint_rpc::dialect::v0_38::Dialect;
use tendermint_rpc::request::Wrapper;
use tendermint_rpc::{Id, ResponseError};

use crate::error::ClientError;
use crate::network::Settings;

/// The longest text of a node that an error repeats.
const MAX_TEXT: usize = 2_000;

/// Why one endpoint gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EndpointError {
    /// No connection: the request never left.
    NotSent(String),
    /// The connection failed, timed out or a proxy answered: the request may have arrived.
    Lost(String),
    /// An answer that is not JSON-RPC, is too long or does not have the type asked for.
    Garbage(String),
    /// The node's own JSON-RPC error.
    Node {
        /// Short text, such as `Internal error`.
        message: String,
        /// What really happened.
        data: String,
    },
    /// The node belongs to this chain.
    WrongChain(String),
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(cause) => write!(f, "no connection: {cause}"),
            Self::Lost(cause) => write!(f, "no answer: {cause}"),
            Self::Garbage(cause) => write!(f, "unusable answer: {cause}"),
            Self::Node { message, data } => write!(f, "{message}: {data}"),
            Self::WrongChain(found) => write!(f, "serves chain {found}"),
        }
    }
}

/// JSON-RPC answer; `id` is null when the node could not read the request.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
struct Envelope<T> {
    id: Option<Id>,
    result: Option<T>,
    error: Option<ResponseError>,
}

/// An RPC endpoint.
pub(crate) struct Endpoint {
    url: Url,
    name: String,
    http: reqwest::Client,
    max_bytes: usize,
}

impl Endpoint {
    /// An endpoint at `url`; nothing is sent yet.
    pub(crate) fn open(url: &str, settings: &Settings) -> Result<Self, ClientError> {
        let invalid = || ClientError::InvalidNetwork { field: "rpc", value: url.to_owned() };
        let url = Url::parse(url).map_err(|_| invalid())?;
        let host = url.host_str().ok_or_else(invalid)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid());
        }
        let mut name = url.clone();
        let _ = name.set_username("");
        let _ = name.set_password(None);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("modelbond-client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.request_timeout.min(Duration::from_secs(3)))
            .timeout(settings.request_timeout)
            .redirect(redirect::Policy::none());
        if host == "localhost" || host == "[::1]" || host.starts_with("127.") {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|_| invalid())?;
        let name = name.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, name, http, max_bytes: settings.max_response_bytes })
    }

    /// The endpoint's address without credentials.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sends `request` once.
    pub(crate) async fn call<R>(&self, request: R) -> Result<R::Response, EndpointError>
    where
        R: tendermint_rpc::Request<Dialect>,
    {
        let request = Wrapper::new(request);
        let id = request.id().clone();
        let mut response = self
            .http
            .post(self.url.clone())
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(request.into_json())
            .send()
            .await
            .map_err(failed)?;
        let status = response.status();
        let body = self.read(&mut response).await?;
        let envelope = serde_json::from_slice::<Envelope<R::Response>>(&body);
        match envelope {
            // CometBFT sends some JSON-RPC errors with status 500.
            Ok(Envelope { error: Some(error), .. }) => Err(EndpointError::Node {
                message: shortened(error.message()),
                data: shortened(error.data().unwrap_or_default()),
            }),
            _ if status != StatusCode::OK => {
                Err(EndpointError::Lost(format!("http status {}", status.as_u16())))
            }
            Ok(Envelope { result: Some(result), id: Some(answered), .. }) if answered == id => {
                Ok(result)
            }
            Ok(_) => Err(EndpointError::Garbage("no result for the request's id".into())),
            Err(e) => Err(EndpointError::Garbage(shortened(&e.to_string()))),
        }
    }

    async fn read(&self, response: &mut reqwest::Response) -> Result<Vec<u8>, EndpointError> {
        let too_long = || EndpointError::Garbage(format!("longer than {} bytes", self.max_bytes));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if chunk.len() > self.max_bytes.saturating_sub(body.len()) {
                return Err(too_long());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Sorts transport errors by whether the request can have arrived.
fn failed(error: reqwest::Error) -> EndpointError {
    let connect = error.is_connect();
    let timeout = error.is_timeout();
    let error = error.without_url();
    let cause = std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source())
        .last()
        .map_or_else(String::new, ToString::to_string);
    match (connect, timeout) {
        (true, _) => EndpointError::NotSent(shortened(&cause)),
        (false, true) => EndpointError::Lost("timed out".into()),
        (false, false) => EndpointError::Lost(shortened(&cause)),
    }
}

/// At most [`MAX_TEXT`] bytes of a node's text, cut at a character.
pub(crate) fn shortened(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    let mut end = MAX_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}
