//! Training's books, as far as its events carry them: what each run was given and what it paid, what
//! each round owes. How a run's money is divided between its purses is not said, only what comes in and
//! what goes out.

use std::collections::BTreeMap;

use modelbond_interface::event::{EventError, TypedEvent};
use modelbond_interface::training::{
    FeedbackSubmitted, RoundAdvanced, RoundChallenged, RoundClaimed, RoundCommitted, RoundHeld,
    RoundJudged, RoundLeaderProved, RoundMetricsRefused, RoundPosted, RoundRevealed,
    RoundSeatDrawn, RoundSettled, RoundSlashed, RunAlgorithmSet, RunBurned, RunClosed, RunFunded,
    RunOpened, UsageCredited,
};

use crate::crossing::{Crossing, Crossings};
use crate::finding::Notes;
use crate::provenance::Usage;
use crate::Entry;

/// Events that move no money.
const WORDS: [&str; 9] = [
    RunAlgorithmSet::TYPE,
    RoundAdvanced::TYPE,
    RoundLeaderProved::TYPE,
    RoundSeatDrawn::TYPE,
    RoundCommitted::TYPE,
    RoundRevealed::TYPE,
    RoundJudged::TYPE,
    RoundPosted::TYPE,
    RoundMetricsRefused::TYPE,
];

/// Training's books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrainingBooks {
    /// Runs by number.
    pub runs: BTreeMap<u64, RunBooks>,
    /// P_model of the last round of each model that reported metrics, in millionths.
    pub performance: BTreeMap<String, u64>,
}

/// A run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunBooks {
    /// Its model.
    pub model: String,
    /// Its owner.
    pub owner: String,
    /// All tokens that it has, in whatever purse.
    pub held: u128,
    /// At most so much of them is to be burned.
    pub burnable: u128,
    /// Whether it is closed.
    pub closed: bool,
    /// Settled rounds.
    pub rounds: BTreeMap<u64, RoundBooks>,
}

/// A round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundBooks {
    /// Whether it is final.
    pub settled: bool,
    /// The model from then on, in hexadecimal.
    pub base_hash: String,
    /// Whether that is a new one.
    pub confirmed: bool,
    /// Whether the round was held.
    pub held: bool,
    /// What it owes by its settlement.
    pub settlement: u128,
    /// What it owes at most: by its settlement, of stakes and challenges.
    pub owed: u128,
    /// What was claimed of that.
    pub claimed: u128,
    /// Contributions claimed.
    pub contributions: u32,
    /// Whether the leader's part was claimed.
    pub led: bool,
}

impl TrainingBooks {
    /// P_model of the last round of a model that reported metrics, in millionths.
    #[must_use]
    pub fn performance(&self, model: &str) -> u64 {
        self.performance.get(model).copied().unwrap_or_default()
    }

    /// All tokens of a model that its runs have.
    #[must_use]
    pub fn held(&self, model: &str) -> u128 {
        let runs = self.runs.values().filter(|run| run.model == model);
        runs.map(|run| run.held).fold(0, u128::saturating_add)
    }
}

/// What booking needs besides the event.
pub(crate) struct World<'a> {
    /// What crosses to other contracts.
    pub(crate) crossings: &'a mut Crossings,
    /// The payment that provenance tells of.
    pub(crate) usage: Option<&'a Usage>,
}

/// Books a typed event. What moves no money is only read.
pub(crate) fn fact(
    books: &mut TrainingBooks,
    world: &mut World,
    entry: &Entry,
    kind: &str,
    notes: &mut Notes,
) -> Result<(), EventError> {
    let event = &entry.event;
    let crossings = &mut *world.crossings;
    match kind {
        RunOpened::TYPE => {
            let RunOpened { run_id, model, owner, .. } = event.try_into()?;
            let run = RunBooks { model, owner, ..RunBooks::default() };
            if books.runs.insert(run_id, run).is_some() {
                notes.note("runs", "one of each number", run_id);
            }
        }
        RunFunded::TYPE => funded(books, crossings, &event.try_into()?, notes),
        RunClosed::TYPE => {
            let RunClosed { run_id, amount } = event.try_into()?;
            let Some(run) = run(books, run_id, notes) else { return Ok(()) };
            if run.closed {
                notes.note("closings", 1, 2);
            }
            run.closed = true;
            notes.take("tokens of the run", &mut run.held, amount.into());
            let (model, recipient) = (run.model.clone(), run.owner.clone());
            crossings.said(Crossing::Pay { model, recipient }, amount);
        }
        RoundChallenged::TYPE => {
            let RoundChallenged { run_id, round_id, .. } = event.try_into()?;
            let Some(run) = run(books, run_id, notes) else { return Ok(()) };
            // The event does not say it: what was sent with it.
            let deposit = Crossing::Deposit { model: run.model.clone() };
            let bond = crossings.unsaid(&deposit);
            crossings.said(deposit, bond);
            notes.add("tokens of the run", &mut run.held, bond.into());
            notes.add("to be burned", &mut run.burnable, bond.into());
            let round = run.rounds.entry(round_id).or_default();
            notes.add("owed by the round", &mut round.owed, bond.into());
        }
        RoundSlashed::TYPE => slashed(books, &event.try_into()?, notes),
        RoundHeld::TYPE => {
            let RoundHeld { run_id, fee, .. } = event.try_into()?;
            if let Some(run) = run(books, run_id, notes) {
                notes.add("to be burned", &mut run.burnable, fee.into());
            }
        }
        RoundSettled::TYPE => settled(books, &event.try_into()?, notes),
        RoundClaimed::TYPE => claimed(books, crossings, &event.try_into()?, notes),
        RunBurned::TYPE => {
            let RunBurned { run_id, amount } = event.try_into()?;
            let Some(run) = run(books, run_id, notes) else { return Ok(()) };
            notes.take("tokens of the run", &mut run.held, amount.into());
            notes.take("to be burned", &mut run.burnable, amount.into());
            crossings.said(Crossing::Burn { model: run.model.clone() }, amount);
        }
        UsageCredited::TYPE => {
            let UsageCredited { run_id, user, amount, .. } = event.try_into()?;
            let usage = world.usage;
            let Some(run) = run(books, run_id, notes) else { return Ok(()) };
            if let Some(usage) = usage {
                notes.equal("the model that was used", usage.model.as_str(), run.model.as_str());
                notes.equal("the user", usage.payer.as_str(), user.as_str());
                notes.equal("what the user paid for good", usage.reserve, amount);
            }
        }
        kind if WORDS.contains(&kind) => {
            let run_id = entry.attribute("run_id").and_then(|run_id| run_id.parse().ok());
            run(books, run_id.unwrap_or_default(), notes);
        }
        FeedbackSubmitted::TYPE => {}
        _ => notes.note("the event's type", "one of training", kind),
    }
    Ok(())
}

fn run<'a>(
    books: &'a mut TrainingBooks,
    run_id: u64,
    notes: &mut Notes,
) -> Option<&'a mut RunBooks> {
    let run = books.runs.get_mut(&run_id);
    if run.is_none() {
        notes.note("the run", "one that was opened", run_id);
    }
    run
}

fn funded(
    books: &mut TrainingBooks,
    crossings: &mut Crossings,
    event: &RunFunded,
    notes: &mut Notes,
) {
    let Some(run) = run(books, event.run_id, notes) else { return };
    if run.closed {
        notes.note("the run", "not closed", "closed");
    }
    notes.add("tokens of the run", &mut run.held, event.amount.into());
    if event.total < event.amount || event.total > run.held {
        let expected = format!("{} to {}", event.amount, run.held);
        notes.note(format!("{} from now on", event.into), expected, event.total);
    }
    if !["budget", "bond"].contains(&event.into.as_str()) {
        notes.note("purse", "budget or bond", &event.into);
    }
    crossings.said(Crossing::Deposit { model: run.model.clone() }, event.amount);
}

fn slashed(books: &mut TrainingBooks, event: &RoundSlashed, notes: &mut Notes) {
    let shares = [event.jury, event.challenger, event.burned].map(Into::into);
    let shares = notes.sum("shares of a slash", &shares);
    if shares > event.amount {
        notes.note("shares of a slash", format!("at most {}", event.amount), shares);
    }
    let Some(run) = run(books, event.run_id, notes) else { return };
    notes.add("tokens of the run", &mut run.held, event.amount.into());
    notes.add("to be burned", &mut run.burnable, event.burned.into());
    let round = run.rounds.entry(event.round_id).or_default();
    notes.add("owed by the round", &mut round.owed, event.jury.into());
    notes.add("owed by the round", &mut round.owed, event.challenger.into());
}

fn settled(books: &mut TrainingBooks, event: &RoundSettled, notes: &mut Notes) {
    let Some(run) = run(books, event.run_id, notes) else { return };
    let (held, model) = (run.held, run.model.clone());
    let round = run.rounds.entry(event.round_id).or_default();
    if round.settled {
        notes.note("settlements", 1, 2);
    }
    round.settled = true;
    round.settlement = event.owed;
    round.base_hash.clone_from(&event.base_hash);
    (round.confirmed, round.held) = (event.confirmed, event.held);
    notes.add("owed by the round", &mut round.owed, event.owed.into());
    if round.owed > held {
        notes.note("owed by the round", format!("at most {held}"), round.owed);
    }
    if event.metrics {
        books.performance.insert(model, event.score);
    }
}

fn claimed(
    books: &mut TrainingBooks,
    crossings: &mut Crossings,
    event: &RoundClaimed,
    notes: &mut Notes,
) {
    let Some(run) = run(books, event.run_id, notes) else { return };
    notes.take("tokens of the run", &mut run.held, event.amount.into());
    let round = run.rounds.entry(event.round_id).or_default();
    if !round.settled {
        notes.note("the round", "settled", "open");
    }
    notes.add("claimed of the round", &mut round.claimed, event.amount.into());
    if round.claimed > round.owed {
        notes.note("claimed of the round", format!("at most {}", round.owed), round.claimed);
    }
    match event.due.as_str() {
        "contribution" => {
            round.contributions = round.contributions.saturating_add(1);
            let minted = Crossing::Minted { run_id: event.run_id, round_id: event.round_id };
            crossings.said(minted, 1);
        }
        "lead" if round.led => notes.note("claims of the leader's part", 1, 2),
        "lead" => round.led = true,
        "seat" | "advances" | "challenge" => {}
        other => notes.note("what is due", "one of a round", other),
    }
    let (model, recipient) = (run.model.clone(), event.recipient.clone());
    crossings.said(Crossing::Pay { model, recipient }, event.amount);
}
