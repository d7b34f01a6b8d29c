//! Block rewards bought on the curve (market.md, `Emit`). Success changes supply: the cap of an
//! epoch is `tokens_per_epoch · (M − 1)/Σw`, so a model that proves nothing emits nothing.
//! Emission pays the purchase price, all of it to the reserve, in slices that cannot move the
//! price more than the ordinary trade of 10 minutes could.

use cosmwasm_std::{Storage, Timestamp, Uint128};
use modelbond_curve::{Rounding, Wide, U256};

use crate::amount::{add, nanos, portion, sub, BPS, ONE};
use crate::observe;
use crate::session::{weights, Session};
use crate::state::{EMITTED, LAST_EMISSION_AT};
use crate::ContractError;

const SLICE_INTERVAL: u64 = nanos(600);
const AVERAGE_SECS: u64 = 1_800;
const MAX_SLICE_BPS: u32 = 100;

/// A slice that was emitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Emitted {
    pub(crate) spent: u128,
    pub(crate) tokens_out: u128,
}

impl Session {
    /// Tokens that this epoch may emit at M now, those already emitted included.
    fn emission_cap(&self) -> Result<u128, ContractError> {
        let sum = weights(&self.config.params).sum()?;
        if sum == 0 {
            return Ok(0);
        }
        let success = self.book.multiplier.saturating_sub(ONE);
        let per_epoch = self.config.params.emission.tokens_per_epoch.u128();
        portion(per_epoch, success, sum, Rounding::Down)
    }

    /// The highest supply that a slice may lead to.
    fn slice_edge(&self, storage: &dyn Storage) -> Result<u128, ContractError> {
        let supply = u128::from(self.book.supply);
        let params = &self.config.params;
        let slice_bps = MAX_SLICE_BPS.min(params.fees.fee_bps);
        let span = Wide::from(self.total)
            .checked_mul(u64::from(slice_bps))
            .and_then(|span| span.div_floor(&Wide::from(U256::from_u128(BPS.into()))))
            .and_then(|span| span.to_u256())
            .ok_or(ContractError::Overflow { operation: "slice" })?;
        let by_slice = self.supply_after(span)?;

        let (average, _) = observe::recent_average(storage, self, AVERAGE_SECS)?;
        // TWAP·(1 + limit/2)
        let room = BPS.saturating_mul(2).saturating_add(params.limits.limit_bps.into());
        let highest = portion(average, room, BPS.saturating_mul(2), Rounding::Down)?;
        let by_price =
            self.curve.highest_supply_at(U256::from_u128(highest.min(self.band().high)))?;
        Ok(by_slice.min(by_price).max(supply))
    }

    /// Emits at most `max_tokens` for at most `budget`; nothing, when nothing fits.
    pub(crate) fn emit(
        &mut self,
        storage: &mut dyn Storage,
        budget: u128,
        max_tokens: u128,
    ) -> Result<Emitted, ContractError> {
        if let Some(last) = LAST_EMISSION_AT.may_load(storage)? {
            let next = last.nanos().saturating_add(SLICE_INTERVAL);
            if self.now < next {
                return Err(ContractError::EmitTooSoon { next_at: Timestamp::from_nanos(next) });
            }
        }
        let supply = u128::from(self.book.supply);
        let emitted = EMITTED.may_load(storage, self.book.epoch)?.unwrap_or_default().u128();
        let wanted = self.emission_cap()?.saturating_sub(emitted).min(max_tokens);
        let affordable = self.span_for(budget.min(self.book.rewards))?;
        let reached = self
            .supply_after(affordable)?
            .min(self.slice_edge(storage)?)
            .min(supply.saturating_add(wanted));
        let tokens_out = sub(reached, supply)?;
        if tokens_out == 0 {
            return Ok(Emitted::default());
        }
        let g = self.curve.g(reached)?;
        let (spent, _) = self.cost(g.saturating_sub(self.g))?;
        self.book.rewards = sub(self.book.rewards, spent)?;
        self.book.reserve = add(self.book.reserve, spent)?;
        self.move_to(reached, g)?;
        EMITTED.save(storage, self.book.epoch, &Uint128::new(add(emitted, tokens_out)?));
        LAST_EMISSION_AT.save(storage, &Timestamp::from_nanos(self.now));
        Ok(Emitted { spent, tokens_out })
    }
}
