//! What a drawn node does in its seat: commit, then reveal.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use modelbond_interface::training::{
    Answer, Group, Hash32, Round, RoundRevealed, Run, SeatId, SeatInfo, Stage, TraceProof,
};
use serde::Serialize;

use super::{read_json, NodeOfRun};
use crate::commands::node::SchemeOption;
use crate::failure::Failure;
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};
use crate::training::kept::{Found, Store};
use crate::training::turn::{pick, Act, Turn};
use crate::training::work::{Desk, Signing};
use crate::training::{name, statement, Told, Training};

/// When the work was done.
#[derive(Args, Debug)]
struct Times {
    /// When the work began, in seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME")]
    started_at: Option<u64>,
    /// When it ended, in seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME")]
    ended_at: Option<u64>,
}

impl Times {
    fn found(&self, answer: Answer) -> Result<Found> {
        let now = statement::clock()?;
        let ended_at = self.ended_at.unwrap_or(now);
        let started_at = self.started_at.unwrap_or(ended_at);
        if started_at > ended_at {
            return Err(Failure::usage(format!(
                "the work began at {started_at}, after {ended_at}"
            ))
            .hint("give --started-at and --ended-at in seconds since 1970")
            .into());
        }
        Ok(Found { answer, started_at, ended_at })
    }
}

/// How a reveal is signed and proved.
#[derive(Args, Debug)]
struct Showing {
    /// A leaf of the trace with its path, as JSON; for everybody but trainers and witnesses
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Who vouches for the key: 0 nobody, 1 it is in an fTPM, 2 an endorsed chain
    #[arg(long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    level: u8,
    #[command(flatten)]
    signing: SchemeOption,
}

/// Options of `round commit`.
#[derive(Args, Debug)]
pub struct Commit {
    #[command(flatten)]
    node: NodeOfRun,
    /// What was found, as JSON
    #[arg(long, value_name = "FILE")]
    answer: PathBuf,
    /// Which of the node's seats, such as work:0:1 [default: the only one whose turn it is]
    #[arg(long, value_name = "STAGE:GROUP:SLOT", value_parser = name::parse_seat)]
    seat: Option<SeatId>,
    #[command(flatten)]
    times: Times,
}

/// Options of `round reveal`.
#[derive(Args, Debug)]
pub struct Reveal {
    #[command(flatten)]
    node: NodeOfRun,
    /// Which of the node's seats, such as work:0:1 [default: the only one whose turn it is]
    #[arg(long, value_name = "STAGE:GROUP:SLOT", value_parser = name::parse_seat)]
    seat: Option<SeatId>,
    #[command(flatten)]
    showing: Showing,
}

/// Options of `round confirm`.
#[derive(Args, Debug)]
pub struct Confirm {
    #[command(flatten)]
    node: NodeOfRun,
    /// What was found, as JSON; to commit
    #[arg(long, value_name = "FILE")]
    answer: Option<PathBuf>,
    #[command(flatten)]
    times: Times,
    #[command(flatten)]
    showing: Showing,
}

/// The open round and a node's seats in it.
struct Table {
    training: Training,
    run: Run,
    round: Round,
    seats: Vec<SeatInfo>,
    groups: Vec<Group>,
}

impl Table {
    async fn find(session: &Session, node: &NodeOfRun) -> Result<Self> {
        let training = Training::find(session).await?;
        let run = training.run(node.run).await?;
        let round = training.open_round(&run).await?;
        let seats = training.duties(&round, node.node).await?;
        let groups = training.groups(&round).await?;
        Ok(Self { training, run, round, seats, groups })
    }

    fn turn(&self) -> Option<Turn> {
        Turn::of(self.run.params.algorithm.mode, &self.round)
    }

    fn desk(&self, act: Act, named: Option<SeatId>) -> Result<Desk<'_>, Failure> {
        let seat = pick(self.turn(), act, &self.seats, named)?;
        let group = self.groups.iter().find(|group| group.group == seat.id.group);
        Ok(Desk { run: &self.run, round: &self.round, seat, group })
    }

    async fn commit(
        &self,
        session: &Session,
        (node, found): (&NodeOfRun, Found),
        desk: Desk<'_>,
    ) -> Result<()> {
        let signer = node.key.sender(session, &self.training)?;
        let store = Store::of(&session.home);
        let committed = {
            let _progress = session.output.progress("waiting for the block");
            self.training.commit(&signer, &store, desk, found).await?
        };
        let context = self.training.context(&self.round);
        let path = store.path(&desk.place(&context)?);
        session.output.print(&CommittedReport {
            training: self.training.address.clone(),
            run_id: self.round.run_id,
            round_id: self.round.round_id,
            node_id: node.node,
            seat: name::seat(desk.seat.id),
            work: committed.kept.work,
            commit: committed.kept.commit,
            kept: path.display().to_string(),
            traced_step: desk.traced_step(&context, &committed.kept.answer),
            transaction: committed.receipt.as_ref().map(Transaction::from),
        })
    }

    async fn reveal(
        &self,
        session: &Session,
        (node, showing): (&NodeOfRun, &Showing),
        desk: Desk<'_>,
    ) -> Result<()> {
        let trace = showing.trace.as_deref().map(|path| read_json::<TraceProof>(path, "trace"));
        let trace = trace.transpose()?;
        let (key, signer) = node.key.open(session, &self.training)?;
        let signing = Signing {
            scheme: showing.signing.scheme,
            level: showing.level,
            expires_at: statement::expiry(showing.signing.expires_in)?,
        };
        let store = Store::of(&session.home);
        let (message, kept) = self.training.reveal(&store, desk, (&key, signing), trace)?;
        let receipt = {
            let _progress = session.output.progress("waiting for the block");
            self.training.tell(&signer, &message).await?
        };
        let seat = name::seat(desk.seat.id);
        let told = Told::new(&self.training, &receipt, format!("The seat {seat} is revealed"))
            .field("attested", format!("as {}", showing.signing.scheme))
            .field("committed to", kept.commit);
        let told =
            super::training_events(told, &self.training, &receipt, |event: &RoundRevealed| {
                ("work", event.work.clone())
            })?;
        session.output.print(&told)
    }
}

#[derive(Serialize)]
struct CommittedReport {
    training: String,
    run_id: u64,
    round_id: u64,
    node_id: u64,
    seat: String,
    work: Hash32,
    commit: Hash32,
    /// Where the answer and its salt are.
    kept: String,
    /// The step of the trace that the reveal must show.
    traced_step: Option<u32>,
    /// None if the commit was on the chain already.
    transaction: Option<Transaction>,
}

impl Report for CommittedReport {
    fn page(&self) -> Page {
        let heading = match self.transaction {
            Some(_) => format!("The seat {} has committed", self.seat),
            None => format!("The seat {} had committed before", self.seat),
        };
        let page = Page::new(heading)
            .field("work", self.work)
            .field("commit", self.commit)
            .field("answer and salt are in", &self.kept)
            .field_if("step of the trace to show", self.traced_step);
        match &self.transaction {
            Some(transaction) => transaction.on(page),
            None => page,
        }
    }
}

/// Commits.
pub(super) async fn commit(session: &Session, command: &Commit) -> Result<()> {
    let found = command.times.found(read_json(&command.answer, "answer")?)?;
    let table = Table::find(session, &command.node).await?;
    let desk = table.desk(Act::Commit, command.seat)?;
    table.commit(session, (&command.node, found), desk).await
}

/// Reveals.
pub(super) async fn reveal(session: &Session, command: &Reveal) -> Result<()> {
    let table = Table::find(session, &command.node).await?;
    let desk = table.desk(Act::Reveal, command.seat)?;
    table.reveal(session, (&command.node, &command.showing), desk).await
}

/// Commits or reveals in the committee.
pub(super) async fn confirm(session: &Session, command: &Confirm) -> Result<()> {
    let answer = command.answer.as_deref().map(|path| read_json(path, "answer")).transpose()?;
    let table = Table::find(session, &command.node).await?;
    match confirms(table.turn(), &table.round)? {
        Act::Reveal => {
            let desk = table.desk(Act::Reveal, None)?;
            table.reveal(session, (&command.node, &command.showing), desk).await
        }
        Act::Commit => {
            let answer = answer.ok_or_else(|| {
                Failure::usage("the committee commits now").hint("give --answer FILE")
            })?;
            let found = command.times.found(answer)?;
            let desk = table.desk(Act::Commit, None)?;
            table.commit(session, (&command.node, found), desk).await
        }
    }
}

/// What the committee does now.
fn confirms(turn: Option<Turn>, round: &Round) -> Result<Act, Failure> {
    let committees = [Stage::Committee, Stage::SecondCommittee, Stage::ThirdCommittee];
    match turn {
        Some(turn) if committees.contains(&turn.stage) => Ok(turn.act),
        _ => Err(Failure::new(format!("the round is in {}", name::of(round.phase)))
            .hint("a committee confirms after the leader has posted the new model")),
    }
}

#[cfg(test)]
mod tests {
    use modelbond_interface::training::{Mode, Phase};
    use rstest::rstest;

    use super::*;
    use crate::training::sample;

    #[rstest]
    #[case(Phase::ConfirmCommit, Some(Act::Commit))]
    #[case(Phase::ConfirmReveal, Some(Act::Reveal))]
    #[case(Phase::Commit, None)]
    #[case(Phase::Post, None)]
    fn a_committee_acts_in_its_own_phases(#[case] phase: Phase, #[case] expected: Option<Act>) {
        let round = Round { phase, ..sample::round() };
        assert_eq!(confirms(Turn::of(Mode::Exact, &round), &round).ok(), expected);
    }

    #[test]
    fn work_does_not_end_before_it_begins() {
        let times = Times { started_at: Some(20), ended_at: Some(10) };
        assert!(times.found(sample::answer()).unwrap_err().to_string().contains("after 10"));
        let times = Times { started_at: None, ended_at: Some(10) };
        let found = times.found(sample::answer()).unwrap();
        assert_eq!((found.started_at, found.ended_at), (10, 10));
    }

    #[test]
    fn a_commit_that_was_there_says_so() {
        let report = CommittedReport {
            training: "wasm1training".to_owned(),
            run_id: 2,
            round_id: 4,
            node_id: 7,
            seat: "check:0:1".to_owned(),
            work: Hash32([1; 32]),
            commit: Hash32([2; 32]),
            kept: "/home/commits/x.json".to_owned(),
            traced_step: Some(17),
            transaction: None,
        };
        let page = crate::output::text(&report.page());
        assert!(page.starts_with("The seat check:0:1 had committed before"), "{page}");
        assert!(page.contains("step of the trace to show  17"), "{page}");
    }
}
