//! Taking rounds, and removing old ones.

use cosmwasm_std::{Deps, DepsMut, Env, Event, HexBinary, Order, Response, Timestamp};
use cw_storage_plus::Bound;
use modelbond_interface::beacon::{
    BeaconPruned, BeaconRoundSubmitted, BeaconSourceSwitched, RoundId,
};

use crate::query::page;
use crate::signature::{ensure_length, ensure_signed, randomness, SIGNATURE_LENGTH};
use crate::source::{Sources, SECOND};
use crate::state::{StoredRound, StoredSource, CONFIG, ROUNDS, SOURCES};
use crate::ContractError;

/// The fields of `submit_round`.
pub(crate) struct Submission {
    pub(crate) round: u64,
    pub(crate) signature: HexBinary,
    pub(crate) randomness: Option<HexBinary>,
    pub(crate) source: Option<u8>,
}

pub(crate) fn submit(deps: DepsMut, env: &Env, msg: Submission) -> Result<Response, ContractError> {
    let Submission { round, signature, .. } = msg;
    ensure_length("signature", &signature, SIGNATURE_LENGTH)?;
    let randomness = HexBinary::from(randomness(&signature));
    if let Some(given) = msg.randomness.filter(|given| *given != randomness) {
        return Err(ContractError::WrongRandomness { round, computed: randomness, given });
    }
    let now = env.block.time;
    let sources = Sources::load(deps.storage)?;
    let index = msg.source.unwrap_or_else(|| sources.in_force(now).0);
    let source = sources.get(index)?;
    ensure_due(source, sources.last_round(index), round, now)?;
    let response = Response::new().add_attribute("action", "submit_round");
    if is_stored(deps.as_ref(), (index, round), &signature)? {
        return Ok(response);
    }
    ensure_signed(deps.api, &source.public_key, round, &signature)?;

    let stored = StoredRound { signature: signature.as_slice().into(), submitted_at: now };
    ROUNDS.save(deps.storage, (index, round), &stored)?;
    let event = BeaconRoundSubmitted {
        source: index,
        round,
        signature: signature.to_hex(),
        randomness: randomness.to_hex(),
    };
    let response = response.add_event(event);
    Ok(response.add_events(first_of_second(deps, index, source, round)?))
}

/// Refuses rounds that the source does not answer with, or not yet.
fn ensure_due(
    source: &StoredSource,
    last_round: Option<u64>,
    round: u64,
    now: Timestamp,
) -> Result<(), ContractError> {
    let round_at = source.grid().round_at(round).ok_or(ContractError::NoRound { round })?;
    let first_round = source.first_round;
    if round < first_round {
        return Err(ContractError::RoundTooLow { round, first_round });
    }
    if let Some(last_round) = last_round.filter(|last_round| round > *last_round) {
        return Err(ContractError::RoundTooHigh { round, last_round });
    }
    if now < round_at {
        return Err(ContractError::RoundTooEarly { round, round_at, now });
    }
    Ok(())
}

/// Whether the round is stored. A round has one signature, so another one is wrong.
fn is_stored(deps: Deps, key: (u8, u64), signature: &[u8]) -> Result<bool, ContractError> {
    match ROUNDS.may_load(deps.storage, key)? {
        None => Ok(false),
        Some(stored) if stored.signature.as_slice() == signature => Ok(true),
        Some(_) => Err(ContractError::WrongSignature { round: key.1 }),
    }
}

/// With the first round of source 1, the event that says so.
fn first_of_second(
    deps: DepsMut,
    index: u8,
    source: &StoredSource,
    round: u64,
) -> Result<Option<Event>, ContractError> {
    if index != SECOND || source.used {
        return Ok(None);
    }
    SOURCES.save(deps.storage, index, &StoredSource { used: true, ..source.clone() })?;
    let chain_hash = HexBinary::from(source.chain_hash.as_slice()).to_hex();
    Ok(Some(BeaconSourceSwitched { source: index, chain_hash, round }.into()))
}

pub(crate) fn prune(
    deps: DepsMut,
    env: &Env,
    start_after: Option<RoundId>,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let retention = Timestamp::from_seconds(CONFIG.load(deps.storage)?.retention_secs);
    let start = start_after.map(|id| Bound::exclusive((id.source, id.round)));
    let looked_at: Vec<((u8, u64), StoredRound)> = ROUNDS
        .range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .collect::<Result<_, _>>()?;
    let now = env.block.time.nanos();
    let mut removed = 0u32;
    for (key, round) in &looked_at {
        if now.saturating_sub(round.submitted_at.nanos()) > retention.nanos() {
            ROUNDS.remove(deps.storage, *key);
            removed = removed.saturating_add(1);
        }
    }
    let response = Response::new().add_attribute("action", "prune");
    Ok(match looked_at.last() {
        Some(((source, round), _)) if removed > 0 => {
            response.add_event(BeaconPruned { rounds: removed, source: *source, round: *round })
        }
        _ => response,
    })
}
