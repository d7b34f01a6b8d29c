//! `modelbond audit`: the books of a deployment, recomputed from its events and compared with what its
//! contracts answer.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use cosmwasm_std::Uint128;
use modelbond_audit::compare::{compare, compare_rewards};
use modelbond_audit::rewards::ModelRewards;
use modelbond_audit::state::{ask, ask_rewards};
use modelbond_audit::Finding;
use serde::Serialize;

use crate::audit::{Audit as Audited, Deployment, Source};
use crate::failure::Failure;
use crate::format;
use crate::output::{Page, Report};
use crate::session::Session;

/// Recompute the books of markets, provenance, rewards and training from their events alone, and compare
/// them with what the contracts answer
#[derive(Args, Debug)]
#[command(after_help = "\
Every event of every block is read, from the first contract on, so this takes its time on a long chain;
--export keeps what was read. Exit code 1 when anything differs.

Examples:
  modelbond audit
  modelbond audit VIS --export vis.jsonl
  modelbond audit VIS --log vis.jsonl")]
pub struct Audit {
    /// Symbols or addresses [default: all that the registry and the network file have]
    #[arg(value_name = "MODEL")]
    models: Vec<String>,
    /// Where events come from
    #[command(flatten)]
    events: Events,
}

/// Where events come from.
#[derive(Args, Debug)]
pub struct Events {
    /// Audit the events in this file, and not those of the chain's blocks
    #[arg(long, value_name = "FILE", conflicts_with_all = ["export", "from_height"])]
    log: Option<PathBuf>,
    /// Write the events that were read to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// First block to read [default: that in which the first of the contracts was made]
    #[arg(long, value_name = "N")]
    from_height: Option<u64>,
    /// Last block to read, of whose state contracts are asked [default: the newest]
    #[arg(long, value_name = "N")]
    to_height: Option<u64>,
}

impl From<Events> for Source {
    fn from(events: Events) -> Self {
        let Events { log, export, from_height, to_height } = events;
        Self { log, export, from_height, to_height }
    }
}

/// Differences that a page shows.
const SHOWN: usize = 100;

/// A difference.
#[derive(Serialize)]
struct Difference {
    r#where: String,
    what: String,
    expected: String,
    actual: String,
}

impl From<&Finding> for Difference {
    fn from(finding: &Finding) -> Self {
        let Finding { what, at, expected, actual } = finding.clone();
        Self { r#where: at.to_string(), what, expected, actual }
    }
}

/// What every audit says.
#[derive(Serialize)]
struct Outcome {
    chain_id: String,
    from_height: Option<u64>,
    to_height: u64,
    entries: u64,
    differences: Vec<Difference>,
    /// What contracts are called, by address.
    #[serde(skip)]
    names: Vec<(String, String)>,
}

impl Outcome {
    fn new(deployment: &Deployment, audited: &Audited, findings: &[Finding]) -> Self {
        Self {
            chain_id: deployment.chain_id.clone(),
            from_height: audited.from_height,
            to_height: audited.to_height,
            entries: audited.entries,
            differences: findings.iter().map(Difference::from).collect(),
            names: deployment.names().map(|(name, address)| (address, name)).collect(),
        }
    }

    fn on(&self, page: Page) -> Page {
        let from = self.from_height.map(|from| format!("{from} to {}", self.to_height));
        page.field("chain", &self.chain_id)
            .field_if("blocks", from)
            .field("state after block", self.to_height)
            .field("events", format::grouped(&self.entries.to_string()))
    }

    /// The end of a page.
    fn closing(&self, page: Page) -> Page {
        let mut page = page;
        if !self.differences.is_empty() {
            page = page.heading("Differences");
        }
        for found in self.differences.iter().take(SHOWN) {
            let Difference { r#where, what, expected, actual } = found;
            let text = format!("  {where}: {what} is {actual}, expected {expected}");
            page = page.note(self.named(text));
        }
        let more = self.differences.len().saturating_sub(SHOWN);
        if more > 0 {
            page = page.note(format!("  and {more} more; --json lists all"));
        }
        page.note(counted(self.differences.len()))
    }

    /// A text in which contracts have their names.
    fn named(&self, text: String) -> String {
        self.names.iter().fold(text, |text, (address, name)| text.replace(address, name))
    }

    /// Exit code 1 when anything differs.
    fn verdict(&self) -> Result<()> {
        let Self { chain_id, differences, .. } = self;
        if differences.is_empty() {
            return Ok(());
        }
        let what = format!("{} in the books of {chain_id}", counted(differences.len()));
        Err(Failure::new(what).into())
    }
}

fn counted(differences: usize) -> String {
    match differences {
        1 => "1 difference".to_owned(),
        count => format!("{count} differences"),
    }
}

/// A contract's part of the log.
#[derive(Serialize)]
struct Contract {
    name: String,
    address: String,
    events: u64,
}

/// A market's books in short.
#[derive(Serialize)]
struct Market {
    symbol: String,
    address: String,
    supply: Uint128,
    holders: usize,
    reserve_and_pending: Uint128,
    ledgers: Uint128,
    trades: u64,
}

#[derive(Serialize)]
struct Books {
    #[serde(flatten)]
    outcome: Outcome,
    contracts: Vec<Contract>,
    markets: Vec<Market>,
}

impl Report for Books {
    fn page(&self) -> Page {
        let row = |contract: &Contract| {
            let events = format::grouped(&contract.events.to_string());
            vec![contract.name.clone(), events, contract.address.clone()]
        };
        let rows = self.contracts.iter().map(row).collect();
        let page = self.outcome.on(Page::new("Audit")).heading("Contracts");
        let page = page.table(&["contract", "events", "address"], rows);
        let row = |market: &Market| {
            vec![
                market.symbol.clone(),
                format::tokens(market.supply, &market.symbol),
                market.holders.to_string(),
                format::grouped(&market.reserve_and_pending.to_string()),
                format::grouped(&market.ledgers.to_string()),
                format::grouped(&market.trades.to_string()),
            ]
        };
        let rows: Vec<_> = self.markets.iter().map(row).collect();
        let head = ["market", "supply", "holders", "reserve and pending", "ledgers", "trades"];
        let page = if rows.is_empty() { page } else { page.heading("Markets").table(&head, rows) };
        self.outcome.closing(page)
    }
}

/// Runs `audit`.
///
/// # Errors
/// When anything differs, or cannot be read.
pub async fn run(session: &Session, command: Audit) -> Result<()> {
    let deployment = Deployment::find(session, &command.models).await?;
    let mut audited = deployment.audit(session, &command.events.into()).await?;
    let answers = {
        let _progress = session.output.progress("asking the contracts");
        ask(&audited.state, &deployment.addresses, &audited.books)?
    };
    let mut findings = std::mem::take(&mut audited.findings);
    findings.extend(compare(&deployment.addresses, &audited.books, &answers));
    let report = Books {
        outcome: Outcome::new(&deployment, &audited, &findings),
        contracts: contracts(&deployment, &audited),
        markets: markets(&deployment, &audited),
    };
    session.output.print(&report)?;
    report.outcome.verdict()
}

fn contracts(deployment: &Deployment, audited: &Audited) -> Vec<Contract> {
    let contract = |(name, address): (String, String)| {
        let events = audited.books.entries.get(&address).copied().unwrap_or_default();
        Contract { name, address, events }
    };
    deployment.names().map(contract).collect()
}

fn markets(deployment: &Deployment, audited: &Audited) -> Vec<Market> {
    let market = |(address, books): (&String, &modelbond_audit::market::MarketBooks)| Market {
        symbol: deployment.symbols.get(address).cloned().unwrap_or_default(),
        address: address.clone(),
        supply: books.supply.into(),
        holders: books.balances.values().filter(|balance| **balance > 0).count(),
        reserve_and_pending: books.held.into(),
        ledgers: books.money().saturating_sub(books.held).into(),
        trades: books.epochs.values().map(|epoch| u64::from(epoch.trades)).sum(),
    };
    audited.books.markets.iter().map(market).collect()
}

/// An epoch's budget.
#[derive(Serialize)]
struct Epoch {
    epoch: u32,
    volume: Uint128,
    performance: u64,
    carry: Uint128,
    budget: Uint128,
    spent: Uint128,
    tokens: Uint128,
}

/// Block rewards of a model, recomputed.
#[derive(Serialize)]
struct Rewards {
    #[serde(flatten)]
    outcome: Outcome,
    model: String,
    symbol: String,
    epochs: Vec<Epoch>,
    paid: BTreeMap<String, Uint128>,
    owed: Uint128,
}

impl Report for Rewards {
    fn page(&self) -> Page {
        let Self { symbol, .. } = self;
        let row = |epoch: &Epoch| {
            let number = |number: Uint128| format::grouped(&number.to_string());
            vec![
                epoch.epoch.to_string(),
                number(epoch.volume),
                epoch.performance.to_string(),
                number(epoch.carry),
                number(epoch.budget),
                number(epoch.spent),
                format::tokens(epoch.tokens, symbol),
            ]
        };
        let page = self.outcome.on(Page::new(format!("Block rewards of {symbol}, recomputed")));
        let page = page.field("owed to operators", format::tokens(self.owed, symbol));
        let head = ["epoch", "volume", "P in millionths", "carry", "budget", "spent", "tokens"];
        let rows: Vec<_> = self.epochs.iter().map(row).collect();
        let page = if rows.is_empty() {
            page.note("no epoch was settled")
        } else {
            page.heading("Budgets").table(&head, rows)
        };
        let row = |(operator, tokens): (&String, &Uint128)| {
            vec![operator.clone(), format::tokens(*tokens, symbol)]
        };
        let rows: Vec<_> = self.paid.iter().map(row).collect();
        let page = if rows.is_empty() {
            page
        } else {
            page.heading("Paid").table(&["operator", "tokens"], rows)
        };
        self.outcome.closing(page)
    }
}

/// Recomputes the block rewards of a model, and compares them with what rewards answers.
///
/// # Errors
/// When anything differs, or cannot be read.
pub async fn rewards(session: &Session, model: &str, events: Events) -> Result<()> {
    let deployment = Deployment::find(session, &[model.to_owned()]).await?;
    let Some((model, symbol)) = deployment.symbols.iter().next() else {
        return Err(Failure::new(format!("no model {model}")).into());
    };
    let Some(contract) = &deployment.addresses.rewards else {
        return Err(Failure::new("no rewards contract is recorded")
            .hint("modelbond deploy --beacon FILE makes one")
            .into());
    };
    let mut audited = deployment.audit(session, &events.into()).await?;
    let answers = {
        let _progress = session.output.progress("asking rewards");
        ask_rewards(&audited.state, contract, model, &audited.books.rewards)?
    };
    let mut findings = std::mem::take(&mut audited.findings);
    findings.extend(compare_rewards(contract, model, &audited.books.rewards, &answers));
    let books = audited.books.rewards.models.get(model).cloned().unwrap_or_default();
    let ModelRewards { budgets, paid, owed, .. } = books;
    let epoch = |(epoch, budget): (u32, modelbond_audit::rewards::BudgetBooks)| Epoch {
        epoch,
        volume: budget.volume.into(),
        performance: budget.performance,
        carry: budget.carry.into(),
        budget: budget.budget.into(),
        spent: budget.spent.into(),
        tokens: budget.tokens.into(),
    };
    let report = Rewards {
        outcome: Outcome::new(&deployment, &audited, &findings),
        model: model.clone(),
        symbol: symbol.clone(),
        epochs: budgets.into_iter().map(epoch).collect(),
        paid: paid.into_iter().map(|(who, tokens)| (who, tokens.into())).collect(),
        owed: owed.into(),
    };
    session.output.print(&report)?;
    report.outcome.verdict()
}
