//! `modelbond curve eval` against an independent computation, and what it refuses.

mod binary;

use binary::Binary;
use rstest::rstest;
use serde_json::Value;

#[test]
fn answers_are_those_of_an_independent_computation() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("data/curve_eval.json")).unwrap();
    assert!(cases.len() > 10);
    for case in cases {
        let arguments: Vec<&str> =
            case["arguments"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        let answer =
            Binary::new().run(["curve", "eval", "--json"].into_iter().chain(arguments)).json();
        for (key, value) in case["expected"].as_object().unwrap() {
            assert_eq!(&answer[key], value, "{}: {key}", case["name"]);
        }
    }
}

const LINEAR: [&str; 12] = [
    "curve",
    "eval",
    "--kind",
    "linear",
    "--price-scale",
    "2",
    "--steepness",
    "1e-6",
    "--midpoint",
    "0",
    "--max-supply",
    "1000000000000",
];

#[test]
fn inputs_are_echoed_as_understood() {
    let answer = Binary::new()
        .run(LINEAR.into_iter().chain(["--supply", "0", "--tokens-out", "1000000", "--json"]))
        .json();
    assert_eq!(
        answer["inputs"],
        serde_json::json!({
            "kind": "linear", "price_scale": "2", "steepness": "0.000001", "midpoint": "0",
            "max_supply": "1000000000000", "supply": "0", "multiplier": "1", "tokens_out": "1000000"
        })
    );
}

#[rstest]
#[case::price_scale(["--price-scale", "0.0000000000000000001"], "at most 18")]
#[case::steepness(["--steepness", "1e-25"], "at most 24")]
#[case::midpoint(["--midpoint", "0.0000001"], "at most 6")]
#[case::max_supply(["--max-supply", "1.5"], "at most 0")]
#[case::multiplier(["--multiplier", "1.0000000000000000001"], "at most 18")]
#[case::multiplier_too_large(["--multiplier", "19"], "18.446744073709551615")]
#[case::negative(["--price-scale", "-1"], "negative")]
#[case::no_number(["--steepness", "steep"], "not a decimal number")]
fn numbers_that_cannot_be_represented_are_usage_errors(
    #[case] flag: [&str; 2],
    #[case] reason: &str,
) {
    let [name, value] = flag;
    let mut arguments =
        vec!["curve", "eval", "--kind", "linear", "--supply", "0", "--tokens-out", "1", "--json"];
    for pair in LINEAR[4..].chunks(2) {
        arguments.extend(if pair[0] == name { [name, value] } else { [pair[0], pair[1]] });
    }
    if name == "--multiplier" {
        arguments.extend(flag);
    }
    let run = Binary::new().run(arguments);
    assert_eq!(run.code, 2);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(reason), "{error}");
    assert_eq!(run.stdout, "");
}

#[rstest]
#[case::supply_above_maximum(&["--supply", "1000000000001", "--tokens-out", "0"], "supply 1000000000001 is outside of 0 to 1000000000000")]
#[case::order_above_maximum(&["--supply", "1", "--tokens-out", "1000000000000"], "supply 1000000000001 is outside of 0 to 1000000000000")]
#[case::largest_order(&["--supply", "1", "--tokens-out", "340282366920938463463374607431768211455"], "is outside of")]
#[case::sale_above_supply(&["--supply", "5", "--tokens-in", "6"], "cannot sell 6")]
fn what_the_curve_refuses_fails(#[case] order: &[&str], #[case] reason: &str) {
    let run = Binary::new().run(LINEAR.iter().chain(order).copied().chain(["--json"]));
    assert_eq!(run.code, 1);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(reason), "{error}");
    assert!(error["hint"].is_string());
    assert_eq!(run.stdout, "");
}

#[rstest]
#[case::steepness_zero("0", "1000000000000", "1", "steepness must be at least")]
#[case::price_scale_zero("1", "1000000000000", "0", "price scale must be at least")]
#[case::maximum_zero("1e-6", "0", "1", "maximum supply 0")]
#[case::maximum_above_domain(
    "1e-12",
    "1000000000000000001",
    "1",
    "maximum supply 1000000000000000001"
)]
#[case::exponent_above_domain("0.0000641", "1000000000000", "1", "times maximum supply")]
fn parameters_outside_the_domain_fail(
    #[case] steepness: &str,
    #[case] max_supply: &str,
    #[case] price_scale: &str,
    #[case] reason: &str,
) {
    let run = Binary::new().run([
        "curve",
        "eval",
        "--kind",
        "linear",
        "--midpoint",
        "0",
        "--supply",
        "0",
        "--tokens-out",
        "0",
        "--steepness",
        steepness,
        "--max-supply",
        max_supply,
        "--price-scale",
        price_scale,
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains(reason), "{}", run.stderr);
}

#[test]
fn a_cost_that_no_one_can_pay_fails() {
    let run = Binary::new().run([
        "curve",
        "eval",
        "--kind",
        "linear",
        "--midpoint",
        "0",
        "--steepness",
        "1e-6",
        "--max-supply",
        "1000000000000",
        "--price-scale",
        "1e40",
        "--supply",
        "0",
        "--tokens-out",
        "1000000000000",
    ]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stderr.contains("cost is out of range"), "{}", run.stderr);
}

#[test]
fn exactly_one_trade_is_needed() {
    let none = Binary::new().run(LINEAR.into_iter().chain(["--supply", "0"]));
    let two = Binary::new().run(LINEAR.into_iter().chain([
        "--supply",
        "1",
        "--tokens-in",
        "1",
        "--tokens-out",
        "1",
    ]));
    assert_eq!((none.code, two.code), (2, 2));
}
