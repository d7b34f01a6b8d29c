//! `modelbond usage`: what is paid for using a model, and where it goes.

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use modelbond_interface::provenance::{
    Beneficiary, ExecuteMsg, QueryMsg, RevenueForwarded, RevenueResponse, RevenueShared,
    RoyaltyPaid, HOLDERS_BPS, MAX_MEMO, RESERVE_BPS,
};
use modelbond_interface::registry;
use serde::Serialize;

use crate::amount::{self, ReserveAmount};
use crate::contract::{Answered, Contract, Provenance, Registry, Sent};
use crate::failure::Failure;
use crate::format;
use crate::output::Page;
use crate::session::{Session, Unattended};

/// Pay for using a model; see and pay out what models have earned
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Of every payment, 10 % goes to the reserve of the model's market, up to 50 % to models that it is
built on, 30 % to holders of its NFTs (modelbond nft), the rest to the owner of its record. Who pays
counts as a user of the model, and may say how good it is (modelbond feedback).

Examples:
  modelbond usage pay VIS --amount 1000000 --memo 'invoice 7'
  modelbond usage revenue VIS
  modelbond usage forward VIS --to owner")]
pub enum Usage {
    /// Pay for using a model
    Pay(Pay),
    /// Show what a model has earned, and where it is
    Revenue {
        /// Symbol or address
        model: String,
    },
    /// Pay out what waits for the reserve of a model's market, or for the owner of its record; anyone may
    Forward {
        /// Symbol or address
        model: String,
        /// For whom
        #[arg(long, value_enum)]
        to: Recipient,
    },
    /// Share out royalties that a model has got; anyone may
    Distribute {
        /// Symbol or address
        model: String,
    },
    /// Take the NFTs' part of the market's trade fees; anyone may
    CollectFees {
        /// Symbol or address
        model: String,
    },
}

/// Options of `usage pay`.
#[derive(Args, Debug)]
pub struct Pay {
    /// Symbol or address
    model: String,
    /// How much, in base units of the reserve
    #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve)]
    amount: ReserveAmount,
    /// What for; everybody can read it
    #[arg(long, value_name = "TEXT", value_parser = memo)]
    memo: Option<String>,
}

/// Whose ledger is paid out.
#[derive(ValueEnum, Debug, Clone, Copy)]
pub enum Recipient {
    /// The pending reserve of its market, from where it streams to the holders of its token
    Reserve,
    /// The owner of its record
    Owner,
}

/// Reads a memo.
fn memo(text: &str) -> Result<String, String> {
    if text.len() > MAX_MEMO {
        return Err(format!("a memo has at most {MAX_MEMO} bytes, not {}", text.len()));
    }
    Ok(text.to_owned())
}

/// What a model has earned, and whose it is.
#[derive(Serialize)]
struct Revenue {
    model: String,
    #[serde(flatten)]
    revenue: RevenueResponse,
}

/// Runs the command.
pub async fn run(session: &Session, command: Usage) -> Result<()> {
    match command {
        Usage::Pay(command) => pay(session, command).await,
        Usage::Revenue { model } => revenue(session, &model).await,
        Usage::Forward { model, to } => {
            let (to, what) = match to {
                Recipient::Reserve => (Beneficiary::Reserve, "what waits for its reserve"),
                Recipient::Owner => (Beneficiary::Owner, "what waits for its owner"),
            };
            tell(session, &model, |model| ExecuteMsg::Forward { model, to }, what).await
        }
        Usage::Distribute { model } => {
            let message = |model| ExecuteMsg::Distribute { model };
            tell(session, &model, message, "its royalties, shared out").await
        }
        Usage::CollectFees { model } => {
            let message = |model| ExecuteMsg::CollectFees { model };
            tell(session, &model, message, "its trade fees, for its NFTs").await
        }
    }
}

async fn pay(session: &Session, command: Pay) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let model = provenance.model(&command.model)?;
    let symbol = provenance.symbol(&model);
    let registry = provenance.neighbour::<Registry>()?;
    let question = registry::QueryMsg::Model { model: model.clone() };
    let record: registry::ModelResponse = registry.ask(&question).await?;
    let coin = command.amount.coin(&record.terms.reserve_denom)?;
    if coin.amount.is_zero() {
        return Err(Failure::usage("a payment of nothing is refused").into());
    }
    let signer = provenance.signer(session).await?;
    session.output.preview(&shares(&record));
    session.confirm(
        &format!("Pay {} for using {symbol}? It cannot be taken back.", format::coin(&coin)),
        Unattended::Proceed,
    )?;
    let heading = format!("Paid {} for using {symbol}", format::coin(&coin));
    let message = ExecuteMsg::PayUsage { model, memo: command.memo };
    let receipt = provenance.tell(session, &signer, &message, &[coin]).await?;
    let sent = Sent::new(&provenance, &receipt, heading).events((&provenance, &receipt), shared)?;
    session.output.print(&sent.events((&provenance, &receipt), royalty(&provenance))?)
}

/// What goes where, before anything is paid.
fn shares(record: &registry::ModelResponse) -> Page {
    let parents: u64 =
        record.terms.parents.iter().map(|parent| u64::from(parent.royalty_bps)).sum();
    let owner = 10_000_u64
        .saturating_sub(RESERVE_BPS.into())
        .saturating_sub(HOLDERS_BPS.into())
        .saturating_sub(parents);
    Page::new(format!("Of a payment for {}", record.symbol))
        .field("its market's reserve", format::bps(RESERVE_BPS.into()))
        .field("models that it is built on", format::bps(parents))
        .field("holders of its NFTs", format::bps(HOLDERS_BPS.into()))
        .field(&format!("owner, {}", record.terms.owner), format::bps(owner))
}

/// A sharing for people.
fn shared(event: &RevenueShared, page: Page) -> Page {
    let amount = |amount| format::reserve(amount, &event.denom);
    page.field(&format!("shared out ({})", event.source), amount(event.amount))
        .field("to the reserve", amount(event.reserve))
        .field("to models that it is built on", amount(event.royalties))
        .field("to holders of its NFTs", amount(event.holders))
        .field("to the owner", amount(event.owner))
}

fn royalty(provenance: &Contract<Provenance>) -> impl Fn(&RoyaltyPaid, Page) -> Page + '_ {
    |event, page| {
        let parent = provenance.symbol(&event.parent);
        page.field(&format!("of it to {parent}"), format::grouped(&event.amount.to_string()))
    }
}

async fn revenue(session: &Session, model: &str) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let model = provenance.model(model)?;
    let question = QueryMsg::Revenue { model: model.clone() };
    let revenue: RevenueResponse = provenance.ask(&question).await?;
    let amount = |amount| format::reserve(amount, &revenue.denom);
    let page = Page::new(format!("Revenue of {}", provenance.symbol(&model)))
        .field("paid by users", amount(revenue.usage))
        .field("royalties of what is built on it", amount(revenue.royalties))
        .field("trade fees", amount(revenue.fees))
        .heading("What of it is still here")
        .field("royalties, not yet shared out", amount(revenue.undistributed))
        .field("for the reserve", amount(revenue.reserve))
        .field("for the owner", amount(revenue.owner))
        .field("for holders of its NFTs", amount(revenue.holders))
        .field("weight of all of them", format::grouped(&revenue.weight.to_string()));
    session.output.print(&Answered::new(&provenance, Revenue { model, revenue }, page))
}

/// Sends what anyone may send.
async fn tell(
    session: &Session,
    model: &str,
    message: impl Fn(String) -> ExecuteMsg,
    what: &str,
) -> Result<()> {
    let provenance = Contract::<Provenance>::find(session).await?;
    let model = provenance.model(model)?;
    let heading = format!("{}: {what}", provenance.symbol(&model));
    let signer = provenance.signer(session).await?;
    let receipt = provenance.tell(session, &signer, &message(model), &[]).await?;
    let paid = |event: &RevenueForwarded, page: Page| {
        let amount = format::reserve(event.amount, &event.denom);
        page.field("paid out", amount).field("to", &event.recipient)
    };
    let sent = Sent::new(&provenance, &receipt, heading)
        .events((&provenance, &receipt), paid)?
        .events((&provenance, &receipt), shared)?
        .events((&provenance, &receipt), royalty(&provenance))?;
    session.output.print(&sent)
}
