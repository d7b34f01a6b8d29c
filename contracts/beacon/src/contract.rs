//! Dispatch. There is no `migrate`: a migration would be a key to every draw.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use modelbond_interface::beacon::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::round::Submission;
use crate::signature::ensure_length;
use crate::source::{checked, ensure_bounds, FIRST, HASH_LENGTH};
use crate::state::{Config, CONFIG, SOURCES};
use crate::switch::Announcement;
use crate::{query, round, switch, ContractError};

const NAME: &str = "modelbond:beacon";
const VERSION: &str = env!("CARGO_PKG_VERSION");

const MAX_PUBLIC_NETWORKS: u64 = 8;
const YEAR_SECS: u64 = 365 * 86_400;
const MAX_RETENTION_SECS: u64 = 10 * YEAR_SECS;

/// Makes a beacon.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let config = checked_config(deps.as_ref(), &msg)?;
    let now = env.block.time;
    let starts_at = msg.starts_at.unwrap_or(now);
    if starts_at > now {
        return Err(ContractError::StartsLate { starts_at, now });
    }
    let source = checked(deps.api, msg.source, msg.chain_hash, starts_at, &config.public_networks)?;
    CONFIG.save(deps.storage, &config)?;
    SOURCES.save(deps.storage, FIRST, &source)?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

fn checked_config(deps: Deps, msg: &InstantiateMsg) -> Result<Config, ContractError> {
    let networks = u64::try_from(msg.public_networks.len()).unwrap_or(u64::MAX);
    ensure_bounds("public_networks: their number", networks, 0, MAX_PUBLIC_NETWORKS)?;
    for chain_hash in &msg.public_networks {
        ensure_length("public_networks", chain_hash, HASH_LENGTH)?;
    }
    ensure_bounds("notice_secs", msg.notice_secs, 1, YEAR_SECS)?;
    let (retention, least) = (msg.retention_secs, msg.notice_secs);
    ensure_bounds("retention_secs", retention, least, MAX_RETENTION_SECS)?;
    let owner = msg.owner.as_deref().map(|owner| deps.api.addr_validate(owner)).transpose()?;
    Ok(Config {
        owner,
        public_networks: msg.public_networks.clone(),
        notice_secs: msg.notice_secs,
        retention_secs: msg.retention_secs,
    })
}

/// Runs a message.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    match msg {
        ExecuteMsg::SubmitRound { round, signature, randomness, source } => {
            round::submit(deps, &env, Submission { round, signature, randomness, source })
        }
        ExecuteMsg::SwitchSource { source, chain_hash, switch_at } => {
            switch::announce(deps, &env, &info, Announcement { source, chain_hash, switch_at })
        }
        ExecuteMsg::Prune { start_after, limit } => round::prune(deps, &env, start_after, limit),
    }
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Source {} => to_json_binary(&query::source(deps, &env)?),
        QueryMsg::Sources {} => to_json_binary(&query::sources(deps)?),
        QueryMsg::FirstRound { at } => to_json_binary(&query::first_round(deps, &env, at)?),
        QueryMsg::Randomness { at } => to_json_binary(&query::randomness(deps, &env, at)?),
        QueryMsg::Round { source, round } => to_json_binary(&query::round(deps, source, round)?),
        QueryMsg::Rounds { start_after, limit } => {
            to_json_binary(&query::rounds(deps, start_after, limit)?)
        }
        QueryMsg::Latest {} => to_json_binary(&query::latest(deps)?),
    }?)
}
