//! Auditors and juries: who is checked, who checks.

use modelbond_election::draw::Span;
use modelbond_interface::training::{
    Check, Group, Hash32, Mode, Outcome, Phase, RoundJudged, SeatId, Stage, Verdict, Verified,
    AUDITORS,
};

use super::advance::no_pin;
use super::{Machine, Opened, SEATS_PER_MESSAGE};
use crate::assign::{fresh, Excluded, Pages};
use crate::digest::derived;
use crate::state::{answer_of, group_of, seat_of, GROUPS};
use crate::verdict::{read, Reading};
use crate::world::World;
use crate::RoundError;

/// Fewer nodes than this convict nobody.
pub const LEAST_JUDGES: u32 = 4;

impl<W: World> Machine<'_, W> {
    pub(crate) fn take_check_seed(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let pin = opened.round.pin.clone().ok_or(no_pin(opened))?;
        let randomness = self.randomness(&pin)?;
        let round = &opened.round;
        let check = self.context_of(round).check(
            (pin.round, randomness),
            round.seeds.assignment.unwrap_or_default(),
            round.seeds.salts,
            round.lead.second_output.as_ref().map(|output| output.as_slice()),
        );
        if opened.round.appealing {
            opened.round.seeds.appeal = Some(check);
        } else {
            opened.round.seeds.check = Some(check);
        }
        self.step_to(opened, Phase::CheckAssign);
        Ok(())
    }

    /// Reads groups, one after the other, and draws who checks them.
    pub(crate) fn assign_checks(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let mut seats = 0;
        let roster = Pages::open(self.world, opened.run.run_id, opened.round.roster.epoch)?;
        while opened.round.next < opened.round.groups && seats < SEATS_PER_MESSAGE {
            let number = opened.round.next;
            let mut group = group_of(self.store, opened.key(), number)?;
            let drawn = if opened.round.appealing {
                match group.check {
                    Check::Appeal => self.draw_jury(opened, &mut group, &roster)?,
                    _ => 0,
                }
            } else {
                self.first_check(opened, &mut group, &roster)?
            };
            seats = seats.saturating_add(drawn.into());
            let (run_id, round_id) = opened.key();
            GROUPS.save(self.store, (run_id, round_id, number), &group);
            opened.round.next = number.saturating_add(1);
        }
        if opened.round.next < opened.round.groups {
            return Ok(());
        }
        opened.round.next = 0;
        let secs = opened.run.params.lengths.check_secs;
        self.begin(opened, Phase::CheckCommit, secs);
        Ok(())
    }

    /// What the group's answers mean, and who checks them.
    fn first_check(
        &mut self,
        opened: &Opened,
        group: &mut Group,
        roster: &Pages<W>,
    ) -> Result<u8, RoundError> {
        let answers = self.answers(opened.key(), Stage::Work, group.group, group.seats);
        let scored = opened.run.params.algorithm.mode == Mode::Scored;
        let trainer_silent = answers.first().is_none_or(Option::is_none);
        match read(&answers) {
            Reading::Nobody => {
                self.give(opened, group, Verdict::Void {});
                Ok(0)
            }
            // Nobody can score what was not shown.
            _ if scored && trainer_silent => {
                self.give(opened, group, Verdict::Void {});
                Ok(0)
            }
            Reading::Agree { work, complete } => {
                group.work = Some(work);
                let alone = opened.round.roster.nodes == 1;
                // Where no witness was found, nobody agrees with the trainer.
                let witnessed = group.seats > 1 || opened.run.params.sizes.witnesses == 0;
                let complete = complete && witnessed;
                if complete && (alone || !self.is_audited(opened, group.group)) {
                    return Ok(0);
                }
                group.check = if complete { Check::Audit } else { Check::Incomplete };
                self.draw_auditors(opened, group, roster)
            }
            Reading::Differ if opened.round.roster.nodes < LEAST_JUDGES => {
                self.give(opened, group, Verdict::Void {});
                Ok(0)
            }
            Reading::Differ => {
                group.check = Check::Jury;
                self.draw_jury(opened, group, roster)
            }
        }
    }

    /// One group in so many, twice as many under a central beacon: by C.
    fn is_audited(&self, opened: &Opened, group: u8) -> bool {
        let one_in = u64::from(opened.run.params.sizes.audit_one_in);
        let one_in = if opened.round.central_beacon { one_in.div_ceil(2) } else { one_in };
        let digest = derived("audit", opened.check_seed(), Stage::Check.index(), group);
        let word = digest.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)).unwrap_or_default();
        word.checked_rem(one_in).is_none_or(|rest| rest == 0)
    }

    fn draw_auditors(
        &mut self,
        opened: &Opened,
        group: &mut Group,
        roster: &Pages<W>,
    ) -> Result<u8, RoundError> {
        group.auditors = self.draw_fresh(opened, group, (roster, AUDITORS))?;
        Ok(group.auditors)
    }

    fn draw_jury(
        &mut self,
        opened: &Opened,
        group: &mut Group,
        roster: &Pages<W>,
    ) -> Result<u8, RoundError> {
        group.jurors = self.draw_fresh(opened, group, (roster, opened.run.params.sizes.jury))?;
        group.jury_stage = Some(opened.check_stage());
        Ok(group.jurors)
    }

    /// Nodes that have nothing to do with the group, nor with those who checked it before.
    fn draw_fresh(
        &mut self,
        opened: &Opened,
        group: &Group,
        (roster, count): (&Pages<W>, u8),
    ) -> Result<u8, RoundError> {
        let stage = opened.check_stage();
        let mut excluded = self.excluded(opened, Stage::Work, group.group, group.seats)?;
        if stage == Stage::Appeal {
            excluded.extend(self.excluded(opened, Stage::Check, group.group, group.auditors)?);
        }
        let seed = derived("fresh", opened.check_seed(), stage.index(), group.group);
        let drawn = fresh(roster, &seed, count, &excluded)?;
        self.seat(&opened.round, stage, &[(group.group, &drawn)])?;
        Ok(u8::try_from(drawn.len()).unwrap_or(u8::MAX))
    }

    fn excluded(
        &self,
        opened: &Opened,
        stage: Stage,
        group: u8,
        seats: u8,
    ) -> Result<Vec<Excluded>, RoundError> {
        (0..seats)
            .map(|slot| {
                let seat = seat_of(self.store, opened.key(), SeatId { stage, group, slot })?;
                let span = Span { first: seat.first_unit, units: seat.units.into() };
                Ok(Excluded { span, owner_id: seat.owner_id })
            })
            .collect()
    }

    /// Seats of the checks that are going on.
    fn checking(&self, opened: &Opened) -> Result<Vec<SeatId>, RoundError> {
        let stage = opened.check_stage();
        let mut seats = Vec::new();
        for number in 0..opened.round.groups {
            let group = group_of(self.store, opened.key(), number)?;
            let slots = 0..check_seats(&group, stage);
            seats.extend(slots.map(|slot| SeatId { stage, group: number, slot }));
        }
        Ok(seats)
    }

    /// The first checks take their whole time: meanwhile anybody may repeat a group's work and
    /// challenge it. Appeals end when everybody has committed.
    pub(crate) fn end_check_commits(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let seats = self.checking(opened)?;
        let done = opened.round.appealing && self.all_done(opened.key(), false, seats.clone());
        self.ensure_over(&opened.round, done)?;
        if seats.is_empty() {
            self.step_to(opened, Phase::Judge);
        } else {
            let secs = opened.run.params.lengths.reveal_secs;
            self.begin(opened, Phase::CheckReveal, secs);
        }
        Ok(())
    }

    pub(crate) fn end_check_reveals(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let seats = self.checking(opened)?;
        let done = self.all_done(opened.key(), true, seats);
        self.ensure_over(&opened.round, done)?;
        self.step_to(opened, Phase::Judge);
        Ok(())
    }

    /// Gives a group its verdict.
    pub(crate) fn give(&mut self, opened: &Opened, group: &mut Group, verdict: Verdict) {
        group.verdict = verdict;
        if !matches!(group.verdict, Verdict::Accepted { .. }) {
            group.quality = 0;
        }
        // Where nobody could decide, a challenge costs nothing.
        if let (Verdict::Void {}, Some(challenge)) = (&group.verdict, &mut group.challenge) {
            challenge.owed = challenge.bond;
        }
        let (run_id, round_id) = opened.key();
        self.event(RoundJudged {
            run_id,
            round_id,
            group: group.group,
            verdict: verdict_name(&group.verdict).to_owned(),
            quality: group.quality,
        });
    }

    /// Accepts what `work` says, if it is a result that counts; the trainer must have found it.
    pub(crate) fn accept(
        &mut self,
        opened: &mut Opened,
        group: &mut Group,
        work: Hash32,
        by: Verified,
    ) -> Result<(), RoundError> {
        group.work = Some(work);
        let key = opened.key();
        let answer = answer_of(self.store, key, work);
        let Some(answer) = answer else {
            self.give(opened, group, Verdict::Void {});
            return Ok(());
        };
        let answers = self.answers(key, Stage::Work, group.group, group.seats);
        let same = |found: &Option<Hash32>| *found == Some(work);
        if answer.outcome != Outcome::Result {
            let found = answers.iter().filter(|found| same(found)).count();
            let pay = &mut opened.round.pay;
            pay.unavailable = pay.unavailable.saturating_add(u32::try_from(found).unwrap_or(0));
            self.give(opened, group, Verdict::Unavailable {});
            return Ok(());
        }
        // Whoever found what is right is paid, whatever the trainer did.
        let audits = self.answers(key, Stage::Check, group.group, group.auditors);
        let witnesses = answers.iter().skip(1).chain(&audits).filter(|found| same(found)).count();
        let witnesses = u32::try_from(witnesses).unwrap_or_default();
        let pay = &mut opened.round.pay;
        pay.witnesses = pay.witnesses.saturating_add(witnesses);
        let worse = answer.loss_after >= answer.loss_before;
        let scored = opened.run.params.algorithm.mode == Mode::Scored;
        if !answers.first().is_some_and(same) || (scored && worse) {
            self.give(opened, group, Verdict::Rejected {});
            return Ok(());
        }
        group.quality = answer.loss_before.saturating_sub(answer.loss_after);
        for (slot, found) in (0_u8..).zip(&answers) {
            if same(found) {
                let id = SeatId { stage: Stage::Work, group: group.group, slot };
                let units = seat_of(self.store, key, id)?.units;
                let sum = opened.round.accepted_units.saturating_add(units.into());
                opened.round.accepted_units = sum;
            }
        }
        let round = &mut opened.round;
        round.pay.quality = round.pay.quality.saturating_add(group.quality);
        round.accepted |= 1_u16.checked_shl(group.group.into()).unwrap_or_default();
        self.give(opened, group, Verdict::Accepted { by });
        Ok(())
    }
}

/// Seats of a group in a stage of checks.
pub(crate) fn check_seats(group: &Group, stage: Stage) -> u8 {
    if group.jury_stage == Some(stage) {
        group.jurors
    } else if stage == Stage::Check {
        group.auditors
    } else {
        0
    }
}

/// A verdict as events name it.
fn verdict_name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Open {} => "open",
        Verdict::Accepted { .. } => "accepted",
        Verdict::Rejected {} => "rejected",
        Verdict::Void {} => "void",
        Verdict::Unavailable {} => "unavailable",
    }
}
