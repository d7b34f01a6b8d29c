//! The same keys, messages and proofs through this library and through the crate `vrf-rfc9381`: one
//! verdict and one output. There is one rule of difference: the other crate reads encodings that RFC
//! 9381 calls invalid (s of the order and more, points with y of the prime and more) modulo what they
//! exceed. What is refused here for that reason must agree once it is reduced.
#![allow(missing_docs, clippy::print_stdout)]

#[path = "support/encodings.rs"]
mod encodings;
#[path = "support/random.rs"]
mod random;

use std::collections::BTreeMap;

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::scalar::Scalar;
use encodings::{plus_order, small_order, unreduced};
use modelbond_election::vrf::{verify_slices, Part, SecretKey, VrfError};
use vrf_rfc9381::ec::edwards25519::tai::{
    EdVrfEdwards25519Tai, EdVrfEdwards25519TaiPublicKey, EdVrfEdwards25519TaiSecretKey,
};
use vrf_rfc9381::{Prover, Verifier, VRF};

const KEYS: u64 = 12_000;

/// Points with y ≥ p that a reader which reduces takes for points of large order: y = 3 and y = 4,
/// with both signs.
const UNREDUCED_POINTS: [[u8; 32]; 4] =
    [unreduced(3, 0), unreduced(3, 0x80), unreduced(4, 0), unreduced(4, 0x80)];

/// What the other crate says.
fn peer(key: &[u8], alpha: &[u8], proof: &[u8]) -> Option<[u8; 64]> {
    let key = EdVrfEdwards25519TaiPublicKey::from_slice(key).ok()?;
    Some(EdVrfEdwards25519Tai.verify(&key, alpha, proof).ok()?.into())
}

/// The inputs of one verification.
#[derive(Clone)]
struct Input {
    key: Vec<u8>,
    alpha: Vec<u8>,
    proof: Vec<u8>,
}

/// The same input, with Γ and s in the encoding that the other crate takes them for.
fn reduced(input: &Input) -> Input {
    let mut reduced = input.clone();
    let gamma = CompressedEdwardsY::from_slice(&input.proof[..32]).unwrap().decompress();
    if let Some(gamma) = gamma {
        reduced.proof[..32].copy_from_slice(gamma.compress().as_bytes());
    }
    let s = Scalar::from_bytes_mod_order(input.proof[48..].try_into().unwrap());
    reduced.proof[48..].copy_from_slice(s.as_bytes());
    reduced
}

fn ours(input: &Input) -> Result<[u8; 64], VrfError> {
    verify_slices(&input.key, &input.alpha, &input.proof).map(|output| *output.as_bytes())
}

/// One name for each verdict.
fn compare(input: &Input) -> &'static str {
    let (ours_says, peer_says) = (ours(input), peer(&input.key, &input.alpha, &input.proof));
    let name = match ours_says {
        Ok(output) => {
            assert_eq!(peer_says, Some(output));
            return "valid";
        }
        Err(VrfError::NonCanonical { part: Part::PublicKey }) => return "key not canonical",
        Err(VrfError::ScalarOutOfRange) => "s out of range",
        Err(VrfError::NonCanonical { .. }) => "gamma not canonical",
        Err(VrfError::NotOnCurve { .. }) => "not on the curve",
        Err(VrfError::SmallOrder { .. }) => "small order",
        Err(VrfError::Length { .. }) => "length",
        Err(VrfError::NoPoint { .. }) => "no point",
        Err(VrfError::Invalid) => "invalid",
    };
    match ours_says {
        Err(VrfError::ScalarOutOfRange | VrfError::NonCanonical { .. }) => {
            assert_eq!(peer_says, ours(&reduced(input)).ok(), "{name}");
        }
        _ => assert_eq!(peer_says, None, "{name}"),
    }
    name
}

/// An input changed in one of many ways; `random` chooses where and how.
fn mutated(honest: &Input, other: &Input, random: &[u8; 64], class: u64) -> Input {
    let mut input = honest.clone();
    let number = usize::from(u16::from_be_bytes([random[0], random[1]]));
    match class {
        0 => input.proof[number % 80] ^= 1 << (random[2] % 8),
        1 => input.proof[32 + number % 48] ^= 1 << (random[2] % 8),
        2 => input.key[number % 32] ^= 1 << (random[2] % 8),
        3 => input.alpha.push(random[2]),
        4 => input.key.clone_from(&other.key),
        5 => input.proof[..32].copy_from_slice(&other.proof[..32]),
        6 => input.proof[32..48].copy_from_slice(&random[..16]),
        7 => input.proof[48..].copy_from_slice(&random[32..]),
        8 => input.proof = plus_order(&input.proof),
        9 => input.proof.truncate(number % 80),
        10 => input.proof.extend_from_slice(&random[..1 + number % 32]),
        11 => {
            let gamma = CompressedEdwardsY::from_slice(&input.proof[..32]).unwrap();
            let moved = gamma.decompress().unwrap() + EIGHT_TORSION[1 + number % 7];
            input.proof[..32].copy_from_slice(moved.compress().as_bytes());
        }
        12 => input.proof[..32].copy_from_slice(&small_order()[number % 8]),
        13 => input.key = small_order()[number % 8].to_vec(),
        14 => input.proof[..32].copy_from_slice(&UNREDUCED_POINTS[number % 4]),
        15 => input.key = UNREDUCED_POINTS[number % 4].to_vec(),
        16 => input.proof[..32].copy_from_slice(&random[..32]),
        _ => input.proof.fill(random[0] % 2 * 0xff),
    }
    input
}

#[test]
fn both_implementations_give_one_verdict_and_one_output() {
    let mut verdicts = BTreeMap::new();
    let mut before: Option<Input> = None;
    for number in 0..KEYS {
        let seed = random::bytes("key", [number, 0]);
        let alpha = random::wide("alpha", [number, 0])[..(number % 65) as usize].to_vec();
        let key = SecretKey::from_bytes(&seed);
        let proof = key.prove(&alpha).unwrap();

        let peer_key = EdVrfEdwards25519TaiSecretKey::from_slice(&seed).unwrap();
        let peer_proof = EdVrfEdwards25519Tai.prove(&peer_key, &alpha).unwrap();
        assert_eq!(proof.as_bytes()[..], peer_proof, "both provers make the same proof");

        let honest =
            Input { key: key.public_key().to_vec(), alpha, proof: proof.as_bytes().to_vec() };
        assert_eq!(compare(&honest), "valid");
        assert_eq!(ours(&honest), proof.output().map(|output| *output.as_bytes()));
        *verdicts.entry("valid").or_insert(0u64) += 1;
        if let Some(before) = &before {
            let input = mutated(&honest, before, &random::wide("change", [number, 0]), number % 18);
            let verdict = compare(&input);
            let same = [&input.key, &input.alpha, &input.proof]
                == [&honest.key, &honest.alpha, &honest.proof];
            assert!(verdict != "valid" || same, "a changed proof verifies");
            *verdicts.entry(verdict).or_insert(0) += 1;
        }
        before = Some(honest);
    }
    println!("verdicts: {verdicts:?}");
    for verdict in [
        "valid",
        "invalid",
        "key not canonical",
        "gamma not canonical",
        "length",
        "not on the curve",
        "s out of range",
        "small order",
    ] {
        assert!(
            verdicts.get(verdict).is_some_and(|count| *count >= 100),
            "{verdict}: {verdicts:?}"
        );
    }
}

/// The rule of difference, seen: the other crate takes a second proof for the same output.
#[test]
fn the_other_crate_accepts_s_beyond_the_order() {
    let key = SecretKey::from_bytes(&[1; 32]);
    let proof = plus_order(key.prove(b"twin").unwrap().as_bytes());
    assert!(peer(&key.public_key(), b"twin", &proof).is_some());
    let verdict = verify_slices(&key.public_key(), b"twin", &proof);
    assert_eq!(verdict, Err(VrfError::ScalarOutOfRange));
}
