//! What is said of a model changes.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use modelbond_interface::registry::{Metadata, ModelUpdated, UseCase};

use crate::metadata::{ensure_metadata, ensure_use_cases, slugs};
use crate::state::{Registered, MODELS};
use crate::{use_cases, ContractError};

pub(crate) fn update(
    deps: DepsMut,
    info: &MessageInfo,
    model: &str,
    metadata: Metadata,
    new: &[UseCase],
) -> Result<Response, ContractError> {
    let registered = Registered::load(deps.as_ref(), model)?;
    registered.ensure_owner(&info.sender)?;
    ensure_metadata(&metadata)?;
    ensure_use_cases(new)?;
    let number = registered.number;
    let mut stored = MODELS.load(deps.storage, number)?;
    let old: Vec<UseCase> = stored.use_cases().collect();
    let event = ModelUpdated {
        model: registered.model.into_string(),
        weights_hash: metadata.weights_hash.to_string(),
        use_cases: slugs(new),
    };
    stored.metadata = metadata;
    stored.use_cases = new.iter().map(|use_case| use_case.number()).collect();

    MODELS.save(deps.storage, number, &stored)?;
    for use_case in old.iter().filter(|one| !new.contains(one)) {
        use_cases::remove(deps.storage, *use_case, number)?;
    }
    for use_case in new.iter().filter(|one| !old.contains(one)) {
        use_cases::add(deps.storage, *use_case, number)?;
    }

    Ok(Response::new().add_attribute("action", "update_model").add_event(event))
}
