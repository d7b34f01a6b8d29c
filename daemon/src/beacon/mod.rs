//! A drand-compatible beacon: chain information, the emitter's key, rounds and their verification.
//!
//! Scheme `bls-unchained-g1-rfc9380`: the signature of round R is a BLS signature in G1 over
//! sha256(u64be R) by a key in G2; the randomness is its sha256. Rounds are not chained, so every
//! signature can be made again. A single emitter can foresee and withhold rounds; that is why no
//! draw of Modelbond depends on the beacon alone.

mod info;
mod key;

pub use info::{ChainInfo, InfoError, Round};
pub use key::BeaconKey;

/// What is signed for a round.
fn message(round: u64) -> [u8; 32] {
    modelbond_signature::sha256(round.to_be_bytes())
}
