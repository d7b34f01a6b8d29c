//! Looking into a market: list, show, price, curve, ledgers, stats.

use anyhow::{Context, Result};
use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{
    ConfigResponse, CurveResponse, EpochStatsResponse, LedgersResponse, PriceResponse, QueryMsg,
};
use serde::Serialize;
use serde_json::Value;

use crate::commands::network::{market_rows, MARKET_HEAD};
use crate::format;
use crate::market::{Market, MarketName};
use crate::network::{MarketRecord, NetworkFile};
use crate::output::{Page, Report};
use crate::session::Session;

/// An answer of a market, with the market's name.
#[derive(Serialize)]
pub struct Answer<T> {
    /// Which market.
    pub market: MarketName,
    /// What it said.
    #[serde(flatten)]
    pub answer: T,
    /// The same for people.
    #[serde(skip)]
    pub page: Page,
}

impl<T: Serialize> Report for Answer<T> {
    fn page(&self) -> Page {
        self.page.clone()
    }
}

#[derive(Serialize)]
struct Markets {
    markets: Vec<ListedMarket>,
    #[serde(skip)]
    network: NetworkFile,
}

#[derive(Serialize)]
struct ListedMarket {
    symbol: String,
    #[serde(flatten)]
    record: MarketRecord,
}

impl Report for Markets {
    fn page(&self) -> Page {
        if self.markets.is_empty() {
            return Page::new(format!("No markets on {}", self.network.chain_id))
                .note("modelbond model open opens one, modelbond network add-market records one");
        }
        Page::new(format!("Markets on {}", self.network.chain_id))
            .table(&MARKET_HEAD, market_rows(&self.network.markets))
    }
}

/// Lists the markets of the network file.
pub(super) fn list(session: &Session) -> Result<()> {
    let network = session.network()?;
    let listed = |(symbol, record): (&String, &MarketRecord)| ListedMarket {
        symbol: symbol.clone(),
        record: record.clone(),
    };
    session
        .output
        .print(&Markets { markets: network.markets.iter().map(listed).collect(), network })
}

#[derive(Serialize)]
struct Shown {
    name: String,
    supply: Uint128,
    admin: Option<String>,
    code_id: u64,
    price: PriceResponse,
    config: ConfigResponse,
}

/// Shows everything that was fixed, and the main numbers of now.
pub(super) async fn show(session: &Session, name: &str) -> Result<()> {
    let market = Market::find(session, name).await?;
    let price: PriceResponse = market.ask(&QueryMsg::Price {}).await?;
    let info = market
        .client
        .contract_info(&market.name.address)
        .await
        .with_context(|| format!("cannot look up {}", market.name.address))?;
    let Market { config, token, .. } = &market;
    let rows = parameter_rows("", &serde_json::to_value(&config.params).context("economy")?);
    let page = Page::new(format!("{} ({})", token.name, token.symbol))
        .field("address", &market.name.address)
        .field("code", info.code_id)
        .field("admin", info.admin.as_deref().unwrap_or("none: nobody can change this market"))
        .field("creator", &config.creator)
        .field("metrics source", &config.metrics_source)
        .field("rewards", &config.rewards)
        .field("provenance", &config.provenance)
        .field("opened", format::time(config.opened_at))
        .field("launch tokens unlock", format::time(config.unlocks_at))
        .field("supply", market.tokens(price.supply))
        .field("maximum supply", market.tokens(config.params.curve.max_supply))
        .field("buy price", market.price(price.spot))
        .field("sale price", market.price(price.sale))
        .heading("Economy, fixed for ever")
        .table(&["parameter", "value"], rows);
    let answer = Shown {
        name: token.name.clone(),
        supply: price.supply,
        admin: info.admin,
        code_id: info.code_id,
        price,
        config: config.clone(),
    };
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

/// Every number of the economy with its path, as `--set` takes it.
fn parameter_rows(path: &str, value: &Value) -> Vec<Vec<String>> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                parameter_rows(&path, value)
            })
            .collect(),
        Value::String(text) => vec![vec![path.to_owned(), text.clone()]],
        value => vec![vec![path.to_owned(), value.to_string()]],
    }
}

/// Shows all prices.
pub(super) async fn price(session: &Session, name: &str) -> Result<()> {
    let market = Market::find(session, name).await?;
    let answer: PriceResponse = market.ask(&QueryMsg::Price {}).await?;
    let page = price_page(
        Page::new(format!("Prices of {}, per token", market.name.symbol)),
        &market,
        &answer,
    )
    .field("reference of the limiter", market.price(answer.reference))
    .field(
        "band",
        format!("{} to {}", market.price(answer.band_low), market.price(answer.band_high)),
    )
    .field("momentum μ", format!("{} per hour", market.price(answer.momentum)))
    .field("fee", percent(answer.fee))
    .field("surcharge on a purchase", percent(answer.buy_surcharge))
    .field("surcharge on a sale", percent(answer.sell_surcharge))
    .field(
        "differential",
        format!("{:+} (of ±100; above 0 success is ahead of the money)", answer.differential),
    )
    .field("supply", market.tokens(answer.supply));
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

/// The five numbers that always stand together: base, M, B, X and the sale price.
pub fn price_page(page: Page, market: &Market, price: &PriceResponse) -> Page {
    page.field("base price P", market.price(price.base))
        .field("multiplier M", format!("{} → {}", ratio(price.multiplier), ratio(price.target)))
        .field("backing B", ratio(price.backing))
        .field("a purchase pays X", ratio(price.purchase_multiplier))
        .field("buy price X·P", market.price(price.spot))
        .field("sale price B·P", market.price(price.sale))
}

fn ratio(value: Decimal) -> String {
    format::price(&value.to_string())
}

fn percent(part: Decimal) -> String {
    format!("{} %", format::price(&(part * Decimal::percent(10_000)).to_string()))
}

/// Shows the curve.
pub(super) async fn curve(session: &Session, name: &str, points: u32) -> Result<()> {
    let market = Market::find(session, name).await?;
    let answer: CurveResponse = market.ask(&QueryMsg::Curve { points }).await?;
    let highest = answer.points.iter().map(|point| point.base).max().unwrap_or_default();
    let rows = answer
        .points
        .iter()
        .map(|point| {
            vec![market.tokens(point.supply), market.price(point.base), bar(point.base, highest)]
        })
        .collect();
    let page = Page::new(format!("Curve of {}", market.name.symbol))
        .field("supply now", market.tokens(answer.supply))
        .table(&["supply", "base price", ""], rows);
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

fn bar(value: Decimal, highest: Decimal) -> String {
    const WIDTH: u128 = 40;
    if highest.is_zero() {
        return String::new();
    }
    let length = value.atomics().multiply_ratio(WIDTH, highest.atomics());
    "▇".repeat(length.to_string().parse().unwrap_or(0))
}

/// Shows where the money is.
pub(super) async fn ledgers(session: &Session, name: &str) -> Result<()> {
    let market = Market::find(session, name).await?;
    let answer: LedgersResponse = market.ask(&QueryMsg::Ledgers {}).await?;
    let page = Page::new(format!("Money of {}", market.name.symbol))
        .field("reserve", market.reserve(answer.reserve))
        .field("pending, streams into it", market.reserve(answer.pending))
        .field("stream ends", format::time(answer.pending_ends_at))
        .field("rewards", market.reserve(answer.rewards))
        .field("provenance", market.reserve(answer.provenance))
        .field("treasury", market.reserve(answer.treasury));
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

/// Shows an epoch.
pub(super) async fn stats(session: &Session, name: &str, epoch: Option<u32>) -> Result<()> {
    let market = Market::find(session, name).await?;
    let epoch = match epoch {
        Some(epoch) => epoch,
        None => {
            let now = market.deadline(0).await?;
            let age = now.seconds().saturating_sub(market.config.opened_at.seconds());
            let epoch = age / market.config.params.emission.epoch_secs.max(1);
            u32::try_from(epoch).context("epoch")?
        }
    };
    let answer: EpochStatsResponse = market.ask(&QueryMsg::EpochStats { epoch }).await?;
    let page = Page::new(format!("Epoch {} of {}", answer.epoch, market.name.symbol))
        .field("volume", market.reserve(answer.volume))
        .field("fees", market.reserve(answer.fees))
        .field("trades", answer.trades)
        .field("traders", answer.traders)
        .field("emitted", market.tokens(answer.emitted));
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}
