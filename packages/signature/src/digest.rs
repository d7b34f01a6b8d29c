//! What each scheme hashes.

use std::fmt::Write;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;

use crate::address::CosmosAddress;
use crate::hash::{keccak256, sha256};
use crate::scheme::Scheme;
use crate::typed_data::TypedData;

/// The 32 bytes that a key signs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// A digest that somebody else computed. Never use it where the message is at hand.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A message with the scheme under which it is signed.
#[derive(Debug, Clone, Copy)]
pub enum Message<'a> {
    /// Bytes shown to the user of an Ethereum wallet (`personal_sign`).
    Eip191(&'a [u8]),
    /// Typed data shown to the user of an Ethereum wallet (`eth_signTypedData_v4`).
    Eip712(&'a TypedData),
    /// Bytes shown to the user of a Cosmos wallet (`signArbitrary`).
    Adr036 {
        /// Who signs; part of what is signed.
        signer: &'a CosmosAddress,
        /// The bytes.
        data: &'a [u8],
    },
    /// A protobuf `SignDoc` (`signDirect`), exactly as it was signed.
    Direct(&'a [u8]),
}

impl Message<'_> {
    /// Its scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Eip191(_) => Scheme::Eip191,
            Self::Eip712(_) => Scheme::Eip712,
            Self::Adr036 { .. } => Scheme::Adr036,
            Self::Direct(_) => Scheme::Direct,
        }
    }

    /// What the key signs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(match self {
            Self::Eip191(message) => {
                let prefix = format!("\x19Ethereum Signed Message:\n{}", message.len());
                keccak256([prefix.as_bytes(), message].concat())
            }
            Self::Eip712(typed_data) => typed_data.digest(),
            Self::Adr036 { signer, data } => sha256(adr036_sign_doc(signer, data)),
            Self::Direct(sign_doc) => sha256(sign_doc),
        })
    }
}

/// The amino JSON sign document of ADR-036: sorted keys, no spaces, chain id empty, every number
/// zero, so that it can never be a transaction.
#[must_use]
pub fn adr036_sign_doc(signer: &CosmosAddress, data: &[u8]) -> String {
    format!(
        r#"{{"account_number":"0","chain_id":"","fee":{{"amount":[],"gas":"0"}},"memo":"","msgs":[{{"type":"sign/MsgSignData","value":{{"data":"{}","signer":"{}"}}}}],"sequence":"0"}}"#,
        STANDARD.encode(data),
        escape_amino_json(signer.as_str()),
    )
}

/// A string as Go's `encoding/json` writes it between quotes, which is what Cosmos chains hash:
/// besides JSON's own escapes, `<`, `>`, `&`, U+2028 and U+2029 become `\u` sequences. An address
/// prefix may contain the first three (BIP-173 allows every printable ASCII character).
#[must_use]
pub fn escape_amino_json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{:04x}", u32::from(character));
            }
            other => escaped.push(other),
        }
    }
    escaped
}
