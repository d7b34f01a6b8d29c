//! What is agreed when a model opens, and never changed: royalties, and block rewards per volume.
//!
//! A parent is a model that is here before its child, so that nothing is its own ancestor.

use cosmwasm_std::{Decimal, Deps, StdError, Uint128};
use modelbond_interface::market::FeeParams;
use modelbond_interface::registry::{Parent, ParentTerms, MAX_PARENTS, MAX_ROYALTY_BPS};

use crate::metadata::first_twice;
use crate::state::Registered;
use crate::ContractError;

/// fee × rewards' part of it, of a volume: bps · bps = 10⁻⁸.
const RATE_DECIMALS: u32 = 8;

/// The reward rate asked for, or the highest. Σ of all rewards of a volume is then at most what rewards got
/// of its fees.
pub(crate) fn reward_rate(
    asked: Option<Decimal>,
    fees: &FeeParams,
) -> Result<Decimal, ContractError> {
    let part = u64::from(fees.fee_bps).saturating_mul(fees.split.rewards_bps.into());
    let most = Decimal::from_atomics(Uint128::from(part), RATE_DECIMALS);
    // 64 bits with ten more decimals are far below 128 bits.
    let most = most.map_err(|error| StdError::generic_err(error.to_string()))?;
    let rate = asked.unwrap_or(most);
    if rate > most {
        return Err(ContractError::RewardRate { rate, most });
    }
    Ok(rate)
}

/// Refuses more than half.
pub(crate) fn ensure_royalty(field: &'static str, bps: u32) -> Result<(), ContractError> {
    if bps > u32::from(MAX_ROYALTY_BPS) {
        return Err(ContractError::Royalty { field, actual: bps, most: MAX_ROYALTY_BPS });
    }
    Ok(())
}

/// The parents, each of which agrees: it is here, paid in the same denom, and gets what it asks for or
/// more.
pub(crate) fn agree(
    deps: Deps,
    parents: &[Parent],
    reserve_denom: &str,
) -> Result<Vec<Registered>, ContractError> {
    let actual = parents.len();
    if actual > MAX_PARENTS {
        return Err(ContractError::Parents { actual, most: MAX_PARENTS });
    }
    let sum = parents.iter().fold(0u32, |sum, one| sum.saturating_add(one.royalty_bps.into()));
    ensure_royalty("the royalty of all parents", sum)?;
    let agreed = parents
        .iter()
        .map(|Parent { model, royalty_bps }| {
            let parent = Registered::load(deps, model)?;
            ensure_agrees(&parent, *royalty_bps, reserve_denom)?;
            Ok(parent)
        })
        .collect::<Result<Vec<_>, ContractError>>()?;
    let numbers: Vec<_> = agreed.iter().map(|parent| (parent.number, &parent.model)).collect();
    match first_twice(&numbers) {
        Some((_, model)) => Err(ContractError::DuplicateParent { model: (*model).clone() }),
        None => Ok(agreed),
    }
}

fn ensure_agrees(
    parent: &Registered,
    offered: u16,
    reserve_denom: &str,
) -> Result<(), ContractError> {
    let (model, asked) = (&parent.model, parent.terms.royalty_bps);
    if parent.terms.reserve_denom != reserve_denom {
        return Err(ContractError::ReserveDenom {
            model: model.clone(),
            expected: parent.terms.reserve_denom.clone(),
            actual: reserve_denom.to_owned(),
        });
    }
    if offered < asked {
        return Err(ContractError::RoyaltyTooLow { model: model.clone(), asked, offered });
    }
    Ok(())
}

/// What is stored of the parents.
pub(crate) fn parent_terms(agreed: &[Registered], parents: &[Parent]) -> Vec<ParentTerms> {
    let royalties = parents.iter().map(|parent| parent.royalty_bps);
    let models = agreed.iter().map(|parent| parent.model.clone());
    models.zip(royalties).map(|(model, royalty_bps)| ParentTerms { model, royalty_bps }).collect()
}

/// Parents as the event has them.
pub(crate) fn shown(parents: &[ParentTerms]) -> String {
    let shown: Vec<String> =
        parents.iter().map(|one| format!("{}:{}", one.model, one.royalty_bps)).collect();
    shown.join(",")
}
