//! The contract's own entry points, and around them a registry and a training that answer the raw questions that it
//! asks, and no other.

use std::cell::Cell;
use std::collections::HashMap;

use cosmwasm_std::testing::{mock_env, MockApi};
use cosmwasm_std::{
    from_json, to_json_binary, to_json_vec, Addr, Api, Binary, Coin, ContractResult, Decimal, Deps,
    DepsMut, Empty, Env, MessageInfo, Querier, QuerierResult, QuerierWrapper, QueryRequest, Reply,
    Response, SystemError, SystemResult, WasmQuery,
};
use cw_storage_plus::Map;
use modelbond_interface::provenance::{
    ClaimableResponse, Earned, ExecuteMsg, InstantiateMsg, QueryMsg,
};
use modelbond_interface::registry::{ModelTerms, ParentTerms, TERMS};
use modelbond_interface::training::OPEN_RUNS;
use modelbond_provenance::{contract, ContractError};

use crate::journal::{Journal, Touches};

/// What a model is built on: number of the parent, royalty in 1/10,000.
pub(crate) type Parents = Vec<(usize, u16)>;

/// The registry and training: question → answer.
#[derive(Default)]
struct Neighbours {
    answers: HashMap<Vec<u8>, Binary>,
    asked: Cell<u64>,
}

impl Querier for Neighbours {
    fn raw_query(&self, question: &[u8]) -> QuerierResult {
        self.asked.set(self.asked.get() + 1);
        match self.answers.get(question) {
            Some(answer) => SystemResult::Ok(ContractResult::Ok(answer.clone())),
            None => SystemResult::Err(SystemError::InvalidRequest {
                error: "nobody asks this".to_owned(),
                request: question.into(),
            }),
        }
    }
}

impl Neighbours {
    fn answer(&mut self, contract: &Addr, key: Vec<u8>, answer: Binary) {
        let raw = WasmQuery::Raw { contract_addr: contract.to_string(), key: key.into() };
        let question = to_json_vec(&QueryRequest::<Empty>::Wasm(raw)).expect("a question");
        self.answers.insert(question, answer);
    }
}

/// The contract and what is around it.
pub(crate) struct World {
    pub(crate) storage: Journal,
    pub(crate) models: Vec<Addr>,
    /// Denom of each model.
    pub(crate) denoms: Vec<&'static str>,
    pub(crate) parents: Vec<Parents>,
    /// The open run of each model.
    pub(crate) runs: Vec<Option<u64>>,
    pub(crate) training: Addr,
    registry: Addr,
    env: Env,
    neighbours: Neighbours,
}

/// Knows addresses of 5 bytes as well: they are most of what a message writes.
fn api() -> MockApi {
    MockApi::default().with_prefix("m")
}

/// An account by its name.
pub(crate) fn account(name: &str) -> Addr {
    let long = api().addr_canonicalize(api().addr_make(name).as_str()).expect("an address");
    api().addr_humanize(&long.as_slice()[..5].into()).expect("an address")
}

impl World {
    /// A contract, and models that are built on those before them.
    pub(crate) fn new(graph: Vec<(&'static str, Parents)>, owner: &Addr) -> Self {
        let (denoms, parents): (Vec<_>, Vec<_>) = graph.into_iter().unzip();
        let mut world = Self {
            storage: Journal::default(),
            models: (0..parents.len()).map(|number| account(&format!("model {number}"))).collect(),
            runs: vec![None; parents.len()],
            denoms,
            parents,
            training: account("training"),
            registry: account("registry"),
            env: mock_env(),
            neighbours: Neighbours::default(),
        };
        let msg = InstantiateMsg {
            registry: world.registry.to_string(),
            training: world.training.to_string(),
            beacon: account("beacon").into_string(),
            evm_chain_id: 1,
            witness_secs: 60,
        };
        let info = MessageInfo { sender: owner.clone(), funds: vec![] };
        world.enter(|deps, env| contract::instantiate(deps, env, info, msg)).expect("is made");
        for model in 0..world.models.len() {
            world.set_owner(model, owner);
            world.set_run(model, None);
        }
        world
    }

    /// Hands the record of a model over.
    pub(crate) fn set_owner(&mut self, model: usize, owner: &Addr) {
        let parents = self.parents[model].iter();
        let terms = ModelTerms {
            creator: account("creator"),
            owner: owner.clone(),
            reserve_denom: self.denoms[model].to_owned(),
            reward_rate: Decimal::zero(),
            royalty_bps: 0,
            parents: parents
                .map(|(parent, bps)| ParentTerms {
                    model: self.models[*parent].clone(),
                    royalty_bps: *bps,
                })
                .collect(),
        };
        let key = Map::<&Addr, ModelTerms>::new(TERMS).key(&self.models[model]).to_vec();
        self.neighbours.answer(&self.registry, key, to_json_binary(&terms).expect("terms"));
    }

    /// Opens a run of a model, or closes it.
    pub(crate) fn set_run(&mut self, model: usize, run: Option<u64>) {
        let key = Map::<&Addr, u64>::new(OPEN_RUNS).key(&self.models[model]).to_vec();
        self.runs[model] = run;
        let answer = run.map(|run| run.to_be_bytes().to_vec()).unwrap_or_default();
        self.neighbours.answer(&self.training, key, answer.into());
    }

    /// A contract that is not in the registry.
    pub(crate) fn stranger(&mut self) -> Addr {
        let stranger = account("stranger");
        let key = Map::<&Addr, ModelTerms>::new(TERMS).key(&stranger).to_vec();
        self.neighbours.answer(&self.registry, key, Binary::default());
        stranger
    }

    /// Sends a message. What fails has written nothing.
    pub(crate) fn execute(
        &mut self,
        sender: &Addr,
        funds: &[Coin],
        msg: ExecuteMsg,
    ) -> Result<Response, ContractError> {
        let info = MessageInfo { sender: sender.clone(), funds: funds.to_vec() };
        self.enter(|deps, env| contract::execute(deps, env, info, msg))
    }

    /// Answers a submessage.
    pub(crate) fn reply(&mut self, reply: Reply) -> Result<Response, ContractError> {
        self.enter(|deps, env| contract::reply(deps, env, reply))
    }

    /// What the contract says that NFTs have earned.
    pub(crate) fn claimable(&self, token_ids: Vec<String>) -> Vec<Earned> {
        let deps = Deps {
            storage: &self.storage,
            api: &api(),
            querier: QuerierWrapper::<Empty>::new(&self.neighbours),
        };
        let msg = QueryMsg::Claimable { token_ids };
        let answer = contract::query(deps, self.env.clone(), msg).expect("an answer");
        from_json::<ClaimableResponse>(answer).expect("what is documented").earned
    }

    /// What the last message touched.
    pub(crate) fn touches(&self) -> Touches {
        Touches { questions: self.neighbours.asked.get(), ..self.storage.touches() }
    }

    fn enter(
        &mut self,
        entry: impl FnOnce(DepsMut, Env) -> Result<Response, ContractError>,
    ) -> Result<Response, ContractError> {
        self.storage.begin();
        self.neighbours.asked.set(0);
        let querier = QuerierWrapper::<Empty>::new(&self.neighbours);
        let deps = DepsMut { storage: &mut self.storage, api: &api(), querier };
        let result = entry(deps, self.env.clone());
        if result.is_err() {
            self.storage.rewind();
        }
        result
    }
}
