//! How often a group is captured: all of its seats are the adversary's; and a jury: more than two thirds.
//!
//! Members of a group are drawn one after the other by units, so the chance is that of all paths by
//! which only the adversary's nodes are drawn: each step its units that are left, of all that are left.
//! With nodes that differ by one unit at most, a path is how many of the smaller and of the larger ones
//! were drawn. The same by experiment goes through [`modelbond_rounds::assign::groups`].

use modelbond_interface::nodes::Member;
use modelbond_interface::training::Sizes;
use modelbond_rounds::assign::{groups, Pages};
use modelbond_rounds::verdict::is_decisive;
use modelbond_rounds::{RoundError, World};

use super::digest;
use super::world::InMemory;

/// The chance that all of `seats` are the adversary's, whose nodes have these units, of so many in all.
#[must_use]
pub fn captured(units: &[u32], total: u64, seats: u8) -> f64 {
    let small = units.iter().copied().min().unwrap_or_default();
    let large = units.iter().copied().max().unwrap_or_default();
    let smalls = units.iter().filter(|own| **own == small).count();
    let larges = units.len() - smalls;
    // By how many of the smaller ones were drawn; the others were larger.
    let mut paths = vec![1.0];
    for drawn in 0..usize::from(seats) {
        let mut next = vec![0.0; drawn + 2];
        for (taken, chance) in paths.iter().enumerate() {
            let other = drawn - taken;
            let gone = taken as f64 * f64::from(small) + other as f64 * f64::from(large);
            let left = total as f64 - gone;
            let step = |count: usize, taken: usize, units: u32| {
                chance * count.saturating_sub(taken) as f64 * f64::from(units) / left
            };
            if left > 0.0 {
                next[taken + 1] += step(smalls, taken, small);
                next[taken] += step(larges, other, large);
            }
        }
        paths = next;
    }
    paths.iter().sum()
}

/// Nodes of both sides that can be drawn, all of one side with the same units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sides {
    /// Nodes and units of each, of the adversary.
    pub adversary: (u16, f64),
    /// Of the others.
    pub honest: (u16, f64),
}

/// The chance that more than two thirds of a jury are the adversary's: it decides alone, and convicts
/// who tells the truth. `None` where there are not enough nodes for a full jury.
#[must_use]
pub fn captured_jury(sides: Sides, jury: u8) -> Option<f64> {
    let ((bad, bad_units), (good, good_units)) = (sides.adversary, sides.honest);
    if u32::from(bad) + u32::from(good) < u32::from(jury) {
        return None;
    }
    // By how many jurors are the adversary's.
    let mut chances = vec![1.0];
    for drawn in 0..jury {
        let mut next = vec![0.0; usize::from(drawn) + 2];
        for (taken, chance) in (0_u8..).zip(&chances) {
            let ours = f64::from(bad.saturating_sub(taken.into())) * bad_units;
            let theirs = f64::from(good.saturating_sub((drawn - taken).into())) * good_units;
            if ours + theirs > 0.0 {
                next[usize::from(taken) + 1] += chance * ours / (ours + theirs);
                next[usize::from(taken)] += chance * theirs / (ours + theirs);
            }
        }
        chances = next;
    }
    let decides = |(count, _): &(u64, &f64)| is_decisive(*count, jury.into());
    Some((0_u64..).zip(&chances).filter(decides).map(|(_, chance)| chance).sum())
}

/// Groups that were captured, of so many, in assignments of the world's roster.
///
/// # Errors
/// A roster that cannot be read.
pub fn drawn(
    world: &InMemory,
    sizes: &Sizes,
    (draws, seed): (u32, u64),
) -> Result<(u64, u64), RoundError> {
    let pages = Pages::open(world, 1, world.epoch(world.now))?;
    let own = |member: &Member| world.is_adversary(member.node_id);
    let (mut captured, mut all) = (0, 0);
    for number in 0..draws {
        let assignment = digest(&[b"draw", &seed.to_be_bytes(), &number.to_be_bytes()]);
        for group in groups(&pages, assignment, sizes)? {
            all += 1;
            captured += u64::from(group.iter().all(|drawn| own(&drawn.member)));
        }
    }
    Ok((captured, all))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::three_of_three(2, 2, 3, Some(0.0))]
    #[case::all_three(3, 1, 3, Some(1.0 / 4.0))]
    #[case::four_or_five_of_five(4, 4, 5, Some(4.0 / 56.0))]
    #[case::too_few(2, 2, 5, None)]
    fn a_jury_is_captured_by_more_than_two_thirds(
        #[case] bad: u16,
        #[case] good: u16,
        #[case] jury: u8,
        #[case] expected: Option<f64>,
    ) {
        let sides = Sides { adversary: (bad, 7.0), honest: (good, 7.0) };
        match (captured_jury(sides, jury), expected) {
            (Some(actual), Some(expected)) => assert!((actual - expected).abs() < 1e-12),
            (actual, expected) => assert_eq!(actual, expected),
        }
    }

    #[rstest]
    #[case::one_of_two(&[1], 2, 1, 0.5)]
    #[case::two_of_four(&[1, 1], 4, 2, 1.0 / 6.0)]
    #[case::nobody_left(&[1, 1], 4, 3, 0.0)]
    #[case::all(&[2, 3], 5, 2, 1.0)]
    #[case::unequal(&[1, 2], 6, 2, 1.0 / 6.0 * 2.0 / 5.0 + 2.0 / 6.0 * 1.0 / 4.0)]
    fn the_chance_is_that_of_all_paths(
        #[case] units: &[u32],
        #[case] total: u64,
        #[case] seats: u8,
        #[case] expected: f64,
    ) {
        assert!((captured(units, total, seats) - expected).abs() < 1e-12);
    }
}
