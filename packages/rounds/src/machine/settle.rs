//! What a round pays, and its end.

use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    BuiltOn, ModelWork, Phase, Round, RoundSettled, Scoring, Worth,
};

use super::{Machine, Opened};
use crate::metrics::{improvement, metrics, performance, ratio, signed_improvement};
use crate::pay::{each, split};
use crate::state::WORK;
use crate::verdict::is_decisive;
use crate::world::{Effect, World};
use crate::RoundError;

/// Owners that must be ready before a round moves the market.
pub const LEAST_OWNERS: u32 = 4;

/// Whether a roster is spread widely enough that its rounds may move the market: four owners or more,
/// the largest with less than a third, and the run's least units.
#[must_use]
pub fn is_spread(owners: u32, largest_owner_units: u64, units: u64, scoring: &Scoring) -> bool {
    let rest = units.saturating_sub(largest_owner_units);
    owners >= LEAST_OWNERS && is_decisive(rest, units) && units >= scoring.min_units
}

impl<W: World> Machine<'_, W> {
    /// Fixes everything that the round pays, so that settling and claiming look at no list.
    pub(crate) fn fix_pay(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let [base, witnesses, lead, committee, advances] = split(opened.round.budget);
        let extra = opened.run.ledger.rolled_over.min(base);
        let trainers = base.saturating_add(extra);
        let mut drawn = Uint128::zero();
        for number in 0..opened.round.groups {
            let share = self.books().share(&opened.round, number, trainers)?;
            drawn = drawn.saturating_add(share);
        }
        let sizes = opened.run.params.sizes;
        let seats = u64::from(sizes.groups).saturating_mul(sizes.witnesses.into());
        let round = &mut opened.round;
        let led =
            round.model.confirmed && (round.lead.attempt > 0 || round.lead.second_output.is_some());
        let pay = &mut round.pay;
        pay.trainers = trainers;
        pay.from_rolled_over = extra;
        pay.drawn = drawn;
        pay.per_witness = each(witnesses, seats.max(pay.witnesses.into()));
        pay.leader = if led { lead } else { Uint128::zero() };
        pay.per_member = each(committee, round.model.committee.into());
        pay.advances = round.advances;
        pay.per_advance = each(advances, round.advances.into());
        let per_seat = each(witnesses, seats.max(1));
        let most = each(opened.run.ledger.bond, pay.unavailable.into());
        pay.per_unavailable = per_seat.min(most);
        Ok(())
    }

    /// Makes the open round final, and says which one it was.
    ///
    /// # Errors
    /// When it is not ready.
    pub fn settle(&mut self, run_id: u64) -> Result<u64, RoundError> {
        let mut opened = self.opened(run_id)?;
        if opened.round.phase != Phase::Settle {
            let actual = opened.round.phase;
            return Err(RoundError::WrongPhase { expected: "settle", actual });
        }
        let owed = settle_ledger(&mut opened);
        let aggregate = opened.round.model.aggregate.filter(|_| opened.round.model.confirmed);
        let mut score = 0;
        let mut reported = None;
        if let Some(aggregate) = aggregate {
            let answer = aggregate.answer;
            let Round { round_id, accepted, .. } = opened.round;
            opened.run.built_on = Some(BuiltOn { round_id, accepted });
            opened.run.params.base_hash = answer.result_hash;
            opened.round.model.result_hash = Some(answer.result_hash);
            let scoring = opened.run.params.scoring;
            let accuracy = ratio(answer.correct.into(), answer.samples.into());
            let better = improvement(answer.loss_before, answer.loss_after);
            score = performance(&scoring, accuracy, better, opened.round.nps);
            if self.reports(&opened) {
                reported = Some(signed_improvement(answer.loss_before, answer.loss_after));
                let best = opened.run.best_score.max(score);
                opened.run.best_score = best;
                let adoption =
                    ratio(self.recount_users(run_id)?.into(), scoring.users_target.into());
                let growth = ratio(opened.round.accepted_units, scoring.units_target.into());
                self.effects.push(Effect::Report {
                    model: opened.run.model.clone(),
                    metrics: metrics([accuracy, adoption, ratio(score, best), growth]),
                });
            }
        } else {
            opened.round.model.result_hash = Some(opened.run.params.base_hash);
        }
        if let Some(seed) = opened.round.seeds.seed {
            opened.run.last_seed = seed;
        }
        opened.run.open_round = None;
        opened.round.phase = Phase::Final;
        opened.round.window = None;
        opened.round.settled_at = Some(self.now.time);
        self.book_work(&mut opened, reported.map(|improvement| (improvement, score)))?;
        self.save(&opened)?;
        self.event(RoundSettled {
            run_id,
            round_id: opened.round.round_id,
            base_hash: opened.run.params.base_hash.to_string(),
            confirmed: opened.round.model.confirmed,
            metrics: reported.is_some(),
            held: opened.round.held,
            owed: owed.u128(),
            score,
        });
        Ok(opened.round.round_id)
    }

    /// Adds the round's paid seats to the end of the model's line of work. Whether they are ever claimed or
    /// not, what comes later lies behind them. `reported` are ΔM and P_model, where metrics were reported.
    fn book_work(
        &mut self,
        opened: &mut Opened,
        reported: Option<(i32, u64)>,
    ) -> Result<(), RoundError> {
        let model = &opened.run.model;
        let before = WORK.may_load(self.store, model)?.unwrap_or_default();
        let work = paid_seats(&opened.round);
        let (improvement, performance) = reported.unwrap_or((0, before.performance));
        opened.round.worth = Worth { improvement, offset: before.work, work };
        let after = ModelWork { work: before.work.saturating_add(work.into()), performance };
        if after != before {
            WORK.save(self.store, model, &after);
        }
        Ok(())
    }

    /// Whether the round may say how good the model is: it was led by a proved ticket, confirmed by a
    /// committee on a slice that was never used, and enough people took part.
    fn reports(&self, opened: &Opened) -> bool {
        let (round, scoring) = (&opened.round, &opened.run.params.scoring);
        let spread = is_spread(
            round.roster.owners,
            round.roster.largest_owner_units,
            round.roster.units,
            scoring,
        );
        round.model.confirmed
            && round.model.committee > 0
            && !round.lead.beacon_only
            && !round.held
            && round.model.slice.is_some()
            && (spread || scoring.small_network)
    }
}

/// Seats whose accepted work a round pays, each of which can be claimed once: trainers, witnesses and
/// auditors, the committee, the leader.
fn paid_seats(round: &Round) -> u32 {
    let pay = &round.pay;
    let leader = u32::from(!pay.leader.is_zero());
    let seats = [pay.witnesses, pay.members, leader];
    seats.into_iter().fold(round.accepted.count_ones(), u32::saturating_add)
}

/// Moves the run's money: what is owed stays reserved, what trainers did not draw rolls over, the rest
/// goes back to the budget. Nothing is lost: budget + extra + bond = owed + rolled over + budget.
fn settle_ledger(opened: &mut Opened) -> Uint128 {
    let (pay, ledger) = (&opened.round.pay, &mut opened.run.ledger);
    let times = |each: Uint128, count: u32| each.saturating_mul(Uint128::from(count));
    let rest = [
        times(pay.per_witness, pay.witnesses),
        pay.leader,
        times(pay.per_member, pay.members),
        times(pay.per_advance, pay.advances),
    ];
    let rest = rest.iter().fold(Uint128::zero(), |sum, part| sum.saturating_add(*part));
    let unavailable = times(pay.per_unavailable, pay.unavailable);
    let undrawn = pay.trainers.saturating_sub(pay.drawn);
    let own = pay.trainers.saturating_sub(pay.from_rolled_over);
    let back = opened.round.budget.saturating_sub(own).saturating_sub(rest);
    let owed = pay.drawn.saturating_add(rest).saturating_add(unavailable);
    ledger.reserved = ledger.reserved.saturating_sub(opened.round.budget).saturating_add(owed);
    ledger.rolled_over =
        ledger.rolled_over.saturating_sub(pay.from_rolled_over).saturating_add(undrawn);
    ledger.budget = ledger.budget.saturating_add(back);
    ledger.bond = ledger.bond.saturating_sub(unavailable);
    owed
}
