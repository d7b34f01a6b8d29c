//! The one switch of the source.
//!
//! Why nobody who waits for a round is touched: a time's round is that of the source in force at that
//! time. A switch takes effect no earlier than `notice_secs` after its announcement, so for times
//! before that the answer stays what it was, and the old source's rounds for them are accepted for
//! ever, also those that come late.

use cosmwasm_std::{Deps, DepsMut, Env, HexBinary, MessageInfo, Response, Timestamp};
use modelbond_interface::beacon::{BeaconSourceAnnounced, Source};

use crate::source::{checked, ensure_whole_seconds, Sources, SECOND};
use crate::state::{Config, CONFIG, SOURCES};
use crate::ContractError;

/// How much later than at the earliest a switch may be: an owner's typing error is not for ever.
const MAX_DELAY_SECS: u64 = 30 * 86_400;

/// The fields of `switch_source`.
pub(crate) struct Announcement {
    pub(crate) source: Source,
    pub(crate) chain_hash: HexBinary,
    pub(crate) switch_at: Timestamp,
}

pub(crate) fn announce(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    msg: Announcement,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let Announcement { source, chain_hash, switch_at } = msg;
    ensure_owner(&config, info)?;
    ensure_open(deps.as_ref())?;
    ensure_time(&config, env.block.time, switch_at)?;
    if !config.public_networks.contains(&chain_hash) {
        return Err(ContractError::NotPublic { chain_hash });
    }
    let genesis_at = source.genesis_at;
    if switch_at < genesis_at {
        return Err(ContractError::SwitchBeforeGenesis { switch_at, genesis_at });
    }
    let networks = &config.public_networks;
    let stored = checked(deps.api, source, chain_hash, switch_at, networks)?;
    SOURCES.save(deps.storage, SECOND, &stored)?;

    let event = BeaconSourceAnnounced {
        source: SECOND,
        chain_hash: HexBinary::from(stored.chain_hash.as_slice()).to_hex(),
        switch_at: switch_at.nanos(),
        first_round: stored.first_round,
    };
    Ok(Response::new().add_attribute("action", "switch_source").add_event(event))
}

/// Whether a switch can still be announced: the answers for times beyond the notice are open.
pub(crate) fn is_open(config: &Config, sources: &Sources) -> bool {
    config.owner.is_some() && sources.second.is_none() && sources.first.central
}

/// The earliest time of a switch that is announced at `now`.
pub(crate) fn earliest(config: &Config, now: Timestamp) -> Timestamp {
    later(now, config.notice_secs)
}

fn later(time: Timestamp, secs: u64) -> Timestamp {
    let nanos = Timestamp::from_seconds(secs).nanos();
    Timestamp::from_nanos(time.nanos().saturating_add(nanos))
}

fn ensure_owner(config: &Config, info: &MessageInfo) -> Result<(), ContractError> {
    match &config.owner {
        None => Err(ContractError::NoOwner {}),
        Some(owner) if *owner == info.sender => Ok(()),
        Some(owner) => {
            let (owner, sender) = (owner.clone(), info.sender.clone());
            Err(ContractError::Unauthorized { owner, sender })
        }
    }
}

fn ensure_open(deps: Deps) -> Result<(), ContractError> {
    let sources = Sources::load(deps.storage)?;
    if let Some(second) = sources.second {
        return Err(ContractError::AlreadyAnnounced { switch_at: second.starts_at });
    }
    if !sources.first.central {
        return Err(ContractError::AlreadyPublic {});
    }
    Ok(())
}

fn ensure_time(config: &Config, now: Timestamp, switch_at: Timestamp) -> Result<(), ContractError> {
    ensure_whole_seconds("switch_at", switch_at)?;
    let earliest = earliest(config, now);
    if switch_at < earliest {
        return Err(ContractError::SwitchTooEarly { switch_at, earliest });
    }
    let latest = later(earliest, MAX_DELAY_SECS);
    if switch_at > latest {
        return Err(ContractError::SwitchTooLate { switch_at, latest });
    }
    Ok(())
}
