//! Markets: random walks are audited without a difference, and what was altered in their logs is
//! found.

use std::rc::Rc;

use modelbond_audit::compare::{compare_market, MarketAnswers};
use modelbond_audit::market::MarketBooks;
use modelbond_audit::{audit, AddressBook, Entry};
use modelbond_tests::audit::{answers, findings, markets};
use modelbond_tests::random::Random;
use modelbond_tests::walk::walk;
use modelbond_tests::{Chain, Mock, Recorded};

use crate::alterations::{alter, Tally};

#[test]
fn four_thousand_messages_of_random_walks_are_audited_without_a_difference() {
    let (mut lives, mut entries) = (0, 0);
    walk::<Recorded<Mock>>(4_000, 7, |chain, report| {
        let book = markets(chain, &chain.log);
        assert_eq!(book.markets.len(), 1);
        let found = findings(chain, book, &chain.log);
        let seed = report.operations;
        let first: Vec<String> = found.iter().take(5).map(ToString::to_string).collect();
        assert!(found.is_empty(), "at {seed}: {} differences: {first:#?}", found.len());
        lives += 1;
        entries += chain.log.len();
    });
    assert!(lives >= 5 && entries > 3_000, "{lives} lives, {entries} entries");
}

/// A market's log with its answers.
struct Life {
    book: AddressBook,
    market: String,
    answers: MarketAnswers,
    log: Vec<Rc<Entry>>,
    others: Vec<String>,
}

impl Life {
    /// Whether an audit of this log finds anything; the books.
    fn audit(&self, log: &[Rc<Entry>]) -> (bool, MarketBooks) {
        let (mut books, findings) = audit(self.book.clone(), log.iter().map(Rc::as_ref));
        let books = books.markets.remove(&self.market).expect("audited");
        let compared = compare_market(&self.market, &books, &self.answers);
        (!findings.is_empty() || !compared.is_empty(), books)
    }
}

fn lives(operations: u64, seed: u64) -> Vec<Life> {
    let mut lives = vec![];
    walk::<Recorded<Mock>>(operations, seed, |chain, _| {
        let book = markets(chain, &chain.log);
        let market = book.markets.keys().next().expect("one market").clone();
        let (books, _) = audit(book.clone(), &chain.log);
        let mut answers = answers(chain, &book, &books);
        let answers = answers.markets.remove(&market).expect("asked");
        let others = ["alice", "nobody"].map(|name| chain.account(name)).to_vec();
        let log = chain.log.iter().cloned().map(Rc::new).collect();
        lives.push(Life { book, market, answers, log, others });
    });
    lives
}

/// Of a payer, the books only know that they traded in an epoch.
const UNSEEN: [&str; 1] = ["market_bought.buyer another"];

/// What no audit can see, because nothing that a book holds follows from it.
const HARMLESS: [&str; 11] = [
    // What came back of the coins that were sent is between the bank and the buyer.
    "market_opened.refund",
    "market_bought.refund",
    "market_bought.buyer another",
    // Who gave something to everybody.
    "market_funded.funder another",
    // Of nothing, or to oneself.
    "transfer",
    "allowance",
    // Of nothing: the budget or the cap was spent.
    "action emit",
    "market_emitted",
    // Neither followed by the multiplier nor the last one: a transaction of it, as a whole.
    "transaction of market_metrics_reported",
    "transaction of action report_metrics",
    // Below a metric's range, where it counts nothing, and not in the last one.
    "market_metrics_reported.",
];

#[test]
fn alterations_of_a_log_are_found_or_move_nothing() {
    let (mut tally, mut harmless) = (Tally::default(), Tally::default());
    let mut random = Random::new(11);
    for life in lives(2_000, 3) {
        let (found, honest) = life.audit(&life.log);
        assert!(!found);
        for _ in 0..life.log.len() {
            let Some(altered) =
                alter(&life.log, std::slice::from_ref(&life.market), &life.others, &mut random)
            else {
                continue;
            };
            let (found, books) = life.audit(&altered.log);
            if !found && money(&books) == money(&honest) {
                harmless.count(&altered.kind, false);
            } else {
                tally.count(&altered.kind, found);
            }
        }
    }
    let (missed, moved) = (tally.missed(&UNSEEN), harmless.missed(&HARMLESS));
    assert!(missed.is_empty() && moved.is_empty(), "{missed:#?} {moved:#?}");
    assert!(tally.made() > 2_000, "{tally}");
}

/// The books without what a message that moves nothing leaves: when pending was last released.
fn money(books: &MarketBooks) -> MarketBooks {
    let mut books = books.clone();
    books.reserve = 0;
    (books.pending.amount, books.pending.released_at) = (0, 0);
    books.allowances.retain(|_, allowed| *allowed > 0);
    books.balances.retain(|_, balance| *balance > 0);
    books
}
