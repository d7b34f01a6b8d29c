//! I9: what is accepted was signed by the source's key over that round, and nothing else is.

use cosmwasm_std::{Api, HexBinary, Timestamp};
use modelbond_beacon::ContractError;
use modelbond_interface::beacon::{InstantiateMsg, Source};
use modelbond_tests::beacon::{
    central, chain_hash, hex, of_quicknet, quicknet, sha256, QUICKNET, QUICKNET_ROUNDS,
};
use modelbond_tests::{Beacon, Chain, Contracts, Emitter, Mock};
use rstest::rstest;

/// The modulus of BLS12-381's base field.
const MODULUS: &str = "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";

/// drand's fastnet: the same groups, but hashed to the curve under the other group's tag, before
/// RFC 9380 was followed.
fn fastnet() -> Source {
    Source {
        public_key: hex("a0b862a7527fee3a731bcb59280ab6abd62d5c0b6ea03dc4ddf6612fdfc9d01f01c31542541771903475eb1ec6615f8d0df0b8b6dce385811d6dcf8cbefb8759e5e616a3dfd054c928940766d9a5b9db91e3b697e5d70a975181e007f87fca5e"),
        period_secs: 3,
        genesis_at: Timestamp::from_seconds(1_677_685_200),
        group_hash: hex("a81e9d63f614ccdb144b8ff79fbd4d5a2d22055c0bfe4ee9a8092003dab1c6c0"),
        beacon_id: "fastnet".to_owned(),
    }
}
const FASTNET: &str = "dbd506d6ef76e5f386f41c651dcb808c5bcbd75471cc4eafa3f4df7ad4e4c493";
const FASTNET_ROUND_3: &str = "8176555f90d71aa49ceb37739683749491c2bab15a46094b255289ed25cf8f01cdfb1fe8bd9cd5a19eb09448a3e53186";
const OLD_TAG: &str = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";

/// A signature of drand's default network, whose keys are in G1 and signatures in G2: round 1.
const LEAGUE_ROUND_1: &str = "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b10104990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655";
const LEAGUE_KEY: &str = "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31";

fn on_quicknet() -> Beacon {
    Beacon::on(Mock::default(), &of_quicknet())
}

/// A beacon of any source from its genesis on.
fn on(source: Source) -> Beacon {
    let msg = InstantiateMsg {
        chain_hash: chain_hash(&source),
        starts_at: Some(source.genesis_at),
        source,
        ..of_quicknet()
    };
    Beacon::on(Mock::default(), &msg)
}

/// Why a signature over round 1 is refused; nothing is stored.
fn refused(beacon: &mut Beacon, round: u64, signature: HexBinary) -> ContractError {
    let error = beacon.submit(round, &signature).unwrap_err().beacon();
    assert_eq!(beacon.latest(), None);
    error
}

#[test]
fn the_rounds_of_quicknet_are_accepted_as_drand_publishes_them() {
    let mut beacon = on_quicknet();
    for (round, signature, randomness) in QUICKNET_ROUNDS {
        let json = format!(
            r#"{{"submit_round":{{"round":{round},"randomness":"{randomness}","signature":"{signature}"}}}}"#
        );
        let msg = cosmwasm_std::from_json(json).unwrap();
        beacon.send("stranger", &msg).unwrap();
        let stored = beacon.round(0, round).unwrap();
        assert_eq!(stored.signature.to_hex(), signature);
        assert_eq!(stored.randomness.to_hex(), randomness);
        assert!(!stored.central_beacon);
    }
    assert_eq!(beacon.latest().unwrap().round, 1_000);
    assert_eq!(beacon.all_rounds().len(), 4);
}

#[test]
fn the_rounds_of_an_emitter_are_accepted_and_their_randomness_is_the_hash() {
    let mut beacon = Beacon::on_mock();
    let emitter = Emitter::called("central");
    for round in 1..=20 {
        let signature = emitter.sign(round);
        let event = beacon.submit(round, &signature).unwrap().unwrap();
        assert_eq!(event.signature, signature.to_hex());
        assert_eq!(event.randomness, sha256(&signature).to_hex());
        assert_eq!((event.source, event.round), (0, round));
        assert!(beacon.round(0, round).unwrap().central_beacon);
        beacon.chain.wait(30);
    }
}

#[test]
fn a_signature_over_another_round_is_refused() {
    let mut beacon = on_quicknet();
    for (number, signature, _) in QUICKNET_ROUNDS {
        for round in [number - 1, number + 1, number + 256] {
            if round == 0 {
                continue;
            }
            let error = refused(&mut beacon, round, hex(signature));
            assert_eq!(error, ContractError::WrongSignature { round });
        }
    }
}

#[rstest]
#[case::another_emitters(Emitter::called("mallory").sign(1))]
#[case::under_the_old_tag(Emitter::called("central").sign_with(1, OLD_TAG))]
#[case::under_no_tag(Emitter::called("central").sign_with(1, ""))]
#[case::quicknets(hex(QUICKNET_ROUNDS[0].1))]
#[case::the_generator(HexBinary::from(&cosmwasm_std::BLS12_381_G1_GENERATOR))]
fn a_signature_by_other_means_is_refused(#[case] signature: HexBinary) {
    let error = refused(&mut Beacon::on_mock(), 1, signature);
    assert_eq!(error, ContractError::WrongSignature { round: 1 });
}

#[test]
fn the_negated_signature_is_refused() {
    let mut signature = Emitter::called("central").sign(1).to_vec();
    signature[0] ^= 0x20;
    let error = refused(&mut Beacon::on_mock(), 1, signature.into());
    assert_eq!(error, ContractError::WrongSignature { round: 1 });
}

#[test]
fn a_signature_of_old_fastnet_is_refused_under_its_own_key() {
    let source = fastnet();
    assert_eq!(chain_hash(&source), hex(FASTNET));
    let error = refused(&mut on(source), 3, hex(FASTNET_ROUND_3));
    assert_eq!(error, ContractError::WrongSignature { round: 3 });
    // It is a good signature, though, under the old tag.
    let api = cosmwasm_std::testing::MockApi::default();
    let message = sha256(&3u64.to_be_bytes());
    let hash = cosmwasm_std::HashFunction::Sha256;
    let hash = api.bls12_381_hash_to_g1(hash, &message, OLD_TAG.as_bytes()).unwrap();
    let (signature, generator) = (hex(FASTNET_ROUND_3), cosmwasm_std::BLS12_381_G2_GENERATOR);
    let key = fastnet().public_key;
    assert_eq!(api.bls12_381_pairing_equality(&signature, &generator, &hash, &key), Ok(true));
}

#[test]
fn keys_in_g1_and_signatures_in_g2_have_the_wrong_length() {
    let error = refused(&mut on_quicknet(), 1, hex(LEAGUE_ROUND_1));
    assert_eq!(error, ContractError::Length { field: "signature", expected: 48, actual: 96 });
    let mut msg = of_quicknet();
    msg.source.public_key = hex(LEAGUE_KEY);
    msg.chain_hash = chain_hash(&msg.source);
    let error = Mock::default().instantiate("beacon", &msg).unwrap_err().beacon();
    assert_eq!(error, ContractError::Length { field: "public_key", expected: 96, actual: 48 });
}

#[rstest]
#[case::empty(0)]
#[case::truncated(47)]
#[case::one_long(49)]
#[case::uncompressed(96)]
#[case::far_too_long(100_000)]
fn a_signature_of_another_length_is_refused_before_the_host_is_asked(#[case] actual: usize) {
    let mut signature = Emitter::called("central").sign(1).to_vec();
    signature.resize(actual, 0);
    let error = refused(&mut Beacon::on_mock(), 1, signature.into());
    assert_eq!(error, ContractError::Length { field: "signature", expected: 48, actual });
}

#[test]
fn a_signature_with_any_bit_flipped_is_refused() {
    let mut beacon = Beacon::on_mock();
    let signature = Emitter::called("central").sign(1).to_vec();
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 0x80 >> (bit % 8);
        let error = refused(&mut beacon, 1, flipped.into());
        let expected = match bit {
            1 => ContractError::IdentitySignature { round: 1 },
            _ => ContractError::WrongSignature { round: 1 },
        };
        assert_eq!(error, expected, "bit {bit}");
    }
    beacon.submit(1, &signature.into()).unwrap().unwrap();
}

#[test]
fn a_signature_in_a_second_encoding_would_be_a_second_randomness_and_is_refused() {
    let mut beacon = Beacon::on_mock();
    beacon.chain.wait(30 * 100);
    let emitter = Emitter::called("central");
    let mut tried = 0;
    for round in 1..=100 {
        let signature = emitter.sign(round).to_vec();
        let Some(other) = plus_modulus(&signature) else { continue };
        let error = refused(&mut beacon, round, other.into());
        assert_eq!(error, ContractError::WrongSignature { round });
        tried += 1;
    }
    assert!(tried > 5, "{tried} signatures have a second encoding");
}

/// The same point with p added to x, where that fits below the flags.
fn plus_modulus(signature: &[u8]) -> Option<Vec<u8>> {
    let mut sum = signature.to_vec();
    sum[0] &= 0x1f;
    let mut carry = 0u16;
    for (digit, add) in sum.iter_mut().zip(hex(MODULUS).iter()).rev() {
        let total = u16::from(*digit) + u16::from(*add) + carry;
        *digit = total.to_le_bytes()[0];
        carry = total >> 8;
    }
    if sum[0] > 0x1f {
        return None;
    }
    sum[0] |= signature[0] & 0xe0;
    Some(sum)
}

/// The identity, and what hosts with an older library take for it.
fn identities(length: usize) -> Vec<Vec<u8>> {
    let with = |first: u8, rest: u8| {
        let mut bytes = vec![rest; length];
        bytes[0] = first;
        bytes
    };
    vec![with(0xc0, 0), with(0xe0, 0), with(0xc0, 1), with(0xff, 0xff), with(0x40, 0)]
}

#[test]
fn the_identity_is_no_signature_in_any_encoding() {
    for signature in identities(48) {
        let error = refused(&mut Beacon::on_mock(), 1, signature.into());
        assert_eq!(error, ContractError::IdentitySignature { round: 1 });
    }
}

#[test]
fn the_identity_is_no_key_in_any_encoding_though_the_host_accepts_it() {
    for key in identities(96) {
        let mut msg = central(&Mock::default());
        msg.source.public_key = key.into();
        msg.chain_hash = chain_hash(&msg.source);
        let error = Mock::default().instantiate("beacon", &msg).unwrap_err().beacon();
        assert_eq!(error, ContractError::IdentityKey {});
    }
    // Under it the identity would sign every round.
    let api = cosmwasm_std::testing::MockApi::default();
    let (signature, key) = (&identities(48)[0], &identities(96)[0]);
    let hash = api
        .bls12_381_hash_to_g1(cosmwasm_std::HashFunction::Sha256, b"anything", b"any tag")
        .unwrap();
    let generator = cosmwasm_std::BLS12_381_G2_GENERATOR;
    assert_eq!(api.bls12_381_pairing_equality(signature, &generator, &hash, key), Ok(true));
}

#[test]
fn a_key_with_any_flag_or_a_sample_of_bits_flipped_is_another_source_or_none() {
    let emitter = Emitter::called("central");
    let key = emitter.public_key().to_vec();
    let (mut none, mut other) = (0, 0);
    for bit in [0, 1, 2].into_iter().chain((3..key.len() * 8).step_by(31)) {
        let mut msg = central(&Mock::default());
        let mut flipped = key.clone();
        flipped[bit / 8] ^= 0x80 >> (bit % 8);
        msg.source.public_key = flipped.into();
        msg.chain_hash = chain_hash(&msg.source);
        let mut chain = Mock::default();
        match chain.instantiate("beacon", &msg) {
            Err(error) => {
                let error = error.beacon();
                let expected = [ContractError::IdentityKey {}, ContractError::InvalidKey {}];
                assert!(expected.contains(&error), "bit {bit}: {error}");
                none += 1;
            }
            // The negated key is a key.
            Ok(address) => {
                assert_eq!(bit, 2);
                let mut beacon = Beacon { chain, address };
                let error = refused(&mut beacon, 1, emitter.sign(1));
                assert_eq!(error, ContractError::WrongSignature { round: 1 });
                other += 1;
            }
        }
    }
    assert!(none > 20 && other == 1, "{none} none, {other} others");
}

#[test]
fn randomness_that_does_not_belong_to_the_signature_is_refused() {
    let mut beacon = on_quicknet();
    let (round, signature, randomness) = QUICKNET_ROUNDS[0];
    for given in [sha256(b"anything"), HexBinary::default(), hex(QUICKNET_ROUNDS[1].2)] {
        let msg = modelbond_interface::beacon::ExecuteMsg::SubmitRound {
            round,
            signature: hex(signature),
            randomness: Some(given.clone()),
            source: None,
        };
        let error = beacon.send("stranger", &msg).unwrap_err().beacon();
        let computed = hex(randomness);
        assert_eq!(error, ContractError::WrongRandomness { round, computed, given });
    }
    assert_eq!(beacon.latest(), None);
}

#[test]
fn chain_hashes_are_drands() {
    let hash = |source: &Source| HexBinary::from(modelbond_beacon::source::chain_hash(source));
    assert_eq!(hash(&quicknet()), hex(QUICKNET));
    assert_eq!(hash(&fastnet()), hex(FASTNET));
    // The League of Entropy's first network is the default one: its id is left out.
    let mut league = Source {
        public_key: hex(LEAGUE_KEY),
        period_secs: 30,
        genesis_at: Timestamp::from_seconds(1_595_431_050),
        group_hash: hex("176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a"),
        beacon_id: "default".to_owned(),
    };
    let expected = "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce";
    assert_eq!(hash(&league), hex(expected));
    league.beacon_id = String::new();
    assert_eq!(hash(&league), hex(expected));
    league.beacon_id = "Default".to_owned();
    assert_ne!(hash(&league), hex(expected));
}
