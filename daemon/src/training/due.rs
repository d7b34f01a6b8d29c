//! Whether a round is due to be moved on: what a keeper sends, if anything.

use cosmwasm_std::Timestamp;
use modelbond_interface::training::{
    Mode, Phase, Pin, Round, Run, RunStatus, SeatInfo, Window, ABANDON_SECS,
};

use super::turn::Turn;

/// What moves a round on. Anyone may send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `advance`
    Advance,
    /// `settle`
    Settle,
}

impl Action {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::Settle => "settle",
        }
    }
}

/// What is known of a run besides itself.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The open round.
    pub round: Option<&'a Round>,
    /// The seats of the stage that acts in this phase, if any does.
    pub seats: &'a [SeatInfo],
    /// The beacon round that is waited for is on the chain.
    pub beacon: bool,
    /// Units that are ready in this epoch: asked for only while no round is open.
    pub ready_units: u64,
    /// Time of the last block.
    pub time: Timestamp,
    /// Its height.
    pub height: u64,
}

/// What is due now. Whatever this says, training decides: a message that is refused has cost nothing
/// and says that it was too early, or that somebody was faster.
pub fn due(run: &Run, seen: &Seen) -> Option<Action> {
    let Some(round) = seen.round else { return opens(run, seen).then_some(Action::Advance) };
    let over = round.window.is_none_or(|window| is_over(&window, seen.time, seen.height));
    let advances = match round.phase {
        Phase::Opening | Phase::Seeding | Phase::CheckSeeding => {
            let abandoned = |pin: &Pin| seen.time >= pin.at.plus_seconds(ABANDON_SECS);
            seen.beacon || round.pin.as_ref().is_none_or(abandoned)
        }
        Phase::Assign | Phase::CheckAssign | Phase::Judge | Phase::Penalize => true,
        Phase::Elect => over,
        Phase::Post => over || round.model.aggregate.is_some(),
        Phase::Commit
        | Phase::Reveal
        | Phase::ScoreCommit
        | Phase::ScoreReveal
        | Phase::CheckCommit
        | Phase::CheckReveal
        | Phase::ConfirmCommit
        | Phase::ConfirmReveal => over || all_done(run, round, seen.seats),
        Phase::Settle => return Some(Action::Settle),
        Phase::Final => opens(run, seen),
    };
    advances.then_some(Action::Advance)
}

/// Whether a phase has ended by time and by height.
pub fn is_over(window: &Window, time: Timestamp, height: u64) -> bool {
    time >= window.ends_at && height >= window.ends_height
}

/// Whether a round can be opened.
fn opens(run: &Run, seen: &Seen) -> bool {
    let allowed = match run.status {
        RunStatus::Open {} => true,
        RunStatus::Held { until } => seen.time >= until,
        RunStatus::Closed {} => false,
    };
    allowed && seen.ready_units > 0 && run.ledger.bond >= run.params.money.min_bond
}

/// Whether everybody who can act has, so that nobody loses anything by an early end. The first checks
/// take their whole time, as anybody may challenge meanwhile; the last reveals of the work wait for the
/// leader's second output, and for the slice of the holdout.
fn all_done(run: &Run, round: &Round, seats: &[SeatInfo]) -> bool {
    let mode = run.params.algorithm.mode;
    let Some(turn) = Turn::of(mode, round) else { return false };
    if seats.is_empty() || seats.iter().any(|seat| turn.awaits(seat)) {
        return false;
    }
    let last_reveals = match round.phase {
        Phase::Reveal => mode == Mode::Exact,
        Phase::ScoreReveal => true,
        Phase::CheckCommit => return round.appealing,
        _ => false,
    };
    let sliced = round.model.slice.is_some() || run.params.dataset.slices.is_empty();
    !last_reveals || (round.lead.second_output.is_some() && sliced)
}

#[cfg(test)]
mod tests;
