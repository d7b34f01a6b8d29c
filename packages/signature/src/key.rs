//! Public keys: the whole point, and its compressed form, which is what Cosmos calls the key.

use std::fmt;

use crate::address::{CosmosAddress, EthAddress, EthBech32};
use crate::error::{SignatureError, Unit};
use crate::hash::keccak256;

/// A point of the curve, x ‖ y. Made by recovery or by [`crate::Native`], which checks the curve's
/// equation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey {
    point: [u8; 64],
}

impl PublicKey {
    /// From 0x04 ‖ x ‖ y of a library that knows it to be on the curve.
    #[cfg(feature = "native")]
    pub(crate) fn of_point([_, point @ ..]: &[u8; 65]) -> Self {
        Self { point: *point }
    }

    /// From SEC 1's 65 bytes 0x04 ‖ x ‖ y of somebody who checked that it is on the curve.
    #[cfg(any(feature = "native", feature = "cosmwasm"))]
    pub(crate) fn from_uncompressed(bytes: &[u8]) -> Result<Self, SignatureError> {
        match <&[u8; 65]>::try_from(bytes) {
            Ok([0x04, point @ ..]) => Ok(Self { point: *point }),
            Ok(_) => Err(SignatureError::PublicKey { what: "the first of 65 bytes must be 4" }),
            Err(_) => Err(SignatureError::Length {
                unit: Unit::PublicKey,
                expected: "33 or 65",
                actual: bytes.len(),
            }),
        }
    }

    /// SEC 1, uncompressed: 0x04 ‖ x ‖ y.
    #[must_use]
    pub fn uncompressed(&self) -> [u8; 65] {
        let mut bytes = [4; 65];
        for (byte, value) in bytes.iter_mut().skip(1).zip(self.point) {
            *byte = value;
        }
        bytes
    }

    /// SEC 1, compressed: 0x02 or 0x03 by the parity of y, then x.
    #[must_use]
    pub fn compressed(&self) -> CompressedKey {
        let odd = self.point.last().is_some_and(|last| last & 1 == 1);
        let mut bytes = [if odd { 3 } else { 2 }; 33];
        for (byte, value) in bytes.iter_mut().skip(1).zip(self.point) {
            *byte = value;
        }
        CompressedKey(bytes)
    }

    /// The last 20 bytes of keccak256(x ‖ y).
    #[must_use]
    pub fn eth_address(&self) -> EthAddress {
        let hash = keccak256(self.point);
        EthAddress::of_hash(&hash)
    }

    /// bech32(ripemd160(sha256(compressed key))).
    pub fn cosmos_address(&self, prefix: &str) -> Result<CosmosAddress, SignatureError> {
        self.compressed().cosmos_address(prefix)
    }

    /// bech32 of the Ethereum address, as Ethermint chains name accounts.
    pub fn eth_bech32(&self, prefix: &str) -> Result<EthBech32, SignatureError> {
        EthBech32::new(prefix, self.eth_address())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.compressed())
    }
}

/// A key's 33 bytes in SEC 1's compressed form; whether x belongs to a point only the curve knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompressedKey([u8; 33]);

impl CompressedKey {
    /// From 33 bytes, the first 2 or 3.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SignatureError> {
        match <[u8; 33]>::try_from(bytes) {
            Ok(key) if matches!(key, [2 | 3, ..]) => Ok(Self(key)),
            Ok(_) => {
                Err(SignatureError::PublicKey { what: "the first of 33 bytes must be 2 or 3" })
            }
            Err(_) => Err(SignatureError::Length {
                unit: Unit::PublicKey,
                expected: "33",
                actual: bytes.len(),
            }),
        }
    }

    /// The 33 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 33] {
        &self.0
    }

    /// bech32(ripemd160(sha256(key))).
    pub fn cosmos_address(&self, prefix: &str) -> Result<CosmosAddress, SignatureError> {
        CosmosAddress::new(prefix, crate::hash::hash160(&self.0))
    }
}

impl fmt::Display for CompressedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for CompressedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompressedKey({self})")
    }
}
