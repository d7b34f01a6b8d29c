//! A model's record goes from owner to owner in two steps, so that nobody gets it who cannot use it.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use modelbond_interface::registry::{ModelHandedOver, ModelOffered};

use crate::state::{Registered, OFFERS};
use crate::ContractError;

pub(crate) fn offer(
    deps: DepsMut,
    info: &MessageInfo,
    model: &str,
    to: Option<String>,
) -> Result<Response, ContractError> {
    let Registered { model, number, terms } = {
        let registered = Registered::load(deps.as_ref(), model)?;
        registered.ensure_owner(&info.sender)?;
        registered
    };
    let to = to.map(|to| deps.api.addr_validate(&to)).transpose()?;
    if to.as_ref() == Some(&terms.owner) {
        return Err(ContractError::OfferedToOwner { model, owner: terms.owner });
    }
    match &to {
        Some(to) => OFFERS.save(deps.storage, number, to)?,
        None if OFFERS.has(deps.storage, number) => OFFERS.remove(deps.storage, number),
        None => return Err(ContractError::NotOffered { model }),
    }

    let to = to.map(|to| to.into_string()).unwrap_or_default();
    let event = ModelOffered { model: model.into_string(), to };
    Ok(Response::new().add_attribute("action", "offer_model").add_event(event))
}

pub(crate) fn accept(
    deps: DepsMut,
    info: &MessageInfo,
    model: &str,
) -> Result<Response, ContractError> {
    let mut registered = Registered::load(deps.as_ref(), model)?;
    let (model, number) = (registered.model.clone(), registered.number);
    let sender = info.sender.clone();
    match OFFERS.may_load(deps.storage, number)? {
        None => return Err(ContractError::NotOffered { model }),
        Some(offered_to) if offered_to != sender => {
            return Err(ContractError::OfferedToAnother { model, offered_to, sender });
        }
        Some(_) => {}
    }
    let from = std::mem::replace(&mut registered.terms.owner, sender.clone());

    registered.save_terms(deps.storage)?;
    OFFERS.remove(deps.storage, number);

    let event = ModelHandedOver {
        model: model.into_string(),
        from: from.into_string(),
        to: sender.into_string(),
    };
    Ok(Response::new().add_attribute("action", "accept_model").add_event(event))
}
