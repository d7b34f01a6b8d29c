//! Training: its gradients, its trace, its limits, and that it learns.
#![allow(clippy::disallowed_methods)]

use modelbond_learn::dataset::{Dataset, Partition};
use modelbond_learn::model::{Model, Shape};
use modelbond_learn::score::{score, ScoreError};
use modelbond_learn::train::{batch, train, Plan, TrainError, Training};
use rstest::rstest;

const SEED: [u8; 32] = [7; 32];
const HALF: Partition = Partition { shards: 2, holdout_slices: 2, holdout_every: 5 };
const PLAN: Plan = Plan { steps: 20, batch: 8, learning_rate: 100_000 };

fn logistic() -> Shape {
    Shape::logistic(11, 2).unwrap()
}

fn dense() -> Shape {
    Shape::dense(11, 16, 2).unwrap()
}

fn shard() -> Dataset {
    Dataset::wine().unwrap().shard(&HALF, 0).unwrap()
}

fn trained(shape: Shape, plan: Plan) -> Training {
    train(&Model::init(shape, &SEED), &shard(), &SEED, &plan).unwrap()
}

/// Every hash that is committed to. The same on x86-64 and aarch64, at every optimisation.
#[rstest]
#[case::logistic(
    logistic(),
    "d2b8113bb4a737aab686385c2d076bac2bacbbf25c72379bd285a0d7aa8e60f9",
    "0cc8f02ee8dc6fc3623dbc44643f131a78d166bddb5ad5b0fa8f8353b388f58c",
    "15f489267d7b0e06619b979085d176976e5de79d65eb40f8ccaa22a9da7a8085",
    "34bc26a83ee058974a64f9ec758537e39fc43002f9cccbdb4dca6b07986db00a",
    (539_342_370, 359_748_319, 457)
)]
#[case::dense(
    dense(),
    "9fed62248b6212393c623a3fe7e792ae4bb7dd4d74f5a90f70099e9872e8b31b",
    "98d1560b7be2cc0b1db21cf0f3925edd4c17ae51c0c9f7fb485e487cc5fbed42",
    "04238e987158ab4a23515715d60cc273c93f84f50dda51978076bc6b19b7e9ea",
    "6a2e4aee7e1aa596034fd9ce58221f88335df27cc7057c1886c629fb882389a7",
    (556_156_841, 381_208_266, 459)
)]
fn known_answers(
    #[case] shape: Shape,
    #[case] base: &str,
    #[case] update: &str,
    #[case] result: &str,
    #[case] trace: &str,
    #[case] numbers: (u64, u64, u64),
) {
    let training = trained(shape, PLAN);
    let found = [
        Model::init(shape, &SEED).hash(),
        training.update_hash,
        training.result_hash,
        training.trace_root(),
    ];
    assert_eq!(found.map(hex::encode), [base, update, result, trace]);
    assert_eq!((training.loss_before, training.loss_after, training.correct), numbers);
    assert_eq!(training.samples, 160);
    assert_eq!(training.result_hash, training.model.hash());
}

#[test]
fn scores_have_a_known_answer() {
    let model = trained(dense(), PLAN).model;
    let rows = Dataset::wine().unwrap().holdout(&HALF, 1).unwrap();
    let score = score(&model, &rows).unwrap();
    assert_eq!(
        hex::encode(score.root()),
        "078c3d60ff503a4a0bf8279fbff67aa64c6ff0ede34c93ec6b727e0eb3094146"
    );
}

#[rstest]
#[case::logistic(logistic(), Plan { steps: 300, batch: 32, learning_rate: 100_000 })]
#[case::dense(dense(), Plan { steps: 1_500, batch: 32, learning_rate: 100_000 })]
fn wines_are_told_apart_that_were_never_seen(#[case] shape: Shape, #[case] plan: Plan) {
    let all = Partition { shards: 1, holdout_slices: 1, holdout_every: 2 };
    let wine = Dataset::wine().unwrap();
    let (shard, holdout) = (wine.shard(&all, 0).unwrap(), wine.holdout(&all, 0).unwrap());
    let base = Model::init(shape, &SEED);
    let training = train(&base, &shard, &SEED, &plan).unwrap();
    let (before, after) =
        (score(&base, &holdout).unwrap(), score(&training.model, &holdout).unwrap());

    // Rows that repeat one of the shard are no test of what was learnt.
    let seen: std::collections::BTreeSet<_> = shard.leaves().into_iter().collect();
    let fresh: Vec<_> =
        holdout.rows().zip(&after.rows).filter(|(row, _)| !seen.contains(&row.leaf())).collect();
    let right = fresh.iter().filter(|(row, answer)| row.label == answer.class).count();
    eprintln!(
        "holdout of {}: {} -> {} millionths right, loss {} -> {}; of {} that repeat no row: {} right",
        holdout.len(),
        before.accuracy(),
        after.accuracy(),
        before.loss,
        after.loss,
        fresh.len(),
        right,
    );
    assert!(training.loss_after < training.loss_before);
    assert!(after.loss < before.loss);
    assert!(after.accuracy() >= 700_000, "{}", after.accuracy());
    assert!(right * 10 >= fresh.len() * 7, "{right} of {}", fresh.len());
}

/// −ln p in f64, written out once more.
fn loss(shape: Shape, parameters: &[f64], features: &[f32], label: usize) -> f64 {
    let layer = |values: &[f64], parameters: &[f64], outputs: usize| -> Vec<f64> {
        (0..outputs)
            .map(|output| {
                let products = values.iter().enumerate();
                parameters[values.len() * outputs + output]
                    + products.map(|(at, x)| x * parameters[at * outputs + output]).sum::<f64>()
            })
            .collect()
    };
    let mut values: Vec<f64> = features.iter().copied().map(f64::from).collect();
    let mut rest = parameters;
    if let Some(hidden) = shape.hidden() {
        let hidden = hidden as usize;
        let unrectified = layer(&values, rest, hidden);
        rest = &rest[(values.len() + 1) * hidden..];
        values = unrectified.into_iter().map(|unit| unit.max(0.0)).collect();
    }
    let logits = layer(&values, rest, shape.classes() as usize);
    logits.iter().map(|logit| logit.exp()).sum::<f64>().ln() - logits[label]
}

#[rstest]
#[case::logistic(Shape::logistic(11, 3).unwrap())]
#[case::dense(Shape::dense(11, 5, 3).unwrap())]
fn a_step_goes_down_the_finite_differences(#[case] shape: Shape) {
    let rows = shard();
    let base = Model::init(shape, &SEED);
    let plan = Plan { steps: 1, batch: 4, learning_rate: 1_000_000 };
    let update = train(&base, &rows, &SEED, &plan).unwrap().update;

    let parameters: Vec<f64> = base.parameters().iter().copied().map(f64::from).collect();
    let mean_loss = |parameters: &[f64]| {
        let losses = batch(&SEED, 1, 4, rows.len()).map(|index| {
            let row = rows.row(index).unwrap();
            loss(shape, parameters, row.features, row.label as usize)
        });
        losses.sum::<f64>() / 4.0
    };
    let mut steepest = 0.0_f64;
    for (at, found) in update.iter().enumerate() {
        let moved = |by: f64| {
            let mut moved = parameters.clone();
            moved[at] += by;
            mean_loss(&moved)
        };
        let expected = -(moved(1e-5) - moved(-1e-5)) / 2e-5;
        steepest = steepest.max(expected.abs());
        assert!((f64::from(*found) - expected).abs() < 1e-6, "{at}: {found} for {expected}");
    }
    assert!(steepest > 0.1, "{steepest}");
}

#[test]
fn each_leaf_depends_on_all_steps_before_it() {
    let whole = trained(dense(), PLAN);
    assert_eq!(whole.trace.len(), 20);
    // Shorter plans are other algorithms, so not even the first leaf is the same.
    let shorter = trained(dense(), Plan { steps: 19, ..PLAN });
    assert_ne!(whole.trace[..19], shorter.trace[..]);
    let mut unlike = whole.trace.clone();
    unlike.extend(&shorter.trace);
    unlike.sort_unstable();
    unlike.dedup();
    assert_eq!(unlike.len(), 39);
    // The last leaf by hand, from the one before it and the parameters.
    let mut bytes = b"modelbond/v1/trace-step\0".to_vec();
    bytes.extend(whole.trace[18]);
    bytes.extend(20_u64.to_le_bytes());
    bytes.extend(whole.model.parameters().iter().flat_map(|float| float.to_le_bytes()));
    assert_eq!(whole.trace[19], <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(bytes)));
}

#[test]
fn another_seed_shard_base_or_plan_gives_another_result() {
    let base = Model::init(dense(), &SEED);
    let of = |base: &Model, rows: &Dataset, seed: [u8; 32], plan: Plan| {
        train(base, rows, &seed, &plan).unwrap().result_hash
    };
    let rows = shard();
    let expected = of(&base, &rows, SEED, PLAN);
    assert_eq!(expected, of(&base, &rows, SEED, PLAN));
    let other_rows = Dataset::wine().unwrap().shard(&HALF, 1).unwrap();
    let mut one_bit = SEED;
    one_bit[31] ^= 1;
    for other in [
        of(&base, &rows, one_bit, PLAN),
        of(&base, &other_rows, SEED, PLAN),
        of(&Model::init(dense(), &one_bit), &rows, SEED, PLAN),
        of(&base, &rows, SEED, Plan { learning_rate: 100_001, ..PLAN }),
        of(&base, &rows, SEED, Plan { batch: 9, ..PLAN }),
    ] {
        assert_ne!(other, expected);
    }
}

#[test]
fn algorithms_have_names_of_their_own() {
    let hash = PLAN.algorithm_hash(dense());
    assert_ne!(hash, PLAN.algorithm_hash(logistic()));
    assert_ne!(hash, Plan { steps: 8, ..PLAN }.algorithm_hash(dense()));
    assert_ne!(hash, Plan { steps: 8, batch: 20, ..PLAN }.algorithm_hash(dense()));
}

#[rstest]
#[case::no_steps(Plan { steps: 0, ..PLAN }, "steps")]
#[case::many_steps(Plan { steps: 100_001, ..PLAN }, "steps")]
#[case::no_batch(Plan { batch: 0, ..PLAN }, "batch")]
#[case::large_batch(Plan { batch: 65_537, ..PLAN }, "batch")]
#[case::no_rate(Plan { learning_rate: 0, ..PLAN }, "learning rate")]
#[case::high_rate(Plan { learning_rate: 1_000_000_001, ..PLAN }, "learning rate")]
fn plans_outside_their_limits_are_refused(#[case] plan: Plan, #[case] field: &str) {
    let refused = train(&Model::init(dense(), &SEED), &shard(), &SEED, &plan);
    assert!(matches!(refused, Err(TrainError::Plan { what, .. }) if what == field), "{refused:?}");
}

#[rstest]
#[case::inputs(Shape::logistic(10, 2).unwrap(), 11, 2)]
#[case::classes(Shape::logistic(1, 2).unwrap(), 1, 3)]
fn rows_that_do_not_fit_are_refused(
    #[case] shape: Shape,
    #[case] width: usize,
    #[case] labels: u32,
) {
    let rows = Dataset::new(width, vec![0.0; width], vec![labels - 1]).unwrap();
    let model = Model::init(shape, &SEED);
    let (inputs, classes) = (shape.inputs(), shape.classes());
    let expected = ScoreError::WrongShape { inputs, classes, width, labels };
    assert_eq!(train(&model, &rows, &SEED, &PLAN), Err(TrainError::Shape(expected)));
    assert_eq!(score(&model, &rows), Err(expected));
}

#[test]
fn a_training_that_diverges_says_in_which_step() {
    let rows = Dataset::new(1, vec![3e38, -3e38], vec![0, 1]).unwrap();
    let base = Model::init(Shape::dense(1, 4, 2).unwrap(), &SEED);
    let refused = train(&base, &rows, &SEED, &Plan { learning_rate: 1_000_000_000, ..PLAN });
    assert_eq!(refused, Err(TrainError::Diverged { step: 0 }));

    let rows = Dataset::new(1, vec![1e20, -1e20], vec![1, 1]).unwrap();
    let base = Model::from_parameters(Shape::logistic(1, 2).unwrap(), vec![0.0; 4]).unwrap();
    let refused = train(&base, &rows, &SEED, &Plan { learning_rate: 1_000_000_000, ..PLAN });
    assert_eq!(refused, Err(TrainError::Diverged { step: 2 }));

    // Finite answers and a finite gradient, but a parameter that leaves f32.
    let rows = Dataset::new(1, vec![3e37, -3e37], vec![1, 1]).unwrap();
    let refused = train(&base, &rows, &SEED, &Plan { learning_rate: 1_000_000_000, ..PLAN });
    assert_eq!(refused, Err(TrainError::Diverged { step: 1 }));
}

#[test]
fn batches_are_uniform() {
    let mut counts = [0_u32; 7];
    for step in 1..=1_000 {
        batch(&SEED, step, 70, 7).for_each(|index| counts[index] += 1);
    }
    // Chi-square with 6 degrees of freedom: above 22.5 with probability 0.001.
    let chi: f64 = counts.iter().map(|count| (f64::from(*count) - 1e4).powi(2) / 1e4).sum();
    assert!(chi < 22.5, "{counts:?}: {chi}");
}
