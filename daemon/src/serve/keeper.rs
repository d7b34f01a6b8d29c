//! The keeper: sends `advance` and `settle` for training runs when they are due, and what is due around them:
//! their models' block rewards, and offers of data (`economy`).
//!
//! It looks once for each block. What is due is said by [`due`], from the chain's state alone; training
//! decides. A message is simulated before it is sent, so that one that comes too early, or after somebody
//! else's, costs nothing: several keepers may keep one run. For each run at most one message is under
//! way: one whose fate is not known is looked up until it is in a block or can be in none.

mod economy;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use cosmwasm_std::Timestamp;
use modelbond_client::{Block, ClientError, Signer};
use modelbond_interface::beacon;
use modelbond_interface::nodes;
use modelbond_interface::training::{ExecuteMsg, Phase, Round, Run, SeatInfo};
use modelbond_signature::printable;

use self::economy::{Around, Economy};
use super::health::LoopState;
use super::state::App;
use crate::failure;
use crate::training::due::{due, is_over, Action, Seen};
use crate::training::turn::Turn;
use crate::training::{name, Training};

pub use economy::Chore;

/// Name of the loop in `/health`.
const LOOP: &str = "keeper";
/// Between two looks for a new block.
const LOOK: Duration = Duration::from_millis(500);
/// First pause after a failure or a refusal; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Runs, and who pays for their messages.
pub struct Keeper {
    training: Training,
    economy: Economy,
    signer: Signer,
    kept: Vec<Kept>,
    around: Vec<Around>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Training took it.
    Taken,
    /// Training did not: it was too early, or somebody was faster.
    Refused,
    /// It is not known, or the chain did not take it.
    Failed,
}

impl Outcome {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A message whose fate is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pending {
    hash: String,
    timeout_height: u64,
}

/// A run that is kept.
#[derive(Debug)]
struct Kept {
    run_id: u64,
    name: &'static str,
    pending: Option<Pending>,
    pause: Duration,
    not_before: Option<Instant>,
    state: LoopState,
    said: String,
}

/// Where a run is: as long as it is the same, nobody moved it on.
type Mark = (u64, Option<(u64, Phase, u32)>);

impl Kept {
    fn new(run_id: u64) -> Self {
        Self::named(run_id, "run")
    }

    fn named(run_id: u64, name: &'static str) -> Self {
        let said = format!("{name} {run_id} was not looked at yet");
        let (pause, state) = (FIRST_PAUSE, LoopState::Running);
        Self { run_id, name, pending: None, pause, not_before: None, state, said }
    }

    /// Whether nothing is under way any more.
    async fn is_free(&mut self, training: &Training, block: &Block) -> Result<bool> {
        let Some(pending) = self.pending.take() else { return Ok(true) };
        let answer = is_decided(training, &pending, block).await;
        if !matches!(answer, Ok(true)) {
            self.waits_for(pending);
        }
        answer
    }

    fn waits_for(&mut self, pending: Pending) {
        self.says(LoopState::Retrying, format!("waits for the transaction {}", pending.hash));
        self.pending = Some(pending);
    }

    fn is_resting(&self, now: Instant) -> bool {
        self.not_before.is_some_and(|until| now < until)
    }

    fn says(&mut self, state: LoopState, what: impl std::fmt::Display) {
        (self.state, self.said) = (state, format!("{} {}: {what}", self.name, self.run_id));
    }

    fn works(&mut self) {
        (self.pause, self.not_before) = (FIRST_PAUSE, None);
    }

    /// A failed look is said and waited out.
    fn ends_look(&mut self, done: Result<()>) {
        if let Err(error) = done {
            let (run, detail) = (self.run_id, failure::text(&error));
            tracing::warn!(run, detail, "keeper");
            self.says(LoopState::Retrying, "could not be looked at or moved on");
            self.rests(Instant::now(), None);
        }
    }

    /// Rests, but not longer than `most`, if that is known.
    fn rests(&mut self, now: Instant, most: Option<Duration>) {
        let pause = most.map_or(self.pause, |most| self.pause.min(most));
        self.not_before = now.checked_add(pause);
        self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

impl Keeper {
    /// A keeper of these runs.
    pub fn new(training: Training, signer: Signer, runs: Vec<u64>) -> Self {
        let economy = Economy::of(&training);
        let around = runs.iter().copied().map(Around::new).collect();
        let kept = runs.into_iter().map(Kept::new).collect();
        Self { training, economy, signer, kept, around }
    }
}

/// Keeps until the service ends.
pub async fn keep(app: App, keeper: Keeper) {
    let Keeper { training, economy, signer, mut kept, mut around } = keeper;
    let mut height = 0;
    loop {
        match training.client.latest_block().await {
            Ok(block) if block.height > height => {
                height = block.height;
                let via = (&training, &signer);
                for run in &mut kept {
                    if !run.is_resting(Instant::now()) {
                        let done = step(&app, via, run, &block).await;
                        run.ends_look(done);
                    }
                }
                for run in &mut around {
                    if !run.kept.is_resting(Instant::now()) {
                        let done = economy.step(&app, via, run, &block).await;
                        run.kept.ends_look(done);
                    }
                }
                let all: Vec<&Kept> =
                    kept.iter().chain(around.iter().map(|run| &run.kept)).collect();
                let (state, detail) = health(&all);
                app.loops().set(LOOP, state, detail);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "keeper");
                app.loops().set(LOOP, LoopState::Retrying, "the chain does not answer");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How all runs are, on one line.
fn health(kept: &[&Kept]) -> (LoopState, String) {
    let retrying = kept.iter().any(|run| run.state != LoopState::Running);
    let state = if retrying { LoopState::Retrying } else { LoopState::Running };
    let said: Vec<&str> = kept.iter().map(|run| run.said.as_str()).collect();
    (state, said.join("; "))
}

async fn step(
    app: &App,
    (training, signer): (&Training, &Signer),
    kept: &mut Kept,
    block: &Block,
) -> Result<()> {
    if !kept.is_free(training, block).await? {
        return Ok(());
    }
    let (run, round) = state(training, kept.run_id).await?;
    let Some(action) = decide(training, &run, round.as_ref(), block).await? else {
        kept.says(LoopState::Running, waits(round.as_ref()));
        kept.works();
        return Ok(());
    };
    let run_id = kept.run_id;
    let message = match action {
        Action::Advance => ExecuteMsg::Advance { run_id },
        Action::Settle => ExecuteMsg::Settle { run_id },
    };
    match signer.execute(&training.address, &message, &[]).await {
        Ok(receipt) => {
            app.metrics().kept(action.name(), Outcome::Taken);
            tracing::info!(run_id, action = action.name(), height = receipt.height, "keeper");
            kept.says(LoopState::Running, format!("{} taken", action.name()));
            kept.works();
        }
        Err(ClientError::Contract { message, .. }) => {
            app.metrics().kept(action.name(), Outcome::Refused);
            let message = printable(&message);
            tracing::debug!(run_id, action = action.name(), message, "keeper: refused");
            let (run_now, round_now) = state(training, run_id).await?;
            if mark(&run_now, round_now.as_ref()) != mark(&run, round.as_ref()) {
                kept.says(LoopState::Running, "somebody was faster");
                kept.works();
            } else {
                kept.says(LoopState::Running, format!("training waits: {message}"));
                kept.rests(Instant::now(), left(round.as_ref(), block));
            }
        }
        Err(ClientError::Unconfirmed { hash, timeout_height, .. }) => {
            app.metrics().kept(action.name(), Outcome::Failed);
            kept.waits_for(Pending { hash, timeout_height });
        }
        Err(error) => {
            app.metrics().kept(action.name(), Outcome::Failed);
            return Err(error).context(action.name());
        }
    }
    Ok(())
}

async fn is_decided(training: &Training, pending: &Pending, block: &Block) -> Result<bool> {
    let answer = training.client.transaction(&pending.hash).await.map(|found| found.is_some());
    decided(answer, pending, block.height).context("cannot look a transaction up")
}

/// Whether a transaction is in a block, well or badly, or can be in none any more.
fn decided(
    answer: Result<bool, ClientError>,
    pending: &Pending,
    height: u64,
) -> Result<bool, ClientError> {
    match answer {
        Ok(found) => Ok(found || height > pending.timeout_height),
        // It failed in a block: its sequence is used, so it cannot come again.
        Err(
            ClientError::Contract { hash: Some(_), .. }
            | ClientError::Chain { hash: Some(_), .. }
            | ClientError::OutOfGas { hash: Some(_), .. }
            | ClientError::InsufficientFunds { hash: Some(_), .. },
        ) => Ok(true),
        Err(error) => Err(error),
    }
}

async fn state(training: &Training, run_id: u64) -> Result<(Run, Option<Round>)> {
    let run = training.run(run_id).await?;
    let round = match run.open_round {
        Some(open) => Some(training.round(run_id, Some(open)).await?),
        None => None,
    };
    Ok((run, round))
}

/// What is due, with only the questions asked that this phase needs.
async fn decide(
    training: &Training,
    run: &Run,
    round: Option<&Round>,
    block: &Block,
) -> Result<Option<Action>> {
    let (time, height) = (Timestamp::from_nanos(block.time), block.height);
    let beacon = match round.and_then(|round| round.pin.as_ref()) {
        Some(pin) => has_beacon(training, pin.round, pin.chain_hash.as_ref()).await?,
        None => false,
    };
    let seats = match round {
        Some(round) => seats(training, run, round, (time, height)).await?,
        None => vec![],
    };
    let ready_units = match round {
        Some(_) => 0,
        None => ready_units(training, run).await?,
    };
    Ok(due(run, &Seen { round, seats: &seats, beacon, ready_units, time, height }))
}

/// The seats whose turn it is, unless their time is over anyway.
async fn seats(
    training: &Training,
    run: &Run,
    round: &Round,
    (time, height): (Timestamp, u64),
) -> Result<Vec<SeatInfo>> {
    let over = round.window.is_none_or(|window| is_over(&window, time, height));
    match Turn::of(run.params.algorithm.mode, round).filter(|_| !over) {
        Some(turn) => training.all_seats(round, turn.stage).await,
        None => Ok(vec![]),
    }
}

/// Units that a round can draw from now: none before the first epoch of a new algorithm.
async fn ready_units(training: &Training, run: &Run) -> Result<u64> {
    let epoch = training.epoch().await?.epoch;
    if epoch < run.first_epoch {
        return Ok(0);
    }
    let question = nodes::QueryMsg::Roster { run_id: run.run_id, epoch };
    let roster: nodes::RosterResponse = training.ask_nodes(&question).await?;
    Ok(roster.directory.units)
}

/// Whether a round of the source with this chain hash is on the chain.
async fn has_beacon(training: &Training, round: u64, chain_hash: &[u8]) -> Result<bool> {
    let beacon = training.config.beacon.as_str();
    let unanswered = || format!("the beacon {beacon} did not answer");
    let sources: beacon::SourcesResponse = training
        .client
        .query(beacon, &beacon::QueryMsg::Sources {})
        .await
        .with_context(unanswered)?;
    let mut sources = sources.sources.into_iter();
    let Some(source) = sources.find(|source| source.chain_hash.as_slice() == chain_hash) else {
        return Ok(false);
    };
    let question = beacon::QueryMsg::Round { source: source.index, round };
    let answer: beacon::RoundResponse =
        training.client.query(beacon, &question).await.with_context(unanswered)?;
    Ok(answer.round.is_some())
}

/// Changes whenever a message moved the run on.
fn mark(run: &Run, round: Option<&Round>) -> Mark {
    (run.rounds, round.map(|round| (round.round_id, round.phase, round.advances)))
}

/// How long until the phase ends by time.
fn left(round: Option<&Round>, block: &Block) -> Option<Duration> {
    let ends_at = round?.window?.ends_at.nanos();
    Some(Duration::from_nanos(ends_at.saturating_sub(block.time)).max(LOOK))
}

fn waits(round: Option<&Round>) -> String {
    match round {
        None => "waits for nodes, its bond or the end of a hold".to_owned(),
        Some(Round { round_id, phase, pin: Some(pin), .. }) => {
            format!("round {round_id} in {} waits for beacon round {}", name::of(phase), pin.round)
        }
        Some(Round { round_id, phase, .. }) => format!("round {round_id} in {}", name::of(phase)),
    }
}

#[cfg(test)]
mod tests;
