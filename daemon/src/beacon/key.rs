//! The emitter's key, from a mnemonic of the keystore.

use std::fmt;

use blst::min_sig::SecretKey;
use modelbond_interface::beacon::DST;
use modelbond_signature::{sha256, SignBytes};

use super::{message, ChainInfo, Round};
use crate::failure::Failure;

/// A BLS key. Its memory is cleared when it is dropped.
///
/// It is derived from the mnemonic's BIP-39 seed by the key generation of the BLS signatures draft
/// (section 2.3, as EIP-2333 uses it) under a tag of its own, so that one encrypted file holds it
/// and no transaction key says anything about it.
pub struct BeaconKey(SecretKey);

/// Separates this key from whatever else may be derived from the same seed.
const TAG: &[u8] = b"modelbond/v1/beacon";

impl BeaconKey {
    /// From a BIP-39 seed.
    pub fn from_seed(seed: &[u8; 64]) -> Result<Self, Failure> {
        let key = SecretKey::key_gen(seed, TAG);
        key.map(Self).map_err(|error| Failure::new(format!("no beacon key: {error:?}")))
    }

    /// 96 bytes: a point of G2, compressed.
    pub fn public_key(&self) -> [u8; 96] {
        self.0.sk_to_pk().compress()
    }

    /// The group hash of a group that has only this key.
    pub fn group_hash(&self) -> [u8; 32] {
        SignBytes::new("beacon-group").field(self.public_key()).finish()
    }

    /// Whether it is the key of this chain.
    pub fn is_of(&self, info: &ChainInfo) -> bool {
        hex::encode(self.public_key()) == info.public_key
    }

    /// Signs a round. Whoever calls this has made sure that the round is due.
    pub fn sign(&self, round: u64) -> Round {
        let signature = self.0.sign(&message(round), DST.as_bytes(), &[]).compress();
        Round {
            round,
            randomness: Some(hex::encode(sha256(signature))),
            signature: hex::encode(signature),
        }
    }
}

impl fmt::Debug for BeaconKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BeaconKey({})", hex::encode(self.public_key()))
    }
}
