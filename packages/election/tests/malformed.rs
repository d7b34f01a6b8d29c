//! Everything that can be wrong with a key or a proof, part by part, and the error it gets.
#![allow(missing_docs)]

#[path = "support/encodings.rs"]
mod encodings;

use curve25519_dalek::edwards::CompressedEdwardsY;
use encodings::{plus_order, small_order, unreduced, ORDER};
use modelbond_election::vrf::{read_public_key, verify_slices, Part, Proof, SecretKey, VrfError};
use rstest::rstest;

const ALPHA: &[u8] = b"who leads round 7?";

fn key() -> SecretKey {
    SecretKey::from_bytes(&[0x42; 32])
}

fn proof() -> Vec<u8> {
    key().prove(ALPHA).unwrap().as_bytes().to_vec()
}

/// The verdict on a proof that is right except for `bytes` at `at`.
fn with(at: usize, bytes: &[u8]) -> Option<VrfError> {
    let mut proof = proof();
    proof[at..at + bytes.len()].copy_from_slice(bytes);
    verify_slices(&key().public_key(), ALPHA, &proof).err()
}

fn with_key(bytes: &[u8]) -> Option<VrfError> {
    let error = verify_slices(bytes, ALPHA, &proof()).err();
    assert_eq!(read_public_key(bytes).err(), error, "registration and verification agree");
    error
}

fn signed(mut bytes: [u8; 32]) -> [u8; 32] {
    bytes[31] |= 0x80;
    bytes
}

/// y little-endian, below 256.
fn small(y: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = y;
    bytes
}

/// p − 1.
fn minus_one() -> [u8; 32] {
    let mut bytes = unreduced(0, 0);
    bytes[0] = 0xec;
    bytes
}

/// The y below 256 that no point has.
fn no_points() -> Vec<[u8; 32]> {
    let no_point = |bytes: &[u8; 32]| CompressedEdwardsY(*bytes).decompress().is_none();
    (0..=255).map(small).filter(no_point).collect()
}

#[test]
fn the_proof_that_the_table_changes_is_valid() {
    assert_eq!(with(0, &[]), None);
    assert!(Proof::try_from(&proof()[..]).is_ok());
}

#[rstest]
fn a_proof_of_another_length_is_refused(#[values(0, 1, 32, 48, 79, 81, 96, 160)] actual: usize) {
    let mut proof = proof();
    proof.resize(actual, 0);
    let error = VrfError::Length { part: Part::Proof, expected: 80, actual };
    assert_eq!(verify_slices(&key().public_key(), ALPHA, &proof), Err(error));
    assert_eq!(Proof::try_from(&proof[..]), Err(error));
}

#[rstest]
fn a_key_of_another_length_is_refused(#[values(0, 31, 33, 64)] actual: usize) {
    let error = VrfError::Length { part: Part::PublicKey, expected: 32, actual };
    assert_eq!(with_key(&vec![9; actual]), Some(error));
}

#[test]
fn points_of_small_order_are_refused() {
    for point in small_order() {
        assert_eq!(with_key(&point), Some(VrfError::SmallOrder { part: Part::PublicKey }));
        assert_eq!(with(0, &point), Some(VrfError::SmallOrder { part: Part::Gamma }));
    }
}

#[test]
fn every_y_of_the_prime_and_more_is_refused() {
    for y in 0..19 {
        for sign in [0, 0x80] {
            let bytes = unreduced(y, sign);
            assert_eq!(with_key(&bytes), Some(VrfError::NonCanonical { part: Part::PublicKey }));
            assert_eq!(with(0, &bytes), Some(VrfError::NonCanonical { part: Part::Gamma }));
        }
    }
}

#[rstest]
#[case::one(small(1))]
#[case::minus_one(minus_one())]
fn a_zero_x_has_no_sign(#[case] bytes: [u8; 32]) {
    assert_eq!(with_key(&bytes), Some(VrfError::SmallOrder { part: Part::PublicKey }));
    assert_eq!(with(0, &bytes), Some(VrfError::SmallOrder { part: Part::Gamma }));
    let bytes = signed(bytes);
    assert_eq!(with_key(&bytes), Some(VrfError::NonCanonical { part: Part::PublicKey }));
    assert_eq!(with(0, &bytes), Some(VrfError::NonCanonical { part: Part::Gamma }));
}

#[test]
fn what_is_not_on_the_curve_is_refused() {
    let no_points = no_points();
    assert!(no_points.len() > 100);
    for bytes in no_points.into_iter().flat_map(|bytes| [bytes, signed(bytes)]) {
        assert_eq!(with_key(&bytes), Some(VrfError::NotOnCurve { part: Part::PublicKey }));
        assert_eq!(with(0, &bytes), Some(VrfError::NotOnCurve { part: Part::Gamma }));
    }
}

#[rstest]
#[case::the_order(ORDER)]
#[case::twice_the_honest_s(plus_order(&proof())[48..].try_into().unwrap())]
#[case::the_largest([0xff; 32])]
#[case::a_top_bit(signed([0; 32]))]
fn an_s_of_the_order_and_more_is_refused(#[case] s: [u8; 32]) {
    assert_eq!(with(48, &s), Some(VrfError::ScalarOutOfRange));
}

#[test]
fn the_largest_s_below_the_order_is_only_wrong() {
    let mut s = ORDER;
    s[0] -= 1;
    assert_eq!(with(48, &s), Some(VrfError::Invalid));
    assert_eq!(with(48, &[0; 32]), Some(VrfError::Invalid));
}

/// c has 16 bytes and 2¹²⁸ is below the order: there is no c that is not canonical.
#[rstest]
fn every_other_c_is_only_wrong(#[values(0, 1, 0x7f, 0xff)] byte: u8) {
    assert_eq!(with(32, &[byte; 16]), Some(VrfError::Invalid));
}

#[test]
fn every_flipped_bit_of_a_proof_is_seen() {
    let proof = proof();
    for bit in 0..640 {
        let (at, mask) = (bit / 8, 1 << (bit % 8));
        let error = with(at, &[proof[at] ^ mask]).unwrap();
        let fits = match at {
            0..32 => {
                matches!(error, VrfError::NotOnCurve { part: Part::Gamma } | VrfError::Invalid)
            }
            32..48 => error == VrfError::Invalid,
            _ => matches!(error, VrfError::ScalarOutOfRange | VrfError::Invalid),
        };
        assert!(fits, "bit {bit}: {error}");
    }
}

#[test]
fn every_flipped_bit_of_a_key_and_a_message_is_seen() {
    let (key, proof) = (key().public_key(), proof());
    for bit in 0..256 {
        let mut other = key;
        other[bit / 8] ^= 1 << (bit % 8);
        let error = verify_slices(&other, ALPHA, &proof).unwrap_err();
        let fits =
            matches!(error, VrfError::NotOnCurve { part: Part::PublicKey } | VrfError::Invalid);
        assert!(fits, "bit {bit}: {error}");
    }
    for bit in 0..ALPHA.len() * 8 {
        let mut other = ALPHA.to_vec();
        other[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verify_slices(&key, &other, &proof), Err(VrfError::Invalid));
    }
    assert_eq!(verify_slices(&key, &ALPHA[1..], &proof), Err(VrfError::Invalid));
    assert_eq!(verify_slices(&key, &[], &proof), Err(VrfError::Invalid));
}
