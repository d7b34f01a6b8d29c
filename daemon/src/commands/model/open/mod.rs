//! `modelbond model open`: a model with its market and its deposit, verified on the chain.
//!
//! Where the network has a registry, the registry opens the market, and the model has a record: what it
//! is, what it is for, what it is built on. Otherwise, and with `--direct`, the market is made as a
//! contract of its own.

mod direct;
mod registered;

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::{Coin, Uint128};
use modelbond_client::Client;
use modelbond_curve::Rate;
use modelbond_interface::market::MarketParams;
use serde::Serialize;

use super::bounds::departures;
use super::description::DescriptionArgs;
use super::parameters::{curve, ParameterArgs};
use crate::commands::network::code_fault;
use crate::contract::REGISTRY;
use crate::failure::Failure;
use crate::format;
use crate::market::{EventFields, MarketName};
use crate::network::{Code, MarketRecord, NetworkFile};
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};

const ONE: u64 = 1_000_000_000_000_000_000;

/// Options of `model open`.
#[derive(Args, Debug)]
#[command(after_help = "\
You pay for the initial supply: nine tenths of it vest to you, one tenth stays locked for ever as
the market's floor. Nothing of the market can be changed afterwards, by anyone; it has no admin. The
registry takes a fee, which is burned.

Without a registry, or with --direct or one of --metrics-source, --rewards and --provenance, only
the market is made: no use cases, no parents, no NFTs, no block rewards.

Examples:
  modelbond model open --name Vision --symbol VIS --kind sigmoid --price-scale 100 \\
      --max-supply 1000000 --use-case photo-classification --licence Apache-2.0 \\
      --weights vision.safetensors --parent BASE --royalty-bps 500
  modelbond model open --name Vision --symbol VIS --kind linear --price-scale 2.5 --direct \\
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
    /// Project URL in the token's marketing record
    #[arg(long, value_name = "URL")]
    project: Option<String>,
    /// Record the market under another name than its symbol
    #[arg(long = "as", value_name = "NAME")]
    record_as: Option<String>,
    /// What it is
    #[command(flatten)]
    description: DescriptionArgs,
    /// What it is built on, and what is built on it
    #[command(flatten)]
    lineage: registered::LineageArgs,
    /// Past the registry
    #[command(flatten)]
    direct: direct::DirectArgs,
    /// The economy
    #[command(flatten)]
    parameters: ParameterArgs,
}

/// What is to be opened, either way.
struct Draft {
    network: NetworkFile,
    record_as: String,
    code: Code,
    params: MarketParams,
    warnings: Vec<String>,
    deposit: Coin,
}

#[derive(Serialize)]
struct Opened {
    market: MarketName,
    code_id: u64,
    code_hash: String,
    admin: Option<String>,
    deposit: Coin,
    /// What the registry burned.
    fee: Option<Coin>,
    warnings: Vec<String>,
    transaction: Transaction,
    /// The market's event.
    event: EventFields,
    /// The registry's event.
    registered: Option<EventFields>,
    params: MarketParams,
}

impl Report for Opened {
    fn page(&self) -> Page {
        let page = Page::new(format!("Market {} is open", self.market.symbol))
            .field("address", &self.market.address)
            .field("code", format!("{}, {}", self.code_id, self.code_hash))
            .field("admin", "none (verified)")
            .field("deposit", format::coin(&self.deposit))
            .field_if("fee, burned", self.fee.as_ref().map(format::coin))
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
    let none = || format!("{} has none", network.chain_id);
    let past = command.direct.asked_for().map(|option| format!("{option} goes past it"));
    let past = past.or_else(|| (!network.contracts.contains_key(REGISTRY)).then(none));
    if let Some(why) = &past {
        command.ensure_nothing_for_the_registry(why)?;
    }
    let draft = command.draft(session, network)?;
    let client = session.connect(&draft.network).await?;
    if let Some(fault) = code_fault(&client, draft.code.id, &draft.code.hash).await? {
        return Err(Failure::new(format!("the recorded market code cannot be used: {fault}"))
            .hint("modelbond deploy --artifacts DIR stores it again")
            .into());
    }
    if past.is_some() {
        direct::run(session, &command, draft, client).await
    } else {
        registered::run(session, &command, draft, client).await
    }
}

impl Open {
    /// Refuses options that only a registry has a use for.
    fn ensure_nothing_for_the_registry(&self, why: &str) -> Result<(), Failure> {
        let given = self.description.registry_only().or(self.lineage.given());
        let Some(option) = given else { return Ok(()) };
        let failure = Failure::usage(format!("{option} is for the registry, but {why}"));
        Err(failure.hint(
            "leave --direct, --metrics-source, --rewards and --provenance out; \
             modelbond deploy --beacon FILE makes a registry",
        ))
    }

    fn draft(&self, session: &Session, network: NetworkFile) -> Result<Draft> {
        let record_as = self.record_as.clone().unwrap_or_else(|| self.symbol.clone());
        if let Some(market) = network.markets.get(&record_as) {
            return Err(Failure::new(format!(
                "{record_as} is recorded already: {}",
                market.address
            ))
            .hint("choose another --symbol, or record it under another name with --as NAME")
            .into());
        }
        let code = network.codes.get("market").cloned().ok_or_else(|| {
            Failure::new(format!("no market code is recorded for {}", network.chain_id))
                .hint("modelbond deploy --artifacts DIR stores it")
        })?;
        let params =
            self.parameters.build(|text| session.resolve_address(text, &network.prefix))?;
        let warnings = departures(&params);
        let denom = reserve_denom(&network, self.reserve_denom.as_deref())?;
        let deposit = deposit(&params, &denom)?;
        Ok(Draft { network, record_as, code, params, warnings, deposit })
    }

    /// The market in the network file, and as it is on the chain.
    async fn record(
        &self,
        session: &Session,
        (draft, client): (&Draft, &Client),
        address: &str,
    ) -> Result<()> {
        let recorded = MarketRecord {
            address: address.to_owned(),
            code_id: draft.code.id,
            name: self.name.clone(),
            reserve_denom: draft.deposit.denom.clone(),
        };
        NetworkFile::update(&session.network_path(), |file| {
            file.markets.insert(draft.record_as.clone(), recorded);
        })
        .with_context(|| {
            Failure::new(format!("the market is open at {address}, but could not be recorded"))
                .hint(format!("modelbond network add-market {address}"))
        })?;
        ensure_immutable(client, address, &draft.code).await
    }

    /// What is opened, before a question.
    fn preview(&self, draft: &Draft, creator: &str) -> Page {
        let Draft { params, deposit, .. } = draft;
        let tokens = |units| format::tokens(units, &self.symbol);
        Page::new(format!("Opening {} ({})", self.name, self.symbol))
            .field("curve", format!("{:?}", params.curve.kind))
            .field("price scale", format!("{} {}", params.curve.price_scale, deposit.denom))
            .field("midpoint", tokens(params.curve.midpoint))
            .field("maximum supply", tokens(params.curve.max_supply))
            .field("initial supply", tokens(params.initial_supply))
            .field("its price, to pay now", format::coin(deposit))
            .field("fee", format::bps(params.fees.fee_bps.into()))
            .field("creator", creator)
    }
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

/// `what` says what the coins are for.
async fn ensure_funds(client: &Client, address: &str, funds: &Coin, what: &str) -> Result<()> {
    let balance = client
        .balance(address, &funds.denom)
        .await
        .with_context(|| format!("cannot read the balance of {address}"))?;
    if Uint128::new(balance) < funds.amount {
        return Err(Failure::new(format!(
            "{what} costs {}, but {address} has {}",
            format::coin(funds),
            format::reserve(balance.into(), &funds.denom)
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
