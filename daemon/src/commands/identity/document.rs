//! What a wallet has to sign, in the form of each scheme.

use anyhow::{Context, Result};
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use modelbond_signature::typed_data::Document;
use modelbond_signature::{adr036_sign_doc, CosmosAddress, EthAddress, SignRequest, Statement};
use serde::Serialize;

use crate::output::{Page, Report};

/// A statement for both wallets.
#[derive(Serialize)]
pub(super) struct Documents {
    statement: &'static str,
    eth_address: String,
    cosmos_address: String,
    public_key: Option<String>,
    nonce: u64,
    expires_at: u64,
    /// For eip191, and the data of adr036.
    text: String,
    /// For eip712.
    typed_data: Document,
    /// For adr036: the amino JSON that is hashed.
    adr036: String,
    /// For direct: the SignDoc, base64.
    sign_doc: String,
    #[serde(skip)]
    next: String,
}

impl Documents {
    /// Of a request; `next` says what to do with the signatures.
    pub(super) fn new<S: Statement>(
        request: &SignRequest<S>,
        sides: (&EthAddress, &CosmosAddress),
        public_key: Option<String>,
        next: String,
    ) -> Result<Self> {
        let text = request.text();
        Ok(Self {
            statement: S::PURPOSE,
            eth_address: sides.0.to_string(),
            cosmos_address: sides.1.to_string(),
            public_key,
            nonce: request.binding.nonce,
            expires_at: request.binding.expires_at,
            typed_data: request.typed_data()?.document().clone(),
            adr036: adr036_sign_doc(sides.1, text.as_bytes()),
            sign_doc: STANDARD.encode(request.sign_doc()),
            text,
            next,
        })
    }

    fn json(&self) -> Result<String> {
        serde_json::to_string(&self.typed_data).context("typed data")
    }
}

impl Report for Documents {
    fn page(&self) -> Page {
        Page::new(format!("To be signed: {}", self.statement))
            .field("Ethereum side", &self.eth_address)
            .field("Cosmos side", &self.cosmos_address)
            .field("nonce", self.nonce)
            .field("expires at", self.expires_at)
            .heading("Ethereum wallet: typed data (eip712)")
            .note(self.json().unwrap_or_default())
            .heading("or text (eip191); Cosmos wallet: the same text (adr036)")
            .note(&self.text)
            .heading("Cosmos wallet: or a SignDoc in base64 (direct)")
            .note(&self.sign_doc)
            .heading("Then")
            .note(&self.next)
    }
}
