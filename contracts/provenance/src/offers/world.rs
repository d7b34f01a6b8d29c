//! What offers must know of training, nodes and beacon. Answers are believed.
//!
//! Of their answers only what matters is read: code that reads all of a run, a round or a node would be a good
//! part of this contract.

use cosmwasm_schema::serde::de::IgnoredAny;
use cosmwasm_schema::serde::Deserialize;
use cosmwasm_std::{from_json, Addr, Empty, QuerierWrapper, StdError, StdResult, Timestamp};
use cw_storage_plus::Map;
use modelbond_interface::beacon::QueryMsg as BeaconQuery;
use modelbond_interface::hash::Hash32;
use modelbond_interface::nodes::{Directory, Member, QueryMsg as NodesQuery, DIRECTORIES, PAGES};
use modelbond_interface::training::{Phase, QueryMsg as TrainingQuery};

use crate::world::World;

/// Declares parts of other contracts' answers.
macro_rules! parts {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Deserialize)]
        #[serde(crate = "cosmwasm_schema::serde")]
        pub(super) struct $name { $($(#[$field_meta])* pub(super) $field: $kind,)* }
    )*};
}

parts! {
    /// A run.
    Run {
        /// Where its time grid begins.
        opened_at: Timestamp,
        /// Rounds so far, the open one included.
        rounds: u64,
        /// Its terms.
        params: Params,
    }

    /// Terms of a run.
    Params {
        /// Its times.
        lengths: Lengths,
    }

    /// Times of a run.
    Lengths {
        /// Beacon rounds are those after the next multiple of so many seconds.
        grid_secs: u64,
        /// And so many more.
        margin_secs: u64,
    }

    /// A round.
    Round {
        /// Which roster it draws from.
        roster: Pin,
        /// Its seeds.
        seeds: Seeds,
        /// Who leads it.
        lead: Lead,
        /// What may happen now.
        phase: Phase,
        /// The model that comes out.
        model: NewModel,
        /// When it ended.
        settled_at: Option<Timestamp>,
    }

    /// A roster, as it was when a round began.
    Pin {
        /// Its epoch.
        epoch: u64,
        /// Members.
        nodes: u32,
        /// Units.
        units: u64,
    }

    /// Seeds of a round.
    Seeds {
        /// C of the first checks. Once it is there it never changes.
        check: Option<Hash32>,
    }

    /// Leaders of a round.
    Lead {
        /// Nobody proved.
        beacon_only: bool,
    }

    /// The model that comes out of a round.
    NewModel {
        /// The slice of the holdout, if it was opened.
        slice: Option<IgnoredAny>,
    }

    /// What the beacon says of a time.
    Randomness {
        /// Which round it is.
        first: First,
        /// Of the round, if it is there.
        randomness: Option<Hash32>,
    }

    /// A round of the beacon.
    First {
        /// Its number.
        round: u64,
    }

    /// A node.
    Node {
        /// Its number.
        node_id: u64,
        /// Its owner.
        owner: Addr,
        /// Its keys in an epoch.
        keys: Keys,
    }

    /// Keys of a node.
    Keys {
        /// Its own account.
        account: Addr,
    }

    RunAnswer { run: Option<Run>, }
    RoundAnswer { round: Option<Round>, }
    TrainingConfig { nodes: Addr, }
    KeysAnswer { nodes: Vec<Node>, }
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
pub(super) fn randomness(world: &World, at: Timestamp) -> StdResult<Randomness> {
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
    pub(super) fn keys(&self, epoch: u64, node_ids: Vec<u64>) -> StdResult<Vec<Node>> {
        let query = NodesQuery::Keys { epoch, node_ids };
        let answer: KeysAnswer = self.querier.query_wasm_smart(&self.address, &query)?;
        Ok(answer.nodes)
    }
}
