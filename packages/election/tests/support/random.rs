//! Reproducible random bytes.

use sha2::{Digest, Sha512};

/// 64 bytes for a name and numbers.
pub(crate) fn wide(name: &str, numbers: [u64; 2]) -> [u8; 64] {
    let hash = numbers.iter().fold(Sha512::new().chain_update(name), |hash, number| {
        hash.chain_update(number.to_be_bytes())
    });
    hash.finalize().into()
}

/// 32 of them.
pub(crate) fn bytes(name: &str, numbers: [u64; 2]) -> [u8; 32] {
    *wide(name, numbers).first_chunk().unwrap()
}
