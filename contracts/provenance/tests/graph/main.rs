//! The money of provenance through a million random messages to its own entry points, over a graph of models with up
//! to 16 parents and a thousand ancestors: nothing is lost or made (I8), nobody is paid twice (I10), every NFT gets its
//! weight's part of everything shared out while it was there, and no more (I11); and what a message touches does not
//! depend on how many ancestors a model has.

mod actions;
mod books;
mod constant;
mod drain;
mod exact;
mod graph;
mod journal;
mod messages;
mod random;
mod refusals;
mod walk;
mod world;

use crate::walk::Walk;

const OPERATIONS: u64 = 1_000_000;
/// Everything there is is checked after each.
const PARTS: u64 = 100;
const SEED: u64 = 1;

#[test]
fn a_million_operations_over_a_thousand_ancestors_keep_every_unit() {
    let mut walk = Walk::new(SEED);
    for part in 1..=PARTS {
        while walk.done() < part * OPERATIONS / PARTS {
            walk.step();
        }
        walk.ensure_whole();
    }
    walk.drain();
    walk.ensure_varied();
}
