//! Draws without replacement against exact probabilities by enumeration, and lots against theirs.
#![allow(missing_docs, clippy::print_stdout)]

#[path = "support/chi_square.rs"]
mod chi_square;
#[path = "support/random.rs"]
mod random;

use std::collections::BTreeMap;

use modelbond_election::draw::{draw, draw_up_to, Pool, Roster, Stream, Table};
use modelbond_election::lottery::payout;
use rstest::rstest;

const DRAWS: u64 = 100_000;

fn table(weights: &[u64]) -> Table {
    Table::new(weights.iter().copied()).unwrap()
}

/// Every sequence of `count` members with its probability, when each next one is drawn by weight
/// among those not drawn whose owner has no seat.
fn sequences(weights: &[u64], owners: &[usize], count: usize) -> BTreeMap<Vec<usize>, f64> {
    let mut all = BTreeMap::from([(Vec::new(), 1.0)]);
    for _ in 0..count {
        let mut longer = BTreeMap::new();
        for (drawn, probability) in all {
            let free =
                |member: &usize| !drawn.iter().any(|seat: &usize| owners[*seat] == owners[*member]);
            let left: Vec<usize> = (0..weights.len()).filter(free).collect();
            let total: u64 = left.iter().map(|member| weights[*member]).sum();
            for member in left {
                let mut next = drawn.clone();
                next.push(member);
                longer.insert(next, probability * weights[member] as f64 / total as f64);
            }
        }
        all = longer;
    }
    all
}

/// One group: `count` members with distinct owners.
fn group(weights: &[u64], owners: &[usize], count: usize, seed: &[u8; 32]) -> Vec<usize> {
    let (roster, mut stream) = (table(weights), Stream::new(seed));
    let mut pool = Pool::new(roster.total_units());
    let mut drawn: Vec<usize> = Vec::new();
    while drawn.len() < count {
        let free = |member: &usize| !drawn.iter().any(|seat| owners[*seat] == owners[*member]);
        drawn.push(draw(&mut stream, &roster, &mut pool, free).unwrap().member);
    }
    drawn
}

fn compare(name: &str, weights: &[u64], owners: &[usize], count: usize) {
    let exact = sequences(weights, owners, count);
    let mut counts: BTreeMap<Vec<usize>, u64> = exact.keys().map(|key| (key.clone(), 0)).collect();
    for number in 0..DRAWS {
        let drawn = group(weights, owners, count, &random::bytes(name, [number, 0]));
        *counts.get_mut(&drawn).expect("a sequence that can be") += 1;
    }
    for member in 0..weights.len() {
        let inclusion: f64 =
            exact.iter().filter(|(drawn, _)| drawn.contains(&member)).map(|(_, p)| p).sum();
        let times: u64 = counts
            .iter()
            .filter(|(drawn, _)| drawn.contains(&member))
            .map(|(_, count)| count)
            .sum();
        let drawn = DRAWS as f64;
        // A member is in or out: two cells, one degree of freedom. One that is always in has none.
        if inclusion < 1.0 - 1e-12 {
            let name =
                format!("{name}, member {member} of weight {} in {inclusion:.5}", weights[member]);
            let p = chi_square::test(&name, &[times, DRAWS - times], &[inclusion, 1.0 - inclusion]);
            assert!(p > 0.01 / weights.len() as f64, "{times} of {drawn}");
        } else {
            assert_eq!(times, DRAWS);
        }
    }
    let counts: Vec<u64> = counts.into_values().collect();
    let exact: Vec<f64> = exact.into_values().collect();
    assert!(chi_square::test(&format!("{name}, sequences"), &counts, &exact) > 0.01);
}

#[rstest]
#[case::two_of_four("two of four", &[1, 2, 3, 4], 2)]
#[case::three_of_five("three of five", &[5, 1, 1, 2, 8], 3)]
#[case::all_of_three("all of three", &[1, 10, 100], 3)]
#[case::one_of_two("one of two", &[1, 3], 1)]
fn trainers_are_drawn_with_exact_probabilities(
    #[case] name: &str,
    #[case] weights: &[u64],
    #[case] count: usize,
) {
    let owners: Vec<usize> = (0..weights.len()).collect();
    compare(name, weights, &owners, count);
}

/// Three nodes of one owner weigh as much as one node with their units.
#[test]
fn owners_of_a_group_are_distinct_and_drawn_by_weight() {
    compare("distinct owners", &[2, 3, 1, 4, 2], &[0, 0, 1, 2, 0], 3);
}

/// Drawing by members in place of units fails the same test.
#[test]
fn a_draw_that_ignores_weights_fails_the_test() {
    let weights = [1, 2, 3, 4];
    let mut counts = [0; 4];
    for number in 0..DRAWS {
        counts[group(&[1; 4], &[0, 1, 2, 3], 1, &random::bytes("equal", [number, 0]))[0]] += 1;
    }
    let exact: Vec<f64> = weights.iter().map(|weight| f64::from(*weight) / 10.0).collect();
    assert!(chi_square::test("equal weights", &counts, &exact) < 1e-9);
}

#[test]
fn juries_are_the_same_for_the_same_seed_only() {
    let roster = table(&[3; 64]);
    let jury = |seed| {
        let (mut stream, mut pool) = (Stream::new(&seed), Pool::new(roster.total_units()));
        draw_up_to(21, &mut stream, &roster, &mut pool).unwrap()
    };
    let members: Vec<usize> = jury([9; 32]).iter().map(|seat| seat.member).collect();
    assert_eq!(jury([9; 32]), jury([9; 32]));
    assert_ne!(jury([9; 32]), jury([8; 32]));
    println!("{members:?}");
    assert_eq!(members[..6], FIRST_OF_THE_JURY, "what is drawn may not change between versions");
}

/// From a few lines of Python that walk over the weights of those who are left.
const FIRST_OF_THE_JURY: [usize; 6] = [52, 35, 14, 9, 49, 63];

#[rstest]
#[case::of_a_hundred("lots of a hundred", 100)]
#[case::of_seven("lots of seven", 7)]
fn lots_are_uniform(#[case] name: &str, #[case] amount: u128) {
    let mut counts = vec![0; amount as usize];
    for number in 0..DRAWS {
        counts[payout(&random::bytes(name, [number, 0]), amount) as usize] += 1;
    }
    let exact = vec![1.0 / amount as f64; amount as usize];
    assert!(chi_square::test(name, &counts, &exact) > 0.01);
}

/// From Python's integers.
#[test]
fn a_lot_has_the_known_answer() {
    let digest = std::array::from_fn(|index| 200 + index as u8 % 55);
    assert_eq!(
        payout(&digest, 123_456_789_012_345_678_901_234_567_890),
        96_830_752_732_312_833_058_698_411_333
    );
}

/// Half of what is at stake is paid on average, whatever its size.
#[test]
fn half_is_paid_on_average() {
    let amount = 1_000_000_000_007u128;
    let paid: u128 =
        (0..DRAWS).map(|number| payout(&random::bytes("mean", [number, 0]), amount)).sum();
    let mean = paid as f64 / DRAWS as f64 / amount as f64;
    println!("mean {mean:.5}");
    // Standard deviation √(1/12) / √100,000 = 0.0009.
    assert!((mean - 0.5).abs() < 0.0027);
}
