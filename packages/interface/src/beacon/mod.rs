//! The beacon contract: verified public randomness by round.
//!
//! Compatible with drand's scheme [`SCHEME`]: the signature of a round is a point of BLS12-381's G1
//! over sha256(round as 8 bytes, big-endian), hashed to the curve under [`DST`] (RFC 9380); the
//! public key is a point of G2; the randomness is sha256(signature). Round 1 is at a source's
//! genesis, each next one a period later.
//!
//! A *source* is one such network or key. A source that is not among the public networks named at
//! instantiation is a *central* one: whoever holds its key knows every round before anybody else
//! and can withhold it. Queries say so (`central_beacon`), and no draw may depend on the beacon
//! alone.

mod events;
mod messages;
mod responses;

pub use events::*;
pub use messages::*;
pub use responses::*;

/// drand's name of the scheme.
pub const SCHEME: &str = "bls-unchained-g1-rfc9380";

/// Domain separation tag under which a round is hashed to G1.
pub const DST: &str = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
