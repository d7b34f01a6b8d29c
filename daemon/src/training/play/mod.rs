//! Nodes that play by themselves: ready in every epoch, leading, training, checking, confirming.
//!
//! | question | where |
//! |---|---|
//! | what is computed | [`wine`] |
//! | with which model does a round begin | [`history`] |
//! | what does one node do, and when | [`player`] |
//! | which slices has the holdout, who opens them | [`slices`] |
//!
//! Guarantees: what is sent follows from the chain's state, from the keys and from what [`super::kept`]
//! has; a process that died goes on where it was when it is started again, also elsewhere with the same
//! state folder. Every message is simulated before it is sent, so one that the chain refuses costs
//! nothing; it is said once. Nothing here ends because the chain does not answer for a while.

pub mod history;
pub mod player;
pub mod slices;
pub mod wine;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use modelbond_client::Signer;
use modelbond_interface::training::{Phase, Round, Run};

use super::lead::opening;
use super::Training;
use crate::failure;
use crate::output::Output;
use history::Models;
use player::{Player, Seen};
use slices::Salts;
use wine::Wine;

/// Between two looks at the chain.
const LOOK: Duration = Duration::from_millis(400);

/// What all nodes of a process share.
#[derive(Debug)]
pub struct Table {
    /// The contracts.
    pub training: Training,
    /// The run.
    pub run_id: u64,
    /// The computation.
    pub wine: Wine,
    /// Models that were computed.
    pub models: Models,
    /// Where progress goes.
    pub output: Output,
    /// Leave after so many rounds were settled.
    pub rounds: Option<u64>,
}

impl Table {
    /// Says what happened.
    pub fn say(&self, who: &str, what: impl std::fmt::Display) {
        self.output.note(&format!("{who}: {what}"));
    }

    /// The run and its open round.
    async fn look(&self) -> Result<(Run, Option<Round>)> {
        let run = self.training.run(self.run_id).await?;
        let round = match run.open_round {
            Some(open) => Some(self.training.round(self.run_id, Some(open)).await?),
            None => None,
        };
        Ok((run, round))
    }
}

/// Who opens slices.
pub struct Owner {
    /// Who pays.
    pub signer: Signer,
    /// Where salts come from.
    pub salts: Salts,
}

/// How many rounds of a run are settled.
pub fn settled(run: &Run) -> u64 {
    run.rounds.saturating_sub(run.open_round.is_some().into())
}

/// Plays until enough rounds are settled, for ever if no number is given. Gives the number of rounds
/// that were settled meanwhile.
pub async fn play(table: Arc<Table>, players: Vec<Player>, owner: Option<Owner>) -> Result<u64> {
    let first = settled(&table.training.run(table.run_id).await?);
    let last = table.rounds.map(|rounds| first.saturating_add(rounds));
    let mut tasks = tokio::task::JoinSet::new();
    for player in players {
        tasks.spawn(attend(Arc::clone(&table), player, last));
    }
    if let Some(owner) = owner {
        tasks.spawn(open_slices(Arc::clone(&table), owner, last));
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    let now = settled(&table.training.run(table.run_id).await?);
    Ok(now.saturating_sub(first))
}

/// One node, look by look.
async fn attend(table: Arc<Table>, mut player: Player, last: Option<u64>) -> Result<()> {
    let mut height = 0;
    loop {
        let step = async {
            let (time, now) = table.training.now().await?;
            if now <= height {
                return Ok(false);
            }
            height = now;
            let (run, round) = table.look().await?;
            if last.is_some_and(|last| settled(&run) >= last) {
                return Ok(true);
            }
            let last_round =
                last.is_some_and(|last| round.is_some() && settled(&run).saturating_add(1) >= last);
            let seen = Seen { run: &run, round: round.as_ref(), time, last_round };
            player.act(&table, seen).await?;
            anyhow::Ok(false)
        };
        match step.await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => player.complain(&table, &failure::text(&error)),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The run's owner, look by look.
async fn open_slices(table: Arc<Table>, owner: Owner, last: Option<u64>) -> Result<()> {
    let mut complaint = String::new();
    loop {
        let step = async {
            let (run, round) = table.look().await?;
            if last.is_some_and(|last| settled(&run) >= last) {
                return Ok(true);
            }
            if let Some(round) = round.filter(|round| awaits_slice(&run, round)) {
                open_slice(&table, &owner, (&run, &round)).await?;
            }
            anyhow::Ok(false)
        };
        match step.await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => {
                let text = failure::text(&error);
                if text != complaint {
                    table.say("owner", &text);
                    complaint = text;
                }
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// After the commits, before the new model.
fn awaits_slice(run: &Run, round: &Round) -> bool {
    let phases = [
        Phase::Reveal,
        Phase::ScoreReveal,
        Phase::CheckSeeding,
        Phase::CheckAssign,
        Phase::CheckCommit,
        Phase::CheckReveal,
        Phase::Judge,
        Phase::Penalize,
        Phase::Post,
    ];
    let model = &round.model;
    phases.contains(&round.phase)
        && model.slice.is_none()
        && model.aggregate.is_none()
        && !run.params.dataset.slices.is_empty()
}

async fn open_slice(table: &Table, owner: &Owner, (run, round): (&Run, &Round)) -> Result<()> {
    let next = run.params.dataset.slices.first().copied().unwrap_or_default();
    let found = owner.salts.find(&table.wine, next).ok_or_else(|| {
        failure::Failure::new(format!("the slice {next} is not of the owner's key"))
            .hint("modelbond run wine makes slices that the key it was called with can open")
    })?;
    let message = opening(run, round, found.part())?;
    table.training.tell(&owner.signer, &message).await?;
    let (id, samples) = (round.round_id, found.samples);
    table.say("owner", format!("round {id}: the holdout's slice of {samples} rows is open"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use modelbond_interface::training::{Hash32, NewModel, Slice};
    use rstest::rstest;

    use super::*;
    use crate::training::sample;

    #[rstest]
    #[case(Phase::Commit, false)]
    #[case(Phase::Reveal, true)]
    #[case(Phase::Post, true)]
    #[case(Phase::ConfirmCommit, false)]
    fn a_slice_is_opened_between_commits_and_the_new_model(
        #[case] phase: Phase,
        #[case] expected: bool,
    ) {
        let mut run = sample::run();
        let mut round = Round { phase, ..sample::round() };
        assert!(!awaits_slice(&run, &round), "there is none");
        run.params.dataset.slices = vec![Hash32([1; 32])];
        assert_eq!(awaits_slice(&run, &round), expected);
        let slice = Some(Slice { root: Hash32([2; 32]), samples: 4 });
        round.model = NewModel { slice, ..round.model };
        assert!(!awaits_slice(&run, &round), "it is open");
    }

    #[test]
    fn an_open_round_is_not_settled() {
        let run = sample::run();
        assert_eq!((run.rounds, settled(&run)), (4, 3));
        assert_eq!(settled(&Run { open_round: None, ..run }), 4);
    }
}
