//! Answers.

use cosmwasm_std::{to_json_binary, Addr, Binary, Decimal, Deps, Env};
use modelbond_interface::training::{
    ClaimableResponse, ConfigResponse, Due, DutiesResponse, FeedbackResponse, GroupResponse,
    GroupsResponse, PinnedResponse, QueryMsg, Reveal, RoundResponse, RoundsResponse, RunResponse,
    RunsResponse, Seat, SeatId, SeatInfo, SeatsResponse, SecurityResponse, Stage, UserResponse,
};
use modelbond_rounds::clock::Now;
use modelbond_rounds::machine::{is_spread, Books, Owed};
use modelbond_rounds::metrics::nps;
use modelbond_rounds::state::{
    answer_of, commit_of, reveal_of, round_of, run_of, seat_key, GROUPS, MODEL_RUNS,
    MODEL_RUN_COUNT, OPEN_RUNS, ROUNDS, RUNS, RUN_COUNT, SEATS, USER_EPOCHS,
};
use modelbond_rounds::World;

use crate::state::CONFIG;
use crate::world::Contracts;
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;
/// Seats of a group in one stage, at most.
const MAX_SLOTS: u8 = 21;
/// Groups of a round, at most.
const MAX_GROUPS: u8 = 16;

fn page(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default()
}

pub(crate) fn answer(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let store = deps.storage;
    let config = CONFIG.load(store)?;
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&ConfigResponse {
            beacon: config.beacon,
            nodes: config.nodes,
            unbonding_secs: config.unbonding_secs,
            evm_chain_id: config.evm_chain_id,
            provenance: config.provenance,
            rewards: config.rewards,
            runs: RUN_COUNT.may_load(store)?.unwrap_or_default(),
        }),
        QueryMsg::Run { run_id } => {
            to_json_binary(&RunResponse { run: RUNS.may_load(store, run_id)? })
        }
        QueryMsg::Runs { model, start_after, limit } => {
            to_json_binary(&runs(deps, model, start_after, limit)?)
        }
        QueryMsg::Round { run_id, round_id } => {
            let run = RUNS.may_load(store, run_id)?;
            let last = run.map(|run| run.rounds).unwrap_or_default();
            let round = ROUNDS.may_load(store, (run_id, round_id.unwrap_or(last)))?;
            to_json_binary(&RoundResponse { round })
        }
        QueryMsg::Rounds { run_id, start_after, limit } => {
            to_json_binary(&rounds(deps, run_id, start_after, limit)?)
        }
        QueryMsg::Group { run_id, round_id, group } => {
            let group = GROUPS.may_load(store, (run_id, round_id, group))?;
            to_json_binary(&GroupResponse { group })
        }
        QueryMsg::Groups { run_id, round_id } => to_json_binary(&groups(deps, (run_id, round_id))?),
        QueryMsg::Seats { run_id, round_id, stage, group } => {
            to_json_binary(&seats(deps, (run_id, round_id), stage, group)?)
        }
        QueryMsg::Duties { run_id, round_id, node_id } => {
            to_json_binary(&duties(deps, (run_id, round_id), node_id)?)
        }
        QueryMsg::Claimable { run_id, round_id, due, sender } => {
            let sender = deps.api.addr_validate(sender.as_deref().unwrap_or_default());
            let sender = match due {
                Due::Advances {} => sender?,
                _ => Addr::unchecked(""),
            };
            let owed = books(deps, env).owed((run_id, round_id), due, &sender)?;
            let Owed { recipient, amount, claimed, .. } = owed;
            to_json_binary(&ClaimableResponse { recipient, amount, claimed })
        }
        QueryMsg::Security { run_id, epoch } => {
            to_json_binary(&security(deps, env, run_id, epoch)?)
        }
        QueryMsg::Feedback { run_id, epoch } => {
            to_json_binary(&feedback(deps, env, run_id, epoch)?)
        }
        QueryMsg::User { run_id, user, epoch } => {
            let world = Contracts { querier: deps.querier, config };
            let epoch = epoch.unwrap_or_else(|| world.epoch(env.block.time));
            let user = deps.api.addr_validate(&user)?;
            let found = USER_EPOCHS.may_load(store, (run_id, &user, epoch))?.unwrap_or_default();
            to_json_binary(&UserResponse { paid: found.paid, score: found.score })
        }
        QueryMsg::Pinned { model } => {
            let model = deps.api.addr_validate(&model)?;
            to_json_binary(&PinnedResponse { epoch: pinned(deps, &model)? })
        }
    }?)
}

/// Runs by number: numbers are consecutive, and so are those of a model's own list.
fn runs(
    deps: Deps,
    model: Option<String>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<RunsResponse, ContractError> {
    let (store, after) = (deps.storage, start_after.unwrap_or_default());
    let mut runs = Vec::new();
    match model {
        None => {
            let last = RUN_COUNT.may_load(store)?.unwrap_or_default();
            for run_id in (after.saturating_add(1)..=last).take(page(limit)) {
                runs.push(run_of(store, run_id)?);
            }
        }
        Some(model) => {
            let model = deps.api.addr_validate(&model)?;
            let last = MODEL_RUN_COUNT.may_load(store, &model)?.unwrap_or_default();
            let (mut low, mut high) = (0, last);
            while low < high {
                let middle = low.midpoint(high).saturating_add(1);
                let run_id = MODEL_RUNS.may_load(store, (&model, middle))?.unwrap_or_default();
                if run_id <= after {
                    low = middle;
                } else {
                    high = middle.saturating_sub(1);
                }
            }
            for number in (low.saturating_add(1)..=last).take(page(limit)) {
                let run_id = MODEL_RUNS.may_load(store, (&model, number))?.unwrap_or_default();
                runs.push(run_of(store, run_id)?);
            }
        }
    }
    Ok(RunsResponse { runs })
}

fn rounds(
    deps: Deps,
    run_id: u64,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<RoundsResponse, ContractError> {
    let last = RUNS.may_load(deps.storage, run_id)?.map(|run| run.rounds).unwrap_or_default();
    let first = start_after.unwrap_or_default().saturating_add(1);
    let found = (first..=last).take(page(limit));
    let rounds = found.map(|round_id| Ok(round_of(deps.storage, (run_id, round_id))?));
    Ok(RoundsResponse { rounds: rounds.collect::<Result<_, ContractError>>()? })
}

fn groups(deps: Deps, (run_id, round_id): (u64, u64)) -> Result<GroupsResponse, ContractError> {
    let mut groups = Vec::new();
    for number in 0..MAX_GROUPS {
        match GROUPS.may_load(deps.storage, (run_id, round_id, number))? {
            Some(group) => groups.push(group),
            None => break,
        }
    }
    Ok(GroupsResponse { groups })
}

fn shown(deps: Deps, key: (u64, u64), id: SeatId, seat: Seat) -> SeatInfo {
    let work = reveal_of(deps.storage, key, id);
    let reveal = work
        .and_then(|work| answer_of(deps.storage, key, work).map(|answer| Reveal { work, answer }));
    SeatInfo { id, seat, commit: commit_of(deps.storage, key, id), reveal }
}

fn seats(
    deps: Deps,
    key: (u64, u64),
    stage: Stage,
    group: u8,
) -> Result<SeatsResponse, ContractError> {
    let mut seats = Vec::new();
    for slot in 0..MAX_SLOTS {
        let id = SeatId { stage, group, slot };
        match SEATS.may_load(deps.storage, (key.0, key.1, seat_key(id)))? {
            Some(seat) => seats.push(shown(deps, key, id, seat)),
            None => break,
        }
    }
    Ok(SeatsResponse { seats })
}

fn duties(deps: Deps, key: (u64, u64), node_id: u64) -> Result<DutiesResponse, ContractError> {
    let mut duties = Vec::new();
    for stage in Stage::ALL {
        let groups = match stage {
            Stage::Work | Stage::Check | Stage::Appeal => MAX_GROUPS,
            _ => 1,
        };
        for group in 0..groups {
            let seats = seats(deps, key, stage, group)?.seats;
            if stage == Stage::Work && seats.is_empty() {
                break;
            }
            duties.extend(seats.into_iter().filter(|info| info.seat.node_id == node_id));
        }
    }
    Ok(DutiesResponse { seats: duties })
}

/// part ^ (1 + witnesses), in percent.
fn captured(percent: u64, witnesses: u8) -> Decimal {
    let part = Decimal::percent(percent);
    part.checked_pow(u32::from(witnesses).saturating_add(1)).unwrap_or_default()
}

fn security(
    deps: Deps,
    env: &Env,
    run_id: u64,
    epoch: Option<u64>,
) -> Result<SecurityResponse, ContractError> {
    let run = run_of(deps.storage, run_id)?;
    let world = Contracts { querier: deps.querier, config: CONFIG.load(deps.storage)? };
    let epoch = epoch.unwrap_or_else(|| world.epoch(env.block.time));
    let directory = world.directory(run_id, epoch)?;
    let (units, largest) = (directory.units, directory.largest_owner_units);
    let (scoring, witnesses) = (&run.params.scoring, run.params.sizes.witnesses);
    Ok(SecurityResponse {
        epoch,
        nodes: directory.members,
        units,
        owners: directory.owners,
        largest_owner_units: largest,
        largest_owner_share: Decimal::checked_from_ratio(largest, units).unwrap_or_default(),
        captured_group_20: captured(20, witnesses),
        captured_group_30: captured(30, witnesses),
        captured_group_40: captured(40, witnesses),
        moves_market: is_spread(directory.owners, largest, units, scoring),
        small_network: scoring.small_network,
    })
}

fn books<'a>(deps: Deps<'a>, env: &'a Env) -> Books<'a> {
    Books {
        store: deps.storage,
        now: Now { time: env.block.time, height: env.block.height },
        chain_id: &env.block.chain_id,
        contract: env.contract.address.as_str(),
    }
}

fn feedback(
    deps: Deps,
    env: &Env,
    run_id: u64,
    epoch: Option<u64>,
) -> Result<FeedbackResponse, ContractError> {
    let world = Contracts { querier: deps.querier, config: CONFIG.load(deps.storage)? };
    let last = world.epoch(env.block.time).saturating_sub(1);
    let epoch = epoch.unwrap_or(last);
    let books = books(deps, env);
    let opinion = books.opinion(run_id, epoch)?;
    Ok(FeedbackResponse {
        epoch,
        nps: nps(opinion.promoters, opinion.passives, opinion.detractors),
        promoters: opinion.promoters,
        passives: opinion.passives,
        detractors: opinion.detractors,
        users: books.users(run_id)?,
    })
}

fn pinned(deps: Deps, model: &Addr) -> Result<Option<u64>, ContractError> {
    let Some(run_id) = OPEN_RUNS.may_load(deps.storage, model)? else {
        return Ok(None);
    };
    let Some(round_id) = run_of(deps.storage, run_id)?.open_round else {
        return Ok(None);
    };
    let round = ROUNDS.may_load(deps.storage, (run_id, round_id))?;
    Ok(round.map(|round| round.roster.epoch))
}
