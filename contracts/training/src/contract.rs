//! Dispatch. There is no `migrate`: a migration would be a key to every stake and every budget.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    to_json_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, Storage,
    SubMsg, WasmMsg,
};
use modelbond_interface::nodes::InstantiateMsg as NodesInstantiateMsg;
use modelbond_interface::training::{ExecuteMsg, InstantiateMsg, QueryMsg};
use modelbond_rounds::clock::Now;
use modelbond_rounds::machine::{LeadClaim, Reveal};
use modelbond_rounds::state::run_of;
use modelbond_rounds::Machine;

use crate::attest::{ensure_attested, signed_user};
use crate::effects::{self, respond, NODES};
use crate::state::{Config, CONFIG};
use crate::world::Contracts;
use crate::{query, runs, ContractError};

const NAME: &str = "modelbond:training";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The round machine over this contract's storage.
pub(crate) fn machine<'a>(
    store: &'a mut dyn Storage,
    env: &'a Env,
    world: &'a Contracts<'a>,
) -> Machine<'a, Contracts<'a>> {
    Machine {
        store,
        world,
        now: Now { time: env.block.time, height: env.block.height },
        chain_id: &env.block.chain_id,
        contract: env.contract.address.as_str(),
        effects: Vec::new(),
    }
}

/// Makes training, and its nodes contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let config = Config {
        beacon: deps.api.addr_validate(&msg.beacon)?,
        nodes: Addr::unchecked(""),
        started_at: env.block.time,
        epoch_secs: msg.epoch_secs,
        unbonding_secs: msg.unbonding_secs,
        evm_chain_id: msg.evm_chain_id,
        provenance: deps.api.addr_validate(&msg.provenance)?,
        rewards: deps.api.addr_validate(&msg.rewards)?,
    };
    CONFIG.save(deps.storage, &config)?;
    let nodes = NodesInstantiateMsg {
        epoch_secs: msg.epoch_secs,
        unbonding_secs: msg.unbonding_secs,
        evm_chain_id: msg.evm_chain_id,
    };
    let nodes = WasmMsg::Instantiate {
        admin: None,
        code_id: msg.nodes_code_id,
        msg: to_json_binary(&nodes)?,
        funds: vec![],
        label: "modelbond nodes".to_owned(),
    };
    Ok(Response::new()
        .add_attribute("action", "instantiate")
        .add_submessage(SubMsg::reply_on_success(nodes, NODES)))
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
        ExecuteMsg::OpenRun { model, params } => runs::open(deps, &env, info, &model, params),
        ExecuteMsg::Receive(received) => runs::receive(deps, &env, &info, received),
        ExecuteMsg::SetAlgorithm { run_id, algorithm_hash, known_answer } => {
            let algorithm = (algorithm_hash, known_answer);
            runs::set_algorithm(deps, &env, &info, run_id, algorithm)
        }
        ExecuteMsg::Commit { run_id, round_id, seat, commit } => {
            // It asks nothing of beacon or nodes, so it does not read who they are.
            let world = Contracts { querier: deps.querier, config: Config::unknown() };
            let mut machine = machine(deps.storage, &env, &world);
            machine.commit((run_id, round_id), seat, commit, &info.sender)?;
            let effects = machine.effects;
            respond("commit", &world.config, effects, (run_id, round_id))
        }
        msg => act(deps, &env, &info, msg),
    }
}

/// Messages that the round machine takes as they are.
fn act(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let (api, sender) = (deps.api, &info.sender);
    let config = CONFIG.load(deps.storage)?;
    let evm_chain_id = config.evm_chain_id;
    let world = Contracts { querier: deps.querier, config };
    let mut machine = machine(deps.storage, env, &world);
    let (action, round) = match msg {
        ExecuteMsg::AddSlices { run_id, slices } => {
            machine.add_slices(run_id, sender, slices)?;
            ("add_slices", (run_id, 0))
        }
        ExecuteMsg::CloseRun { run_id } => {
            machine.close_run(run_id, sender)?;
            ("close_run", (run_id, 0))
        }
        ExecuteMsg::Advance { run_id } => {
            machine.advance(run_id, sender)?;
            ("advance", (run_id, 0))
        }
        ExecuteMsg::ProveLead { run_id, round_id, node_id, index, proof, ticket } => {
            let proof = proof.to_vec();
            let claim = LeadClaim { run_id, round_id, node_id, index, proof, ticket };
            machine.prove_lead(&claim)?;
            ("prove_lead", (run_id, round_id))
        }
        ExecuteMsg::Reveal { run_id, round_id, seat, answer, salt, attested, trace } => {
            let reveal = Reveal { run_id, round_id, seat, answer, salt, trace };
            machine.reveal(&reveal, |revealing| {
                let run = (evm_chain_id, run_id);
                ensure_attested((api, env), run, seat, &attested, revealing)
            })?;
            ("reveal", (run_id, round_id))
        }
        ExecuteMsg::PostOutput { run_id, round_id, proof } => {
            machine.post_output((run_id, round_id), &proof)?;
            ("post_output", (run_id, round_id))
        }
        ExecuteMsg::OpenSlice { run_id, round_id, slice, salt, root, samples } => {
            machine.open_slice((run_id, round_id), slice, (salt, root, samples))?;
            ("open_slice", (run_id, round_id))
        }
        ExecuteMsg::PostAggregate { run_id, round_id, answer, accepted } => {
            machine.post_aggregate((run_id, round_id), answer, accepted, sender)?;
            ("post_aggregate", (run_id, round_id))
        }
        ExecuteMsg::Settle { run_id } => {
            let round_id = machine.settle(run_id)?;
            ("settle", (run_id, round_id))
        }
        ExecuteMsg::Claim { run_id, round_id, due } => {
            machine.claim((run_id, round_id), due, sender)?;
            ("claim", (run_id, round_id))
        }
        ExecuteMsg::Burn { run_id, amount } => {
            machine.burn(run_id, amount)?;
            ("burn", (run_id, 0))
        }
        ExecuteMsg::Credit { run_id, user, amount } => {
            let user = api.addr_validate(&user)?;
            machine.credit(run_id, (sender, &user), amount)?;
            ("credit", (run_id, 0))
        }
        ExecuteMsg::SubmitFeedback { run_id, score, epoch, signed } => {
            let user = match signed {
                Some(signed) => {
                    let model = run_of(machine.store, run_id)?.model;
                    signed_user((api, env), evm_chain_id, (&model, score, epoch), &signed)?
                }
                None => sender.clone(),
            };
            machine.feedback(run_id, &user, score, epoch)?;
            ("submit_feedback", (run_id, 0))
        }
        // Taken before.
        ExecuteMsg::OpenRun { .. }
        | ExecuteMsg::Receive(_)
        | ExecuteMsg::SetAlgorithm { .. }
        | ExecuteMsg::Commit { .. } => ("", (0, 0)),
    };
    let effects = machine.effects;
    respond(action, &world.config, effects, round)
}

/// Takes an answer of another contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    effects::reply(deps, &env, reply)
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::answer(deps, &env, msg)
}
