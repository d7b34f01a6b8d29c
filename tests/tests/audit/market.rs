//! Markets: random walks are audited without a difference.

use modelbond_tests::audit::{findings, markets};
use modelbond_tests::walk::walk;
use modelbond_tests::{Mock, Recorded};

#[test]
fn ten_thousand_messages_of_random_walks_are_audited_without_a_difference() {
    let (mut lives, mut entries) = (0, 0);
    walk::<Recorded<Mock>>(10_000, 7, |chain, report| {
        let book = markets(chain, &chain.log);
        assert_eq!(book.markets.len(), 1);
        let found = findings(chain, book, &chain.log);
        let seed = report.operations;
        let first: Vec<String> = found.iter().take(5).map(ToString::to_string).collect();
        assert!(found.is_empty(), "at {seed}: {} differences: {first:#?}", found.len());
        lives += 1;
        entries += chain.log.len();
    });
    assert!(lives >= 5 && entries > 5_000, "{lives} lives, {entries} entries");
}
