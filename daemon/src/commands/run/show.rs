//! Looking into runs.

use anyhow::Result;
use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    QueryMsg, Run, RunParams, RunStatus, RunsResponse, SecurityResponse,
};
use serde::Serialize;

use super::Part;
use crate::format;
use crate::output::Page;
use crate::session::Session;
use crate::training::{name, Shown, Training};

/// Lists runs.
pub(super) async fn list(session: &Session, model: Option<&str>, part: &Part) -> Result<()> {
    let training = Training::find(session).await?;
    let model = model.map(|model| training.network.market_address(model)).transpose()?;
    let question = QueryMsg::Runs { model, start_after: part.start_after, limit: Some(part.limit) };
    let answer: RunsResponse = training.ask(&question).await?;
    let symbol = |run: &Run| name::model(&training.network, &run.model);
    let page = runs(&answer.runs, symbol);
    let page = match part.more(answer.runs.len(), answer.runs.last().map(|run| run.run_id)) {
        Some(more) => page.note(more),
        None => page,
    };
    session.output.print(&Shown::new(&training, answer, page))
}

fn runs(runs: &[Run], symbol: impl Fn(&Run) -> String) -> Page {
    if runs.is_empty() {
        return Page::new("No runs").note("modelbond run template and run open make one");
    }
    let row = |run: &Run| {
        let symbol = symbol(run);
        vec![
            run.run_id.to_string(),
            symbol.clone(),
            status(&run.status),
            run.rounds.to_string(),
            run.open_round.map_or_else(|| "none".to_owned(), |round| round.to_string()),
            format::tokens(run.ledger.budget, &symbol),
            format::tokens(run.ledger.bond, &symbol),
        ]
    };
    let head = ["run", "model", "status", "rounds", "open round", "budget", "bond"];
    Page::new("Runs").table(&head, runs.iter().map(row).collect())
}

fn status(status: &RunStatus) -> String {
    match status {
        RunStatus::Open {} => "open".to_owned(),
        RunStatus::Held { until } => format!("held until {}", format::time(*until)),
        RunStatus::Closed {} => "closed".to_owned(),
    }
}

#[derive(Serialize)]
struct OneRun {
    run: Run,
}

/// Shows a run.
pub(super) async fn show(session: &Session, run_id: u64) -> Result<()> {
    let training = Training::find(session).await?;
    let run = training.run(run_id).await?;
    let page = one(&run, &name::model(&training.network, &run.model));
    session.output.print(&Shown::new(&training, OneRun { run }, page))
}

fn one(run: &Run, symbol: &str) -> Page {
    let tokens = |amount: Uint128| format::tokens(amount, symbol);
    let page = Page::new(format!("Run {} of {symbol}", run.run_id))
        .field("status", status(&run.status))
        .field("owner", &run.owner)
        .field("opened at", format::time(run.opened_at))
        .field("rounds", run.rounds)
        .field_if("open round", run.open_round)
        .field("best score", millionths(run.best_score))
        .field("slices left", run.params.dataset.slices.len())
        .field("holds", run.holds)
        .heading("Money")
        .field("budget", tokens(run.ledger.budget))
        .field(
            "bond",
            format!("{} of {}", tokens(run.ledger.bond), tokens(run.params.money.min_bond)),
        )
        .field("rolled over", tokens(run.ledger.rolled_over))
        .field("reserved", tokens(run.ledger.reserved))
        .field("to be burned", tokens(run.ledger.burnable));
    parameters(page.heading("Parameters"), &run.params, symbol)
}

/// The parameters of a run, for people.
pub(super) fn parameters(page: Page, params: &RunParams, symbol: &str) -> Page {
    let tokens = |amount: Uint128| format::tokens(amount, symbol);
    let (sizes, lengths, penalties) = (params.sizes, params.lengths, params.penalties);
    let lasts = [
        ("elect", lengths.elect_secs),
        ("commit", lengths.commit_secs),
        ("reveal", lengths.reveal_secs),
        ("check", lengths.check_secs),
        ("aggregate", lengths.aggregate_secs),
    ]
    .map(|(phase, secs)| format!("{phase} {}", format::span(secs)));
    let (wrong, late, absent) = (penalties.wrong_bps, penalties.late_bps, penalties.absent_bps);
    page.field("model now", params.base_hash)
        .field("dataset", format!("{} in {} shards", params.dataset.root, params.dataset.shards))
        .field("algorithm", params.algorithm.hash)
        .field("mode", params.algorithm.mode.name())
        .field("aggregation", name::of(params.algorithm.aggregation))
        .field("groups", format!("{} of a trainer and {} witnesses", sizes.groups, sizes.witnesses))
        .field("audits", format!("1 in {}", sizes.audit_one_in))
        .field("jury, committee", sizes.jury)
        .field("lengths", format!("{}, {} blocks each at least", lasts.join(", "), lengths.blocks))
        .field(
            "penalties",
            format!(
                "wrong {}, late {}, absent {}",
                format::bps(wrong.into()),
                format::bps(late.into()),
                format::bps(absent.into())
            ),
        )
        .field("a unit of stake", tokens(params.money.unit_stake))
        .field("a round pays", tokens(params.money.round_budget))
        .field("a challenge costs", tokens(params.money.challenge_bond))
        .field("usage source", &params.usage_source)
}

/// A number of millionths.
fn millionths(value: u64) -> String {
    crate::decimal::format(Uint128::from(value), 6)
}

/// Shows how safe a run's rounds are.
pub(super) async fn security(session: &Session, run_id: u64, epoch: Option<u64>) -> Result<()> {
    let training = Training::find(session).await?;
    let answer: SecurityResponse = training.ask(&QueryMsg::Security { run_id, epoch }).await?;
    let page = safety(run_id, &answer);
    session.output.print(&Shown::new(&training, answer, page))
}

fn safety(run_id: u64, answer: &SecurityResponse) -> Page {
    let moves = match (answer.moves_market, answer.small_network) {
        (true, true) => "move the market; it is a small network, allowed for tests",
        (true, false) => "move the market",
        (false, _) => "do not move the market",
    };
    Page::new(format!("Run {run_id} in epoch {}", answer.epoch))
        .field("nodes ready", answer.nodes)
        .field("units", answer.units)
        .field("owners", answer.owners)
        .field(
            "largest owner",
            format!("{} units, {} of all", answer.largest_owner_units, answer.largest_owner_share),
        )
        .field("metrics", moves)
        .table(
            &["a coalition with", "has a whole group with probability"],
            [
                ("1/5 of all units", answer.captured_group_20),
                ("3/10", answer.captured_group_30),
                ("2/5", answer.captured_group_40),
            ]
            .map(|(part, chance)| vec![part.to_owned(), chance.to_string()])
            .to_vec(),
        )
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Decimal, Timestamp};

    use super::*;
    use crate::output::text;
    use crate::training::sample;

    #[test]
    fn a_run_shows_its_money_and_where_it_stands() {
        let page = text(&one(&sample::run(), "VIS"));
        for line in [
            "Run 2 of VIS",
            "status       open",
            "budget        500 VIS",
            "bond          10 VIS of 10 VIS",
            "slices left  0",
            "commit 30 s",
            "1 of a trainer and 2 witnesses",
        ] {
            assert!(page.contains(line), "{line:?} in {page}");
        }
    }

    #[test]
    fn runs_are_a_table() {
        let until = Timestamp::from_seconds(2_000);
        let held = Run { run_id: 3, status: RunStatus::Held { until }, ..sample::run() };
        let page = text(&runs(&[sample::run(), held], |_| "VIS".to_owned()));
        assert!(page.contains("held until 1970-01-01 00:33:20 UTC"), "{page}");
        assert_eq!(page.lines().count(), 4, "{page}");
        assert!(text(&runs(&[], |_| String::new())).contains("run template"));
    }

    #[test]
    fn security_says_whether_the_market_moves() {
        let answer = SecurityResponse {
            epoch: 9,
            nodes: 3,
            units: 30,
            owners: 3,
            largest_owner_units: 10,
            largest_owner_share: Decimal::percent(33),
            captured_group_20: Decimal::permille(8),
            captured_group_30: Decimal::permille(27),
            captured_group_40: Decimal::permille(64),
            moves_market: true,
            small_network: true,
        };
        let page = text(&safety(2, &answer));
        assert!(page.contains("small network, allowed for tests"), "{page}");
        assert!(page.contains("2/5                                            0.064"), "{page}");
        let frozen = SecurityResponse { moves_market: false, ..answer };
        assert!(text(&safety(2, &frozen)).contains("do not move"));
    }
}
