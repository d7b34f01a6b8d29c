use rstest::rstest;

use super::*;
use crate::failure::{exit_code, EXIT_USAGE};
use crate::training::play::wine::SHARDS;

const HEADER: &str = "a,b,c,d,e,f,g,h,i,j,k,quality";

/// Rows of the dataset, each moved a little so that it is another one, as a file.
fn moved(count: usize, by: f32) -> Vec<String> {
    let rows = Dataset::wine_measured().unwrap();
    let line = |row: Row<'_>| {
        let mut fields: Vec<String> =
            row.features.iter().map(|value| (value + by).to_string()).collect();
        fields.push(if row.label == 1 { "7" } else { "4" }.to_owned());
        fields.join(",")
    };
    rows.rows().take(count).map(line).collect()
}

/// Scored with the first model on the first slice.
fn scored(lines: &[String]) -> Scored {
    let wine = Wine::new(SHARDS).unwrap();
    let slice = wine.slices().next();
    with(&Measure { wine: &wine, base: wine.first(), slice }, lines)
}

fn with(measure: &Measure<'_>, lines: &[String]) -> Scored {
    let file = [&[HEADER.to_owned()], lines].concat().join("\n");
    score(measure, file.as_bytes(), Hash32([9; 32])).unwrap()
}

#[test]
fn new_rows_count_and_good_ones_improve() {
    let found = scored(&moved(160, 0.001));
    assert_eq!((found.rows, found.well_formed), (160, 160));
    // Some of the dataset's rows repeat an earlier one.
    assert!(found.new > 120 && found.new < 160, "{found:?}");
    assert_eq!(u64::from(found.score.quality), found.new * 1_000_000 / 160);
    assert!(found.score.improvement > 50_000, "{found:?}");
    // The loss of a model that knows nothing is ln 2 for each of the slice's 54 wines.
    let (before, after) = (found.loss_before.unwrap(), found.loss_after.unwrap());
    assert_eq!(before, 54 * 693_147);
    assert_eq!(found.score.improvement, improvement(before, after));
    assert_eq!(scored(&moved(160, 0.001)), found);
}

#[test]
fn rows_that_are_known_repeated_or_broken_do_not_count() {
    let good = moved(4, 0.001);
    let lines = [
        good[0].clone(),
        good[0].clone(),
        moved(1, 0.0).remove(0),
        "1,2,3".to_owned(),
        good[1].replace(",4", ",11").replace(",7", ",11"),
        good[2].replacen('.', "x", 1),
        "3.5e38,1,1,1,1,1,1,1,1,1,1,5".to_owned(),
        "NaN,1,1,1,1,1,1,1,1,1,1,5".to_owned(),
    ];
    let found = scored(&lines);
    assert_eq!((found.rows, found.well_formed, found.new), (8, 3, 1), "{found:?}");
    assert_eq!(found.score.quality, 125_000);
}

#[test]
fn nothing_new_is_worth_nothing_and_what_misleads_less() {
    let known = scored(&moved(50, 0.0));
    assert_eq!((known.new, known.loss_after), (0, None));
    assert_eq!(known.score, Score { quality: 0, improvement: 0 });
    let swapped: Vec<String> = moved(160, 0.001)
        .iter()
        .map(|line| match line.strip_suffix(",7") {
            Some(rest) => format!("{rest},4"),
            None => format!("{},7", line.strip_suffix(",4").unwrap()),
        })
        .collect();
    let found = scored(&swapped);
    assert!(found.score.improvement < -50_000, "{found:?}");
}

#[test]
fn what_a_model_knows_already_improves_it_less() {
    let wine = Wine::new(SHARDS).unwrap();
    let rows = Dataset::wine().unwrap();
    let known = wine.learned(wine.first(), &rows, &[1; 32]).unwrap().unwrap();
    let lines = moved(160, 0.001);
    let slice = wine.slices().next();
    let found = with(&Measure { wine: &wine, base: &known, slice }, &lines);
    assert!(found.score.improvement < scored(&lines).score.improvement, "{found:?}");
    assert_eq!(found.score.quality, scored(&lines).score.quality);
}

#[test]
fn without_a_slice_nothing_is_measured_and_another_ones_is_refused() {
    let wine = Wine::new(SHARDS).unwrap();
    let measure = Measure { wine: &wine, base: wine.first(), slice: None };
    let found = with(&measure, &moved(4, 0.001));
    assert_eq!((found.loss_before, found.loss_after), (None, None));
    assert_eq!(found.score, Score { quality: 1_000_000, improvement: 0 });
    let slice = Some(Slice { root: Hash32([1; 32]), samples: 54 });
    let error = score(&Measure { slice, ..measure }, b"x", Hash32([9; 32])).unwrap_err();
    assert!(error.to_string().contains("is none of the dataset's"), "{error}");
}

#[rstest]
#[case::nothing("", "the file is empty")]
#[case::no_header("1,2\n3,4", "the first line is no header")]
#[case::another_width("a,quality\n1,5", "1 columns besides quality, the run's dataset has 11")]
fn a_file_of_something_else_is_refused(#[case] file: &str, #[case] why: &str) {
    let wine = Wine::new(SHARDS).unwrap();
    let measure = Measure { wine: &wine, base: wine.first(), slice: None };
    let error = score(&measure, file.as_bytes(), Hash32([9; 32])).unwrap_err();
    assert_eq!(exit_code(&error), EXIT_USAGE);
    assert!(error.to_string().contains(why), "{error}");
}

#[rstest]
#[case(100, 75, 250_000)]
#[case(100, 100, 0)]
#[case(3, 4, -333_333)]
#[case(1, u64::MAX, -1_000_000)]
#[case(0, 5, 0)]
fn improvement_is_the_part_of_the_loss_that_is_gone(
    #[case] before: u64,
    #[case] after: u64,
    #[case] expected: i32,
) {
    assert_eq!(improvement(before, after), expected);
}
