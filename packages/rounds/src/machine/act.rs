//! What actors do: prove, commit, reveal, post.

use cosmwasm_std::{Addr, Binary, Uint128};
use modelbond_election::tickets;
use modelbond_election::vrf;
use modelbond_interface::nodes::PAGE_MEMBERS;
use modelbond_interface::training::{
    Aggregate, Answer, Hash32, Leader, Outcome, Phase, RoundCommitted, RoundLeaderProved,
    RoundPosted, RoundRevealed, Seat, SeatId, Slice, Stage, TraceProof, MAX_LEADERS,
};

use super::{takes_part, Machine};
use crate::clock;
use crate::digest::{role, slice, Committed, Context};
use crate::merkle;
use crate::state::{
    commit_of, group_of, reveal_of, seat_key, seat_of, Turn, ANSWERS, COMMITS, REVEALS, ROUNDS,
    RUNS, SALTS, TURNS,
};
use crate::world::World;
use crate::RoundError;

/// 2^59: losses of all 16 groups below it add up to less than 2^64, so that parts of their sum add up to
/// the whole.
const LEAST_LOSS_REFUSED: u64 = 1 << 59;

/// A ticket that somebody proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadClaim {
    /// The run.
    pub run_id: u64,
    /// The round.
    pub round_id: u64,
    /// The node.
    pub node_id: u64,
    /// Its place in the roster.
    pub index: u32,
    /// Proof over α.
    pub proof: Vec<u8>,
    /// Which of its units.
    pub ticket: u32,
}

/// A reveal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reveal {
    /// The run.
    pub run_id: u64,
    /// The round.
    pub round_id: u64,
    /// The seat.
    pub seat: SeatId,
    /// The answer.
    pub answer: Answer,
    /// The salt.
    pub salt: Hash32,
    /// A leaf of the trace.
    pub trace: Option<TraceProof>,
}

/// What an attestation must sign.
#[derive(Debug, Clone, PartialEq)]
pub struct Revealing {
    /// Who.
    pub seat: Seat,
    /// As what.
    pub role: &'static str,
    /// D("work", …) of the answer.
    pub work: Hash32,
    /// What may be done now.
    pub turn: Turn,
}

impl<W: World> Machine<'_, W> {
    /// Takes a ticket among the best three. A lower ticket of a node replaces its higher one: whoever
    /// sees a proof could send it with any of the node's tickets.
    ///
    /// # Errors
    /// When the proof does not hold, the ticket is too high, or the time is over.
    pub fn prove_lead(&mut self, claim: &LeadClaim) -> Result<(), RoundError> {
        let mut opened = self.opened_as(claim.run_id, claim.round_id)?;
        self.ensure_phase(&opened.round, &[Phase::Elect], "elect")?;
        let round = &opened.round;
        let node_id = claim.node_id;
        let member = self.member(round, node_id, claim.index)?;
        let keys = self.world.keys(round.roster.epoch, &[node_id])?;
        let node = keys.into_iter().next();
        let node = node.ok_or(RoundError::NotThere { index: claim.index, node_id })?;
        let alpha = round.seeds.alpha.unwrap_or_default();
        let output = vrf::verify_slices(&node.keys.vrf_key, &alpha.0, &claim.proof)?;
        let ticket = tickets::claimed(&output, node_id, claim.ticket, member.units)?;
        let proved = round.lead.leaders.iter().find(|leader| leader.node_id == node_id);
        if proved.is_some_and(|leader| leader.ticket.u128() <= ticket.value) {
            return Err(RoundError::AlreadyProved { node_id });
        }
        if let Some(window) = &round.window {
            if !clock::is_second_half(window, self.now) && !ticket.is_early(round.roster.units) {
                let (start, end) = (window.opened_at.nanos(), window.ends_at.nanos());
                let from = start.saturating_add(end.saturating_sub(start) / 2);
                return Err(RoundError::NotEarly {
                    from: cosmwasm_std::Timestamp::from_nanos(from),
                });
            }
        }
        let rank = (ticket.value, node_id);
        let better = |leader: &Leader| (leader.ticket.u128(), leader.node_id) < rank;
        let place = round.lead.leaders.partition_point(better);
        if place >= MAX_LEADERS {
            return Err(RoundError::NotAmongBest {});
        }
        let leader = Leader {
            node_id,
            owner: node.owner,
            account: node.keys.account,
            vrf_key: super::hash(&node.keys.vrf_key),
            owner_id: member.owner_id,
            first_unit: self.first_unit(round.run_id, round.roster.epoch, claim.index)?,
            units: member.units,
            ticket: Uint128::new(ticket.value),
            output: Binary::from(output.as_bytes()),
        };
        opened.round.lead.leaders.retain(|leader| leader.node_id != node_id);
        opened.round.lead.leaders.insert(place, leader);
        opened.round.lead.leaders.truncate(MAX_LEADERS);
        ROUNDS.save(self.store, opened.key(), &opened.round);
        self.event(RoundLeaderProved {
            run_id: claim.run_id,
            round_id: claim.round_id,
            node_id,
            place: u8::try_from(place).unwrap_or(u8::MAX),
            ticket: ticket.value,
        });
        Ok(())
    }

    /// The first unit of the member at a place.
    fn first_unit(&self, run_id: u64, epoch: u64, index: u32) -> Result<u64, RoundError> {
        let size = u32::try_from(PAGE_MEMBERS).unwrap_or(1);
        let page = index.checked_div(size).unwrap_or_default();
        let place = index.checked_rem(size).unwrap_or_default();
        let sum = |units: u64, more: u64| units.saturating_add(more);
        let directory = self.world.directory(run_id, epoch)?;
        let pages = (0..page).zip(&directory.pages).map(|(_, units)| *units).fold(0, sum);
        let members = self.world.page(run_id, epoch, page)?;
        let before = (0..place).zip(&members).map(|(_, member)| member.units.into());
        Ok(before.fold(pages, sum))
    }

    fn turn(&self, run_id: u64, given: u64) -> Result<Turn, RoundError> {
        let turn = TURNS.may_load(self.store, run_id)?;
        let turn = turn.ok_or(RoundError::NoOpenRound { run_id })?;
        if turn.round_id != given {
            return Err(RoundError::OtherRound { given, open: turn.round_id });
        }
        Ok(turn)
    }

    /// The turn, if this seat may act in one of the phases.
    fn turn_of(
        &self,
        (run_id, round_id): (u64, u64),
        seat: SeatId,
        phases: &[Phase],
        expected: &'static str,
    ) -> Result<Turn, RoundError> {
        let turn = self.turn(run_id, round_id)?;
        let phase = turn.phase;
        if !phases.contains(&phase) {
            return Err(RoundError::WrongPhase { expected, actual: phase });
        }
        if let Some(window) = turn.window.filter(|window| clock::is_over(window, self.now)) {
            return Err(RoundError::TooLate { phase, ends_at: window.ends_at });
        }
        let works = seat.stage == Stage::Work;
        if seat.stage != turn.stage || (works && !takes_part(turn.mode, phase, seat.slot)) {
            return Err(RoundError::WrongSeat { phase });
        }
        Ok(turn)
    }

    /// Takes a commit, once.
    ///
    /// # Errors
    /// When the sender does not have the seat, it committed already, or the time is over.
    pub fn commit(
        &mut self,
        key: (u64, u64),
        id: SeatId,
        commit: Hash32,
        sender: &Addr,
    ) -> Result<(), RoundError> {
        let phases = [Phase::Commit, Phase::ScoreCommit, Phase::CheckCommit, Phase::ConfirmCommit];
        self.turn_of(key, id, &phases, "a phase of commits")?;
        let seat = seat_of(self.store, key, id)?;
        if seat.owner != *sender && seat.account != *sender {
            let (owner, account, sender) = (seat.owner, seat.account, sender.clone());
            return Err(RoundError::NotYourSeat { owner, account, sender });
        }
        if commit_of(self.store, key, id).is_some() {
            return Err(RoundError::AlreadyCommitted {});
        }
        COMMITS.save(self.store, (key.0, key.1, seat_key(id)), &commit);
        self.event(RoundCommitted {
            run_id: key.0,
            round_id: key.1,
            stage: id.stage.index(),
            group: id.group,
            slot: id.slot,
            node_id: seat.node_id,
        });
        Ok(())
    }

    /// Takes an answer. `attested` checks the signature over what it is given.
    ///
    /// # Errors
    /// When it is not what was committed, contradicts itself, or the time is over.
    pub fn reveal<E: From<RoundError>>(
        &mut self,
        reveal: &Reveal,
        attested: impl FnOnce(&Revealing) -> Result<(), E>,
    ) -> Result<(), E> {
        let (key, id) = ((reveal.run_id, reveal.round_id), reveal.seat);
        let revealing = self.revealing(reveal)?;
        attested(&revealing)?;
        let work = revealing.work;
        REVEALS.save(self.store, (key.0, key.1, seat_key(id)), &work);
        self.remember(key, work, &reveal.answer);
        if id.stage == Stage::Work {
            let context = self.context(key.0, key.1, revealing.turn.beacon);
            let salt = context.salt(id, reveal.salt);
            let mut salts =
                SALTS.may_load(self.store, key.0).map_err(RoundError::from)?.unwrap_or_default();
            for (byte, other) in salts.0.iter_mut().zip(salt.0) {
                *byte ^= other;
            }
            SALTS.save(self.store, key.0, &salts);
        }
        self.event(RoundRevealed {
            run_id: key.0,
            round_id: key.1,
            stage: id.stage.index(),
            group: id.group,
            slot: id.slot,
            node_id: revealing.seat.node_id,
            work: work.to_string(),
        });
        Ok(())
    }

    /// Stores an answer when it is shown for the first time.
    fn remember(&mut self, key: (u64, u64), work: Hash32, answer: &Answer) {
        let key = (key.0, key.1, work.0.as_slice());
        if !ANSWERS.has(self.store, key) {
            ANSWERS.save(self.store, key, answer);
        }
    }

    fn revealing(&self, reveal: &Reveal) -> Result<Revealing, RoundError> {
        let (key, id) = ((reveal.run_id, reveal.round_id), reveal.seat);
        let phases = [Phase::Reveal, Phase::ScoreReveal, Phase::CheckReveal, Phase::ConfirmReveal];
        let turn = self.turn_of(key, id, &phases, "a phase of reveals")?;
        let seat = seat_of(self.store, key, id)?;
        let commit = commit_of(self.store, key, id).ok_or(RoundError::NotCommitted {})?;
        if reveal_of(self.store, key, id).is_some() {
            return Err(RoundError::AlreadyRevealed {});
        }
        ensure_consistent(&reveal.answer)?;
        let context = self.context(key.0, key.1, turn.beacon);
        let work = self.work(&context, &turn, id, &reveal.answer);
        let computed = context.commit(&Committed {
            assignment: turn.assignment,
            seat: id,
            node_id: seat.node_id,
            owner: seat.owner.as_str(),
            work,
            salt: reveal.salt,
        });
        if computed != commit {
            return Err(RoundError::WrongReveal { computed, commit });
        }
        if id.stage != Stage::Work {
            ensure_traced(&context, &turn, (id.stage, seat.node_id), reveal)?;
        }
        let jury = id.stage == Stage::Appeal
            || (id.stage == Stage::Check
                && group_of(self.store, key, id.group)?.jury_stage == Some(Stage::Check));
        Ok(Revealing { role: role(id, jury), seat, work, turn })
    }

    /// D("work", …) of an answer, or D("aggregate", …) for a committee.
    fn work(&self, context: &Context, turn: &Turn, id: SeatId, answer: &Answer) -> Hash32 {
        match id.stage {
            Stage::Work | Stage::Check | Stage::Appeal => {
                context.work(&turn.task(id.group), answer)
            }
            committee => {
                let attempt = committee.index().saturating_sub(Stage::Committee.index());
                let groups = (turn.accepted, turn.base);
                context.aggregate(attempt, turn.assignment, groups, answer)
            }
        }
    }

    /// Takes the best leader's second output.
    ///
    /// # Errors
    /// When the proof does not hold, or the reveals are over.
    pub fn post_output(&mut self, key: (u64, u64), proof: &[u8]) -> Result<(), RoundError> {
        let mut opened = self.opened_as(key.0, key.1)?;
        let phases = [Phase::Commit, Phase::Reveal, Phase::ScoreCommit, Phase::ScoreReveal];
        self.ensure_phase(&opened.round, &phases, "from commits to reveals")?;
        let round = &opened.round;
        if round.lead.second_output.is_some() {
            return Err(RoundError::AlreadyPosted {});
        }
        let leader = round.lead.leaders.first().ok_or(RoundError::NoLeader {})?;
        let alpha = self.context_of(round).second_alpha(round.seeds.assignment.unwrap_or_default());
        let output = vrf::verify_slices(&leader.vrf_key.0, &alpha.0, proof)?;
        opened.round.lead.second_output = Some(Binary::from(output.as_bytes()));
        ROUNDS.save(self.store, opened.key(), &opened.round);
        Ok(())
    }

    /// Opens the round's slice of the holdout. It is used up.
    ///
    /// # Errors
    /// When it is not the next one, or the time is wrong.
    pub fn open_slice(
        &mut self,
        key: (u64, u64),
        given: Hash32,
        (salt, root, samples): (Hash32, Hash32, u32),
    ) -> Result<(), RoundError> {
        let mut opened = self.opened_as(key.0, key.1)?;
        let (phase, expected) = (opened.round.phase, "after the commits, before a leader posts");
        if !phase.opens_slices() {
            return Err(RoundError::WrongPhase { expected, actual: phase });
        }
        if opened.round.model.slice.is_some() {
            return Err(RoundError::SliceOpen {});
        }
        let slices = &mut opened.run.params.dataset.slices;
        let next = *slices.first().ok_or(RoundError::NoSlice {})?;
        if next != given {
            return Err(RoundError::OtherSlice { expected: next, given });
        }
        let computed = slice(salt, root, samples);
        if computed != next || samples == 0 {
            return Err(RoundError::WrongSlice { computed, slice: next });
        }
        slices.remove(0);
        opened.round.model.slice = Some(Slice { root, samples });
        RUNS.save(self.store, key.0, &opened.run);
        ROUNDS.save(self.store, opened.key(), &opened.round);
        Ok(())
    }

    /// Takes the new model of the leader whose turn it is.
    ///
    /// # Errors
    /// When the sender does not lead, or the time is over.
    pub fn post_aggregate(
        &mut self,
        key: (u64, u64),
        answer: Answer,
        accepted: u16,
        sender: &Addr,
    ) -> Result<(), RoundError> {
        let mut opened = self.opened_as(key.0, key.1)?;
        self.ensure_phase(&opened.round, &[Phase::Post], "post")?;
        let round = &opened.round;
        if round.model.aggregate.is_some() {
            return Err(RoundError::AlreadyPosted {});
        }
        let attempt = round.lead.attempt;
        let leader = round.lead.leaders.get(usize::from(attempt)).ok_or(RoundError::NoLeader {})?;
        if leader.owner != *sender && leader.account != *sender {
            let (owner, account) = (leader.owner.clone(), leader.account.clone());
            return Err(RoundError::NotYourSeat { owner, account, sender: sender.clone() });
        }
        if accepted != round.accepted {
            return Err(RoundError::OtherGroups { expected: round.accepted, given: accepted });
        }
        ensure_consistent(&answer)?;
        let (root, samples) = round.model.slice.map(|s| (s.root, s.samples)).unwrap_or_default();
        if answer.outcome != Outcome::Result {
            return Err(RoundError::BadAnswer { why: "a leader posts a result" });
        }
        if answer.samples != samples || answer.steps != samples || answer.shard_root != root {
            return Err(RoundError::BadAnswer { why: "it is scored on the round's slice" });
        }
        let assignment = round.seeds.assignment.unwrap_or_default();
        let groups = (accepted, opened.run.params.base_hash);
        let work = self.context_of(round).aggregate(attempt, assignment, groups, &answer);
        self.remember(opened.key(), work, &answer);
        opened.round.model.aggregate = Some(Aggregate { answer, accepted, work });
        ROUNDS.save(self.store, opened.key(), &opened.round);
        self.event(RoundPosted {
            run_id: key.0,
            round_id: key.1,
            attempt,
            result_hash: answer.result_hash.to_string(),
        });
        Ok(())
    }
}

fn ensure_consistent(answer: &Answer) -> Result<(), RoundError> {
    let bad = |why| Err(RoundError::BadAnswer { why });
    if answer.outcome != Outcome::Result && *answer != Answer::without(answer.outcome) {
        return bad("without a result, everything else is zero");
    }
    if answer.correct > answer.samples {
        return bad("more samples are right than there are");
    }
    if answer.loss_before.max(answer.loss_after) >= LEAST_LOSS_REFUSED {
        return bad("a loss is less than 2^59");
    }
    Ok(())
}

/// A check shows a leaf of the trace that nobody has who did not do the steps.
fn ensure_traced(
    context: &Context,
    turn: &Turn,
    (stage, node_id): (Stage, u64),
    reveal: &Reveal,
) -> Result<(), RoundError> {
    let answer = &reveal.answer;
    let check = turn.check.unwrap_or_default();
    let Some(step) = context.traced_step(check, stage, node_id, answer.steps) else {
        return Ok(());
    };
    let trace = reveal.trace.as_ref().ok_or(RoundError::NoTrace { step })?;
    let path: Vec<[u8; 32]> = trace.path.iter().map(|hash| hash.0).collect();
    let root = &answer.trace_root.0;
    if merkle::verify(root, step.into(), answer.steps.into(), &trace.leaf.0, &path) {
        Ok(())
    } else {
        Err(RoundError::WrongTrace { step })
    }
}
