//! `modelbond token`: a model's token as a cw20.

mod allowance;
mod marketing;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use cosmwasm_std::{Binary, Uint128};
use cw20::AllAccountsResponse;
use modelbond_interface::market::{
    AccountResponse, ExecuteMsg, LocksResponse, MarketBurned, QueryMsg,
};
use serde::Serialize;

use super::model::Answer;
use crate::amount::TokenAmount;
use crate::format;
use crate::market::{Done, Market};
use crate::output::Page;
use crate::session::{Session, Unattended};

/// Use a model's token as a cw20
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Accounts are addresses or names of keys in the keystore.

Examples:
  modelbond token balance VIS
  modelbond token transfer VIS wasm1… --tokens 12.5
  modelbond token allowance increase VIS wasm1… --tokens 100
  modelbond token send VIS wasm1… --tokens 1 --msg '{\"stake\":{}}'")]
pub enum Token {
    /// Show an account's tokens: locked, free, vested
    Balance {
        /// Symbol or address
        market: String,
        /// Whose [default: yours]
        account: Option<String>,
    },
    /// Show name, symbol, decimals and supply
    Info {
        /// Symbol or address
        market: String,
    },
    /// List accounts that ever held tokens
    Accounts {
        /// Symbol or address
        market: String,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Move tokens to an account
    Transfer {
        /// Symbol or address
        market: String,
        /// Receiver
        recipient: String,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Destroy tokens; their value streams to the other holders
    Burn {
        /// Symbol or address
        market: String,
        /// Whose tokens, by allowance [default: yours]
        #[arg(long, value_name = "ACCOUNT")]
        owner: Option<String>,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Move tokens to a contract and call it
    Send {
        /// Symbol or address
        market: String,
        /// Receiving contract
        contract: String,
        /// Message for the contract, as JSON
        #[arg(long, value_name = "JSON", value_parser = json)]
        msg: Binary,
        /// Whose tokens, by allowance [default: yours]
        #[arg(long, value_name = "ACCOUNT")]
        owner: Option<String>,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Move another account's tokens, by allowance
    TransferFrom {
        /// Symbol or address
        market: String,
        /// Whose tokens
        owner: String,
        /// Receiver
        recipient: String,
        /// How many
        #[command(flatten)]
        amount: TokenAmount,
    },
    /// Give, take back and show allowances
    #[command(subcommand)]
    Allowance(allowance::Allowance),
    /// Show and change the marketing record
    #[command(subcommand)]
    Marketing(marketing::MarketingCommand),
}

/// Part of a list.
#[derive(Args, Debug, Clone)]
pub struct Part {
    /// Continue after this one
    #[arg(long, value_name = "ADDRESS")]
    start_after: Option<String>,
    /// How many, at most 30
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=30))]
    limit: u32,
}

#[derive(Serialize)]
struct Balance {
    address: String,
    #[serde(flatten)]
    account: AccountResponse,
    unlocks_at: cosmwasm_std::Timestamp,
}

/// Runs the command.
pub async fn run(session: &Session, command: Token) -> Result<()> {
    match command {
        Token::Balance { market, account } => balance(session, &market, account.as_deref()).await,
        Token::Info { market } => info(session, &market).await,
        Token::Accounts { market, part } => accounts(session, &market, part).await,
        Token::Transfer { market, recipient, amount } => {
            let market = Market::find(session, &market).await?;
            let recipient = resolve(session, &market, &recipient)?;
            let amount = amount.units();
            let heading = format!("{} moved to {recipient}", market.tokens(amount));
            tell(session, &market, ExecuteMsg::Transfer { recipient, amount }, heading).await
        }
        Token::Burn { market, owner, amount } => {
            let market = Market::find(session, &market).await?;
            burn(session, &market, owner.as_deref(), amount.units()).await
        }
        Token::Send { market, contract, msg, owner, amount } => {
            let market = Market::find(session, &market).await?;
            let amount = amount.units();
            let heading = format!("{} sent to {contract}", market.tokens(amount));
            let message = match owner {
                Some(owner) => {
                    let owner = resolve(session, &market, &owner)?;
                    ExecuteMsg::SendFrom { owner, contract, amount, msg }
                }
                None => ExecuteMsg::Send { contract, amount, msg },
            };
            tell(session, &market, message, heading).await
        }
        Token::TransferFrom { market, owner, recipient, amount } => {
            let market = Market::find(session, &market).await?;
            let owner = resolve(session, &market, &owner)?;
            let recipient = resolve(session, &market, &recipient)?;
            let amount = amount.units();
            let heading = format!("{} of {owner} moved to {recipient}", market.tokens(amount));
            tell(session, &market, ExecuteMsg::TransferFrom { owner, recipient, amount }, heading)
                .await
        }
        Token::Allowance(command) => allowance::run(session, command).await,
        Token::Marketing(command) => marketing::run(session, command).await,
    }
}

/// Sends a cw20 message that has no event of ours.
async fn tell(
    session: &Session,
    market: &Market,
    message: ExecuteMsg,
    heading: String,
) -> Result<()> {
    let signer = market.signer(session).await?;
    let receipt = market.tell(session, &signer, &message, &[]).await?;
    session.output.print(&Done::new(market, &receipt, heading))
}

fn resolve(session: &Session, market: &Market, account: &str) -> Result<String> {
    session.resolve_address(account, &market.network.prefix)
}

async fn balance(session: &Session, market: &str, account: Option<&str>) -> Result<()> {
    let market = Market::find(session, market).await?;
    let address = session.address_or_own(account, &market.network.prefix)?;
    let account: AccountResponse =
        market.ask(&QueryMsg::Account { address: address.clone() }).await?;
    let locks: LocksResponse = market.ask(&QueryMsg::Locks { address: address.clone() }).await?;
    let locked = if account.locked.is_zero() {
        market.tokens(account.locked)
    } else {
        format!("{} until {}", market.tokens(account.locked), format::time(locks.unlocks_at))
    };
    let page = Page::new(format!("{} of {address}", market.name.symbol))
        .field("balance", market.tokens(account.balance))
        .field("of it free", market.tokens(account.free))
        .field("of it locked", locked)
        .field("vested, to claim", market.tokens(account.vested));
    let answer = Balance { address, account, unlocks_at: locks.unlocks_at };
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

async fn info(session: &Session, market: &str) -> Result<()> {
    let market = Market::find(session, market).await?;
    let token = market.token.clone();
    let page = Page::new(format!("{} ({})", token.name, token.symbol))
        .field("decimals", token.decimals)
        .field("supply", market.tokens(token.total_supply))
        .field("minter", "none: tokens come from the curve only")
        .field("address", &market.name.address);
    session.output.print(&Answer { market: market.name.clone(), answer: token, page })
}

async fn accounts(session: &Session, market: &str, part: Part) -> Result<()> {
    let market = Market::find(session, market).await?;
    let Part { start_after, limit } = part;
    let question = QueryMsg::AllAccounts { start_after, limit: Some(limit) };
    let answer: AllAccountsResponse = market.ask(&question).await?;
    let rows = answer.accounts.iter().map(|account| vec![account.clone()]).collect();
    let page = Page::new(format!("Accounts of {}", market.name.symbol)).table(&["address"], rows);
    let full = answer.accounts.len() == usize::try_from(limit)?;
    let page = match answer.accounts.last().filter(|_| full) {
        Some(last) => page.note(format!("there may be more: --start-after {last}")),
        None => page,
    };
    session.output.print(&Answer { market: market.name.clone(), answer, page })
}

async fn burn(
    session: &Session,
    market: &Market,
    owner: Option<&str>,
    amount: Uint128,
) -> Result<()> {
    let message = match owner {
        Some(owner) => ExecuteMsg::BurnFrom { owner: resolve(session, market, owner)?, amount },
        None => ExecuteMsg::Burn { amount },
    };
    let signer = market.signer(session).await?;
    session.confirm(
        &format!("Burn {}? Nothing is paid for them.", market.tokens(amount)),
        Unattended::Proceed,
    )?;
    let receipt = market.tell(session, &signer, &message, &[]).await?;
    let event: MarketBurned = market.event(&receipt)?;
    let done = Done::new(market, &receipt, format!("Burned {}", market.tokens(event.amount)))
        .field("value, to the other holders", market.reserve(event.gross))
        .field("supply now", market.tokens(event.supply));
    session.output.print(&done.event(event))
}

/// JSON as the bytes that a contract gets.
fn json(text: &str) -> Result<Binary, String> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    serde_json::to_vec(&value).map(Binary::from).map_err(|error| error.to_string())
}

/// Reads a file whole.
fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
