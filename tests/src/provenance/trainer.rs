//! A training contract that does what it is told: opens runs, and counts users or refuses to.

use cosmwasm_std::{
    from_json, to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, Uint128,
};
use cw_multi_test::{Contract, ContractWrapper};
use modelbond_interface::training::OPEN_RUNS;
use serde::{Deserialize, Serialize};

/// What it is told.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// A run of a model is open; none without a number.
    Open {
        /// The model.
        model: String,
        /// The run.
        run_id: Option<u64>,
    },
    /// Users are counted no more, or again.
    Refuse {
        /// No more.
        refuse: bool,
    },
    /// As training has it: somebody paid.
    Credit(Credit),
}

/// Somebody who paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// For which run.
    pub run_id: u64,
    /// Who.
    pub user: String,
    /// How much of it cannot return to them.
    pub amount: Uint128,
}

const CREDITS: &[u8] = b"credits";
const REFUSES: &[u8] = b"refuses";

/// The contract.
#[must_use]
pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, order: Order) -> StdResult<Response> {
    let storage = deps.storage;
    match order {
        Order::Open { model, run_id } => {
            // As training lays it out: the name with its length, then the model.
            let length = u16::try_from(OPEN_RUNS.len()).unwrap_or_default().to_be_bytes();
            let key = [&length, OPEN_RUNS.as_bytes(), model.as_bytes()].concat();
            match run_id {
                Some(run_id) => storage.set(&key, &run_id.to_be_bytes()),
                None => storage.remove(&key),
            }
        }
        Order::Refuse { refuse: true } => storage.set(REFUSES, b"1"),
        Order::Refuse { refuse: false } => storage.remove(REFUSES),
        Order::Credit(_) if storage.get(REFUSES).is_some() => {
            return Err(StdError::generic_err("another contract is the source of usage"));
        }
        Order::Credit(credit) => {
            let mut credits = credits(storage)?;
            credits.push(credit);
            storage.set(CREDITS, &to_json_binary(&credits)?);
        }
    }
    Ok(Response::new())
}

fn credits(storage: &dyn cosmwasm_std::Storage) -> StdResult<Vec<Credit>> {
    storage.get(CREDITS).map_or(Ok(vec![]), from_json)
}

/// Everybody who was counted.
fn query(deps: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&credits(deps.storage)?)
}
