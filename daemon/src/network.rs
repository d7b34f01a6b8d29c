//! The network file: one chain, how to reach it, and what is deployed there.
//!
//! TOML, so that people can write it: chain id, RPC endpoints in order of preference, address
//! prefix and gas price; `deploy` and `model open` add codes with their hashes and markets. Changes
//! are made under a lock and replace the file in one step, so that two commands at once lose nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use modelbond_client::Network;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::keystore::create_private_directory;

/// A network file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
    /// Chain id; every endpoint must have it.
    pub chain_id: String,
    /// RPC endpoints, in order of preference; the next is asked when one fails.
    pub rpc: Vec<String>,
    /// Bech32 prefix of accounts.
    pub prefix: String,
    /// Price of one unit of gas, such as `0.025stake`.
    pub gas_price: String,
    /// Denom of new markets' reserves where `model open` names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve_denom: Option<String>,
    /// Stored codes by contract name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, Code>,
    /// Contracts of which there is one, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contracts: BTreeMap<String, String>,
    /// Markets by symbol.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub markets: BTreeMap<String, MarketRecord>,
}

/// A stored code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Number the chain gave it.
    pub id: u64,
    /// SHA-256 of the wasm, lower-case hex.
    pub hash: String,
}

/// A market.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketRecord {
    /// Contract address.
    pub address: String,
    /// Code it runs.
    pub code_id: u64,
    /// Token name.
    pub name: String,
    /// Denom of its reserve.
    pub reserve_denom: String,
}

impl NetworkFile {
    /// A network on which nothing is deployed yet.
    pub fn new(chain_id: &str, rpc: Vec<String>, prefix: &str, gas_price: &str) -> Self {
        Self {
            chain_id: chain_id.to_owned(),
            rpc,
            prefix: prefix.to_owned(),
            gas_price: gas_price.to_owned(),
            reserve_denom: None,
            codes: BTreeMap::new(),
            contracts: BTreeMap::new(),
            markets: BTreeMap::new(),
        }
    }

    /// Reads a file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Failure::new(format!("no network file {}", path.display()))
                    .hint(
                        "modelbond devnet up starts a chain and writes one; \
                         modelbond network init writes one for another chain; \
                         --network names the file to use",
                    )
                    .into());
            }
            other => other.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let file: Self = toml::from_str(&text).map_err(|error| {
            Failure::new(format!("{} is not a network file: {}", path.display(), error.message()))
                .hint("modelbond network init --help shows what belongs into one")
        })?;
        file.network().with_context(|| format!("{} cannot be used", path.display()))?;
        Ok(file)
    }

    /// Writes the file in one step.
    pub fn save(&self, path: &Path) -> Result<()> {
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty())
        {
            create_private_directory(directory)?;
        }
        let text = toml::to_string_pretty(self).context("network file")?;
        let draft = beside(path, &format!("{}.new", std::process::id()));
        fs::write(&draft, text).with_context(|| format!("cannot write {}", draft.display()))?;
        fs::rename(&draft, path).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads, changes and writes the file while no other command does.
    pub fn update(path: &Path, change: impl FnOnce(&mut Self)) -> Result<Self> {
        let lock_path = beside(path, "lock");
        let lock = File::create(&lock_path)
            .with_context(|| format!("cannot write {}", lock_path.display()))?;
        lock.lock().with_context(|| format!("cannot lock {}", lock_path.display()))?;
        let mut file = Self::load(path)?;
        change(&mut file);
        file.save(path)?;
        Ok(file)
    }

    /// What the client needs.
    pub fn network(&self) -> Result<Network> {
        let gas_price =
            self.gas_price.parse().map_err(|error: modelbond_client::ClientError| {
                Failure::new(error.to_string())
                    .hint("write gas_price as an amount and a denom: 0.025stake")
            })?;
        if self.rpc.is_empty() {
            return Err(Failure::new("rpc has no endpoint")
                .hint("add at least one http:// address")
                .into());
        }
        Ok(Network {
            chain_id: self.chain_id.clone(),
            rpc: self.rpc.clone(),
            prefix: self.prefix.clone(),
            gas_price,
        })
    }

    /// The address of a market named by symbol (in any case) or by address.
    pub fn market_address(&self, market: &str) -> Result<String> {
        let by_symbol = self.markets.get(market).or_else(|| {
            self.markets.iter().find(|(s, _)| s.eq_ignore_ascii_case(market)).map(|(_, m)| m)
        });
        if let Some(record) = by_symbol {
            return Ok(record.address.clone());
        }
        if market.starts_with(&format!("{}1", self.prefix)) {
            return Ok(market.to_owned());
        }
        let known: Vec<&str> = self.markets.keys().map(String::as_str).collect();
        let hint = if known.is_empty() {
            "no market is recorded: open one (modelbond model open), record one \
             (modelbond network add-market), or give its address"
                .to_owned()
        } else {
            format!("recorded are {}; an address works too", known.join(", "))
        };
        Err(Failure::new(format!("no market {market} on {}", self.chain_id)).hint(hint).into())
    }
}

/// The file that `--network` means: a path, or a name under `networks` in the home directory.
pub fn path(home: &Path, network: &str) -> PathBuf {
    if network.contains('/') || network.ends_with(".toml") {
        PathBuf::from(network)
    } else {
        home.join("networks").join(format!("{network}.toml"))
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}
