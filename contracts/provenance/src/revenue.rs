//! What a model earns, and how it is shared out.

use cosmwasm_std::{Addr, DepsMut, Env, Event, Storage, Uint128};
use modelbond_economy::split::Parts;
use modelbond_interface::provenance::{RevenueShared, RoyaltyPaid, HOLDERS_BPS, RESERVE_BPS};
use modelbond_interface::registry::ModelTerms;

use crate::state::{waiting, Ledger, DENOMS, ROYALTIES};
use crate::world::World;
use crate::ContractError;

/// Money that came in for a model.
pub(crate) struct Income {
    /// From where.
    pub(crate) source: Source,
    /// Who paid it.
    pub(crate) payer: Addr,
    /// How much.
    pub(crate) amount: u128,
    /// What for.
    pub(crate) memo: String,
}

/// Money that was shared out.
pub(crate) struct Shared {
    /// What the reserve got of it.
    pub(crate) reserve: u128,
    /// What happened.
    pub(crate) events: Vec<Event>,
}

/// Where money comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// A user of the model.
    Usage,
    /// Models that are built on it.
    Royalty,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Royalty => "royalty",
        }
    }
}

/// Shares out the royalties that wait for a model, if there are any.
pub(crate) fn share_waiting(
    storage: &mut dyn Storage,
    world: &World,
    model: &Addr,
    ledger: &mut Ledger,
) -> Result<Vec<Event>, ContractError> {
    let amount = waiting(storage, model)?;
    if amount == 0 {
        return Ok(vec![]);
    }
    let terms = world.terms(model)?;
    ROYALTIES.remove(storage, model);
    let payer = world.contract.clone();
    let income = Income { source: Source::Royalty, payer, amount, memo: String::new() };
    Ok(share(storage, &terms, model, ledger, income)?.events)
}

/// The same, for messages that know nothing of the world: it is looked at only if something waits.
pub(crate) fn share_if_waiting(
    deps: &mut DepsMut,
    env: &Env,
    model: &Addr,
    ledger: &mut Ledger,
) -> Result<Vec<Event>, ContractError> {
    if waiting(deps.storage, model)? == 0 {
        return Ok(vec![]);
    }
    let world = World::of(deps.storage, deps.querier, env)?;
    share_waiting(deps.storage, &world, model, ledger)
}

/// Who gets which part of what a model earns.
pub(crate) fn parts(terms: &ModelTerms) -> Parts {
    Parts {
        reserve_bps: RESERVE_BPS,
        holders_bps: HOLDERS_BPS,
        royalties_bps: terms.parents.iter().map(|parent| parent.royalty_bps).collect(),
    }
}

/// Splits what came in by the terms of the model.
pub(crate) fn share(
    storage: &mut dyn Storage,
    terms: &ModelTerms,
    model: &Addr,
    ledger: &mut Ledger,
    income: Income,
) -> Result<Shared, ContractError> {
    let Income { source, payer, amount, memo } = income;
    if ledger.has_no_income() {
        DENOMS.save(storage, model, &terms.reserve_denom)?;
    }
    let split = parts(terms).split(amount)?;
    let (reserve, holders) = to_holders(ledger, split.holders)?;
    let reserve = add(split.reserve, reserve)?;
    ledger.reserve = add(ledger.reserve, reserve)?;
    ledger.owner = add(ledger.owner, split.owner)?;
    let total = match source {
        Source::Usage => &mut ledger.usage,
        Source::Royalty => &mut ledger.royalties,
    };
    *total = total.saturating_add(amount);

    let shared = RevenueShared {
        model: model.to_string(),
        source: source.name().to_owned(),
        payer: payer.into_string(),
        denom: terms.reserve_denom.clone(),
        amount: amount.into(),
        reserve: reserve.into(),
        royalties: split.royalty().into(),
        holders: holders.into(),
        owner: split.owner.into(),
        weight: u128::from(ledger.pool.weight).into(),
        memo,
    };
    let mut events = vec![shared.into()];
    for (parent, royalty) in terms.parents.iter().zip(split.royalties) {
        if royalty == 0 {
            continue;
        }
        let sum = add(waiting(storage, &parent.model)?, royalty)?;
        ROYALTIES.save(storage, &parent.model, &Uint128::new(sum))?;
        let paid = RoyaltyPaid {
            model: model.to_string(),
            parent: parent.model.to_string(),
            amount: royalty.into(),
        };
        events.push(paid.into());
    }
    Ok(Shared { reserve, events })
}

/// What of `amount` the reserve gets because there is no weight, and what holders get.
pub(crate) fn to_holders(ledger: &mut Ledger, amount: u128) -> Result<(u128, u128), ContractError> {
    if !ledger.pool.share_out(amount)? {
        return Ok((amount, 0));
    }
    ledger.holders = add(ledger.holders, amount)?;
    Ok((0, amount))
}

/// The sum of two amounts.
pub(crate) fn add(a: u128, b: u128) -> Result<u128, ContractError> {
    a.checked_add(b).ok_or(ContractError::Overflow)
}
