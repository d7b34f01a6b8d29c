//! What people send, to look at before it is sent.

use cosmwasm_std::{HexBinary, Timestamp, Uint128};
use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes;
use modelbond_interface::training::{
    Answer, Attested, ExecuteMsg, Round, SeatId, SeatInfo, SignedFeedback, Stage,
};
use modelbond_rounds::digest::role;
use modelbond_signature::{Attestation, Binding, Feedback, KeyRotation, SignRequest};

use super::Training;
use crate::bridge::{Person, EVM_CHAIN_ID};
use crate::chain::{Contracts, Failure, Outcome};
use crate::Machine;

/// How long signed feedback is valid, in stories.
const VALID_SECS: u64 = 60;
/// How long attestations are.
const ATTESTED_SECS: u64 = 3_600;

impl<C: Contracts> Training<C> {
    /// The epoch of the nodes contract.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn epoch(&self) -> u64 {
        let msg = nodes::QueryMsg::Epoch { at: None };
        let now: nodes::EpochResponse =
            self.market.chain.query_any(&self.nodes, &msg).expect("answers");
        now.epoch
    }

    /// Proof of a machine's best ticket, and which one that is.
    ///
    /// # Panics
    /// When it has no units.
    pub fn ticket(&self, round: &Round, node_id: u64) -> (HexBinary, u32) {
        let member = self.member(node_id);
        let alpha = round.seeds.alpha.expect("α");
        let proof = Self::secret(&member).prove(&alpha.0).expect("proves");
        (HexBinary::from(proof.as_bytes()), self.best(round, &member).index)
    }

    /// A machine's best ticket.
    ///
    /// # Panics
    /// When the machine is not in the roster.
    pub fn prove_message(&self, node_id: u64) -> ExecuteMsg {
        let round = self.round();
        let (proof, ticket) = self.ticket(&round, node_id);
        let index = self.place(node_id);
        let (run_id, round_id) = (round.run_id, round.round_id);
        ExecuteMsg::ProveLead { run_id, round_id, node_id, index, proof, ticket }
    }

    /// A machine's place in the roster.
    ///
    /// # Panics
    /// When it is not in the roster.
    pub fn place(&self, node_id: u64) -> u32 {
        let place = self.members.iter().position(|member| member.node_id == node_id);
        u32::try_from(place.expect("a member")).expect("a place")
    }

    /// The best leader's second output.
    ///
    /// # Panics
    /// When nobody leads.
    pub fn output_message(&self, round: &Round) -> ExecuteMsg {
        let leader = round.lead.leaders.first().expect("a leader");
        let alpha = self.context(round).second_alpha(round.seeds.assignment.unwrap_or_default());
        let secret = Self::secret(&self.member(leader.node_id));
        let proof = HexBinary::from(secret.prove(&alpha.0).expect("proves").as_bytes());
        ExecuteMsg::PostOutput { run_id: round.run_id, round_id: round.round_id, proof }
    }

    /// The next slice of the holdout.
    pub fn slice_message(&self) -> ExecuteMsg {
        let run = self.run();
        let next = run.params.dataset.slices.first().copied().unwrap_or_default();
        let known = self.slices.iter().find(|(salt, root, samples)| {
            modelbond_rounds::digest::slice(*salt, *root, *samples) == next
        });
        let (salt, root, samples) = known.copied().unwrap_or_default();
        let (run_id, round_id, slice) = (self.run_id, run.rounds, next);
        ExecuteMsg::OpenSlice { run_id, round_id, slice, salt, root, samples }
    }

    /// The new model of the leader whose turn it is.
    ///
    /// # Panics
    /// When nobody leads.
    pub fn aggregate_message(&self) -> ExecuteMsg {
        let round = self.round();
        let leader = &round.lead.leaders[usize::from(round.lead.attempt)];
        let stage = Stage::committee(round.lead.attempt).expect("an attempt");
        let seat = SeatId { stage, group: 0, slot: 0 };
        let answer = self.find(&round, seat, self.conduct(leader.node_id).lie(stage));
        let (run_id, round_id, accepted) = (round.run_id, round.round_id, round.accepted);
        ExecuteMsg::PostAggregate { run_id, round_id, answer, accepted }
    }

    /// What the machine in a seat attests: it worked for the last second.
    ///
    /// # Panics
    /// When nothing was assigned yet.
    pub fn attestation(
        &self,
        round: &Round,
        seat: &SeatInfo,
        answer: &Answer,
    ) -> SignRequest<Attestation> {
        let now = self.market.chain.now().seconds();
        let id = seat.id;
        let jury = self
            .groups()
            .iter()
            .any(|group| group.group == id.group && group.jury_stage == Some(id.stage));
        let statement = Attestation {
            run_id: round.run_id,
            round_id: round.round_id,
            beacon: round.beacon.0,
            assignment: round.seeds.assignment.expect("A").0,
            group: id.group.into(),
            slot: id.slot.into(),
            role: role(id, jury).to_owned(),
            node_id: seat.seat.node_id,
            key_epoch: seat.seat.key_epoch,
            work: self.work(round, id, answer).0,
            mode: self.run().params.algorithm.mode.name().to_owned(),
            device_class: seat.seat.device_class.clone(),
            attestation_level: 0,
            started_at: now - 1,
            ended_at: now,
        };
        SignRequest { statement, binding: self.binding(now + ATTESTED_SECS) }
    }

    /// What statements are bound to.
    pub fn binding(&self, expires_at: u64) -> Binding {
        Binding {
            chain_id: self.market.chain.chain_id(),
            contract: self.address.clone(),
            evm_chain_id: EVM_CHAIN_ID,
            nonce: 0,
            expires_at,
        }
    }

    /// A node's owner announces the keys of another machine.
    ///
    /// # Errors
    /// When the nodes contract refuses.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn rotate(&mut self, node_id: u64, machine: &str) -> Result<(), Failure> {
        let msg = nodes::QueryMsg::Node { node_id };
        let node: nodes::NodeResponse =
            self.market.chain.query_any(&self.nodes, &msg).expect("answers");
        let node = node.node.expect("a node");
        let machine = Machine::called(machine);
        let statement = KeyRotation {
            node_id,
            owner: node.owner.into_string(),
            attestation_key: machine.person.pubkey().to_vec(),
            vrf_key: machine.vrf,
        };
        let expires_at = self.market.chain.now().seconds() + ATTESTED_SECS;
        let binding = Binding {
            contract: self.nodes.clone(),
            nonce: node.key_nonce,
            ..self.binding(expires_at)
        };
        let keys = machine.keys(&SignRequest { statement, binding }, Scheme::Direct);
        let owner = self.member(node_id).owner;
        self.send_nodes(&owner, &nodes::ExecuteMsg::RotateKeys { node_id, keys })
    }

    /// The usage source says that somebody paid.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn credit(&mut self, user: &str, amount: u128) -> Result<Outcome, Failure> {
        let (run_id, user) = (self.run_id, self.market.address(user));
        let amount = Uint128::new(amount);
        self.send("provenance", &ExecuteMsg::Credit { run_id, user, amount })
    }

    /// A user says something about an epoch.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn rate(&mut self, user: &str, score: u8, epoch: u64) -> Result<Outcome, Failure> {
        let run_id = self.run_id;
        self.send(user, &ExecuteMsg::SubmitFeedback { run_id, score, epoch, signed: None })
    }

    /// What somebody signs to say something about an epoch.
    pub fn feedback_request(
        &self,
        person: &Person,
        score: u8,
        epoch: u64,
    ) -> SignRequest<Feedback> {
        SignRequest {
            statement: Feedback {
                model: self.market.market.clone(),
                user: person.cosmos.to_string(),
                epoch,
                score,
            },
            binding: self.binding(self.market.chain.now().seconds() + VALID_SECS),
        }
    }
}

/// An attestation, signed in a scheme.
#[must_use]
pub fn attested(person: &Person, request: &SignRequest<Attestation>, scheme: Scheme) -> Attested {
    Attested {
        scheme,
        signature: person.sign(request, scheme, &person.cosmos),
        level: request.statement.attestation_level,
        started_at: request.statement.started_at,
        ended_at: request.statement.ended_at,
        expires_at: request.binding.expires_at,
    }
}

/// Feedback, signed in a scheme.
#[must_use]
pub fn signed_feedback(
    person: &Person,
    request: &SignRequest<Feedback>,
    scheme: Scheme,
) -> SignedFeedback {
    SignedFeedback {
        pubkey: person.pubkey(),
        scheme,
        signature: person.sign(request, scheme, &person.cosmos),
        expires_at: Timestamp::from_seconds(request.binding.expires_at),
    }
}
