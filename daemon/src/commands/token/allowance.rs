//! `modelbond token allowance`: who may spend whose tokens.

use anyhow::Result;
use clap::{Args, Subcommand};
use cosmwasm_std::Timestamp;
use cw20::{AllAllowancesResponse, AllSpenderAllowancesResponse, AllowanceResponse, Expiration};
use modelbond_interface::market::{ExecuteMsg, QueryMsg};
use serde::Serialize;

use super::{resolve, tell, Part};
use crate::amount::TokenAmount;
use crate::commands::model::Answer;
use crate::format;
use crate::market::Market;
use crate::output::Page;
use crate::session::Session;

/// Give, take back and show allowances
#[derive(Subcommand, Debug)]
pub enum Allowance {
    /// Let an account spend more of your tokens
    Increase(Change),
    /// Let an account spend less of your tokens
    Decrease(Change),
    /// Show allowances that an account gave
    Show {
        /// Symbol or address
        market: String,
        /// Whose tokens [default: yours]
        #[arg(long, value_name = "ACCOUNT")]
        owner: Option<String>,
        /// Only to this account
        #[arg(long, value_name = "ACCOUNT")]
        spender: Option<String>,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Show allowances that an account got
    Received {
        /// Symbol or address
        market: String,
        /// Who may spend [default: you]
        spender: Option<String>,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
}

/// A change of an allowance.
#[derive(Args, Debug)]
pub struct Change {
    /// Symbol or address
    market: String,
    /// Who may spend
    spender: String,
    /// By how much
    #[command(flatten)]
    amount: TokenAmount,
    /// Until when; unchanged if not given
    #[command(flatten)]
    expiry: Expiry,
}

/// When an allowance ends.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub(super) struct Expiry {
    /// Ends this many seconds after the last block
    #[arg(long, value_name = "SECS")]
    expires_in_secs: Option<u64>,
    /// Ends at this height
    #[arg(long, value_name = "HEIGHT")]
    expires_at_height: Option<u64>,
    /// Never ends
    #[arg(long)]
    never_expires: bool,
}

impl Expiry {
    async fn resolve(&self, market: &Market) -> Result<Option<Expiration>> {
        if let Some(secs) = self.expires_in_secs {
            return Ok(Some(Expiration::AtTime(market.deadline(secs).await?)));
        }
        if let Some(height) = self.expires_at_height {
            return Ok(Some(Expiration::AtHeight(height)));
        }
        Ok(self.never_expires.then_some(Expiration::Never {}))
    }
}

#[derive(Serialize)]
struct Single {
    owner: String,
    spender: String,
    #[serde(flatten)]
    allowance: AllowanceResponse,
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: Allowance) -> Result<()> {
    match command {
        Allowance::Increase(change) => {
            let market = Market::find(session, &change.market).await?;
            let spender = resolve(session, &market, &change.spender)?;
            let (amount, expires) = (change.amount.units(), change.expiry.resolve(&market).await?);
            let heading = format!("{spender} may spend {} more", market.tokens(amount));
            let message = ExecuteMsg::IncreaseAllowance { spender, amount, expires };
            tell(session, &market, message, heading).await
        }
        Allowance::Decrease(change) => {
            let market = Market::find(session, &change.market).await?;
            let spender = resolve(session, &market, &change.spender)?;
            let (amount, expires) = (change.amount.units(), change.expiry.resolve(&market).await?);
            let heading = format!("{spender} may spend {} less", market.tokens(amount));
            let message = ExecuteMsg::DecreaseAllowance { spender, amount, expires };
            tell(session, &market, message, heading).await
        }
        Allowance::Show { market, owner, spender, part } => {
            let market = Market::find(session, &market).await?;
            let owner = session.address_or_own(owner.as_deref(), &market.network.prefix)?;
            match spender {
                Some(spender) => {
                    let spender = resolve(session, &market, &spender)?;
                    one(session, &market, owner, spender).await
                }
                None => given(session, &market, owner, part).await,
            }
        }
        Allowance::Received { market, spender, part } => {
            let market = Market::find(session, &market).await?;
            let spender = session.address_or_own(spender.as_deref(), &market.network.prefix)?;
            received(session, &market, spender, part).await
        }
    }
}

async fn one(session: &Session, market: &Market, owner: String, spender: String) -> Result<()> {
    let question = QueryMsg::Allowance { owner: owner.clone(), spender: spender.clone() };
    let allowance: AllowanceResponse = market.ask(&question).await?;
    let page = Page::new(format!("Allowance of {}", market.name.symbol))
        .field("owner", &owner)
        .field("spender", &spender)
        .field("amount", market.tokens(allowance.allowance))
        .field("ends", expiry(&allowance.expires));
    let answer = Single { owner, spender, allowance };
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

async fn given(session: &Session, market: &Market, owner: String, part: Part) -> Result<()> {
    let page = Page::new(format!("Allowances of {} that {owner} gave", market.name.symbol));
    let Part { start_after, limit } = part;
    let question = QueryMsg::AllAllowances { owner, start_after, limit: Some(limit) };
    let answer: AllAllowancesResponse = market.ask(&question).await?;
    let rows = answer
        .allowances
        .iter()
        .map(|a| vec![a.spender.clone(), market.tokens(a.allowance), expiry(&a.expires)])
        .collect();
    let page = page.table(&["spender", "amount", "ends"], rows);
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

async fn received(session: &Session, market: &Market, spender: String, part: Part) -> Result<()> {
    let page = Page::new(format!("Allowances of {} that {spender} got", market.name.symbol));
    let Part { start_after, limit } = part;
    let question = QueryMsg::AllSpenderAllowances { spender, start_after, limit: Some(limit) };
    let answer: AllSpenderAllowancesResponse = market.ask(&question).await?;
    let rows = answer
        .allowances
        .iter()
        .map(|a| vec![a.owner.clone(), market.tokens(a.allowance), expiry(&a.expires)])
        .collect();
    let page = page.table(&["owner", "amount", "ends"], rows);
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

fn expiry(expires: &Expiration) -> String {
    match expires {
        Expiration::AtHeight(height) => format!("at height {height}"),
        Expiration::AtTime(time) => format::time(Timestamp::from_nanos(time.nanos())),
        Expiration::Never {} => "never".to_owned(),
    }
}
