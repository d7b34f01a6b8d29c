//! The h-index that is kept equals the one that is counted again, after every step.
#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use modelbond_economy::h_index::HIndex;
use proptest::prelude::*;
use rstest::rstest;

/// From the numbers of uses alone, by the definition.
fn recounted(uses: &[u32]) -> HIndex {
    let with = |least: u32| uses.iter().filter(|n| **n >= least).count() as u32;
    let h = (1..=uses.len() as u32).rev().find(|h| with(*h) >= *h).unwrap_or_default();
    HIndex { h, above: with(h + 1) }
}

/// Items with their uses, and what is kept about them.
#[derive(Default)]
struct Kept {
    uses: Vec<u32>,
    cells: BTreeMap<u32, u32>,
    index: HIndex,
}

impl Kept {
    fn of(uses: &[u32]) -> Self {
        let mut kept = Self { uses: vec![0; uses.len()], ..Self::default() };
        kept.cells.insert(0, uses.len() as u32);
        for (item, uses) in uses.iter().enumerate() {
            (0..*uses).for_each(|_| kept.rise(item));
        }
        kept
    }

    fn rise(&mut self, item: usize) {
        let uses = self.uses[item];
        *self.cells.get_mut(&uses).expect("counted") -= 1;
        let cell = self.cells.entry(uses + 1).or_default();
        *cell += 1;
        self.index = self.index.rise(uses, *cell).expect("one history");
        self.uses[item] += 1;
    }

    fn fall(&mut self, item: usize) {
        let uses = self.uses[item];
        let cell = self.cells.get_mut(&uses).expect("counted");
        *cell -= 1;
        self.index = self.index.fall(uses, *cell).expect("one history");
        *self.cells.entry(uses - 1).or_default() += 1;
        self.uses[item] -= 1;
    }
}

#[rstest]
#[case::nothing(&[], 0, 0)]
#[case::unused(&[0, 0, 0], 0, 0)]
#[case::one_use(&[1], 1, 0)]
#[case::one_item_however_often(&[100], 1, 1)]
#[case::one_use_each(&[1, 1, 1, 1], 1, 0)]
#[case::two_twice(&[2, 2], 2, 0)]
#[case::two_often_and_one_once(&[9, 9, 1], 2, 2)]
#[case::as_hirsch_counts(&[10, 8, 5, 4, 3], 4, 3)]
#[case::ties_at_h(&[3, 3, 3, 3, 3], 3, 0)]
fn known_lists(#[case] uses: &[u32], #[case] h: u32, #[case] above: u32) {
    assert_eq!(recounted(uses), HIndex { h, above });
    assert_eq!(Kept::of(uses).index, HIndex { h, above });
}

#[rstest]
#[case::a_use_less_than_none(HIndex::default(), 0, 0)]
#[case::nobody_was_above(HIndex { h: 2, above: 0 }, 3, 0)]
#[case::more_than_there_can_be(HIndex { h: 2, above: u32::MAX }, 2, 1)]
fn a_fall_that_no_history_has_is_none(#[case] index: HIndex, #[case] uses: u32, #[case] cell: u32) {
    assert_eq!(index.fall(uses, cell), None);
}

#[rstest]
#[case::past_the_last_number(HIndex { h: u32::MAX, above: 0 }, u32::MAX, 1)]
#[case::more_above_than_numbers(HIndex { h: 2, above: u32::MAX }, 2, 1)]
#[case::a_cell_with_more_than_all(HIndex { h: 2, above: 2 }, 2, 4)]
fn a_rise_that_no_history_has_is_none(#[case] index: HIndex, #[case] uses: u32, #[case] cell: u32) {
    assert_eq!(index.rise(uses, cell), None);
}

proptest! {
    #[test]
    fn random_steps_keep_it(
        items in 1usize..12,
        steps in prop::collection::vec((any::<prop::sample::Index>(), 0u8..100), 1..400),
        rising in 40u8..80,
    ) {
        let mut kept = Kept::of(&vec![0; items]);
        for (item, dice) in steps {
            let item = item.index(items);
            if dice < rising {
                kept.rise(item);
            } else if kept.uses[item] > 0 {
                kept.fall(item);
            }
            prop_assert_eq!(kept.index, recounted(&kept.uses));
        }
    }

    #[test]
    fn the_way_to_the_same_uses_does_not_matter(
        uses in prop::collection::vec(0u32..20, 1..20),
        extra in prop::collection::vec((any::<prop::sample::Index>(), 1u32..30), 0..20),
    ) {
        let mut kept = Kept::of(&uses);
        let straight = kept.index;
        for (item, times) in &extra {
            (0..*times).for_each(|_| kept.rise(item.index(uses.len())));
        }
        for (item, times) in &extra {
            (0..*times).for_each(|_| kept.fall(item.index(uses.len())));
        }
        prop_assert_eq!(kept.index, straight);
    }
}

/// SplitMix64, so that a long story is the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % end
    }
}

/// A graph of items that several owners have: an edge counts if its ends have different owners.
#[test]
fn every_owner_of_a_random_graph_has_the_counted_index_through_a_hundred_thousand_edges() {
    const ITEMS: usize = 60;
    const OWNERS: usize = 4;
    let mut random = Random(7);
    let mut owners: Vec<Kept> = (0..OWNERS).map(|_| Kept::of(&[0; ITEMS / OWNERS])).collect();
    let mut edges = BTreeSet::new();
    let (mut added, mut removed, mut highest) = (0, 0, 0);
    for step in 0..100_000 {
        // Long tides of more and of fewer edges, some items more liked than others.
        let growing = random.below(100) < if step / 5_000 % 2 == 0 { 70 } else { 30 };
        let to = random.below(ITEMS).min(random.below(ITEMS));
        let edge = (random.below(ITEMS), to);
        let (owner, item) = (to % OWNERS, to / OWNERS);
        if edge.0 % OWNERS == owner {
            continue;
        }
        if growing && edges.insert(edge) {
            owners[owner].rise(item);
            added += 1;
        } else if !growing && edges.remove(&edge) {
            owners[owner].fall(item);
            removed += 1;
        }
        assert_eq!(owners[owner].index, recounted(&owners[owner].uses), "step {step}");
        highest = highest.max(owners[owner].index.h);
    }
    let counted: usize = owners.iter().flat_map(|owner| &owner.uses).map(|n| *n as usize).sum();
    assert_eq!(counted, edges.len());
    assert!(added > 10_000 && removed > 10_000 && highest > 10, "{added} {removed} {highest}");
}
