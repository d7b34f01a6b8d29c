//! A hash of 32 bytes, in messages and storage the same 64 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use cosmwasm_schema::schemars::gen::SchemaGenerator;
use cosmwasm_schema::schemars::schema::Schema;
use cosmwasm_schema::schemars::JsonSchema;
use cosmwasm_schema::serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};
use cosmwasm_std::HexBinary;

/// 32 bytes, written as 64 lower-case hexadecimal digits. Any other length is refused when it is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("a hash has 64 hexadecimal digits, not {0:?}")]
pub struct NotAHash(String);

impl FromStr for Hash32 {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = HexBinary::from_hex(text).ok().and_then(|bytes| bytes.to_array().ok());
        bytes.map(Self).ok_or_else(|| NotAHash(text.chars().take(80).collect()))
    }
}

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<[u8; 32]> for Hash32 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl From<Hash32> for HexBinary {
    fn from(hash: Hash32) -> Self {
        Self::from(&hash.0)
    }
}

impl AsRef<[u8]> for Hash32 {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Hash32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Hash32 {
    fn schema_name() -> String {
        HexBinary::schema_name()
    }

    fn json_schema(gen: &mut SchemaGenerator) -> Schema {
        HexBinary::json_schema(gen)
    }
}
