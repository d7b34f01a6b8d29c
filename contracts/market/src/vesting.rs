//! Vesting of the creator's initial tokens and of the stakeholders' shares: linear streams, of
//! which nothing is claimable before the cliff. What a beneficiary may claim is their part of
//! all that ever vested, less what they claimed, so claims need no order and lose no unit.

use cosmwasm_std::{Addr, Storage, Timestamp};

use crate::amount::{add, bps_down, bps_up, nanos, sub};
use crate::state::{Config, Vesting, BOOK, INITIAL_CLAIMED, INITIAL_VESTING, STAKEHOLDER_CLAIMED};
use crate::ContractError;

impl Vesting {
    /// Moves what has vested by `now` over.
    pub(crate) fn release(&mut self, now: u64) -> Result<(), ContractError> {
        self.vested = add(self.vested, self.stream.release(now))?;
        Ok(())
    }

    /// Adds tokens that vest from `now`.
    pub(crate) fn deposit(
        &mut self,
        tokens: u128,
        now: u64,
        config: &Config,
    ) -> Result<(), ContractError> {
        self.release(now)?;
        let duration = nanos(config.params.vesting.duration_secs);
        Ok(self.stream.deposit(tokens, now, duration)?)
    }

    /// Tokens held for beneficiaries, vested or not, given what was claimed.
    pub(crate) fn unclaimed(&self, claimed: u128) -> Result<u128, ContractError> {
        sub(add(self.stream.amount, self.vested)?, claimed)
    }
}

/// When the cliff ends.
pub(crate) fn cliff_at(config: &Config) -> Timestamp {
    let cliff = nanos(config.params.vesting.cliff_secs);
    Timestamp::from_nanos(config.opened_at.nanos().saturating_add(cliff))
}

/// One beneficiary's claimable tokens of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) initial: u128,
    pub(crate) stakeholder: u128,
}

impl Claims {
    /// Both kinds together.
    pub(crate) fn total(self) -> Result<u128, ContractError> {
        add(self.initial, self.stakeholder)
    }
}

/// What `address` may claim at `now`.
pub(crate) fn claims(
    storage: &dyn Storage,
    config: &Config,
    address: &Addr,
    now: u64,
) -> Result<Claims, ContractError> {
    let mut claims = Claims::default();
    if now < cliff_at(config).nanos() {
        return Ok(claims);
    }
    if *address == config.creator {
        let mut vesting = INITIAL_VESTING.load(storage)?;
        vesting.release(now)?;
        let claimed = INITIAL_CLAIMED.may_load(storage)?.unwrap_or_default().u128();
        claims.initial = sub(vesting.vested, claimed)?;
    }
    let stakeholders = &config.params.allocation.stakeholders;
    if let Some(share) = stakeholders.iter().find(|share| share.address == *address.as_str()) {
        let mut vesting = BOOK.load(storage)?.stakeholders;
        vesting.release(now)?;
        let claimed = STAKEHOLDER_CLAIMED.may_load(storage, address)?.unwrap_or_default().u128();
        claims.stakeholder = sub(bps_down(vesting.vested, share.bps)?, claimed)?;
    }
    Ok(claims)
}

/// Tokens that the market holds for beneficiaries.
pub(crate) fn held(storage: &dyn Storage, config: &Config) -> Result<u128, ContractError> {
    let initial = INITIAL_CLAIMED.may_load(storage)?.unwrap_or_default().u128();
    let mut held = INITIAL_VESTING.load(storage)?.unclaimed(initial)?;
    let claimed = stakeholders_claimed(storage, config)?;
    held = add(held, BOOK.load(storage)?.stakeholders.unclaimed(claimed)?)?;
    Ok(held)
}

/// Stakeholder tokens claimed by all; there are at most 16 stakeholders.
pub(crate) fn stakeholders_claimed(
    storage: &dyn Storage,
    config: &Config,
) -> Result<u128, ContractError> {
    let mut claimed = 0;
    for share in &config.params.allocation.stakeholders {
        let address = Addr::unchecked(&share.address);
        let amount = STAKEHOLDER_CLAIMED.may_load(storage, &address)?.unwrap_or_default();
        claimed = add(claimed, amount.u128())?;
    }
    Ok(claimed)
}

/// The supply floor: a tenth of S₀, rounded up.
pub(crate) fn floor_of(initial_supply: u128) -> Result<u128, ContractError> {
    bps_up(initial_supply, 1_000)
}
