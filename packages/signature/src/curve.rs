//! The curve behind a small trait: libsecp256k1 in programs, the chain's host calls in contracts.

use crate::digest::Digest;
use crate::key::{CompressedKey, PublicKey};
use crate::signature::{RecoveryId, Signature};

/// What is needed of secp256k1. Implementations are given low-s signatures; any fault of theirs
/// means that there is no such key.
///
/// Implementations give the same verdicts, with one exception that no signer can produce: a point
/// whose x is n or more, one in 2¹²⁷, has no [`RecoveryId`], so [`Curve::recover`] never finds its
/// key, while libsecp256k1 verifies it by key.
pub trait Curve {
    /// The key that made `signature` over `digest`, if there is one for this recovery id.
    fn recover(&self, digest: &Digest, signature: &Signature, id: RecoveryId) -> Option<PublicKey>;

    /// `key` as a whole point, if it made `signature` over `digest`.
    fn verify(
        &self,
        digest: &Digest,
        signature: &Signature,
        key: &CompressedKey,
    ) -> Option<PublicKey> {
        RecoveryId::ALL
            .into_iter()
            .filter_map(|id| self.recover(digest, signature, id))
            .find(|candidate| candidate.compressed() == *key)
    }
}

#[cfg(feature = "native")]
pub use native::{Native, SecretKey};

#[cfg(feature = "native")]
mod native {
    use secp256k1::ecdsa::{self, RecoverableSignature};
    use secp256k1::Message;

    use super::Curve;
    use crate::digest::Digest;
    use crate::error::SignatureError;
    use crate::key::{CompressedKey, PublicKey};
    use crate::signature::{RecoveryId, Signature};

    /// libsecp256k1.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Native;

    impl Native {
        /// A public key from SEC 1's 33 or 65 bytes, checked to be on the curve. Hybrid encodings
        /// (first byte 6 or 7) are refused.
        pub fn public_key(self, bytes: &[u8]) -> Result<PublicKey, SignatureError> {
            if matches!(bytes, [6 | 7, ..]) {
                return Err(SignatureError::PublicKey { what: "a hybrid encoding" });
            }
            if !matches!(bytes.len(), 33 | 65) {
                return PublicKey::from_uncompressed(bytes); // which says why not
            }
            let key = secp256k1::PublicKey::from_slice(bytes)
                .map_err(|_| SignatureError::PublicKey { what: "not a point of the curve" })?;
            Ok(PublicKey::of_point(&key.serialize_uncompressed()))
        }
    }

    impl Curve for Native {
        fn recover(
            &self,
            digest: &Digest,
            signature: &Signature,
            id: RecoveryId,
        ) -> Option<PublicKey> {
            let id = secp256k1::ecdsa::RecoveryId::from_u8_masked(id.id());
            let signature = RecoverableSignature::from_compact(&signature.to_cosmos(), id).ok()?;
            let key = signature.recover(Message::from_digest(*digest.as_bytes())).ok()?;
            Some(PublicKey::of_point(&key.serialize_uncompressed()))
        }

        fn verify(
            &self,
            digest: &Digest,
            signature: &Signature,
            key: &CompressedKey,
        ) -> Option<PublicKey> {
            let key = secp256k1::PublicKey::from_slice(key.as_bytes()).ok()?;
            let signature = ecdsa::Signature::from_compact(&signature.to_cosmos()).ok()?;
            signature.verify(Message::from_digest(*digest.as_bytes()), &key).ok()?;
            Some(PublicKey::of_point(&key.serialize_uncompressed()))
        }
    }

    /// A private key. Its memory is overwritten when it is dropped; it has no text form.
    pub struct SecretKey(secp256k1::SecretKey);

    impl SecretKey {
        /// From 32 bytes, big-endian, in [1, n−1].
        pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, SignatureError> {
            secp256k1::SecretKey::from_secret_bytes(bytes)
                .map(Self)
                .map_err(|_| SignatureError::SecretKey)
        }

        /// The public key.
        #[must_use]
        pub fn public_key(&self) -> PublicKey {
            PublicKey::of_point(&self.0.public_key().serialize_uncompressed())
        }

        /// Signs a digest: low s, deterministic (RFC 6979), with the recovery id.
        ///
        /// A recovery id of 2 or 3 would need r + n below the field's prime, which happens for one
        /// signature in 2¹²⁷; it is reported as [`SignatureError::NoKey`].
        pub fn sign(&self, digest: &Digest) -> Result<Signature, SignatureError> {
            let message = Message::from_digest(*digest.as_bytes());
            let signature = RecoverableSignature::sign_ecdsa_recoverable(message, &self.0);
            let (id, numbers) = signature.serialize_compact();
            let id = RecoveryId::ALL.into_iter().find(|known| known.id() == id.to_u8());
            let id = id.ok_or(SignatureError::NoKey)?;
            Ok(Signature::from_cosmos(&numbers)?.with_recovery_id(id))
        }
    }

    impl Drop for SecretKey {
        fn drop(&mut self) {
            self.0.non_secure_erase();
        }
    }

    impl std::fmt::Debug for SecretKey {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("SecretKey(…)")
        }
    }
}

#[cfg(feature = "cosmwasm")]
pub use host::Host;

#[cfg(feature = "cosmwasm")]
mod host {
    use cosmwasm_std::Api;

    use super::Curve;
    use crate::digest::Digest;
    use crate::key::PublicKey;
    use crate::signature::{RecoveryId, Signature};

    /// The host calls of a CosmWasm chain. Both accept high s, so the check for low s stays with
    /// [`crate::verify`]; recovery returns the uncompressed key.
    #[derive(Clone, Copy)]
    pub struct Host<'a>(pub &'a dyn Api);

    impl Curve for Host<'_> {
        fn recover(
            &self,
            digest: &Digest,
            signature: &Signature,
            id: RecoveryId,
        ) -> Option<PublicKey> {
            let numbers = signature.to_cosmos();
            let key = self.0.secp256k1_recover_pubkey(digest.as_bytes(), &numbers, id.id()).ok()?;
            PublicKey::from_uncompressed(&key).ok()
        }
    }
}
