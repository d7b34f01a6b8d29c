//! Who is drawn: groups, auditors, juries, over a roster in pages.
#![allow(clippy::print_stdout)]

#[path = "../../election/tests/support/chi_square.rs"]
mod chi_square;

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{StdError, Timestamp};
use modelbond_election::draw::{Drawn, Roster, Span};
use modelbond_interface::beacon::{FirstRoundResponse, RandomnessResponse};
use modelbond_interface::nodes::{Directory, Member, NodeKeys, PAGE_MEMBERS};
use modelbond_interface::training::{Hash32, Sizes};
use modelbond_rounds::assign::{fresh, groups, Excluded, Pages, MAX_ROLES};
use modelbond_rounds::{RoundError, World};
use proptest::prelude::*;
use rstest::rstest;
use sha2::{Digest, Sha256};

const RUN: u64 = 3;
const EPOCH: u64 = 9;

/// A roster in memory, in the pages of the nodes contract. Nothing else is there.
struct InMemory {
    directory: Directory,
    pages: Vec<Vec<Member>>,
}

impl InMemory {
    fn new(members: &[Member]) -> Self {
        let pages: Vec<Vec<Member>> = members.chunks(PAGE_MEMBERS).map(<[_]>::to_vec).collect();
        let units = |members: &[Member]| members.iter().map(|m| u64::from(m.units)).sum();
        let directory = Directory {
            members: members.len() as u32,
            units: units(members),
            owners: members.iter().map(|member| member.owner_id).collect::<BTreeSet<_>>().len()
                as u32,
            largest_owner_units: 0,
            pages: pages.iter().map(|page| units(page)).collect(),
        };
        Self { directory, pages }
    }
}

fn absent<T>() -> Result<T, RoundError> {
    Err(StdError::generic_err("not in memory").into())
}

impl World for InMemory {
    fn first_round(&self, _: Timestamp) -> Result<FirstRoundResponse, RoundError> {
        absent()
    }

    fn randomness(&self, _: Timestamp) -> Result<RandomnessResponse, RoundError> {
        absent()
    }

    fn epoch(&self, _: Timestamp) -> u64 {
        EPOCH
    }

    fn directory(&self, run_id: u64, epoch: u64) -> Result<Directory, RoundError> {
        assert_eq!((run_id, epoch), (RUN, EPOCH));
        Ok(self.directory.clone())
    }

    fn page(&self, run_id: u64, epoch: u64, page: u32) -> Result<Vec<Member>, RoundError> {
        assert_eq!((run_id, epoch), (RUN, EPOCH));
        Ok(self.pages.get(page as usize).cloned().unwrap_or_default())
    }

    fn keys(&self, _: u64, _: &[u64]) -> Result<Vec<NodeKeys>, RoundError> {
        absent()
    }
}

fn open(world: &InMemory) -> Pages<'_, InMemory> {
    Pages::open(world, RUN, EPOCH).unwrap()
}

/// Nodes 1, 2, … with these owners and units.
fn roster(members: &[(u64, u32)]) -> Vec<Member> {
    let nodes = (1..).zip(members);
    nodes.map(|(node_id, (owner_id, units))| member(node_id, *owner_id, *units)).collect()
}

fn member(node_id: u64, owner_id: u64, units: u32) -> Member {
    Member { node_id, owner_id, units, class: 1 }
}

fn sizes(groups: u8, witnesses: u8) -> Sizes {
    Sizes { groups, witnesses, audit_one_in: 8, jury: 21 }
}

fn seed(name: &str, number: u64) -> [u8; 32] {
    Sha256::new().chain_update(name).chain_update(number.to_be_bytes()).finalize().into()
}

fn drawn(members: &[Member], seed: [u8; 32], sizes: &Sizes) -> Vec<Vec<Drawn<Member>>> {
    let world = InMemory::new(members);
    groups(&open(&world), Hash32(seed), sizes).unwrap()
}

fn spans(members: &[Member]) -> BTreeMap<u64, Span> {
    let mut first = 0;
    let mut spans = BTreeMap::new();
    for member in members {
        spans.insert(member.node_id, Span { first, units: member.units.into() });
        first += u64::from(member.units);
    }
    spans
}

/// Every unit of a roster of several pages belongs to whom a flat list says.
#[rstest]
#[case::one_page(63)]
#[case::a_full_page(64)]
#[case::one_more(65)]
#[case::several(200)]
fn no_unit_shifts_between_pages(#[case] count: u64) {
    let members: Vec<Member> =
        (1..=count).map(|node_id| member(node_id, node_id % 5, (node_id % 4) as u32)).collect();
    let world = InMemory::new(&members);
    let pages = open(&world);
    let mut unit = 0;
    for member in &members {
        let span = Span { first: unit, units: member.units.into() };
        for _ in 0..member.units {
            assert_eq!(pages.member_at(unit).unwrap(), (*member, span));
            unit += 1;
        }
    }
    assert_eq!(pages.total_units(), unit);
    assert_eq!(pages.member_at(unit), Err(RoundError::Roster { epoch: EPOCH, unit }));
}

#[test]
fn a_page_that_has_less_than_its_directory_says_is_refused() {
    let members = roster(&[(1, 5), (2, 5)]);
    let mut world = InMemory::new(&members);
    world.pages[0].pop();
    let pages = open(&world);
    assert!(pages.member_at(4).is_ok());
    assert_eq!(pages.member_at(7), Err(RoundError::Roster { epoch: EPOCH, unit: 7 }));
}

#[rstest]
#[case::nobody(&[], 4, 2, &[])]
#[case::nobody_with_units(&[(1, 0), (2, 0)], 4, 2, &[])]
#[case::alone(&[(1, 3)], 4, 2, &[1, 1])]
#[case::two_nodes_of_one_owner(&[(1, 3), (1, 3)], 16, 2, &[1, 1, 1, 1])]
#[case::three_owners(&[(1, 3), (2, 1), (3, 9)], 16, 2, &[3, 3])]
#[case::fewer_owners_than_seats(&[(1, 3), (2, 1), (1, 9)], 1, 4, &[2])]
#[case::enough_for_all(&[(1, 1), (2, 1), (3, 1), (4, 1)], 2, 1, &[2, 2])]
fn who_is_not_there_leaves_seats_and_groups_empty(
    #[case] members: &[(u64, u32)],
    #[case] groups: u8,
    #[case] witnesses: u8,
    #[case] expected: &[usize],
) {
    for number in 0..50 {
        let found = drawn(&roster(members), seed("empty", number), &sizes(groups, witnesses));
        let mut found: Vec<usize> = found.iter().map(Vec::len).collect();
        // Which owner's node serves twice decides which of several groups is the short one.
        found.sort_unstable();
        assert_eq!(found, expected, "seed {number}");
    }
}

/// 100,000 trainers: with two groups of one seat nobody has served twice, so each is drawn by units.
#[test]
fn trainers_are_drawn_by_units() {
    let units: Vec<u32> = vec![1, 2, 3, 5, 8, 13, 21, 34, 0, 13];
    let members: Vec<Member> =
        (1..).zip(&units).map(|(node_id, units)| member(node_id, node_id, *units)).collect();
    let world = InMemory::new(&members);
    let mut counts = vec![0_u64; units.len()];
    for number in 0..50_000 {
        let pages = open(&world);
        for group in groups(&pages, Hash32(seed("trainers", number)), &sizes(2, 0)).unwrap() {
            counts[group[0].member.node_id as usize - 1] += 1;
        }
    }
    assert_eq!(counts.iter().sum::<u64>(), 100_000);
    assert_eq!(counts.remove(8), 0, "no units, no seats");
    let weights: Vec<f64> = units.iter().filter(|units| **units > 0).map(|u| (*u).into()).collect();
    let all: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|weight| weight / all).collect();
    assert!(chi_square::test("trainers by units", &counts, &exact) > 0.01);
    let even = vec![1.0 / counts.len() as f64; counts.len()];
    assert!(chi_square::test("trainers by heads", &counts, &even) < 1e-9);
}

/// Drawn with trainer and witnesses: how often each node serves follows from all orders of drawing.
#[test]
fn members_of_a_group_are_drawn_one_after_the_other() {
    let weights = [1_u32, 2, 3, 4];
    let members: Vec<Member> =
        (1..).zip(weights).map(|(node_id, units)| member(node_id, node_id, units)).collect();
    let mut exact = BTreeMap::new();
    for trainer in 0..4 {
        for witness in (0..4).filter(|witness| *witness != trainer) {
            let (t, w) = (f64::from(weights[trainer]), f64::from(weights[witness]));
            exact.insert((trainer, witness), t / 10.0 * w / (10.0 - t));
        }
    }
    let mut counts: BTreeMap<_, u64> = exact.keys().map(|key| (*key, 0)).collect();
    for number in 0..50_000 {
        let found = drawn(&members, seed("pairs", number), &sizes(1, 1));
        let at = |slot: usize| found[0][slot].member.node_id as usize - 1;
        *counts.get_mut(&(at(0), at(1))).unwrap() += 1;
    }
    let (counts, exact): (Vec<u64>, Vec<f64>) =
        (counts.into_values().collect(), exact.into_values().collect());
    assert!(chi_square::test("trainer and witness", &counts, &exact) > 0.01);
}

#[test]
fn the_same_seed_draws_the_same_groups_only() {
    let members: Vec<Member> = (1..=130).map(|id| member(id, id, 1 + (id % 7) as u32)).collect();
    let ids = |number| -> Vec<Vec<u64>> {
        let found = drawn(&members, seed("same", number), &sizes(12, 4));
        found.iter().map(|group| group.iter().map(|one| one.member.node_id).collect()).collect()
    };
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
    assert_eq!(ids(1).len(), 12);
}

fn any_roster() -> impl Strategy<Value = Vec<Member>> {
    proptest::collection::vec((0_u64..9, 0_u32..6), 0..150).prop_map(|members| roster(&members))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn groups_keep_their_rules(
        members in any_roster(),
        assignment: [u8; 32],
        k in 1_u8..=16,
        w in 0_u8..=8,
    ) {
        let found = drawn(&members, assignment, &sizes(k, w));
        let spans = spans(&members);
        let mut roles: BTreeMap<u64, u8> = BTreeMap::new();
        prop_assert!(found.len() <= k.into());
        for group in &found {
            prop_assert!(!group.is_empty() && group.len() <= usize::from(w) + 1);
            let owners: BTreeSet<u64> = group.iter().map(|one| one.member.owner_id).collect();
            prop_assert_eq!(owners.len(), group.len(), "owners of a group are distinct");
            for one in group {
                prop_assert_eq!(one.span, spans[&one.member.node_id]);
                prop_assert!(one.member.units > 0);
                *roles.entry(one.member.node_id).or_default() += 1;
            }
        }
        prop_assert!(roles.values().all(|count| *count <= MAX_ROLES));
        prop_assert_eq!(MAX_ROLES, 2);
        // Whoever could still sit in the last group would sit there.
        if found.len() < k.into() {
            let free = members.iter().filter(|m| m.units > 0);
            let mut free = free.filter(|m| roles.get(&m.node_id).copied().unwrap_or(0) < 2);
            prop_assert!(free.next().is_none(), "nobody is left out");
        }
    }

    #[test]
    fn fresh_nodes_have_nothing_to_do_with_the_excluded(
        members in any_roster(),
        seed: [u8; 32],
        count in 0_u8..=21,
        picks in proptest::collection::vec(0_usize..150, 0..6),
    ) {
        let spans = spans(&members);
        let excluded: Vec<Excluded> = picks
            .iter()
            .filter_map(|pick| members.get(*pick))
            .map(|m| Excluded { span: spans[&m.node_id], owner_id: m.owner_id })
            .collect();
        let owners: BTreeSet<u64> = excluded.iter().map(|one| one.owner_id).collect();
        let world = InMemory::new(&members);
        let found = fresh(&open(&world), &seed, count, &excluded).unwrap();
        let nodes: BTreeSet<u64> = found.iter().map(|one| one.member.node_id).collect();
        prop_assert_eq!(nodes.len(), found.len(), "nobody twice");
        prop_assert!(found.iter().all(|one| !owners.contains(&one.member.owner_id)));
        prop_assert!(found.iter().all(|one| one.span == spans[&one.member.node_id]));
        let free = members.iter().filter(|m| m.units > 0 && !owners.contains(&m.owner_id)).count();
        prop_assert!(found.len() <= free.min(count.into()));
        // A draw gives up after 64 picks of excluded owners' nodes, see `draw::MAX_PICKS`.
        let others = members.iter().filter(|m| owners.contains(&m.owner_id)).count();
        prop_assert!(others >= 64 || found.len() == free.min(count.into()));
    }
}
