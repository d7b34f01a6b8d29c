//! The round machine: every transition, over storage and a [`World`].
//!
//! A transition reads, decides by pure rules, checks, and only then writes. What it wants done outside
//! is in [`Machine::effects`], in order; the caller does all of it or none.

mod act;
mod advance;
mod aggregate;
mod books;
mod challenge;
mod check;
mod claim;
mod feedback;
mod judge;
mod penalty;
mod run;
mod settle;

use cosmwasm_std::{Addr, Event, Storage};
use modelbond_election::draw::Drawn;
use modelbond_interface::nodes::Member;
use modelbond_interface::nodes::NodeKeys;
use modelbond_interface::training::{
    Hash32, Mode, Phase, Pin, Round, RoundAdvanced, RoundSeatDrawn, Run, Seat, SeatId, Stage,
};

pub use act::{LeadClaim, Reveal, Revealing};
pub use books::{Books, Owed};
pub use challenge::ChallengeClaim;
pub use check::LEAST_JUDGES;
pub use feedback::{ADOPTION_DAYS, CAP};
pub use run::{checked_params, Purse};
pub use settle::{is_spread, LEAST_OWNERS};

use crate::clock::{self, Now};
use crate::digest::Context;
use crate::state::{
    commit_of, reveal_of, round_of, run_of, seat_key, RoundKey, Turn, ROUNDS, RUNS, SEATS, TURNS,
};
use crate::world::{Effect, World};
use crate::RoundError;

/// The machine, in one block.
pub struct Machine<'a, W> {
    /// Where everything is.
    pub store: &'a mut dyn Storage,
    /// Beacon and nodes.
    pub world: &'a W,
    /// The block.
    pub now: Now,
    /// Chain id.
    pub chain_id: &'a str,
    /// Address of the training contract.
    pub contract: &'a str,
    /// What is to be done outside, in order.
    pub effects: Vec<Effect>,
}

/// Seats that one message draws, at most; one group more or less.
pub const SEATS_PER_MESSAGE: usize = 20;

/// An open round with its run.
pub(crate) struct Opened {
    pub(crate) run: Run,
    pub(crate) round: Round,
}

impl Opened {
    pub(crate) fn key(&self) -> RoundKey {
        (self.run.run_id, self.round.round_id)
    }

    /// The stage whose checks are going on.
    pub(crate) fn check_stage(&self) -> Stage {
        if self.round.appealing {
            Stage::Appeal
        } else {
            Stage::Check
        }
    }

    /// C of the checks that are going on.
    pub(crate) fn check_seed(&self) -> Hash32 {
        let seed =
            if self.round.appealing { self.round.seeds.appeal } else { self.round.seeds.check };
        seed.unwrap_or_default()
    }
}

impl<'a, W: World> Machine<'a, W> {
    pub(crate) fn context(&self, run_id: u64, round_id: u64, beacon: Hash32) -> Context {
        Context {
            chain_id: self.chain_id.to_owned(),
            contract: self.contract.to_owned(),
            run_id,
            round_id,
            beacon,
        }
    }

    pub(crate) fn context_of(&self, round: &Round) -> Context {
        self.books().context_of(round)
    }

    /// The same state, to be read.
    #[must_use]
    pub fn books(&self) -> Books<'_> {
        Books { store: self.store, now: self.now, chain_id: self.chain_id, contract: self.contract }
    }

    pub(crate) fn event(&mut self, event: impl Into<Event>) {
        self.effects.push(Effect::Event(event.into()));
    }

    /// The open round of a run.
    pub(crate) fn opened(&self, run_id: u64) -> Result<Opened, RoundError> {
        self.opened_of(run_of(self.store, run_id)?)
    }

    /// The same, where the run was read already.
    pub(crate) fn opened_of(&self, run: Run) -> Result<Opened, RoundError> {
        let run_id = run.run_id;
        let round_id = run.open_round.ok_or(RoundError::NoOpenRound { run_id })?;
        let round = round_of(self.store, (run_id, round_id))?;
        Ok(Opened { run, round })
    }

    /// The same, which must be the one that was meant.
    pub(crate) fn opened_as(&self, run_id: u64, given: u64) -> Result<Opened, RoundError> {
        let opened = self.opened(run_id)?;
        let open = opened.round.round_id;
        if given != open {
            return Err(RoundError::OtherRound { given, open });
        }
        Ok(opened)
    }

    /// Saves run and round, and what may be done now.
    pub(crate) fn save(&mut self, opened: &Opened) -> Result<(), RoundError> {
        let Opened { run, round } = opened;
        RUNS.save(self.store, run.run_id, run);
        ROUNDS.save(self.store, opened.key(), round);
        if round.phase == Phase::Final {
            TURNS.remove(self.store, run.run_id);
            return Ok(());
        }
        let stage = match round.phase {
            Phase::CheckSeeding | Phase::CheckAssign | Phase::CheckCommit | Phase::CheckReveal => {
                opened.check_stage()
            }
            Phase::Post | Phase::ConfirmCommit | Phase::ConfirmReveal => {
                Stage::committee(round.lead.attempt).unwrap_or(Stage::ThirdCommittee)
            }
            _ => Stage::Work,
        };
        let turn = Turn {
            round_id: round.round_id,
            phase: round.phase,
            window: round.window,
            stage,
            beacon: round.beacon,
            assignment: round.seeds.assignment.unwrap_or_default(),
            check: if stage == Stage::Appeal { round.seeds.appeal } else { round.seeds.check },
            algorithm: run.params.algorithm.hash,
            base: run.params.base_hash,
            mode: run.params.algorithm.mode,
            shards: run.params.dataset.shards,
            accepted: round.accepted,
        };
        TURNS.save(self.store, run.run_id, &turn);
        Ok(())
    }

    /// Refuses what is not possible in the round's phase, or too late.
    pub(crate) fn ensure_phase(
        &self,
        round: &Round,
        phases: &[Phase],
        expected: &'static str,
    ) -> Result<(), RoundError> {
        if !phases.contains(&round.phase) {
            return Err(RoundError::WrongPhase { expected, actual: round.phase });
        }
        self.ensure_in_time(round)
    }

    pub(crate) fn ensure_in_time(&self, round: &Round) -> Result<(), RoundError> {
        match &round.window {
            Some(window) if clock::is_over(window, self.now) => {
                Err(RoundError::TooLate { phase: round.phase, ends_at: window.ends_at })
            }
            _ => Ok(()),
        }
    }

    /// Begins a phase that waits for actors.
    pub(crate) fn begin(&self, opened: &mut Opened, phase: Phase, secs: u64) {
        let blocks = opened.run.params.lengths.blocks;
        opened.round.phase = phase;
        opened.round.window = Some(clock::window(self.now, secs, blocks));
        opened.round.pin = None;
    }

    /// Begins a phase that waits for nothing but `advance`.
    pub(crate) fn step_to(&self, opened: &mut Opened, phase: Phase) {
        opened.round.phase = phase;
        opened.round.window = None;
        opened.round.pin = None;
        opened.round.next = 0;
    }

    /// Begins a phase that waits for a beacon round which nobody has seen.
    pub(crate) fn wait_for_beacon(
        &self,
        opened: &mut Opened,
        phase: Phase,
    ) -> Result<(), RoundError> {
        let lengths = &opened.run.params.lengths;
        let at =
            clock::pin_at(opened.run.opened_at, lengths.grid_secs, lengths.margin_secs, self.now);
        let at = at.ok_or(RoundError::EndOfTime { at: self.now.time })?;
        let first = self.world.first_round(at)?;
        if !first.fixed {
            return Err(RoundError::NotFixed { at });
        }
        let round = &mut opened.round;
        round.phase = phase;
        round.window = None;
        round.central_beacon |= first.central_beacon;
        round.pin = Some(Pin {
            at,
            round: first.round,
            chain_hash: hash(&first.chain_hash),
            central: first.central_beacon,
        });
        Ok(())
    }

    /// The randomness that a round waits for.
    pub(crate) fn randomness(&self, pin: &Pin) -> Result<Hash32, RoundError> {
        let answer = self.world.randomness(pin.at)?;
        let (first, at) = (&answer.first, pin.at);
        if first.round != pin.round || hash(&first.chain_hash) != pin.chain_hash {
            return Err(RoundError::BeaconChanged { at, pinned: pin.round, actual: first.round });
        }
        let randomness = answer.randomness;
        randomness
            .map(|bytes| hash(&bytes))
            .ok_or(RoundError::BeaconMissing { round: pin.round, at })
    }

    /// Saves drawn members as seats, with the keys that counted in the roster's epoch.
    pub(crate) fn seat(
        &mut self,
        round: &Round,
        stage: Stage,
        groups: &[(u8, &[Drawn<Member>])],
    ) -> Result<Vec<NodeKeys>, RoundError> {
        let drawn = groups.iter().flat_map(|(_, drawn)| drawn.iter());
        let ids: Vec<u64> = drawn.map(|one| one.member.node_id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.world.keys(round.roster.epoch, &ids)?;
        let mut keys = all.iter();
        let key = (round.run_id, round.round_id);
        for (group, drawn) in groups {
            for (slot, one) in (0_u8..).zip(*drawn) {
                let Some(node) = keys.next() else {
                    return Err(RoundError::Roster {
                        epoch: round.roster.epoch,
                        unit: one.span.first,
                    });
                };
                let id = SeatId { stage, group: *group, slot };
                let seat = Seat {
                    node_id: node.node_id,
                    owner: node.owner.clone(),
                    owner_id: one.member.owner_id,
                    first_unit: one.span.first,
                    units: one.member.units,
                    class: one.member.class,
                    account: node.keys.account.clone(),
                    attestation_key: node.keys.attestation_key.clone(),
                    key_epoch: node.keys.from_epoch,
                    device_class: node.device_class.clone(),
                };
                SEATS.save(self.store, (key.0, key.1, seat_key(id)), &seat);
                self.event(RoundSeatDrawn {
                    run_id: key.0,
                    round_id: key.1,
                    stage: stage.index(),
                    group: *group,
                    slot,
                    node_id: node.node_id,
                });
            }
        }
        Ok(all)
    }

    /// What the seats of a group showed, by slot.
    pub(crate) fn answers(
        &self,
        key: RoundKey,
        stage: Stage,
        group: u8,
        seats: u8,
    ) -> Vec<Option<Hash32>> {
        (0..seats).map(|slot| reveal_of(self.store, key, SeatId { stage, group, slot })).collect()
    }

    /// Whether all of these seats have committed; or, of those that have, shown their answers.
    pub(crate) fn all_done(
        &self,
        key: RoundKey,
        revealed: bool,
        seats: impl IntoIterator<Item = SeatId>,
    ) -> bool {
        seats.into_iter().all(|seat| {
            let committed = commit_of(self.store, key, seat).is_some();
            if revealed {
                !committed || reveal_of(self.store, key, seat).is_some()
            } else {
                committed
            }
        })
    }

    pub(crate) fn announce(&mut self, opened: &Opened, by: &Addr) {
        let round = &opened.round;
        let ends_at = round.window.map(|window| window.ends_at.nanos()).unwrap_or_default();
        let event = RoundAdvanced {
            run_id: round.run_id,
            round_id: round.round_id,
            phase: phase_name(round.phase).to_owned(),
            by: by.to_string(),
            ends_at,
            beacon_round: round.pin.as_ref().map(|pin| pin.round).unwrap_or_default(),
        };
        self.event(event);
    }
}

/// Whether a seat of the work takes part in the pass that is going on.
pub(crate) fn takes_part(mode: Mode, phase: Phase, slot: u8) -> bool {
    match (mode, phase) {
        (Mode::Exact, _) => true,
        (Mode::Scored, Phase::ScoreCommit | Phase::ScoreReveal) => slot > 0,
        (Mode::Scored, _) => slot == 0,
    }
}

/// A phase as events name it.
#[must_use]
pub fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Opening => "opening",
        Phase::Elect => "elect",
        Phase::Seeding => "seeding",
        Phase::Assign => "assign",
        Phase::Commit => "commit",
        Phase::Reveal => "reveal",
        Phase::ScoreCommit => "score_commit",
        Phase::ScoreReveal => "score_reveal",
        Phase::CheckSeeding => "check_seeding",
        Phase::CheckAssign => "check_assign",
        Phase::CheckCommit => "check_commit",
        Phase::CheckReveal => "check_reveal",
        Phase::Judge => "judge",
        Phase::Penalize => "penalize",
        Phase::Post => "post",
        Phase::ConfirmCommit => "confirm_commit",
        Phase::ConfirmReveal => "confirm_reveal",
        Phase::Settle => "settle",
        Phase::Final => "final",
    }
}

/// Bytes that the beacon answers with; a beacon's hashes have 32 bytes.
fn hash(bytes: &[u8]) -> Hash32 {
    Hash32(bytes.try_into().unwrap_or_default())
}
