//! Signatures: of attestations, by the key that is pinned to the seat; of feedback, by the user.

use cosmwasm_std::{Addr, Api, Env};
use modelbond_interface::training::{Attested, SeatId, SignedFeedback};
use modelbond_rounds::machine::Revealing;
use modelbond_signature::{
    verify, Attestation, Binding, CompressedKey, CosmosAddress, Feedback, Host, Scheme,
    SignRequest, SignatureError, Signer, Statement,
};

use crate::ContractError;

/// A signature may be made this long before it is sent.
const LONGEST_VALID_SECS: u64 = 7 * 86_400;

fn binding(env: &Env, evm_chain_id: u64, expires_at: u64) -> Result<Binding, ContractError> {
    let latest = env.block.time.seconds().saturating_add(LONGEST_VALID_SECS);
    if expires_at > latest {
        return Err(ContractError::ExpiresTooLate { expires_at, latest });
    }
    Ok(Binding {
        chain_id: env.block.chain_id.clone(),
        contract: env.contract.address.to_string(),
        evm_chain_id,
        nonce: 0,
        expires_at,
    })
}

fn ensure_signed<S: Statement>(
    (api, env): (&dyn Api, &Env),
    request: &SignRequest<S>,
    (scheme, signature): (Scheme, &[u8]),
    key: CompressedKey,
    cosmos: &CosmosAddress,
) -> Result<(), SignatureError> {
    request.ensure_unexpired(env.block.time.seconds())?;
    let signature = scheme.read_signature(signature)?;
    let digest = request.digest(scheme, cosmos)?;
    verify(&Host(api), &digest, &signature, &Signer::Key(key)).map(drop)
}

/// Refuses a reveal that the seat's key did not sign.
pub(crate) fn ensure_attested(
    chain: (&dyn Api, &Env),
    (evm_chain_id, run_id): (u64, u64),
    id: SeatId,
    attested: &Attested,
    revealing: &Revealing,
) -> Result<(), ContractError> {
    let Attested { scheme, signature, level, started_at, ended_at, expires_at } = attested;
    if started_at > ended_at {
        let (started_at, ended_at) = (*started_at, *ended_at);
        return Err(ContractError::EndsBeforeStart { started_at, ended_at });
    }
    if *level > 2 {
        return Err(ContractError::Level { level: *level });
    }
    let Revealing { seat, role, work, turn } = revealing;
    let request = SignRequest {
        statement: Attestation {
            run_id,
            round_id: turn.round_id,
            beacon: turn.beacon.0,
            assignment: turn.assignment.0,
            group: id.group.into(),
            slot: id.slot.into(),
            role: (*role).to_owned(),
            node_id: seat.node_id,
            key_epoch: seat.key_epoch,
            work: work.0,
            mode: turn.mode.name().to_owned(),
            device_class: seat.device_class.clone(),
            attestation_level: *level,
            started_at: *started_at,
            ended_at: *ended_at,
        },
        binding: binding(chain.1, evm_chain_id, *expires_at)?,
    };
    let key = CompressedKey::from_slice(&seat.attestation_key)
        .map_err(ContractError::input("attestation_key"))?;
    let cosmos: CosmosAddress =
        seat.account.as_str().parse().map_err(ContractError::input("account"))?;
    ensure_signed(chain, &request, (*scheme, signature), key, &cosmos)
        .map_err(|source| ContractError::Attestation { source })
}

/// The user who signed feedback about a model.
pub(crate) fn signed_user(
    chain: (&dyn Api, &Env),
    evm_chain_id: u64,
    (model, score, epoch): (&Addr, u8, u64),
    signed: &SignedFeedback,
) -> Result<Addr, ContractError> {
    let key = CompressedKey::from_slice(&signed.pubkey).map_err(ContractError::input("pubkey"))?;
    let prefix = chain.1.contract.address.as_str().rsplit_once('1').map_or("", |(p, _)| p);
    let cosmos = key.cosmos_address(prefix).map_err(ContractError::input("pubkey"))?;
    let user = cosmos.to_string();
    let request = SignRequest {
        statement: Feedback { model: model.to_string(), user: user.clone(), epoch, score },
        binding: binding(chain.1, evm_chain_id, signed.expires_at.seconds())?,
    };
    ensure_signed(chain, &request, (signed.scheme, &signed.signature), key, &cosmos)
        .map_err(|source| ContractError::Feedback { user: user.clone(), source })?;
    Ok(Addr::unchecked(user))
}
