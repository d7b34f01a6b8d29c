//! RFC 9381's examples through everything that is public. The intermediate values are checked inside
//! the library, in `src/vrf/tests.rs`.
#![allow(missing_docs, dead_code)]

#[path = "support/rfc9381.rs"]
mod rfc9381;

use modelbond_election::vrf::{read_public_key, verify_slices, SecretKey, VrfError};
use rfc9381::{Example, EXAMPLE_16, EXAMPLE_17, EXAMPLE_18};
use rstest::rstest;

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

#[rstest]
#[case(EXAMPLE_16)]
#[case(EXAMPLE_17)]
#[case(EXAMPLE_18)]
fn keys_proofs_and_outputs_are_those_of_the_rfc(#[case] example: Example) {
    let (alpha, proof) = (bytes(example.alpha), bytes(example.proof));
    let output = verify_slices(&bytes(example.public_key), &alpha, &proof).unwrap();
    assert_eq!(hex::encode(output.as_bytes()), example.output);

    let key = SecretKey::from_bytes(&bytes(example.secret_key).try_into().unwrap());
    assert_eq!(hex::encode(key.public_key()), example.public_key);
    assert_eq!(read_public_key(&key.public_key()), Ok(key.public_key()));
    let made = key.prove(&alpha).unwrap();
    assert_eq!(hex::encode(made.as_bytes()), example.proof);
    assert_eq!(made.output(), Ok(output));
}

#[test]
fn a_proof_of_another_example_is_invalid() {
    let key = bytes(EXAMPLE_16.public_key);
    for other in [EXAMPLE_17, EXAMPLE_18] {
        let verdict = verify_slices(&key, &bytes(EXAMPLE_16.alpha), &bytes(other.proof));
        assert_eq!(verdict, Err(VrfError::Invalid));
        let verdict = verify_slices(&key, &bytes(other.alpha), &bytes(EXAMPLE_16.proof));
        assert_eq!(verdict, Err(VrfError::Invalid));
    }
}
