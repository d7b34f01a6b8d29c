//! `modelbond model open`: a market with its deposit, verified on the chain.

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::{Coin, Uint128};
use modelbond_client::Client;
use modelbond_curve::Rate;
use modelbond_interface::market::{InstantiateMsg, MarketOpened, MarketParams, Marketing};
use serde::Serialize;

use super::bounds::departures;
use super::parameters::{curve, ParameterArgs};
use crate::commands::network::code_fault;
use crate::failure::Failure;
use crate::format;
use crate::market::{EventFields, MarketName};
use crate::network::{Code, MarketRecord, NetworkFile};
use crate::output::{Page, Report};
use crate::session::{Session, Transaction, Unattended};

const ONE: u64 = 1_000_000_000_000_000_000;

/// Options of `model open`.
#[derive(Args, Debug)]
#[command(after_help = "\
You pay for the initial supply: nine tenths of it vest to you, one tenth stays locked for ever as
the market's floor. Nothing can be changed afterwards, by anyone; the contract has no admin.

Examples:
  modelbond model open --name Vision --symbol VIS --kind sigmoid --price-scale 100 \\
      --max-supply 1000000
  modelbond model open --name Vision --symbol VIS --kind linear --price-scale 2.5 \\
      --max-supply 1000000 --preset fast --set fees.fee_bps=50 --stakeholder wasm1…=10000")]
pub struct Open {
    /// Token name, 3 to 50 bytes
    #[arg(long)]
    name: String,
    /// Token symbol, 3 to 12 letters, digits or hyphens
    #[arg(long)]
    symbol: String,
    /// Denom of the reserve [default: the network file's, else the denom of its gas price]
    #[arg(long, value_name = "DENOM")]
    reserve_denom: Option<String>,
    /// Who may report metrics: an address, a key, or a contract of the network file, such as training
    /// [default: you]
    #[arg(long, value_name = "ADDRESS")]
    metrics_source: Option<String>,
    /// Who may spend the rewards ledger [default: you]
    #[arg(long, value_name = "ADDRESS")]
    rewards: Option<String>,
    /// Who may withdraw the provenance ledger [default: you]
    #[arg(long, value_name = "ADDRESS")]
    provenance: Option<String>,
    /// Project URL in the marketing record
    #[arg(long, value_name = "URL")]
    project: Option<String>,
    /// Description in the marketing record
    #[arg(long)]
    description: Option<String>,
    /// Record the market under another name than its symbol
    #[arg(long = "as", value_name = "NAME")]
    record_as: Option<String>,
    /// The economy
    #[command(flatten)]
    parameters: ParameterArgs,
}

#[derive(Serialize)]
struct Opened {
    market: MarketName,
    code_id: u64,
    code_hash: String,
    admin: Option<String>,
    deposit: Coin,
    warnings: Vec<String>,
    transaction: Transaction,
    event: EventFields,
    params: MarketParams,
}

impl Report for Opened {
    fn page(&self) -> Page {
        let page = Page::new(format!("Market {} is open", self.market.symbol))
            .field("address", &self.market.address)
            .field("code", format!("{}, {}", self.code_id, self.code_hash))
            .field("admin", "none (verified)")
            .field("deposit", format::coin(&self.deposit))
            .field(
                "initial supply",
                format::tokens(self.params.initial_supply, &self.market.symbol),
            );
        self.transaction.on(page)
    }
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: Open) -> Result<()> {
    let network = session.network()?;
    let record_as = command.record_as.clone().unwrap_or_else(|| command.symbol.clone());
    if let Some(market) = network.markets.get(&record_as) {
        return Err(Failure::new(format!("{record_as} is recorded already: {}", market.address))
            .hint("choose another --symbol, or record it under another name with --as NAME")
            .into());
    }
    let code = network.codes.get("market").cloned().ok_or_else(|| {
        Failure::new(format!("no market code is recorded for {}", network.chain_id))
            .hint("modelbond deploy --artifacts DIR stores it")
    })?;
    let resolve = |text: &str| session.resolve_address(text, &network.prefix);
    let params = command.parameters.build(resolve)?;
    let warnings = departures(&params);
    let denom = reserve_denom(&network, command.reserve_denom.as_deref())?;
    let deposit = deposit(&params, &denom)?;

    let client = session.connect(&network).await?;
    if let Some(fault) = code_fault(&client, code.id, &code.hash).await? {
        return Err(Failure::new(format!("the recorded market code cannot be used: {fault}"))
            .hint("modelbond deploy --artifacts DIR stores it again")
            .into());
    }
    let signer = session.signer(&client).await?;
    let creator = signer.address().to_owned();
    ensure_funds(&client, &creator, &deposit).await?;

    let role = |address: &Option<String>| match address {
        Some(address) => resolve(address)
            .or_else(|error| network.contracts.get(address.as_str()).cloned().ok_or(error)),
        None => Ok(creator.clone()),
    };
    let message = InstantiateMsg {
        name: command.name.clone(),
        symbol: command.symbol.clone(),
        reserve_denom: denom.clone(),
        creator: creator.clone(),
        metrics_source: role(&command.metrics_source)?,
        rewards: role(&command.rewards)?,
        provenance: role(&command.provenance)?,
        params: params.clone(),
        marketing: marketing(&command),
    };
    session.output.preview(&preview(&message, &deposit, &command.symbol));
    for warning in &warnings {
        session.output.warn(warning);
    }
    session.confirm(
        &format!("Open the market for {}?", format::coin(&deposit)),
        Unattended::Proceed,
    )?;

    let label = format!("modelbond market {}", command.symbol);
    let progress = session.output.progress("waiting for the block");
    let funds = std::slice::from_ref(&deposit);
    let (address, receipt) = signer
        .instantiate(code.id, &label, &message, funds, None)
        .await
        .context("the market was not opened")?;
    let recorded = MarketRecord {
        address: address.clone(),
        code_id: code.id,
        name: command.name.clone(),
        reserve_denom: denom,
    };
    NetworkFile::update(&session.network_path(), |file| {
        file.markets.insert(record_as.clone(), recorded);
    })
    .with_context(|| {
        Failure::new(format!("the market is open at {address}, but could not be recorded"))
            .hint(format!("modelbond network add-market {address}"))
    })?;
    ensure_immutable(&client, &address, &code).await?;
    drop(progress);

    let opened = receipt
        .decode::<MarketOpened>(&address)?
        .into_iter()
        .next()
        .with_context(|| format!("transaction {} has no market_opened", receipt.hash))?;
    session.output.print(&Opened {
        market: MarketName { symbol: command.symbol, address },
        code_id: code.id,
        code_hash: code.hash,
        admin: None,
        deposit,
        warnings,
        transaction: Transaction::from(&receipt),
        event: opened.into(),
        params,
    })
}

/// What the initial supply costs at multiplier 1: the same function that the contract calls.
fn deposit(params: &MarketParams, denom: &str) -> Result<Coin> {
    let curve = curve(params)?;
    let too_much = |error: modelbond_curve::CurveError| {
        Failure::new(format!("the initial supply has no price: {error}"))
            .hint("choose an --initial-supply below --max-supply")
    };
    let span = curve.span(0, params.initial_supply.u128()).map_err(too_much)?;
    let cost = curve.cost(span, &Rate::Multiplier(ONE)).map_err(too_much)?;
    Ok(Coin::new(cost, denom))
}

/// The option, else the network file's, else the denom of gas.
fn reserve_denom(network: &NetworkFile, given: Option<&str>) -> Result<String> {
    if let Some(denom) = given.or(network.reserve_denom.as_deref()) {
        return Ok(denom.to_owned());
    }
    Ok(network.network()?.gas_price.denom)
}

async fn ensure_funds(client: &Client, address: &str, deposit: &Coin) -> Result<()> {
    let balance = client
        .balance(address, &deposit.denom)
        .await
        .with_context(|| format!("cannot read the balance of {address}"))?;
    if Uint128::new(balance) < deposit.amount {
        return Err(Failure::new(format!(
            "the initial supply costs {}, but {address} has {}",
            format::coin(deposit),
            format::reserve(balance.into(), &deposit.denom)
        ))
        .hint("fund the account, or choose a smaller --initial-supply or --price-scale")
        .into());
    }
    Ok(())
}

/// Nobody can migrate the contract, and it runs the verified code.
async fn ensure_immutable(client: &Client, address: &str, code: &Code) -> Result<()> {
    let info = client
        .contract_info(address)
        .await
        .with_context(|| format!("cannot verify the market at {address}"))?;
    let fault = if let Some(admin) = info.admin {
        Some(format!("{admin} can migrate it"))
    } else if info.code_id != code.id {
        Some(format!("it runs code {}, not {}", info.code_id, code.id))
    } else {
        code_fault(client, code.id, &code.hash).await?
    };
    match fault {
        None => Ok(()),
        Some(fault) => {
            Err(Failure::new(format!("the market at {address} cannot be trusted: {fault}"))
                .hint("do not use it; is the endpoint honest? try another --rpc")
                .into())
        }
    }
}

fn marketing(command: &Open) -> Option<Marketing> {
    let Open { project, description, .. } = command;
    if project.is_none() && description.is_none() {
        return None;
    }
    Some(Marketing { project: project.clone(), description: description.clone(), logo: None })
}

fn preview(message: &InstantiateMsg, deposit: &Coin, symbol: &str) -> Page {
    let InstantiateMsg { params, .. } = message;
    let tokens = |units| format::tokens(units, symbol);
    let page = Page::new(format!("Opening {} ({symbol})", message.name))
        .field("curve", format!("{:?}", params.curve.kind))
        .field("price scale", format!("{} {}", params.curve.price_scale, deposit.denom))
        .field("midpoint", tokens(params.curve.midpoint))
        .field("maximum supply", tokens(params.curve.max_supply))
        .field("initial supply", tokens(params.initial_supply))
        .field("its price, to pay now", format::coin(deposit))
        .field("fee", format::bps(params.fees.fee_bps.into()))
        .field("creator", &message.creator);
    let roles = [
        ("metrics source", &message.metrics_source),
        ("rewards", &message.rewards),
        ("provenance", &message.provenance),
    ];
    roles.into_iter().fold(page, |page, (label, address)| {
        let own = if *address == message.creator { " (you)" } else { "" };
        page.field(label, format!("{address}{own}"))
    })
}
