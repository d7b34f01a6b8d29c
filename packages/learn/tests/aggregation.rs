//! Aggregation: formulas, order, liars.

use modelbond_learn::aggregate::{
    aggregate, AggregateError, Contribution, Rule, MAX_CONTRIBUTIONS,
};
use modelbond_learn::dataset::{Dataset, Partition};
use modelbond_learn::model::{Model, Shape};
use modelbond_learn::score::score;
use modelbond_learn::train::{train, Plan};
use proptest::prelude::*;
use rstest::rstest;

const ONE: u32 = 1_000_000;

fn base() -> Model {
    Model::from_parameters(Shape::logistic(1, 2).unwrap(), vec![1.0, 2.0, 3.0, 4.0]).unwrap()
}

/// Contributions of nodes 0, 1, 2, … in which every parameter moves alike.
fn moved(by: &[f32]) -> Vec<[f32; 4]> {
    by.iter().map(|by| [*by; 4]).collect()
}

fn contributions(updates: &[[f32; 4]]) -> Vec<Contribution<'_>> {
    let nodes = (0..).zip(updates);
    nodes.map(|(node, update)| Contribution { node, quality: ONE, update }).collect()
}

#[rstest]
#[case::mean(Rule::WeightedMean, ONE, &[1.0, 2.0, 6.0], 3.0)]
#[case::half_a_mean(Rule::WeightedMean, ONE / 2, &[1.0, 2.0, 6.0], 1.5)]
#[case::no_step(Rule::WeightedMean, 0, &[1.0, 2.0, 6.0], 0.0)]
#[case::trimmed(Rule::TrimmedMean { each_side: 1 }, ONE, &[9.0, 1.0, -80.0, 3.0], 2.0)]
#[case::nothing_trimmed(Rule::TrimmedMean { each_side: 0 }, ONE, &[1.0, 2.0, 6.0], 3.0)]
#[case::median_of_one(Rule::Median, ONE, &[5.0], 5.0)]
#[case::median_of_two(Rule::Median, ONE, &[5.0, 1.0], 3.0)]
#[case::median_of_five(Rule::Median, 2 * ONE, &[5.0, 1.0, 9e9, -9e9, 2.0], 4.0)]
#[case::median_of_four(Rule::Median, ONE, &[5.0, 1.0, 9e9, 2.0], 3.5)]
fn steps_follow_the_formula(
    #[case] rule: Rule,
    #[case] eta: u32,
    #[case] by: &[f32],
    #[case] step: f32,
) {
    let updates = moved(by);
    let model = aggregate(&base(), &contributions(&updates), rule, eta).unwrap();
    let expected: Vec<f32> = base().parameters().iter().map(|old| old + step).collect();
    assert_eq!(model.parameters(), expected);
}

#[test]
fn a_mean_is_weighted_by_quality() {
    let updates = moved(&[1.0, 5.0, 100.0]);
    let mut all = contributions(&updates);
    all[0].quality = 3 * ONE;
    all[2].quality = 0;
    let model = aggregate(&base(), &all, Rule::WeightedMean, ONE).unwrap();
    assert_eq!(model.parameters(), [3.0, 4.0, 5.0, 6.0]);
    let model = aggregate(&base(), &all, Rule::Median, ONE).unwrap();
    assert_eq!(model.parameters(), [4.0, 5.0, 6.0, 7.0]);
}

/// 2⁷⁰ swallows the 1 that comes before −2⁷⁰, in f64 too: the order is the order of nodes.
#[test]
fn sums_are_in_the_order_of_nodes() {
    let huge = (1_u128 << 70) as f32;
    let of = |by: [f32; 3]| {
        let updates = moved(&by);
        let model = aggregate(&base(), &contributions(&updates), Rule::WeightedMean, 3 * ONE);
        model.unwrap().parameters()[0]
    };
    assert_eq!(of([1.0, huge, -huge]), 1.0);
    assert_eq!(of([huge, -huge, 1.0]), 2.0);
}

#[test]
fn a_hostile_node_is_named() {
    let good = [0.0; 4];
    for (bad, expected) in [
        (vec![0.0; 3], AggregateError::WrongLength { node: 9, found: 3, expected: 4 }),
        (vec![0.0; 5], AggregateError::WrongLength { node: 9, found: 5, expected: 4 }),
        (vec![0.0, f32::NAN, 0.0, 0.0], AggregateError::NotFinite { node: 9, index: 1 }),
        (vec![0.0, 0.0, f32::INFINITY, 0.0], AggregateError::NotFinite { node: 9, index: 2 }),
        (vec![f32::NEG_INFINITY; 4], AggregateError::NotFinite { node: 9, index: 0 }),
    ] {
        // Even where it would not count.
        for quality in [0, ONE] {
            let all = [
                Contribution { node: 4, quality: ONE, update: &good },
                Contribution { node: 9, quality, update: &bad },
            ];
            for rule in [Rule::WeightedMean, Rule::Median] {
                assert_eq!(aggregate(&base(), &all, rule, ONE), Err(expected));
            }
        }
    }
}

#[test]
fn what_cannot_be_aggregated_is_refused() {
    let update = [1.0; 4];
    let one = |node, quality| Contribution { node, quality, update: &update };
    let of = |all: &[Contribution<'_>], rule| aggregate(&base(), all, rule, ONE);
    assert_eq!(of(&[], Rule::Median), Err(AggregateError::Nobody));
    assert_eq!(of(&[one(1, 0)], Rule::WeightedMean), Err(AggregateError::Nobody));
    assert_eq!(
        of(&[one(2, 1), one(1, 1)], Rule::WeightedMean),
        Err(AggregateError::Order { node: 1 })
    );
    assert!(of(&[one(2, 1), one(2, 1)], Rule::WeightedMean).is_ok());
    assert_eq!(
        of(&[one(1, 1), one(2, 1)], Rule::TrimmedMean { each_side: 1 }),
        Err(AggregateError::Trimmed { each_side: 1, found: 2 })
    );
    assert_eq!(
        of(&vec![one(1, 1); MAX_CONTRIBUTIONS + 1], Rule::Median),
        Err(AggregateError::TooMany { found: MAX_CONTRIBUTIONS + 1 })
    );
    let huge = [f32::MAX; 4];
    let all = [Contribution { node: 1, quality: 1, update: &huge }];
    assert_eq!(
        aggregate(&base(), &all, Rule::WeightedMean, 2 * ONE),
        Err(AggregateError::Diverged { index: 0 })
    );
}

#[test]
fn of_five_nodes_one_lies_and_the_middle_holds_where_the_mean_breaks() {
    let parts = Partition { shards: 5, holdout_slices: 1, holdout_every: 5 };
    let wine = Dataset::wine().unwrap();
    let holdout = wine.holdout(&parts, 0).unwrap();
    let base = Model::init(Shape::logistic(11, 2).unwrap(), &[1; 32]);
    let plan = Plan { steps: 200, batch: 16, learning_rate: 100_000 };
    let mut updates: Vec<Vec<f32>> = (0..5)
        .map(|shard| train(&base, &wine.shard(&parts, shard).unwrap(), &[2; 32], &plan))
        .map(|training| training.unwrap().update)
        .collect();
    let accuracy = |updates: &[Vec<f32>], rule| {
        let nodes = (0..).zip(updates);
        let all: Vec<_> =
            nodes.map(|(node, update)| Contribution { node, quality: ONE, update }).collect();
        score(&aggregate(&base, &all, rule, ONE).unwrap(), &holdout).unwrap().accuracy()
    };
    let honest = accuracy(&updates, Rule::WeightedMean);
    for value in &mut updates[3] {
        *value *= -50.0;
    }
    let mean = accuracy(&updates, Rule::WeightedMean);
    let median = accuracy(&updates, Rule::Median);
    let trimmed = accuracy(&updates, Rule::TrimmedMean { each_side: 1 });
    eprintln!("honest {honest}; one of five lies: mean {mean}, median {median}, trimmed {trimmed}");
    assert!(honest >= 700_000);
    assert!(mean + 200_000 < honest, "the mean holds: {mean}");
    assert!(median + 20_000 >= honest && trimmed + 20_000 >= honest, "{median} {trimmed}");
}

proptest! {
    #[test]
    fn robust_rules_do_not_see_who_is_who_and_stay_between_the_honest(
        honest in prop::collection::vec(-1e3_f32..1e3, 3),
        lies in prop::collection::vec(any::<f32>().prop_filter("finite", |lie| lie.is_finite()), 2),
        order in Just([0, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let all = [&honest[..], &lies[..]].concat();
        let updates = moved(&all);
        let shuffled = order.map(|at: usize| updates[at]);
        let lowest = honest.iter().copied().fold(f32::INFINITY, f32::min);
        let highest = honest.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let zero = Model::from_parameters(base().shape(), vec![0.0; 4]).unwrap();
        for rule in [Rule::Median, Rule::TrimmedMean { each_side: 2 }] {
            let found = aggregate(&zero, &contributions(&updates), rule, ONE).unwrap();
            prop_assert_eq!(
                &found,
                &aggregate(&zero, &contributions(&shuffled), rule, ONE).unwrap()
            );
            prop_assert!((lowest..=highest).contains(&found.parameters()[0]));
        }
    }
}
