//! Looking into rounds: who was drawn, who did what, what came of it.

use anyhow::Result;
use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Group, Outcome, Pay, QueryMsg, Round, RoundsResponse, SeatInfo, Stage,
};
use modelbond_rounds::digest::role;
use serde::Serialize;

use crate::commands::run::Part;
use crate::decimal;
use crate::format;
use crate::output::Page;
use crate::session::Session;
use crate::training::{name, Shown, Training};

/// Lists rounds.
pub(super) async fn list(session: &Session, run_id: u64, part: &Part) -> Result<()> {
    let training = Training::find(session).await?;
    let (start_after, limit) = (part.start_after, Some(part.limit));
    let question = QueryMsg::Rounds { run_id, start_after, limit };
    let answer: RoundsResponse = training.ask(&question).await?;
    let page = Page::new(format!("Rounds of run {run_id}")).table(
        &["round", "phase", "nodes", "groups", "accepted", "leader", "outcome"],
        answer.rounds.iter().map(row).collect(),
    );
    let last = answer.rounds.last().map(|round| round.round_id);
    let page = match part.more(answer.rounds.len(), last) {
        Some(more) => page.note(more),
        None => page,
    };
    session.output.print(&Shown::new(&training, answer, page))
}

fn row(round: &Round) -> Vec<String> {
    let leader = round.lead.leaders.get(usize::from(round.lead.attempt));
    vec![
        round.round_id.to_string(),
        name::of(round.phase),
        round.roster.nodes.to_string(),
        round.groups.to_string(),
        round.accepted.count_ones().to_string(),
        leader.map_or_else(|| "none".to_owned(), |leader| format!("node {}", leader.node_id)),
        outcome(round).to_owned(),
    ]
}

fn outcome(round: &Round) -> &'static str {
    match (round.held, round.model.confirmed, round.settled_at.is_some()) {
        (true, ..) => "held: two builds disagree",
        (_, true, true) => "a new model",
        (_, true, false) => "a new model, to be settled",
        (_, false, true) => "the old model stays",
        (_, false, false) => "open",
    }
}

/// A round with everything that belongs to it.
#[derive(Serialize)]
struct OneRound {
    round: Round,
    groups: Vec<Group>,
    seats: Vec<SeatInfo>,
}

/// Shows a round.
pub(super) async fn show(session: &Session, run_id: u64, round_id: Option<u64>) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let round = training.round(run_id, round_id).await?;
    let groups = training.groups(&round).await?;
    let mut seats = Vec::new();
    for stage in Stage::ALL {
        if has_seats(&round, &groups, stage) {
            seats.extend(training.all_seats(&round, stage).await?);
        }
    }
    let answer = OneRound { round, groups, seats };
    let page = one(&answer, &name::model(&training.network, &run.model));
    session.output.print(&Shown::new(&training, answer, page))
}

/// Whether a stage can have seats yet, so that nothing is asked in vain.
fn has_seats(round: &Round, groups: &[Group], stage: Stage) -> bool {
    let jury = |stage| groups.iter().any(|group| group.jury_stage == Some(stage));
    match stage {
        Stage::Work => !groups.is_empty(),
        Stage::Check => groups.iter().any(|group| group.auditors > 0) || jury(stage),
        Stage::Appeal => jury(stage),
        _ => {
            (0..=round.lead.attempt).any(|attempt| Stage::committee(attempt) == Some(stage))
                && (round.model.committee > 0 || round.lead.attempt > 0)
        }
    }
}

fn one(answer: &OneRound, symbol: &str) -> Page {
    let OneRound { round, groups, seats } = answer;
    let page = Page::new(format!("Round {} of run {}", round.round_id, round.run_id))
        .field("phase", name::of(round.phase))
        .field_if(
            "until",
            round.window.map(|window| {
                let height = format::grouped(&window.ends_height.to_string());
                format!("{} and height {height}", format::time(window.ends_at))
            }),
        )
        .field_if(
            "waits for",
            round
                .pin
                .as_ref()
                .map(|pin| format!("beacon round {}, due {}", pin.round, format::time(pin.at))),
        )
        .field("outcome", outcome(round))
        .field(
            "roster",
            format!(
                "{} nodes, {} units, {} owners, epoch {}",
                round.roster.nodes, round.roster.units, round.roster.owners, round.roster.epoch
            ),
        )
        .field(
            "beacon",
            if round.central_beacon { "central: one key can foresee it" } else { "public" },
        )
        .field("users say", format!("{} of 100", hundredths(round.nps)))
        .field("may pay", format::tokens(round.budget, symbol))
        .field_if("model", round.model.result_hash);
    let page = if round.lead.beacon_only {
        page.note("Nobody proved the lead: the first trainers lead, no metrics are reported")
    } else {
        page
    };
    let page = leaders(page, round);
    let page = groups.iter().fold(page, |page, group| of_group(page, group, seats));
    let page = committees(page, round, seats);
    match round.phase {
        modelbond_interface::training::Phase::Settle
        | modelbond_interface::training::Phase::Final => pay(page, &round.pay, symbol),
        _ => page,
    }
}

fn leaders(page: Page, round: &Round) -> Page {
    if round.lead.leaders.is_empty() {
        return page;
    }
    let rows = round.lead.leaders.iter().enumerate().map(|(place, leader)| {
        let turn = match place.cmp(&usize::from(round.lead.attempt)) {
            std::cmp::Ordering::Less => "failed",
            std::cmp::Ordering::Equal if round.model.confirmed => "confirmed",
            std::cmp::Ordering::Equal => "its turn",
            std::cmp::Ordering::Greater => "next",
        };
        let proved = if leader.output.is_empty() { "without a proof" } else { "proved" };
        vec![
            place.to_string(),
            format!("node {}", leader.node_id),
            name::short(leader.owner.as_str()),
            proved.to_owned(),
            turn.to_owned(),
        ]
    });
    let page =
        page.heading("Leaders").table(&["place", "node", "owner", "lead", "turn"], rows.collect());
    match (&round.lead.second_output, round.lead.beacon_only) {
        (None, false) => page.note("The second output is not posted"),
        _ => page,
    }
}

fn of_group(page: Page, group: &Group, seats: &[SeatInfo]) -> Page {
    let own = seats.iter().filter(|seat| {
        seat.id.group == group.group
            && matches!(seat.id.stage, Stage::Work | Stage::Check | Stage::Appeal)
    });
    let rows: Vec<Vec<String>> = own
        .map(|seat| {
            let jury = group.jury_stage == Some(seat.id.stage);
            seat_row(seat, role(seat.id, jury))
        })
        .collect();
    let heading = format!("Group {}, shard {}: {}", group.group, group.shard, name::verdict(group));
    let page = page.heading(heading).table(&SEAT_HEAD, rows);
    let checked = match group.check {
        modelbond_interface::training::Check::None => None,
        modelbond_interface::training::Check::Audit => Some("drawn for an audit"),
        modelbond_interface::training::Check::Incomplete => Some("checked: somebody is missing"),
        modelbond_interface::training::Check::Jury => Some("decided by a jury"),
        modelbond_interface::training::Check::Appeal => Some("decided by the jury of an appeal"),
    };
    let page = match checked {
        Some(why) => page.note(format!("  {why}")),
        None => page,
    };
    match &group.challenge {
        Some(challenge) => page.note(format!("  challenged by {}", challenge.by)),
        None => page,
    }
}

const SEAT_HEAD: [&str; 7] = ["seat", "role", "node", "owner", "committed", "revealed", "work"];

fn seat_row(seat: &SeatInfo, role: &str) -> Vec<String> {
    let yes = |there: bool| if there { "yes" } else { "no" }.to_owned();
    let (revealed, work) = match &seat.reveal {
        None => ("no".to_owned(), String::new()),
        Some(reveal) => {
            let what = match reveal.answer.outcome {
                Outcome::Result => {
                    format!("{} of {} right", reveal.answer.correct, reveal.answer.samples)
                }
                other => name::of(other),
            };
            (what, name::short(&reveal.work.to_string()))
        }
    };
    vec![
        name::seat(seat.id),
        role.to_owned(),
        format!("node {}", seat.seat.node_id),
        name::short(seat.seat.owner.as_str()),
        yes(seat.commit.is_some()),
        revealed,
        work,
    ]
}

fn committees(page: Page, round: &Round, seats: &[SeatInfo]) -> Page {
    let page = match &round.model.aggregate {
        Some(posted) => page
            .heading("The new model")
            .field("model", posted.answer.result_hash)
            .field("right", format!("{} of {}", posted.answer.correct, posted.answer.samples))
            .field("groups in it", posted.accepted.count_ones())
            .field("confirmed", if round.model.confirmed { "yes" } else { "no" }),
        None => page,
    };
    (0..=round.lead.attempt).filter_map(Stage::committee).fold(page, |page, stage| {
        let rows: Vec<_> = seats
            .iter()
            .filter(|seat| seat.id.stage == stage)
            .map(|seat| seat_row(seat, role(seat.id, false)))
            .collect();
        if rows.is_empty() {
            return page;
        }
        page.heading(format!("Committee of leader {}", stage.index().saturating_sub(3)))
            .table(&SEAT_HEAD, rows)
    })
}

fn pay(page: Page, pay: &Pay, symbol: &str) -> Page {
    let tokens = |amount: Uint128| format::tokens(amount, symbol);
    let each = |amount: Uint128, count: u32| format!("{} each for {count}", tokens(amount));
    page.heading("Pay")
        .field("contributions drew", format!("{} of {}", tokens(pay.drawn), tokens(pay.trainers)))
        .field("of it rolled over", tokens(pay.from_rolled_over))
        .field("witnesses", each(pay.per_witness, pay.witnesses))
        .field("leader", tokens(pay.leader))
        .field("committee", each(pay.per_member, pay.members))
        .field("advances", each(pay.per_advance, pay.advances))
        .field("no data, from the bond", each(pay.per_unavailable, pay.unavailable))
}

/// A number of hundredths, which may be negative.
fn hundredths(value: i32) -> String {
    let text = decimal::format(Uint128::from(value.unsigned_abs()), 2);
    if value < 0 {
        format!("-{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
