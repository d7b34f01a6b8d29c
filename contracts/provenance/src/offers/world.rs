//! What offers must know of training, nodes and beacon. Answers are believed.
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
use modelbond_interface::training::{Lengths, Phase, QueryMsg as TrainingQuery, RosterPin};

use crate::world::World;

/// A run, as far as it matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(super) struct Run {
    /// Where its time grid begins.
    pub(super) opened_at: Timestamp,
    /// Rounds so far, the open one included.
    pub(super) rounds: u64,
    /// Its times.
    pub(super) params: Params,
}

/// What of a run's terms matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(super) struct Params {
    /// Times.
    pub(super) lengths: Lengths,
}

/// A round, as far as it matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(super) struct Round {
    /// Which roster it draws from.
    pub(super) roster: RosterPin,
    /// Whether it is final.
    pub(super) phase: Phase,
    /// Its seeds.
    pub(super) seeds: Seeds,
    /// Who leads it.
    pub(super) lead: Lead,
}

/// What of a round's seeds matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(super) struct Seeds {
    /// C of the first checks. Once it is there it never changes.
    pub(super) check: Option<Hash32>,
}

/// What of a round's leaders matters.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
pub(super) struct Lead {
    /// Nobody proved.
    pub(super) beacon_only: bool,
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

/// A run that there is.
pub(super) fn run(world: &World, run_id: u64) -> StdResult<Run> {
    let query = TrainingQuery::Run { run_id };
    let answer: RunAnswer = world.querier.query_wasm_smart(&world.config.training, &query)?;
    answer.run.ok_or_else(|| StdError::not_found(format!("run {run_id}")))
}

/// A round, if it has opened.
pub(super) fn round(world: &World, run_id: u64, round_id: u64) -> StdResult<Option<Round>> {
    let query = TrainingQuery::Round { run_id, round_id: Some(round_id) };
    let answer: RoundAnswer = world.querier.query_wasm_smart(&world.config.training, &query)?;
    Ok(answer.round)
}

/// The first beacon round at or after a time.
pub(super) fn randomness(world: &World, at: Timestamp) -> StdResult<RandomnessResponse> {
    world.querier.query_wasm_smart(&world.config.beacon, &BeaconQuery::Randomness { at })
}

/// The nodes contract.
pub(super) struct Nodes<'a> {
    querier: QuerierWrapper<'a>,
    address: Addr,
}

impl<'a> Nodes<'a> {
    /// That of training.
    pub(super) fn of(world: &World<'a>) -> StdResult<Self> {
        let (querier, query) = (world.querier, TrainingQuery::Config {});
        let answer: TrainingConfig = querier.query_wasm_smart(&world.config.training, &query)?;
        Ok(Self { querier, address: answer.nodes })
    }

    fn raw(&self, key: Vec<u8>) -> StdResult<Vec<u8>> {
        Ok(self.querier.query_wasm_raw(&self.address, key)?.unwrap_or_default())
    }

    /// A roster's directory; an empty one where there is none.
    pub(super) fn directory(&self, run_id: u64, epoch: u64) -> StdResult<Directory> {
        let directories: Map<(u64, u64), Directory> = Map::new(DIRECTORIES);
        let bytes = self.raw(directories.key((run_id, epoch)).to_vec())?;
        if bytes.is_empty() {
            return Ok(Directory::default());
        }
        from_json(bytes)
    }

    /// A page of a roster.
    pub(super) fn page(&self, run_id: u64, epoch: u64, page: u32) -> StdResult<Vec<Member>> {
        let pages: Map<(u64, u64, u32), Empty> = Map::new(PAGES);
        let bytes = self.raw(pages.key((run_id, epoch, page)).to_vec())?;
        Ok(Member::of_page(&bytes).collect())
    }

    /// Owners and accounts of nodes, in the order asked for.
    pub(super) fn keys(&self, epoch: u64, node_ids: Vec<u64>) -> StdResult<Vec<NodeKeys>> {
        let query = NodesQuery::Keys { epoch, node_ids };
        let answer: KeysResponse = self.querier.query_wasm_smart(&self.address, &query)?;
        Ok(answer.nodes)
    }
}
