//! A beacon, nodes and their stakes in memory. The roster of an epoch is fixed when it is called, as the
//! nodes contract does it: what happens in an epoch counts from the next one on.

use cosmwasm_std::{Addr, Binary, HexBinary, Timestamp, Uint128};
use modelbond_election::vrf::SecretKey;
use modelbond_interface::beacon::{FirstRoundResponse, RandomnessResponse};
use modelbond_interface::nodes::{Directory, Keys, Member, NodeKeys, Slash, PAGE_MEMBERS};
use modelbond_interface::training::Hash32;
use modelbond_rounds::pay::part;
use modelbond_rounds::{RoundError, World};

use super::{digest, Scenario, UNIT, UNITS_PER_NODE};

/// Length of an epoch: longer than any round.
pub const EPOCH_SECS: u64 = 86_400;
/// Seconds between beacon rounds.
const PERIOD_SECS: u64 = 3;

/// A node, alone with its owner.
#[derive(Debug)]
pub struct Node {
    /// Its number, which is its owner's, too.
    pub node_id: u64,
    /// Its owner.
    pub owner: Addr,
    /// Whether it is the adversary's.
    pub adversary: bool,
    /// Proves its tickets.
    pub secret: SecretKey,
    /// What it staked.
    pub stake: Uint128,
    /// What it earned.
    pub earned: Uint128,
    class: u32,
    vrf_key: HexBinary,
}

impl Node {
    fn units(&self) -> u32 {
        u32::try_from(self.stake.u128() / UNIT).unwrap_or(u32::MAX)
    }
}

/// Everything outside of the machine.
#[derive(Debug)]
pub struct InMemory {
    /// The time: beacon rounds after it are not known.
    pub now: Timestamp,
    seed: u64,
    nodes: Vec<Node>,
    epoch: u64,
    members: Vec<Member>,
    directory: Directory,
}

impl InMemory {
    /// Nodes as a scenario has them: units are spread evenly over the adversary's, and over the others.
    #[must_use]
    pub fn new(scenario: &Scenario, now: Timestamp) -> Self {
        let (all, bad) = (u64::from(scenario.nodes), u64::from(scenario.adversaries()));
        let units = all * u64::from(UNITS_PER_NODE);
        let of_bad = units * u64::from(scenario.adversary_percent) / 100;
        let nodes = (0..all).map(|place| {
            let adversary = place < bad;
            let (units, count, place) = if adversary {
                (of_bad, bad, place)
            } else {
                (units - of_bad, all - bad, place - bad)
            };
            let units = units / count + u64::from(place < units % count);
            let node_id = if adversary { place } else { place + bad } + 1;
            let secret = digest(&[b"vrf", &scenario.seed.to_be_bytes(), &node_id.to_be_bytes()]);
            let secret = SecretKey::from_bytes(&secret.0);
            Node {
                node_id,
                owner: Addr::unchecked(format!("owner{node_id}")),
                adversary,
                vrf_key: HexBinary::from(&secret.public_key()),
                secret,
                stake: Uint128::new(u128::from(units) * UNIT),
                earned: Uint128::zero(),
                class: u32::from(adversary && scenario.own_build),
            }
        });
        let nodes = nodes.collect();
        let (members, directory) = Default::default();
        let mut world = Self { now, seed: scenario.seed, nodes, epoch: 0, members, directory };
        world.call_epoch();
        world
    }

    /// Fixes the roster of the epoch that it is now.
    pub fn call_epoch(&mut self) {
        self.epoch = self.epoch(self.now);
        let member = |node: &Node| Member {
            node_id: node.node_id,
            owner_id: node.node_id,
            units: node.units(),
            class: node.class,
        };
        self.members = self.nodes.iter().map(member).collect();
        let units = |members: &[Member]| members.iter().map(|one| u64::from(one.units)).sum();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        self.directory = Directory {
            members: count(self.members.len()),
            units: units(&self.members),
            owners: count(self.members.iter().filter(|one| one.units > 0).count()),
            largest_owner_units: self.members.iter().map(|one| one.units).max().unwrap_or(0).into(),
            pages: self.members.chunks(PAGE_MEMBERS).map(units).collect(),
        };
    }

    /// All nodes, in the order of rosters.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The roster of the epoch that was called last.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// A node by its number.
    #[must_use]
    pub fn node(&self, node_id: u64) -> Option<&Node> {
        self.nodes.get(place(node_id)?)
    }

    /// Whether a node is the adversary's.
    #[must_use]
    pub fn is_adversary(&self, node_id: u64) -> bool {
        self.node(node_id).is_some_and(|node| node.adversary)
    }

    /// What the adversary has staked, and what all have.
    #[must_use]
    pub fn stakes(&self) -> (Uint128, Uint128) {
        let sum = |nodes: &mut dyn Iterator<Item = &Node>| nodes.map(|node| node.stake).sum();
        let bad = sum(&mut self.nodes.iter().filter(|node| node.adversary));
        (bad, sum(&mut self.nodes.iter()))
    }

    /// Takes a part of a node's stake, rounded down; how much that is.
    pub fn slash(&mut self, order: &Slash) -> Uint128 {
        let node = place(order.node_id).and_then(|place| self.nodes.get_mut(place));
        node.map(|node| {
            let amount = part(node.stake, order.bps);
            node.stake = node.stake.saturating_sub(amount);
            amount
        })
        .unwrap_or_default()
    }

    /// Pays an owner, and stakes it if that is wanted. Whether the owner is the adversary; none for a
    /// stranger.
    pub fn pay(&mut self, to: &Addr, amount: Uint128, restake: bool) -> Option<bool> {
        let node = self.nodes.iter_mut().find(|node| node.owner == *to)?;
        node.earned = node.earned.saturating_add(amount);
        if restake {
            node.stake = node.stake.saturating_add(amount);
        }
        Some(node.adversary)
    }
}

/// The place of a node: numbers begin at 1.
fn place(node_id: u64) -> Option<usize> {
    usize::try_from(node_id.checked_sub(1)?).ok()
}

impl World for InMemory {
    fn first_round(&self, at: Timestamp) -> Result<FirstRoundResponse, RoundError> {
        let round = at.seconds().div_ceil(PERIOD_SECS) + 1;
        Ok(FirstRoundResponse {
            source: 0,
            chain_hash: digest(&[b"beacon"]).into(),
            round,
            round_at: Timestamp::from_seconds(round * PERIOD_SECS),
            fixed: true,
            central_beacon: false,
        })
    }

    fn randomness(&self, at: Timestamp) -> Result<RandomnessResponse, RoundError> {
        let first = self.first_round(at)?;
        let known = self.now >= first.round_at;
        let randomness =
            digest(&[b"randomness", &self.seed.to_be_bytes(), &first.round.to_be_bytes()]);
        Ok(RandomnessResponse { first, randomness: known.then(|| Hash32::into(randomness)) })
    }

    fn epoch(&self, at: Timestamp) -> u64 {
        at.seconds() / EPOCH_SECS
    }

    fn directory(&self, _run_id: u64, epoch: u64) -> Result<Directory, RoundError> {
        if epoch != self.epoch {
            return Err(RoundError::Roster { epoch, unit: 0 });
        }
        Ok(self.directory.clone())
    }

    fn page(&self, _run_id: u64, epoch: u64, page: u32) -> Result<Vec<Member>, RoundError> {
        if epoch != self.epoch {
            return Err(RoundError::Roster { epoch, unit: 0 });
        }
        let page = usize::try_from(page).unwrap_or(usize::MAX);
        Ok(self.members.chunks(PAGE_MEMBERS).nth(page).unwrap_or_default().to_vec())
    }

    fn keys(&self, _epoch: u64, node_ids: &[u64]) -> Result<Vec<NodeKeys>, RoundError> {
        let of = |node_id: &u64| {
            let node_id = *node_id;
            let node = self.node(node_id).ok_or(RoundError::NotThere { index: 0, node_id })?;
            let keys = Keys {
                from_epoch: 0,
                attestation_key: Binary::default(),
                vrf_key: node.vrf_key.clone(),
                account: node.owner.clone(),
            };
            let owner = node.owner.clone();
            Ok(NodeKeys { node_id, owner, device_class: String::from("simulated"), keys })
        };
        node_ids.iter().map(of).collect()
    }
}
