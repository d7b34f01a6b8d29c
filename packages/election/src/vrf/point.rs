//! Points of edwards25519 in 32 bytes: y little-endian, the sign of x in the top bit.
//!
//! The curve library reads every y modulo the field's prime and a negative zero; here only the
//! encoding that RFC 8032 (5.1.3) defines is one, so a point has exactly one.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};

use super::{Part, VrfError};

/// The lowest byte of p = 2²⁵⁵ − 19; the others are 0xff, the highest 0x7f.
const PRIME_LOW: u8 = 0xed;
const SIGN: u8 = 0x80;

/// Why 32 bytes are none of the points that are used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    NonCanonical,
    NotOnCurve,
    SmallOrder,
}

impl Flaw {
    /// The error about `part`.
    pub(super) fn of(self, part: Part) -> VrfError {
        match self {
            Self::NonCanonical => VrfError::NonCanonical { part },
            Self::NotOnCurve => VrfError::NotOnCurve { part },
            Self::SmallOrder => VrfError::SmallOrder { part },
        }
    }
}

/// Reads a point that is not of small order.
pub(super) fn decode(bytes: &[u8; 32]) -> Result<EdwardsPoint, Flaw> {
    if !is_canonical(bytes) {
        return Err(Flaw::NonCanonical);
    }
    let point = CompressedEdwardsY(*bytes).decompress().ok_or(Flaw::NotOnCurve)?;
    if point.is_small_order() {
        return Err(Flaw::SmallOrder);
    }
    Ok(point)
}

/// Writes a point.
pub(super) fn encode(point: &EdwardsPoint) -> [u8; 32] {
    point.compress().to_bytes()
}

/// y < p, and no sign where x = 0, which is where y = 1 or y = p − 1.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [low, middle @ .., top] = bytes;
    let y_top = top & !SIGN;
    let signed = top & SIGN != 0;
    let ones = y_top == 0x7f && middle.iter().all(|byte| *byte == 0xff);
    let zeros = y_top == 0 && middle.iter().all(|byte| *byte == 0);
    let is_minus_one = ones && *low == 0xec;
    let is_one = zeros && *low == 1;
    !(ones && *low >= PRIME_LOW || signed && (is_one || is_minus_one))
}
