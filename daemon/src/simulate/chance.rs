//! How often a group is captured: all of its seats are the adversary's.
//!
//! Members of a group are drawn one after the other by units, so the chance is that of all paths by
//! which only the adversary's nodes are drawn: each step its units that are left, of all that are left.
//! With nodes that differ by one unit at most, a path is how many of the smaller and of the larger ones
//! were drawn. The same by experiment goes through [`modelbond_rounds::assign::groups`].

use modelbond_interface::nodes::Member;
use modelbond_interface::training::Sizes;
use modelbond_rounds::assign::{groups, Pages};
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
