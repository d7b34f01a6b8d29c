//! Training's books against its answers.

use cosmwasm_std::Uint128;
use modelbond_interface::training::{Phase, Round, Run, RunStatus};

use crate::finding::{At, Finding, Notes};
use crate::training::TrainingBooks;

/// What training answers after the last entry of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingAnswers {
    /// Runs.
    pub runs: Vec<Run>,
    /// Rounds of them.
    pub rounds: Vec<Round>,
}

/// Every difference between training's books and what it answers about runs.
#[must_use]
pub fn compare_training(
    contract: &str,
    books: &TrainingBooks,
    answers: &TrainingAnswers,
) -> Vec<Finding> {
    let mut findings = vec![];
    let at = At::State { contract: contract.to_owned() };
    let notes = &mut Notes { at: &at, findings: &mut findings };
    for round in &answers.rounds {
        self::round(books, round, notes);
    }
    for run in &answers.runs {
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

/// What a settled round owes is fixed by what it pays each.
fn round(books: &TrainingBooks, answer: &Round, notes: &mut Notes) {
    let Round { run_id, round_id, pay, phase, model, held, .. } = answer;
    let run = books.runs.get(run_id);
    let expected = run.and_then(|run| run.rounds.get(round_id)).cloned().unwrap_or_default();
    let what = |what: &str| format!("{what} of round {round_id} of run {run_id}");
    notes.equal(what("settlement"), expected.settled, *phase == Phase::Final);
    if !expected.settled {
        return;
    }
    let hash = model.result_hash.map(|hash| hash.to_string()).unwrap_or_default();
    notes.equal(what("model"), expected.base_hash.as_str(), hash.as_str());
    notes.equal(what("confirmation"), expected.confirmed, model.confirmed);
    notes.equal(what("hold"), expected.held, *held);
    let times = |each: Uint128, count: u32| each.saturating_mul(Uint128::from(count));
    let owed = [
        pay.drawn,
        times(pay.per_witness, pay.witnesses),
        pay.leader,
        times(pay.per_member, pay.members),
        times(pay.per_advance, pay.advances),
        times(pay.per_unavailable, pay.unavailable),
    ];
    let owed = notes.sum("what a round owes", &owed);
    notes.equal(what("what is owed"), expected.settlement, owed);
}
