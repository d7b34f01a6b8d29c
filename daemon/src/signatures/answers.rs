//! What is answered.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use modelbond_signature::{PublicKey, Signature, SignatureError};
use serde::Serialize;
use utoipa::ToSchema;

use super::InputError;

/// Every form of a key's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Addresses {
    /// Ethereum, with EIP-55's checksum.
    #[schema(pattern = "^0x[0-9a-fA-F]{40}$")]
    pub eth: String,
    /// Cosmos: bech32(ripemd160(sha256(key))).
    pub cosmos: String,
    /// The Ethereum address in bech32, as Ethermint chains have it; another account than `cosmos`.
    pub eth_bech32: String,
}

/// A public key with its addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Key {
    /// 33 bytes, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{66}$")]
    pub public_key: String,
    /// The same in base64, as Cosmos wallets show it.
    #[schema(pattern = "^[A-Za-z0-9+/]{44}$")]
    pub public_key_base64: String,
    /// 65 bytes, hexadecimal.
    #[schema(pattern = "^04[0-9a-f]{128}$")]
    pub uncompressed: String,
    /// Its addresses.
    pub addresses: Addresses,
}

impl Key {
    /// A key, its bech32 forms with this prefix.
    pub fn new(key: &PublicKey, prefix: &str) -> Result<Self, InputError> {
        let fault = InputError::in_field("prefix");
        let compressed = key.compressed();
        Ok(Self {
            public_key: compressed.to_string(),
            public_key_base64: STANDARD.encode(compressed.as_bytes()),
            uncompressed: hex::encode(key.uncompressed()),
            addresses: Addresses {
                eth: key.eth_address().to_string(),
                cosmos: key.cosmos_address(prefix).map_err(&fault)?.to_string(),
                eth_bech32: key.eth_bech32(prefix).map_err(&fault)?.to_string(),
            },
        })
    }
}

/// Why a signature is not valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// Stable name of the condition.
    #[schema(pattern = "^[a-z0-9_]+$", example = "high_s")]
    pub code: String,
    /// The same in words.
    pub detail: String,
}

impl From<SignatureError> for Reason {
    fn from(error: SignatureError) -> Self {
        Self { code: error.code().to_owned(), detail: error.to_string() }
    }
}

/// Whether a signature is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    /// Whether it is.
    pub valid: bool,
    /// Why not.
    #[schema(required = true)]
    pub reason: Option<Reason>,
    /// Who signed, if it is.
    #[schema(required = true)]
    pub key: Option<Key>,
}

/// Who may have signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recovered {
    /// One key, or two where the format carries no recovery id.
    #[schema(min_items = 1, max_items = 2)]
    pub keys: Vec<Key>,
}

/// A signature in every format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Formats {
    /// r, 32 bytes, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub r: String,
    /// s, 32 bytes, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub s: String,
    /// 0 or 1, if it is known.
    #[schema(required = true, maximum = 1)]
    pub recovery_id: Option<u8>,
    /// Whether s is in the lower half, as every verifier here insists.
    pub low_s: bool,
    /// 65 bytes, `0x` and hexadecimal; needs the recovery id.
    #[schema(required = true, pattern = "^0x[0-9a-f]{130}$")]
    pub eth: Option<String>,
    /// 64 bytes, base64.
    #[schema(pattern = "^[A-Za-z0-9+/]{86}==$")]
    pub cosmos: String,
    /// Strict DER, hexadecimal.
    #[schema(pattern = "^30([0-9a-f]{2})+$")]
    pub der: String,
}

impl Formats {
    /// Of a signature.
    pub fn new(signature: &Signature) -> Self {
        Self {
            r: hex::encode(signature.r()),
            s: hex::encode(signature.s()),
            recovery_id: signature.recovery_id().map(|id| id.id()),
            low_s: signature.is_low_s(),
            eth: signature.to_eth().ok().map(|bytes| format!("0x{}", hex::encode(bytes))),
            cosmos: STANDARD.encode(signature.to_cosmos()),
            der: hex::encode(signature.to_der()),
        }
    }
}
