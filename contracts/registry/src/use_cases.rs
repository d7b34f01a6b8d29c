//! Which models have a use case, and how many they are.

use cosmwasm_std::{Empty, Storage};
use modelbond_interface::registry::UseCase;

use crate::state::{one_more, BY_USE_CASE, USE_CASES};
use crate::ContractError;

/// A model has it from now on.
pub(crate) fn add(
    storage: &mut dyn Storage,
    use_case: UseCase,
    number: u32,
) -> Result<(), ContractError> {
    let use_case = use_case.number();
    let models = USE_CASES.may_load(storage, use_case)?.unwrap_or_default();
    USE_CASES.save(storage, use_case, &one_more("models", models)?)?;
    Ok(BY_USE_CASE.save(storage, (use_case, number), &Empty {})?)
}

/// A model that has it does not have it any more.
pub(crate) fn remove(
    storage: &mut dyn Storage,
    use_case: UseCase,
    number: u32,
) -> Result<(), ContractError> {
    let use_case = use_case.number();
    match USE_CASES.load(storage, use_case)?.saturating_sub(1) {
        0 => USE_CASES.remove(storage, use_case),
        models => USE_CASES.save(storage, use_case, &models)?,
    }
    BY_USE_CASE.remove(storage, (use_case, number));
    Ok(())
}
