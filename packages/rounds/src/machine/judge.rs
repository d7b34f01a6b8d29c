//! Verdicts.

use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Check, Group, Hash32, Outcome, Phase, SeatId, Stage, Verdict, Verified,
};

use super::check::LEAST_JUDGES;
use super::{Machine, Opened};
use crate::pay::each;
use crate::state::{answer_of, group_of, seat_of, RoundKey, GROUPS};
use crate::verdict::{decision, Vote};
use crate::world::World;
use crate::RoundError;

/// Answers that one message reads, at most; one group more or less.
const ANSWERS_PER_MESSAGE: u16 = 60;

impl<W: World> Machine<'_, W> {
    /// Finds verdicts, group after group. What audits and challenges found goes to juries of their own,
    /// drawn from a beacon round that nobody has seen.
    pub(crate) fn judge(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let mut read = 0_u16;
        while opened.round.next < opened.round.groups && read < ANSWERS_PER_MESSAGE {
            let number = opened.round.next;
            let mut group = group_of(self.store, opened.key(), number)?;
            if group.verdict == (Verdict::Open {}) {
                let seats = [group.seats, group.auditors, group.jurors];
                let count = seats.into_iter().fold(0_u16, |sum, n| sum.saturating_add(n.into()));
                read = read.saturating_add(count);
                if opened.round.appealing {
                    self.decide(opened, &mut group)?;
                } else {
                    self.first_verdict(opened, &mut group)?;
                }
                let (run_id, round_id) = opened.key();
                GROUPS.save(self.store, (run_id, round_id, number), &group);
            }
            opened.round.next = number.saturating_add(1);
        }
        if opened.round.next < opened.round.groups {
            return Ok(());
        }
        opened.round.next = 0;
        if !opened.round.appealing && self.has_appeals(opened)? {
            opened.round.appealing = true;
            return self.wait_for_beacon(opened, Phase::CheckSeeding);
        }
        self.step_to(opened, Phase::Penalize);
        Ok(())
    }

    fn has_appeals(&self, opened: &Opened) -> Result<bool, RoundError> {
        for number in 0..opened.round.groups {
            if group_of(self.store, opened.key(), number)?.check == Check::Appeal {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn first_verdict(&mut self, opened: &mut Opened, group: &mut Group) -> Result<(), RoundError> {
        if group.check == Check::Jury {
            return self.decide(opened, group);
        }
        let Some(work) = group.work else {
            self.give(opened, group, Verdict::Void {});
            return Ok(());
        };
        let audits = self.answers(opened.key(), Stage::Check, group.group, group.auditors);
        let differs = audits.iter().flatten().any(|found| *found != work);
        if differs || group.challenge.is_some() {
            if opened.round.roster.nodes >= LEAST_JUDGES {
                group.check = Check::Appeal;
            } else {
                self.give(opened, group, Verdict::Void {});
            }
            return Ok(());
        }
        let agreed = audits.iter().flatten().count() > 0;
        let alone = group.seats == 1;
        match group.check {
            Check::None if alone => self.accept(opened, group, work, Verified::None),
            Check::None => self.accept(opened, group, work, Verified::Witnesses),
            _ if agreed => self.accept(opened, group, work, Verified::Audit),
            Check::Audit => self.accept(opened, group, work, Verified::AuditMissed),
            _ if alone && group.auditors == 0 => self.accept(opened, group, work, Verified::None),
            _ => {
                let answers = self.answers(opened.key(), Stage::Work, group.group, group.seats);
                if group.auditors == 0 && answers.iter().flatten().count() >= 2 {
                    return self.accept(opened, group, work, Verified::AuditMissed);
                }
                self.give(opened, group, Verdict::Void {});
                Ok(())
            }
        }
    }

    /// What the jury found. A full one decides by seats; where everybody else sits, all units of the
    /// roster count, the group's own included.
    fn decide(&mut self, opened: &mut Opened, group: &mut Group) -> Result<(), RoundError> {
        let stage = opened.check_stage();
        let key = opened.key();
        let jurors = self.answers(key, stage, group.group, group.jurors);
        let answers = self.answers(key, Stage::Work, group.group, group.seats);
        let full = group.jurors >= opened.run.params.sizes.jury;
        let (votes, all) = if full {
            let votes: Vec<Vote> =
                jurors.iter().map(|work| Vote { work: *work, weight: 1 }).collect();
            (votes, group.jurors.into())
        } else {
            let mut votes = self.by_units(opened, Stage::Work, group.group, &answers)?;
            votes.extend(self.by_units(opened, stage, group.group, &jurors)?);
            if stage == Stage::Appeal {
                let audits = self.answers(key, Stage::Check, group.group, group.auditors);
                votes.extend(self.by_units(opened, Stage::Check, group.group, &audits)?);
            }
            (votes, opened.round.roster.units)
        };
        let decided = if group.jurors == 0 { None } else { decision(&votes, all) };
        let Some(work) = decided else {
            self.give(opened, group, Verdict::Void {});
            return Ok(());
        };
        let found = |answer: &Option<Hash32>| *answer == Some(work);
        group.majority = u8::try_from(jurors.iter().filter(|a| found(a)).count()).unwrap_or(0);
        for (slot, answer) in (0_u32..).zip(&answers) {
            if answer.is_some_and(|answer| self.is_wrong(key, answer, work)) {
                group.wrong |= 1_u16.checked_shl(slot).unwrap_or_default();
            }
        }
        self.decide_challenge(opened, group, work)?;
        self.accept(opened, group, work, Verified::Jury)
    }

    /// Whether an answer is wrong where a jury decided for another one. Who could have the data, and when,
    /// cannot be found out afterwards: whoever said that it could not be had is not wrong, nor is anybody
    /// where the jury could not have it.
    pub(crate) fn is_wrong(&self, key: RoundKey, answer: Hash32, decided: Hash32) -> bool {
        let computed = |work| {
            let found = answer_of(self.store, key, work);
            found.is_some_and(|found| found.outcome != Outcome::Unavailable)
        };
        answer != decided && computed(answer) && computed(decided)
    }

    /// A challenger who was right gets the bond back, and later part of what is slashed. Of a bond that
    /// is lost, the jury gets half; the rest is burned.
    fn decide_challenge(
        &mut self,
        opened: &mut Opened,
        group: &mut Group,
        work: Hash32,
    ) -> Result<(), RoundError> {
        let Some(challenge) = &mut group.challenge else {
            return Ok(());
        };
        if group.work != Some(work) {
            challenge.owed = challenge.bond;
            return Ok(());
        }
        let per_juror = each(each(challenge.bond, 2), group.majority.into());
        let jury = per_juror.saturating_mul(Uint128::from(group.majority));
        let burned = challenge.bond.saturating_sub(jury);
        group.juror_pay = group.juror_pay.saturating_add(per_juror);
        let ledger = &mut opened.run.ledger;
        ledger.reserved = ledger.reserved.saturating_sub(burned);
        ledger.burnable = ledger.burnable.saturating_add(burned);
        Ok(())
    }

    fn by_units(
        &self,
        opened: &Opened,
        stage: Stage,
        group: u8,
        answers: &[Option<Hash32>],
    ) -> Result<Vec<Vote>, RoundError> {
        (0_u8..)
            .zip(answers)
            .map(|(slot, work)| {
                let seat = seat_of(self.store, opened.key(), SeatId { stage, group, slot })?;
                Ok(Vote { work: *work, weight: seat.units.into() })
            })
            .collect()
    }
}
