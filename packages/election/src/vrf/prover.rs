//! The side of the prover (RFC 9381, 5.1). Constant time where secrets are involved, deterministic,
//! and erased when dropped.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::{clamp_integer, Scalar};
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    challenge, challenge_scalar, encode, hash_to_curve, sized, Decoded, Output, Part, VrfError,
    CHALLENGE_LENGTH, MAX_TRIES, PROOF_LENGTH, PUBLIC_KEY_LENGTH,
};

/// A private key. Its memory is overwritten when it is dropped; it has no text form.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SecretKey {
    x: Scalar,
    /// The second half of the hashed key, which nonces are made from.
    prefix: [u8; 32],
    public_key: [u8; PUBLIC_KEY_LENGTH],
}

impl SecretKey {
    /// From 32 bytes, all of them keys; expanded as RFC 8032 (5.1.5) has it. The caller erases its own
    /// copy.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut hash = Sha512::digest(bytes);
        let (mut low, mut prefix) = (Zeroizing::new([0; 32]), [0; 32]);
        for (to, from) in low.iter_mut().chain(&mut prefix).zip(&hash) {
            *to = *from;
        }
        hash.zeroize();
        let clamped = Zeroizing::new(clamp_integer(*low));
        let x = Scalar::from_bytes_mod_order(*clamped);
        Self { x, prefix, public_key: encode(&EdwardsPoint::mul_base(&x)) }
    }

    /// Y.
    #[must_use]
    pub fn public_key(&self) -> [u8; PUBLIC_KEY_LENGTH] {
        self.public_key
    }

    /// The proof of this key's output for `alpha`; always the same one.
    ///
    /// # Errors
    /// [`VrfError::NoPoint`] for one message in 2⁶⁴, which has no proof.
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "the operators of the group are total: they neither overflow nor panic"
    )]
    pub fn prove(&self, alpha: &[u8]) -> Result<Proof, VrfError> {
        let h = hash_to_curve(&self.public_key, alpha, MAX_TRIES)?;
        let gamma = encode(&(self.x * h.point));
        let k = Zeroizing::new(self.nonce(&h.encoding));
        let (u, v) = (EdwardsPoint::mul_base(&k), *k * h.point);
        let c = challenge([&self.public_key, &h.encoding, &gamma, &encode(&u), &encode(&v)]);
        let s = self.response(&k, &c);
        let mut proof = [0; PROOF_LENGTH];
        for (to, from) in proof.iter_mut().zip(gamma.iter().chain(&c).chain(s.as_bytes())) {
            *to = *from;
        }
        Ok(Proof(proof))
    }

    /// s = k + c·x.
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "the operators of the field are total: they neither overflow nor panic"
    )]
    pub(super) fn response(&self, k: &Scalar, c: &[u8; CHALLENGE_LENGTH]) -> Scalar {
        k + challenge_scalar(c) * self.x
    }

    /// k (RFC 9381, 5.4.2.2).
    pub(super) fn nonce(&self, h: &[u8; 32]) -> Scalar {
        let mut hash = Sha512::new().chain_update(self.prefix).chain_update(h).finalize();
        let wide = Zeroizing::new(hash.into());
        hash.zeroize();
        Scalar::from_bytes_mod_order_wide(&wide)
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// π: Γ ‖ c ‖ s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Proof([u8; PROOF_LENGTH]);

impl Proof {
    /// The 80 bytes, as they are sent.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; PROOF_LENGTH] {
        &self.0
    }

    /// The output that it proves, for whoever made it (RFC 9381, 5.2): nothing is verified.
    ///
    /// # Errors
    /// Γ or s is malformed, which the proofs of a [`SecretKey`] never are.
    pub fn output(&self) -> Result<Output, VrfError> {
        Ok(Decoded::from_bytes(&self.0)?.output())
    }
}

impl TryFrom<&[u8]> for Proof {
    type Error = VrfError;

    fn try_from(bytes: &[u8]) -> Result<Self, VrfError> {
        sized(Part::Proof, bytes).copied().map(Self)
    }
}
