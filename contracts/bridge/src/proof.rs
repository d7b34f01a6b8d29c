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
