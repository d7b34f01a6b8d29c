//! What rewards reads of other contracts. The registry's terms and training's work are read in place.

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_schema::serde::Deserialize;
use cosmwasm_std::{Addr, Empty, QuerierWrapper, StdError, Timestamp, Uint128};
use cw_storage_plus::Map;
use modelbond_interface::market::{
    EpochStatsResponse, FeeSplit, LedgersResponse, QueryMsg as MarketQuery,
};
use modelbond_interface::registry::{ModelTerms, TERMS};
use modelbond_interface::training::{ModelWork, WORK};

use crate::state::Config;
use crate::ContractError;

/// The contracts around this one.
pub(crate) struct World<'a> {
    pub(crate) querier: QuerierWrapper<'a>,
    pub(crate) config: Config,
}

/// What is read of [`modelbond_interface::market::ConfigResponse`]: all of it would be a tenth of this contract's
/// code.
#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct MarketConfig {
    opened_at: Timestamp,
    params: MarketParams,
}

#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct MarketParams {
    fees: Fees,
    emission: Emission,
}

#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct Fees {
    split: FeeSplit,
}

#[derive(Deserialize)]
#[serde(crate = "cosmwasm_schema::serde")]
struct Emission {
    epoch_secs: u64,
}

/// A market's clock, and what of its fees is for rewards.
pub(crate) struct Market {
    /// Number of the epoch now.
    pub(crate) epoch: u32,
    /// Of every fee, in 1/10,000.
    pub(crate) rewards_bps: u32,
}

impl World<'_> {
    /// What the registry knows of a model.
    pub(crate) fn terms(&self, model: &Addr) -> Result<ModelTerms, ContractError> {
        let terms: Map<&Addr, ModelTerms> = Map::new(TERMS);
        let found = terms.query(&self.querier, self.config.registry.clone(), model)?;
        found.ok_or_else(|| ContractError::UnknownModel { model: model.clone() })
    }

    /// What was done for a model.
    pub(crate) fn work(&self, model: &Addr) -> Result<ModelWork, ContractError> {
        let key = Map::<&Addr, Empty>::new(WORK).key(model).to_vec();
        let found = self.querier.query_wasm_raw(self.config.training.as_str(), key)?;
        let Some(bytes) = found.filter(|bytes| !bytes.is_empty()) else {
            return Ok(ModelWork::default());
        };
        let work = ModelWork::of_bytes(&bytes);
        Ok(work.ok_or_else(|| StdError::parse_err("ModelWork", "it has another length"))?)
    }

    /// A model's market. Its epochs are counted as it counts them itself.
    pub(crate) fn market(&self, model: &Addr, now: Timestamp) -> Result<Market, ContractError> {
        let config: MarketConfig = self.ask(model, &MarketQuery::Config {})?;
        let since = now.nanos().saturating_sub(config.opened_at.nanos());
        let length = config.params.emission.epoch_secs.saturating_mul(1_000_000_000);
        let epoch = since.checked_div(length).and_then(|epoch| u32::try_from(epoch).ok());
        let rewards_bps = config.params.fees.split.rewards_bps;
        Ok(Market { epoch: epoch.unwrap_or(u32::MAX), rewards_bps })
    }

    /// Trading in an epoch.
    pub(crate) fn stats(
        &self,
        model: &Addr,
        epoch: u32,
    ) -> Result<EpochStatsResponse, ContractError> {
        self.ask(model, &MarketQuery::EpochStats { epoch })
    }

    /// The market's ledger of rewards.
    pub(crate) fn ledger(&self, model: &Addr) -> Result<Uint128, ContractError> {
        let ledgers: LedgersResponse = self.ask(model, &MarketQuery::Ledgers {})?;
        Ok(ledgers.rewards)
    }

    fn ask<T: DeserializeOwned>(
        &self,
        model: &Addr,
        query: &MarketQuery,
    ) -> Result<T, ContractError> {
        Ok(self.querier.query_wasm_smart(model.as_str(), query)?)
    }
}
