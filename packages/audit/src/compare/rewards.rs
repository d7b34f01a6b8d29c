//! The books of rewards against its answers.

use std::collections::BTreeMap;

use modelbond_interface::rewards::{ModelRewardsResponse, Piece, Segment};

use crate::finding::{At, Finding, Notes};
use crate::rewards::{ModelRewards, RewardsBooks};

/// What rewards answers about a model after the last entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RewardsAnswers {
    /// Where it stands.
    pub stands: ModelRewardsResponse,
    /// All segments.
    pub segments: Vec<Segment>,
    /// Work that is not paid, of every operator in the books.
    pub pieces: BTreeMap<String, Vec<Piece>>,
}

/// Every difference between a model's books and the answers.
#[must_use]
pub fn compare_rewards(
    contract: &str,
    model: &str,
    books: &RewardsBooks,
    answers: &RewardsAnswers,
) -> Vec<Finding> {
    let mut findings = vec![];
    let at = At::State { contract: contract.to_owned() };
    let notes = &mut Notes { at: &at, findings: &mut findings };
    let expected = books.models.get(model).cloned().unwrap_or_default();
    stands(&expected, &answers.stands, notes);
    segments(&expected, &answers.segments, notes);
    for (operator, pieces) in &answers.pieces {
        let work = |offset| expected.pieces.get(&(operator.clone(), offset)).copied();
        for piece in pieces {
            let what = format!("work of {operator} at {}", piece.offset);
            notes.equal(what, work(piece.offset).unwrap_or_default(), piece.work.into());
        }
        let all = expected.pieces.keys().filter(|(who, _)| who == operator).count();
        notes.equal(format!("pieces of work of {operator}"), all, pieces.len());
    }
    findings
}

fn stands(expected: &ModelRewards, answer: &ModelRewardsResponse, notes: &mut Notes) {
    notes.equal("tokens owed", expected.owed, answer.owed.u128());
    let last = expected.budgets.iter().next_back();
    match (last, &answer.budget) {
        (None, None) => {}
        (Some((epoch, budget)), Some(answer)) => {
            notes.equal("epoch of the last budget", *epoch, answer.epoch);
            notes.equal("volume", budget.volume, answer.volume.u128());
            notes.equal("performance", budget.performance, answer.performance);
            notes.equal("carry", budget.carry, answer.carry.u128());
            notes.equal("budget", budget.budget, answer.budget.u128());
            notes.equal("spent", budget.spent, answer.spent.u128());
        }
        (expected, actual) => {
            notes.equal("whether there is a budget", expected.is_some(), actual.is_some());
        }
    }
    let open = expected.closed < expected.cut;
    notes.equal("whether a segment is open", open, answer.open.is_some());
}

fn segments(expected: &ModelRewards, actual: &[Segment], notes: &mut Notes) {
    notes.equal("segments", expected.segments.len(), actual.len());
    for segment in actual {
        let what = |what: &str| format!("{what} of the segment that ends at {}", segment.end);
        let Some(books) = expected.segments.get(&segment.end) else {
            notes.note(what("end"), "none", "one");
            continue;
        };
        notes.equal(what("start"), books.start, segment.start);
        notes.equal(what("epoch"), books.epoch, segment.epoch);
        notes.equal(what("tokens"), books.tokens, segment.tokens.u128());
        notes.equal(what("paid work"), books.paid_work, segment.paid_work);
        notes.equal(what("paid tokens"), books.paid_tokens, segment.paid_tokens.u128());
        notes.equal(what("closing"), segment.end <= expected.closed, segment.closed);
    }
}
