//! Who pays for using a model, and what they say of it.
//!
//! A score weighs what of the payer's fees cannot return to them, at most [`CAP`] in an epoch, so that
//! neither many accounts nor one large payment buys a score.

use cosmwasm_std::{Addr, StdError, Uint128};
use modelbond_interface::training::{FeedbackSubmitted, UsageCredited};

use super::Machine;
use crate::metrics::nps;
use crate::state::{run_of, Adoption, ADOPTION, DAYS, LAST_PAID, OPINIONS, USER_EPOCHS};
use crate::world::World;
use crate::RoundError;

/// Days that a payment counts for adoption.
pub const ADOPTION_DAYS: u64 = 30;
/// What one user's score weighs at most in an epoch: 1,000 of the reserve's whole tokens.
pub const CAP: Uint128 = Uint128::new(1_000_000_000);

impl<W: World> Machine<'_, W> {
    /// Says that somebody paid.
    ///
    /// # Errors
    /// When `sender` is not the run's usage source.
    pub fn credit(
        &mut self,
        run_id: u64,
        (sender, user): (&Addr, &Addr),
        amount: Uint128,
    ) -> Result<(), RoundError> {
        let run = run_of(self.store, run_id)?;
        if run.params.usage_source != sender.as_str() {
            let owner = Addr::unchecked(run.params.usage_source);
            return Err(RoundError::Unauthorized { owner, sender: sender.clone() });
        }
        let epoch = self.world.epoch(self.now.time);
        let key = (run_id, user, epoch);
        let mut paid = USER_EPOCHS.may_load(self.store, key)?.unwrap_or_default();
        paid.paid = paid.paid.checked_add(amount).map_err(StdError::from)?;
        USER_EPOCHS.save(self.store, key, &paid);
        if !amount.is_zero() {
            self.count_user(run_id, user)?;
        }
        self.event(UsageCredited { run_id, user: user.to_string(), amount: amount.u128(), epoch });
        Ok(())
    }

    /// Users who paid within the last 30 days; lets go of the others, so that nobody counts the same
    /// days again.
    pub(crate) fn recount_users(&mut self, run_id: u64) -> Result<u32, RoundError> {
        let users = self.books().users(run_id)?;
        if ADOPTION.has(self.store, run_id) {
            let counted_from = self.first_day();
            ADOPTION.save(self.store, run_id, &Adoption { users, counted_from });
        }
        Ok(users)
    }

    /// The first of the last 30 days.
    fn first_day(&self) -> u64 {
        self.books().today().saturating_sub(ADOPTION_DAYS).saturating_add(1)
    }

    /// Moves a user to today, and lets go of whoever paid more than 30 days ago.
    fn count_user(&mut self, run_id: u64, user: &Addr) -> Result<(), RoundError> {
        let today = self.books().today();
        let mut users = self.books().users(run_id)?;
        let from = self.first_day();
        let last = LAST_PAID.may_load(self.store, (run_id, user))?;
        if last != Some(today) {
            let counted = last.filter(|day| *day >= from);
            match counted {
                Some(day) => {
                    let left = DAYS.may_load(self.store, (run_id, day))?.unwrap_or_default();
                    DAYS.save(self.store, (run_id, day), &left.saturating_sub(1));
                }
                None => users = users.saturating_add(1),
            }
            let now = DAYS.may_load(self.store, (run_id, today))?.unwrap_or_default();
            DAYS.save(self.store, (run_id, today), &now.saturating_add(1));
            LAST_PAID.save(self.store, (run_id, user), &today);
        }
        let adoption = Adoption { users, counted_from: from };
        ADOPTION.save(self.store, run_id, &adoption);
        Ok(())
    }

    /// Takes what a user says about an epoch in which they paid.
    ///
    /// # Errors
    /// When they did not pay, said it before, or the epoch is another one.
    pub fn feedback(
        &mut self,
        run_id: u64,
        user: &Addr,
        score: u8,
        given: u64,
    ) -> Result<(), RoundError> {
        run_of(self.store, run_id)?;
        if score > 10 {
            return Err(RoundError::Score { score });
        }
        let now = self.world.epoch(self.now.time);
        if given > now || now.saturating_sub(given) > 1 {
            return Err(RoundError::OtherEpoch { given, now });
        }
        let key = (run_id, user, given);
        let mut said = USER_EPOCHS.may_load(self.store, key)?.unwrap_or_default();
        let weight = said.paid.min(CAP);
        if weight.is_zero() {
            return Err(RoundError::NotAUser { user: user.clone(), epoch: given });
        }
        if said.score.is_some() {
            return Err(RoundError::AlreadyRated { user: user.clone(), epoch: given });
        }
        said.score = Some(score);
        USER_EPOCHS.save(self.store, key, &said);
        let mut opinion = self.books().opinion(run_id, given)?;
        let counter = match score {
            9.. => &mut opinion.promoters,
            7..=8 => &mut opinion.passives,
            _ => &mut opinion.detractors,
        };
        *counter = counter.checked_add(weight).map_err(StdError::from)?;
        OPINIONS.save(self.store, (run_id, given), &opinion);
        self.event(FeedbackSubmitted {
            run_id,
            user: user.to_string(),
            score,
            weight: weight.u128(),
            epoch: given,
        });
        Ok(())
    }

    /// NPS for a round that opens in an epoch: of the epoch before the last one, about which nobody can
    /// say anything any more.
    pub(crate) fn nps(&self, run_id: u64, epoch: u64) -> Result<i32, RoundError> {
        let Some(epoch) = epoch.checked_sub(2) else {
            return Ok(0);
        };
        let opinion = self.books().opinion(run_id, epoch)?;
        Ok(nps(opinion.promoters, opinion.passives, opinion.detractors))
    }
}
