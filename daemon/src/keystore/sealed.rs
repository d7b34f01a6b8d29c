//! One key as a file: JSON whose secret part, the mnemonic, is encrypted.
//!
//! Key = Argon2id(passphrase, salt) with the parameters in the file (RFC 9106); the mnemonic is
//! sealed with ChaCha20-Poly1305 (RFC 8439) under it, with everything else in the file as
//! associated data, so no part of a file can be changed or exchanged unnoticed. Salt and nonce
//! are fresh for every sealing. Not protected: the name, the public key and the path.

use anyhow::{Context, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use cosmrs::crypto::PublicKey;
use modelbond_signature::{EthAddress, Native};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::identity::{address_of, parse_path, Identity};
use crate::failure::Failure;

const FORMAT: u32 = 1;
const CIPHER: &str = "chacha20poly1305";
const FUNCTION: &str = "argon2id";
const KEY_BYTES: usize = 32;
/// A file may not make us use more than this, whoever wrote it.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_ITERATIONS: u32 = 64;
const MAX_LANES: u32 = 16;

/// The passphrase does not open the key, or somebody changed the file: the two cannot be told
/// apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("wrong passphrase for the key {name} (or its file was changed)")]
pub struct WrongPassphrase {
    /// Which key.
    pub name: String,
}

/// Cost of turning a passphrase into a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kdf {
    function: String,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
    salt: String,
}

impl Kdf {
    /// RFC 9106's second recommended option: 64 MiB, 3 passes, 4 lanes.
    pub fn recommended() -> Self {
        Self::with_cost(65_536, 3, 4)
    }

    /// Another cost, with a fresh salt.
    pub fn with_cost(memory_kib: u32, iterations: u32, lanes: u32) -> Self {
        let mut salt = [0; 16];
        rand::rngs::OsRng.fill_bytes(&mut salt);
        Self {
            function: FUNCTION.to_owned(),
            memory_kib,
            iterations,
            lanes,
            salt: hex::encode(salt),
        }
    }

    fn derive(&self, passphrase: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>> {
        if self.function != FUNCTION {
            return Err(
                Failure::new(format!("key derivation {} is not known", self.function)).into()
            );
        }
        if self.memory_kib > MAX_MEMORY_KIB
            || self.iterations > MAX_ITERATIONS
            || self.lanes > MAX_LANES
        {
            return Err(Failure::new(format!(
                "the file asks for {} KiB, {} passes, {} lanes; at most {MAX_MEMORY_KIB}, \
                 {MAX_ITERATIONS}, {MAX_LANES} are accepted",
                self.memory_kib, self.iterations, self.lanes
            ))
            .into());
        }
        let params = Params::new(self.memory_kib, self.iterations, self.lanes, Some(KEY_BYTES))
            .map_err(|error| Failure::new(format!("key derivation parameters: {error}")))?;
        let salt = hex::decode(&self.salt).context("salt")?;
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &salt, key.as_mut_slice())
            .map_err(|error| Failure::new(format!("key derivation: {error}")))?;
        Ok(key)
    }
}

/// All of a key file but its secret; the associated data of the encryption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u32,
    name: String,
    public_key: String,
    path: String,
    kdf: Kdf,
    cipher: String,
    nonce: String,
}

/// An encrypted key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedKey {
    header: Header,
    ciphertext: String,
}

impl SealedKey {
    /// Encrypts `identity`.
    pub fn seal(name: &str, identity: &Identity, passphrase: &str, kdf: Kdf) -> Result<Self> {
        let key = kdf.derive(passphrase)?;
        let mut nonce = [0; 12];
        rand::rngs::OsRng.fill_bytes(&mut nonce);
        let header = Header {
            format: FORMAT,
            name: name.to_owned(),
            public_key: hex::encode(identity.public_key()?.to_bytes()),
            path: identity.path().to_string(),
            kdf,
            cipher: CIPHER.to_owned(),
            nonce: hex::encode(nonce),
        };
        let aad = serde_json::to_vec(&header).context("key file")?;
        let ciphertext = ChaCha20Poly1305::new(key.as_slice().into())
            .encrypt(&nonce.into(), Payload { msg: identity.phrase().as_bytes(), aad: &aad })
            .map_err(|_| Failure::new("the mnemonic cannot be encrypted"))?;
        Ok(Self { header, ciphertext: hex::encode(ciphertext) })
    }

    /// Decrypts, and checks that the key is the one the file names.
    pub fn open(&self, passphrase: &str) -> Result<Identity> {
        let wrong = || WrongPassphrase { name: self.header.name.clone() };
        let key = self.header.kdf.derive(passphrase)?;
        let aad = serde_json::to_vec(&self.header).context("key file")?;
        let nonce: [u8; 12] = hex::decode(&self.header.nonce)
            .ok()
            .and_then(|n| n.try_into().ok())
            .ok_or_else(wrong)?;
        let ciphertext = hex::decode(&self.ciphertext).context("ciphertext")?;
        let phrase = ChaCha20Poly1305::new(key.as_slice().into())
            .decrypt(&nonce.into(), Payload { msg: &ciphertext, aad: &aad })
            .map(Zeroizing::new)
            .map_err(|_| wrong())?;
        let phrase = std::str::from_utf8(&phrase).map_err(|_| wrong())?;
        let path = parse_path(&self.header.path).map_err(Failure::new)?;
        Identity::from_phrase(phrase, path)
    }

    /// Name of the key.
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// Derivation path.
    pub fn path(&self) -> &str {
        &self.header.path
    }

    /// Compressed public key, hex.
    pub fn public_key(&self) -> &str {
        &self.header.public_key
    }

    /// Address on a chain with this prefix; needs no passphrase.
    pub fn address(&self, prefix: &str) -> Result<String> {
        let bytes = hex::decode(&self.header.public_key).context("public key")?;
        let key = cosmrs::tendermint::PublicKey::from_raw_secp256k1(&bytes)
            .ok_or_else(|| Failure::new("the public key in the file is not one"))?;
        address_of(&PublicKey::from(key), prefix)
    }

    /// Ethereum address; needs no passphrase.
    pub fn eth_address(&self) -> Result<EthAddress> {
        let bytes = hex::decode(&self.header.public_key).context("public key")?;
        let key = Native.public_key(&bytes).context("the public key in the file is not one")?;
        Ok(key.eth_address())
    }

    /// The file's text.
    pub fn to_text(&self) -> Result<String> {
        let mut text = serde_json::to_string_pretty(self).context("key file")?;
        text.push('\n');
        Ok(text)
    }

    /// Reads a file's text; one that is not encrypted is refused.
    pub fn from_text(text: &str) -> Result<Self> {
        if is_plain(text) {
            return Err(Failure::new("the file holds a key in plain text, which is refused")
                .hint("import the mnemonic (modelbond keys import NAME) and delete that file")
                .into());
        }
        let key: Self = serde_json::from_str(text).map_err(|error| {
            // The message could quote the file's content; its position is enough.
            Failure::new(format!("no key file (line {}, column {})", error.line(), error.column()))
        })?;
        if key.header.format != FORMAT || key.header.cipher != CIPHER {
            return Err(Failure::new(format!(
                "format {} with {} is not known, only {FORMAT} with {CIPHER}",
                key.header.format, key.header.cipher
            ))
            .hint("use the version of modelbond that wrote the file")
            .into());
        }
        Ok(key)
    }
}

/// Whether the text is a mnemonic or a bare private key, also as a JSON string or value.
fn is_plain(text: &str) -> bool {
    let text = text.trim();
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(text) {
        return match json {
            serde_json::Value::String(text) => is_plain(&text),
            serde_json::Value::Object(fields) => {
                ["mnemonic", "private_key", "privateKey", "secret", "seed"]
                    .iter()
                    .any(|key| fields.contains_key(*key))
            }
            _ => false,
        };
    }
    let words = text.split_whitespace().count();
    let is_mnemonic = (12..=24).contains(&words)
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_whitespace());
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let is_hex_key = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_mnemonic || is_hex_key
}
