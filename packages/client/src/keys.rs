//! Signing keys from mnemonics and raw bytes.
//!
//! Path m/44'/118'/0'/0/i (BIP-44, SLIP-44 coin type 118), seed without a passphrase (BIP-39).
//! Phrase and seed are wiped when dropped; the key inside a [`SigningKey`] wipes itself.

use bip32::{DerivationPath, XPrv};
use cosmrs::AccountId;
use zeroize::Zeroizing;

use crate::error::ClientError;
use crate::SigningKey;

/// A signing key and its address under one prefix.
pub struct Key {
    /// The private key.
    pub signing: SigningKey,
    /// Bech32 address.
    pub address: String,
}

impl From<Key> for SigningKey {
    fn from(key: Key) -> Self {
        key.signing
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The `index`-th key of an English mnemonic of 12 to 24 words.
pub fn from_mnemonic(phrase: &str, prefix: &str, index: u32) -> Result<Key, ClientError> {
    let invalid = |cause: String| ClientError::InvalidKey { cause };
    // bip39's errors name word positions only, never words.
    let mnemonic = bip39::Mnemonic::parse_in_normalized(bip39::Language::English, phrase.trim())
        .map_err(|e| invalid(e.to_string()))?;
    let seed = Zeroizing::new(mnemonic.to_seed_normalized(""));
    let path: DerivationPath = format!("m/44'/118'/0'/0/{index}")
        .parse()
        .map_err(|e: bip32::Error| invalid(e.to_string()))?;
    let key = XPrv::derive_from_path(seed.as_slice(), &path).map_err(|e| invalid(e.to_string()))?;
    with_address(SigningKey::from(&key), prefix)
}

/// A raw secp256k1 key, 32 bytes big-endian.
pub fn from_bytes(bytes: &[u8], prefix: &str) -> Result<Key, ClientError> {
    let signing = SigningKey::from_slice(bytes)
        .map_err(|_| ClientError::InvalidKey { cause: "not a secp256k1 private key".into() })?;
    with_address(signing, prefix)
}

fn with_address(signing: SigningKey, prefix: &str) -> Result<Key, ClientError> {
    let address = account_id(&signing, prefix)?.to_string();
    Ok(Key { signing, address })
}

/// The account of `key` under `prefix`.
pub(crate) fn account_id(key: &SigningKey, prefix: &str) -> Result<AccountId, ClientError> {
    ensure_prefix(prefix)?;
    key.public_key()
        .account_id(prefix)
        .map_err(|e| ClientError::InvalidKey { cause: e.to_string() })
}

/// Refuses what bech32 cannot encode, before an encoder sees it.
pub(crate) fn ensure_prefix(prefix: &str) -> Result<(), ClientError> {
    let usable = (1..=83).contains(&prefix.len())
        && prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if usable {
        return Ok(());
    }
    Err(ClientError::InvalidNetwork { field: "prefix", value: prefix.to_owned() })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The key every Cosmos document uses for examples (cosmjs, `faucet.mnemonic`).
    const FAUCET: &str =
        "economy stock theory fatal elder harbor betray wasp final emotion task crumble siren \
         bottom lizard educate guess current outdoor pair theory focus wife stone";

    #[rstest]
    #[case::first(0, "cosmos1pkptre7fdkl6gfrzlesjjvhxhlc3r4gmmk8rs6")]
    #[case::second(1, "cosmos10dyr9899g6t0pelew4nvf4j5c3jcgv0r73qga5")]
    fn published_mnemonic_gives_published_addresses(#[case] index: u32, #[case] address: &str) {
        assert_eq!(from_mnemonic(FAUCET, "cosmos", index).unwrap().address, address);
    }

    #[rstest]
    #[case::one_word_off(&FAUCET.replace("economy", "economx"), "cosmos", 0)]
    #[case::checksum(&FAUCET.replace("economy", "stock"), "cosmos", 0)]
    #[case::hardened_index(FAUCET, "cosmos", 1 << 31)]
    fn unusable_mnemonic_is_refused_without_quoting_it(
        #[case] phrase: &str,
        #[case] prefix: &str,
        #[case] index: u32,
    ) {
        let error = from_mnemonic(phrase, prefix, index).unwrap_err();
        assert!(matches!(error, ClientError::InvalidKey { .. }), "{error}");
        assert!(!phrase
            .split_whitespace()
            .any(|word| word.len() > 5 && error.to_string().contains(word)));
    }

    #[rstest]
    #[case::empty("")]
    #[case::upper_case("Cosmos")]
    #[case::too_long(&"a".repeat(84))]
    fn prefix_that_bech32_cannot_encode_is_refused(#[case] prefix: &str) {
        let error = from_bytes(&[7; 32], prefix).unwrap_err();
        assert!(matches!(error, ClientError::InvalidNetwork { field: "prefix", .. }));
    }
}
