//! What is owed, to whom, once.

use cosmwasm_std::{Addr, Empty, Uint128};
use modelbond_interface::training::{
    Due, Group, Phase, Round, RoundClaimed, SeatId, Stage, Verdict,
};

use super::Machine;
use crate::state::{
    group_of, reveal_of, round_of, run_of, seat_key, seat_of, ADVANCES, CLAIMED, RUNS,
};
use crate::world::{Effect, World};
use crate::RoundError;

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// To whom.
    pub recipient: Addr,
    /// How much.
    pub amount: Uint128,
    /// Whether it was paid.
    pub claimed: bool,
}

impl<W: World> Machine<'_, W> {
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
        if round.phase != Phase::Final {
            return Err(RoundError::NotFinal { round_id });
        }
        let (recipient, amount) = match due {
            Due::Contribution { group } => self.contribution(&round, group)?,
            Due::Seat(seat) => self.for_seat(&round, seat)?,
            Due::Lead {} => {
                let leader = round.leaders.get(usize::from(round.attempt));
                let leader = leader.ok_or(nothing("nobody led"))?;
                (leader.owner.clone(), round.pay.leader)
            }
            Due::Advances {} => {
                let count = ADVANCES.may_load(self.store, (run_id, round_id, sender))?;
                let count = Uint128::from(count.unwrap_or_default());
                (sender.clone(), round.pay.per_advance.saturating_mul(count))
            }
            Due::Challenge { group } => {
                let group = group_of(self.store, (run_id, round_id), group)?;
                let challenge = group.challenge.ok_or(nothing("nobody challenged the group"))?;
                (challenge.by, challenge.owed)
            }
        };
        if amount.is_zero() {
            return Err(nothing("its part is zero"));
        }
        let claimed = match due {
            Due::Advances {} => {
                ADVANCES.may_load(self.store, (run_id, round_id, sender))? == Some(0)
            }
            _ => CLAIMED.has(self.store, (run_id, round_id, due_key(due))),
        };
        Ok(Owed { recipient, amount, claimed })
    }

    /// Pays it.
    ///
    /// # Errors
    /// When nothing is owed, or it was paid.
    pub fn claim(&mut self, key: (u64, u64), due: Due, sender: &Addr) -> Result<Owed, RoundError> {
        let owed = self.owed(key, due, sender)?;
        if owed.claimed {
            return Err(RoundError::AlreadyClaimed {});
        }
        match due {
            Due::Advances {} => ADVANCES.save(self.store, (key.0, key.1, sender), &0)?,
            _ => CLAIMED.save(self.store, (key.0, key.1, due_key(due)), &Empty {})?,
        }
        let mut run = run_of(self.store, key.0)?;
        let reserved = run.ledger.reserved.checked_sub(owed.amount);
        run.ledger.reserved = reserved.map_err(cosmwasm_std::StdError::from)?;
        RUNS.save(self.store, key.0, &run)?;
        self.event(RoundClaimed {
            run_id: key.0,
            round_id: key.1,
            recipient: owed.recipient.to_string(),
            due: due_name(due).to_owned(),
            amount: owed.amount.u128(),
        });
        self.effects.push(Effect::Pay {
            model: run.model,
            to: owed.recipient.clone(),
            amount: owed.amount,
        });
        Ok(owed)
    }

    fn contribution(&self, round: &Round, group: u8) -> Result<(Addr, Uint128), RoundError> {
        let share = self.share(round, group, round.pay.trainers)?;
        let trainer = SeatId { stage: Stage::Work, group, slot: 0 };
        let seat = seat_of(self.store, (round.run_id, round.round_id), trainer)?;
        Ok((seat.owner, share))
    }

    fn for_seat(&self, round: &Round, id: SeatId) -> Result<(Addr, Uint128), RoundError> {
        let key = (round.run_id, round.round_id);
        let seat = seat_of(self.store, key, id)?;
        let shown = reveal_of(self.store, key, id).ok_or(nothing("it did not answer"))?;
        if Stage::committee(round.attempt) == Some(id.stage) {
            let work = round.aggregate.map(|aggregate| aggregate.work);
            if !round.confirmed || work != Some(shown) {
                return Err(nothing("it did not confirm what was confirmed"));
            }
            return Ok((seat.owner, round.pay.per_member));
        }
        if !matches!(id.stage, Stage::Work | Stage::Check | Stage::Appeal) {
            return Err(nothing("its committee was not the last one"));
        }
        let group = group_of(self.store, key, id.group)?;
        if group.work != Some(shown) {
            return Err(nothing("it found something else"));
        }
        Ok((seat.owner, part_of_group(round, &group, id)?))
    }
}

fn part_of_group(round: &Round, group: &Group, id: SeatId) -> Result<Uint128, RoundError> {
    if id.stage != Stage::Work && group.jury_stage == Some(id.stage) {
        return Ok(group.juror_pay);
    }
    match group.verdict {
        Verdict::Accepted { .. } if id.stage == Stage::Work && id.slot == 0 => {
            Err(nothing("a trainer is paid for its contribution"))
        }
        Verdict::Accepted { .. } => Ok(round.pay.per_witness),
        Verdict::Unavailable {} if id.stage == Stage::Work => Ok(round.pay.per_unavailable),
        _ => Err(nothing("its group was not accepted")),
    }
}

fn nothing(why: &'static str) -> RoundError {
    RoundError::NothingOwed { why }
}

/// What is owed for, as part of a key.
fn due_key(due: Due) -> u64 {
    let bytes = match due {
        Due::Contribution { group } => [0, 0, 0, 0, 1, 0, group, 0],
        Due::Seat(seat) => {
            let [_, stage, group, slot] = seat_key(seat).to_be_bytes();
            [0, 0, 0, 0, 2, stage, group, slot]
        }
        Due::Lead {} => [0, 0, 0, 0, 3, 0, 0, 0],
        Due::Advances {} => [0, 0, 0, 0, 4, 0, 0, 0],
        Due::Challenge { group } => [0, 0, 0, 0, 5, 0, group, 0],
    };
    u64::from_be_bytes(bytes)
}

fn due_name(due: Due) -> &'static str {
    match due {
        Due::Contribution { .. } => "contribution",
        Due::Seat(_) => "seat",
        Due::Lead {} => "lead",
        Due::Advances {} => "advances",
        Due::Challenge { .. } => "challenge",
    }
}
