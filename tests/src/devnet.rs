//! [`Devnet`]: a real node as a value. It has a home, ports and accounts of its own and ends when
//! the value is dropped.
//!
//! It needs the contracts in `artifacts/` and the node that `scripts/devnet.sh` runs. Without them it
//! fails and says so: a test that silently passes is worse than none.

mod contracts;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use cosmwasm_std::{from_json, Binary, Coin, Timestamp};
use modelbond_audit::Entry;
use modelbond_client::{
    keys, messages, Any, Client, ClientError, Gas, Network, Receipt, Signer, TxOptions,
};
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::chain::{Chain, Contracts, Failure, Outcome};

/// More than any message here needs; nothing is simulated, so that refusals get into blocks.
const GAS: u64 = 5_000_000;
const HOW: &str = "run ./scripts/test.sh, which builds the contracts and the node";

/// What `devnet.sh` writes about itself.
#[derive(Deserialize)]
struct Announcement {
    chain_id: String,
    rpc: String,
    prefix: String,
    gas_price: String,
    faucet: Faucet,
}

#[derive(Deserialize)]
struct Faucet {
    mnemonic_file: PathBuf,
}

/// One message on its way into a block together with others.
#[derive(Debug, Clone)]
pub struct Sending {
    /// Name of the account.
    pub name: String,
    /// What it sends.
    pub msg: ExecuteMsg,
    /// Coins with it.
    pub funds: Vec<Coin>,
}

/// A transaction as it stands in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Block time.
    pub at: Timestamp,
    /// Address of the signer.
    pub sender: String,
    /// Whether it succeeded.
    pub accepted: bool,
}

/// The node.
pub struct Devnet {
    process: Child,
    client: Client,
    faucet: Signer,
    codes: BTreeMap<String, u64>,
    runtime: Runtime,
    home: tempfile::TempDir,
}

impl Drop for Devnet {
    fn drop(&mut self) {
        // Nothing can be done about a node that is already gone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A path from the environment that `scripts/environment.sh` sets, or where it would be.
fn path(variable: &str, default: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| repository().join(default), PathBuf::from)
}

fn failure(error: &ClientError) -> Failure {
    Failure::Text(error.to_string())
}

impl Devnet {
    /// Starts a node and stores the market's code.
    ///
    /// # Panics
    /// When the node or the artefact is missing, with what to do about it.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&["market"])
    }

    /// Starts a node and stores the codes of these contracts.
    ///
    /// # Panics
    /// When the node or an artefact is missing, with what to do about it.
    #[must_use]
    pub fn start_with(contracts: &[&str]) -> Self {
        let artefact = |name: &&str| {
            let path = path("MODELBOND_ARTIFACTS", "artifacts").join(format!("{name}.wasm"));
            let wasm = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; {HOW}", path.display()));
            ((*name).to_owned(), wasm)
        };
        let wasms: Vec<(String, Vec<u8>)> = contracts.iter().map(artefact).collect();
        let home = tempfile::tempdir().expect("a directory for the node");
        let mut process = Command::new("bash")
            .arg(path("MODELBOND_DEVNET", "scripts/devnet.sh"))
            .args(["run", "--fresh", "--block-time", "300ms", "--home"])
            .arg(home.path().join("node"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("the node does not start: {e}; {HOW}"));
        let runtime = Runtime::new().expect("a runtime");
        let announced =
            runtime.block_on(announcement(&mut process, &home.path().join("node/devnet.json")));
        let network = Network {
            chain_id: announced.chain_id,
            rpc: vec![announced.rpc],
            prefix: announced.prefix,
            gas_price: announced.gas_price.parse().expect("a gas price"),
        };
        let mnemonic = fs::read_to_string(&announced.faucet.mnemonic_file).expect("a faucet");
        let key = keys::from_mnemonic(mnemonic.trim(), "wasm", 0).expect("the faucet's key");
        let (client, faucet, codes) = runtime
            .block_on(async {
                let client = Client::connect(network).await?;
                let faucet = client.signer(key);
                let mut codes = BTreeMap::new();
                for (name, wasm) in wasms {
                    codes.insert(name, faucet.store(&wasm).await?.0);
                }
                Ok::<_, ClientError>((client, faucet, codes))
            })
            .unwrap_or_else(|e| panic!("a code is refused: {e}; {HOW}"));
        Self { process, client, faucet, codes, runtime, home }
    }

    /// Has every code pinned by a governance vote: from then on a chain keeps them in memory.
    ///
    /// # Panics
    /// When that is refused.
    pub fn pin(&self) {
        let status = Command::new("bash")
            .arg(path("MODELBOND_DEVNET", "scripts/devnet.sh"))
            .args(["pin", "--home"])
            .arg(self.home.path().join("node"))
            .args(self.codes.values().map(u64::to_string))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .unwrap_or_else(|e| panic!("codes cannot be pinned: {e}; {HOW}"));
        assert!(status.success(), "codes cannot be pinned: {status}");
    }

    fn key(&self, name: &str) -> keys::Key {
        keys::from_bytes(&Sha256::digest(name.as_bytes()), &self.client.network().prefix)
            .expect("a hash is a key")
    }

    fn signer(&self, name: &str) -> Signer {
        self.client.signer(self.key(name))
    }

    fn broadcast(&self, signer: &Signer, message: Any) -> Result<Receipt, Failure> {
        self.broadcast_all(signer, vec![message])
    }

    fn broadcast_all(&self, signer: &Signer, messages: Vec<Any>) -> Result<Receipt, Failure> {
        let count = u64::try_from(messages.len()).unwrap_or(u64::MAX);
        let options = TxOptions { gas: Gas::Limit(GAS * count), ..TxOptions::default() };
        self.runtime.block_on(signer.broadcast_with(messages, options)).map_err(|e| failure(&e))
    }

    /// Gives many accounts coins in one transaction.
    ///
    /// # Panics
    /// When the faucet is empty.
    pub fn fund_all(&mut self, names: &[&str], coins: &[Coin]) {
        let messages = names
            .iter()
            .map(|name| messages::send(self.faucet.address(), &self.account(name), coins))
            .collect();
        self.runtime.block_on(self.faucet.broadcast(messages, "")).expect("the faucet gives");
    }

    /// Sends all of these at once, so that several get into one block in an order that nobody
    /// chose, and waits for all of them.
    ///
    /// # Panics
    /// When the chain does not say what became of one.
    pub fn send_together(
        &mut self,
        market: &str,
        sendings: Vec<Sending>,
    ) -> Vec<(String, Result<Outcome, Failure>)> {
        let mut tasks = JoinSet::new();
        for Sending { name, msg, funds } in sendings {
            let signer = self.signer(&name);
            let message = messages::execute(signer.address(), market, &msg, &funds);
            let message = message.expect("the message is JSON");
            let options = TxOptions { gas: Gas::Limit(GAS), ..TxOptions::default() };
            tasks.spawn_on(
                async move {
                    let sent = signer.broadcast_with(vec![message], options).await;
                    (signer.address().to_owned(), sent)
                },
                self.runtime.handle(),
            );
        }
        self.runtime.block_on(async {
            let mut results = vec![];
            while let Some(done) = tasks.join_next().await {
                let (sender, sent) = done.expect("a sender panicked");
                let result = match sent {
                    Ok(receipt) => Ok(outcome(receipt)),
                    Err(error) => {
                        assert!(in_a_block(&error), "not in a block: {error}");
                        Err(failure(&error))
                    }
                };
                results.push((sender, result));
            }
            results
        })
    }

    /// Newest height.
    ///
    /// # Panics
    /// When the node is gone.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.runtime.block_on(self.client.latest_block()).expect("the node answers").height
    }

    /// Block time at `height`.
    ///
    /// # Panics
    /// When there is no such block.
    #[must_use]
    pub fn time_of(&self, height: u64) -> Timestamp {
        let nanos = self.runtime.block_on(self.client.block_time(height));
        Timestamp::from_nanos(nanos.expect("the node has the block"))
    }

    /// The transactions from block `first` to block `last` in order.
    ///
    /// # Panics
    /// When there are no such blocks.
    #[must_use]
    pub fn transactions(&self, first: u64, last: u64) -> Vec<Included> {
        let mut found = vec![];
        for height in first..=last {
            let events = self.runtime.block_on(self.client.block_events(height));
            let events = events.expect("the node has the block");
            if events.transactions.is_empty() {
                continue;
            }
            let at = self.time_of(height);
            for transaction in events.transactions {
                let signer = transaction
                    .events
                    .iter()
                    .flat_map(|event| &event.attributes)
                    .find(|attribute| attribute.key == "acc_seq")
                    .and_then(|attribute| attribute.value.split_once('/'));
                let (sender, _) = signer.expect("every transaction names its signer");
                let accepted = transaction.code == 0;
                found.push(Included { at, sender: sender.to_owned(), accepted });
            }
        }
        found
    }

    /// All that contracts have said since the first block.
    ///
    /// # Panics
    /// When the node is gone.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        let mut log = vec![];
        for height in 1..=self.height() {
            let events = self.runtime.block_on(self.client.block_events(height));
            let events = events.expect("the node has the block");
            let time = self.time_of(height).nanos();
            for (tx, transaction) in (0..).zip(&events.transactions) {
                let said = transaction.events.iter();
                log.extend(said.filter_map(|event| Entry::of_chain(height, time, tx, event)));
            }
        }
        log
    }

    /// Waits for the next block.
    ///
    /// # Panics
    /// When the node is gone.
    pub fn next_block(&self) {
        let start = self.height();
        self.runtime.block_on(async {
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            while self.client.latest_block().await.expect("the node answers").height == start {
                ticks.tick().await;
            }
        });
    }
}

/// Whether a transaction failed in a block, not before it.
fn in_a_block(error: &ClientError) -> bool {
    match error {
        ClientError::Contract { hash, .. }
        | ClientError::Chain { hash, .. }
        | ClientError::OutOfGas { hash, .. }
        | ClientError::InsufficientFunds { hash, .. } => hash.is_some(),
        _ => false,
    }
}

fn outcome(receipt: Receipt) -> Outcome {
    let data = receipt.contract_data(0).ok().filter(|data| !data.is_empty());
    Outcome { data: data.map(Binary::from), gas: Some(receipt.gas_used), events: receipt.events }
}

/// Waits until the node says that it runs; it has ended when its process has.
async fn announcement(process: &mut Child, file: &Path) -> Announcement {
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    loop {
        if let Ok(text) = fs::read(file) {
            return from_json(text).expect("devnet.sh writes JSON in one step");
        }
        if let Ok(Some(status)) = process.try_wait() {
            panic!("the node ended with {status}; {HOW}");
        }
        ticks.tick().await;
    }
}

impl Chain for Devnet {
    fn denom(&self) -> &str {
        "uusd"
    }

    fn account(&self, name: &str) -> String {
        // Stories speak of addresses, too, once they have one.
        if name.starts_with("wasm1") {
            return name.to_owned();
        }
        self.key(name).address
    }

    fn fund(&mut self, address: &str, coins: &[Coin]) {
        if !coins.is_empty() {
            self.runtime.block_on(self.faucet.send(address, coins)).expect("the faucet gives");
        }
    }

    fn balance_of(&self, address: &str, denom: &str) -> u128 {
        self.runtime.block_on(self.client.balance(address, denom)).expect("the bank answers")
    }

    fn now(&self) -> Timestamp {
        let block = self.runtime.block_on(self.client.latest_block());
        Timestamp::from_nanos(block.expect("the node answers").time)
    }

    fn wait(&mut self, secs: u64) {
        let until = self.now().plus_seconds(secs);
        while self.now() < until {
            self.next_block();
        }
    }

    fn pay(&mut self, from: &str, to: &str, coins: &[Coin]) -> Result<(), Failure> {
        let signer = self.signer_of(from);
        let message = messages::send(signer.address(), to, coins);
        self.broadcast(&signer, message).map(|_| ())
    }

    fn open(
        &mut self,
        sender: &str,
        msg: &InstantiateMsg,
        funds: &[Coin],
    ) -> Result<(String, Outcome), Failure> {
        let signer = self.signer_of(sender);
        let (market, receipt) = self
            .runtime
            .block_on(signer.instantiate(self.code("market"), "market", msg, funds, None))
            .map_err(|e| failure(&e))?;
        Ok((market, outcome(receipt)))
    }

    fn execute(
        &mut self,
        sender: &str,
        market: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        self.execute_any(sender, market, msg, funds)
    }

    fn query_raw(&self, market: &str, msg: &QueryMsg) -> Result<Binary, Failure> {
        let answer: serde_json::Value =
            self.runtime.block_on(self.client.query(market, msg)).map_err(|e| failure(&e))?;
        Ok(Binary::from(answer.to_string().into_bytes()))
    }
}

/// Names that stories use; a real key cannot be found from an address.
const NAMES: [&str; 17] = [
    "creator",
    "training",
    "rewards",
    "provenance",
    "alice",
    "bob",
    "carol",
    "dan",
    "eve",
    "mallory",
    "washer",
    "stakeholder",
    "spender",
    "holder",
    "stranger",
    "user",
    "keeper",
];

impl Devnet {
    fn code(&self, contract: &str) -> u64 {
        let code = self.codes.get(contract);
        *code.unwrap_or_else(|| panic!("start the node with the code of {contract}"))
    }

    /// The signer of a known account.
    fn signer_of(&self, address: &str) -> Signer {
        let name = NAMES.iter().find(|name| self.key(name).address == address);
        self.signer(name.unwrap_or_else(|| panic!("nobody knows the key of {address}")))
    }
}
