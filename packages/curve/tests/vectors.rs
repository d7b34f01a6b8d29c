//! Every claim of the curve against 3,000 exact results, written by `vectors/generate.py`.

#[path = "../vectors/check.rs"]
mod check;

#[test]
fn exact_results_are_met_on_the_traders_cost() {
    let mut report = check::Report::default();
    for line in include_str!("../vectors/trades.txt").lines() {
        check::check(line, &mut report);
    }
    assert_eq!(report.violated(), 0, "{report:#?}");
    assert_eq!(report.claims.len(), 13, "a claim was never checked: {report:#?}");
}
