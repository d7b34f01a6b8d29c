//! Encodings that must be refused.

use curve25519_dalek::constants::EIGHT_TORSION;

/// The order of the group, little-endian.
pub(crate) const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// p + y, for y < 19, with a sign.
pub(crate) const fn unreduced(y: u8, sign: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed + y;
    bytes[31] = 0x7f | sign;
    bytes
}

/// The eight points whose multiple by 8 is the identity.
pub(crate) fn small_order() -> [[u8; 32]; 8] {
    EIGHT_TORSION.map(|point| point.compress().to_bytes())
}

/// A proof with s + order for s.
pub(crate) fn plus_order(proof: &[u8]) -> Vec<u8> {
    let mut proof = proof.to_vec();
    let mut carry = 0;
    for (byte, digit) in proof[48..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(digit) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    proof
}
