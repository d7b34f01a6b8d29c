//! What is asked: every scheme, by address and by key, and one in nine with a wrong signature.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use modelbond_signature::Scheme;
use serde_json::Value;

use crate::samples::samples;

/// Keys of a scheme.
const KEYS: usize = 16;

/// A request, ready to be sent, and what is right to answer.
pub(crate) struct Question {
    /// The whole HTTP request.
    pub(crate) bytes: Vec<u8>,
    /// Whether the signature is valid.
    pub(crate) valid: bool,
}

/// All of them, the schemes mixed.
pub(crate) fn questions(address: SocketAddr) -> Result<Vec<Question>> {
    let mut by_scheme = Vec::new();
    for scheme in Scheme::ALL {
        let samples = samples(scheme, KEYS)?;
        let mut questions = Vec::new();
        for (index, sample) in samples.iter().enumerate() {
            for signer in [&sample.by_address, &sample.by_key] {
                questions.push(Question::new(address, &sample.request(signer)?, true));
            }
            if index % 4 == 0 {
                // The signature of somebody else.
                let other = samples.get(index + 1).context("an odd number of samples")?;
                let mut request = sample.request(&sample.by_address)?;
                request["signature"] = other.request(&other.by_address)?["signature"].take();
                questions.push(Question::new(address, &request, false));
            }
        }
        by_scheme.push(questions.into_iter());
    }
    let mut mixed = Vec::new();
    while let [Some(one), Some(two), Some(three), Some(four)] =
        [0, 1, 2, 3].map(|scheme: usize| by_scheme[scheme].next())
    {
        mixed.extend([one, two, three, four]);
    }
    Ok(mixed)
}

impl Question {
    fn new(address: SocketAddr, request: &Value, valid: bool) -> Self {
        let body = request.to_string();
        let head = format!(
            "POST /v1/signatures/verify HTTP/1.1\r\nhost: {address}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Self { bytes: (head + &body).into_bytes(), valid }
    }

    /// Whether an answer's body is right.
    pub(crate) fn is_answered_by(&self, body: &[u8]) -> bool {
        let verdict: Option<Value> = serde_json::from_slice(body).ok();
        verdict.is_some_and(|verdict| verdict["valid"] == self.valid)
    }
}
