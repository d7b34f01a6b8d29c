//! The contracts around this one, read in place: their layouts are part of the interface.

use cosmwasm_std::{from_json, Addr, Env, QuerierWrapper, StdResult, Storage};
use cw_storage_plus::Map;
use modelbond_interface::registry::{ModelTerms, TERMS};
use modelbond_interface::training::OPEN_RUNS;

use crate::state::{Config, CONFIG};
use crate::ContractError;

/// The registry and training.
pub(crate) struct World<'a> {
    /// Asks them.
    pub(crate) querier: QuerierWrapper<'a>,
    /// Where they are.
    pub(crate) config: Config,
    /// This contract.
    pub(crate) contract: Addr,
}

impl<'a> World<'a> {
    /// Around this contract.
    pub(crate) fn of(
        storage: &dyn Storage,
        querier: QuerierWrapper<'a>,
        env: &Env,
    ) -> StdResult<Self> {
        let contract = env.contract.address.clone();
        Ok(Self { querier, config: CONFIG.load(storage)?, contract })
    }

    /// What was agreed about a model, which must be registered.
    pub(crate) fn terms(&self, model: &Addr) -> Result<ModelTerms, ContractError> {
        let terms: Map<&Addr, ModelTerms> = Map::new(TERMS);
        match self.raw(&self.config.registry, &terms.key(model))? {
            Some(bytes) => Ok(from_json(bytes)?),
            None => Err(ContractError::UnknownModel { model: model.clone() }),
        }
    }

    /// The run of a model that is not closed.
    pub(crate) fn open_run(&self, model: &Addr) -> Result<Option<u64>, ContractError> {
        let runs: Map<&Addr, u64> = Map::new(OPEN_RUNS);
        let bytes = self.raw(&self.config.training, &runs.key(model))?;
        let number = bytes.and_then(|bytes| bytes.try_into().ok());
        Ok(number.map(u64::from_be_bytes))
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> StdResult<Option<Vec<u8>>> {
        let found = self.querier.query_wasm_raw(contract.as_str(), key)?;
        Ok(found.filter(|bytes| !bytes.is_empty()))
    }
}
