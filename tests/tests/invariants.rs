//! Random and greedy walks with every invariant checked around every message; the long run is
//! `cargo run --release -p modelbond-tests --bin invariants`.

use modelbond_tests::walk::{walk, Report};
use modelbond_tests::{Bare, Mock};

/// A storage touch costs at least 1,000 gas; a message must stay under 2,500,000 (I12).
const MOST_TOUCHES: u64 = 40;

fn ensure_sound(report: &Report) {
    assert!(report.violations.is_empty(), "{report}");
    assert!(report.coalitions > 0 && report.leavers > 0 && report.splits > 0, "{report}");
    let counts = report.kinds.values();
    assert!(counts.clone().map(|(accepted, _)| accepted).sum::<u64>() > report.operations / 2);
}

#[test]
fn twenty_thousand_messages_violate_no_invariant() {
    let report = walk::<Bare>(20_000, 1, |chain, report| {
        report.most_touches = report.most_touches.max(chain.most_touches().total());
    });
    ensure_sound(&report);
    assert!(report.most_touches <= MOST_TOUCHES, "{report}");
}

#[test]
fn the_same_walk_on_cw_multi_test_violates_no_invariant() {
    let report = walk::<Mock>(20_000, 2, |_, _| {});
    ensure_sound(&report);
}
