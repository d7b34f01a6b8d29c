//! `modelbond trade`: quote, buy, sell.
//!
//! Every order goes: ask for the quote, derive the bound from it (or take the one given), show both,
//! ask, send with a deadline against the chain's own time.

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use cosmwasm_std::{Coin, Timestamp, Uint128};
use modelbond_interface::market::{
    ExecuteMsg, MarketBought, MarketSold, PriceResponse, QueryMsg, QuoteBuyResponse,
    QuoteSellResponse,
};
use serde::Serialize;

use super::model::{price_page, Answer};
use crate::amount::{self, ReserveAmount, TokenAmount};
use crate::failure::Failure;
use crate::format;
use crate::market::{EventFields, Market, MarketName};
use crate::output::{Page, Report};
use crate::session::{Session, Transaction, Unattended};

const BPS: u32 = 10_000;

/// Quote, buy and sell
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Prices and amounts of reserve are in base units. Orders are quoted first and asked about on a
terminal unless --yes is given; they carry a bound and a deadline, so what a moved price would
change is refused.

Examples:
  modelbond trade quote buy VIS --pay 1000000
  modelbond trade buy VIS --pay 1000000stake --slippage-bps 50
  modelbond trade buy-exact VIS --tokens 12.5
  modelbond trade sell VIS --tokens 12.5 --partial")]
pub enum Trade {
    /// Say what an order would do now
    #[command(subcommand)]
    Quote(Quote),
    /// Buy tokens for an amount of reserve
    Buy(Buy),
    /// Buy an exact number of tokens
    BuyExact(BuyExact),
    /// Sell tokens
    Sell(Sell),
}

/// Say what an order would do now
#[derive(Subcommand, Debug)]
pub enum Quote {
    /// A purchase for an amount of reserve
    Buy {
        /// Symbol or address
        market: String,
        /// Reserve to pay, in base units
        #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve)]
        pay: ReserveAmount,
        /// As far as price limit and maximum supply allow
        #[arg(long)]
        partial: bool,
    },
    /// A purchase of an exact number of tokens
    BuyExact {
        /// Symbol or address
        market: String,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// A sale
    Sell {
        /// Symbol or address
        market: String,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
        /// As far as the price limit allows
        #[arg(long)]
        partial: bool,
    },
}

/// How far the price may move before the order is in a block.
#[derive(Args, Debug)]
pub struct Patience {
    /// Accepted shortfall against the quote, in bps [default: slippage_bps of the settings, 100]
    #[arg(long, value_name = "BPS", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    slippage_bps: Option<u32>,
    /// Refuse the order this long after the last block [default: deadline_secs of the settings, 120]
    #[arg(long, value_name = "SECS")]
    deadline_secs: Option<u64>,
}

/// Options of `trade buy`.
#[derive(Args, Debug)]
pub struct Buy {
    /// Symbol or address
    market: String,
    /// Reserve to pay, in base units, fees included
    #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve)]
    pay: ReserveAmount,
    /// Fewest tokens to accept, in base units, instead of a slippage
    #[arg(long, value_name = "UNITS", value_parser = amount::units, conflicts_with = "slippage_bps")]
    min_tokens_out: Option<Uint128>,
    /// Fill as far as price limit and maximum supply allow; the rest comes back
    #[arg(long)]
    partial: bool,
    /// Who gets the tokens [default: you]
    #[arg(long, value_name = "ADDRESS")]
    recipient: Option<String>,
    /// Bound and deadline
    #[command(flatten)]
    patience: Patience,
}

/// Options of `trade buy-exact`.
#[derive(Args, Debug)]
pub struct BuyExact {
    /// Symbol or address
    market: String,
    /// How many
    #[command(flatten)]
    amount: TokenAmount,
    /// Most to pay, in base units, instead of a slippage; what it does not cost comes back
    #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve, conflicts_with = "slippage_bps")]
    max_pay: Option<ReserveAmount>,
    /// Bound and deadline
    #[command(flatten)]
    patience: Patience,
}

/// Options of `trade sell`.
#[derive(Args, Debug)]
pub struct Sell {
    /// Symbol or address
    market: String,
    /// How many
    #[command(flatten)]
    amount: TokenAmount,
    /// Least reserve to accept, in base units, instead of a slippage
    #[arg(long, value_name = "AMOUNT", value_parser = amount::reserve, conflicts_with = "slippage_bps")]
    min_reserve_out: Option<ReserveAmount>,
    /// Fill as far as the price limit allows
    #[arg(long)]
    partial: bool,
    /// Bound and deadline
    #[command(flatten)]
    patience: Patience,
}

impl Patience {
    fn slippage(&self, session: &Session) -> u32 {
        self.slippage_bps.unwrap_or(session.config.slippage_bps).min(BPS)
    }

    async fn deadline(&self, session: &Session, market: &Market) -> Result<Timestamp> {
        market.deadline(self.deadline_secs.unwrap_or(session.config.deadline_secs)).await
    }
}

/// A quote with the prices it came from.
#[derive(Serialize)]
struct Quoted<T> {
    quote: T,
    price: PriceResponse,
}

/// An order that was filled.
#[derive(Serialize)]
struct Filled<T> {
    market: MarketName,
    quote: T,
    bound: Coin,
    deadline: Timestamp,
    transaction: Transaction,
    event: EventFields,
    #[serde(skip)]
    page: Page,
}

impl<T: Serialize> Report for Filled<T> {
    fn page(&self) -> Page {
        self.transaction.on(self.page.clone())
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Trade) -> Result<()> {
    match command {
        Trade::Quote(command) => quote(session, command).await,
        Trade::Buy(command) => buy(session, command).await,
        Trade::BuyExact(command) => buy_exact(session, command).await,
        Trade::Sell(command) => sell(session, command).await,
    }
}

async fn quote(session: &Session, command: Quote) -> Result<()> {
    match command {
        Quote::Buy { market, pay, partial } => {
            let market = Market::find(session, &market).await?;
            let amount_in = pay.coin(&market.config.reserve_denom)?.amount;
            let quoted = purchase(&market, &QueryMsg::QuoteBuy { amount_in, partial }).await?;
            print_quote(session, &market, purchase_page(&market, &quoted), quoted)
        }
        Quote::BuyExact { market, amount } => {
            let market = Market::find(session, &market).await?;
            let question = QueryMsg::QuoteBuyExact { tokens_out: amount.units() };
            let quoted = purchase(&market, &question).await?;
            print_quote(session, &market, purchase_page(&market, &quoted), quoted)
        }
        Quote::Sell { market, amount, partial } => {
            let market = Market::find(session, &market).await?;
            let quoted = sale(&market, amount.units(), partial).await?;
            print_quote(session, &market, sale_page(&market, &quoted), quoted)
        }
    }
}

fn print_quote<T: Serialize>(
    session: &Session,
    market: &Market,
    page: Page,
    answer: T,
) -> Result<()> {
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

async fn purchase(market: &Market, question: &QueryMsg) -> Result<Quoted<QuoteBuyResponse>> {
    let quote = market.ask(question).await?;
    Ok(Quoted { quote, price: market.ask(&QueryMsg::Price {}).await? })
}

async fn sale(
    market: &Market,
    tokens_in: Uint128,
    partial: bool,
) -> Result<Quoted<QuoteSellResponse>> {
    let quote = market.ask(&QueryMsg::QuoteSell { tokens_in, partial }).await?;
    Ok(Quoted { quote, price: market.ask(&QueryMsg::Price {}).await? })
}

async fn buy(session: &Session, command: Buy) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let pay = command.pay.coin(&market.config.reserve_denom)?;
    let recipient = command
        .recipient
        .as_deref()
        .map(|recipient| session.resolve_address(recipient, &market.network.prefix))
        .transpose()?;
    let question = QueryMsg::QuoteBuy { amount_in: pay.amount, partial: command.partial };
    let quoted = purchase(&market, &question).await?;
    let min_tokens_out = match command.min_tokens_out {
        Some(least) => least,
        None => {
            let least = less(quoted.quote.tokens_out, command.patience.slippage(session));
            // A partial order's bound is for all of the funds; the market scales it down.
            if command.partial && !quoted.quote.amount_in.is_zero() {
                least.checked_multiply_ratio(pay.amount, quoted.quote.amount_in).context("bound")?
            } else {
                least
            }
        }
    };
    let page = purchase_page(&market, &quoted)
        .field("pay at most", market.reserve(pay.amount))
        .field("accept at least", market.tokens(min_tokens_out))
        .field_if("recipient", recipient.as_ref());
    let signer = market.signer(session).await?;
    ask(session, &market, &page, "Buy?").await?;
    let deadline = command.patience.deadline(session, &market).await?;
    let message = ExecuteMsg::Buy { min_tokens_out, deadline, partial: command.partial, recipient };
    let receipt = market.tell(session, &signer, &message, &[pay]).await?;
    let event: MarketBought = market.event(&receipt)?;
    let bound = Coin::new(min_tokens_out, &market.name.symbol);
    let order = Order { quote: quoted.quote, bound, deadline, receipt };
    print_purchase(session, &market, order, event)
}

async fn buy_exact(session: &Session, command: BuyExact) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let denom = &market.config.reserve_denom;
    let tokens_out = command.amount.units();
    let quoted = purchase(&market, &QueryMsg::QuoteBuyExact { tokens_out }).await?;
    let most = match &command.max_pay {
        Some(most) => most.coin(denom)?,
        None => Coin::new(more(quoted.quote.amount_in, command.patience.slippage(session))?, denom),
    };
    let page = purchase_page(&market, &quoted).field("pay at most", market.reserve(most.amount));
    let signer = market.signer(session).await?;
    ask(session, &market, &page, "Buy?").await?;
    let deadline = command.patience.deadline(session, &market).await?;
    let message = ExecuteMsg::BuyExact { tokens_out, deadline };
    let receipt = market.tell(session, &signer, &message, std::slice::from_ref(&most)).await?;
    let event: MarketBought = market.event(&receipt)?;
    print_purchase(
        session,
        &market,
        Order { quote: quoted.quote, bound: most, deadline, receipt },
        event,
    )
}

async fn sell(session: &Session, command: Sell) -> Result<()> {
    let market = Market::find(session, &command.market).await?;
    let tokens_in = command.amount.units();
    let quoted = sale(&market, tokens_in, command.partial).await?;
    let min_reserve_out = match &command.min_reserve_out {
        Some(least) => least.coin(&market.config.reserve_denom)?.amount,
        None => {
            let least = less(quoted.quote.reserve_out, command.patience.slippage(session));
            if command.partial && !quoted.quote.tokens_in.is_zero() {
                least.checked_multiply_ratio(tokens_in, quoted.quote.tokens_in).context("bound")?
            } else {
                least
            }
        }
    };
    let page =
        sale_page(&market, &quoted).field("accept at least", market.reserve(min_reserve_out));
    let signer = market.signer(session).await?;
    ask(session, &market, &page, "Sell?").await?;
    let deadline = command.patience.deadline(session, &market).await?;
    let message =
        ExecuteMsg::Sell { tokens_in, min_reserve_out, deadline, partial: command.partial };
    let receipt = market.tell(session, &signer, &message, &[]).await?;
    let event: MarketSold = market.event(&receipt)?;
    let page = Page::new(format!("Sold {}", market.tokens(event.tokens_in)))
        .field("received", market.reserve(event.reserve_out))
        .field("fee", market.reserve(event.fee))
        .field("surcharge", market.reserve(event.surcharge))
        .field("kept as burn", market.reserve(event.burned))
        .field("supply now", market.tokens(event.supply));
    session.output.print(&Filled {
        market: market.name.clone(),
        quote: quoted.quote,
        bound: Coin::new(min_reserve_out, &market.config.reserve_denom),
        deadline,
        transaction: Transaction::from(&receipt),
        event: event.into(),
        page,
    })
}

/// A purchase that is in a block.
struct Order {
    quote: QuoteBuyResponse,
    bound: Coin,
    deadline: Timestamp,
    receipt: modelbond_client::Receipt,
}

fn print_purchase(
    session: &Session,
    market: &Market,
    order: Order,
    event: MarketBought,
) -> Result<()> {
    let page = Page::new(format!("Bought {}", market.tokens(event.tokens_out)))
        .field("recipient", &event.recipient)
        .field("paid", market.reserve(event.amount_in))
        .field("of it fee", market.reserve(event.fee))
        .field("of it surcharge", market.reserve(event.surcharge))
        .field("refunded", market.reserve(event.refund));
    let page = if event.locked.is_zero() {
        page
    } else {
        let until = format::time(market.config.unlocks_at);
        page.field("locked", format!("{} until {until}", market.tokens(event.locked)))
    };
    session.output.print(&Filled {
        market: market.name.clone(),
        quote: order.quote,
        bound: order.bound,
        deadline: order.deadline,
        transaction: Transaction::from(&order.receipt),
        event: event.clone().into(),
        page: page.field("supply now", market.tokens(event.supply)),
    })
}

/// Shows the quote and asks, on a terminal and without `--yes`.
async fn ask(session: &Session, market: &Market, page: &Page, question: &str) -> Result<()> {
    session.output.preview(page);
    let launch_ends = market.config.opened_at.plus_seconds(market.config.params.fees.launch_secs);
    if market.deadline(0).await? < launch_ends && question == "Buy?" {
        session.output.warn(&format!(
            "the launch lasts until {}: the fee is higher, and tokens bought now are locked until {}",
            format::time(launch_ends),
            format::time(market.config.unlocks_at)
        ));
    }
    session.confirm(question, Unattended::Proceed)
}

fn purchase_page(market: &Market, quoted: &Quoted<QuoteBuyResponse>) -> Page {
    let quote = &quoted.quote;
    let page = Page::new(format!("A purchase of {} now", market.name.symbol));
    let page = price_page(page, market, &quoted.price)
        .heading("It would")
        .field("pay", market.reserve(quote.amount_in))
        .field("of it the curve's price", market.reserve(quote.cost))
        .field("of it fee", market.reserve(quote.fee))
        .field("of it surcharge", market.reserve(quote.surcharge));
    let page = if quote.dust.is_zero() {
        page
    } else {
        page.field("of it too little to refund", market.reserve(quote.dust))
    };
    page.field("refund", market.reserve(quote.refund))
        .field("give you", market.tokens(quote.tokens_out))
        .field("vest to stakeholders", market.tokens(quote.stakeholder_tokens))
        .field("move the buy price", moved(market, quote.price_before, quote.price_after))
        .field("have an impact of", format::bps(quote.impact_bps))
        .field("pay back if sold at once", market.reserve(quote.exit_proceeds))
}

fn sale_page(market: &Market, quoted: &Quoted<QuoteSellResponse>) -> Page {
    let quote = &quoted.quote;
    let page = Page::new(format!("A sale of {} now", market.name.symbol));
    price_page(page, market, &quoted.price)
        .heading("It would")
        .field("take", market.tokens(quote.tokens_in))
        .field("be worth", market.reserve(quote.gross))
        .field("of it fee", market.reserve(quote.fee))
        .field("of it surcharge", market.reserve(quote.surcharge))
        .field("of it kept as burn", market.reserve(quote.burned))
        .field("pay you", market.reserve(quote.reserve_out))
        .field("move the sale price", moved(market, quote.price_before, quote.price_after))
        .field("have an impact of", format::bps(quote.impact_bps))
}

fn moved(market: &Market, before: impl ToString, after: impl ToString) -> String {
    format!("{} → {}", market.price(before), market.price(after))
}

/// `amount` less `slippage_bps`, rounded down, at least 1: an order must give something.
fn less(amount: Uint128, slippage_bps: u32) -> Uint128 {
    amount.multiply_ratio(BPS.saturating_sub(slippage_bps), BPS).max(Uint128::one())
}

/// `amount` plus `slippage_bps`, rounded up.
fn more(amount: Uint128, slippage_bps: u32) -> Result<Uint128> {
    let extra = amount
        .checked_mul_ceil((slippage_bps, BPS))
        .map_err(|error| Failure::new(format!("bound: {error}")))?;
    Ok(amount.checked_add(extra)?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(10_000, 100, 9_900, 10_100)]
    #[case(999, 100, 989, 1_009)]
    #[case(1, 100, 1, 2)]
    #[case(10_000, 0, 10_000, 10_000)]
    #[case(u128::MAX / 2, 10_000, 1, u128::MAX - 1)]
    fn bounds_round_for_the_trade_to_go_through(
        #[case] amount: u128,
        #[case] slippage_bps: u32,
        #[case] least: u128,
        #[case] most: u128,
    ) {
        assert_eq!(less(amount.into(), slippage_bps), Uint128::new(least));
        assert_eq!(more(amount.into(), slippage_bps).unwrap(), Uint128::new(most));
    }
}
