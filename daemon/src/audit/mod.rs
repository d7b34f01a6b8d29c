//! Audits of a deployment on a chain: its events are read block by block, its contracts are asked, all
//! of one state. What is compared, and how, is the audit package's.

mod file;
mod read;
mod state;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use modelbond_audit::{AddressBook, Auditor, Books, Finding};
use modelbond_client::{Client, ClientError};
use modelbond_interface::market::{ConfigResponse, QueryMsg};
use modelbond_interface::registry::{self, ModelResponse, ModelsResponse};

use crate::contract::{PROVENANCE, REGISTRY, REWARDS};
use crate::failure::Failure;
use crate::network::NetworkFile;
use crate::session::Session;
use crate::training::contract::TRAINING;

pub use state::Pinned;

/// Where events come from.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// A file instead of the chain.
    pub log: Option<PathBuf>,
    /// Where to write the events that were read.
    pub export: Option<PathBuf>,
    /// The first block; that in which the first of the contracts was made, if not given.
    pub from_height: Option<u64>,
    /// The last block, of whose state is asked; the newest, if not given.
    pub to_height: Option<u64>,
}

/// A deployment to be audited.
#[derive(Debug, Clone)]
pub struct Deployment {
    client: Client,
    /// Chain id.
    pub chain_id: String,
    /// Who is who.
    pub addresses: AddressBook,
    /// Symbols of markets.
    pub symbols: BTreeMap<String, String>,
}

/// What an audit found out.
#[derive(Debug)]
pub struct Audit {
    /// First block that was read; none for a file.
    pub from_height: Option<u64>,
    /// Block of whose state contracts were asked.
    pub to_height: u64,
    /// Entries of the log.
    pub entries: u64,
    /// The books.
    pub books: Books,
    /// What in the log contradicts itself.
    pub findings: Vec<Finding>,
    /// The state to compare with.
    pub state: Pinned,
}

impl Deployment {
    /// The contracts that the network file names, with these models; with all that the registry or the
    /// file has, if none are given.
    ///
    /// # Errors
    /// When a model is not known, or does not answer as a market.
    pub async fn find(session: &Session, models: &[String]) -> Result<Self> {
        let network = session.network()?;
        let asked = models.iter().map(|model| network.market_address(model));
        let asked = asked.collect::<Result<Vec<String>>>()?;
        let client = session.connect(&network).await?;
        let _progress = session.output.progress("looking up the contracts");
        let mut symbols = recorded(&network);
        for model in registered(&client, &network).await? {
            symbols.insert(model.model.into_string(), model.symbol);
        }
        if !asked.is_empty() {
            for address in &asked {
                symbols.entry(address.clone()).or_insert_with(|| address.clone());
            }
            symbols.retain(|address, _| asked.contains(address));
        }
        let contract = |name: &str| network.contracts.get(name).cloned();
        let mut addresses = AddressBook {
            markets: BTreeMap::new(),
            registry: contract(REGISTRY),
            provenance: contract(PROVENANCE),
            rewards: contract(REWARDS),
            training: contract(TRAINING),
        };
        for address in symbols.keys() {
            let terms: ConfigResponse = client
                .query(address, &QueryMsg::Config {})
                .await
                .with_context(|| format!("{address} does not answer as a market"))?;
            addresses.markets.insert(address.clone(), terms);
        }
        if addresses == AddressBook::default() {
            return Err(Failure::new(format!("nothing is deployed on {}", network.chain_id))
                .hint("modelbond deploy makes contracts, modelbond model open opens a market")
                .into());
        }
        Ok(Self { client, chain_id: network.chain_id, addresses, symbols })
    }

    /// Names and addresses of all contracts that are audited.
    pub fn names(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let AddressBook { registry, provenance, rewards, training, .. } = &self.addresses;
        let singletons = [
            (REGISTRY, registry),
            (PROVENANCE, provenance),
            (REWARDS, rewards),
            (TRAINING, training),
        ];
        let singletons = singletons.into_iter().filter_map(|(name, address)| {
            address.as_ref().map(|address| (name.to_owned(), address.clone()))
        });
        let markets = self.symbols.iter();
        markets
            .map(|(address, symbol)| (format!("market {symbol}"), address.clone()))
            .chain(singletons)
    }

    /// Reads the events and books them.
    ///
    /// # Errors
    /// When a block or the file cannot be read.
    pub async fn audit(&self, session: &Session, source: &Source) -> Result<Audit> {
        let newest = self.client.latest_block().await.context("cannot read the chain's height")?;
        let to_height = source.to_height.unwrap_or(newest.height);
        if to_height > newest.height {
            let Self { chain_id, .. } = self;
            let what = format!("{chain_id} has {} blocks, not {to_height}", newest.height);
            return Err(Failure::usage(what).hint("leave --to-height out").into());
        }
        let mut auditor = Auditor::new(self.addresses.clone());
        let (from_height, entries) = match &source.log {
            Some(path) => (None, file::take(path, &mut auditor)?),
            None => {
                let from = match source.from_height {
                    Some(from) => from,
                    None => self.first_height().await?,
                };
                let export = source.export.as_deref();
                let heights = from..=to_height;
                let entries = read::take(session, self, heights, export, &mut auditor).await?;
                (Some(from), entries)
            }
        };
        let (books, findings) = auditor.finish();
        let state = Pinned::new(self.client.at(to_height));
        Ok(Audit { from_height, to_height, entries, books, findings, state })
    }

    /// Height of the block in which the first of the contracts was made; 1 where the chain does not say.
    async fn first_height(&self) -> Result<u64> {
        let mut first = u64::MAX;
        for (_, address) in self.names() {
            let info = self
                .client
                .contract_info(&address)
                .await
                .with_context(|| format!("cannot look up {address}"))?;
            first = first.min(info.height.unwrap_or(1));
        }
        Ok(first.max(1))
    }
}

/// Symbols of the markets in the network file.
fn recorded(network: &NetworkFile) -> BTreeMap<String, String> {
    network
        .markets
        .iter()
        .map(|(symbol, market)| (market.address.clone(), symbol.clone()))
        .collect()
}

/// All models of the registry, if there is one.
async fn registered(client: &Client, network: &NetworkFile) -> Result<Vec<ModelResponse>> {
    let Some(address) = network.contracts.get(REGISTRY) else { return Ok(vec![]) };
    let mut models: Vec<ModelResponse> = vec![];
    loop {
        let start_after = models.last().map(|model| model.number);
        let query = registry::QueryMsg::Models { filter: None, start_after, limit: Some(30) };
        let page: Result<ModelsResponse, ClientError> = client.query(address, &query).await;
        let page = page.context("the registry did not answer")?.models;
        if page.is_empty() {
            return Ok(models);
        }
        models.extend(page);
    }
}
