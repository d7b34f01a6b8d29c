//! Updates and models as bytes.

use modelbond_learn::codec::{decode, encode, hash, CodecError};
use modelbond_learn::model::{Model, ModelError, Shape, MAX_PARAMETERS};
use proptest::prelude::*;
use rstest::rstest;
use sha2::{Digest, Sha256};

#[test]
fn an_update_has_known_bytes() {
    let bytes = encode(&[1.0, -0.5]).unwrap();
    assert_eq!(hex::encode(&bytes), "4d425501020000000000803f000000bf");
    assert_eq!(decode(&bytes).unwrap(), [1.0, -0.5]);
    assert_eq!(hash(&[1.0, -0.5])[..], Sha256::digest(&bytes)[..]);
}

#[rstest]
#[case::empty("", CodecError::Magic { found: [0; 4] })]
#[case::cut_magic("4d4255", CodecError::Magic { found: [0; 4] })]
#[case::other_version("4d42550200000000", CodecError::Magic { found: *b"MBU\x02" })]
#[case::cut_length("4d425501020000", CodecError::Length { parameters: 0, expected: 8, found: 7 })]
#[case::cut("4d4255010100000000008", CodecError::Length { parameters: 1, expected: 12, found: 10 })]
#[case::after("4d425501000000000000803f", CodecError::Length { parameters: 0, expected: 8, found: 12 })]
#[case::one_after("4d4255010000000000", CodecError::Length { parameters: 0, expected: 8, found: 9 })]
#[case::many("4d425501ffffffff", CodecError::TooMany { parameters: 0xffff_ffff })]
#[case::nan("4d425501010000000000c07f", CodecError::NotFinite { index: 0 })]
fn bytes_that_are_no_update_are_refused(#[case] bytes: &str, #[case] expected: CodecError) {
    let even = bytes.len() / 2 * 2;
    assert_eq!(decode(&hex::decode(&bytes[..even]).unwrap()), Err(expected));
}

#[test]
fn what_has_no_bytes_is_refused() {
    assert_eq!(encode(&[0.0, f32::INFINITY]), Err(CodecError::NotFinite { index: 1 }));
    let parameters = u64::from(MAX_PARAMETERS) + 1;
    let many = vec![0.0; parameters as usize];
    assert_eq!(encode(&many), Err(CodecError::TooMany { parameters }));
}

#[test]
fn a_model_has_known_bytes() {
    let shape = Shape::logistic(1, 2).unwrap();
    let model = Model::from_parameters(shape, vec![1.0, 2.0, -1.0, 0.0]).unwrap();
    let bytes = model.to_bytes();
    assert_eq!(
        hex::encode(&bytes),
        "4d424d010100000000000000020000000000803f00000040000080bf00000000"
    );
    assert_eq!(Model::from_bytes(&bytes), Ok(model.clone()));
    assert_eq!(model.hash()[..], Sha256::digest(&bytes)[..]);
}

#[rstest]
#[case::empty("", ModelError::Magic)]
#[case::header("4d424d0101", ModelError::Length { expected: 16, found: 5 })]
#[case::no_inputs("4d424d01000000000000000002000000", ModelError::NoWidth)]
#[case::one_class("4d424d01010000000000000001000000", ModelError::Classes { classes: 1 })]
#[case::huge(
    "4d424d01ffffffffffffffff02000000",
    ModelError::TooMany { parameters: u64::MAX }
)]
#[case::cut("4d424d01010000000000000002000000", ModelError::Length { expected: 32, found: 16 })]
#[case::after(
    "4d424d010100000000000000020000000000803f00000040000080bf0000000000",
    ModelError::Length { expected: 32, found: 33 }
)]
fn bytes_that_are_no_model_are_refused(#[case] bytes: &str, #[case] expected: ModelError) {
    assert_eq!(Model::from_bytes(&hex::decode(bytes).unwrap()), Err(expected));
}

#[rstest]
#[case::no_inputs(Shape::logistic(0, 2), ModelError::NoWidth)]
#[case::no_hidden(Shape::dense(1, 0, 2), ModelError::NoWidth)]
#[case::many_classes(Shape::logistic(1, 1_025), ModelError::Classes { classes: 1_025 })]
#[case::large(Shape::dense(4_000, 3_000, 2), ModelError::TooMany { parameters: 12_009_002 })]
fn shapes_outside_the_limits_are_refused(
    #[case] shape: Result<Shape, ModelError>,
    #[case] expected: ModelError,
) {
    assert_eq!(shape, Err(expected));
}

#[test]
fn parameters_that_are_none_are_refused() {
    let shape = Shape::logistic(1, 2).unwrap();
    let of = |parameters: &[f32]| Model::from_parameters(shape, parameters.to_vec());
    assert_eq!(of(&[0.0; 3]), Err(ModelError::WrongLength { expected: 4, found: 3 }));
    assert_eq!(of(&[0.0, 0.0, f32::NAN, 0.0]), Err(ModelError::NotFinite { index: 2 }));
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = (decode(&bytes), Model::from_bytes(&bytes));
    }

    #[test]
    fn what_is_decoded_has_no_other_bytes(
        rest in prop::collection::vec(any::<u8>(), 0..64),
        count in 0_u32..12,
    ) {
        let update = [&b"MBU\x01"[..], &count.to_le_bytes(), &rest].concat();
        if let Ok(decoded) = decode(&update) {
            prop_assert_eq!(encode(&decoded).unwrap(), update);
        }
        let model = [&b"MBM\x01\x02\0\0\0\0\0\0\0\x02\0\0\0"[..], &rest].concat();
        if let Ok(decoded) = Model::from_bytes(&model) {
            prop_assert_eq!(decoded.to_bytes(), model);
        }
    }

    #[test]
    fn updates_come_back(bits in prop::collection::vec(any::<u32>(), 0..50)) {
        let update: Vec<f32> =
            bits.into_iter().map(f32::from_bits).filter(|float| float.is_finite()).collect();
        let back = decode(&encode(&update).unwrap()).unwrap();
        prop_assert_eq!(hash(&back), hash(&update));
        let bits = |floats: &[f32]| floats.iter().map(|float| float.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&back), bits(&update));
    }
}
