//! What is verified: the link of two addresses, as Modelbond asks people to sign it, under each
//! scheme by many keys. The same in every run.

use std::cell::Cell;

use anyhow::{Context, Result};
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use modelbond_signature::typed_data::Document;
use modelbond_signature::{
    sha256, Binding, CosmosAddress, Digest, Link, PublicKey, Scheme, SecretKey, SignRequest,
    Signature, Signer,
};
use serde_json::{json, Value};

const PREFIX: &str = "wasm";

/// A signature with everything that was signed.
pub(crate) struct Sample {
    /// What was signed.
    pub(crate) message: SignedMessage,
    /// Of typed data: its JSON.
    pub(crate) json: String,
    /// Its scheme.
    pub(crate) scheme: Scheme,
    /// What the key signed.
    pub(crate) digest: Digest,
    /// As a wallet gives it: 65 or 64 bytes.
    pub(crate) signature: Vec<u8>,
    /// The same, parsed.
    pub(crate) parsed: Signature,
    /// 0 or 1.
    pub(crate) recovery_id: u8,
    /// The signer's key.
    pub(crate) key: PublicKey,
    /// The signer's key, 33 bytes.
    pub(crate) compressed: [u8; 33],
    /// The signer's key, as libsecp256k1 has it.
    pub(crate) raw_key: secp256k1::PublicKey,
    /// The signer by the address that the scheme's wallets show.
    pub(crate) by_address: Signer,
    /// The signer by public key.
    pub(crate) by_key: Signer,
}

/// A message as it arrives.
pub(crate) enum SignedMessage {
    /// Text.
    Eip191(String),
    /// Typed data, as its JSON was read, and a copy that verification uses up.
    Eip712(Document, Cell<Option<Document>>),
    /// Data, with who signs it.
    Adr036(CosmosAddress, String),
    /// A SignDoc.
    Direct(Vec<u8>),
}

/// `count` samples of a scheme, each by a key of its own.
pub(crate) fn samples(scheme: Scheme, count: usize) -> Result<Vec<Sample>> {
    (0..).take(count).map(|number| sample(scheme, number)).collect()
}

fn sample(scheme: Scheme, number: u64) -> Result<Sample> {
    let secret = SecretKey::from_bytes(sha256(format!("modelbond bench {number}")))?;
    let key = secret.public_key();
    let cosmos_address = key.cosmos_address(PREFIX)?;
    let request = SignRequest {
        statement: Link { eth_address: key.eth_address(), cosmos_address: cosmos_address.clone() },
        binding: Binding {
            chain_id: "modelbond-1".to_owned(),
            contract: cosmos_address.to_string(),
            evm_chain_id: 1,
            nonce: number,
            expires_at: 1_900_000_000,
        },
    };
    let digest = request.digest(scheme, &cosmos_address)?;
    let signature = secret.sign(&digest)?;
    let bytes = scheme.write_signature(&signature)?;
    let compressed = *key.compressed().as_bytes();
    let message = match scheme {
        Scheme::Eip191 => SignedMessage::Eip191(request.text()),
        Scheme::Eip712 => {
            SignedMessage::Eip712(request.typed_data()?.document().clone(), Cell::default())
        }
        Scheme::Adr036 => SignedMessage::Adr036(cosmos_address.clone(), request.text()),
        Scheme::Direct => SignedMessage::Direct(request.sign_doc()),
    };
    let json = match &message {
        SignedMessage::Eip712(document, _) => serde_json::to_string(document)?,
        _ => String::new(),
    };
    let by_address = match scheme {
        Scheme::Eip191 | Scheme::Eip712 => Signer::Eth(key.eth_address()),
        Scheme::Adr036 | Scheme::Direct => Signer::Cosmos(cosmos_address),
    };
    Ok(Sample {
        message,
        json,
        scheme,
        digest,
        parsed: scheme.read_signature(&bytes)?,
        signature: bytes,
        recovery_id: signature.recovery_id().context("no recovery id")?.id(),
        key,
        compressed,
        raw_key: secp256k1::PublicKey::from_slice(&compressed)?,
        by_address,
        by_key: Signer::Key(key.compressed()),
    })
}

impl Sample {
    /// Before each verification: a fresh copy of what it uses up.
    pub(crate) fn renew(&self) {
        if let SignedMessage::Eip712(document, copy) = &self.message {
            copy.set(Some(document.clone()));
        }
    }

    /// The question for the service: is this signature by that signer?
    pub(crate) fn request(&self, signer: &Signer) -> Result<Value> {
        let scheme = self.scheme.name();
        let message = match &self.message {
            SignedMessage::Eip191(text) => json!({"scheme": scheme, "data": text}),
            SignedMessage::Eip712(document, _) => json!({"scheme": scheme, "typed_data": document}),
            SignedMessage::Adr036(signer, text) => {
                json!({"scheme": scheme, "signer": signer.as_str(), "data": text})
            }
            SignedMessage::Direct(bytes) => {
                json!({"scheme": scheme, "sign_doc": STANDARD.encode(bytes)})
            }
        };
        let signature = match self.scheme {
            Scheme::Eip191 | Scheme::Eip712 => format!("0x{}", hex::encode(&self.signature)),
            Scheme::Adr036 | Scheme::Direct => STANDARD.encode(&self.signature),
        };
        Ok(json!({"message": message, "signature": signature, "signer": signer.to_string()}))
    }
}
