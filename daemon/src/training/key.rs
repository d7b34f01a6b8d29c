//! A node's keys, both from one mnemonic of the keystore.

use std::fmt;

use modelbond_election::vrf::SecretKey as VrfKey;
use modelbond_signature::{SecretKey, SignBytes};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::keystore::Identity;

/// What a node signs its attestations and proves its lead with. Its memory is cleared when it is dropped.
pub struct NodeKey {
    attestation: SecretKey,
    vrf: VrfKey,
}

/// Separates the VRF key from whatever else may be derived from the same seed.
const TAG: &str = "vrf-key";

impl NodeKey {
    /// From a mnemonic: the attestation key is the one that signs transactions too, so that the node
    /// has an account of its own; the VRF key is D("vrf-key", BIP-39 seed), about which no other key
    /// says anything.
    pub fn of(identity: &Identity) -> anyhow::Result<Self> {
        Ok(Self { attestation: identity.secret_key()?, vrf: identity.vrf_key() })
    }

    /// secp256k1, compressed.
    pub fn attestation_key(&self) -> [u8; 33] {
        *self.attestation.public_key().compressed().as_bytes()
    }

    /// RFC 9381 suite 3.
    pub fn vrf_key(&self) -> [u8; 32] {
        self.vrf.public_key()
    }

    /// The address of its own account.
    pub fn account(&self, prefix: &str) -> Result<String, Failure> {
        let address = self.attestation.public_key().cosmos_address(prefix);
        address.map(|address| address.to_string()).map_err(|error| Failure::new(error.to_string()))
    }

    /// Signs attestations, and the proof that the node has this key.
    pub fn attestation(&self) -> &SecretKey {
        &self.attestation
    }

    /// Proves the lead.
    pub fn vrf(&self) -> &VrfKey {
        &self.vrf
    }
}

impl fmt::Debug for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeKey({})", hex::encode(self.attestation_key()))
    }
}

/// The VRF key of a BIP-39 seed.
pub fn vrf_of_seed(seed: &[u8; 64]) -> VrfKey {
    let secret = Zeroizing::new(SignBytes::new(TAG).field(seed).finish());
    VrfKey::from_bytes(&secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::{parse_path, DEFAULT_PATH};

    const PHRASE: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn key(path: &str) -> NodeKey {
        NodeKey::of(&Identity::from_phrase(PHRASE, parse_path(path).unwrap()).unwrap()).unwrap()
    }

    /// Both ends as anybody can compute them: BIP-39's seed of the first test vector, its Cosmos
    /// address, and the Ed25519 public key of sha256 over the tagged seed (RFC 8032's reference
    /// code).
    #[test]
    fn a_known_mnemonic_has_its_known_keys() {
        let key = key(DEFAULT_PATH);
        assert_eq!(key.account("cosmos").unwrap(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        assert_eq!(hex::encode(key.vrf_key()), EXPECTED_VRF_KEY);
    }

    const EXPECTED_VRF_KEY: &str =
        "e4402d10ddab153ea1c3b801caa7e76c8c4124ec6b0255a2b85cdc4881a60114";

    #[test]
    fn the_vrf_key_hangs_on_the_words_alone() {
        let other = key("m/44'/118'/0'/0/7");
        assert_eq!(other.vrf_key(), key(DEFAULT_PATH).vrf_key());
        assert_ne!(other.attestation_key(), key(DEFAULT_PATH).attestation_key());
    }

    #[test]
    fn a_key_does_not_show_its_secrets() {
        let key = key(DEFAULT_PATH);
        assert_eq!(format!("{key:?}"), format!("NodeKey({})", hex::encode(key.attestation_key())));
    }
}
