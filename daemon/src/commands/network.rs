//! `modelbond network`: the network file, written, shown and checked against the chain.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Subcommand;
use cw20::TokenInfoResponse;
use modelbond_client::{Client, ClientError};
use modelbond_interface::market::{ConfigResponse, QueryMsg};
use serde::Serialize;

use crate::contract::wires;
use crate::failure::Failure;
use crate::network::{Code, MarketRecord, NetworkFile};
use crate::output::{Page, Report};
use crate::session::{Session, Unattended};

/// Write, show and verify network files
#[derive(Subcommand, Debug)]
#[command(after_help = "\
--network NAME is the file networks/NAME.toml in the home directory; --network ./x.toml is that file.")]
pub enum NetworkCommand {
    /// Write a network file for an existing chain
    #[command(after_help = "\
Example:
  modelbond network init --network testnet --chain-id malaga-420 --prefix wasm \\
      --gas-price 0.025umlg --rpc https://rpc.one.example --rpc https://rpc.two.example")]
    Init {
        /// Chain id
        #[arg(long)]
        chain_id: String,
        /// Bech32 prefix of accounts
        #[arg(long, default_value = "wasm")]
        prefix: String,
        /// Denom of new markets' reserves
        #[arg(long, value_name = "DENOM")]
        reserve_denom: Option<String>,
    },
    /// Show the network file
    Show,
    /// Check every recorded code, contract and market against the chain
    #[command(after_help = "\
A code must have the recorded hash; a contract or market must run the recorded code, with no one who
could migrate it; training, nodes, registry, provenance and rewards must name each other as recorded.
Exit code 1 when anything differs.")]
    Verify,
    /// Record a market that exists already
    AddMarket {
        /// Address of the market
        address: String,
        /// Record it under another name than its symbol
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Remove a market from the file; the market itself stays
    ForgetMarket {
        /// Its recorded name
        name: String,
    },
}

/// The network file as a report: every field is always there.
#[derive(Serialize)]
struct NetworkReport {
    path: String,
    chain_id: String,
    rpc: Vec<String>,
    prefix: String,
    gas_price: String,
    reserve_denom: Option<String>,
    codes: BTreeMap<String, Code>,
    contracts: BTreeMap<String, String>,
    markets: BTreeMap<String, MarketRecord>,
}

impl NetworkReport {
    fn new(path: &Path, network: NetworkFile) -> Self {
        let NetworkFile {
            chain_id,
            rpc,
            prefix,
            gas_price,
            reserve_denom,
            codes,
            contracts,
            markets,
        } = network;
        let path = path.display().to_string();
        Self { path, chain_id, rpc, prefix, gas_price, reserve_denom, codes, contracts, markets }
    }
}

impl Report for NetworkReport {
    fn page(&self) -> Page {
        let mut page = Page::new(format!("Network {}", self.chain_id))
            .field("file", &self.path)
            .field("rpc", self.rpc.join(", "))
            .field("prefix", &self.prefix)
            .field("gas price", &self.gas_price)
            .field_if("reserve denom", self.reserve_denom.as_ref());
        if !self.codes.is_empty() {
            let row = |(name, code): (&String, &Code)| {
                vec![name.clone(), code.id.to_string(), code.hash.clone()]
            };
            let rows = self.codes.iter().map(row).collect();
            page = page.heading("Codes").table(&["contract", "code id", "sha-256"], rows);
        }
        if !self.contracts.is_empty() {
            let rows =
                self.contracts.iter().map(|(name, a)| vec![name.clone(), a.clone()]).collect();
            page = page.heading("Contracts").table(&["contract", "address"], rows);
        }
        if !self.markets.is_empty() {
            page = page.heading("Markets").table(&MARKET_HEAD, market_rows(&self.markets));
        }
        page
    }
}

/// Head of [`market_rows`].
pub const MARKET_HEAD: [&str; 4] = ["market", "name", "reserve", "address"];

/// A line for each market.
pub fn market_rows(markets: &BTreeMap<String, MarketRecord>) -> Vec<Vec<String>> {
    markets
        .iter()
        .map(|(symbol, market)| {
            vec![
                symbol.clone(),
                market.name.clone(),
                market.reserve_denom.clone(),
                market.address.clone(),
            ]
        })
        .collect()
}

/// One thing that was checked.
#[derive(Serialize)]
struct Check {
    what: String,
    ok: bool,
    detail: String,
}

#[derive(Serialize)]
struct Verification {
    chain_id: String,
    ok: bool,
    checks: Vec<Check>,
}

impl Report for Verification {
    fn page(&self) -> Page {
        let rows = self
            .checks
            .iter()
            .map(|check| {
                let verdict = if check.ok { "ok" } else { "WRONG" };
                vec![check.what.clone(), verdict.to_owned(), check.detail.clone()]
            })
            .collect();
        Page::new(format!("Network {}", self.chain_id)).table(&["what", "verdict", "detail"], rows)
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: NetworkCommand) -> Result<()> {
    let path = session.network_path();
    let report = |network| NetworkReport::new(&path, network);
    match command {
        NetworkCommand::Init { chain_id, prefix, reserve_denom } => {
            let rpc = session.config.rpc.clone().unwrap_or_default();
            let Some(gas_price) = &session.config.gas_price else {
                return Err(Failure::usage("a network needs a gas price")
                    .hint("give --gas-price 0.025DENOM")
                    .into());
            };
            if rpc.is_empty() {
                return Err(Failure::usage("a network needs an endpoint")
                    .hint("give --rpc URL")
                    .into());
            }
            if path.exists() {
                session.confirm(
                    &format!("Overwrite {}? What it records is lost.", path.display()),
                    Unattended::Refuse,
                )?;
            }
            let mut network = NetworkFile::new(&chain_id, rpc, &prefix, gas_price);
            network.reserve_denom = reserve_denom;
            session.connect(&network).await?;
            network.save(&path)?;
            session.output.print(&report(network))
        }
        NetworkCommand::Show => session.output.print(&report(session.network()?)),
        NetworkCommand::Verify => verify(session).await,
        NetworkCommand::AddMarket { address, name } => {
            let network = session.network()?;
            let client = session.connect(&network).await?;
            let (symbol, record) = describe(&client, &address).await?;
            let name = name.unwrap_or(symbol);
            let network = NetworkFile::update(&path, |file| {
                file.markets.insert(name, record);
            })?;
            session.output.print(&report(network))
        }
        NetworkCommand::ForgetMarket { name } => {
            if !session.network()?.markets.contains_key(&name) {
                return Err(Failure::new(format!("no market {name} in {}", path.display()))
                    .hint("modelbond model list shows them")
                    .into());
            }
            let network = NetworkFile::update(&path, |file| {
                file.markets.remove(&name);
            })?;
            session.output.print(&report(network))
        }
    }
}

/// Symbol and record of the market at `address`.
async fn describe(client: &Client, address: &str) -> Result<(String, MarketRecord)> {
    let not_a_market = || format!("{address} does not answer as a market");
    let token: TokenInfoResponse =
        client.query(address, &QueryMsg::TokenInfo {}).await.with_context(not_a_market)?;
    let config: ConfigResponse =
        client.query(address, &QueryMsg::Config {}).await.with_context(not_a_market)?;
    let info = client.contract_info(address).await.with_context(not_a_market)?;
    let record = MarketRecord {
        address: address.to_owned(),
        code_id: info.code_id,
        name: token.name,
        reserve_denom: config.reserve_denom,
    };
    Ok((token.symbol, record))
}

async fn verify(session: &Session) -> Result<()> {
    let network = session.network()?;
    let client = session.connect(&network).await?;
    let mut checks = Vec::new();
    for (name, code) in &network.codes {
        let detail = code_fault(&client, code.id, &code.hash).await?;
        checks.push(check(
            format!("code {name}"),
            detail,
            format!("code {}, {}", code.id, code.hash),
        ));
    }
    for (name, address) in &network.contracts {
        let code = network.codes.get(name).map_or(0, |code| code.id);
        let detail = contract_fault(&client, address, code).await?;
        checks.push(check(format!("contract {name}"), detail, format!("code {code}, no admin")));
    }
    for wire in wires::check(&client, &network, &wires::WIRED).await? {
        let fault = (!wire.ok).then(|| match &wire.expected {
            Some(expected) => format!("{}, not {expected}", wire.found),
            None => format!("{}, and the file has nothing", wire.found),
        });
        checks.push(check(format!("{} of {}", wire.role, wire.contract), fault, wire.found));
    }
    for (symbol, market) in &network.markets {
        let detail = contract_fault(&client, &market.address, market.code_id).await?;
        checks.push(check(
            format!("market {symbol}"),
            detail,
            format!("code {}, no admin", market.code_id),
        ));
    }
    if checks.is_empty() {
        let what = format!("nothing is recorded for {}, so nothing was verified", network.chain_id);
        return Err(Failure::new(what)
            .hint("modelbond deploy makes contracts and records them")
            .into());
    }
    let ok = checks.iter().all(|check| check.ok);
    session.output.print(&Verification { chain_id: network.chain_id.clone(), ok, checks })?;
    if ok {
        Ok(())
    } else {
        Err(Failure::new(format!("{} does not hold what the file records", network.chain_id))
            .hint("modelbond deploy stores a code that is missing; network forget-market removes a market")
            .into())
    }
}

fn check(what: String, fault: Option<String>, fine: String) -> Check {
    Check { what, ok: fault.is_none(), detail: fault.unwrap_or(fine) }
}

/// Why the chain's code is not the recorded one, if so.
pub async fn code_fault(client: &Client, code_id: u64, hash: &str) -> Result<Option<String>> {
    match client.code_info(code_id).await {
        Ok(info) if hex::encode(&info.data_hash) == hash => Ok(None),
        Ok(info) => Ok(Some(format!("code {code_id} has hash {}", hex::encode(info.data_hash)))),
        Err(ClientError::NotFound { .. }) => Ok(Some(format!("there is no code {code_id}"))),
        Err(error) => Err(error).with_context(|| format!("cannot look up code {code_id}")),
    }
}

/// Why the contract at a recorded address is not one of this code that nobody can migrate, if so.
pub async fn contract_fault(
    client: &Client,
    address: &str,
    code_id: u64,
) -> Result<Option<String>> {
    match client.contract_info(address).await {
        Ok(info) if info.code_id != code_id => {
            Ok(Some(format!("runs code {}, not {code_id}", info.code_id)))
        }
        Ok(info) => Ok(info.admin.map(|admin| format!("can be migrated by {admin}"))),
        Err(ClientError::NotFound { .. }) => Ok(Some("does not exist".to_owned())),
        Err(error) => Err(error).with_context(|| format!("cannot look up {address}")),
    }
}
