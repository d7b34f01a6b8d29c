//! One market on the chain: how commands ask it and tell it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cosmwasm_std::{Coin, Event, Timestamp, Uint128};
use cw20::TokenInfoResponse;
use modelbond_client::{Client, ClientError, Receipt, Signer};
use modelbond_interface::event::TypedEvent;
use modelbond_interface::market::{ConfigResponse, ExecuteMsg, QueryMsg};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::failure::Failure;
use crate::format;
use crate::network::NetworkFile;
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};

/// Which market a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarketName {
    /// Token symbol.
    pub symbol: String,
    /// Contract address.
    pub address: String,
}

/// A connection to a market.
#[derive(Debug, Clone)]
pub struct Market {
    /// Symbol and address.
    pub name: MarketName,
    /// The network it is on.
    pub network: NetworkFile,
    /// The client.
    pub client: Client,
    /// What was fixed at opening.
    pub config: ConfigResponse,
    /// Name, symbol, supply.
    pub token: TokenInfoResponse,
}

impl Market {
    /// Connects to the market with this symbol or address.
    pub async fn find(session: &Session, market: &str) -> Result<Self> {
        let network = session.network()?;
        let address = network.market_address(market)?;
        let client = session.connect(&network).await?;
        let not_a_market = || {
            Failure::new(format!("{address} does not answer as a market"))
                .hint("modelbond network verify checks what is recorded")
        };
        let token: TokenInfoResponse =
            client.query(&address, &QueryMsg::TokenInfo {}).await.with_context(not_a_market)?;
        let config =
            client.query(&address, &QueryMsg::Config {}).await.with_context(not_a_market)?;
        let name = MarketName { symbol: token.symbol.clone(), address };
        Ok(Self { name, network, client, config, token })
    }

    /// Asks.
    pub async fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> Result<T> {
        let answer = self.client.query(&self.name.address, question).await;
        answer.map_err(|error| self.explain(error, "did not answer"))
    }

    /// Tells, and waits for the block.
    pub async fn tell(
        &self,
        session: &Session,
        signer: &Signer,
        message: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Receipt> {
        let _progress = session.output.progress("waiting for the block");
        let receipt = signer.execute(&self.name.address, message, funds).await;
        receipt.map_err(|error| self.explain(error, "was not changed"))
    }

    /// A refusal in the market's own words, anything else under what it led to.
    fn explain(&self, error: ClientError, outcome: &str) -> anyhow::Error {
        let symbol = &self.name.symbol;
        match error {
            ClientError::Contract { message, hash, .. } => {
                let place = hash.map(|hash| format!(" (transaction {hash})")).unwrap_or_default();
                let failure = Failure::new(format!("{symbol} refuses{place}: {message}"));
                if message.contains("tokens") {
                    failure
                        .hint(format!("amounts are in base units, 1,000,000 are 1 {symbol}"))
                        .into()
                } else {
                    failure.into()
                }
            }
            error => anyhow::Error::from(error).context(format!("the market {symbol} {outcome}")),
        }
    }

    /// Connects the session's key.
    pub async fn signer(&self, session: &Session) -> Result<Signer> {
        session.signer(&self.client).await
    }

    /// The only event of type `T` that this market emitted.
    pub fn event<T: TypedEvent>(&self, receipt: &Receipt) -> Result<T> {
        receipt
            .decode::<T>(&self.name.address)
            .context("cannot read the market's event")?
            .into_iter()
            .next()
            .with_context(|| {
                format!(
                    "transaction {} has no event {} of {}",
                    receipt.hash,
                    T::TYPE,
                    self.name.symbol
                )
            })
    }

    /// A token amount for people.
    pub fn tokens(&self, units: Uint128) -> String {
        format::tokens(units, &self.name.symbol)
    }

    /// A reserve amount for people.
    pub fn reserve(&self, amount: Uint128) -> String {
        format::reserve(amount, &self.config.reserve_denom)
    }

    /// A price for people.
    pub fn price(&self, price: impl ToString) -> String {
        format!("{} {}", format::price(&price.to_string()), self.config.reserve_denom)
    }

    /// `secs` after the chain's last block.
    pub async fn deadline(&self, secs: u64) -> Result<Timestamp> {
        let block = self.client.latest_block().await.context("cannot read the chain's time")?;
        Ok(Timestamp::from_nanos(block.time).plus_seconds(secs))
    }
}

/// An event for a report: its type and its fields as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventFields {
    #[serde(rename = "type")]
    ty: String,
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

impl<T: TypedEvent> From<T> for EventFields {
    fn from(event: T) -> Self {
        let event: Event = event.into();
        let fields = event.attributes.into_iter().map(|a| (a.key, a.value)).collect();
        Self { ty: event.ty, fields }
    }
}

/// A message that the market took.
#[derive(Serialize)]
pub struct Done {
    /// Which market.
    pub market: MarketName,
    /// The transaction.
    pub transaction: Transaction,
    /// The market's own event; none for plain cw20 messages.
    pub event: Option<EventFields>,
    #[serde(skip)]
    page: Page,
}

impl Done {
    /// A report with `heading` and the transaction.
    pub fn new(market: &Market, receipt: &Receipt, heading: impl Into<String>) -> Self {
        Self {
            market: market.name.clone(),
            transaction: receipt.into(),
            event: None,
            page: Page::new(heading),
        }
    }

    /// Adds the event.
    #[must_use]
    pub fn event(mut self, event: impl TypedEvent) -> Self {
        self.event = Some(EventFields::from(event));
        self
    }

    /// Adds a line for people.
    #[must_use]
    pub fn field(mut self, label: &str, value: impl ToString) -> Self {
        self.page = self.page.field(label, value);
        self
    }
}

impl Report for Done {
    fn page(&self) -> Page {
        self.transaction.on(self.page.clone())
    }
}
