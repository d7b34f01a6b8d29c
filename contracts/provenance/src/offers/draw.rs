//! Drawing the witnesses of an offer.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::BTreeMap;

use cosmwasm_std::{DepsMut, Env, Response, StdError, StdResult, Timestamp};
use modelbond_economy::offer::Context;
use modelbond_election::draw::{draw as draw_one, DrawError, Pool, Roster, Span, Stream};
use modelbond_interface::hash::Hash32;
use modelbond_interface::nodes::{Directory, Member};
use modelbond_interface::provenance::{WitnessesDrawn, MIN_WITNESSES, WITNESSES};

use super::state::{
    offer_of, standing_of, Offer, Panel, Seat, Standing, DRAWN_BY, SEATS, STANDINGS,
};
use super::world::{self, Node, Nodes, Pin};
use crate::world::World;
use crate::ContractError;

/// Rounds of training that are looked at for one with a seed. Those without one have no leader who proved,
/// or waited for the beacon in vain, a day each.
const MAX_ROUNDS: u64 = 10;

/// People drawn besides [`WITNESSES`]: the contributor and the sender, each as the owner of one and the
/// account of another, can be no more than so many of different owners.
const SPARE: u8 = 4;

/// Draws witnesses, once.
pub(crate) fn draw(deps: DepsMut, env: &Env, offer_id: u64) -> Result<Response, ContractError> {
    let offer = offer_of(deps.storage, offer_id)?;
    ensure_waiting(standing_of(deps.storage, offer_id)?, (offer_id, &offer), env)?;
    let world = World::of(deps.storage, deps.querier, env)?;
    let (round_id, roster, check) = deciding_round(&world, &offer)?;
    let randomness = randomness(&world, offer.draws_at)?;
    let nodes = Nodes::of(&world)?;
    let pages = Pages::open(&nodes, offer.run_id, &roster)?;
    let context = Context {
        chain_id: &env.block.chain_id,
        contract: env.contract.address.as_str(),
        offer_id,
    };
    let seed = context.seed(randomness.0, check.0);
    let drawn = of_different_owners(&pages, &seed, WITNESSES.saturating_add(SPARE))?;
    let node_ids = drawn.iter().map(|member| member.node_id).collect();
    let witnesses: Vec<Node> = nodes
        .keys(roster.epoch, node_ids)?
        .into_iter()
        .filter(|node| !is_party(&offer, node))
        .take(WITNESSES.into())
        .collect();
    let found = u8::try_from(witnesses.len()).unwrap_or(u8::MAX);
    if found < MIN_WITNESSES {
        let (least, actual) = (MIN_WITNESSES, found);
        return Err(ContractError::TooFewWitnesses { offer_id, least, actual });
    }

    let node_ids: Vec<String> = witnesses.iter().map(|node| node.node_id.to_string()).collect();
    for (slot, node) in (0_u8..).zip(witnesses) {
        let seat = Seat { node_id: node.node_id, owner: node.owner, account: node.keys.account };
        SEATS.save(deps.storage, (offer_id, slot), &seat);
    }
    DRAWN_BY.save(deps.storage, offer_id, &round_id);
    let (now, secs) = (env.block.time, world.config.witness_secs);
    let panel = Panel {
        drawn: found,
        committed: 0,
        revealed: 0,
        commit_until: now.plus_seconds(secs),
        reveal_until: now.plus_seconds(secs.saturating_mul(2)),
    };
    STANDINGS.save(deps.storage, offer_id, &Standing::Scoring(panel));
    let (run_id, node_ids) = (offer.run_id, node_ids.join(","));
    let event = WitnessesDrawn { offer_id, run_id, round_id, node_ids };
    Ok(Response::new().add_attribute("action", "draw_witnesses").add_event(event))
}

fn ensure_waiting(
    standing: Standing,
    (offer_id, offer): (u64, &Offer),
    env: &Env,
) -> Result<(), ContractError> {
    if !matches!(standing, Standing::Waiting) {
        return Err(ContractError::AlreadyDrawn { offer_id });
    }
    let expired_at = offer.expires_at();
    if env.block.time >= expired_at {
        return Err(ContractError::OfferExpired { offer_id, expired_at });
    }
    Ok(())
}

/// Whether a node belongs to the contributor or to the sender.
fn is_party(offer: &Offer, node: &Node) -> bool {
    let own = [node.owner.as_str(), node.keys.account.as_str()];
    own.contains(&offer.offered.contributor.as_str()) || own.contains(&offer.sender.as_str())
}

/// The first round of training, of those that had not opened when the offer was made, that has a C: its
/// number, its roster, and C. A round without a proved leader has none that counts, as the beacon's emitter might know
/// it before. Its slice of the holdout is open, or cannot be opened any more: the time to score begins with the draw.
fn deciding_round(world: &World, offer: &Offer) -> Result<(u64, Pin, Hash32), ContractError> {
    let run_id = offer.run_id;
    let end = offer.round_id.saturating_add(MAX_ROUNDS);
    for round_id in offer.round_id..end {
        let not_yet = ContractError::NoRound { run_id, round_id };
        let round = world::round(world, run_id, round_id)?.ok_or(not_yet)?;
        match round.seeds.check.filter(|_| !round.lead.beacon_only) {
            // Witnesses would find something else before it is opened than after that.
            Some(_) if round.model.slice.is_none() && round.phase.opens_slices() => {
                return Err(ContractError::SliceMayOpen { run_id, round_id })
            }
            Some(check) => return Ok((round_id, round.roster, check)),
            None if round.settled_at.is_some() || round.lead.beacon_only => {}
            None => return Err(ContractError::NoRound { run_id, round_id }),
        }
    }
    Err(ContractError::NoSeed { run_id, first: offer.round_id, last: end.saturating_sub(1) })
}

fn randomness(world: &World, at: Timestamp) -> Result<Hash32, ContractError> {
    let answer = world::randomness(world, at)?;
    let round = answer.first.round;
    answer.randomness.ok_or(ContractError::NoRandomness { round, at })
}

/// The first `count` nodes of different owners.
fn of_different_owners<R>(
    roster: &R,
    seed: &[u8; 32],
    count: u8,
) -> Result<Vec<Member>, ContractError>
where
    R: Roster<Member = Member, Error = StdError>,
{
    let mut stream = Stream::new(seed);
    let mut pool = Pool::new(roster.total_units());
    let mut drawn: Vec<Member> = Vec::new();
    for _ in 0..count {
        let fresh = |member: &Member| drawn.iter().all(|one| one.owner_id != member.owner_id);
        match draw_one(&mut stream, roster, &mut pool, fresh) {
            Ok(one) => drawn.push(one.member),
            Err(DrawError::Roster(error)) => return Err(error.into()),
            Err(DrawError::Inconsistent { unit }) => return Err(inconsistent(unit).into()),
            Err(_) => break,
        }
    }
    Ok(drawn)
}

fn inconsistent(unit: u64) -> StdError {
    StdError::generic_err(format!("the roster is inconsistent at unit {unit}"))
}

/// A roster of the nodes contract, each page of which is read once.
struct Pages<'a> {
    nodes: &'a Nodes<'a>,
    run_id: u64,
    epoch: u64,
    directory: Directory,
    read: RefCell<BTreeMap<u32, Vec<Member>>>,
}

impl<'a> Pages<'a> {
    /// Refuses a roster that is no longer what the round drew from: what is old is pruned, some members at
    /// a time, and whoever prunes would choose.
    fn open(nodes: &'a Nodes<'a>, run_id: u64, pin: &Pin) -> Result<Self, ContractError> {
        let epoch = pin.epoch;
        let directory = nodes.directory(run_id, epoch)?;
        let (expected, actual) = (pin.nodes, directory.members);
        if expected != actual || pin.units != directory.units {
            return Err(ContractError::RosterPruned { run_id, epoch, expected, actual });
        }
        Ok(Self { nodes, run_id, epoch, directory, read: RefCell::default() })
    }
}

impl Roster for Pages<'_> {
    type Member = Member;
    type Error = StdError;

    fn total_units(&self) -> u64 {
        self.directory.units
    }

    fn member_at(&self, unit: u64) -> StdResult<(Member, Span)> {
        let mut first = 0_u64;
        for (page, units) in (0_u32..).zip(&self.directory.pages) {
            let end = first.saturating_add(*units);
            if unit >= end {
                first = end;
                continue;
            }
            let mut read = self.read.borrow_mut();
            let members = match read.entry(page) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    entry.insert(self.nodes.page(self.run_id, self.epoch, page)?)
                }
            };
            for member in members {
                let span = Span { first, units: member.units.into() };
                if span.contains(unit) {
                    return Ok((*member, span));
                }
                first = first.saturating_add(span.units);
            }
            break;
        }
        Err(inconsistent(unit))
    }
}
