//! Runs: opening, money, slices, algorithm, closing.

use cosmwasm_std::{Addr, Uint128};
use modelbond_interface::training::{
    Hash32, Ledger, Mode, Run, RunAlgorithmSet, RunBurned, RunClosed, RunFunded, RunOpened,
    RunParams, RunStatus, MAX_SEATS,
};

use super::Machine;
use crate::state::{
    run_of, Record, MODEL_RUNS, MODEL_RUN_COUNT, OPEN_RUNS, RECORDS, RUNS, RUN_COUNT,
};
use crate::world::{Effect, World};
use crate::RoundError;

const MAX_SLICES: usize = 32;
const WEEK_SECS: u64 = 7 * 86_400;
const MAX_SHARDS: u64 = 65_536;

/// Parameters that a round can be run by. Unbonding must take twice as long as the longest round, late
/// beacons apart.
///
/// # Errors
/// What is out of bounds.
pub fn checked_params(params: &RunParams, unbonding_secs: u64) -> Result<(), RoundError> {
    let bounds = |field, actual: u64, least: u64, most: u64| {
        if actual < least || actual > most {
            return Err(RoundError::Bounds { field, least, most, actual });
        }
        Ok(())
    };
    let (sizes, lengths) = (&params.sizes, &params.lengths);
    bounds("shards", params.dataset.shards.into(), 1, MAX_SHARDS)?;
    bounds("eta_millionths", params.algorithm.eta_millionths.into(), 1, 10_000_000)?;
    bounds("groups", sizes.groups.into(), 1, 16)?;
    bounds("witnesses", sizes.witnesses.into(), 0, 8)?;
    let seats =
        u64::from(sizes.groups).saturating_mul(u64::from(sizes.witnesses).saturating_add(1));
    bounds("groups · (1 + witnesses)", seats, 1, MAX_SEATS.into())?;
    bounds("audit_one_in", sizes.audit_one_in.into(), 1, 64)?;
    bounds("jury", sizes.jury.into(), 3, 21)?;
    for (field, secs) in [
        ("elect_secs", lengths.elect_secs),
        ("commit_secs", lengths.commit_secs),
        ("reveal_secs", lengths.reveal_secs),
        ("check_secs", lengths.check_secs),
        ("aggregate_secs", lengths.aggregate_secs),
    ] {
        bounds(field, secs, 1, WEEK_SECS)?;
    }
    bounds("blocks", lengths.blocks.into(), 1, 1_000)?;
    bounds("grid_secs", lengths.grid_secs, 1, 86_400)?;
    bounds("margin_secs", lengths.margin_secs, 1, 3_600)?;
    let penalties = &params.penalties;
    bounds("wrong_bps", penalties.wrong_bps.into(), 0, 5_000)?;
    bounds("late_bps", penalties.late_bps.into(), 0, 500)?;
    bounds("absent_bps", penalties.absent_bps.into(), 0, 100)?;
    let scoring = &params.scoring;
    let sum = [scoring.accuracy_bps, scoring.improvement_bps, scoring.nps_bps]
        .iter()
        .fold(0_u64, |sum, bps| sum.saturating_add(u64::from(*bps)));
    if sum != 10_000 {
        return Err(RoundError::Weights { sum });
    }
    bounds("users_target", scoring.users_target.into(), 1, u32::MAX.into())?;
    bounds("units_target", scoring.units_target.into(), 1, u32::MAX.into())?;
    let most = u64::MAX;
    let unit = u64::from(!params.money.unit_stake.is_zero());
    bounds("unit_stake", unit, 1, most)?;
    bounds("round_budget", u64::from(!params.money.round_budget.is_zero()), 1, most)?;
    let challenge = u64::from(!params.money.challenge_bond.is_zero());
    bounds("challenge_bond", challenge, 1, most)?;
    ensure_slices(params.dataset.slices.len())?;
    let longest_secs = longest_secs(params);
    if longest_secs.saturating_mul(2) > unbonding_secs {
        return Err(RoundError::TooLong { longest_secs, unbonding_secs });
    }
    Ok(())
}

/// How long a round can take when everybody is late but the beacon: every phase, appeals and three
/// committees included.
fn longest_secs(params: &RunParams) -> u64 {
    let lengths = &params.lengths;
    // Scores take as long as checks.
    let scores = u64::from(params.algorithm.mode == Mode::Scored);
    let phases = [
        (lengths.elect_secs, 1),
        (lengths.commit_secs, 1),
        (lengths.check_secs, scores.saturating_add(2)),
        (lengths.aggregate_secs, 6),
        (lengths.reveal_secs, scores.saturating_add(6)),
        (lengths.grid_secs.saturating_add(lengths.margin_secs), 4),
    ];
    phases.iter().fold(0_u64, |sum, (secs, times)| sum.saturating_add(secs.saturating_mul(*times)))
}

fn ensure_slices(actual: usize) -> Result<(), RoundError> {
    if actual > MAX_SLICES {
        return Err(RoundError::TooManySlices { most: MAX_SLICES, actual });
    }
    Ok(())
}

/// What a run's budget and bond are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purse {
    /// Pays rounds.
    Budget,
    /// Pays those who found no data.
    Bond,
}

impl<W: World> Machine<'_, W> {
    /// Opens a run. The caller has checked that `owner` may, and the parameters by [`checked_params`].
    ///
    /// # Errors
    /// When the model has an open run.
    pub fn open_run(
        &mut self,
        model: Addr,
        owner: Addr,
        params: RunParams,
    ) -> Result<Run, RoundError> {
        if let Some(run_id) = OPEN_RUNS.may_load(self.store, &model)? {
            let round_id = run_of(self.store, run_id)?.rounds;
            return Err(RoundError::RoundOpen { run_id, round_id });
        }
        let run_id = RUN_COUNT.may_load(self.store)?.unwrap_or_default().saturating_add(1);
        let base_hash = params.base_hash.to_string();
        let record = RECORDS.may_load(self.store, &model)?.unwrap_or_default();
        let run = Run {
            run_id,
            model: model.clone(),
            owner: owner.clone(),
            opened_at: self.now.time,
            params,
            status: RunStatus::Open {},
            open_round: None,
            rounds: 0,
            last_seed: Hash32::default(),
            first_epoch: 0,
            best_score: record.best_score,
            holds: record.holds,
            ledger: Ledger::default(),
            built_on: None,
        };
        RUN_COUNT.save(self.store, &run_id)?;
        RUNS.save(self.store, run_id, &run);
        OPEN_RUNS.save(self.store, &model, &run_id);
        let count = MODEL_RUN_COUNT.may_load(self.store, &model)?.unwrap_or_default();
        let count = count.saturating_add(1);
        MODEL_RUN_COUNT.save(self.store, &model, &count);
        MODEL_RUNS.save(self.store, (&model, count), &run_id);
        self.event(RunOpened {
            run_id,
            model: model.into_string(),
            owner: owner.into_string(),
            base_hash,
        });
        Ok(run)
    }

    /// Adds tokens that `token` says were sent.
    ///
    /// # Errors
    /// When the run is closed or of another token.
    pub fn fund(
        &mut self,
        run_id: u64,
        purse: Purse,
        (token, by): (&Addr, &Addr),
        amount: Uint128,
    ) -> Result<(), RoundError> {
        let mut run = run_of(self.store, run_id)?;
        ensure_token(&run, token)?;
        ensure_not_closed(&run)?;
        let (into, total) = match purse {
            Purse::Budget => ("budget", &mut run.ledger.budget),
            Purse::Bond => ("bond", &mut run.ledger.bond),
        };
        *total = total.checked_add(amount).map_err(cosmwasm_std::StdError::from)?;
        let total = total.u128();
        RUNS.save(self.store, run_id, &run);
        self.event(RunFunded {
            run_id,
            by: by.to_string(),
            into: into.to_owned(),
            amount: amount.u128(),
            total,
        });
        Ok(())
    }

    /// Adds slices of the holdout.
    ///
    /// # Errors
    /// When `sender` is not the owner, or there are too many.
    pub fn add_slices(
        &mut self,
        run_id: u64,
        sender: &Addr,
        slices: Vec<Hash32>,
    ) -> Result<(), RoundError> {
        let mut run = self.owned(run_id, sender)?;
        ensure_not_closed(&run)?;
        ensure_slices(run.params.dataset.slices.len().saturating_add(slices.len()))?;
        run.params.dataset.slices.extend(slices);
        RUNS.save(self.store, run_id, &run);
        Ok(())
    }

    /// Replaces the algorithm, and ends a hold.
    ///
    /// # Errors
    /// When `sender` is not the owner, a round is open, or the same algorithm should end a hold.
    pub fn set_algorithm(
        &mut self,
        run_id: u64,
        sender: &Addr,
        algorithm_hash: Hash32,
        known_answer: Hash32,
    ) -> Result<Run, RoundError> {
        let mut run = self.owned(run_id, sender)?;
        ensure_idle(&run)?;
        ensure_not_closed(&run)?;
        let held = matches!(run.status, RunStatus::Held { .. });
        if held && run.params.algorithm.hash == algorithm_hash {
            return Err(RoundError::SameAlgorithm { hash: algorithm_hash });
        }
        run.params.algorithm.hash = algorithm_hash;
        run.params.algorithm.known_answer = known_answer;
        run.first_epoch = self.world.epoch(self.now.time).saturating_add(2);
        run.status = RunStatus::Open {};
        RUNS.save(self.store, run_id, &run);
        self.event(RunAlgorithmSet { run_id, algorithm_hash: algorithm_hash.to_string() });
        Ok(run)
    }

    /// Closes a run and pays back what is not owed.
    ///
    /// # Errors
    /// When `sender` is not the owner, or a round is open.
    pub fn close_run(&mut self, run_id: u64, sender: &Addr) -> Result<(), RoundError> {
        let mut run = self.owned(run_id, sender)?;
        ensure_idle(&run)?;
        ensure_not_closed(&run)?;
        let ledger = &mut run.ledger;
        let amount = ledger.budget.saturating_add(ledger.bond).saturating_add(ledger.rolled_over);
        ledger.budget = Uint128::zero();
        ledger.bond = Uint128::zero();
        ledger.rolled_over = Uint128::zero();
        run.status = RunStatus::Closed {};
        RUNS.save(self.store, run_id, &run);
        OPEN_RUNS.remove(self.store, &run.model);
        let record = Record { best_score: run.best_score, holds: run.holds };
        RECORDS.save(self.store, &run.model, &record);
        self.event(RunClosed { run_id, amount: amount.u128() });
        if !amount.is_zero() {
            self.effects.push(Effect::Pay { model: run.model, to: run.owner, amount });
        }
        Ok(())
    }

    /// Burns what is to be burned.
    ///
    /// # Errors
    /// When there is less.
    pub fn burn(&mut self, run_id: u64, amount: Uint128) -> Result<(), RoundError> {
        let mut run = run_of(self.store, run_id)?;
        let available = run.ledger.burnable;
        if amount.is_zero() || amount > available {
            return Err(RoundError::NothingOwed { why: "that much is not to be burned" });
        }
        run.ledger.burnable = available.saturating_sub(amount);
        RUNS.save(self.store, run_id, &run);
        self.event(RunBurned { run_id, amount: amount.u128() });
        self.effects.push(Effect::Burn { model: run.model, amount });
        Ok(())
    }

    fn owned(&self, run_id: u64, sender: &Addr) -> Result<Run, RoundError> {
        let run = run_of(self.store, run_id)?;
        if run.owner != *sender {
            return Err(RoundError::Unauthorized { owner: run.owner, sender: sender.clone() });
        }
        Ok(run)
    }
}

/// Refuses another token than the run's.
pub(crate) fn ensure_token(run: &Run, token: &Addr) -> Result<(), RoundError> {
    if run.model != *token {
        return Err(RoundError::Unauthorized { owner: run.model.clone(), sender: token.clone() });
    }
    Ok(())
}

fn ensure_idle(run: &Run) -> Result<(), RoundError> {
    match run.open_round {
        Some(round_id) => Err(RoundError::RoundOpen { run_id: run.run_id, round_id }),
        None => Ok(()),
    }
}

fn ensure_not_closed(run: &Run) -> Result<(), RoundError> {
    if run.status == (RunStatus::Closed {}) {
        return Err(RoundError::Closed { run_id: run.run_id });
    }
    Ok(())
}
