//! Statements signed by a key at hand, in any of the four schemes.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use cosmwasm_std::Binary;
use modelbond_interface::bridge::Proof;
use modelbond_signature::{Scheme, SecretKey, SignRequest, SignatureError, Statement};

/// Signs a statement; `prefix` is that of the chain's addresses, which ADR-036 documents name.
pub fn sign<S: Statement>(
    request: &SignRequest<S>,
    scheme: Scheme,
    key: &SecretKey,
    prefix: &str,
) -> Result<Proof, SignatureError> {
    let signer = key.public_key().cosmos_address(prefix)?;
    let signature = key.sign(&request.digest(scheme, &signer)?)?;
    Ok(Proof { scheme, signature: Binary::from(scheme.write_signature(&signature)?) })
}

/// Seconds since 1970 by this machine's clock: a node could name another time, and get a statement
/// that is valid for longer than was meant.
pub fn clock() -> anyhow::Result<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(now.context("the clock is before 1970")?.as_secs())
}

/// So many seconds from now.
pub fn expiry(secs: u64) -> anyhow::Result<u64> {
    Ok(clock()?.saturating_add(secs))
}

#[cfg(test)]
mod tests {
    use modelbond_signature::{verify, Binding, Feedback, Native, Signer};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Scheme::Eip191, 65)]
    #[case(Scheme::Eip712, 65)]
    #[case(Scheme::Adr036, 64)]
    #[case(Scheme::Direct, 64)]
    fn what_is_signed_verifies_under_its_scheme_and_no_other(
        #[case] scheme: Scheme,
        #[case] bytes: usize,
    ) {
        let key = SecretKey::from_bytes([7; 32]).unwrap();
        let user = key.public_key().cosmos_address("wasm").unwrap();
        let statement =
            Feedback { model: "wasm1model".to_owned(), user: user.to_string(), epoch: 3, score: 9 };
        let binding = Binding {
            chain_id: "chain-1".to_owned(),
            contract: "wasm1training".to_owned(),
            evm_chain_id: 1,
            nonce: 0,
            expires_at: 1_900_000_000,
        };
        let request = SignRequest { statement, binding };
        let proof = sign(&request, scheme, &key, "wasm").unwrap();
        assert_eq!((proof.scheme, proof.signature.len()), (scheme, bytes));
        let signature = scheme.read_signature(&proof.signature).unwrap();
        let signer = Signer::Key(key.public_key().compressed());
        for other in Scheme::ALL {
            let digest = request.digest(other, &user).unwrap();
            let valid = verify(&Native, &digest, &signature, &signer).is_ok();
            assert_eq!(valid, other == scheme, "{other}");
        }
    }
}
