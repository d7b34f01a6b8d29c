//! `modelbond rewards`: block rewards of models, bought on their curves for who trained them.

use anyhow::Result;
use clap::{Args, Subcommand};
use cosmwasm_std::Uint128;
use modelbond_interface::registry;
use modelbond_interface::rewards::{
    Budget, ExecuteMsg, ModelRewardsResponse, OperatorResponse, Piece, QueryMsg, RewardsBought,
    RewardsBudgeted, RewardsPaid, Segment, SegmentsResponse,
};
use serde::Serialize;

use super::audit;
use super::run::Part;
use crate::contract::{Answered, Contract, Registry, Rewards as Contracts, Sent};
use crate::failure::Failure;
use crate::format;
use crate::output::Page;
use crate::session::Session;

/// See and move on block rewards: tokens of a model for who trained it, out of its trade fees
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Every epoch of a model's market has a budget: rate × volume × performance. Settling the epoch buys
tokens for it on the model's curve, a slice per 10 minutes, for the work that was accepted since the
last one. Operators are paid with their next contribution, or by claim.

Examples:
  modelbond rewards show VIS
  modelbond rewards show VIS --operator wasm1…
  modelbond rewards settle VIS
  modelbond rewards claim VIS
  modelbond rewards audit VIS")]
pub enum Rewards {
    /// Show where a model's rewards stand, or an operator's
    Show {
        /// Symbol or address
        model: String,
        /// Also the work of this operator that is not paid yet: an address or a key
        #[arg(long, value_name = "ACCOUNT")]
        operator: Option<String>,
        /// Which part of its work
        #[command(flatten)]
        part: Part,
    },
    /// Turn the volume of the market's last epoch into rewards, or spend more of its budget; anyone may
    Settle {
        /// Symbol or address
        model: String,
        /// The market's epoch that is over [default: the last one]
        #[arg(long, value_name = "N")]
        epoch: Option<u32>,
    },
    /// Pay an operator what is due, 8 pieces of work at a time; anyone may
    Claim(Claim),
    /// Recompute a model's block rewards from its events alone; exit code 1 when anything differs
    Audit {
        /// Symbol or address
        model: String,
        /// Where events come from
        #[command(flatten)]
        events: audit::Events,
    },
    /// List the pieces of a model's line of work with their tokens
    Segments {
        /// Symbol or address
        model: String,
        /// Which part of the list, by where segments end
        #[command(flatten)]
        part: Part,
    },
}

/// Options of `rewards claim`.
#[derive(Args, Debug)]
pub struct Claim {
    /// Symbol or address
    model: String,
    /// Who is paid: an address or a key [default: you]
    #[arg(long, value_name = "ACCOUNT")]
    operator: Option<String>,
}

/// A model, and how its amounts are written.
struct Named {
    rewards: Contract<Contracts>,
    model: String,
    symbol: String,
    denom: String,
}

impl Named {
    async fn find(session: &Session, model: &str) -> Result<Self> {
        let rewards = Contract::<Contracts>::find(session).await?;
        let model = rewards.model(model)?;
        let question = registry::QueryMsg::Model { model: model.clone() };
        let record: registry::ModelResponse =
            rewards.neighbour::<Registry>()?.ask(&question).await?;
        let (symbol, denom) = (record.symbol, record.terms.reserve_denom);
        Ok(Self { rewards, model, symbol, denom })
    }

    async fn standing(&self) -> Result<ModelRewardsResponse> {
        self.rewards.ask(&QueryMsg::Model { model: self.model.clone() }).await
    }

    fn tokens(&self, amount: Uint128) -> String {
        format::tokens(amount, &self.symbol)
    }

    fn reserve(&self, amount: Uint128) -> String {
        format::reserve(amount, &self.denom)
    }
}

/// Where rewards stand, and an operator's work if that was asked for.
#[derive(Serialize)]
struct Standing {
    model: String,
    #[serde(flatten)]
    standing: ModelRewardsResponse,
    operator: Option<Work>,
}

#[derive(Serialize)]
struct Work {
    operator: String,
    pieces: Vec<Piece>,
}

/// Runs the command.
pub async fn run(session: &Session, command: Rewards) -> Result<()> {
    match command {
        Rewards::Show { model, operator, part } => {
            show(session, &model, operator.as_deref(), &part).await
        }
        Rewards::Settle { model, epoch } => settle(session, &model, epoch).await,
        Rewards::Claim(command) => claim(session, &command).await,
        Rewards::Audit { model, events } => audit::rewards(session, &model, events).await,
        Rewards::Segments { model, part } => segments(session, &model, &part).await,
    }
}

async fn show(session: &Session, model: &str, operator: Option<&str>, part: &Part) -> Result<()> {
    let named = Named::find(session, model).await?;
    let standing = named.standing().await?;
    let page = Page::new(format!("Block rewards of {}", named.symbol))
        .field("epoch of its market", standing.epoch)
        .field("performance P", ratio(standing.performance))
        .field("work that no segment has yet", format::grouped(&standing.uncut_work.to_string()))
        .field("owed to operators", named.tokens(standing.owed));
    let page = match &standing.budget {
        Some(budget) => of_budget(page, &named, budget),
        None => page.note("no epoch was settled yet: modelbond rewards settle"),
    };
    let page = match &standing.open {
        Some(open) => page
            .heading("Open segment")
            .field("work", format!("{} to {}", open.start, open.end))
            .field("tokens so far", named.tokens(open.tokens)),
        None => page,
    };
    let (page, operator) = match operator {
        None => (page, None),
        Some(operator) => {
            let (page, work) = of_operator(session, page, &named, (operator, part)).await?;
            (page, Some(work))
        }
    };
    let model = named.model;
    session.output.print(&Answered::new(
        &named.rewards,
        Standing { model, standing, operator },
        page,
    ))
}

fn of_budget(page: Page, named: &Named, budget: &Budget) -> Page {
    page.heading(format!("Budget of epoch {}", budget.epoch))
        .field("volume V", named.reserve(budget.volume))
        .field("performance P", ratio(budget.performance))
        .field("left by earlier epochs", named.reserve(budget.carry))
        .field("budget", named.reserve(budget.budget))
        .field("of it spent", named.reserve(budget.spent))
}

async fn of_operator(
    session: &Session,
    page: Page,
    named: &Named,
    (operator, part): (&str, &Part),
) -> Result<(Page, Work)> {
    let operator = session.resolve_address(operator, &named.rewards.network.prefix)?;
    let question = QueryMsg::Operator {
        model: named.model.clone(),
        operator: operator.clone(),
        start_after: part.start_after,
        limit: Some(part.limit),
    };
    let OperatorResponse { pieces } = named.rewards.ask(&question).await?;
    let row = |piece: &Piece| {
        let due = piece.due.map_or_else(|| "not closed yet".to_owned(), |due| named.tokens(due));
        vec![format::grouped(&piece.offset.to_string()), piece.work.to_string(), due]
    };
    let rows: Vec<_> = pieces.iter().map(row).collect();
    let due: Uint128 = pieces.iter().filter_map(|piece| piece.due).sum();
    let page = page.heading(format!("Work of {operator} that is not paid"));
    let page = if rows.is_empty() {
        page.note("none")
    } else {
        let more = part.more(rows.len(), pieces.last().map(|piece| piece.offset));
        let page = page
            .field("due now", named.tokens(due))
            .table(&["place on the line", "seats", "due"], rows);
        more.into_iter().fold(page, Page::note)
    };
    Ok((page, Work { operator, pieces }))
}

/// Millionths as a part of 1.
fn ratio(millionths: u64) -> String {
    cosmwasm_std::Decimal::from_ratio(millionths, 1_000_000_u32).to_string()
}

async fn settle(session: &Session, model: &str, epoch: Option<u32>) -> Result<()> {
    let named = Named::find(session, model).await?;
    let epoch = match epoch {
        Some(epoch) => epoch,
        None => named.standing().await?.epoch.checked_sub(1).ok_or_else(|| {
            Failure::new(format!("the first epoch of {} is not over", named.symbol))
                .hint("modelbond model show says how long its epochs are")
        })?,
    };
    let signer = named.rewards.signer(session).await?;
    let message = ExecuteMsg::Settle { model: named.model.clone(), epoch };
    let receipt = named.rewards.tell(session, &signer, &message, &[]).await?;
    let budgeted = |event: &RewardsBudgeted, page: Page| {
        let work = format!("{} to {}", event.start, event.end);
        page.field("volume V", named.reserve(event.volume))
            .field("performance P", ratio(event.performance))
            .field("budget", named.reserve(event.budget))
            .field(
                "for work",
                if event.start == event.end { "none: carried".to_owned() } else { work },
            )
    };
    let bought = |event: &RewardsBought, page: Page| {
        page.field("spent now", named.reserve(event.spent))
            .field("tokens bought", named.tokens(event.tokens))
    };
    let heading = format!("Epoch {epoch} of {} settled", named.symbol);
    let sent = Sent::new(&named.rewards, &receipt, heading)
        .events((&named.rewards, &receipt), budgeted)?
        .events((&named.rewards, &receipt), bought)?;
    session.output.print(&sent)
}

async fn claim(session: &Session, command: &Claim) -> Result<()> {
    let named = Named::find(session, &command.model).await?;
    let prefix = &named.rewards.network.prefix;
    let operator = command.operator.as_deref();
    let operator = operator.map(|text| session.resolve_address(text, prefix)).transpose()?;
    let signer = named.rewards.signer(session).await?;
    let message = ExecuteMsg::Claim { model: named.model.clone(), operator };
    let receipt = named.rewards.tell(session, &signer, &message, &[]).await?;
    let paid = |event: &RewardsPaid, page: Page| {
        let label =
            format!("{} seats at {}", event.work, format::grouped(&event.offset.to_string()));
        page.field(&label, format!("{} to {}", named.tokens(event.tokens), event.operator))
    };
    let heading = format!("Block rewards of {} paid", named.symbol);
    let sent =
        Sent::new(&named.rewards, &receipt, heading).events((&named.rewards, &receipt), paid)?;
    session.output.print(&sent)
}

/// Segments of a model.
#[derive(Serialize)]
struct Segments {
    model: String,
    segments: Vec<Segment>,
}

async fn segments(session: &Session, model: &str, part: &Part) -> Result<()> {
    let named = Named::find(session, model).await?;
    let question = QueryMsg::Segments {
        model: named.model.clone(),
        start_after: part.start_after,
        limit: Some(part.limit),
    };
    let SegmentsResponse { segments } = named.rewards.ask(&question).await?;
    let row = |segment: &Segment| {
        vec![
            format!("{} to {}", segment.start, segment.end),
            segment.epoch.to_string(),
            named.tokens(segment.tokens),
            named.tokens(segment.paid_tokens),
            format::grouped(&segment.paid_work.to_string()),
            if segment.closed { "closed" } else { "open" }.to_owned(),
        ]
    };
    let rows: Vec<_> = segments.iter().map(row).collect();
    let page = Page::new(format!("Segments of {}'s line of work", named.symbol));
    let page = if rows.is_empty() {
        page.note("none yet")
    } else {
        let more = part.more(rows.len(), segments.last().map(|segment| segment.end));
        let head = ["work", "epoch", "tokens", "of them paid", "work paid", ""];
        more.into_iter().fold(page.table(&head, rows), Page::note)
    };
    let answer = Segments { model: named.model, segments };
    session.output.print(&Answered::new(&named.rewards, answer, page))
}
