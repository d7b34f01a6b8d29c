//! The three hash functions of the two worlds.

use ripemd::Ripemd160;
use sha2::Sha256;
use sha3::{Digest, Keccak256};

/// Keccak-256 as Ethereum uses it (the padding of the original submission, not of FIPS 202).
#[must_use]
pub fn keccak256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Keccak256::digest(bytes).into()
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// RIPEMD-160 of SHA-256: a Cosmos account's bytes from its compressed key.
pub(crate) fn hash160(bytes: &[u8]) -> [u8; 20] {
    Ripemd160::digest(sha256(bytes)).into()
}
