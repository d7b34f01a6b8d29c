//! Whose turn it is: which seats act in a phase, and what they do.

use modelbond_interface::training::{Mode, Phase, Round, SeatId, SeatInfo, Stage};

use super::name;
use crate::failure::Failure;

/// What seats do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Commit to an answer.
    Commit,
    /// Show it.
    Reveal,
}

/// What may be done in seats now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// What is done.
    pub act: Act,
    /// In seats of which stage.
    pub stage: Stage,
    /// Whether trainers do it.
    pub trainers: bool,
    /// Whether the others of their groups do.
    pub others: bool,
}

impl Turn {
    /// What a round's phase asks seats for, if anything.
    pub fn of(mode: Mode, round: &Round) -> Option<Self> {
        let turn = |act, stage, trainers, others| Some(Self { act, stage, trainers, others });
        let check = if round.appealing { Stage::Appeal } else { Stage::Check };
        let exact = mode == Mode::Exact;
        match round.phase {
            Phase::Commit => turn(Act::Commit, Stage::Work, true, exact),
            Phase::Reveal => turn(Act::Reveal, Stage::Work, true, exact),
            Phase::ScoreCommit => turn(Act::Commit, Stage::Work, false, true),
            Phase::ScoreReveal => turn(Act::Reveal, Stage::Work, false, true),
            Phase::CheckCommit => turn(Act::Commit, check, true, true),
            Phase::CheckReveal => turn(Act::Reveal, check, true, true),
            Phase::ConfirmCommit => {
                turn(Act::Commit, Stage::committee(round.lead.attempt)?, true, true)
            }
            Phase::ConfirmReveal => {
                turn(Act::Reveal, Stage::committee(round.lead.attempt)?, true, true)
            }
            _ => None,
        }
    }

    /// Whether a seat takes part in it.
    pub fn includes(self, seat: SeatId) -> bool {
        let trainer = seat.stage == Stage::Work && seat.slot == 0;
        seat.stage == self.stage && if trainer { self.trainers } else { self.others }
    }

    /// Whether a seat takes part in it and has not done it. Who did not commit has nothing to show.
    pub fn awaits(self, seat: &SeatInfo) -> bool {
        self.includes(seat.id)
            && match self.act {
                Act::Commit => seat.commit.is_none(),
                Act::Reveal => seat.commit.is_some() && seat.reveal.is_none(),
            }
    }
}

/// Which of a node's seats acts: the one named, else the only one that takes part.
pub fn pick(
    turn: Option<Turn>,
    act: Act,
    seats: &[SeatInfo],
    named: Option<SeatId>,
) -> Result<&SeatInfo, Failure> {
    let what = match act {
        Act::Commit => "commit",
        Act::Reveal => "reveal",
    };
    if let Some(named) = named {
        return seats.iter().find(|seat| seat.id == named).ok_or_else(|| {
            Failure::new(format!("the node does not have the seat {}", name::seat(named)))
                .hint(known(seats))
        });
    }
    let Some(turn) = turn.filter(|turn| turn.act == act) else {
        return Err(Failure::new(format!("nobody can {what} in this phase"))
            .hint("modelbond round show says which phase it is, and until when"));
    };
    let mut own = seats.iter().filter(|seat| turn.includes(seat.id));
    match (own.next(), own.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => {
            Err(Failure::usage("which seat? the node has several").hint(known(seats)))
        }
        (None, _) => {
            Err(Failure::new(format!("the node has no seat that can {what} now"))
                .hint(known(seats)))
        }
    }
}

fn known(seats: &[SeatInfo]) -> String {
    if seats.is_empty() {
        return "it was not drawn in this round".to_owned();
    }
    let names: Vec<String> = seats.iter().map(|seat| name::seat(seat.id)).collect();
    format!("--seat names one; it has {}", names.join(", "))
}
