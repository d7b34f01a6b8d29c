//! Why a key or a proof is refused.

use thiserror::Error;

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Y, the public key.
    PublicKey,
    /// π, the whole proof.
    Proof,
    /// Γ, the point of a proof.
    Gamma,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::PublicKey => "the VRF key",
            Self::Proof => "the VRF proof",
            Self::Gamma => "the proof's gamma (bytes 0 to 31)",
        })
    }
}

/// Why there is no output.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum VrfError {
    /// Another number of bytes.
    #[error("{part} has {expected} bytes, not {actual}")]
    Length {
        /// What was read.
        part: Part,
        /// The length it has.
        expected: usize,
        /// The length found.
        actual: usize,
    },
    /// Not the one encoding of a point: y is not below the field's prime, or x is zero and has a sign.
    #[error("{part} is not in canonical encoding (RFC 8032, 5.1.3)")]
    NonCanonical {
        /// What was read.
        part: Part,
    },
    /// No point has this y.
    #[error("{part} is not a point of edwards25519")]
    NotOnCurve {
        /// What was read.
        part: Part,
    },
    /// Eight times the point is the identity.
    #[error("{part} is a point of small order, which no secret key has")]
    SmallOrder {
        /// What was read.
        part: Part,
    },
    /// s is not below the order of the group.
    #[error("the proof's s (bytes 48 to 79) is not below the order of the group")]
    ScalarOutOfRange,
    /// The message has no point among the first tries; one in 2⁶⁴ has none.
    #[error("no point for this message in {tries} tries; prove another message")]
    NoPoint {
        /// How many were made.
        tries: u8,
    },
    /// Well-formed, but of another key or another message, or of none.
    #[error("not a proof by this key for this message")]
    Invalid,
}
