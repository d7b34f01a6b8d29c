//! The four schemes, and the two questions: is this signature by that signer, and who signed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::address::{CosmosAddress, EthAddress, EthBech32};
use crate::curve::Curve;
use crate::digest::Digest;
use crate::error::SignatureError;
use crate::key::{CompressedKey, PublicKey};
use crate::signature::{RecoveryId, Signature};

/// How a message becomes a digest, and how long the signature is. Always named by the caller,
/// never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Ethereum, text (`personal_sign`); 65 bytes r ‖ s ‖ v.
    Eip191,
    /// Ethereum, typed data (`eth_signTypedData_v4`); 65 bytes r ‖ s ‖ v.
    Eip712,
    /// Cosmos, arbitrary bytes (ADR-036); 64 bytes r ‖ s.
    Adr036,
    /// Cosmos, a protobuf SignDoc (SIGN_MODE_DIRECT); 64 bytes r ‖ s.
    Direct,
}

impl Scheme {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Eip191, Self::Eip712, Self::Adr036, Self::Direct];

    /// Whether it is one of Ethereum's.
    #[must_use]
    pub fn is_ethereum(self) -> bool {
        matches!(self, Self::Eip191 | Self::Eip712)
    }

    /// Its name: `eip191`, `eip712`, `adr036` or `direct`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Eip191 => "eip191",
            Self::Eip712 => "eip712",
            Self::Adr036 => "adr036",
            Self::Direct => "direct",
        }
    }

    /// A signature in the scheme's own format: 65 bytes of an Ethereum wallet, 64 of a Cosmos one.
    pub fn read_signature(self, bytes: &[u8]) -> Result<Signature, SignatureError> {
        match self {
            Self::Eip191 | Self::Eip712 => Signature::from_eth(bytes),
            Self::Adr036 | Self::Direct => Signature::from_cosmos(bytes),
        }
    }

    /// The reverse.
    pub fn write_signature(self, signature: &Signature) -> Result<Vec<u8>, SignatureError> {
        match self {
            Self::Eip191 | Self::Eip712 => signature.to_eth().map(|bytes| bytes.to_vec()),
            Self::Adr036 | Self::Direct => Ok(signature.to_cosmos().to_vec()),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Not one of the four names.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("no scheme {0}; there are eip191, eip712, adr036 and direct")]
pub struct UnknownScheme(String);

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(text: &str) -> Result<Self, UnknownScheme> {
        let found = Self::ALL.into_iter().find(|scheme| scheme.name() == text);
        found.ok_or_else(|| UnknownScheme(text.chars().take(20).collect()))
    }
}

/// Who is said to have signed. Every form goes with every scheme: it is the key that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// By Ethereum address.
    Eth(EthAddress),
    /// By Cosmos address.
    Cosmos(CosmosAddress),
    /// By an Ethereum address in bech32.
    EthBech32(EthBech32),
    /// By public key: the fastest for Cosmos schemes, whose signatures carry no recovery id.
    Key(CompressedKey),
}

impl Signer {
    /// Whether `key` is theirs.
    #[must_use]
    pub fn is(&self, key: &PublicKey) -> bool {
        match self {
            Self::Eth(address) => key.eth_address() == *address,
            Self::EthBech32(address) => key.eth_address() == address.eth_address(),
            Self::Cosmos(address) => {
                crate::hash::hash160(key.compressed().as_bytes()) == *address.as_bytes()
            }
            Self::Key(compressed) => key.compressed() == *compressed,
        }
    }

    /// `key` in the same form, to say who it is instead.
    fn alike(&self, key: &PublicKey) -> String {
        let text = match self {
            Self::Eth(_) => Ok(key.eth_address().to_string()),
            Self::EthBech32(address) => {
                key.eth_bech32(address.prefix()).map(|address| address.to_string())
            }
            Self::Cosmos(address) => {
                key.cosmos_address(address.prefix()).map(|address| address.to_string())
            }
            Self::Key(_) => Ok(key.compressed().to_string()),
        };
        text.unwrap_or_else(|_| key.compressed().to_string())
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Eth(address) => address.fmt(f),
            Self::Cosmos(address) => address.fmt(f),
            Self::EthBech32(address) => address.fmt(f),
            Self::Key(key) => key.fmt(f),
        }
    }
}

/// The signer's key, if `signature` is theirs over `digest`; else why not. High s is refused.
pub fn verify(
    curve: &impl Curve,
    digest: &Digest,
    signature: &Signature,
    signer: &Signer,
) -> Result<PublicKey, SignatureError> {
    signature.ensure_low_s()?;
    if let Some(id) = signature.recovery_id() {
        let key = curve.recover(digest, signature, id).ok_or(SignatureError::NoKey)?;
        if signer.is(&key) {
            return Ok(key);
        }
        let (expected, actual) = (signer.to_string(), signer.alike(&key));
        return Err(SignatureError::OtherSigner { expected, actual });
    }
    let found = match signer {
        Signer::Key(key) => curve.verify(digest, signature, key),
        _ => RecoveryId::ALL
            .into_iter()
            .filter_map(|id| curve.recover(digest, signature, id))
            .find(|key| signer.is(key)),
    };
    found.ok_or_else(|| SignatureError::NotBySigner { expected: signer.to_string() })
}

/// The keys that may have made `signature` over `digest`: one, or two where the format carries no
/// recovery id. High s is refused.
pub fn recover(
    curve: &impl Curve,
    digest: &Digest,
    signature: &Signature,
) -> Result<Vec<(RecoveryId, PublicKey)>, SignatureError> {
    signature.ensure_low_s()?;
    let keys: Vec<_> = RecoveryId::ALL
        .into_iter()
        .filter(|id| signature.recovery_id().is_none_or(|own| own == *id))
        .filter_map(|id| Some((id, curve.recover(digest, signature, id)?)))
        .collect();
    if keys.is_empty() {
        return Err(SignatureError::NoKey);
    }
    Ok(keys)
}
