//! Training's books against its answers.

use modelbond_interface::training::{Run, RunStatus};

use crate::finding::{At, Finding, Notes};
use crate::training::TrainingBooks;

/// Every difference between training's books and what it answers about runs.
#[must_use]
pub fn compare_training(contract: &str, books: &TrainingBooks, runs: &[Run]) -> Vec<Finding> {
    let mut findings = vec![];
    let at = At::State { contract: contract.to_owned() };
    let notes = &mut Notes { at: &at, findings: &mut findings };
    for run in runs {
        let Some(expected) = books.runs.get(&run.run_id) else {
            notes.note(format!("run {}", run.run_id), "none", "one");
            continue;
        };
        let what = |what: &str| format!("{what} of run {}", run.run_id);
        notes.equal(what("model"), expected.model.as_str(), run.model.as_str());
        notes.equal(what("owner"), expected.owner.as_str(), run.owner.as_str());
        notes.equal(what("closing"), expected.closed, run.status == RunStatus::Closed {});
        let ledger = &run.ledger;
        let purses =
            [ledger.budget, ledger.bond, ledger.rolled_over, ledger.reserved, ledger.burnable];
        let held = notes.sum("tokens", &purses);
        notes.equal(what("tokens"), expected.held, held);
        if ledger.burnable.u128() > expected.burnable {
            let most = format!("at most {}", expected.burnable);
            notes.note(what("tokens to be burned"), most, ledger.burnable);
        }
    }
    findings
}
