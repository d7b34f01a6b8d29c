//! Penalties, and the valve against a fault of a build.

use cosmwasm_std::Uint128;
use modelbond_interface::nodes::Slash;
use modelbond_interface::training::{
    Group, Mode, Phase, RoundHeld, RoundSlashed, RunStatus, SeatId, Stage, Verdict,
};

use super::check::check_seats;
use super::{Machine, Opened};
use crate::pay::spoils;
use crate::state::{
    commit_of, group_of, hold_until, reveal_of, run_of, seat_of, RoundKey, GROUPS, RUNS,
};
use crate::verdict::{holds, Judged};
use crate::world::{Effect, SlashOrder, World};
use crate::RoundError;

/// Stages whose seats are looked at, in order.
const STAGES: [Stage; 3] = [Stage::Work, Stage::Check, Stage::Appeal];
/// Items of one slash.
const ITEMS: usize = 16;
/// Items of one message; one group more or less.
const ITEMS_PER_MESSAGE: usize = 8;

impl<W: World> Machine<'_, W> {
    /// Takes penalties, group after group, unless the round is held.
    pub(crate) fn penalize(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        if opened.round.next == 0 {
            let judged = self.judged(opened)?;
            if holds(&judged) {
                let losers = judged.iter().filter(|seat| seat.lost).count();
                return self.hold(opened, losers);
            }
        }
        let all = opened.round.groups.saturating_mul(3);
        let mut items = 0_usize;
        while opened.round.next < all && items < ITEMS_PER_MESSAGE {
            let step = opened.round.next;
            let stage = STAGES.get(usize::from(step % 3)).copied().unwrap_or(Stage::Work);
            let group = group_of(self.store, opened.key(), step / 3)?;
            items = items.saturating_add(self.penalize_group(opened, stage, &group)?);
            opened.round.next = step.saturating_add(1);
        }
        if opened.round.next < all {
            return Ok(());
        }
        self.begin_posting(opened);
        Ok(())
    }

    /// Looks for wrong, late and absent seats of one group in one stage.
    fn penalize_group(
        &mut self,
        opened: &Opened,
        stage: Stage,
        group: &Group,
    ) -> Result<usize, RoundError> {
        let key = opened.key();
        let penalties = &opened.run.params.penalties;
        let works = stage == Stage::Work;
        let seats = if works { group.seats } else { check_seats(group, stage) };
        let trainer = SeatId { stage: Stage::Work, group: group.group, slot: 0 };
        let unscorable = works
            && opened.run.params.algorithm.mode == Mode::Scored
            && reveal_of(self.store, key, trainer).is_none();
        let (mut wrong, mut silent) = (Vec::new(), Vec::new());
        for slot in 0..seats {
            let id = SeatId { stage, group: group.group, slot };
            let (list, bps) = if self.has_lost(key, group, id) {
                (&mut wrong, penalties.wrong_bps)
            } else if reveal_of(self.store, key, id).is_some() || (unscorable && slot > 0) {
                continue;
            } else if commit_of(self.store, key, id).is_some() {
                (&mut silent, penalties.late_bps)
            } else {
                (&mut silent, penalties.absent_bps)
            };
            if bps > 0 {
                list.push(Slash { node_id: seat_of(self.store, key, id)?.node_id, bps });
            }
        }
        let mut left = wrong.len();
        wrong.append(&mut silent);
        for items in wrong.chunks(ITEMS) {
            let part = left.min(items.len());
            left = left.saturating_sub(part);
            self.effects.push(Effect::Slash(SlashOrder {
                model: opened.run.model.clone(),
                run_id: key.0,
                round_id: key.1,
                stage,
                group: group.group,
                items: items.to_vec(),
                wrong: part,
            }));
        }
        Ok(wrong.len())
    }

    /// Shares what a slash took: the first `wrong` amounts from wrong answers, the others from silence.
    ///
    /// # Errors
    /// When the group is not there.
    pub fn slashed(
        &mut self,
        key: (u64, u64),
        (stage, number): (u8, u8),
        wrong: u32,
        amounts: &[Uint128],
    ) -> Result<(), RoundError> {
        let mut run = run_of(self.store, key.0)?;
        let mut group = group_of(self.store, key, number)?;
        let wrong = usize::try_from(wrong).unwrap_or(usize::MAX);
        let sum = |amounts: &[Uint128]| {
            amounts.iter().fold(Uint128::zero(), |sum, amount| sum.saturating_add(*amount))
        };
        let (wrong, other) = amounts.split_at_checked(wrong).unwrap_or((amounts, &[]));
        let (wrong, other) = (sum(wrong), sum(other));
        let right = group.challenge.as_ref().is_some_and(|challenge| !challenge.owed.is_zero());
        let shares = spoils(wrong, other, group.majority, right);
        let jury = shares.per_juror.saturating_mul(Uint128::from(group.majority));
        group.juror_pay = group.juror_pay.saturating_add(shares.per_juror);
        if let Some(challenge) = &mut group.challenge {
            challenge.owed = challenge.owed.saturating_add(shares.challenger);
        }
        let ledger = &mut run.ledger;
        let owed = jury.saturating_add(shares.challenger);
        ledger.reserved = ledger.reserved.saturating_add(owed);
        ledger.burnable = ledger.burnable.saturating_add(shares.burned);
        ledger.rolled_over = ledger.rolled_over.saturating_add(shares.rolled_over);
        RUNS.save(self.store, key.0, &run);
        GROUPS.save(self.store, (key.0, key.1, number), &group);
        self.event(RoundSlashed {
            run_id: key.0,
            round_id: key.1,
            stage,
            group: number,
            amount: wrong.saturating_add(other).u128(),
            jury: jury.u128(),
            challenger: shares.challenger.u128(),
            burned: shares.burned.u128(),
        });
        Ok(())
    }

    /// Whether a jury found wrong what was answered in a seat: in the work, or by an auditor about whose
    /// group an appeal was decided.
    fn has_lost(&self, key: RoundKey, group: &Group, id: SeatId) -> bool {
        match id.stage {
            Stage::Work => {
                let bit = 1_u16.checked_shl(id.slot.into()).unwrap_or_default();
                group.wrong & bit != 0
            }
            Stage::Check if is_appeal_decided(group) => {
                let both = reveal_of(self.store, key, id).zip(group.work);
                both.is_some_and(|(answer, decided)| self.is_wrong(key, answer, decided))
            }
            _ => false,
        }
    }

    /// All seats that a jury may find wrong, for the valve; nothing where nobody lost.
    fn judged(&self, opened: &Opened) -> Result<Vec<Judged>, RoundError> {
        let key = opened.key();
        let mut seats = Vec::new();
        for number in 0..opened.round.groups {
            let group = group_of(self.store, key, number)?;
            let auditors = if is_appeal_decided(&group) { group.auditors } else { 0 };
            for (stage, count) in [(Stage::Work, group.seats), (Stage::Check, auditors)] {
                let ids = (0..count).map(|slot| SeatId { stage, group: number, slot });
                seats.extend(ids.map(|id| (id, self.has_lost(key, &group, id))));
            }
        }
        if seats.iter().all(|(_, lost)| !lost) {
            return Ok(Vec::new());
        }
        seats
            .into_iter()
            .map(|(id, lost)| {
                let seat = seat_of(self.store, key, id)?;
                Ok(Judged { class: seat.class, owner_id: seat.owner_id, lost })
            })
            .collect()
    }

    /// Nobody is slashed, metrics freeze, the run waits. The first hold is free, each next one costs
    /// twice as much: what a challenge costs, to begin with.
    fn hold(&mut self, opened: &mut Opened, losers: usize) -> Result<(), RoundError> {
        let until = hold_until(self.now.time);
        let run = &mut opened.run;
        let fee = match run.holds.checked_sub(1) {
            None => Uint128::zero(),
            Some(doublings) => {
                let times = 1_u128.checked_shl(doublings).unwrap_or(u128::MAX);
                let fee = run.params.money.challenge_bond.saturating_mul(Uint128::new(times));
                fee.min(run.ledger.bond)
            }
        };
        run.ledger.bond = run.ledger.bond.saturating_sub(fee);
        run.ledger.burnable = run.ledger.burnable.saturating_add(fee);
        run.holds = run.holds.saturating_add(1);
        run.status = RunStatus::Held { until };
        opened.round.held = true;
        // A disputed group cannot be told right from wrong: it neither counts nor pays.
        for number in 0..opened.round.groups {
            let mut group = group_of(self.store, opened.key(), number)?;
            if group.wrong == 0 {
                continue;
            }
            self.unaccept(opened, &mut group)?;
            group.wrong = 0;
            group.majority = 0;
            let (run_id, round_id) = opened.key();
            GROUPS.save(self.store, (run_id, round_id, number), &group);
        }
        self.event(RoundHeld {
            run_id: opened.run.run_id,
            round_id: opened.round.round_id,
            losers: u32::try_from(losers).unwrap_or(u32::MAX),
            until: until.nanos(),
            fee: fee.u128(),
        });
        self.step_to(opened, Phase::Settle);
        Ok(())
    }

    /// Takes back what [`Machine::accept`] counted.
    fn unaccept(&mut self, opened: &mut Opened, group: &mut Group) -> Result<(), RoundError> {
        let key = opened.key();
        let answers = self.answers(key, Stage::Work, group.group, group.seats);
        let audits = self.answers(key, Stage::Check, group.group, group.auditors);
        let same = |found: &Option<modelbond_interface::training::Hash32>| *found == group.work;
        let of_work = answers.iter().filter(|found| same(found)).count();
        let witnesses = answers.iter().skip(1).chain(&audits).filter(|found| same(found)).count();
        let count = |count: usize| u32::try_from(count).unwrap_or_default();
        let mut units = 0_u64;
        for (slot, found) in (0_u8..).zip(&answers) {
            if same(found) {
                let id = SeatId { stage: Stage::Work, group: group.group, slot };
                units = units.saturating_add(seat_of(self.store, key, id)?.units.into());
            }
        }
        let round = &mut opened.round;
        match group.verdict {
            Verdict::Accepted { .. } => {
                let bit = 1_u16.checked_shl(group.group.into()).unwrap_or_default();
                round.accepted &= !bit;
                round.accepted_units = round.accepted_units.saturating_sub(units);
                round.pay.witnesses = round.pay.witnesses.saturating_sub(count(witnesses));
                round.pay.quality = round.pay.quality.saturating_sub(group.quality);
            }
            Verdict::Rejected {} => {
                round.pay.witnesses = round.pay.witnesses.saturating_sub(count(witnesses));
            }
            Verdict::Unavailable {} => {
                round.pay.unavailable = round.pay.unavailable.saturating_sub(count(of_work));
            }
            _ => {}
        }
        self.give(opened, group, Verdict::Void {});
        Ok(())
    }
}

/// Whether auditors of a group were themselves judged, by the jury of an appeal.
fn is_appeal_decided(group: &Group) -> bool {
    group.jury_stage == Some(Stage::Appeal) && group.verdict != (Verdict::Void {})
}
