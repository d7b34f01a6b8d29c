//! What feeds a market: metrics, emission, ledgers and donations.

use anyhow::Result;
use clap::{Args, ValueEnum};
use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{
    ExecuteMsg, Ledger, MarketEmitted, MarketFunded, MarketLedgerWithdrawn, MarketMetricsReported,
    Metrics,
};

use crate::amount::{self, ReserveAmount};
use crate::decimal::{self, DecimalError, PRICE_PLACES};
use crate::market::{Done, Market};
use crate::session::{Session, Unattended};

/// Options of `model report-metrics`.
#[derive(Args, Debug)]
#[command(after_help = "\
Each metric is a number from 0 to 1 with up to 18 decimals.

Example:
  modelbond model report-metrics VIS --accuracy 0.93 --adoption 0.4 --improvement 1 --growth 0.25")]
pub struct ReportMetrics {
    /// Symbol or address
    market: String,
    /// m₁: holdout accuracy
    #[arg(long, value_parser = metric)]
    accuracy: Decimal,
    /// m₂: paying users of the last 30 days ÷ target
    #[arg(long, value_parser = metric)]
    adoption: Decimal,
    /// m₃: score ÷ best score so far
    #[arg(long, value_parser = metric)]
    improvement: Decimal,
    /// m₄: units of nodes with accepted work ÷ target
    #[arg(long, value_parser = metric)]
    growth: Decimal,
}

/// Options of `model emit`.
#[derive(Args, Debug)]
pub struct Emit {
    /// Symbol or address
    market: String,
    /// Most reserve to spend, in base units
    #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve)]
    budget: ReserveAmount,
    /// Most tokens to mint, in whole tokens
    #[arg(long, value_name = "TOKENS", value_parser = amount::tokens)]
    max_tokens: Uint128,
}

/// A ledger that can be paid out.
#[derive(ValueEnum, Debug, Clone, Copy)]
pub(super) enum LedgerName {
    /// The creator's; anyone may pay it out
    Treasury,
    /// The provenance contract's; only it may
    Provenance,
}

/// Options of `model withdraw-ledger`.
#[derive(Args, Debug)]
pub struct WithdrawLedger {
    /// Symbol or address
    market: String,
    /// Which ledger
    #[arg(value_enum)]
    ledger: LedgerName,
}

/// Options of `model fund`.
#[derive(Args, Debug)]
pub struct Fund {
    /// Symbol or address
    market: String,
    /// Coins in base units of the reserve
    #[arg(value_parser = amount::reserve)]
    amount: ReserveAmount,
}

/// Reports metrics.
pub(super) async fn report_metrics(session: &Session, command: ReportMetrics) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let signer = market.signer(session).await?;
    let metrics = Metrics {
        accuracy: command.accuracy,
        adoption: command.adoption,
        improvement: command.improvement,
        growth: command.growth,
    };
    let receipt =
        market.tell(session, &signer, &ExecuteMsg::ReportMetrics { metrics }, &[]).await?;
    let event: MarketMetricsReported = market.event(&receipt)?;
    let followed =
        if event.accepted { "followed from now on" } else { "too near the last one, ignored" };
    let done = Done::new(&market, &receipt, format!("Metrics of {} reported", market.name.symbol))
        .field("target M*", event.target)
        .field("multiplier M", event.multiplier)
        .field("target is", followed);
    session.output.print(&done.event(event))
}

/// Buys tokens out of the rewards ledger.
pub(super) async fn emit(session: &Session, command: Emit) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let signer = market.signer(session).await?;
    let budget = command.budget.coin(&market.config.reserve_denom)?.amount;
    let message = ExecuteMsg::Emit { budget, max_tokens: command.max_tokens };
    let receipt = market.tell(session, &signer, &message, &[]).await?;
    let event: MarketEmitted = market.event(&receipt)?;
    let done = Done::new(&market, &receipt, format!("{} emitted", market.name.symbol))
        .field("epoch", event.epoch)
        .field("spent", market.reserve(event.spent))
        .field("minted", market.tokens(event.tokens_out));
    session.output.print(&done.event(event))
}

/// Pays a ledger out.
pub(super) async fn withdraw_ledger(session: &Session, command: WithdrawLedger) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let signer = market.signer(session).await?;
    let ledger = match command.ledger {
        LedgerName::Treasury => Ledger::Treasury,
        LedgerName::Provenance => Ledger::Provenance,
    };
    let receipt =
        market.tell(session, &signer, &ExecuteMsg::WithdrawLedger { ledger }, &[]).await?;
    let event: MarketLedgerWithdrawn = market.event(&receipt)?;
    let done = Done::new(&market, &receipt, format!("The {} ledger was paid out", event.ledger))
        .field("receiver", &event.recipient)
        .field("amount", market.reserve(event.amount));
    session.output.print(&done.event(event))
}

/// Gives coins to the reserve.
pub(super) async fn fund(session: &Session, command: Fund) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let coin = command.amount.coin(&market.config.reserve_denom)?;
    let signer = market.signer(session).await?;
    session.confirm(
        &format!(
            "Give {} to the holders of {}? It cannot be taken back.",
            market.reserve(coin.amount),
            market.name.symbol
        ),
        Unattended::Proceed,
    )?;
    let receipt = market.tell(session, &signer, &ExecuteMsg::FundReserve {}, &[coin]).await?;
    let event: MarketFunded = market.event(&receipt)?;
    let done =
        Done::new(&market, &receipt, format!("The reserve of {} was funded", market.name.symbol))
            .field("amount, streaming in", market.reserve(event.amount));
    session.output.print(&done.event(event))
}

/// A number from 0 to 1; what is above is refused by the market too, but here it costs nothing.
fn metric(text: &str) -> Result<Decimal, String> {
    let value =
        decimal::parse_u128(text, PRICE_PLACES).map_err(|error: DecimalError| error.to_string())?;
    let value = Decimal::new(value);
    if value > Decimal::one() {
        return Err("a metric is at most 1".to_owned());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_between_0_and_1() {
        assert_eq!(metric("0.25").unwrap(), Decimal::percent(25));
        assert_eq!(metric("1").unwrap(), Decimal::one());
        assert!(metric("1.000000000000000001").unwrap_err().contains("at most 1"));
        assert!(metric("0.0000000000000000001").unwrap_err().contains("at most 18"));
    }
}
