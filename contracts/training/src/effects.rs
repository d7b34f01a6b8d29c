//! What the round machine wants done, as messages; and their answers.

use cosmwasm_std::{
    from_json, to_json_binary, DepsMut, Env, Reply, Response, StdError, SubMsg, SubMsgResponse,
    SubMsgResult,
};
use modelbond_interface::nodes::SlashData;
use modelbond_interface::training::RoundMetricsRefused;
use modelbond_rounds::{Effect, SlashOrder};

use crate::contract::machine;
use crate::message::Message;
use crate::state::{Config, CONFIG};
use crate::world::Contracts;
use crate::ContractError;

/// The nodes contract was made.
pub(crate) const NODES: u64 = 1;
/// Stakes were taken; the payload is the order.
pub(crate) const SLASH: u64 = 2;
/// The market refused metrics; the payload is run and round.
pub(crate) const REPORT: u64 = 3;

/// Turns effects into a response, in order. `round` is what a report is about.
pub(crate) fn respond(
    action: &'static str,
    config: &Config,
    effects: Vec<Effect>,
    round: (u64, u64),
) -> Result<Response, ContractError> {
    let mut response = Response::new().add_attribute("action", action);
    for effect in effects {
        response = match effect {
            Effect::Event(event) => response.add_event(event),
            Effect::Slash(order) => {
                let payload = to_json_binary(&payload(&order))?;
                let (model, items) = (order.model.into_string(), order.items);
                let msg = Message::Slash { model, items }.to(&config.nodes)?;
                response.add_submessage(SubMsg::reply_on_success(msg, SLASH).with_payload(payload))
            }
            Effect::Report { model, metrics } => {
                let msg = Message::ReportMetrics { metrics }.to(&model)?;
                let payload = to_json_binary(&round)?;
                response.add_submessage(SubMsg::reply_on_error(msg, REPORT).with_payload(payload))
            }
            Effect::Pay { model, to, amount } => {
                let msg = Message::Transfer { recipient: to.into_string(), amount };
                response.add_message(msg.to(&model)?)
            }
            Effect::Mint(mint) => {
                response.add_message(Message::MintContribution(mint).to(&config.provenance)?)
            }
            Effect::Credit { model, operator, offset, work } => {
                let msg = Message::Credit { model, operator, offset, work };
                response.add_message(msg.to(&config.rewards)?)
            }
            Effect::Burn { model, amount } => {
                response.add_message(Message::Burn { amount }.to(&model)?)
            }
        };
    }
    Ok(response)
}

/// What a slash's answer must be shared by.
type SlashPayload = (u64, u64, u8, u8, u32);

fn payload(order: &SlashOrder) -> SlashPayload {
    let wrong = u32::try_from(order.wrong).unwrap_or(u32::MAX);
    (order.run_id, order.round_id, order.stage.index(), order.group, wrong)
}

/// Takes an answer.
pub(crate) fn reply(deps: DepsMut, env: &Env, reply: Reply) -> Result<Response, ContractError> {
    match (reply.id, reply.result) {
        (NODES, SubMsgResult::Ok(answer)) => nodes_made(deps, &answer),
        (SLASH, SubMsgResult::Ok(answer)) => slashed(deps, env, &reply.payload, &answer),
        (REPORT, SubMsgResult::Err(_)) => {
            let (run_id, round_id): (u64, u64) = from_json(&reply.payload)?;
            Ok(Response::new().add_event(RoundMetricsRefused { run_id, round_id }))
        }
        (id, _) => Err(ContractError::UnknownReply { id }),
    }
}

/// The bytes that a contract answered with, still wrapped by the chain.
fn data(answer: &SubMsgResponse) -> Option<&[u8]> {
    #[allow(deprecated)] // where a chain has no message responses
    let old = answer.data.as_ref().map(|data| data.as_slice());
    answer.msg_responses.first().map(|response| response.value.as_slice()).or(old)
}

fn nodes_made(deps: DepsMut, answer: &SubMsgResponse) -> Result<Response, ContractError> {
    let bytes = data(answer).ok_or(ContractError::NoData { contract: "nodes" })?;
    let made = cw_utils::parse_instantiate_response_data(bytes)
        .map_err(|error| StdError::generic_err(error.to_string()))?;
    let mut config = CONFIG.load(deps.storage)?;
    config.nodes = deps.api.addr_validate(&made.contract_address)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("nodes", config.nodes))
}

fn slashed(
    deps: DepsMut,
    env: &Env,
    payload: &[u8],
    answer: &SubMsgResponse,
) -> Result<Response, ContractError> {
    let no_data = || ContractError::NoData { contract: "nodes" };
    let wrapped = data(answer).ok_or_else(no_data)?;
    let executed = cw_utils::parse_execute_response_data(wrapped)
        .map_err(|error| StdError::generic_err(error.to_string()))?;
    let taken: SlashData = from_json(executed.data.ok_or_else(no_data)?)?;
    let (run_id, round_id, stage, group, wrong): SlashPayload = from_json(payload)?;
    let config = CONFIG.load(deps.storage)?;
    let world = Contracts { querier: deps.querier, config };
    let mut machine = machine(deps.storage, env, &world);
    machine.slashed((run_id, round_id), (stage, group), wrong, &taken.amounts)?;
    let effects = machine.effects;
    let mut response = Response::new();
    for effect in effects {
        if let Effect::Event(event) = effect {
            response = response.add_event(event);
        }
    }
    Ok(response)
}
