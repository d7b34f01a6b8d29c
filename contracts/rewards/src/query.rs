//! What can be asked.

use cosmwasm_std::{
    to_json_binary, Addr, Binary, Deps, Env, Order, StdError, StdResult, Storage, Uint128,
};
use cw_storage_plus::Bound;
use modelbond_economy::work::Segment as Shares;
use modelbond_interface::rewards::{
    ConfigResponse, ModelRewardsResponse, OperatorResponse, Piece, QueryMsg, Segment,
    SegmentResponse, SegmentsResponse,
};

use crate::state::{
    model_of, open_segment, segment_at, Model, StoredSegment, CONFIG, PIECES, SEGMENTS,
};
use crate::world::World;
use crate::ContractError;

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 30;

fn page(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default()
}

/// Answers a query.
pub(crate) fn answer(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let address = |text: &str| deps.api.addr_validate(text);
    let store = deps.storage;
    Ok(match msg {
        QueryMsg::Config {} => {
            let config = CONFIG.load(store)?;
            let (registry, training) = (config.registry, config.training);
            to_json_binary(&ConfigResponse { registry, training })
        }
        QueryMsg::Model { model } => to_json_binary(&stands(deps, env, &address(&model)?)?),
        QueryMsg::Segment { model, offset } => {
            let address = address(&model)?;
            let model = model_of(store, &address)?;
            let found = segment_at(store, &address, offset)?;
            let segment = found.map(|(end, segment)| shown(&model, end, &segment));
            to_json_binary(&SegmentResponse { segment })
        }
        QueryMsg::Segments { model, start_after, limit } => {
            let address = address(&model)?;
            let model = model_of(store, &address)?;
            let after = start_after.map(Bound::exclusive);
            let segments = SEGMENTS
                .prefix(&address)
                .range(store, after, None, Order::Ascending)
                .take(page(limit))
                .map(|found| found.map(|(end, segment)| shown(&model, end, &segment)))
                .collect::<StdResult<_>>()?;
            to_json_binary(&SegmentsResponse { segments })
        }
        QueryMsg::Operator { model, operator, start_after, limit } => {
            let (model, operator) = (address(&model)?, address(&operator)?);
            let from = (start_after, page(limit));
            to_json_binary(&OperatorResponse { pieces: pieces(store, &model, &operator, from)? })
        }
    }?)
}

fn shown(model: &Model, end: u64, segment: &StoredSegment) -> Segment {
    Segment {
        start: segment.start,
        end,
        epoch: segment.epoch,
        tokens: segment.tokens,
        paid_work: segment.paid_work,
        paid_tokens: Uint128::new(segment.shares(end).paid_tokens()),
        closed: end <= model.closed,
    }
}

fn stands(deps: Deps, env: &Env, address: &Addr) -> Result<ModelRewardsResponse, ContractError> {
    let world = World { querier: deps.querier, config: CONFIG.load(deps.storage)? };
    world.terms(address)?;
    let model = model_of(deps.storage, address)?;
    let open = open_segment(deps.storage, address, &model)?;
    let done = world.work(address)?;
    Ok(ModelRewardsResponse {
        epoch: world.market(address, env.block.time)?.epoch,
        open: open.map(|segment| shown(&model, model.cut, &segment)),
        uncut_work: done.work.saturating_sub(model.cut),
        performance: done.performance,
        owed: model.owed,
        budget: model.budget,
    })
}

/// What an operator would be paid if it claimed all of these now, in this order.
fn pieces(
    store: &dyn Storage,
    address: &Addr,
    operator: &Addr,
    (start_after, limit): (Option<u64>, usize),
) -> StdResult<Vec<Piece>> {
    let closed = model_of(store, address)?.closed;
    let after = start_after.map(Bound::exclusive);
    let mut last: Option<(u64, Shares)> = None;
    PIECES
        .prefix((address, operator))
        .range(store, after, None, Order::Ascending)
        .take(limit)
        .map(|found| {
            let (offset, work) = found?;
            if offset >= closed {
                return Ok(Piece { offset, work, due: None });
            }
            let (end, mut shares) = match last.filter(|(end, _)| offset < *end) {
                Some(same) => same,
                None => {
                    let found = segment_at(store, address, offset)?;
                    let (end, segment) =
                        found.ok_or_else(|| StdError::not_found("a closed segment"))?;
                    (end, segment.shares(end))
                }
            };
            let due = Some(Uint128::new(shares.pay(work)));
            last = Some((end, shares));
            Ok(Piece { offset, work, due })
        })
        .collect()
}
