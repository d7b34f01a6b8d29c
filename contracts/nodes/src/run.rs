//! Runs, as training makes them known.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Storage};
use modelbond_interface::nodes::RunTerms;

use crate::error::ensure_length;
use crate::state::{CONFIG, RUNS};
use crate::ContractError;

/// Bytes of a hash.
pub(crate) const HASH_LENGTH: usize = 32;

/// Refuses who is not training.
pub(crate) fn ensure_training(
    storage: &dyn Storage,
    info: &MessageInfo,
) -> Result<(), ContractError> {
    let training = CONFIG.load(storage)?.training;
    if training == info.sender {
        return Ok(());
    }
    Err(ContractError::NotTraining { training, sender: info.sender.clone() })
}

/// Who was ready for an old algorithm stays in the rosters written so far; training knows when it
/// changed it.
pub(crate) fn set(
    deps: DepsMut,
    info: &MessageInfo,
    terms: RunTerms,
) -> Result<Response, ContractError> {
    ensure_training(deps.storage, info)?;
    let model = deps.api.addr_validate(&terms.model)?.into_string();
    let terms = RunTerms { model, ..terms };
    for (field, hash) in [
        ("dataset_root", &terms.dataset_root),
        ("algorithm_hash", &terms.algorithm_hash),
        ("known_answer", &terms.known_answer),
    ] {
        ensure_length(field, hash, HASH_LENGTH)?;
    }
    if terms.unit_stake.is_zero() {
        return Err(ContractError::Zero { field: "unit_stake" });
    }
    if let Some(before) = RUNS.may_load(deps.storage, terms.run_id)? {
        ensure_same(&before, &terms)?;
    }

    RUNS.save(deps.storage, terms.run_id, &terms)?;
    Ok(Response::new().add_attribute("action", "set_run"))
}

/// Only the algorithm and its known answer may change.
fn ensure_same(before: &RunTerms, terms: &RunTerms) -> Result<(), ContractError> {
    for (field, same) in [
        ("model", before.model == terms.model),
        ("unit_stake", before.unit_stake == terms.unit_stake),
        ("dataset_root", before.dataset_root == terms.dataset_root),
    ] {
        if !same {
            return Err(ContractError::RunFixed { run_id: terms.run_id, field });
        }
    }
    Ok(())
}
