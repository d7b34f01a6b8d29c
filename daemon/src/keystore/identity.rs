//! A mnemonic and what follows from it: the signing key and its address.

use std::fmt;

use anyhow::Result;
use bip39::{Language, Mnemonic};
use cosmrs::bip32::{DerivationPath, XPrv};
use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::crypto::PublicKey;
use modelbond_signature::{SecretKey, SignBytes};
use zeroize::{Zeroize, Zeroizing};

use crate::beacon::BeaconKey;
use crate::failure::Failure;
use crate::training::key::vrf_of_seed;

/// The derivation path of Cosmos wallets.
pub const DEFAULT_PATH: &str = "m/44'/118'/0'/0/0";
/// The derivation path of Ethereum wallets.
pub const ETHEREUM_PATH: &str = "m/44'/60'/0'/0/0";
/// Words of a new mnemonic: 256 bits of entropy.
const WORDS: usize = 24;

/// A mnemonic with its derivation path. Its memory is cleared when it is dropped.
pub struct Identity {
    mnemonic: Mnemonic,
    path: DerivationPath,
}

impl Identity {
    /// A new one from the operating system's randomness.
    pub fn generate(path: DerivationPath) -> Result<Self> {
        let mnemonic = Mnemonic::generate_in_with(&mut rand::rngs::OsRng, Language::English, WORDS)
            .map_err(|error| Failure::new(format!("cannot make a mnemonic: {error}")))?;
        Ok(Self { mnemonic, path })
    }

    /// From the words of a mnemonic. The error never repeats a word.
    pub fn from_phrase(phrase: &str, path: DerivationPath) -> Result<Self> {
        let mnemonic = Mnemonic::parse_in(Language::English, phrase).map_err(|error| {
            let what = match error {
                bip39::Error::BadWordCount(count) => format!("it has {count} words"),
                bip39::Error::UnknownWord(index) => {
                    format!("word {} is not in the English word list", index + 1)
                }
                bip39::Error::InvalidChecksum => "its checksum is wrong".to_owned(),
                _ => "it cannot be read".to_owned(),
            };
            Failure::new(format!("not a BIP-39 mnemonic: {what}"))
                .hint("a mnemonic has 12, 15, 18, 21 or 24 English words, in their order")
        })?;
        Ok(Self { mnemonic, path })
    }

    /// The words.
    pub fn phrase(&self) -> Zeroizing<String> {
        Zeroizing::new(self.mnemonic.to_string())
    }

    /// The derivation path.
    pub fn path(&self) -> &DerivationPath {
        &self.path
    }

    /// The key that signs transactions.
    pub fn signing_key(&self) -> Result<SigningKey> {
        self.derive().map(SigningKey::from)
    }

    /// The same key, to sign digests of every scheme.
    pub fn secret_key(&self) -> Result<SecretKey> {
        let bytes = Zeroizing::new(self.derive()?.to_bytes());
        SecretKey::from_bytes(*bytes).map_err(|error| Failure::new(error.to_string()).into())
    }

    /// The beacon key of the same seed.
    pub fn beacon_key(&self) -> Result<BeaconKey> {
        let seed = Zeroizing::new(self.mnemonic.to_seed_normalized(""));
        Ok(BeaconKey::from_seed(&seed)?)
    }

    /// The VRF key of the same seed, with which a node proves its lead.
    pub fn vrf_key(&self) -> modelbond_election::vrf::SecretKey {
        let seed = Zeroizing::new(self.mnemonic.to_seed_normalized(""));
        vrf_of_seed(&seed)
    }

    /// D(purpose, BIP-39 seed): a secret of its own for one purpose.
    pub fn derived(&self, purpose: &'static str) -> Zeroizing<[u8; 32]> {
        let seed = Zeroizing::new(self.mnemonic.to_seed_normalized(""));
        Zeroizing::new(SignBytes::new(purpose).field(*seed).finish())
    }

    fn derive(&self) -> Result<XPrv> {
        let seed = Zeroizing::new(self.mnemonic.to_seed_normalized(""));
        XPrv::derive_from_path(seed.as_slice(), &self.path).map_err(|error| {
            Failure::new(format!("cannot derive the key at {}: {error}", self.path)).into()
        })
    }

    /// The compressed public key.
    pub fn public_key(&self) -> Result<PublicKey> {
        Ok(self.signing_key()?.public_key())
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.mnemonic.zeroize();
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("path", &self.path.to_string()).finish_non_exhaustive()
    }
}

/// Reads a BIP-32 path.
pub fn parse_path(text: &str) -> Result<DerivationPath, String> {
    text.parse().map_err(|_| format!("not a BIP-32 path such as {DEFAULT_PATH}"))
}

/// The address of a public key on a chain with this prefix.
pub fn address_of(public_key: &PublicKey, prefix: &str) -> Result<String> {
    public_key
        .account_id(prefix)
        .map(|id| id.to_string())
        .map_err(|error| Failure::new(format!("no address with prefix {prefix}: {error}")).into())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// BIP-39's first test vector and the address that Cosmos wallets show for it.
    const PHRASE: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn known_mnemonic_has_its_known_address() {
        let identity = Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap();
        let address = address_of(&identity.public_key().unwrap(), "cosmos").unwrap();
        assert_eq!(address, "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        assert!(!format!("{identity:?}").contains("abandon"));
    }

    /// The address that Ethereum wallets show for the same words.
    #[test]
    fn known_mnemonic_has_its_known_ethereum_address() {
        let identity = Identity::from_phrase(PHRASE, parse_path(ETHEREUM_PATH).unwrap()).unwrap();
        let key = identity.secret_key().unwrap().public_key();
        assert_eq!(key.eth_address().to_string(), "0x9858EfFD232B4033E47d90003D41EC34EcaEda94");
        let both = identity.public_key().unwrap().to_bytes();
        assert_eq!(key.compressed().as_bytes().as_slice(), both);
    }

    #[test]
    fn another_path_is_another_key() {
        let one = Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap();
        let two = Identity::from_phrase(PHRASE, parse_path("m/44'/118'/0'/0/1").unwrap()).unwrap();
        assert_ne!(one.public_key().unwrap(), two.public_key().unwrap());
    }

    #[test]
    fn new_mnemonics_differ_and_have_24_words() {
        let path = parse_path(DEFAULT_PATH).unwrap();
        let one = Identity::generate(path.clone()).unwrap().phrase();
        let two = Identity::generate(path).unwrap().phrase();
        assert_ne!(one, two);
        assert_eq!(one.split(' ').count(), 24);
    }

    #[rstest]
    #[case::eleven_words(
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "11 words"
    )]
    #[case::checksum("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon", "checksum")]
    #[case::unknown_word("abandon abandon abandon abandon abandon abandon abandon secretword abandon abandon abandon about", "word 8")]
    fn bad_mnemonics_are_named_without_their_words(#[case] phrase: &str, #[case] why: &str) {
        let error = Identity::from_phrase(phrase, parse_path(DEFAULT_PATH).unwrap()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert!(!error.to_string().contains("secretword"));
    }
}
