//! Answers.

use cosmwasm_std::{Deps, Env, HexBinary, Order, Timestamp};
use cw_storage_plus::Bound;
use modelbond_interface::beacon::{
    ConfigResponse, FirstRoundResponse, LatestResponse, RandomnessResponse, Round, RoundId,
    RoundResponse, RoundsResponse, SourceResponse, SourcesResponse,
};

use crate::signature;
use crate::source::{Sources, FIRST, SECOND};
use crate::state::{StoredRound, CONFIG, ROUNDS};
use crate::switch::{earliest, is_open};
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

/// How many rounds are looked at.
pub(crate) fn page(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default()
}

pub(crate) fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        owner: config.owner,
        public_networks: config.public_networks,
        notice_secs: config.notice_secs,
        retention_secs: config.retention_secs,
    })
}

pub(crate) fn source(deps: Deps, env: &Env) -> Result<SourceResponse, ContractError> {
    let sources = Sources::load(deps.storage)?;
    let (index, _) = sources.in_force(env.block.time);
    Ok(SourceResponse { source: sources.info(index)? })
}

pub(crate) fn sources(deps: Deps) -> Result<SourcesResponse, ContractError> {
    let sources = Sources::load(deps.storage)?;
    let mut shown = vec![sources.info(FIRST)?];
    if sources.second.is_some() {
        shown.push(sources.info(SECOND)?);
    }
    Ok(SourcesResponse { sources: shown })
}

pub(crate) fn first_round(
    deps: Deps,
    env: &Env,
    at: Timestamp,
) -> Result<FirstRoundResponse, ContractError> {
    let sources = Sources::load(deps.storage)?;
    let due = sources.first_round(at)?;
    let config = CONFIG.load(deps.storage)?;
    Ok(FirstRoundResponse {
        source: due.index,
        chain_hash: HexBinary::from(due.source.chain_hash.as_slice()),
        round: due.round,
        round_at: due.round_at,
        fixed: at < earliest(&config, env.block.time) || !is_open(&config, &sources),
        central_beacon: due.source.central,
    })
}

pub(crate) fn randomness(
    deps: Deps,
    env: &Env,
    at: Timestamp,
) -> Result<RandomnessResponse, ContractError> {
    let first = first_round(deps, env, at)?;
    let stored = ROUNDS.may_load(deps.storage, (first.source, first.round))?;
    let randomness = stored.map(|round| signature::randomness(&round.signature).into());
    Ok(RandomnessResponse { first, randomness })
}

pub(crate) fn round(deps: Deps, source: u8, round: u64) -> Result<RoundResponse, ContractError> {
    let sources = Sources::load(deps.storage)?;
    sources.get(source)?;
    let stored = ROUNDS.may_load(deps.storage, (source, round))?;
    let round = stored.map(|stored| shown(&sources, (source, round), stored)).transpose()?;
    Ok(RoundResponse { round })
}

pub(crate) fn rounds(
    deps: Deps,
    start_after: Option<RoundId>,
    limit: Option<u32>,
) -> Result<RoundsResponse, ContractError> {
    let sources = Sources::load(deps.storage)?;
    let start = start_after.map(|id| Bound::exclusive((id.source, id.round)));
    let rounds = ROUNDS
        .range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            let (key, stored) = entry?;
            shown(&sources, key, stored)
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(RoundsResponse { rounds })
}

pub(crate) fn latest(deps: Deps) -> Result<LatestResponse, ContractError> {
    let sources = Sources::load(deps.storage)?;
    let last = ROUNDS.range(deps.storage, None, None, Order::Descending).next().transpose()?;
    let round = last.map(|(key, stored)| shown(&sources, key, stored)).transpose()?;
    Ok(LatestResponse { round })
}

fn shown(
    sources: &Sources,
    (index, round): (u8, u64),
    stored: StoredRound,
) -> Result<Round, ContractError> {
    let source = sources.get(index)?;
    let round_at = source.grid().round_at(round).ok_or(ContractError::NoRound { round })?;
    Ok(Round {
        source: index,
        round,
        round_at,
        randomness: signature::randomness(&stored.signature).into(),
        signature: stored.signature.into(),
        submitted_at: stored.submitted_at,
        central_beacon: source.central,
    })
}
