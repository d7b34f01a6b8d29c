//! Items that come with uses, or get several at once, keep the h-index that is counted again.
#![allow(missing_docs)]

use modelbond_economy::h_index::HIndex;
use proptest::prelude::*;

fn recounted(uses: &[u32]) -> HIndex {
    let with = |least: u32| uses.iter().filter(|n| **n >= least).count() as u32;
    let h = (1..=uses.len() as u32).rev().find(|h| with(*h) >= *h).unwrap_or_default();
    HIndex { h, above: with(h + 1) }
}

proptest! {
    #[test]
    fn leaps_keep_the_h_index(leaps in prop::collection::vec((0usize..30, 1u32..12), 1..200)) {
        let mut uses = vec![0u32; 30];
        let mut index = HIndex::default();
        for (item, more) in leaps {
            let (from, to) = (uses[item], uses[item] + more);
            uses[item] = to;
            let cell = uses.iter().filter(|n| **n == index.h + 1).count() as u32;
            index = index.leap(from, to, cell).expect("one history");
            prop_assert_eq!(index, recounted(&uses));
        }
    }
}
