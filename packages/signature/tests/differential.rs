//! The same inputs through four implementations of the curve: libsecp256k1 ([`Native`]), the
//! chain's host calls ([`Host`]), k256 used directly, and the EVM's ecrecover. One verdict and one
//! key, with one rule of difference: ecrecover and the host calls accept high s, and what is
//! refused here as [`SignatureError::HighS`] agrees with them once it is normalised.
#![allow(missing_docs, clippy::print_stdout)]

#[path = "support/inputs.rs"]
mod inputs;

use cosmwasm_std::testing::MockApi;
use cosmwasm_std::Api;
use inputs::{Class, Input};
use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::ecdsa::VerifyingKey;
use modelbond_signature::{
    recover, verify, Curve, Digest, Host, Native, PublicKey, RecoveryId, Scheme, Signature,
    SignatureError, Signer,
};
use revm_precompile::secp256k1::ec_recover_run;

const INPUTS_OF_A_CLASS: u64 = 7_200;

/// What ecrecover returns: the address in 20 bytes, or nothing.
fn evm(digest: &[u8; 32], v: u8, numbers: &[u8]) -> Option<[u8; 20]> {
    let mut input = [0; 128];
    input[..32].copy_from_slice(digest);
    input[63] = v;
    input[64..].copy_from_slice(numbers);
    let output = ec_recover_run(&input, 3_000).unwrap().bytes;
    (!output.is_empty()).then(|| output[12..].try_into().unwrap())
}

/// What k256 recovers; it refuses high s.
fn rust_crypto(digest: &[u8; 32], id: RecoveryId, numbers: &[u8]) -> Option<Vec<u8>> {
    let signature = k256::ecdsa::Signature::from_slice(numbers).ok()?;
    let id = k256::ecdsa::RecoveryId::from_byte(id.id()).unwrap();
    let key = VerifyingKey::recover_from_prehash(digest, &signature, id).ok()?;
    Some(key.to_encoded_point(false).as_bytes().to_vec())
}

fn rust_crypto_verifies(digest: &[u8; 32], numbers: &[u8], key: &PublicKey) -> bool {
    let key = VerifyingKey::from_sec1_bytes(&key.uncompressed()).unwrap();
    k256::ecdsa::Signature::from_slice(numbers)
        .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
}

/// The host calls themselves, without this library's rules.
fn raw_host(digest: &[u8; 32], id: RecoveryId, numbers: &[u8]) -> Option<Vec<u8>> {
    MockApi::default().secp256k1_recover_pubkey(digest, numbers, id.id()).ok()
}

fn raw_host_verifies(digest: &[u8; 32], numbers: &[u8], key: &PublicKey) -> bool {
    let key = key.compressed();
    MockApi::default().secp256k1_verify(digest, numbers, key.as_bytes()).unwrap_or(false)
}

/// Who signed by `curve`, one key or none.
fn recovered(curve: &impl Curve, digest: &Digest, signature: &Signature) -> Option<PublicKey> {
    match recover(curve, digest, signature) {
        Ok(keys) => {
            assert_eq!(keys.len(), 1, "a recovery id names one key");
            Some(keys[0].1)
        }
        Err(error) => {
            assert_eq!(error, SignatureError::NoKey);
            None
        }
    }
}

/// The forms of a signer, one for each index.
fn signer(key: &PublicKey, index: u64) -> Signer {
    match index % 4 {
        0 => Signer::Key(key.compressed()),
        1 => Signer::Eth(key.eth_address()),
        2 => Signer::Cosmos(key.cosmos_address("cosmos").unwrap()),
        _ => Signer::EthBech32(key.eth_bech32("evmos").unwrap()),
    }
}

/// Whether a verdict is "valid, by this key"; every other one must be "not by them".
fn holds(verdict: Result<PublicKey, SignatureError>, key: &PublicKey) -> bool {
    match verdict {
        Ok(found) => {
            assert_eq!(found, *key);
            true
        }
        Err(error) => {
            let refused = ["no_key", "other_signer", "not_by_signer"];
            assert!(refused.contains(&error.code()), "{error}");
            false
        }
    }
}

/// A low-s signature with its recovery id: the key, if any, that all four recover.
fn agreed(input: &Input, signature: &Signature) -> Option<PublicKey> {
    let digest = Digest::from_bytes(input.digest);
    let id = signature.recovery_id().unwrap();
    let numbers = signature.to_cosmos();
    let native = recovered(&Native, &digest, signature);
    let host = recovered(&Host(&MockApi::default()), &digest, signature);
    assert_eq!(host, native);
    let k256 = rust_crypto(&input.digest, id, &numbers);
    assert_eq!(k256, native.map(|key| key.uncompressed().to_vec()));
    let evm = evm(&input.digest, id.v(), &numbers);
    assert_eq!(evm, native.map(|key| *key.eth_address().as_bytes()));

    // Is it by the one who is said to have signed? By the recovery id, and by either of the two.
    let by = signer(&input.key, input.index);
    let unnamed = Scheme::Adr036.read_signature(&numbers).unwrap();
    let named = holds(verify(&Native, &digest, signature, &by), &input.key);
    let by_either = holds(verify(&Native, &digest, &unnamed, &by), &input.key);
    assert_eq!(native == Some(input.key), named);
    assert!(by_either || !named);
    // The slower implementations take turns.
    let host = Host(&MockApi::default());
    match input.index / 4 % 4 {
        0 => assert_eq!(holds(verify(&host, &digest, signature, &by), &input.key), named),
        1 => assert_eq!(holds(verify(&host, &digest, &unnamed, &by), &input.key), by_either),
        2 => assert_eq!(rust_crypto_verifies(&input.digest, &numbers, &input.key), by_either),
        _ => assert_eq!(raw_host_verifies(&input.digest, &numbers, &input.key), by_either),
    }
    native
}

/// What the four said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Recovered,
    RecoveredWhenNormalized,
    Refused,
}

fn compare(input: &Input) -> Verdict {
    let read = Scheme::Eip191.read_signature(&input.signature);
    let Ok(whole) = <[u8; 65]>::try_from(&input.signature[..]) else {
        assert!(matches!(read, Err(SignatureError::Length { .. })));
        // A Cosmos signature of that length is refused by everybody.
        if input.signature.len() != 64 {
            let numbers = &input.signature[..];
            assert!(Signature::from_cosmos(numbers).is_err());
            assert_eq!(rust_crypto(&input.digest, RecoveryId::Even, numbers), None);
            assert_eq!(raw_host(&input.digest, RecoveryId::Even, numbers), None);
            assert!(!raw_host_verifies(&input.digest, numbers, &input.key));
        }
        return Verdict::Refused;
    };
    let (numbers, v) = (&whole[..64], whole[64]);
    let signature = match read {
        Ok(signature) => signature,
        Err(SignatureError::RecoveryByte { v: refused }) => {
            assert_eq!(refused, v);
            assert_eq!(evm(&input.digest, v, numbers), None);
            return Verdict::Refused;
        }
        Err(error) => {
            assert!(matches!(error, SignatureError::OutOfRange { .. }), "{error}");
            for id in RecoveryId::ALL {
                assert_eq!(evm(&input.digest, id.v(), numbers), None);
                assert_eq!(rust_crypto(&input.digest, id, numbers), None);
                assert_eq!(raw_host(&input.digest, id, numbers), None);
            }
            assert!(!raw_host_verifies(&input.digest, numbers, &input.key));
            return Verdict::Refused;
        }
    };
    let id = signature.recovery_id().unwrap();
    if v < 27 {
        assert_eq!(evm(&input.digest, v, numbers), None, "ecrecover knows 27 and 28 only");
    }
    if signature.is_low_s() {
        let key = agreed(input, &signature);
        return if key.is_some() { Verdict::Recovered } else { Verdict::Refused };
    }

    // High s: refused here and by k256, accepted by ecrecover and the host calls.
    let digest = Digest::from_bytes(input.digest);
    let by = signer(&input.key, input.index);
    for refused in [
        recover(&Native, &digest, &signature).map(drop),
        recover(&Host(&MockApi::default()), &digest, &signature).map(drop),
        verify(&Native, &digest, &signature, &by).map(drop),
        verify(&Host(&MockApi::default()), &digest, &signature, &by).map(drop),
    ] {
        assert_eq!(refused, Err(SignatureError::HighS));
    }
    assert_eq!(rust_crypto(&input.digest, id, numbers), None);
    let key = agreed(input, &signature.normalized());
    let address = key.map(|key| *key.eth_address().as_bytes());
    assert_eq!(evm(&input.digest, id.v(), numbers), address);
    let host = raw_host(&input.digest, id, numbers);
    assert_eq!(host, key.map(|key| key.uncompressed().to_vec()));
    if key.is_some() {
        Verdict::RecoveredWhenNormalized
    } else {
        Verdict::Refused
    }
}

/// Every input of a class: how many of each verdict.
fn run(class: Class) -> [u64; 3] {
    let mut counts = [0; 3];
    for input in Input::all(class, INPUTS_OF_A_CLASS) {
        let verdict = std::panic::catch_unwind(|| compare(&input));
        let Ok(verdict) = verdict else { panic!("disagreement: {input:?}") };
        counts[verdict as usize] += 1;
    }
    counts
}

#[test]
fn four_implementations_agree_on_a_hundred_thousand_inputs() {
    let mut total = 0;
    let workers = Class::ALL.map(|class| (class, std::thread::spawn(move || run(class))));
    for (class, worker) in workers {
        let [recovered, normalized, refused] = worker.join().unwrap();
        println!(
            "{class:?}: {recovered} recovered, {normalized} once normalised, {refused} refused"
        );
        assert_eq!(recovered + normalized + refused, INPUTS_OF_A_CLASS);
        class.expect(recovered, normalized, refused);
        total += INPUTS_OF_A_CLASS;
    }
    println!("{total} inputs, no disagreement");
    assert!(total >= 100_000);
}
