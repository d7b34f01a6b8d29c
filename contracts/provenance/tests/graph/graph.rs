//! Models, each built on up to 16 of those before it.

use std::collections::BTreeSet;

use modelbond_interface::registry::{MAX_PARENTS, MAX_ROYALTY_BPS};

use crate::random::Random;
use crate::world::Parents;

/// Money of most models, and of some that have a graph of their own: parents are paid in the same.
pub(crate) const DENOMS: [&str; 2] = ["ureserve", "uother"];

const MODELS: usize = 1_100;

/// Parents are drawn first from those that nobody builds on, so that the last model has all others of its denom as
/// ancestors.
pub(crate) fn draw(random: &mut Random) -> Vec<(&'static str, Parents)> {
    let mut graph = vec![];
    // By denom: all, and those that nobody builds on.
    let (mut all, mut free): ([Vec<usize>; 2], [Vec<usize>; 2]) = Default::default();
    for number in 0..MODELS {
        let denom = usize::from(number % 12 == 10);
        let last = number + 12 >= MODELS;
        let most = all[denom].len().min(MAX_PARENTS);
        let count = if last { most } else { random.below(MAX_PARENTS + 1).min(most) };
        let mut chosen = BTreeSet::new();
        while chosen.len() < count {
            let lonely = !free[denom].is_empty() && (last || random.chance(50));
            let from = if lonely { &free[denom] } else { &all[denom] };
            let parent = from[random.below(from.len())];
            chosen.insert(parent);
            free[denom].retain(|other| *other != parent);
        }
        graph.push((DENOMS[denom], agree(random, chosen)));
        all[denom].push(number);
        free[denom].push(number);
    }
    graph
}

/// Royalties of at most a half together; some parents ask for nothing.
fn agree(random: &mut Random, parents: BTreeSet<usize>) -> Parents {
    let equal = random.chance(20).then(|| MAX_ROYALTY_BPS / parents.len().max(1) as u16);
    let mut left = MAX_ROYALTY_BPS;
    let mut royalty = || {
        let bps = equal.unwrap_or_else(|| random.below(usize::from(left / 3) + 1) as u16);
        left -= bps;
        bps
    };
    parents.into_iter().map(|parent| (parent, royalty())).collect()
}

/// All that a model is built on, however far up.
pub(crate) fn ancestors(graph: &[Parents], model: usize) -> usize {
    let (mut seen, mut open) = (BTreeSet::new(), vec![model]);
    while let Some(model) = open.pop() {
        let more = graph[model].iter().map(|(parent, _)| *parent);
        open.extend(more.filter(|parent| seen.insert(*parent)));
    }
    seen.len()
}
