//! Rows from bytes, the embedded rows, and how they are shared out.

use modelbond_learn::dataset::{Dataset, DatasetError, Part, Partition, MAX_FEATURES, MAX_ROWS};
use modelbond_learn::statistics::Statistics;
use modelbond_rounds::merkle;
use proptest::prelude::*;
use rstest::rstest;

const FIFTHS: Partition = Partition { shards: 4, holdout_slices: 2, holdout_every: 5 };

#[test]
fn columns_in_any_order_with_quotes_and_blank_lines_are_read() {
    let text = b"\xef\xbb\xbfa,\"the \"\"class\"\"\",b\r\n1.5, 1 ,-0\r\n\r\n\"2\",\"0\",3e2\r\n";
    let rows = Dataset::from_csv(text, "the \"class\"").unwrap();
    assert_eq!(rows, Dataset::new(2, vec![1.5, 0.0, 2.0, 300.0], vec![1, 0]).unwrap());
    assert!(rows.row(0).unwrap().features[1].is_sign_positive());
    assert_eq!(rows.classes(), 2);
    assert_eq!(rows.row(2), None);
}

#[rstest]
#[case::empty("", DatasetError::None { what: "lines" })]
#[case::header_alone("a,y\n", DatasetError::None { what: "rows" })]
#[case::label_alone("y\n1\n", DatasetError::None { what: "features" })]
#[case::no_label("a,b\n1,2\n", DatasetError::LabelColumn { name: "y".into(), found: 0 })]
#[case::two_labels("y,y\n1,2\n", DatasetError::LabelColumn { name: "y".into(), found: 2 })]
#[case::short("a,y\n1,0\n\n1\n", DatasetError::Width { line: 4, found: 1, expected: 2 })]
#[case::long("a,y\n1,0,2\n", DatasetError::Width { line: 2, found: 3, expected: 2 })]
#[case::word("a,y\nx,0\n", DatasetError::Number { line: 2, column: 1, text: "x".into() })]
#[case::nothing("y,a\n0,\n", DatasetError::Number { line: 2, column: 2, text: String::new() })]
#[case::nan("a,y\nNaN,0\n", DatasetError::Number { line: 2, column: 1, text: "NaN".into() })]
#[case::infinite("a,y\n1e39,0\n", DatasetError::Number { line: 2, column: 1, text: "1e39".into() })]
#[case::fraction("a,y\n1,0\n1,0.5\n", DatasetError::Label { line: 3, text: "0.5".into() })]
#[case::negative("a,y\n1,-1\n", DatasetError::Label { line: 2, text: "-1".into() })]
#[case::high("a,y\n1,1024\n", DatasetError::Label { line: 2, text: "1024".into() })]
#[case::open_quote("a,y\n\"1,0\n", DatasetError::Quote { line: 2 })]
#[case::quote_within("a,y\n1\"2\",0\n", DatasetError::Quote { line: 2 })]
#[case::after_quote("a,y\n\"1\"2,0\n", DatasetError::Quote { line: 2 })]
fn bad_text_is_refused_with_its_line(#[case] text: &str, #[case] expected: DatasetError) {
    assert_eq!(Dataset::from_csv(text.as_bytes(), "y"), Err(expected));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let refused = Dataset::from_csv(b"a,y\n\xff,0\n", "y");
    assert_eq!(refused, Err(DatasetError::Text { line: 2 }));
}

#[test]
fn too_many_columns_are_refused_while_they_are_counted() {
    let refused = Dataset::from_csv(",".repeat(1 << 20).as_bytes(), "y");
    assert!(matches!(refused, Err(DatasetError::TooMany { what: "columns", .. })), "{refused:?}");
    let refused = Dataset::new(MAX_FEATURES + 1, vec![0.0; MAX_FEATURES + 1], vec![0]);
    assert!(matches!(refused, Err(DatasetError::TooMany { what: "features", .. })), "{refused:?}");
}

#[test]
fn too_many_rows_are_refused() {
    let text = format!("a,y\n{}", "1,0\n".repeat(MAX_ROWS));
    assert_eq!(Dataset::from_csv(text.as_bytes(), "y").unwrap().len(), MAX_ROWS);
    let (found, limit) = (MAX_ROWS as u64 + 1, MAX_ROWS as u64);
    assert_eq!(
        Dataset::from_csv((text + "1,0\n").as_bytes(), "y"),
        Err(DatasetError::TooMany { what: "rows", found, limit })
    );
}

#[test]
fn an_error_shows_the_beginning_of_a_long_field_only() {
    let text = format!("a,y\n{},0\n", "x".repeat(100_000));
    let Err(DatasetError::Number { text, .. }) = Dataset::from_csv(text.as_bytes(), "y") else {
        panic!("not refused");
    };
    assert_eq!(text.len(), 24);
}

#[rstest]
#[case::width(2, vec![0.0; 3], vec![0, 1])]
#[case::no_width(0, vec![], vec![0])]
#[case::nan(1, vec![f32::NAN], vec![0])]
#[case::label(1, vec![0.0], vec![1024])]
fn rows_that_are_none_are_refused(
    #[case] width: usize,
    #[case] values: Vec<f32>,
    #[case] labels: Vec<u32>,
) {
    assert!(Dataset::new(width, values, labels).is_err());
}

#[test]
fn the_wines_are_the_wines() {
    let wine = Dataset::wine().unwrap();
    assert_eq!((wine.len(), wine.width(), wine.classes()), (1_599, 11, 2));
    assert_eq!(wine.rows().filter(|row| row.label == 1).count(), 855);
    for feature in 0..11 {
        let values: Vec<_> = wine.rows().map(|row| f64::from(row.features[feature])).collect();
        let mean = values.iter().sum::<f64>() / 1_599.0;
        let variance = values.iter().map(|value| value * value).sum::<f64>() / 1_599.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6, "{feature}: {mean} {variance}");
    }
    assert_eq!(
        hex::encode(wine.root()),
        "89d88c872be45d96699d600b1a7c97eebcbedb43b33978c240e2b6ee3615ec9a"
    );
}

#[test]
fn a_feature_that_is_always_the_same_becomes_zero() {
    let rows = Dataset::new(2, vec![7.0, 1.0, 7.0, 3.0], vec![0, 1]).unwrap();
    let expected = Dataset::new(2, vec![0.0, -1.0, 0.0, 1.0], vec![0, 1]).unwrap();
    assert_eq!(rows.standardised().unwrap(), expected);
}

#[test]
fn statistics_of_extremes_are_finite_and_other_rows_may_not_be() {
    let rows = Dataset::new(1, vec![f32::MAX, f32::MIN, f32::MAX], vec![0, 1, 0]).unwrap();
    assert!(rows.standardised().is_ok());
    let close = Dataset::new(1, vec![0.0, f32::from_bits(1)], vec![0, 1]).unwrap();
    assert!(close.standardised().is_ok());
    let refused = Statistics::of(&close).apply(&rows);
    assert!(matches!(refused, Err(DatasetError::Number { line: 1, column: 1, .. })), "{refused:?}");
    let wide = Dataset::new(2, vec![0.0, 1.0], vec![0]).unwrap();
    assert!(matches!(Statistics::of(&close).apply(&wide), Err(DatasetError::Width { .. })));
}

#[test]
fn every_row_is_in_exactly_one_part() {
    let values: Vec<f32> = (0..53_u16).map(f32::from).collect();
    let rows = Dataset::new(1, values.clone(), vec![0; 53]).unwrap();
    let parts: Vec<Dataset> = (0..4)
        .map(|shard| rows.shard(&FIFTHS, shard).unwrap())
        .chain((0..2).map(|slice| rows.holdout(&FIFTHS, slice).unwrap()))
        .collect();
    assert_eq!(parts.iter().map(Dataset::len).collect::<Vec<_>>(), [11, 11, 11, 10, 5, 5]);
    let mut found: Vec<f32> =
        parts.iter().flat_map(|part| part.rows().map(|row| row.features[0])).collect();
    found.sort_by(f32::total_cmp);
    assert_eq!(found, values);
    assert_eq!(FIFTHS.part(4), Ok(Part::Holdout(0)));
    assert_eq!(FIFTHS.part(5), Ok(Part::Shard(0)));
    assert_eq!(FIFTHS.part(9), Ok(Part::Holdout(1)));
}

#[rstest]
#[case::no_shards(Partition { shards: 0, ..FIFTHS })]
#[case::no_slices(Partition { holdout_slices: 0, ..FIFTHS })]
#[case::no_holdout(Partition { holdout_every: 0, ..FIFTHS })]
#[case::all_held_out(Partition { holdout_every: 1, ..FIFTHS })]
fn divisions_without_a_part_are_refused(#[case] partition: Partition) {
    assert_eq!(partition.part(0), Err(DatasetError::Partition));
    assert_eq!(partition.part(u64::MAX), Err(DatasetError::Partition));
}

#[test]
fn parts_that_are_not_there_are_refused() {
    let rows = Dataset::new(1, vec![1.0, 2.0], vec![0, 1]).unwrap();
    let none = |what, index, count| Err(DatasetError::NoSuchPart { what, index, count });
    assert_eq!(rows.shard(&FIFTHS, 4), none("shard", 4, 4));
    assert_eq!(rows.holdout(&FIFTHS, 2), none("holdout slice", 2, 2));
    assert_eq!(rows.shard(&FIFTHS, 3), Err(DatasetError::None { what: "rows" }));
}

#[test]
fn a_row_is_proved_against_the_root() {
    let wine = Dataset::wine().unwrap();
    let path = merkle::path(wine.leaves(), 1_598).unwrap();
    let leaf = wine.row(1_598).unwrap().leaf();
    assert!(merkle::verify(&wine.root(), 1_598, 1_599, &leaf, &path));
    let other = wine.row(1_597).unwrap().leaf();
    assert!(!merkle::verify(&wine.root(), 1_598, 1_599, &other, &path));
}

#[test]
fn roots_depend_on_order_labels_and_values() {
    let root = |values: [f32; 2], labels: [u32; 2]| {
        Dataset::new(1, values.to_vec(), labels.to_vec()).unwrap().root()
    };
    let of = root([1.0, 2.0], [0, 1]);
    assert_ne!(of, root([2.0, 1.0], [1, 0]));
    assert_ne!(of, root([1.0, 2.0], [0, 2]));
    assert_ne!(of, root([1.0, 2.0_f32.next_up()], [0, 1]));
    assert_eq!(root([0.0, 2.0], [0, 1]), root([-0.0, 2.0], [0, 1]));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        label in ".{0,3}",
    ) {
        let _ = Dataset::from_csv(&bytes, &label);
    }

    #[test]
    fn anything_like_a_table_is_read_or_refused(text in "a,y\n([0-9\",.eE+\\-\r\nyainf]{0,12}\n){0,12}") {
        if let Ok(rows) = Dataset::from_csv(text.as_bytes(), "y") {
            prop_assert_eq!(rows.width(), 1);
            prop_assert!(rows.rows().all(|row| row.features[0].is_finite()));
        }
    }

    #[test]
    fn what_is_written_is_read(
        table in prop::collection::vec((-1e30_f32..1e30, any::<f32>(), 0_u32..1024), 1..20)
    ) {
        let table: Vec<_> = table.into_iter().filter(|row| row.1.is_finite()).collect();
        prop_assume!(!table.is_empty());
        let mut text = String::from("y,a,b\n");
        for (a, b, y) in &table {
            text += &format!("{y},{a},{b:e}\n");
        }
        let values = table.iter().flat_map(|row| [row.0, row.1]).collect();
        let labels = table.iter().map(|row| row.2).collect();
        let expected = Dataset::new(2, values, labels).unwrap();
        prop_assert_eq!(Dataset::from_csv(text.as_bytes(), "y").unwrap().root(), expected.root());
    }
}
