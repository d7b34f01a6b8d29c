//! What only the inside shows: intermediate values of RFC 9381, the bound on tries, and that no
//! proof of a key has another output.
#![allow(clippy::arithmetic_side_effects, reason = "the operators of group and field are total")]

#[path = "../../tests/support/rfc9381.rs"]
mod rfc9381;

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::scalar::clamp_integer;
use rfc9381::{Example, EXAMPLE_16, EXAMPLE_17, EXAMPLE_18};
use rstest::rstest;

use super::*;

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn hashed(example: &Example, tries: u8) -> Result<Hashed, VrfError> {
    hash_to_curve(&bytes(example.public_key), &hex::decode(example.alpha).unwrap(), tries)
}

#[rstest]
#[case(EXAMPLE_16)]
#[case(EXAMPLE_17)]
#[case(EXAMPLE_18)]
fn every_intermediate_value_is_that_of_the_rfc(#[case] example: Example) {
    let expanded: [u8; 64] = Sha512::digest(bytes::<32>(example.secret_key)).into();
    let clamped = clamp_integer(*expanded.first_chunk().unwrap());
    assert_eq!(hex::encode(clamped), example.x);

    let h = hashed(&example, example.counter + 1).unwrap();
    assert_eq!(hex::encode(h.encoding), example.h);

    let k_string = Sha512::new().chain_update(&expanded[32..]).chain_update(h.encoding).finalize();
    assert_eq!(hex::encode(k_string), example.k_string);
    let key = SecretKey::from_bytes(&bytes(example.secret_key));
    let k = key.nonce(&h.encoding);
    assert_eq!(hex::encode(k.as_bytes()), example.k);

    let y = valid_key(&bytes(example.public_key)).unwrap();
    let proof = Decoded::from_bytes(&bytes(example.proof)).unwrap();
    let (u, v) = commitments(&y, &h.point, &proof);
    assert_eq!(hex::encode(encode(&u)), example.u);
    assert_eq!(hex::encode(encode(&v)), example.v);
    assert_eq!(u, EdwardsPoint::mul_base(&k));
    assert_eq!(v, k * h.point);
}

#[test]
fn tries_are_bounded() {
    assert_eq!(EXAMPLE_17.counter, 1);
    assert_eq!(hashed(&EXAMPLE_17, 1).err(), Some(VrfError::NoPoint { tries: 1 }));
    assert_eq!(hashed(&EXAMPLE_16, 0).err(), Some(VrfError::NoPoint { tries: 0 }));
}

/// Whoever holds the key may move Γ by a point of small order and look for a challenge that hides it.
/// RFC 9381 accepts that; the output stays the same, because it is of 8·Γ.
#[rstest]
fn a_moved_gamma_has_the_same_output(#[values(1, 2, 3, 4, 5, 6, 7)] torsion: usize) {
    let key = SecretKey::from_bytes(&[7; 32]);
    let alpha = b"one output";
    let honest = key.prove(alpha).unwrap();
    let public_key = key.public_key();
    let h = hash_to_curve(&public_key, alpha, MAX_TRIES).unwrap();
    let gamma =
        encode(&(Decoded::from_bytes(honest.as_bytes()).unwrap().gamma + EIGHT_TORSION[torsion]));

    let moved = (1u64..200).map(Scalar::from).find_map(|k| {
        let (u, v) = (encode(&EdwardsPoint::mul_base(&k)), encode(&(k * h.point)));
        let c = challenge([&public_key, &h.encoding, &gamma, &u, &v]);
        let s = key.response(&k, &c);
        let proof: [u8; 80] = [&gamma[..], &c, s.as_bytes()].concat().try_into().unwrap();
        verify(&public_key, alpha, &proof).ok()
    });
    assert_eq!(moved, Some(verify(&public_key, alpha, honest.as_bytes()).unwrap()));
}
