//! Hashes with a domain, so that no two kinds of digest share their bytes.

use sha2::{Digest, Sha256};

use crate::Hash;

/// Starts sha256("modelbond/v1/" ‖ domain ‖ 0x00 ‖ …).
pub(crate) fn hasher(domain: &str) -> Sha256 {
    Sha256::new().chain_update("modelbond/v1/").chain_update(domain).chain_update([0])
}

/// Feeds floats, little-endian, in pieces that stay in the cache.
pub(crate) fn feed_floats(hasher: &mut Sha256, floats: &[f32]) {
    let mut buffer = Vec::with_capacity(4096);
    for piece in floats.chunks(1024) {
        buffer.clear();
        buffer.extend(piece.iter().flat_map(|float| float.to_le_bytes()));
        hasher.update(&buffer);
    }
}

pub(crate) fn finish(hasher: Sha256) -> Hash {
    hasher.finalize().into()
}
