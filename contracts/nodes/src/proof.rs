//! New keys: whether they are keys, are new, and belong to who announces them.

use cosmwasm_std::{Addr, Binary, Deps, Env};
use modelbond_election::vrf::read_public_key;
use modelbond_interface::nodes::NewKeys;
use modelbond_signature::{
    verify, Binding, CompressedKey, CosmosAddress, Host, SignRequest, SignatureError, Signer,
    Statement,
};

use crate::state::{StoredKeys, ATTESTATION_KEYS, CONFIG, VRF_KEYS};
use crate::ContractError;

/// A proof may be signed this long before it is sent.
pub(crate) const LONGEST_VALID_SECS: u64 = 7 * 86_400;

/// Keys that can be read, and that nobody announced before.
pub(crate) struct FreshKeys {
    pub(crate) attestation: CompressedKey,
    pub(crate) vrf: [u8; 32],
    pub(crate) account: CosmosAddress,
}

impl FreshKeys {
    /// Reads them. The VRF key is not proved: a stolen one is of no use, only its holder makes proofs.
    pub(crate) fn read(deps: Deps, env: &Env, keys: &NewKeys) -> Result<Self, ContractError> {
        let wrong = ContractError::input("attestation_key");
        let attestation = CompressedKey::from_slice(&keys.attestation_key).map_err(&wrong)?;
        let account = attestation.cosmos_address(prefix(env)).map_err(wrong)?;
        let vrf =
            read_public_key(&keys.vrf_key).map_err(|source| ContractError::VrfKey { source })?;
        let found = ATTESTATION_KEYS.may_load(deps.storage, attestation.as_bytes())?;
        if let Some(node_id) = found {
            return Err(ContractError::KeyUsed { field: "attestation_key", node_id });
        }
        if let Some(node_id) = VRF_KEYS.may_load(deps.storage, &vrf)? {
            return Err(ContractError::KeyUsed { field: "vrf_key", node_id });
        }
        Ok(Self { attestation, vrf, account })
    }

    /// As they are stored.
    pub(crate) fn stored(&self) -> StoredKeys {
        StoredKeys {
            attestation_key: Binary::from(self.attestation.as_bytes()),
            vrf_key: Binary::from(&self.vrf),
            account: Addr::unchecked(self.account.as_str()),
        }
    }
}

/// This chain's address prefix: that of this very contract.
fn prefix(env: &Env) -> &str {
    env.contract.address.as_str().rsplit_once('1').map_or("", |(prefix, _)| prefix)
}

/// Refuses keys whose proof is not the new attestation key's over this statement, here and now.
pub(crate) fn ensure_proved<S: Statement>(
    deps: Deps,
    env: &Env,
    (given, fresh): (&NewKeys, &FreshKeys),
    statement: S,
    nonce: u64,
) -> Result<(), ContractError> {
    let binding = Binding {
        chain_id: env.block.chain_id.clone(),
        contract: env.contract.address.to_string(),
        evm_chain_id: CONFIG.load(deps.storage)?.evm_chain_id,
        nonce,
        expires_at: given.expires_at.seconds(),
    };
    let request = SignRequest { statement, binding };
    ensure_timely(env, &request)?;
    let checked = || -> Result<(), SignatureError> {
        let scheme = given.proof.scheme;
        let signature = scheme.read_signature(&given.proof.signature)?;
        let digest = request.digest(scheme, &fresh.account)?;
        verify(&Host(deps.api), &digest, &signature, &Signer::Key(fresh.attestation)).map(drop)
    };
    checked().map_err(|source| ContractError::Proof { source })
}

/// Refuses a proof whose time is over, or too far away.
fn ensure_timely<S: Statement>(env: &Env, request: &SignRequest<S>) -> Result<(), ContractError> {
    let now = env.block.time.seconds();
    request.ensure_unexpired(now).map_err(ContractError::input("expires_at"))?;
    let (expires_at, latest) = (request.binding.expires_at, now.saturating_add(LONGEST_VALID_SECS));
    if expires_at > latest {
        return Err(ContractError::ExpiresTooLate { expires_at, latest });
    }
    Ok(())
}
