//! The new model: a leader posts it, a committee repeats it.

use modelbond_election::draw::Span;
use modelbond_interface::training::{Phase, SeatId, Stage};

use super::{Machine, Opened};
use crate::assign::{fresh, Excluded, Pages};
use crate::digest::derived;
use crate::verdict::is_decisive;
use crate::world::World;
use crate::RoundError;

impl<W: World> Machine<'_, W> {
    /// The first leader's turn, where there is anything to aggregate.
    pub(crate) fn begin_posting(&mut self, opened: &mut Opened) {
        if opened.round.accepted == 0 || opened.round.lead.leaders.is_empty() {
            self.step_to(opened, Phase::Settle);
            return;
        }
        let secs = opened.run.params.lengths.aggregate_secs;
        self.begin(opened, Phase::Post, secs);
    }

    /// The next leader's turn with a new committee; after the last one the model stays as it is.
    fn next_leader(&mut self, opened: &mut Opened) {
        opened.round.model.aggregate = None;
        opened.round.model.committee = 0;
        let next = opened.round.lead.attempt.saturating_add(1);
        if usize::from(next) >= opened.round.lead.leaders.len() {
            self.step_to(opened, Phase::Settle);
            return;
        }
        opened.round.lead.attempt = next;
        let secs = opened.run.params.lengths.aggregate_secs;
        self.begin(opened, Phase::Post, secs);
    }

    pub(crate) fn end_posting(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        if opened.round.model.aggregate.is_none() {
            self.ensure_over(&opened.round, false)?;
            self.next_leader(opened);
            return Ok(());
        }
        let round = &opened.round;
        let stage = Stage::committee(round.lead.attempt).unwrap_or(Stage::ThirdCommittee);
        let leader = round.lead.leaders.get(usize::from(round.lead.attempt));
        let excluded: Vec<Excluded> = leader
            .map(|leader| Excluded {
                span: Span { first: leader.first_unit, units: leader.units.into() },
                owner_id: leader.owner_id,
            })
            .into_iter()
            .collect();
        let seed = derived("committee", round.seeds.check.unwrap_or_default(), stage.index(), 0);
        let roster = Pages::open(self.world, round.run_id, round.roster.epoch)?;
        let drawn = fresh(&roster, &seed, opened.run.params.sizes.jury, &excluded)?;
        self.seat(&opened.round, stage, &[(0, &drawn)])?;
        opened.round.model.committee = u8::try_from(drawn.len()).unwrap_or(u8::MAX);
        if drawn.is_empty() {
            // There is nobody else. It stands, verified by nobody, and moves no market.
            opened.round.model.confirmed = true;
            self.step_to(opened, Phase::Settle);
            return Ok(());
        }
        let secs = opened.run.params.lengths.aggregate_secs;
        self.begin(opened, Phase::ConfirmCommit, secs);
        Ok(())
    }

    fn confirming(&self, opened: &Opened) -> impl Iterator<Item = SeatId> {
        let stage = Stage::committee(opened.round.lead.attempt).unwrap_or(Stage::ThirdCommittee);
        (0..opened.round.model.committee).map(move |slot| SeatId { stage, group: 0, slot })
    }

    pub(crate) fn end_confirm_commits(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let done = self.all_done(opened.key(), false, self.confirming(opened));
        self.ensure_over(&opened.round, done)?;
        let secs = opened.run.params.lengths.reveal_secs;
        self.begin(opened, Phase::ConfirmReveal, secs);
        Ok(())
    }

    pub(crate) fn end_confirm_reveals(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let done = self.all_done(opened.key(), true, self.confirming(opened));
        self.ensure_over(&opened.round, done)?;
        let work = opened.round.model.aggregate.as_ref().map(|aggregate| aggregate.work);
        let shown = |seat| crate::state::reveal_of(self.store, opened.key(), seat);
        let same = self.confirming(opened).filter(|seat| shown(*seat) == work).count();
        let same = u32::try_from(same).unwrap_or_default();
        if is_decisive(same.into(), opened.round.model.committee.into()) {
            opened.round.model.confirmed = true;
            opened.round.pay.members = same;
            self.step_to(opened, Phase::Settle);
        } else {
            self.next_leader(opened);
        }
        Ok(())
    }
}
