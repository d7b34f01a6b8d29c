//! Price observations: at most one per 10 minutes, each the integral of the base price over
//! time. They serve `twap`, the lagged price of momentum, and the sums of `explain`, with one
//! or two iterator steps per look-up.

use cosmwasm_std::{Order, StdResult, Storage};
use modelbond_curve::{twap, U256};

use crate::amount::nanos;
use crate::session::Session;
use crate::state::{observation_after, observation_before, Observation, OBSERVATIONS};
use crate::ContractError;

const INTERVAL: u64 = nanos(600);
const KEPT: u64 = nanos(8 * 86_400);
/// Longest window of `twap`.
pub(crate) const MAX_WINDOW_SECS: u64 = 7 * 86_400;
/// The lagged price is averaged over an hour: a spot could be dipped cheaply.
const LAG_AVERAGE: u64 = nanos(3_600);

/// Whether a message at `now` is the first one in its 10 minutes, after one at `last`.
pub(crate) fn is_due(last: u64, now: u64) -> bool {
    now.checked_div(INTERVAL) > last.checked_div(INTERVAL)
}

/// Stores an observation and lets the oldest go that nothing needs any more.
pub(crate) fn record(
    storage: &mut dyn Storage,
    now: u64,
    observation: &Observation,
) -> StdResult<()> {
    let oldest: Vec<u64> = OBSERVATIONS
        .keys(storage, None, None, Order::Ascending)
        .take(2)
        .collect::<StdResult<_>>()?;
    if let [first, second] = oldest.as_slice() {
        if second.saturating_add(KEPT) < now {
            OBSERVATIONS.remove(storage, *first);
        }
    }
    OBSERVATIONS.save(storage, now, observation);
    Ok(())
}

/// The integral at `at`, linear between observations; `None` before the first.
fn cumulative_at(
    storage: &dyn Storage,
    session: &Session,
    at: u64,
) -> Result<Option<U256>, ContractError> {
    let point = |(at, observation): (u64, Observation)| twap::Observation {
        at,
        cumulative: observation.cumulative,
    };
    let now = twap::Observation { at: session.now, cumulative: session.book.cumulative };
    let Some(before) = observation_before(storage, at)?.map(point) else {
        return Ok(None);
    };
    let after = observation_after(storage, at)?.map_or(now, point);
    Ok(Some(twap::interpolate(&before, &after, at)?))
}

/// The average base price over `window` nanoseconds that end at `until`; `None` when the market
/// is too young.
fn average(
    storage: &dyn Storage,
    session: &Session,
    until: u64,
    window: u64,
) -> Result<Option<u128>, ContractError> {
    let start = cumulative_at(storage, session, until.saturating_sub(window))?;
    let end = cumulative_at(storage, session, until)?;
    let (Some(start), Some(end)) = (start, end) else {
        return Ok(None);
    };
    Ok(Some(twap::average(start, end, window)?))
}

/// The 1-hour average that ended one momentum window ago; 0 while the market is younger.
pub(crate) fn lagged_price(
    storage: &dyn Storage,
    session: &Session,
) -> Result<u128, ContractError> {
    let window = nanos(session.config.params.momentum.window_secs);
    let until = session.now.saturating_sub(window);
    if until.saturating_sub(session.config.opened_at.nanos()) < LAG_AVERAGE {
        return Ok(0);
    }
    Ok(average(storage, session, until, LAG_AVERAGE)?.unwrap_or(0))
}

/// The average base price over the last `window_secs`, or over the market's life if that is
/// shorter, and how long that is in seconds; the price itself at the opening instant.
pub(crate) fn recent_average(
    storage: &dyn Storage,
    session: &Session,
    window_secs: u64,
) -> Result<(u128, u64), ContractError> {
    let age = session.now.saturating_sub(session.config.opened_at.nanos());
    let window = nanos(window_secs).min(age);
    if window == 0 {
        return Ok((session.price, 0));
    }
    let price = average(storage, session, session.now, window)?.unwrap_or(session.price);
    Ok((price, window.checked_div(nanos(1)).unwrap_or_default()))
}
