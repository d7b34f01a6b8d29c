//! The beacon and the nodes contract, as the round machine sees them. Rosters are read in place, which
//! costs as much as own storage.

use cosmwasm_std::{from_json, Empty, QuerierWrapper, StdError, Timestamp};
use cw_storage_plus::Map;
use modelbond_interface::beacon::{
    FirstRoundResponse, QueryMsg as BeaconQuery, RandomnessResponse,
};
use modelbond_interface::nodes::{
    Directory, KeysResponse, Member, NodeKeys, QueryMsg as NodesQuery, DIRECTORIES, PAGES,
};
use modelbond_rounds::{RoundError, World};

use crate::state::Config;

/// The contracts around this one.
pub(crate) struct Contracts<'a> {
    pub(crate) querier: QuerierWrapper<'a>,
    pub(crate) config: Config,
}

impl Contracts<'_> {
    fn raw(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RoundError> {
        let found = self.querier.query_wasm_raw(self.config.nodes.as_str(), key)?;
        Ok(found.filter(|bytes| !bytes.is_empty()))
    }
}

impl World for Contracts<'_> {
    fn first_round(&self, at: Timestamp) -> Result<FirstRoundResponse, RoundError> {
        let query = BeaconQuery::FirstRound { at };
        Ok(self.querier.query_wasm_smart(self.config.beacon.as_str(), &query)?)
    }

    fn randomness(&self, at: Timestamp) -> Result<RandomnessResponse, RoundError> {
        let query = BeaconQuery::Randomness { at };
        Ok(self.querier.query_wasm_smart(self.config.beacon.as_str(), &query)?)
    }

    fn epoch(&self, at: Timestamp) -> u64 {
        // To the nanosecond as the nodes contract counts.
        let since = at.nanos().saturating_sub(self.config.started_at.nanos());
        let length = self.config.epoch_secs.saturating_mul(1_000_000_000);
        since.checked_div(length).unwrap_or_default()
    }

    fn directory(&self, run_id: u64, epoch: u64) -> Result<Directory, RoundError> {
        let directories: Map<(u64, u64), Directory> = Map::new(DIRECTORIES);
        match self.raw(&directories.key((run_id, epoch)))? {
            Some(bytes) => Ok(from_json(bytes)?),
            None => Ok(Directory::default()),
        }
    }

    fn page(&self, run_id: u64, epoch: u64, page: u32) -> Result<Vec<Member>, RoundError> {
        let pages: Map<(u64, u64, u32), Empty> = Map::new(PAGES);
        let bytes = self.raw(&pages.key((run_id, epoch, page)))?.unwrap_or_default();
        Ok(Member::of_page(&bytes).collect())
    }

    fn keys(&self, epoch: u64, node_ids: &[u64]) -> Result<Vec<NodeKeys>, RoundError> {
        let query = NodesQuery::Keys { epoch, node_ids: node_ids.to_vec() };
        let answer: KeysResponse =
            self.querier.query_wasm_smart(self.config.nodes.as_str(), &query)?;
        if answer.nodes.len() != node_ids.len() {
            return Err(StdError::generic_err("the nodes contract left out nodes").into());
        }
        Ok(answer.nodes)
    }
}
