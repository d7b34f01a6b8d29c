//! Signatures of rounds, by the chain's host calls. Any error of theirs means: not valid. Lengths are
//! checked before they are called, because a chain aborts on input that is too long. The identity is
//! refused by its flag, because the host accepts it, and old hosts accept it with anything behind the
//! flag: under the identity key it would sign every round.

use cosmwasm_std::{Api, HashFunction, BLS12_381_G1_GENERATOR, BLS12_381_G2_GENERATOR};
use modelbond_interface::beacon::DST;
use sha2::{Digest, Sha256};

use crate::ContractError;

/// Bytes of a signature: a point of G1, compressed.
pub const SIGNATURE_LENGTH: usize = 48;
/// Bytes of a public key: a point of G2, compressed.
pub const PUBLIC_KEY_LENGTH: usize = 96;
/// Bit of a compressed point's first byte that says: the identity.
const IDENTITY: u8 = 0x40;

/// Randomness of the round with this signature.
pub(crate) fn randomness(signature: &[u8]) -> [u8; 32] {
    Sha256::digest(signature).into()
}

/// Refuses what is no public key.
pub(crate) fn ensure_key(api: &dyn Api, key: &[u8]) -> Result<(), ContractError> {
    ensure_length("public_key", key, PUBLIC_KEY_LENGTH)?;
    if is_identity(key) {
        return Err(ContractError::IdentityKey {});
    }
    // The host has no call that only reads a point.
    let (one, point) = (&BLS12_381_G1_GENERATOR, key);
    if api.bls12_381_pairing_equality(one, point, one, point) == Ok(true) {
        return Ok(());
    }
    Err(ContractError::InvalidKey {})
}

/// Refuses a signature that is not `key`'s over `round`: e(signature, generator) = e(hash, key).
pub(crate) fn ensure_signed(
    api: &dyn Api,
    key: &[u8],
    round: u64,
    signature: &[u8],
) -> Result<(), ContractError> {
    if is_identity(signature) {
        return Err(ContractError::IdentitySignature { round });
    }
    let message = Sha256::digest(round.to_be_bytes());
    let signed =
        api.bls12_381_hash_to_g1(HashFunction::Sha256, &message, DST.as_bytes()).and_then(|hash| {
            api.bls12_381_pairing_equality(signature, &BLS12_381_G2_GENERATOR, &hash, key)
        });
    if signed == Ok(true) {
        return Ok(());
    }
    Err(ContractError::WrongSignature { round })
}

/// Refuses bytes of another length.
pub(crate) fn ensure_length(
    field: &'static str,
    bytes: &[u8],
    expected: usize,
) -> Result<(), ContractError> {
    let actual = bytes.len();
    if actual == expected {
        return Ok(());
    }
    Err(ContractError::Length { field, expected, actual })
}

fn is_identity(point: &[u8]) -> bool {
    point.first().is_some_and(|byte| byte & IDENTITY != 0)
}
