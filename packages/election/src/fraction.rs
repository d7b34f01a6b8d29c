//! Digests as fractions of 2¹²⁸.

/// The first 16 bytes, big-endian: uniform below 2¹²⁸ if the digest is uniform.
pub(crate) fn of_digest(digest: &[u8; 32]) -> u128 {
    digest.iter().take(16).fold(0, |value: u128, byte| value.wrapping_shl(8) | u128::from(*byte))
}

/// ⌊a·b / 2¹²⁸⌋, from the exact product of 256 bits.
pub(crate) fn product(a: u128, b: u128) -> u128 {
    a.carrying_mul(b, 0).1
}
