//! Wycheproof's secp256k1 sets, every case: DER, P1363 and Bitcoin's low-s rule, over every hash
//! function they come with.
//!
//! Each case is decoded, verified by key with libsecp256k1 and with the chain's host calls, and
//! the signers found by recovery are compared. A valid case with high s is refused as such and
//! holds after `normalized`; Bitcoin's set demands exactly the rule that is the default here.
#![allow(missing_docs, clippy::print_stdout)]

use cosmwasm_std::testing::MockApi;
use modelbond_signature::{
    recover, sha256, verify, Digest, Host, Native, PublicKey, Signature, SignatureError, Signer,
};
use sha2::Sha512;
use sha3::digest::{ExtendableOutput, Update};
use sha3::{Digest as _, Sha3_256, Sha3_512, Shake128, Shake256};
use wycheproof::ecdsa::{Test, TestGroup, TestGroupTypeId, TestName, TestSet};
use wycheproof::{EllipticCurve, HashFunction, TestResult};

/// Cases of all secp256k1 sets in wycheproof 0.7.
const CASES: usize = 4_653;

/// Those among them that hold by key and that no recovery id of the chains can say.
const BEYOND_THE_ORDER: usize = 15;

/// p − n: below it, r may stand for a point whose x is r + n, which only recovery ids 2 and 3 say.
const PRIME_LESS_ORDER: [u8; 32] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x45, 0x51, 0x23, 0x19, 0x50, 0xb7, 0x5f, 0xc4,
    0x40, 0x2d, 0xa1, 0x72, 0x2f, 0xc9, 0xba, 0xee,
];

/// The leftmost 32 bytes of the hash, as ECDSA over a curve of 256 bits takes them.
fn digest(hash: HashFunction, message: &[u8]) -> Digest {
    let wide = match hash {
        HashFunction::Sha2_256 => sha256(message).to_vec(),
        HashFunction::Sha2_512 => Sha512::digest(message).to_vec(),
        HashFunction::Sha3_256 => Sha3_256::digest(message).to_vec(),
        HashFunction::Sha3_512 => Sha3_512::digest(message).to_vec(),
        HashFunction::Shake128 => Shake128::default().chain(message).finalize_boxed(32).to_vec(),
        HashFunction::Shake256 => Shake256::default().chain(message).finalize_boxed(64).to_vec(),
        other => panic!("no set over secp256k1 uses {other:?}"),
    };
    Digest::from_bytes(*wide.first_chunk().unwrap())
}

/// What became of a set's cases.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    /// Valid in Wycheproof and here.
    valid: usize,
    /// Valid in Wycheproof once high s is normalised.
    normalized: usize,
    /// Refused by the decoder.
    undecoded: usize,
    /// Decoded, and not by the key.
    unverified: usize,
    /// Valid by key, with a point that no recovery id of the chains says.
    beyond_the_order: usize,
}

impl Count {
    fn total(&self) -> usize {
        self.valid + self.normalized + self.undecoded + self.unverified + self.beyond_the_order
    }
}

/// Verified by key and by address, with both curves; they may differ only where r is below p − n.
fn verdict(
    digest: &Digest,
    signature: &Signature,
    key: &PublicKey,
    beyond_the_order: &mut bool,
) -> Result<PublicKey, SignatureError> {
    let signer = Signer::Key(key.compressed());
    let native = verify(&Native, digest, signature, &signer);
    let others = [
        verify(&Host(&MockApi::default()), digest, signature, &signer),
        verify(&Native, digest, signature, &Signer::Eth(key.eth_address())),
        verify(&Native, digest, signature, &Signer::Cosmos(key.cosmos_address("cosmos").unwrap())),
    ];
    *beyond_the_order = native.is_ok() && others.iter().all(Result::is_err);
    if *beyond_the_order {
        assert!(*signature.r() < PRIME_LESS_ORDER);
        return native;
    }
    for other in others {
        assert_eq!(other.is_ok(), native.is_ok());
    }
    if native.is_ok() {
        let keys = recover(&Native, digest, signature).unwrap();
        assert!(keys.iter().any(|(_, found)| found == key));
    }
    native
}

fn check(group: &TestGroup, test: &Test, count: &mut Count) {
    assert_eq!(group.key.curve, EllipticCurve::Secp256k1);
    let key = Native.public_key(&group.key.key).unwrap();
    let digest = digest(group.hash, &test.msg);
    let decoded = match group.test_type {
        TestGroupTypeId::EcdsaP1363 => Signature::from_cosmos(&test.sig),
        TestGroupTypeId::Ecdsa | TestGroupTypeId::EcdsaBitcoin => Signature::from_der(&test.sig),
    };
    let Ok(signature) = decoded else {
        assert_eq!(test.result, TestResult::Invalid);
        count.undecoded += 1;
        return;
    };
    match group.test_type {
        TestGroupTypeId::EcdsaP1363 => assert_eq!(signature.to_cosmos()[..], test.sig[..]),
        _ => assert_eq!(signature.to_der()[..], test.sig[..]),
    }
    let mut beyond = false;
    let verified = verdict(&digest, &signature, &key, &mut beyond);
    let low_s_is_the_rule = group.test_type == TestGroupTypeId::EcdsaBitcoin;
    if signature.is_low_s() || low_s_is_the_rule {
        assert_eq!(verified.is_ok(), test.result == TestResult::Valid);
        assert!(verified.is_err() || verified == Ok(key));
        match (verified.is_ok(), beyond) {
            (true, true) => count.beyond_the_order += 1,
            (true, false) => count.valid += 1,
            (false, _) => count.unverified += 1,
        }
        return;
    }
    assert_eq!(verified, Err(SignatureError::HighS));
    let verified = verdict(&digest, &signature.normalized(), &key, &mut beyond);
    assert_eq!(verified.is_ok(), test.result == TestResult::Valid);
    match (verified.is_ok(), beyond) {
        (true, true) => count.beyond_the_order += 1,
        (true, false) => count.normalized += 1,
        (false, _) => count.unverified += 1,
    }
}

#[test]
fn every_case_of_wycheproof_has_its_verdict() {
    let sets = TestName::all().into_iter();
    let sets = sets.filter(|name| format!("{name:?}").starts_with("EcdsaSecp256k1"));
    let (mut total, mut promised, mut number_of_sets, mut beyond) = (0, 0, 0, 0);
    for name in sets {
        let set = TestSet::load(name).unwrap();
        let mut count = Count::default();
        for group in &set.test_groups {
            for test in &group.tests {
                let case = format!("{name:?}, case {}: {}", test.tc_id, test.comment);
                let before = count.total();
                let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    check(group, test, &mut count);
                }));
                assert!(outcome.is_ok(), "{case}");
                assert_eq!(count.total(), before + 1, "{case}");
            }
        }
        println!("{name:?}: {} cases, {count:?}", count.total());
        assert_eq!(count.total(), set.number_of_tests);
        assert!(count.valid > 0 && count.undecoded > 0 && count.unverified > 0);
        total += count.total();
        promised += set.number_of_tests;
        number_of_sets += 1;
        beyond += count.beyond_the_order;
    }
    println!("{number_of_sets} sets: {total} cases");
    assert_eq!(total, promised);
    assert_eq!((number_of_sets, total, beyond), (11, CASES, BEYOND_THE_ORDER));
}
