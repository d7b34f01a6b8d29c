//! One node: what it does next, from what the chain says.

use anyhow::Result;
use cosmwasm_std::Timestamp;
use modelbond_client::Signer;
use modelbond_interface::nodes::{self, EpochResponse, Readiness};
use modelbond_interface::training::{
    Answer, Group, Hash32, Outcome, Phase, Round, Run, Stage, Window,
};
use modelbond_learn::model::Model;
use modelbond_signature::Scheme;

use super::history;
use super::wine::{describe, Worked};
use super::Table;
use crate::failure;
use crate::training::kept::{Found, Store};
use crate::training::lead::posting;
use crate::training::turn::{Act, Turn};
use crate::training::work::{Desk, Signing};
use crate::training::{name, statement, NodeKey};

/// For how long an attestation is valid.
const EXPIRES_IN: u64 = 3_600;
/// A leader who waits for the slice posts without it when so many seconds are left.
const LAST_MOMENT: u64 = 4;

/// What a node sees of the chain.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The run.
    pub run: &'a Run,
    /// The open round.
    pub round: Option<&'a Round>,
    /// Time of the last block.
    pub time: Timestamp,
    /// Whether the node leaves after this round.
    pub last_round: bool,
}

/// A node that plays.
pub struct Player {
    /// What it is called in messages.
    pub name: String,
    /// Its number.
    pub node_id: u64,
    /// Its keys.
    pub key: NodeKey,
    /// Who sends: its owner, or its own account.
    pub signer: Signer,
    /// Where its commits are kept.
    pub store: Store,
    /// Whether it tells wrong results as a trainer or witness.
    pub lies: bool,
    /// What was done or refused, so that it is not tried again.
    pub memory: Memory,
}

/// What a node remembers.
#[derive(Debug, Default)]
pub struct Memory {
    /// The last epoch in which it said that it is ready.
    ready: Option<u64>,
    /// The last round whose lead it proved or could not prove, and in which half of the window.
    lead: Option<(u64, bool)>,
    /// The last thing that was refused.
    complaint: String,
}

impl Player {
    /// Says what went wrong, once.
    pub fn complain(&mut self, table: &Table, what: &str) {
        if self.memory.complaint != what {
            table.say(&self.name, what);
            self.memory.complaint = what.to_owned();
        }
    }

    /// Does what is due.
    pub async fn act(&mut self, table: &Table, seen: Seen<'_>) -> Result<()> {
        if !seen.last_round {
            self.get_ready(table, seen.run).await?;
        }
        let Some(round) = seen.round else { return Ok(()) };
        match round.phase {
            Phase::Elect => self.prove(table, round, seen.time).await?,
            Phase::Post => self.post(table, seen, round).await?,
            Phase::Commit | Phase::Reveal => self.post_output(table, round).await?,
            _ => {}
        }
        self.sit(table, seen.run, round).await
    }

    /// Ready for the next epoch, once in each.
    async fn get_ready(&mut self, table: &Table, run: &Run) -> Result<()> {
        let EpochResponse { epoch, .. } = table.training.epoch().await?;
        if self.memory.ready == Some(epoch) {
            return Ok(());
        }
        let terms = table.wine.terms();
        let readiness = Readiness {
            dataset_root: terms.dataset_root.into(),
            algorithm_hash: terms.algorithm.into(),
            known_answer: terms.known_answer.into(),
            build: concat!("modelbond ", env!("CARGO_PKG_VERSION")).to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
        };
        let (run_id, node_id) = (run.run_id, self.node_id);
        let message = nodes::ExecuteMsg::Ready { run_id, node_id, readiness };
        match table.training.tell_nodes(&self.signer, &message).await {
            Ok(_) => {
                if self.memory.ready.is_none() {
                    table.say(&self.name, format!("ready from epoch {}", epoch.saturating_add(1)));
                }
                self.memory.ready = Some(epoch);
                self.memory.complaint.clear();
            }
            Err(error) => self.complain(table, &failure::text(&error)),
        }
        Ok(())
    }

    /// Proves the lead: a good ticket at once, any other in the second half of the window.
    async fn prove(&mut self, table: &Table, round: &Round, time: Timestamp) -> Result<()> {
        let late = round.window.is_some_and(|window| is_late(&window, time));
        let queued = round.lead.leaders.iter().any(|leader| leader.node_id == self.node_id);
        let done = self
            .memory
            .lead
            .is_some_and(|(id, was_late)| id == round.round_id && (was_late || !late));
        if queued || done {
            return Ok(());
        }
        let lead = table.training.lead(round, self.node_id, &self.key).await?;
        if !lead.early && !late {
            return Ok(());
        }
        self.memory.lead = Some((round.round_id, late));
        table.training.tell(&self.signer, &lead.message).await?;
        table.say(&self.name, format!("round {}: proved its ticket", round.round_id));
        Ok(())
    }

    /// The best leader's second output.
    async fn post_output(&self, table: &Table, round: &Round) -> Result<()> {
        let best = round
            .lead
            .leaders
            .first()
            .filter(|leader| leader.node_id == self.node_id && !leader.output.is_empty());
        if best.is_none() || round.lead.second_output.is_some() {
            return Ok(());
        }
        let message = table.training.second_output(round, &self.key)?;
        table.training.tell(&self.signer, &message).await?;
        table.say(&self.name, format!("round {}: posted its second output", round.round_id));
        Ok(())
    }

    /// The leader whose turn it is posts the new model, once the slice is open.
    async fn post(&self, table: &Table, seen: Seen<'_>, round: &Round) -> Result<()> {
        let leader = round.lead.leaders.get(usize::from(round.lead.attempt));
        if leader.is_none_or(|leader| leader.node_id != self.node_id)
            || round.model.aggregate.is_some()
        {
            return Ok(());
        }
        let sliced = round.model.slice.is_some() || seen.run.params.dataset.slices.is_empty();
        let soon = seen.time.plus_seconds(LAST_MOMENT);
        if !sliced && round.window.is_some_and(|window| soon < window.ends_at) {
            return Ok(());
        }
        let groups = table.training.groups(round).await?;
        let worked = self.confirms(table, (seen.run, round), &groups).await?;
        if worked.answer.outcome != Outcome::Result {
            anyhow::bail!("it leads and does not have the model to begin with");
        }
        let message = posting(round, self.node_id, worked.answer)?;
        table.training.tell(&self.signer, &message).await?;
        let what = describe(&worked.answer);
        table.say(&self.name, format!("round {}: posted the new model, {what}", round.round_id));
        Ok(())
    }

    /// Commits or reveals in each of its seats whose turn it is.
    async fn sit(&self, table: &Table, run: &Run, round: &Round) -> Result<()> {
        let Some(turn) = Turn::of(run.params.algorithm.mode, round) else { return Ok(()) };
        let seats = table.training.duties(round, self.node_id).await?;
        // Not lazily: a filter that lives across an await cannot be sent between threads.
        let due: Vec<_> = seats.iter().filter(|seat| turn.awaits(seat)).collect();
        if due.is_empty() {
            return Ok(());
        }
        let groups = table.training.groups(round).await?;
        for seat in due {
            let group = groups.iter().find(|group| group.group == seat.id.group);
            let desk = Desk { run, round, seat, group };
            match turn.act {
                Act::Commit => self.commit(table, desk, &groups).await?,
                Act::Reveal => self.reveal(table, desk, &groups).await?,
            }
        }
        Ok(())
    }

    async fn commit(&self, table: &Table, desk: Desk<'_>, groups: &[Group]) -> Result<()> {
        let started_at = statement::clock()?;
        let worked = self.work(table, desk, groups).await?;
        let mut answer = worked.answer;
        if self.lies && desk.seat.id.stage == Stage::Work {
            answer = lie(answer, self.node_id);
        }
        let found = Found { answer, started_at, ended_at: statement::clock()? };
        table.training.commit(&self.signer, &self.store, desk, found).await?;
        let seat = name::seat(desk.seat.id);
        let what = describe(&answer);
        let told = if answer == worked.answer { "" } else { ", a lie" };
        let id = desk.round.round_id;
        table.say(&self.name, format!("round {id}: committed as {seat}, {what}{told}"));
        Ok(())
    }

    async fn reveal(&self, table: &Table, desk: Desk<'_>, groups: &[Group]) -> Result<()> {
        let context = table.training.context(desk.round);
        let kept = self.store.load(&desk.place(&context)?)?;
        let step = kept.and_then(|kept| desk.traced_step(&context, &kept.answer));
        let trace = match step {
            Some(step) => self.work(table, desk, groups).await?.proof(step),
            None => None,
        };
        let signing = Signing {
            scheme: Scheme::Adr036,
            level: 0,
            expires_at: statement::expiry(EXPIRES_IN)?,
        };
        let key = (&self.key, signing);
        let (message, _) = table.training.reveal(&self.store, desk, key, trace)?;
        table.training.tell(&self.signer, &message).await?;
        let (id, seat) = (desk.round.round_id, name::seat(desk.seat.id));
        table.say(&self.name, format!("round {id}: revealed as {seat}"));
        Ok(())
    }

    /// What is found in a seat.
    async fn work(&self, table: &Table, desk: Desk<'_>, groups: &[Group]) -> Result<Worked> {
        let Desk { run, round, seat, group } = desk;
        if !matches!(seat.id.stage, Stage::Work | Stage::Check | Stage::Appeal) {
            return self.confirms(table, (run, round), groups).await;
        }
        match (base(table, run).await?, group) {
            (Some(base), Some(group)) => Ok(table.wine.work(&base, group)?),
            _ => Ok(Worked::without(Outcome::Unavailable)),
        }
    }

    /// The new model, from the accepted groups, scored.
    async fn confirms(
        &self,
        table: &Table,
        (run, round): (&Run, &Round),
        groups: &[Group],
    ) -> Result<Worked> {
        let Some(base) = base(table, run).await? else {
            return Ok(Worked::without(Outcome::Unavailable));
        };
        let next = table.wine.next(&base, (groups, round.accepted), &run.params)?;
        table.models.keep(&next)?;
        let worked = table.wine.scored((&base, &next), round.model.slice)?;
        Ok(worked.unwrap_or_else(|| Worked::without(Outcome::Unavailable)))
    }
}

async fn base(table: &Table, run: &Run) -> Result<Option<Model>> {
    history::base(&table.training, (&table.wine, &table.models), run).await
}

/// Whether more than half of a window is over.
fn is_late(window: &Window, time: Timestamp) -> bool {
    let half = window.ends_at.nanos().saturating_sub(window.opened_at.nanos()) / 2;
    time.nanos() >= window.opened_at.nanos().saturating_add(half)
}

/// Another result than the one that was found, of its own for each node.
fn lie(answer: Answer, node_id: u64) -> Answer {
    let mut result_hash = answer.result_hash.0;
    for (byte, other) in result_hash.iter_mut().zip(node_id.saturating_add(1).to_be_bytes()) {
        *byte ^= other;
    }
    Answer { result_hash: Hash32(result_hash), ..answer }
}

/// The number of the node that has a key.
pub async fn find(training: &crate::training::Training, key: &NodeKey) -> Result<Option<u64>> {
    let mut start_after = None;
    loop {
        let question = nodes::QueryMsg::Nodes { owner: None, start_after, limit: Some(30) };
        let page = training.ask_nodes::<nodes::NodesResponse>(&question).await?.nodes;
        let of_key = |node: &&nodes::Node| {
            let mut keys = node.keys.iter().chain(&node.announced);
            !node.retired
                && keys.any(|keys| keys.attestation_key.as_slice() == key.attestation_key())
        };
        if let Some(node) = page.iter().find(of_key) {
            return Ok(Some(node.node_id));
        }
        match page.last() {
            Some(last) => start_after = Some(last.node_id),
            None => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::sample;

    #[test]
    fn every_liar_has_a_lie_of_its_own() {
        let honest = sample::answer();
        let (one, other) = (lie(honest, 1), lie(honest, 2));
        assert!(one != honest && other != honest && one != other);
        assert_eq!(Answer { result_hash: honest.result_hash, ..one }, honest);
    }

    #[test]
    fn a_window_is_late_from_its_middle_on() {
        let window = sample::window();
        assert!(!is_late(&window, Timestamp::from_seconds(1_974)));
        assert!(is_late(&window, Timestamp::from_seconds(1_975)));
    }
}
