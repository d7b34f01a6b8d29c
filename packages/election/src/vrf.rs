//! ECVRF-EDWARDS25519-SHA512-TAI, the verifiable random function of RFC 9381 with suite 0x03.
//!
//! A key Y = x·B has one output β for each message α, and a proof π = (Γ, c, s) shows which:
//!
//! | value | formula | RFC 9381 |
//! |---|---|---|
//! | H | 8·point(sha512(03 ‖ 01 ‖ Y ‖ α ‖ i ‖ 00)\[..32\]), the first i for which there is one | 5.4.1.1 |
//! | Γ | x·H | 5.1 |
//! | U, V | s·B − c·Y, s·H − c·Γ | 5.3 |
//! | c | sha512(03 ‖ 02 ‖ Y ‖ H ‖ Γ ‖ U ‖ V ‖ 00)\[..16\] | 5.4.3 |
//! | β | sha512(03 ‖ 03 ‖ 8·Γ ‖ 00) | 5.2 |
//!
//! [`verify`] guarantees, beyond the equations: points are in their one canonical encoding (RFC 8032,
//! 5.1.3), s is below the order of the group, the key is not of small order (5.4.5, so that a bad key
//! cannot have an output that everybody knows), Γ neither; so nobody can turn a valid proof into a
//! twin by encoding it differently. The holder of a key can make many proofs for a message, and all
//! of them give the same β. Verification is not constant time: everything it sees is public. What is
//! refused has a typed reason, and nothing panics.
//!
//! i runs to [`MAX_TRIES`] only; no point is found there for one message in 2⁶⁴. RFC 9381 allows 256.

mod error;
mod point;
#[cfg(feature = "prover")]
mod prover;
#[cfg(test)]
mod tests;

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use sha2::{Digest, Sha512};

pub use error::{Part, VrfError};
use point::{decode, encode};
#[cfg(feature = "prover")]
pub use prover::{Proof, SecretKey};

/// Bytes of a public key.
pub const PUBLIC_KEY_LENGTH: usize = 32;
/// Bytes of a proof: Γ in 32, c in 16, s in 32.
pub const PROOF_LENGTH: usize = 80;
/// Bytes of an output.
pub const OUTPUT_LENGTH: usize = 64;
/// How often a point is looked for; each hash is one with probability about 1/2.
pub const MAX_TRIES: u8 = 64;

const SUITE: u8 = 0x03;
const ENCODE_TO_CURVE: u8 = 0x01;
const CHALLENGE: u8 = 0x02;
const PROOF_TO_HASH: u8 = 0x03;
const BACK: u8 = 0x00;
const CHALLENGE_LENGTH: usize = 16;

/// β: 64 bytes that nobody without the secret key can tell from random ones before they see the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Output([u8; OUTPUT_LENGTH]);

impl Output {
    /// An output that was verified before, for example one read from storage.
    #[must_use]
    pub fn from_bytes(bytes: [u8; OUTPUT_LENGTH]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; OUTPUT_LENGTH] {
        &self.0
    }
}

/// β, if `proof` shows that it is the output of `public_key` for `alpha` (RFC 9381, 5.3).
///
/// # Errors
/// Why not: the key or the proof is malformed, or it is a proof of something else.
pub fn verify(
    public_key: &[u8; PUBLIC_KEY_LENGTH],
    alpha: &[u8],
    proof: &[u8; PROOF_LENGTH],
) -> Result<Output, VrfError> {
    let y = valid_key(public_key)?;
    let proof = Decoded::from_bytes(proof)?;
    let h = hash_to_curve(public_key, alpha, MAX_TRIES)?;
    let (u, v) = commitments(&y, &h.point, &proof);
    let points = [public_key, &h.encoding, &proof.gamma_encoding, &encode(&u), &encode(&v)];
    if challenge(points) == proof.c {
        Ok(proof.output())
    } else {
        Err(VrfError::Invalid)
    }
}

/// [`verify`] for bytes of any length, as they come in messages.
///
/// # Errors
/// [`VrfError::Length`], and those of [`verify`].
pub fn verify_slices(public_key: &[u8], alpha: &[u8], proof: &[u8]) -> Result<Output, VrfError> {
    verify(sized(Part::PublicKey, public_key)?, alpha, sized(Part::Proof, proof)?)
}

/// Reads a public key that somebody registers: 32 bytes, a point in canonical encoding, not of small
/// order (RFC 9381, 5.4.5). [`verify`] checks the same again.
///
/// # Errors
/// What is wrong with it.
pub fn read_public_key(bytes: &[u8]) -> Result<[u8; PUBLIC_KEY_LENGTH], VrfError> {
    let key = sized(Part::PublicKey, bytes)?;
    valid_key(key)?;
    Ok(*key)
}

fn sized<const N: usize>(part: Part, bytes: &[u8]) -> Result<&[u8; N], VrfError> {
    bytes.try_into().map_err(|_| VrfError::Length { part, expected: N, actual: bytes.len() })
}

fn valid_key(bytes: &[u8; PUBLIC_KEY_LENGTH]) -> Result<EdwardsPoint, VrfError> {
    decode(bytes).map_err(|flaw| flaw.of(Part::PublicKey))
}

/// A proof taken apart (RFC 9381, 5.4.4). Every c is canonical: it has 16 bytes, all of them used.
struct Decoded {
    gamma: EdwardsPoint,
    gamma_encoding: [u8; 32],
    c: [u8; CHALLENGE_LENGTH],
    s: Scalar,
}

impl Decoded {
    fn from_bytes(proof: &[u8; PROOF_LENGTH]) -> Result<Self, VrfError> {
        let (mut gamma_encoding, mut c, mut s) = ([0; 32], [0; CHALLENGE_LENGTH], [0; 32]);
        let fields = gamma_encoding.iter_mut().chain(&mut c).chain(&mut s);
        for (to, from) in fields.zip(proof) {
            *to = *from;
        }
        let gamma = decode(&gamma_encoding).map_err(|flaw| flaw.of(Part::Gamma))?;
        let s = Option::from(Scalar::from_canonical_bytes(s)).ok_or(VrfError::ScalarOutOfRange)?;
        Ok(Self { gamma, gamma_encoding, c, s })
    }

    /// β (RFC 9381, 5.2).
    fn output(&self) -> Output {
        let hash = hash(PROOF_TO_HASH).chain_update(encode(&self.gamma.mul_by_cofactor()));
        Output(hash.chain_update([BACK]).finalize().into())
    }
}

fn hash(front: u8) -> Sha512 {
    Sha512::new().chain_update([SUITE, front])
}

/// H, in the subgroup of prime order.
struct Hashed {
    point: EdwardsPoint,
    encoding: [u8; 32],
}

/// H (RFC 9381, 5.4.1.1): try and increment. A candidate of small order, whose multiple by 8 is the
/// identity, is none.
fn hash_to_curve(
    salt: &[u8; PUBLIC_KEY_LENGTH],
    alpha: &[u8],
    tries: u8,
) -> Result<Hashed, VrfError> {
    let start = hash(ENCODE_TO_CURVE).chain_update(salt).chain_update(alpha);
    for counter in 0..tries {
        let digest = start.clone().chain_update([counter, BACK]).finalize();
        if let Some(Ok(candidate)) = digest.first_chunk().map(decode) {
            let point = candidate.mul_by_cofactor();
            return Ok(Hashed { point, encoding: encode(&point) });
        }
    }
    Err(VrfError::NoPoint { tries })
}

/// U and V.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "the operators of the group are total: they neither overflow nor panic"
)]
fn commitments(
    y: &EdwardsPoint,
    h: &EdwardsPoint,
    proof: &Decoded,
) -> (EdwardsPoint, EdwardsPoint) {
    let c = challenge_scalar(&proof.c);
    let u = EdwardsPoint::vartime_double_scalar_mul_basepoint(&c, &-y, &proof.s);
    let v = EdwardsPoint::vartime_multiscalar_mul([&proof.s, &c], [*h, -proof.gamma]);
    (u, v)
}

/// c (RFC 9381, 5.4.3), over encoded points.
fn challenge(points: [&[u8; 32]; 5]) -> [u8; CHALLENGE_LENGTH] {
    let start = hash(CHALLENGE);
    let all = points.into_iter().fold(start, |hash, point| hash.chain_update(point));
    let digest: [u8; 64] = all.chain_update([BACK]).finalize().into();
    let mut c = [0; CHALLENGE_LENGTH];
    for (to, from) in c.iter_mut().zip(digest) {
        *to = from;
    }
    c
}

fn challenge_scalar(c: &[u8; CHALLENGE_LENGTH]) -> Scalar {
    Scalar::from(u128::from_le_bytes(*c))
}
