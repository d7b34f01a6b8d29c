//! What people do in each phase.
//!
//! The adversary's nodes know each other's seats and answers. Where they lie about a group
//! ([`super::Strategy`]), its members, and whoever of them audits or judges it, tell the same lie; its
//! leaders always post a lie, which its members of the committee confirm. The others find the truth.
//! Whether a node is offline is drawn for each seat, for each proof and for each turn of a leader.

use cosmwasm_std::Timestamp;
use modelbond_election::tickets::{best_ticket, Ticket};
use modelbond_interface::training::{Hash32, Phase, Round, SeatId, Stage, TraceProof, MAX_LEADERS};
use modelbond_rounds::digest::{Committed, Context};
use modelbond_rounds::machine::{Books, LeadClaim, Reveal};
use modelbond_rounds::state::{commit_of, seat_key, seat_of, Turn, SEATS, TURNS};
use modelbond_rounds::{merkle, RoundError};

use super::answers::{aggregate, work, Found};
use super::play::{slice_of, Play, CHAIN_ID, CONTRACT, RUN};
use super::{digest, word, Strategy};

/// What a node may be offline for that is no seat.
const PROOF: u32 = u32::MAX;
const OUTPUT: u32 = u32::MAX - 1;
/// The first leader's turn; the next ones follow.
const POST: u32 = u32::MAX - 10;

/// What a seat committed to.
pub(super) struct Sealed {
    found: Found,
    salt: Hash32,
}

impl Play {
    pub(super) fn act(&mut self, round: &Round) -> Result<(), RoundError> {
        match round.phase {
            Phase::Elect => self.prove(round),
            Phase::Commit => {
                self.conspire(round)?;
                self.commit_all(round, Stage::Work)
            }
            Phase::Reveal => {
                self.reveal_all(round, Stage::Work)?;
                self.post_output(round)?;
                let (key, (hash, slice)) = ((RUN, round.round_id), slice_of(self.slice));
                self.machine(|machine| machine.open_slice(key, hash, slice))
            }
            Phase::CheckCommit => self.commit_all(round, check_stage(round)),
            Phase::CheckReveal => self.reveal_all(round, check_stage(round)),
            Phase::Post => self.post(round),
            Phase::ConfirmCommit => self.commit_all(round, committee(round)),
            Phase::ConfirmReveal => self.reveal_all(round, committee(round)),
            _ => Ok(()),
        }
    }

    /// Whether a node does nothing just now.
    fn is_offline(&self, round_id: u64, node_id: u64, what: u32) -> bool {
        let adversary = self.world.is_adversary(node_id);
        let bps =
            if adversary { self.scenario.adversary_offline_bps } else { self.scenario.offline_bps };
        let lot = self.lot(b"offline", round_id, &[node_id, what.into()]);
        word(lot) % 10_000 < u64::from(bps)
    }

    fn lot(&self, what: &[u8], round_id: u64, of: &[u64]) -> Hash32 {
        let of: Vec<u8> = of.iter().flat_map(|number| number.to_be_bytes()).collect();
        digest(&[what, &self.scenario.seed.to_be_bytes(), &round_id.to_be_bytes(), &of])
    }

    /// The three best tickets of those who are there are proved.
    fn prove(&mut self, round: &Round) -> Result<(), RoundError> {
        // From the second half on, every ticket is taken.
        if let Some(window) = round.window {
            let (start, end) = (window.opened_at.nanos(), window.ends_at.nanos());
            self.wait_until(Timestamp::from_nanos(start + (end - start) / 2), 0);
        }
        let alpha = round.seeds.alpha.unwrap_or_default();
        let mut tickets: Vec<(Ticket, u32, Vec<u8>)> = Vec::new();
        for (index, member) in (0_u32..).zip(self.world.members()) {
            let there = !self.is_offline(round.round_id, member.node_id, PROOF);
            let Some(node) = self.world.node(member.node_id).filter(|_| there) else {
                continue;
            };
            let proof = node.secret.prove(&alpha.0)?;
            if let Some(ticket) = best_ticket(&proof.output()?, member.node_id, member.units) {
                tickets.push((ticket, index, proof.as_bytes().to_vec()));
            }
        }
        tickets.sort();
        for (ticket, index, proof) in tickets.into_iter().take(MAX_LEADERS) {
            let (round_id, node_id) = (round.round_id, ticket.node_id);
            let claim =
                LeadClaim { run_id: RUN, round_id, node_id, index, proof, ticket: ticket.index };
            self.machine(|machine| machine.prove_lead(&claim))?;
        }
        Ok(())
    }

    /// The adversary decides where it lies.
    fn conspire(&mut self, round: &Round) -> Result<(), RoundError> {
        self.lies.clear();
        self.sealed.clear();
        for group in 0..round.groups {
            let seats = self.seats(round.round_id, Stage::Work, group);
            let mut own = Vec::new();
            for id in seats {
                let seat = seat_of(&self.store, (RUN, round.round_id), id)?;
                own.push(self.world.is_adversary(seat.node_id));
            }
            self.lies.push(self.scenario.strategy.lies(&own));
        }
        Ok(())
    }

    /// The seats of a group in a stage.
    fn seats(&self, round_id: u64, stage: Stage, group: u8) -> Vec<SeatId> {
        let ids = (0..=u8::MAX).map(|slot| SeatId { stage, group, slot });
        ids.take_while(|id| SEATS.has(&self.store, (RUN, round_id, seat_key(*id)))).collect()
    }

    pub(super) fn all_seats(&self, round: &Round, stage: Stage) -> Vec<SeatId> {
        let groups = if is_committee(stage) { 1 } else { round.groups };
        (0..groups).flat_map(|group| self.seats(round.round_id, stage, group)).collect()
    }

    /// What a node finds in a seat.
    fn find(&self, round: &Round, turn: &Turn, id: SeatId, adversary: bool) -> Found {
        if !is_committee(id.stage) {
            let lie = self.lies.get(usize::from(id.group)).is_some_and(|lie| *lie);
            return work(turn.task(id.group).seed, lie && adversary);
        }
        let (truth, lie) = self.models(round);
        let posted = round.model.aggregate.map(|aggregate| aggregate.answer);
        let lies = self.scenario.strategy == Strategy::Always || posted == Some(lie.answer);
        if lies && adversary {
            lie
        } else {
            truth
        }
    }

    /// The new model, true and false.
    pub(super) fn models(&self, round: &Round) -> (Found, Found) {
        let assignment = round.seeds.assignment.unwrap_or_default();
        let model = |lie| aggregate(assignment, round.accepted, round.model.slice, lie);
        (model(false), model(true))
    }

    fn turn(&self) -> Result<Turn, RoundError> {
        let turn = TURNS.may_load(&self.store, RUN)?;
        turn.ok_or(RoundError::NoOpenRound { run_id: RUN })
    }

    /// What every digest of the round begins with.
    fn context(&self, round: &Round) -> Context {
        let (store, now) = (&self.store, self.now);
        Books { store, now, chain_id: CHAIN_ID, contract: CONTRACT }.context_of(round)
    }

    fn commit_all(&mut self, round: &Round, stage: Stage) -> Result<(), RoundError> {
        let turn = self.turn()?;
        let (key, assignment) = ((RUN, round.round_id), turn.assignment);
        for id in self.all_seats(round, stage) {
            let seat = seat_of(&self.store, key, id)?;
            if self.is_offline(round.round_id, seat.node_id, seat_key(id)) {
                continue;
            }
            let adversary = self.world.is_adversary(seat.node_id);
            let found = self.find(round, &turn, id, adversary);
            let salt = self.lot(b"salt", round.round_id, &[seat_key(id).into()]);
            let context = self.context(round);
            let work = if is_committee(stage) {
                let groups = (turn.accepted, turn.base);
                context.aggregate(round.lead.attempt, assignment, groups, &found.answer)
            } else {
                context.work(&turn.task(id.group), &found.answer)
            };
            let (node_id, owner) = (seat.node_id, seat.owner.as_str());
            let commit =
                context.commit(&Committed { assignment, seat: id, node_id, owner, work, salt });
            self.machine(|machine| machine.commit(key, id, commit, &seat.owner))?;
            self.sealed.insert(seat_key(id), Sealed { found, salt });
        }
        Ok(())
    }

    fn reveal_all(&mut self, round: &Round, stage: Stage) -> Result<(), RoundError> {
        let turn = self.turn()?;
        for id in self.all_seats(round, stage) {
            let key = (RUN, round.round_id);
            let Some(sealed) = self.sealed.get(&seat_key(id)) else {
                continue;
            };
            if commit_of(&self.store, key, id).is_none() {
                continue;
            }
            let seat = seat_of(&self.store, key, id)?;
            let reveal = Reveal {
                run_id: RUN,
                round_id: round.round_id,
                seat: id,
                answer: sealed.found.answer,
                salt: sealed.salt,
                trace: self.trace(round, &turn, (stage, seat.node_id), &sealed.found),
            };
            self.machine(|machine| machine.reveal(&reveal, |_| Ok::<(), RoundError>(())))?;
        }
        Ok(())
    }

    /// The leaf that a check must show.
    fn trace(
        &self,
        round: &Round,
        turn: &Turn,
        (stage, node): (Stage, u64),
        found: &Found,
    ) -> Option<TraceProof> {
        if stage == Stage::Work {
            return None;
        }
        let check = turn.check?;
        let step = self.context(round).traced_step(check, stage, node, found.answer.steps)?;
        let path = merkle::path(&found.leaves, step.into())?;
        let leaf = found.leaves.get(usize::try_from(step).ok()?)?;
        Some(TraceProof { leaf: Hash32(*leaf), path: path.into_iter().map(Hash32).collect() })
    }

    fn post_output(&mut self, round: &Round) -> Result<(), RoundError> {
        let Some(leader) = round.lead.leaders.first().filter(|_| !round.lead.beacon_only) else {
            return Ok(());
        };
        if self.is_offline(round.round_id, leader.node_id, OUTPUT) {
            return Ok(());
        }
        let Some(node) = self.world.node(leader.node_id) else {
            return Ok(());
        };
        let assignment = round.seeds.assignment.unwrap_or_default();
        let context = self.context(round);
        let proof = node.secret.prove(&context.second_alpha(assignment).0)?;
        let key = (RUN, round.round_id);
        self.machine(|machine| machine.post_output(key, proof.as_bytes()))
    }

    fn post(&mut self, round: &Round) -> Result<(), RoundError> {
        let attempt = round.lead.attempt;
        let leader = round.lead.leaders.get(usize::from(attempt));
        let Some(leader) = leader.filter(|_| round.model.aggregate.is_none()) else {
            return Ok(());
        };
        if self.is_offline(round.round_id, leader.node_id, POST + u32::from(attempt)) {
            return Ok(());
        }
        let (truth, lie) = self.models(round);
        let found = if self.world.is_adversary(leader.node_id) { lie } else { truth };
        let (key, accepted) = ((RUN, round.round_id), round.accepted);
        self.machine(|machine| machine.post_aggregate(key, found.answer, accepted, &leader.owner))
    }
}

fn check_stage(round: &Round) -> Stage {
    if round.appealing {
        Stage::Appeal
    } else {
        Stage::Check
    }
}

/// The committee of the leader whose turn it is.
fn committee(round: &Round) -> Stage {
    Stage::committee(round.lead.attempt).unwrap_or(Stage::ThirdCommittee)
}

fn is_committee(stage: Stage) -> bool {
    !matches!(stage, Stage::Work | Stage::Check | Stage::Appeal)
}
