//! What is asked, and why it cannot be read.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use modelbond_signature::typed_data::Document;
use modelbond_signature::{
    CosmosAddress, Digest, EthAddress, Message, Scheme, SignatureError, Signer, TypedData,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::object::{object, object_or_null};
use super::{compressed, schema};

/// An input that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct InputError {
    /// The field that is wrong.
    pub field: &'static str,
    /// Stable name of the condition.
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub detail: String,
}

impl InputError {
    /// An error of the signature library in this field.
    pub fn in_field(field: &'static str) -> impl Fn(SignatureError) -> Self {
        move |error| Self { field, code: error.code(), detail: error.to_string() }
    }
}

/// How text stands for bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// The text's own bytes.
    #[default]
    Utf8,
    /// Two hexadecimal digits a byte, with or without `0x`.
    Hex,
    /// RFC 4648 with padding.
    Base64,
}

impl Encoding {
    fn decode(self, field: &'static str, text: &str) -> Result<Vec<u8>, InputError> {
        let fault = |what: String| InputError { field, code: "encoding", detail: what };
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Hex => hex::decode(text.strip_prefix("0x").unwrap_or(text))
                .map_err(|error| fault(format!("not hexadecimal: {error}"))),
            Self::Base64 => {
                STANDARD.decode(text).map_err(|error| fault(format!("not base64: {error}")))
            }
        }
    }
}

/// A message with its scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "scheme", rename_all = "lowercase", deny_unknown_fields)]
pub enum SignedMessage {
    /// Text in an Ethereum wallet (`personal_sign`).
    Eip191 {
        /// What was signed.
        data: String,
        /// How `data` stands for bytes.
        #[serde(default)]
        encoding: Encoding,
    },
    /// Typed data in an Ethereum wallet (`eth_signTypedData_v4`).
    Eip712 {
        /// `types`, `primaryType`, `domain` and `message`.
        #[serde(deserialize_with = "object")]
        #[schema(value_type = schema::TypedData)]
        typed_data: Document,
    },
    /// Arbitrary bytes in a Cosmos wallet.
    Adr036 {
        /// Who signs: the address is part of what is signed.
        #[schema(value_type = schema::Bech32Account)]
        signer: String,
        /// What was signed.
        data: String,
        /// How `data` stands for bytes.
        #[serde(default)]
        encoding: Encoding,
    },
    /// A SignDoc in a Cosmos wallet.
    Direct {
        /// The protobuf SignDoc, base64.
        #[schema(value_type = schema::Base64Bytes)]
        sign_doc: String,
    },
}

/// A message that was read.
pub struct ReadMessage(Content);

enum Content {
    Eip191(Vec<u8>),
    Eip712(Box<TypedData>),
    Adr036(CosmosAddress, Vec<u8>),
    Direct(Vec<u8>),
}

impl SignedMessage {
    /// Reads and checks it.
    pub fn read(&self) -> Result<ReadMessage, InputError> {
        Ok(ReadMessage(match self {
            Self::Eip191 { data, encoding } => Content::Eip191(encoding.decode("data", data)?),
            Self::Eip712 { typed_data } => {
                let typed_data = TypedData::new(typed_data.clone());
                Content::Eip712(Box::new(typed_data.map_err(InputError::in_field("typed_data"))?))
            }
            Self::Adr036 { signer, data, encoding } => {
                let signer = signer.parse().map_err(InputError::in_field("message.signer"))?;
                Content::Adr036(signer, encoding.decode("data", data)?)
            }
            Self::Direct { sign_doc } => {
                Content::Direct(Encoding::Base64.decode("sign_doc", sign_doc)?)
            }
        }))
    }
}

impl ReadMessage {
    /// As the signature library has it.
    pub fn message(&self) -> Message<'_> {
        match &self.0 {
            Content::Eip191(bytes) => Message::Eip191(bytes),
            Content::Eip712(typed_data) => Message::Eip712(typed_data),
            Content::Adr036(signer, data) => Message::Adr036 { signer, data },
            Content::Direct(sign_doc) => Message::Direct(sign_doc),
        }
    }

    /// Its scheme.
    pub fn scheme(&self) -> Scheme {
        self.message().scheme()
    }

    /// What the key signs.
    pub fn digest(&self) -> Digest {
        self.message().digest()
    }

    /// The signer that is part of an ADR-036 message.
    pub fn signer(&self) -> Option<&CosmosAddress> {
        match &self.0 {
            Content::Adr036(signer, _) => Some(signer),
            _ => None,
        }
    }

    /// The bytes that the bridge contract takes for it (`verify_signature`).
    pub fn for_contract(&self) -> Result<Vec<u8>, serde_json::Error> {
        match &self.0 {
            Content::Eip712(typed_data) => serde_json::to_vec(typed_data.document()),
            Content::Eip191(bytes) | Content::Adr036(_, bytes) | Content::Direct(bytes) => {
                Ok(bytes.clone())
            }
        }
    }

    /// The typed data, if it is that.
    pub fn typed_data(&self) -> Option<&TypedData> {
        match &self.0 {
            Content::Eip712(typed_data) => Some(typed_data),
            _ => None,
        }
    }
}

/// Bytes in hexadecimal or base64.
pub fn parse_bytes(field: &'static str, text: &str) -> Result<Vec<u8>, InputError> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let is_hex =
        digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex || text.starts_with("0x") {
        return Encoding::Hex.decode(field, text);
    }
    let decoded = Encoding::Base64.decode(field, text);
    decoded.map_err(|error| InputError {
        detail: format!("not hexadecimal and {}", error.detail),
        ..error
    })
}

/// An Ethereum address (`0x…`), a bech32 address, or a public key in hexadecimal or base64.
pub fn parse_signer(text: &str) -> Result<Signer, InputError> {
    const FIELD: &str = "signer";
    let text = text.trim();
    let fault = InputError::in_field(FIELD);
    if text.starts_with("0x") && text.len() == 42 {
        return text.parse::<EthAddress>().map(Signer::Eth).map_err(fault);
    }
    // First, as an address with a prefix of five letters is also base64 of 33 bytes. No key's text
    // is an address: in base64 it begins with a capital, in hexadecimal it fails the checksum.
    if let Ok(address) = text.parse() {
        return Ok(Signer::Cosmos(address));
    }
    if let Ok(bytes) = parse_bytes(FIELD, text) {
        if matches!(bytes.len(), 33 | 65) {
            return compressed(&bytes).map(Signer::Key).map_err(fault);
        }
    }
    if text.contains('1') && !text.starts_with("0x") {
        return text.parse::<CosmosAddress>().map(Signer::Cosmos).map_err(fault);
    }
    Err(InputError {
        field: FIELD,
        code: "signer",
        detail: "neither an Ethereum address (0x and 40 digits), nor a bech32 address, nor a \
                 public key of 33 or 65 bytes"
            .to_owned(),
    })
}

/// Is this signature valid?
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// What was signed.
    #[serde(deserialize_with = "object")]
    pub message: SignedMessage,
    /// 65 bytes (Ethereum schemes) or 64 bytes (Cosmos schemes), hexadecimal or base64.
    #[schema(value_type = schema::EncodedBytes)]
    pub signature: String,
    /// Ethereum address, bech32 address, or public key.
    #[schema(value_type = schema::SignerText)]
    pub signer: String,
}

/// Who signed?
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoverRequest {
    /// What was signed.
    #[serde(deserialize_with = "object")]
    pub message: SignedMessage,
    /// 65 bytes (Ethereum schemes) or 64 bytes (Cosmos schemes), hexadecimal or base64.
    #[schema(value_type = schema::EncodedBytes)]
    pub signature: String,
}

/// A signature's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// 65 bytes r ‖ s ‖ v.
    Eth,
    /// 64 bytes r ‖ s.
    Cosmos,
    /// Strict DER.
    Der,
}

/// The same signature in other formats.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertRequest {
    /// The signature, hexadecimal or base64.
    #[schema(value_type = schema::EncodedBytes)]
    pub signature: String,
    /// Its format.
    pub from: Format,
    /// Take the low-s twin.
    #[serde(default)]
    pub normalize: bool,
    /// 0 or 1 (or 27, 28), where the format carries none and it is known.
    #[serde(default)]
    #[schema(maximum = 28)]
    pub recovery_id: Option<u8>,
    /// With `signer`: finds the recovery id.
    #[serde(default, deserialize_with = "object_or_null")]
    pub message: Option<SignedMessage>,
    /// With `message`: finds the recovery id.
    #[serde(default)]
    #[schema(value_type = Option<schema::SignerText>)]
    pub signer: Option<String>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const KEY: &str = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    #[rstest]
    #[case::four_letters("osmo")]
    #[case::five_letters("terra")]
    #[case::nine_letters("neutronxy")]
    fn an_address_is_never_taken_for_a_key(#[case] prefix: &str) {
        for byte in 0..=255 {
            let address = CosmosAddress::new(prefix, [byte; 20]).unwrap();
            assert_eq!(parse_signer(address.as_str()), Ok(Signer::Cosmos(address)));
        }
    }

    #[test]
    fn a_key_is_read_in_hexadecimal_and_in_base64() {
        let bytes = hex::decode(KEY).unwrap();
        let key = parse_signer(KEY);
        assert!(matches!(key, Ok(Signer::Key(_))), "{key:?}");
        assert_eq!(parse_signer(&STANDARD.encode(bytes)), key);
    }
}
