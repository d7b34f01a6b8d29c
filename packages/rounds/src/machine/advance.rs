//! `advance`: opens a round, and moves it through election, assignment and work.

use cosmwasm_std::{Addr, Timestamp, Uint128};
use modelbond_interface::training::{
    Check, Group, Hash32, Lead, Leader, Mode, NewModel, Pay, Phase, RosterPin, Round, Run,
    RunStatus, SeatId, Seeds, Stage, Verdict, Worth, ABANDON_SECS, MAX_LEADERS,
};

use super::{takes_part, Machine, Opened, SEATS_PER_MESSAGE};
use crate::assign::{groups, Pages};
use crate::clock;
use crate::state::{group_of, run_of, shard, training_seed, ADVANCES, GROUPS, RUNS, SALTS};
use crate::world::World;
use crate::RoundError;

impl<W: World> Machine<'_, W> {
    /// Opens a round, or moves the open one on.
    ///
    /// # Errors
    /// When there is nothing to do yet; says what is waited for.
    pub fn advance(&mut self, run_id: u64, by: &Addr) -> Result<(), RoundError> {
        let run = run_of(self.store, run_id)?;
        let mut opened = if run.open_round.is_none() {
            self.open_round(run)?
        } else {
            let mut opened = self.opened_of(run)?;
            match self.step(&mut opened) {
                Err(RoundError::BeaconMissing { at, .. }) if self.is_abandoned(at) => {
                    self.abandon(&mut opened)?;
                }
                done => done?,
            }
            opened
        };
        opened.round.advances = opened.round.advances.saturating_add(1);
        let key = (run_id, opened.round.round_id, by);
        let before = ADVANCES.may_load(self.store, key)?.unwrap_or_default();
        ADVANCES.save(self.store, key, &before.saturating_add(1));
        if opened.round.phase == Phase::Settle {
            self.fix_pay(&mut opened)?;
        }
        self.save(&opened)?;
        self.announce(&opened, by);
        Ok(())
    }

    /// A beacon round that is a day late may never come.
    fn is_abandoned(&self, at: Timestamp) -> bool {
        self.now.time >= at.plus_seconds(ABANDON_SECS)
    }

    /// Ends a round whose beacon is gone, so that everybody can leave (I13): what has no verdict yet is
    /// void, nobody is slashed, the model stays as it is.
    fn abandon(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let (run_id, round_id) = opened.key();
        for number in 0..opened.round.groups {
            let mut group = group_of(self.store, (run_id, round_id), number)?;
            if group.verdict == (Verdict::Open {}) {
                self.give(opened, &mut group, Verdict::Void {});
                GROUPS.save(self.store, (run_id, round_id, number), &group);
            }
        }
        self.step_to(opened, Phase::Settle);
        Ok(())
    }

    fn step(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        match opened.round.phase {
            Phase::Opening => self.begin_election(opened),
            Phase::Elect => self.end_election(opened),
            Phase::Seeding => self.take_assignment(opened),
            Phase::Assign => self.assign(opened),
            Phase::Commit | Phase::ScoreCommit => self.end_commits(opened),
            Phase::Reveal | Phase::ScoreReveal => self.end_reveals(opened),
            Phase::CheckSeeding => self.take_check_seed(opened),
            Phase::CheckAssign => self.assign_checks(opened),
            Phase::CheckCommit => self.end_check_commits(opened),
            Phase::CheckReveal => self.end_check_reveals(opened),
            Phase::Judge => self.judge(opened),
            Phase::Penalize => self.penalize(opened),
            Phase::Post => self.end_posting(opened),
            Phase::ConfirmCommit => self.end_confirm_commits(opened),
            Phase::ConfirmReveal => self.end_confirm_reveals(opened),
            actual @ (Phase::Settle | Phase::Final) => {
                Err(RoundError::WrongPhase { expected: "before settle", actual })
            }
        }
    }

    /// Refuses to go on before a window is over, unless everybody has done what there was to do.
    pub(crate) fn ensure_over(&self, round: &Round, done: bool) -> Result<(), RoundError> {
        match &round.window {
            Some(window) if !done && !clock::is_over(window, self.now) => {
                Err(RoundError::TooEarly {
                    phase: round.phase,
                    ends_at: window.ends_at,
                    ends_height: window.ends_height,
                })
            }
            _ => Ok(()),
        }
    }

    fn open_round(&mut self, mut run: Run) -> Result<Opened, RoundError> {
        let run_id = run.run_id;
        match run.status {
            RunStatus::Closed {} => return Err(RoundError::Closed { run_id }),
            RunStatus::Held { until } if until > self.now.time => {
                return Err(RoundError::Held { run_id, until })
            }
            _ => run.status = RunStatus::Open {},
        }
        let (ledger, params) = (&mut run.ledger, &run.params);
        let needed = params.money.round_budget;
        let left = ledger.budget.checked_sub(needed);
        let left = left.map_err(|_| RoundError::Budget { available: ledger.budget, needed })?;
        if ledger.bond < params.money.min_bond {
            return Err(RoundError::Bond { available: ledger.bond, needed: params.money.min_bond });
        }
        let epoch = self.world.epoch(self.now.time);
        if epoch < run.first_epoch {
            let first_epoch = run.first_epoch;
            return Err(RoundError::NewAlgorithm { run_id, first_epoch, epoch });
        }
        let directory = self.world.directory(run_id, epoch)?;
        if directory.units == 0 {
            return Err(RoundError::NobodyReady { run_id, epoch });
        }
        ledger.budget = left;
        ledger.reserved =
            ledger.reserved.checked_add(needed).map_err(cosmwasm_std::StdError::from)?;
        run.rounds = run.rounds.saturating_add(1);
        run.open_round = Some(run.rounds);
        let round = Round {
            run_id,
            round_id: run.rounds,
            roster: RosterPin {
                epoch,
                nodes: directory.members,
                units: directory.units,
                owners: directory.owners,
                largest_owner_units: directory.largest_owner_units,
            },
            nps: self.nps(run_id, epoch)?,
            budget: needed,
            phase: Phase::Opening,
            window: None,
            pin: None,
            beacon: Hash32::default(),
            central_beacon: false,
            seeds: Seeds::default(),
            lead: Lead::default(),
            groups: 0,
            next: 0,
            appealing: false,
            accepted: 0,
            accepted_units: 0,
            model: NewModel::default(),
            held: false,
            pay: Pay::default(),
            advances: 0,
            opened_at: self.now.time,
            settled_at: None,
            built_on: run.built_on,
            worth: Worth::default(),
        };
        let mut opened = Opened { run, round };
        self.wait_for_beacon(&mut opened, Phase::Opening)?;
        if let Some(pin) = &opened.round.pin {
            opened.round.beacon = pin.chain_hash;
        }
        RUNS.save(self.store, run_id, &opened.run);
        Ok(opened)
    }

    fn begin_election(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let pin = opened.round.pin.clone().ok_or(no_pin(opened))?;
        let randomness = self.randomness(&pin)?;
        let context = self.context_of(&opened.round);
        opened.round.seeds.alpha = Some(context.alpha(pin.round, randomness, opened.run.last_seed));
        let secs = opened.run.params.lengths.elect_secs;
        self.begin(opened, Phase::Elect, secs);
        // The election's randomness is needed once more, for σ.
        opened.round.pin = Some(pin);
        Ok(())
    }

    fn end_election(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        self.ensure_over(&opened.round, false)?;
        let pin = opened.round.pin.clone().ok_or(no_pin(opened))?;
        let randomness = self.randomness(&pin)?;
        let best = opened.round.lead.leaders.first().map(|leader| leader.output.as_slice());
        let context = self.context_of(&opened.round);
        let seed = context.seed(opened.run.last_seed, randomness, best.unwrap_or_default());
        opened.round.lead.beacon_only = best.is_none();
        opened.round.seeds.seed = Some(seed);
        self.wait_for_beacon(opened, Phase::Seeding)
    }

    fn take_assignment(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let pin = opened.round.pin.clone().ok_or(no_pin(opened))?;
        let randomness = self.randomness(&pin)?;
        let context = self.context_of(&opened.round);
        let seed = opened.round.seeds.seed.unwrap_or_default();
        opened.round.seeds.assignment = Some(context.assignment(pin.round, randomness, seed));
        self.step_to(opened, Phase::Assign);
        Ok(())
    }

    /// Draws all groups, which costs little, and writes some of them, which costs much.
    fn assign(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let (run, round) = (&opened.run, &opened.round);
        let assignment = round.seeds.assignment.unwrap_or_default();
        let roster = Pages::open(self.world, run.run_id, round.roster.epoch)?;
        let drawn = groups(&roster, assignment, &run.params.sizes)?;
        let mut seats = 0_usize;
        let from = round.next;
        let now: Vec<_> = (0_u8..)
            .zip(&drawn)
            .skip(from.into())
            .take_while(|(_, group)| {
                seats = seats.saturating_add(group.len());
                seats <= SEATS_PER_MESSAGE
            })
            .map(|(group, drawn)| (group, drawn.as_slice()))
            .collect();
        let round = opened.round.clone();
        let keys = self.seat(&round, Stage::Work, &now)?;
        let mut nodes = keys.iter();
        for (group, drawn) in &now {
            if opened.round.lead.beacon_only && opened.round.lead.leaders.len() < MAX_LEADERS {
                if let (Some(trainer), Some(one)) = (nodes.as_slice().first(), drawn.first()) {
                    let leads = |leader: &Leader| leader.node_id == trainer.node_id;
                    if !opened.round.lead.leaders.iter().any(leads) {
                        opened.round.lead.leaders.push(Leader {
                            node_id: trainer.node_id,
                            owner: trainer.owner.clone(),
                            account: trainer.keys.account.clone(),
                            vrf_key: super::hash(&trainer.keys.vrf_key),
                            owner_id: one.member.owner_id,
                            first_unit: one.span.first,
                            units: one.member.units,
                            ticket: Uint128::MAX,
                            output: Default::default(),
                        });
                    }
                }
            }
            for _ in 0..drawn.len() {
                nodes.next();
            }
            let seats = u8::try_from(drawn.len()).unwrap_or(u8::MAX);
            self.save_group(opened, *group, seats)?;
        }
        let written = u8::try_from(now.len()).unwrap_or(u8::MAX);
        opened.round.next = from.saturating_add(written);
        let all = u8::try_from(drawn.len()).unwrap_or(u8::MAX);
        if opened.round.next < all {
            return Ok(());
        }
        opened.round.groups = all;
        if all == 0 {
            self.step_to(opened, Phase::Settle);
            return Ok(());
        }
        opened.round.next = 0;
        let secs = opened.run.params.lengths.commit_secs;
        self.begin(opened, Phase::Commit, secs);
        SALTS.save(self.store, opened.run.run_id, &Hash32::default());
        Ok(())
    }

    fn save_group(&mut self, opened: &Opened, group: u8, seats: u8) -> Result<(), RoundError> {
        let assignment = opened.round.seeds.assignment.unwrap_or_default();
        let (run_id, round_id) = opened.key();
        let new = Group {
            group,
            shard: shard(assignment, group, opened.run.params.dataset.shards),
            seed: training_seed(assignment, group),
            seats,
            auditors: 0,
            jurors: 0,
            jury_stage: None,
            check: Check::None,
            work: None,
            verdict: Verdict::Open {},
            quality: 0,
            challenge: None,
            majority: 0,
            juror_pay: Uint128::zero(),
            wrong: 0,
        };
        GROUPS.save(self.store, (run_id, round_id, group), &new);
        Ok(())
    }

    /// Seats of the work that take part in the pass that is going on.
    fn working(&self, opened: &Opened) -> Result<Vec<SeatId>, RoundError> {
        let (mode, phase) = (opened.run.params.algorithm.mode, opened.round.phase);
        let mut seats = Vec::new();
        for group in 0..opened.round.groups {
            let count = group_of(self.store, opened.key(), group)?.seats;
            let part = (0..count).filter(|slot| takes_part(mode, phase, *slot));
            seats.extend(part.map(|slot| SeatId { stage: Stage::Work, group, slot }));
        }
        Ok(seats)
    }

    fn end_commits(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let done = self.all_done(opened.key(), false, self.working(opened)?);
        self.ensure_over(&opened.round, done)?;
        let next =
            if opened.round.phase == Phase::Commit { Phase::Reveal } else { Phase::ScoreReveal };
        let secs = opened.run.params.lengths.reveal_secs;
        self.begin(opened, next, secs);
        Ok(())
    }

    fn end_reveals(&mut self, opened: &mut Opened) -> Result<(), RoundError> {
        let scores_follow =
            opened.run.params.algorithm.mode == Mode::Scored && opened.round.phase == Phase::Reveal;
        let shown = self.all_done(opened.key(), true, self.working(opened)?);
        let posted = opened.round.lead.second_output.is_some() || scores_follow;
        self.ensure_over(&opened.round, shown && posted)?;
        if scores_follow {
            let secs = opened.run.params.lengths.check_secs;
            self.begin(opened, Phase::ScoreCommit, secs);
            return Ok(());
        }
        opened.round.seeds.salts =
            SALTS.may_load(self.store, opened.run.run_id)?.unwrap_or_default();
        self.wait_for_beacon(opened, Phase::CheckSeeding)
    }
}

/// A phase that waits for a beacon round always has one; a round without would be stuck, and says so.
pub(crate) fn no_pin(opened: &Opened) -> RoundError {
    RoundError::WrongPhase {
        expected: "one that waits for a beacon round",
        actual: opened.round.phase,
    }
}
