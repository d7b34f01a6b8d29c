//! One key, two chains: signatures of Ethereum and Cosmos keys over secp256k1.
//!
//! The two worlds sign differently. Formats convert ([`Signature`]); digests do not: a signature
//! over a SHA-256 digest never becomes one over a Keccak-256 digest, so a verifier hashes the
//! original message again under the [`Scheme`] that the caller names.
//!
//! | scheme | digest | signature | source |
//! |---|---|---|---|
//! | [`Scheme::Eip191`] | keccak256("\x19Ethereum Signed Message:\n" ‖ length ‖ message) | 65 bytes | EIP-191, version 0x45 |
//! | [`Scheme::Eip712`] | keccak256(0x1901 ‖ domain separator ‖ struct hash) | 65 bytes | EIP-712 |
//! | [`Scheme::Adr036`] | sha256(amino JSON sign document) | 64 bytes | ADR-036 |
//! | [`Scheme::Direct`] | sha256(SignDoc as given) | 64 bytes | ADR-020 |
//!
//! [`verify`] and [`recover`] accept low-s signatures only; [`Signature::normalized`] is how a
//! caller says that the other twin is meant. The curve itself is behind [`Curve`]: [`Native`] is
//! libsecp256k1, [`Host`] the chain's host calls. What Modelbond asks people to sign is a
//! [`Statement`] in a [`SignRequest`]. There is no I/O here.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod address;
mod curve;
mod der;
mod digest;
mod error;
mod hash;
mod key;
mod printable;
mod request;
mod scalar;
mod scheme;
mod sign_bytes;
mod signature;
mod statement;
pub mod typed_data;

pub use address::{CosmosAddress, EthAddress, EthBech32};
pub use curve::Curve;
#[cfg(feature = "cosmwasm")]
pub use curve::Host;
#[cfg(feature = "native")]
pub use curve::{Native, SecretKey};
pub use digest::{adr036_sign_doc, escape_amino_json, Digest, Message};
pub use error::{SignatureError, Unit};
pub use hash::{keccak256, sha256};
pub use key::{CompressedKey, PublicKey};
pub use printable::printable;
pub use request::{Binding, SignRequest, DOMAIN_NAME, DOMAIN_VERSION};
pub use scheme::{recover, verify, Scheme, Signer, UnknownScheme};
pub use sign_bytes::SignBytes;
pub use signature::{RecoveryId, Signature};
pub use statement::{
    Attestation, Contribution, Feedback, Field, KeyRotation, Link, Registration, RootAttestation,
    Statement, Unlink,
};
pub use typed_data::TypedData;
