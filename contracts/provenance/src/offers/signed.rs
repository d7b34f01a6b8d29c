//! A contributor's signature over an offer that somebody else sends.

use cosmwasm_std::{Api, Env};
use modelbond_interface::provenance::{Offered, SignedContribution};
use modelbond_signature::{
    verify, Binding, CompressedKey, Contribution, Host, SignRequest, SignatureError, Signer,
};

use crate::ContractError;

/// A signature may be made this long before it is sent.
const LONGEST_VALID_SECS: u64 = 7 * 86_400;

/// Refuses an offer that its contributor did not sign. The sign bytes of what was signed.
pub(super) fn ensure_signed(
    (api, env): (&dyn Api, &Env),
    evm_chain_id: u64,
    offered: &Offered,
    signed: &SignedContribution,
) -> Result<[u8; 32], ContractError> {
    let now = env.block.time.seconds();
    let expires_at = signed.expires_at.seconds();
    let latest = now.saturating_add(LONGEST_VALID_SECS);
    if expires_at > latest {
        return Err(ContractError::ExpiresTooLate { expires_at, latest });
    }
    let invalid =
        |source| ContractError::NotSigned { contributor: offered.contributor.clone(), source };
    let key = CompressedKey::from_slice(&signed.pubkey).map_err(invalid)?;
    let prefix = env.contract.address.as_str().rsplit_once('1').map_or("", |(prefix, _)| prefix);
    let signer = key.cosmos_address(prefix).map_err(invalid)?;
    if signer.as_str() != offered.contributor {
        let (contributor, signer) = (offered.contributor.clone(), signer.to_string());
        return Err(ContractError::NotTheContributor { contributor, signer });
    }
    let request = SignRequest {
        statement: statement(offered),
        binding: Binding {
            chain_id: env.block.chain_id.clone(),
            contract: env.contract.address.to_string(),
            evm_chain_id,
            nonce: 0,
            expires_at,
        },
    };
    let checked = || -> Result<(), SignatureError> {
        request.ensure_unexpired(now)?;
        let signature = signed.scheme.read_signature(&signed.signature)?;
        let digest = request.digest(signed.scheme, &signer)?;
        verify(&Host(api), &digest, &signature, &Signer::Key(key)).map(drop)
    };
    checked().map_err(invalid)?;
    Ok(request.sign_bytes())
}

/// What a contributor signs.
fn statement(offered: &Offered) -> Contribution {
    Contribution {
        model: offered.model.clone(),
        contributor: offered.contributor.clone(),
        data: offered.data.clone(),
        data_hash: offered.data_hash.0,
        parents: offered.parents.clone(),
    }
}
