//! Signatures over statements for this contract.

use cosmwasm_std::{Deps, Env, StdResult};
use modelbond_signature::{
    verify, Binding, CosmosAddress, Host, Scheme, SignRequest, SignatureError, Signer, Statement,
};

use crate::state::EVM_CHAIN_ID;
use crate::ContractError;

/// This chain's address prefix: that of this very contract.
pub(crate) fn prefix(env: &Env) -> &str {
    env.contract.address.as_str().rsplit_once('1').map_or("", |(prefix, _)| prefix)
}

/// A statement may be signed this long before it is sent. The Ethereum side has no nonce of its
/// own, so a signature of it that nobody sent must lose its worth by itself.
pub(crate) const LONGEST_VALID_SECS: u64 = 7 * 86_400;

/// Refuses a statement whose time is over, or too far away.
pub(crate) fn ensure_timely<S: Statement>(
    env: &Env,
    request: &SignRequest<S>,
) -> Result<(), ContractError> {
    let now = env.block.time.seconds();
    request.ensure_unexpired(now).map_err(ContractError::input("expires_at"))?;
    let (expires_at, latest) = (request.binding.expires_at, now.saturating_add(LONGEST_VALID_SECS));
    if expires_at > latest {
        return Err(ContractError::ExpiresTooLate { expires_at, latest });
    }
    Ok(())
}

/// What statements for this contract are bound to.
pub(crate) fn binding(deps: Deps, env: &Env, nonce: u64, expires_at: u64) -> StdResult<Binding> {
    Ok(Binding {
        chain_id: env.block.chain_id.clone(),
        contract: env.contract.address.to_string(),
        evm_chain_id: EVM_CHAIN_ID.load(deps.storage)?,
        nonce,
        expires_at,
    })
}

/// Refuses a signature that is not `signer`'s over `request`. `cosmos` is the Cosmos side, which
/// ADR-036 hashes.
pub(crate) fn ensure_signed<S: Statement>(
    deps: Deps,
    request: &SignRequest<S>,
    proof: (Scheme, &[u8]),
    signer: &Signer,
    cosmos: &CosmosAddress,
) -> Result<(), ContractError> {
    let (scheme, signature) = proof;
    let checked = || -> Result<(), SignatureError> {
        let signature = scheme.read_signature(signature)?;
        let digest = request.digest(scheme, cosmos)?;
        verify(&Host(deps.api), &digest, &signature, signer).map(drop)
    };
    let side = if scheme.is_ethereum() { "Ethereum" } else { "Cosmos" };
    checked().map_err(|source| ContractError::Proof { side, source })
}
