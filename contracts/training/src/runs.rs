//! Runs, and the tokens that are sent.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{from_json, Addr, DepsMut, Env, MessageInfo, Response};
use cw20::Cw20ReceiveMsg;
use modelbond_interface::market::QueryMsg as MarketQuery;
use modelbond_interface::nodes::RunTerms;
use modelbond_interface::training::{Hash32, ReceiveMsg, Run, RunParams};
use modelbond_rounds::machine::{checked_params, ChallengeClaim, Purse};

use crate::contract::machine;
use crate::effects::respond;
use crate::message::Message;
use crate::state::CONFIG;
use crate::world::Contracts;
use crate::ContractError;

/// What training must know of a market's configuration; reading the rest would cost 30 kB of code.
#[cw_serde]
struct MarketRoles {
    creator: Addr,
    metrics_source: Addr,
}

pub(crate) fn open(
    deps: DepsMut,
    env: &Env,
    info: MessageInfo,
    model: &str,
    mut params: RunParams,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let model = deps.api.addr_validate(model)?;
    let market: MarketRoles =
        deps.querier.query_wasm_smart(model.as_str(), &MarketQuery::Config {})?;
    if market.creator != info.sender {
        let (creator, sender) = (market.creator, info.sender);
        return Err(ContractError::NotTheCreator { creator, sender });
    }
    if market.metrics_source != env.contract.address {
        let metrics_source = market.metrics_source;
        return Err(ContractError::OtherSource { metrics_source });
    }
    params.usage_source = deps.api.addr_validate(&params.usage_source)?.into_string();
    checked_params(&params, config.unbonding_secs)?;
    let world = Contracts { querier: deps.querier, config };
    let mut machine = machine(deps.storage, env, &world);
    let run = machine.open_run(model, info.sender, params)?;
    let effects = machine.effects;
    let response = respond("open_run", &world.config, effects, (run.run_id, 0))?;
    Ok(response.add_message(set_run(&world.config.nodes, &run)?))
}

pub(crate) fn set_algorithm(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    run_id: u64,
    (algorithm_hash, known_answer): (Hash32, Hash32),
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let world = Contracts { querier: deps.querier, config };
    let mut machine = machine(deps.storage, env, &world);
    let run = machine.set_algorithm(run_id, &info.sender, algorithm_hash, known_answer)?;
    let effects = machine.effects;
    let response = respond("set_algorithm", &world.config, effects, (run_id, 0))?;
    Ok(response.add_message(set_run(&world.config.nodes, &run)?))
}

/// Tells the nodes contract what a node must be ready for.
fn set_run(nodes: &Addr, run: &Run) -> Result<cosmwasm_std::WasmMsg, ContractError> {
    let terms = RunTerms {
        run_id: run.run_id,
        model: run.model.to_string(),
        unit_stake: run.params.money.unit_stake,
        dataset_root: run.params.dataset.root.into(),
        algorithm_hash: run.params.algorithm.hash.into(),
        known_answer: run.params.algorithm.known_answer.into(),
    };
    Ok(Message::SetRun { terms }.to(nodes)?)
}

/// Takes tokens. The sender of the message is the token.
pub(crate) fn receive(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    received: Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let by = deps.api.addr_validate(&received.sender)?;
    let msg: ReceiveMsg = from_json(&received.msg)?;
    let (amount, token) = (received.amount, &info.sender);
    let world = Contracts { querier: deps.querier, config };
    let mut machine = machine(deps.storage, env, &world);
    let (action, round) = match msg {
        ReceiveMsg::Fund { run_id } => {
            machine.fund(run_id, Purse::Budget, (token, &by), amount)?;
            ("fund", (run_id, 0))
        }
        ReceiveMsg::Bond { run_id } => {
            machine.fund(run_id, Purse::Bond, (token, &by), amount)?;
            ("bond", (run_id, 0))
        }
        ReceiveMsg::Challenge { run_id, round_id, group, node_id, index } => {
            let claim = ChallengeClaim { run_id, round_id, group, node_id, index, by };
            machine.challenge(claim, token, amount)?;
            ("challenge", (run_id, round_id))
        }
    };
    let effects = machine.effects;
    respond(action, &world.config, effects, round)
}
