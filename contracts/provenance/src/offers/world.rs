//! What offers must know of registry, training, nodes and beacon. Answers are believed.
//!
//! Of training's long answers only what matters is read: code that reads all of a run and of a round would
//! be a good part of this contract.

use cosmwasm_schema::serde::Deserialize;
use cosmwasm_std::{from_json, Addr, Empty, QuerierWrapper, StdError, StdResult, Timestamp};
use cw_storage_plus::Map;
use modelbond_interface::beacon::{QueryMsg as BeaconQuery, RandomnessResponse};
use modelbond_interface::hash::Hash32;
use modelbond_interface::nodes::{
    Directory, KeysResponse, Member, NodeKeys, QueryMsg as NodesQuery, DIRECTORIES, PAGES,
};
use modelbond_interface::registry::{ModelTerms, TERMS};
use modelbond_interface::training::{
    Lengths, Phase, QueryMsg as TrainingQuery, RosterPin, OPEN_RUNS,
};

use crate::state::Config;
use crate::ContractError;

/// A run, as far as it matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(crate) struct Run {
    /// Where its time grid begins.
    pub(crate) opened_at: Timestamp,
    /// Rounds so far, the open one included.
    pub(crate) rounds: u64,
    /// Its times.
    pub(crate) params: Params,
}

/// What of a run's terms matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(crate) struct Params {
    /// Times.
    pub(crate) lengths: Lengths,
}

/// A round, as far as it matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(crate) struct Round {
    /// Which roster it draws from.
    pub(crate) roster: RosterPin,
    /// Whether it is final.
    pub(crate) phase: Phase,
    /// Its seeds.
    pub(crate) seeds: Seeds,
    /// Who leads it.
    pub(crate) lead: Lead,
}

/// What of a round's seeds matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(crate) struct Seeds {
    /// C of the first checks. Once it is there it never changes.
    pub(crate) check: Option<Hash32>,
}

/// What of a round's leaders matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(crate) struct Lead {
    /// Nobody proved.
    pub(crate) beacon_only: bool,
}

#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct RunAnswer {
    run: Option<Run>,
}

#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct RoundAnswer {
    round: Option<Round>,
}

#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct TrainingConfig {
    nodes: Addr,
}

/// The contracts around this one.
pub(crate) struct Contracts<'a> {
    pub(crate) querier: QuerierWrapper<'a>,
    pub(crate) config: &'a Config,
}

impl Contracts<'_> {
    /// What the registry knows of a model.
    pub(crate) fn terms(&self, model: &Addr) -> Result<ModelTerms, ContractError> {
        let terms: Map<&Addr, ModelTerms> = Map::new(TERMS);
        let found = terms.query(&self.querier, self.config.registry.clone(), model)?;
        found.ok_or_else(|| ContractError::NoModel { model: model.clone() })
    }

    /// The number of a model's open run.
    pub(crate) fn open_run(&self, model: &Addr) -> Result<u64, ContractError> {
        let runs: Map<&Addr, Empty> = Map::new(OPEN_RUNS);
        let found = self.querier.query_wasm_raw(&self.config.training, runs.key(model).to_vec())?;
        let number = found.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
        number.ok_or_else(|| ContractError::NoOpenRun { model: model.clone() })
    }

    /// A run that there is.
    pub(crate) fn run(&self, run_id: u64) -> StdResult<Run> {
        let query = TrainingQuery::Run { run_id };
        let answer: RunAnswer = self.querier.query_wasm_smart(&self.config.training, &query)?;
        answer.run.ok_or_else(|| StdError::not_found(format!("run {run_id}")))
    }

    /// A round, if it has opened.
    pub(crate) fn round(&self, run_id: u64, round_id: u64) -> StdResult<Option<Round>> {
        let query = TrainingQuery::Round { run_id, round_id: Some(round_id) };
        let answer: RoundAnswer = self.querier.query_wasm_smart(&self.config.training, &query)?;
        Ok(answer.round)
    }

    /// The first beacon round at or after a time.
    pub(crate) fn randomness(&self, at: Timestamp) -> StdResult<RandomnessResponse> {
        self.querier.query_wasm_smart(&self.config.beacon, &BeaconQuery::Randomness { at })
    }

    /// Where rosters are.
    pub(crate) fn nodes(&self) -> StdResult<Addr> {
        let query = TrainingQuery::Config {};
        let answer: TrainingConfig =
            self.querier.query_wasm_smart(&self.config.training, &query)?;
        Ok(answer.nodes)
    }
}

/// The nodes contract.
pub(crate) struct Nodes<'a> {
    pub(crate) querier: QuerierWrapper<'a>,
    pub(crate) address: Addr,
}

impl Nodes<'_> {
    fn raw(&self, key: Vec<u8>) -> StdResult<Vec<u8>> {
        Ok(self.querier.query_wasm_raw(&self.address, key)?.unwrap_or_default())
    }

    /// A roster's directory; an empty one where there is none.
    pub(crate) fn directory(&self, run_id: u64, epoch: u64) -> StdResult<Directory> {
        let directories: Map<(u64, u64), Directory> = Map::new(DIRECTORIES);
        let bytes = self.raw(directories.key((run_id, epoch)).to_vec())?;
        if bytes.is_empty() {
            return Ok(Directory::default());
        }
        from_json(bytes)
    }

    /// A page of a roster.
    pub(crate) fn page(&self, run_id: u64, epoch: u64, page: u32) -> StdResult<Vec<Member>> {
        let pages: Map<(u64, u64, u32), Empty> = Map::new(PAGES);
        let bytes = self.raw(pages.key((run_id, epoch, page)).to_vec())?;
        Ok(Member::of_page(&bytes).collect())
    }

    /// Owners and accounts of nodes, in the order asked for.
    pub(crate) fn keys(&self, epoch: u64, node_ids: Vec<u64>) -> StdResult<Vec<NodeKeys>> {
        let query = NodesQuery::Keys { epoch, node_ids };
        let answer: KeysResponse = self.querier.query_wasm_smart(&self.address, &query)?;
        Ok(answer.nodes)
    }
}
