//! Who leads: exactly by units, however they are spread over nodes.
#![allow(missing_docs, clippy::print_stdout)]

#[path = "support/chi_square.rs"]
mod chi_square;
#[path = "support/random.rs"]
mod random;

use modelbond_election::tickets::{best_ticket, ticket, Ticket};
use modelbond_election::vrf::{verify, Output, SecretKey};
use rstest::rstest;

const ROUNDS: u64 = 100_000;

/// Outputs of different keys for one message are independent and uniform; so are these.
fn output(name: &str, round: u64, node: u64) -> Output {
    Output::from_bytes(random::wide(name, [round, node]))
}

fn leader(name: &str, round: u64, units: &[u32]) -> usize {
    let tickets = (0..).zip(units);
    let best =
        tickets.filter_map(|(node, units)| best_ticket(&output(name, round, node), node, *units));
    best.min().unwrap().node_id as usize
}

fn shares(units: &[u32]) -> Vec<f64> {
    let total: u32 = units.iter().sum();
    units.iter().map(|units| f64::from(*units) / f64::from(total)).collect()
}

/// p of two samples being of one distribution.
fn test_equal(name: &str, one: &[u64], other: &[u64]) -> f64 {
    assert_eq!(one.len(), other.len());
    let (total_one, total_other) =
        (one.iter().sum::<u64>() as f64, other.iter().sum::<u64>() as f64);
    let statistic = one.iter().zip(other).map(|(a, b)| {
        let share = (a + b) as f64 / (total_one + total_other);
        let deviation =
            |count: &u64, total: f64| (*count as f64 - total * share).powi(2) / (total * share);
        deviation(a, total_one) + deviation(b, total_other)
    });
    chi_square::report(name, statistic.sum(), one.len() - 1)
}

#[rstest]
#[case::one_to_three(&[1, 3])]
#[case::five_nodes(&[1, 2, 3, 5, 19])]
#[case::equals(&[4, 4, 4, 4, 4, 4, 4, 4])]
fn leaders_are_drawn_exactly_by_units(#[case] units: &[u32]) {
    let mut wins = vec![0; units.len()];
    for round in 0..ROUNDS {
        wins[leader("leaders", round, units)] += 1;
    }
    println!("units {units:?}, wins {wins:?}");
    assert!(chi_square::test("leaders", &wins, &shares(units)) > 0.01);
}

/// From Python's hashlib.
#[test]
fn tickets_have_the_known_answers() {
    let output = Output::from_bytes(std::array::from_fn(|index| index as u8));
    let value = 0x1671_bb08_da2c_7c98_5815_fc4e_2beb_d83a;
    let known = Ticket { value, node_id: 0x0102_0304_0506_0708, index: 9 };
    assert_eq!(ticket(&output, known.node_id, 9), known);
    let value = 488_084_206_741_456_607_653_361_070_346_613_111;
    assert_eq!(best_ticket(&output, 7, 1_000), Some(Ticket { value, node_id: 7, index: 446 }));
}

/// The rule that looks right, lowest output ÷ stake, gives 5/6 to three of four units.
#[test]
fn output_divided_by_stake_is_not_proportional() {
    let units = [1u32, 3];
    let mut wins = [0; 2];
    for round in 0..ROUNDS {
        let score = |node: u64| {
            let output = output("leaders", round, node);
            let number = u128::from_be_bytes(*output.as_bytes().first_chunk().unwrap());
            number / u128::from(units[node as usize])
        };
        wins[usize::from(score(1) < score(0))] += 1;
    }
    let won = wins[1] as f64 / ROUNDS as f64;
    println!("3 of 4 units win {won:.4}");
    assert!((won - 5.0 / 6.0).abs() < 0.005);
    assert!(chi_square::test("output ÷ stake", &wins, &shares(&units)) < 1e-9);
}

#[test]
fn splitting_units_over_nodes_gains_nothing() {
    let whole = [12, 3, 5];
    // The first node's twelve units, over twelve nodes.
    let split: Vec<u32> = [1; 12].into_iter().chain([3, 5]).collect();
    let (mut one, mut other) = ([0; 3], [0; 3]);
    for round in 0..ROUNDS {
        one[leader("whole", round, &whole)] += 1;
        other[leader("split", round, &split).saturating_sub(11)] += 1;
    }
    println!("whole {one:?}, split {other:?}");
    assert!(chi_square::test("whole", &one, &shares(&whole)) > 0.01);
    assert!(chi_square::test("split", &other, &shares(&whole)) > 0.01);
    assert!(test_equal("whole and split", &one, &other) > 0.01);
}

/// The same with outputs of real keys, proved and verified.
#[test]
fn verified_outputs_elect_by_units() {
    let units = [1, 2, 4];
    let keys: Vec<SecretKey> =
        (0..3).map(|node| SecretKey::from_bytes(&random::bytes("node", [node, 0]))).collect();
    let mut wins = [0; 3];
    for round in 0..1_500u64 {
        let alpha = random::bytes("alpha", [round, 0]);
        let best = (0..).zip(&keys).filter_map(|(node, key)| {
            let proof = key.prove(&alpha).unwrap();
            let output = verify(&key.public_key(), &alpha, proof.as_bytes()).unwrap();
            best_ticket(&output, node, units[node as usize])
        });
        wins[best.min().unwrap().node_id as usize] += 1;
    }
    assert!(chi_square::test("real keys", &wins, &shares(&units)) > 0.01);
}

/// 8/W of the range lets through 8 tickets of W on average, so the early part of the window has
/// somebody in it with probability 1 − (1 − 8/W)^W.
#[test]
fn the_early_window_takes_eight_tickets_on_average() {
    let (nodes, units, rounds) = (40u64, 5u32, 5_000u64);
    let total = nodes * u64::from(units);
    let (mut early, mut empty) = (0u64, 0u64);
    for round in 0..rounds {
        let of_node = |node| best_ticket(&output("early", round, node), node, units);
        let best: Vec<Ticket> = (0..nodes).filter_map(of_node).collect();
        let taken = best.iter().filter(|ticket| ticket.is_early(total)).count() as u64;
        early += taken;
        empty += u64::from(taken == 0);
    }
    // A node has an early ticket with probability 1 − (1 − 8/W)^units.
    let expected = nodes as f64 * (1.0 - (1.0 - 8.0 / total as f64).powi(5));
    let average = early as f64 / rounds as f64;
    println!(
        "{average:.3} nodes are early on average, expected {expected:.3}; none in {empty} rounds"
    );
    assert!((average - expected).abs() < 0.2);
    assert!(empty < 15, "expected {:.1}", rounds as f64 * (1.0 - 8.0 / total as f64).powi(200));
}

#[rstest]
#[case(0.05, 3.841, 1)]
#[case(0.05, 18.307, 10)]
#[case(0.01, 6.635, 1)]
#[case(0.01, 134.642, 99)]
#[case(0.99, 69.230, 99)]
#[case(0.5, 0.455, 1)]
fn p_values_are_those_of_the_tables(
    #[case] p: f64,
    #[case] statistic: f64,
    #[case] freedom: usize,
) {
    assert!((chi_square::upper_tail(statistic, freedom) - p).abs() < 5e-4);
}
