//! `modelbond simulate collusion`: what it finds, and that it can find it.

mod binary;

use binary::{Binary, Run};
use rstest::rstest;
use serde_json::Value;

fn simulate(arguments: &[&str]) -> Run {
    simulate_and_draw("200", arguments)
}

fn simulate_and_draw(draws: &str, arguments: &[&str]) -> Run {
    let start = ["simulate", "collusion", "--json", "--draws", draws];
    Binary::new().run(start.into_iter().chain(arguments.iter().copied()))
}

/// The numbers are printed whatever they say.
fn report(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("a report")
}

/// What came of the only share that was played.
fn tally(run: &Run) -> Value {
    report(run)["tallies"][0].clone()
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let play = |seed| {
        let run = simulate(&["--rounds", "6", "--adversary", "30", "--seed", seed]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        tally(&run)
    };
    assert_eq!(play("5"), play("5"));
    assert_ne!(play("5"), play("6"));
}

#[test]
fn without_an_adversary_and_with_everybody_there_every_group_is_accepted() {
    let run = simulate(&["--rounds", "5", "--adversary", "0", "--offline-bps", "0"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let tally = tally(&run);
    assert_eq!(tally["accepted_groups"], 60);
    assert_eq!(tally["models"], 5);
    for nothing in ["void_groups", "wrong_groups", "wrong_models", "held_rounds"] {
        assert_eq!(tally[nothing], 0, "{nothing}");
    }
    assert_eq!(tally["honest"]["silent_seats"], 0);
}

#[rstest]
#[case::trainer("trainer")]
#[case::always("always")]
#[case::majority("majority")]
#[case::captured("captured")]
fn two_fifths_convict_nobody_and_gain_nothing(#[case] strategy: &str) {
    let run = simulate(&["--rounds", "15", "--adversary", "40", "--strategy", strategy]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let tally = tally(&run);
    assert_eq!(tally["honest"]["wrong_seats"], 0);
    assert_eq!(tally["groups"], 180);
}

#[test]
fn who_is_there_more_often_than_others_has_not_won_by_lies() {
    let patient =
        ["--strategy", "captured", "--adversary-offline-bps", "0", "--offline-bps", "2000"];
    let run = simulate(&[&["--rounds", "20", "--adversary", "30"], &patient[..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let tally = tally(&run);
    let share = tally["shares"].as_array().and_then(|shares| shares.last()).expect("shares");
    assert!(share["millionths"].as_u64() > Some(300_000), "{tally}");
    assert!(tally["but_for_silence_millionths"].as_u64() <= Some(300_000), "{tally}");
}

#[test]
fn three_fifths_capture_groups_and_juries_and_the_command_says_so() {
    let run = simulate(&["--rounds", "10", "--adversary", "60"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let tally = tally(&run);
    let count = |of: &Value| of.as_u64().expect("a number");
    assert!(count(&tally["wrong_groups"]) > 0, "{tally}");
    assert!(count(&tally["honest"]["wrong_seats"]) > 0, "{tally}");
    let error = run.json_error();
    let text = error["error"].as_str().expect("a text");
    assert!(text.contains("honest seats slashed for wrong answers"), "{text}");
    assert!(text.contains("the adversary's share grew from 60 % to "), "{text}");
}

#[test]
fn a_build_of_its_own_holds_the_run_at_its_owners_cost() {
    let lies = ["--rounds", "6", "--adversary", "20", "--strategy", "always"];
    let same = tally(&simulate(&lies));
    let other = tally(&simulate(&[&lies[..], &["--own-build"]].concat()));
    assert_eq!(same["held_rounds"], 0);
    assert_ne!(other["held_rounds"], 0, "{other}");
    assert_eq!(same["burned_bond"], "0");
    assert_ne!(other["burned_bond"], "0");
    assert_eq!(other["honest"]["wrong_seats"], 0);
}

#[test]
fn chances_by_paths_and_by_draws_agree() {
    let report = report(&simulate_and_draw("3000", &["--rounds", "1", "--adversary", "60"]));
    let by_paths = report["chances"][0]["chances"][0].as_f64().expect("a chance");
    let groups = report["drawn"]["groups"].as_f64().expect("groups");
    let by_draws = report["drawn"]["captured"][0].as_f64().expect("captured ones") / groups;
    assert_eq!(groups, 36_000.0);
    // Six standard deviations.
    assert!(
        (by_paths - by_draws).abs() < 6.0 * (by_paths / groups).sqrt(),
        "{by_paths} {by_draws}"
    );
}

#[rstest]
#[case::too_many_seats(&["--groups", "16", "--witnesses", "5"], "from 1 to 80, not 96")]
#[case::jury(&["--jury", "22"], "jury is from 3 to 21")]
fn sizes_that_no_run_may_have_are_refused(#[case] arguments: &[&str], #[case] why: &str) {
    let run = simulate(arguments);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(why), "{}", run.stderr);
}

#[test]
fn the_page_has_a_column_for_each_share() {
    let arguments =
        ["simulate", "collusion", "--rounds", "3", "--adversary", "20,30", "--draws", "0"];
    let page = Binary::new().run(arguments).stdout;
    for part in ["20 %", "30 %", "its share of all stake", "after 3 rounds", "k = 12, w = 4"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
