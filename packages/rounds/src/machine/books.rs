//! What can be asked of the books without changing anything.

use cosmwasm_std::{Addr, Storage, Uint128};
use modelbond_interface::training::{Due, Group, Phase, Round, SeatId, Stage, Verdict};

use super::claim::due_key;
use super::feedback::ADOPTION_DAYS;
use crate::clock::Now;
use crate::digest::Context;
use crate::pay::{allocation, s_max};
use crate::state::{
    group_of, reveal_of, round_of, seat_of, Opinion, ADOPTION, ADVANCES, CLAIMED, DAYS, OPINIONS,
};
use crate::RoundError;

const DAY_SECS: u64 = 86_400;

/// The state, to be read.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    /// Where everything is.
    pub store: &'a dyn Storage,
    /// The block.
    pub now: Now,
    /// Chain id.
    pub chain_id: &'a str,
    /// Address of the training contract.
    pub contract: &'a str,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// To whom.
    pub recipient: Addr,
    /// How much; also nothing, for accepted work.
    pub amount: Uint128,
    /// Whether it is for accepted work, which is booked for block rewards.
    pub works: bool,
    /// Whether it was paid.
    pub claimed: bool,
}

impl Books<'_> {
    /// What every digest of a round begins with.
    #[must_use]
    pub fn context_of(&self, round: &Round) -> Context {
        Context {
            chain_id: self.chain_id.to_owned(),
            contract: self.contract.to_owned(),
            run_id: round.run_id,
            round_id: round.round_id,
            beacon: round.beacon,
        }
    }

    /// What is owed for something in a final round. `sender` counts only for [`Due::Advances`].
    ///
    /// # Errors
    /// When nothing is owed.
    pub fn owed(
        &self,
        (run_id, round_id): (u64, u64),
        due: Due,
        sender: &Addr,
    ) -> Result<Owed, RoundError> {
        let round = round_of(self.store, (run_id, round_id))?;
        self.owed_by(&round, due, sender)
    }

    /// The same, where the round was read already.
    pub(crate) fn owed_by(
        &self,
        round: &Round,
        due: Due,
        sender: &Addr,
    ) -> Result<Owed, RoundError> {
        let (run_id, round_id) = (round.run_id, round.round_id);
        if round.phase != Phase::Final {
            return Err(RoundError::NotFinal { round_id });
        }
        let (recipient, amount, works) = match due {
            Due::Contribution { group } => self.contribution(round, group)?,
            Due::Seat(seat) => self.for_seat(round, seat)?,
            Due::Lead {} => {
                let leader = round.lead.leaders.get(usize::from(round.lead.attempt));
                let leader = leader.ok_or(nothing("nobody led"))?;
                (leader.owner.clone(), round.pay.leader, !round.pay.leader.is_zero())
            }
            Due::Advances {} => {
                let count = ADVANCES.may_load(self.store, (run_id, round_id, sender))?;
                let count = Uint128::from(count.unwrap_or_default());
                (sender.clone(), round.pay.per_advance.saturating_mul(count), false)
            }
            Due::Challenge { group } => {
                let group = group_of(self.store, (run_id, round_id), group)?;
                let challenge = group.challenge.ok_or(nothing("nobody challenged the group"))?;
                (challenge.by, challenge.owed, false)
            }
        };
        let claimed = match due {
            Due::Advances {} => {
                ADVANCES.may_load(self.store, (run_id, round_id, sender))? == Some(0)
            }
            _ => CLAIMED.has(self.store, (run_id, round_id, due_key(due))),
        };
        if amount.is_zero() && !works && !claimed {
            return Err(nothing("its part is zero"));
        }
        Ok(Owed { recipient, amount, works, claimed })
    }

    /// What the contribution of a group draws of `trainers` (equation 1); 0 if it was not accepted.
    pub(crate) fn share(
        &self,
        round: &Round,
        group: u8,
        trainers: Uint128,
    ) -> Result<Uint128, RoundError> {
        let group = group_of(self.store, (round.run_id, round.round_id), group)?;
        let (Verdict::Accepted { .. }, Some(work)) = (&group.verdict, group.work) else {
            return Ok(Uint128::zero());
        };
        let most = s_max(trainers, group.quality, round.pay.quality);
        let check = round.seeds.check.unwrap_or_default();
        let lot = self.context_of(round).allocation(group.group, work, round.nps, check);
        Ok(allocation(&lot, most))
    }

    fn contribution(&self, round: &Round, group: u8) -> Result<(Addr, Uint128, bool), RoundError> {
        let share = self.share(round, group, round.pay.trainers)?;
        let trainer = SeatId { stage: Stage::Work, group, slot: 0 };
        let seat = seat_of(self.store, (round.run_id, round.round_id), trainer)?;
        Ok((seat.owner, share, is_accepted(round.accepted, group)))
    }

    fn for_seat(&self, round: &Round, id: SeatId) -> Result<(Addr, Uint128, bool), RoundError> {
        let key = (round.run_id, round.round_id);
        let seat = seat_of(self.store, key, id)?;
        let shown = reveal_of(self.store, key, id).ok_or(nothing("it did not answer"))?;
        if Stage::committee(round.lead.attempt) == Some(id.stage) {
            let work = round.model.aggregate.map(|aggregate| aggregate.work);
            if !round.model.confirmed || work != Some(shown) {
                return Err(nothing("it did not confirm what was confirmed"));
            }
            return Ok((seat.owner, round.pay.per_member, true));
        }
        if !matches!(id.stage, Stage::Work | Stage::Check | Stage::Appeal) {
            return Err(nothing("its committee was not the last one"));
        }
        let group = group_of(self.store, key, id.group)?;
        if group.work != Some(shown) {
            return Err(nothing("it found something else"));
        }
        let (amount, works) = part_of_group(round, &group, id)?;
        Ok((seat.owner, amount, works))
    }

    pub(crate) fn today(&self) -> u64 {
        self.now.time.seconds().checked_div(DAY_SECS).unwrap_or_default()
    }

    /// Users who paid within the last 30 days: looks at 30 days at most.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub fn users(&self, run_id: u64) -> Result<u32, RoundError> {
        let Some(adoption) = ADOPTION.may_load(self.store, run_id)? else {
            return Ok(0);
        };
        let from = self.today().saturating_sub(ADOPTION_DAYS).saturating_add(1);
        let mut users = adoption.users;
        let gone =
            adoption.counted_from..from.min(adoption.counted_from.saturating_add(ADOPTION_DAYS));
        for day in gone {
            let left = DAYS.may_load(self.store, (run_id, day))?.unwrap_or_default();
            users = users.saturating_sub(left);
        }
        Ok(users)
    }

    /// What users said in an epoch.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub fn opinion(&self, run_id: u64, epoch: u64) -> Result<Opinion, RoundError> {
        Ok(OPINIONS.may_load(self.store, (run_id, epoch))?.unwrap_or_default())
    }
}

/// Whether a group is among the accepted ones: bit g for group g.
pub(crate) fn is_accepted(accepted: u16, group: u8) -> bool {
    1_u16.checked_shl(group.into()).is_some_and(|bit| accepted & bit != 0)
}

/// What a seat of a group is paid, and whether that is for accepted work.
fn part_of_group(round: &Round, group: &Group, id: SeatId) -> Result<(Uint128, bool), RoundError> {
    if id.stage != Stage::Work && group.jury_stage == Some(id.stage) {
        return Ok((group.juror_pay, false));
    }
    match group.verdict {
        Verdict::Accepted { .. } | Verdict::Rejected {}
            if id.stage == Stage::Work && id.slot == 0 =>
        {
            Err(nothing("a trainer is paid for its contribution"))
        }
        Verdict::Accepted { .. } | Verdict::Rejected {} => Ok((round.pay.per_witness, true)),
        Verdict::Unavailable {} if id.stage == Stage::Work => {
            Ok((round.pay.per_unavailable, false))
        }
        _ => Err(nothing("nothing can be said about its group")),
    }
}

fn nothing(why: &'static str) -> RoundError {
    RoundError::NothingOwed { why }
}
