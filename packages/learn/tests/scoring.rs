//! Scores: exact integers, capped, proved row by row.

use modelbond_learn::dataset::Dataset;
use modelbond_learn::model::{Model, Shape};
use modelbond_learn::score::{score, RowScore, ScoreError, MAX_LOSS};
use modelbond_rounds::merkle;
use rstest::rstest;

/// Logits of a row (x) are (0, x).
fn second_class_by_value() -> Model {
    let shape = Shape::logistic(1, 2).unwrap();
    Model::from_parameters(shape, vec![0.0, 1.0, 0.0, 0.0]).unwrap()
}

#[rstest]
#[case::even(0.0, 0, 0, 693_147)]
#[case::even_and_wrong(0.0, 1, 0, 693_147)]
#[case::right(1.0, 1, 1, 313_262)]
#[case::wrong(1.0, 0, 1, 1_313_262)]
#[case::sure_and_right(100.0, 1, 1, 0)]
#[case::sure_and_wrong(-15.0, 1, 0, 15_000_000)]
#[case::capped(1e30, 0, 1, MAX_LOSS)]
fn losses_are_millionths(
    #[case] value: f32,
    #[case] label: u32,
    #[case] class: u32,
    #[case] loss: u64,
) {
    let rows = Dataset::new(1, vec![value], vec![label]).unwrap();
    let score = score(&second_class_by_value(), &rows).unwrap();
    assert_eq!(score.rows, [RowScore { class, loss }]);
    assert_eq!((score.correct, score.loss), (u64::from(class == label), loss));
}

#[test]
fn sums_are_over_all_rows_and_each_is_proved() {
    let rows = Dataset::new(1, vec![1.0, 1.0, -1.0], vec![1, 0, 0]).unwrap();
    let score = score(&second_class_by_value(), &rows).unwrap();
    assert_eq!((score.correct, score.loss), (2, 313_262 + 1_313_262 + 313_262));
    assert_eq!(score.accuracy(), 666_666);
    let path = merkle::path(score.leaves(), 2).unwrap();
    assert!(merkle::verify(&score.root(), 2, 3, &score.rows[2].leaf(2), &path));
    assert!(!merkle::verify(&score.root(), 2, 3, &score.rows[2].leaf(1), &path));
    let better = RowScore { loss: 0, ..score.rows[2] };
    assert!(!merkle::verify(&score.root(), 2, 3, &better.leaf(2), &path));
}

#[rstest]
#[case::infinite(vec![0.0, 3e38, 0.0, 0.0], 2.0)]
#[case::infinite_less_infinite(vec![3e38, 3e38, 0.0, 0.0], -3e38)]
fn answers_that_are_not_finite_are_refused(#[case] parameters: Vec<f32>, #[case] value: f32) {
    let model = Model::from_parameters(Shape::logistic(1, 2).unwrap(), parameters).unwrap();
    let rows = Dataset::new(1, vec![0.0, value], vec![0, 1]).unwrap();
    assert_eq!(score(&model, &rows), Err(ScoreError::Diverged { row: 1 }));
}

#[test]
fn a_hidden_nan_is_seen() {
    // Two hidden units become ±∞ and NaN by the second input.
    let shape = Shape::dense(2, 1, 2).unwrap();
    let model = Model::from_parameters(shape, vec![3e38, -3e38, 0.0, 1.0, 1.0, 0.0, 0.0]).unwrap();
    let rows = Dataset::new(2, vec![3e38, 3e38], vec![0]).unwrap();
    assert_eq!(score(&model, &rows), Err(ScoreError::Diverged { row: 0 }));
}
