//! Playing rounds.

use std::collections::BTreeMap;

use modelbond_election::tickets::{best_ticket, Ticket};
use modelbond_interface::beacon;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::training::{
    Answer, ExecuteMsg, Hash32, Mode, Outcome, Phase, Round, SeatId, SeatInfo, Stage, TraceProof,
};
use modelbond_rounds::digest::Committed;
use modelbond_rounds::merkle;
use modelbond_rounds::state::{shard, training_seed};
use modelbond_signature::sha256;

use super::answers::{leaves, unavailable, Task};
use super::messages::attested;
use super::{Member, Sealed, Training};
use crate::beacon::submit_message;
use crate::chain::{Contracts, Failure, Outcome as Receipt};
use crate::Machine;

/// How a machine behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// As it should.
    Honest,
    /// It does nothing.
    Silent,
    /// It commits and does not reveal.
    Late,
    /// It tells this lie; others with the same number tell the same.
    Liar(u8),
    /// It lies as a member of a group, and is honest as auditor, juror and member of a committee.
    LiarAtWork(u8),
    /// It says that the data cannot be had.
    WithoutData,
}

impl Conduct {
    /// Which lie it tells in a stage; 0 is the truth.
    pub(crate) fn lie(self, stage: Stage) -> u8 {
        match self {
            Self::Liar(lie) => lie,
            Self::LiarAtWork(lie) if stage == Stage::Work => lie,
            _ => 0,
        }
    }
}

/// Steps of `advance` that a round takes at the most.
const STEPS: u32 = 400;

impl<C: Contracts> Training<C> {
    /// Somebody advances the run.
    ///
    /// # Errors
    /// When there is nothing to do yet.
    pub fn advance(&mut self) -> Result<Receipt, Failure> {
        let run_id = self.run_id;
        self.send("keeper", &ExecuteMsg::Advance { run_id })
    }

    /// Opens a round and plays it to its end.
    ///
    /// # Panics
    /// When it does not come to one.
    pub fn play(&mut self) -> Round {
        self.advance().expect("opens a round");
        self.play_to(Phase::Final);
        self.round()
    }

    /// Opens a round and plays it until it is in a phase, in which nobody has done anything yet.
    ///
    /// # Panics
    /// When it does not come to that.
    pub fn play_until(&mut self, phase: Phase) {
        self.advance().expect("opens a round");
        self.play_to(phase);
    }

    /// Plays on until the round is in a phase.
    ///
    /// # Panics
    /// When it does not come to that.
    pub fn play_to(&mut self, phase: Phase) {
        for _ in 0..STEPS {
            if self.round().phase == phase {
                return;
            }
            self.step();
        }
        panic!("the round stays in {:?}", self.round().phase);
    }

    /// Everybody does what there is to do in this phase, and the round moves on.
    ///
    /// # Panics
    /// When it does not.
    pub fn step(&mut self) {
        self.act();
        if self.round().phase == Phase::Settle {
            let run_id = self.run_id;
            self.send("keeper", &ExecuteMsg::Settle { run_id }).expect("settles");
        } else {
            self.move_on();
        }
    }

    /// Advances as soon as that is possible.
    ///
    /// # Panics
    /// When it is not within a few minutes.
    pub fn move_on(&mut self) {
        let mut last = String::new();
        for _ in 0..200 {
            match self.advance() {
                Ok(_) => return,
                Err(error) => last = error.to_string(),
            }
            assert!(last.contains("wait"), "{last}");
            self.market.chain.wait(1);
        }
        panic!("the round does not move on: {last}");
    }

    /// Everybody does what there is to do in this phase.
    pub fn act(&mut self) {
        let round = self.round();
        match round.phase {
            Phase::Opening | Phase::Seeding | Phase::CheckSeeding => self.emit(&round),
            Phase::Elect => self.prove_all(&round),
            Phase::Commit | Phase::ScoreCommit => self.commit_all(Stage::Work),
            Phase::Reveal | Phase::ScoreReveal => {
                self.reveal_all(Stage::Work);
                let _ = self.post_output(&self.round());
                let _ = self.open_slice();
            }
            Phase::CheckCommit => self.commit_all(self.check_stage(&round)),
            Phase::CheckReveal => self.reveal_all(self.check_stage(&round)),
            Phase::Post => drop(self.post()),
            Phase::ConfirmCommit => self.commit_all(self.committee_stage(&round)),
            Phase::ConfirmReveal => self.reveal_all(self.committee_stage(&round)),
            _ => {}
        }
    }

    fn check_stage(&self, round: &Round) -> Stage {
        if round.appealing {
            Stage::Appeal
        } else {
            Stage::Check
        }
    }

    fn committee_stage(&self, round: &Round) -> Stage {
        Stage::committee(round.lead.attempt).expect("an attempt")
    }

    /// The emitter waits for the round that training waits for, and hands it in.
    ///
    /// # Panics
    /// When the beacon refuses it.
    pub fn emit(&mut self, round: &Round) {
        let Some(pin) = round.pin.as_ref().filter(|_| self.emitting) else {
            return;
        };
        let first: beacon::FirstRoundResponse = self
            .market
            .chain
            .query_any(&self.beacon, &beacon::QueryMsg::FirstRound { at: pin.at })
            .expect("answers");
        while self.market.chain.now() < first.round_at {
            self.market.chain.wait(1);
        }
        let msg = submit_message(pin.round, self.emitter.sign(pin.round));
        let (sender, beacon) = (self.market.chain.account("stranger"), self.beacon.clone());
        self.market.chain.execute_any(&sender, &beacon, &msg, &[]).expect("takes the round");
    }

    /// A machine proves its best ticket.
    ///
    /// # Errors
    /// When training refuses it.
    ///
    /// # Panics
    /// When the machine is not in the roster.
    pub fn prove(&mut self, node_id: u64) -> Result<Receipt, Failure> {
        let msg = self.prove_message(node_id);
        self.send("stranger", &msg)
    }

    fn prove_all(&mut self, round: &Round) {
        if !self.proving {
            return;
        }
        // From the second half on, every ticket is taken.
        let window = round.window.expect("a window");
        let half = (window.ends_at.nanos() - window.opened_at.nanos()) / 2_000_000_000;
        self.market.chain.wait(half);
        let mut tickets: Vec<_> = self
            .members
            .iter()
            .filter(|one| one.units > 0 && self.conduct(one.node_id) != Conduct::Silent)
            .map(|one| (self.best(round, one).value, one.node_id))
            .collect();
        tickets.sort_unstable();
        for (_, node_id) in tickets.into_iter().take(4).rev() {
            let _ = self.prove(node_id);
        }
    }

    pub(crate) fn best(&self, round: &Round, member: &Member) -> Ticket {
        let alpha = round.seeds.alpha.expect("α");
        let proof = Self::secret(member).prove(&alpha.0).expect("proves");
        let output = proof.output().expect("an output");
        best_ticket(&output, member.node_id, member.units).expect("a ticket")
    }

    /// What a seat works on.
    ///
    /// # Panics
    /// When nothing was assigned yet.
    pub fn task(&self, round: &Round, id: SeatId) -> Task {
        match id.stage {
            Stage::Work | Stage::Check | Stage::Appeal => {
                let assignment = round.seeds.assignment.expect("A");
                Task::Work { seed: training_seed(assignment, id.group) }
            }
            _ => {
                let slice = round.model.slice;
                let (root, samples) = slice.map(|s| (s.root, s.samples)).unwrap_or_default();
                Task::Aggregate { accepted: round.accepted, root, samples }
            }
        }
    }

    /// D("work", …) of an answer in a seat.
    ///
    /// # Panics
    /// When nothing was assigned yet.
    pub fn work(&self, round: &Round, id: SeatId, answer: &Answer) -> Hash32 {
        let context = self.context(round);
        let params = self.run().params;
        let assignment = round.seeds.assignment.expect("A");
        match id.stage {
            Stage::Work | Stage::Check | Stage::Appeal => {
                let task = modelbond_rounds::digest::Task {
                    group: id.group,
                    assignment,
                    algorithm: params.algorithm.hash,
                    base: params.base_hash,
                    shard: shard(assignment, id.group, params.dataset.shards),
                    seed: training_seed(assignment, id.group),
                };
                context.work(&task, answer)
            }
            _ => {
                let groups = (round.accepted, params.base_hash);
                context.aggregate(round.lead.attempt, assignment, groups, answer)
            }
        }
    }

    /// The commit of a seat to an answer.
    pub fn commit_to(
        &self,
        round: &Round,
        seat: &SeatInfo,
        answer: &Answer,
        salt: Hash32,
    ) -> Hash32 {
        self.context(round).commit(&Committed {
            assignment: round.seeds.assignment.unwrap_or_default(),
            seat: seat.id,
            node_id: seat.seat.node_id,
            owner: seat.seat.owner.as_str(),
            work: self.work(round, seat.id, answer),
            salt,
        })
    }

    /// Everybody commits; each owner in as few transactions as there can be.
    fn commit_all(&mut self, stage: Stage) {
        let round = self.round();
        let scored = self.run().params.algorithm.mode == Mode::Scored;
        let mut of_owner: BTreeMap<String, Vec<ExecuteMsg>> = BTreeMap::new();
        for seat in self.all_seats(stage) {
            let works = !scored
                || stage != Stage::Work
                || (round.phase == Phase::Commit) == (seat.id.slot == 0);
            let silent = self.conduct_in(&seat) == Conduct::Silent;
            if works && !silent && seat.commit.is_none() {
                let msg = self.commit_message(&round, &seat);
                of_owner.entry(self.member(seat.seat.node_id).owner).or_default().push(msg);
            }
        }
        for (owner, msgs) in of_owner {
            self.send_all(&owner, &msgs);
        }
    }

    /// The first one alone, so that its gas is known. What is refused does not keep the others back.
    fn send_all(&mut self, who: &str, msgs: &[ExecuteMsg]) {
        let Some((first, others)) = msgs.split_first() else {
            return;
        };
        let _ = self.send(who, first);
        let (sender, training) = (self.market.address(who), self.address.clone());
        if self.market.chain.execute_all(&sender, &training, others).is_err() {
            for msg in others {
                let _ = self.send(who, msg);
            }
        }
    }

    fn salt(round: &Round, seat: &SeatInfo) -> Hash32 {
        Hash32(sha256(format!("{} {:?}", round.round_id, seat.id)))
    }

    fn found(&self, round: &Round, seat: &SeatInfo) -> Answer {
        let conduct = self.conduct_in(seat);
        match conduct {
            Conduct::WithoutData if seat.id.stage != Stage::Committee => unavailable(),
            _ => self.find(round, seat.id, conduct.lie(seat.id.stage)),
        }
    }

    /// A commit, and what it commits to, which is kept.
    fn commit_message(&mut self, round: &Round, seat: &SeatInfo) -> ExecuteMsg {
        let (answer, salt) = (self.found(round, seat), Self::salt(round, seat));
        let commit = self.commit_to(round, seat, &answer, salt);
        let (run_id, round_id, id) = (round.run_id, round.round_id, seat.id);
        self.sealed.insert(Self::sealed_key(round_id, id), Sealed { answer, salt });
        ExecuteMsg::Commit { run_id, round_id, seat: id, commit }
    }

    /// A seat commits to what its machine finds.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn commit(&mut self, seat: &SeatInfo) -> Result<Receipt, Failure> {
        let round = self.round();
        let found = self.found(&round, seat);
        let salt = Self::salt(&round, seat);
        self.commit_as(&round, seat, found, salt)
    }

    /// A seat commits to any answer.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn commit_as(
        &mut self,
        round: &Round,
        seat: &SeatInfo,
        answer: Answer,
        salt: Hash32,
    ) -> Result<Receipt, Failure> {
        let commit = self.commit_to(round, seat, &answer, salt);
        let (run_id, round_id, id) = (round.run_id, round.round_id, seat.id);
        let owner = self.member(seat.seat.node_id).owner;
        let msg = ExecuteMsg::Commit { run_id, round_id, seat: id, commit };
        let receipt = self.send(&owner, &msg)?;
        self.sealed.insert(Self::sealed_key(round_id, id), Sealed { answer, salt });
        Ok(receipt)
    }

    fn reveal_all(&mut self, stage: Stage) {
        let mut msgs = vec![];
        for seat in self.all_seats(stage) {
            let late = self.conduct_in(&seat) == Conduct::Late;
            if !late && seat.commit.is_some() && seat.reveal.is_none() {
                msgs.push(self.reveal_message(&seat, Scheme::Eip712));
            }
        }
        self.send_all("stranger", &msgs);
    }

    /// What a seat shows, signed in a scheme.
    ///
    /// # Panics
    /// When it committed to nothing.
    pub fn reveal_message(&self, seat: &SeatInfo, scheme: Scheme) -> ExecuteMsg {
        let round = self.round();
        let id = seat.id;
        let key = Self::sealed_key(round.round_id, id);
        let Sealed { answer, salt } = *self.sealed.get(&key).expect("committed");
        let machine = Machine::called(&self.member(seat.seat.node_id).machine);
        let attested = attested(&machine.person, &self.attestation(&round, seat, &answer), scheme);
        ExecuteMsg::Reveal {
            run_id: round.run_id,
            round_id: round.round_id,
            seat: id,
            answer,
            salt,
            attested,
            trace: self.trace(&round, seat, &answer),
        }
    }

    /// The leaf that a check must show.
    pub fn trace(&self, round: &Round, seat: &SeatInfo, answer: &Answer) -> Option<TraceProof> {
        if seat.id.stage == Stage::Work || answer.outcome != Outcome::Result {
            return None;
        }
        let check = match seat.id.stage {
            Stage::Appeal => round.seeds.appeal,
            _ => round.seeds.check,
        };
        let context = self.context(round);
        let node_id = seat.seat.node_id;
        let step = context.traced_step(check?, seat.id.stage, node_id, answer.steps)?;
        let lie = self.conduct_in(seat).lie(seat.id.stage);
        let leaves = leaves(&self.task(round, seat.id), lie);
        let path = merkle::path(&leaves, step.into())?;
        let leaf = leaves.get(usize::try_from(step).ok()?)?;
        Some(TraceProof { leaf: Hash32(*leaf), path: path.into_iter().map(Hash32).collect() })
    }

    /// The best leader posts its second output.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn post_output(&mut self, round: &Round) -> Result<Receipt, Failure> {
        let leader = round.lead.leaders.first().ok_or(Failure::Text("no leader".to_owned()))?;
        if self.conduct(leader.node_id) == Conduct::Silent {
            return Err(Failure::Text("the leader is silent".to_owned()));
        }
        let msg = self.output_message(round);
        self.send("stranger", &msg)
    }

    /// The run's owner opens the next slice.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn open_slice(&mut self) -> Result<Receipt, Failure> {
        if !self.slicing {
            return Err(Failure::Text("the owner opens nothing".to_owned()));
        }
        let msg = self.slice_message();
        self.send("creator", &msg)
    }

    /// The leader whose turn it is posts the new model.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn post(&mut self) -> Result<Receipt, Failure> {
        let round = self.round();
        let leader = &round.lead.leaders[usize::from(round.lead.attempt)];
        let conduct = self.conduct(leader.node_id);
        if matches!(conduct, Conduct::Silent | Conduct::Late) {
            return Err(Failure::Text("the leader is silent".to_owned()));
        }
        let owner = self.member(leader.node_id).owner;
        let msg = self.aggregate_message();
        self.send(&owner, &msg)
    }
}
