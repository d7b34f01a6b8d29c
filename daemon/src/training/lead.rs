//! The lead: a node's proof, its best ticket, its place in the roster; what a leader posts.

use anyhow::{Context as _, Result};
use cosmwasm_std::HexBinary;
use modelbond_election::tickets::{best_ticket, Ticket};
use modelbond_election::vrf::SecretKey;
use modelbond_interface::nodes::{self, KeysResponse, MemberInfo, MembersResponse};
use modelbond_interface::training::{Answer, ExecuteMsg, Hash32, Phase, Round, Run, Slice};

use super::contract::Training;
use super::work::ensure_sound;
use super::{name, NodeKey};
use crate::failure::Failure;

/// Members that one question asks for.
const PAGE: u32 = 30;

/// A member of a roster and its place there.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// From 0.
    pub index: u32,
    /// The member.
    pub info: MemberInfo,
}

/// A proof of the lead, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// The message.
    pub message: ExecuteMsg,
    /// The node's best ticket.
    pub ticket: Ticket,
    /// Whether it is taken in the first half of the window already.
    pub early: bool,
    /// Of how many units.
    pub units: u32,
}

impl Training {
    /// A node's place in the roster that a round draws from.
    pub async fn place(&self, round: &Round, node_id: u64) -> Result<Place> {
        let (run_id, epoch) = (round.run_id, round.roster.epoch);
        let mut skip = 0;
        loop {
            let question =
                nodes::QueryMsg::Members { run_id, epoch, skip: Some(skip), limit: Some(PAGE) };
            let members = self.ask_nodes::<MembersResponse>(&question).await?.members;
            let count = u32::try_from(members.len()).unwrap_or(PAGE);
            let of_node = |(_, info): &(u32, MemberInfo)| info.member.node_id == node_id;
            if let Some((index, info)) = (skip..).zip(members).find(of_node) {
                return Ok(Place { index, info });
            }
            if count == 0 {
                return Err(Failure::new(format!(
                    "node {node_id} is not in the roster of epoch {epoch} of run {run_id}"
                ))
                .hint("modelbond node ready says so an epoch ahead")
                .into());
            }
            skip = skip.saturating_add(count);
        }
    }

    /// Refuses a key that is not the node's in the roster's epoch.
    pub async fn ensure_vrf_key(&self, round: &Round, node_id: u64, key: &NodeKey) -> Result<()> {
        let question = nodes::QueryMsg::Keys { epoch: round.roster.epoch, node_ids: vec![node_id] };
        let answer: KeysResponse = self.ask_nodes(&question).await?;
        let keys = answer.nodes.into_iter().next().context("no keys were answered")?.keys;
        ensure_same(&keys.vrf_key, key, node_id)
    }

    /// The proof of a node's lead in an open round.
    pub async fn lead(&self, round: &Round, node_id: u64, key: &NodeKey) -> Result<Lead> {
        let alpha = alpha(round)?;
        self.ensure_vrf_key(round, node_id, key).await?;
        let place = self.place(round, node_id).await?;
        Ok(lead(round, node_id, key.vrf(), (alpha, &place))?)
    }

    /// The second output of a round's best leader.
    pub fn second_output(&self, round: &Round, key: &NodeKey) -> Result<ExecuteMsg> {
        let best = round.lead.leaders.first().filter(|leader| !leader.output.is_empty());
        let best = best.ok_or_else(|| Failure::new("nobody proved the lead of this round"))?;
        let assignment = round.seeds.assignment.ok_or_else(|| unassigned(round))?;
        ensure_same(best.vrf_key.as_ref(), key, best.node_id)?;
        let alpha = self.context(round).second_alpha(assignment);
        let proof = key.vrf().prove(alpha.as_ref()).map_err(|error| prover(&error))?;
        Ok(ExecuteMsg::PostOutput {
            run_id: round.run_id,
            round_id: round.round_id,
            proof: HexBinary::from(proof.as_bytes()),
        })
    }
}

fn alpha(round: &Round) -> Result<Hash32, Failure> {
    match (round.phase, round.seeds.alpha) {
        (Phase::Elect, Some(alpha)) => Ok(alpha),
        (phase, _) => {
            Err(Failure::new(format!("the round is in {}, not in elect", name::of(phase)))
                .hint("leaders are elected at the beginning of a round"))
        }
    }
}

/// The proof over α, and the lowest of the node's tickets.
fn lead(
    round: &Round,
    node_id: u64,
    key: &SecretKey,
    (alpha, place): (Hash32, &Place),
) -> Result<Lead, Failure> {
    let units = place.info.member.units;
    let proof = key.prove(alpha.as_ref()).map_err(|error| prover(&error))?;
    let output = proof.output().map_err(|error| prover(&error))?;
    let ticket = best_ticket(&output, node_id, units).ok_or_else(|| {
        Failure::new(format!("node {node_id} has no unit in this round"))
            .hint("modelbond node stake gives it more")
    })?;
    let message = ExecuteMsg::ProveLead {
        run_id: round.run_id,
        round_id: round.round_id,
        node_id,
        index: place.index,
        proof: HexBinary::from(proof.as_bytes()),
        ticket: ticket.index,
    };
    Ok(Lead { message, ticket, early: ticket.is_early(round.roster.units), units })
}

fn ensure_same(expected: &[u8], key: &NodeKey, node_id: u64) -> Result<()> {
    if expected == key.vrf_key() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "node {node_id} proves with the VRF key {} in this round, not with {}",
        hex::encode(expected),
        hex::encode(key.vrf_key())
    ))
    .hint("--key names the node's key; new keys count two epochs after they were announced")
    .into())
}

pub(super) fn unassigned(round: &Round) -> Failure {
    Failure::new(format!(
        "round {} is in {}: nothing is assigned",
        round.round_id,
        name::of(round.phase)
    ))
    .hint("modelbond round show says what it waits for")
}

fn prover(error: &modelbond_election::vrf::VrfError) -> Failure {
    Failure::new(format!("no proof: {error}"))
}

/// The message that opens the round's slice of the holdout, if this one is the next.
pub fn opening(
    run: &Run,
    round: &Round,
    (salt, part): (Hash32, Slice),
) -> Result<ExecuteMsg, Failure> {
    let Slice { root, samples } = part;
    let slice = modelbond_rounds::digest::slice(salt, root, samples);
    match run.params.dataset.slices.first() {
        Some(next) if *next == slice => Ok(ExecuteMsg::OpenSlice {
            run_id: round.run_id,
            round_id: round.round_id,
            slice,
            salt,
            root,
            samples,
        }),
        Some(next) => {
            Err(Failure::new(format!("this is the slice {slice}, the next one is {next}"))
                .hint("salt, root and samples must be those that the next slice was made of"))
        }
        None => Err(Failure::new(format!("run {} has no slice left", run.run_id))
            .hint("modelbond run add-slices adds some")),
    }
}

/// The message that posts the new model, if it is the node's turn.
pub fn posting(round: &Round, node_id: u64, answer: Answer) -> Result<ExecuteMsg, Failure> {
    ensure_sound(&answer)?;
    if round.phase != Phase::Post {
        return Err(Failure::new(format!(
            "the round is in {}, not in post",
            name::of(round.phase)
        ))
        .hint("the leader posts the new model after the verdicts"));
    }
    let leader = round.lead.leaders.get(usize::from(round.lead.attempt));
    if let Some(leader) = leader.filter(|leader| leader.node_id != node_id) {
        return Err(Failure::new(format!("it is the turn of node {}", leader.node_id))
            .hint("modelbond round show lists the leaders"));
    }
    Ok(ExecuteMsg::PostAggregate {
        run_id: round.run_id,
        round_id: round.round_id,
        answer,
        accepted: round.accepted,
    })
}

#[cfg(test)]
mod tests {
    use modelbond_election::tickets;
    use modelbond_election::vrf;

    use modelbond_interface::training::{Lead, RosterPin};

    use super::*;
    use crate::training::sample;

    #[test]
    fn the_proof_verifies_and_names_the_lowest_ticket() {
        let key = SecretKey::from_bytes(&[5; 32]);
        let round = Round {
            phase: Phase::Elect,
            roster: RosterPin { units: 40, ..sample::round().roster },
            ..sample::round()
        };
        let place = Place { index: 3, info: sample::member(7, 12) };
        let alpha = alpha(&round).unwrap();
        let lead = lead(&round, 7, &key, (alpha, &place)).unwrap();
        let ExecuteMsg::ProveLead { proof, ticket, index, node_id, .. } = &lead.message else {
            panic!("{:?}", lead.message);
        };
        assert_eq!((*index, *node_id, lead.units), (3, 7, 12));
        let output = vrf::verify_slices(&key.public_key(), alpha.as_ref(), proof).unwrap();
        let best = (0..12).map(|unit| tickets::ticket(&output, 7, unit)).min().unwrap();
        assert_eq!((lead.ticket, *ticket), (best, best.index));
    }

    #[test]
    fn a_node_without_units_and_a_round_that_elects_nobody_are_refused() {
        let key = SecretKey::from_bytes(&[5; 32]);
        let round = Round { phase: Phase::Elect, ..sample::round() };
        let place = Place { index: 3, info: sample::member(7, 0) };
        let error = lead(&round, 7, &key, (Hash32([1; 32]), &place)).unwrap_err();
        assert!(error.to_string().contains("no unit"), "{error}");
        let error = alpha(&Round { phase: Phase::Commit, ..sample::round() }).unwrap_err();
        assert!(error.to_string().contains("in commit, not in elect"), "{error}");
    }

    #[test]
    fn only_the_next_slice_is_opened() {
        let part = (Hash32([1; 32]), Slice { root: Hash32([2; 32]), samples: 30 });
        let slice = modelbond_rounds::digest::slice(Hash32([1; 32]), Hash32([2; 32]), 30);
        let (mut run, round) = (sample::run(), sample::round());
        let error = opening(&run, &round, part).unwrap_err();
        assert!(error.to_string().contains("no slice left"), "{error}");
        run.params.dataset.slices = vec![Hash32([9; 32]), slice];
        let error = opening(&run, &round, part).unwrap_err();
        assert!(error.to_string().contains("the next one is 0909"), "{error}");
        run.params.dataset.slices = vec![slice];
        let message = opening(&run, &round, part).unwrap();
        assert!(
            matches!(message, ExecuteMsg::OpenSlice { slice: named, .. } if named == slice),
            "{message:?}"
        );
    }

    #[test]
    fn a_leader_posts_in_its_turn_and_what_was_accepted() {
        let leaders = vec![sample::leader(7), sample::leader(8)];
        let round = Round {
            phase: Phase::Post,
            accepted: 0b11,
            lead: Lead { attempt: 1, leaders, ..Lead::default() },
            ..sample::round()
        };
        let error = posting(&round, 7, sample::answer()).unwrap_err();
        assert!(error.to_string().contains("turn of node 8"), "{error}");
        let expected = ExecuteMsg::PostAggregate {
            run_id: 2,
            round_id: 4,
            answer: sample::answer(),
            accepted: 0b11,
        };
        assert_eq!(posting(&round, 8, sample::answer()), Ok(expected));
        let early = Round { phase: Phase::Judge, ..round };
        assert!(posting(&early, 8, sample::answer()).is_err());
    }
}
