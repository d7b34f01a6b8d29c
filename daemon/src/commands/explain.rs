//! `modelbond explain` and `modelbond twap`: why the price is what it is.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use cosmwasm_std::{SignedDecimal, Timestamp};
use modelbond_interface::market::{ExplainResponse, QueryMsg, TwapResponse};

use super::model::Answer;
use crate::format;
use crate::market::Market;
use crate::output::Page;
use crate::session::Session;

const HOUR: u64 = 3_600;

/// Say why the price moved
#[derive(Args, Debug)]
#[command(after_help = "\
The parts add up to the whole exactly.

Examples:
  modelbond explain VIS
  modelbond explain VIS --since-secs 604800")]
pub struct Explain {
    /// Symbol or address
    market: String,
    /// How far back, in seconds; at most the market's age
    #[arg(long, value_name = "SECS", default_value_t = 86_400)]
    since_secs: u64,
}

/// Show the time-weighted average price
#[derive(Args, Debug)]
pub struct Twap {
    /// Symbol or address
    market: String,
    /// Over how long, in seconds, up to 604800 [default: an hour, or the market's age if less]
    #[arg(long, value_name = "SECS")]
    window_secs: Option<u64>,
}

/// Runs `explain`.
pub async fn explain(session: &Session, command: Explain) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let now = market.deadline(0).await?;
    let asked = now.nanos().saturating_sub(command.since_secs.saturating_mul(1_000_000_000));
    let since = Timestamp::from_nanos(asked).max(market.config.opened_at);
    let answer: ExplainResponse = market.ask(&QueryMsg::Explain { since }).await?;
    let change = |part: SignedDecimal| {
        let sign = if part.is_negative() || part.is_zero() { "" } else { "+" };
        format!("{sign}{}", market.price(part))
    };
    let page = Page::new(format!("Why the price of {} moved", market.name.symbol))
        .field("since", format::time(answer.since))
        .field("buy price then", market.price(answer.before))
        .field("fees, burns, revenue", change(answer.fees_and_burn))
        .field("success multiplier", change(answer.multiplier))
        .field("trades and emission", change(answer.flow))
        .field("buy price now", market.price(answer.now));
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

/// Runs `twap`.
pub async fn twap(session: &Session, command: Twap) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let window_secs = match command.window_secs {
        Some(window_secs) => window_secs,
        None => {
            let now = market.deadline(0).await?;
            // Whole seconds of the age, not the difference of two clocks' seconds: that can be one more.
            let age = now.nanos().saturating_sub(market.config.opened_at.nanos());
            Duration::from_nanos(age).as_secs().clamp(1, HOUR)
        }
    };
    let answer: TwapResponse = market.ask(&QueryMsg::Twap { window_secs }).await?;
    let page = Page::new(format!("Average base price of {}", market.name.symbol))
        .field("price", market.price(answer.price))
        .field("over", format::span(answer.window_secs));
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}
