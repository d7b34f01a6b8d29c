//! `modelbond devnet`: a chain on this machine, run by `scripts/devnet.sh`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use cosmwasm_std::Coin;
use serde::{Deserialize, Serialize};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::network::code_fault;
use crate::failure::Failure;
use crate::format;
use crate::keystore::{parse_path, Identity, DEFAULT_PATH};
use crate::network::NetworkFile;
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};

const SCRIPT: &str = "devnet.sh";
/// Set by our scripts for what they start.
const SCRIPT_VARIABLE: &str = "MODELBOND_DEVNET";

/// Run a chain on this machine
#[derive(Subcommand, Debug)]
#[command(after_help = "\
Example:
  modelbond devnet up && modelbond devnet fund alice 1000000000stake")]
pub enum Devnet {
    /// Start it and write the network file; an existing chain goes on
    Up {
        /// Forget the chain that was there
        #[arg(long)]
        fresh: bool,
        /// Fund an account at genesis, so only with --fresh; repeatable
        #[arg(long = "account", value_name = "ADDRESS=COINS", requires = "fresh")]
        accounts: Vec<String>,
        /// Where it is
        #[command(flatten)]
        place: Place,
    },
    /// Stop it; its state stays
    Down {
        /// Where it is
        #[command(flatten)]
        place: Place,
    },
    /// Say whether it runs; exit code 1 if not
    Status {
        /// Where it is
        #[command(flatten)]
        place: Place,
    },
    /// Send coins from the faucet
    Fund {
        /// Receiver: an address, or a key of the keystore
        receiver: String,
        /// Coins, such as 1000000stake 5000000uusd
        #[arg(required = true)]
        coins: Vec<String>,
        /// Where it is
        #[command(flatten)]
        place: Place,
    },
}

/// Where script and chain are.
#[derive(Args, Debug)]
pub struct Place {
    /// Folder of devnet.sh [default: scripts/ of the checkout around here or around the program]
    #[arg(long, env = "MODELBOND_SCRIPTS_DIR", value_name = "DIR")]
    scripts_dir: Option<PathBuf>,
    /// The node's home [default: in the cache]
    #[arg(long, value_name = "DIR")]
    node_home: Option<PathBuf>,
}

/// What the script says about a node that runs. Fields that we do not know are for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Node {
    chain_id: String,
    rpc: String,
    home: PathBuf,
    pid: u32,
    prefix: String,
    fee_denom: String,
    gas_price: String,
    faucet: Faucet,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Faucet {
    address: String,
    mnemonic_file: PathBuf,
}

#[derive(Serialize)]
struct Status {
    running: bool,
    network_file: String,
    node: Option<Node>,
}

impl Report for Status {
    fn page(&self) -> Page {
        let Some(node) = &self.node else { return Page::new("The devnet is down") };
        Page::new(format!("{} is up", node.chain_id))
            .field("rpc", &node.rpc)
            .field("process", node.pid)
            .field("home", node.home.display())
            .field("faucet", &node.faucet.address)
            .field("network file", &self.network_file)
    }
}

#[derive(Serialize)]
struct Funded {
    receiver: String,
    coins: Vec<Coin>,
    transaction: Transaction,
}

impl Report for Funded {
    fn page(&self) -> Page {
        let mut page = Page::new("Funded").field("receiver", &self.receiver);
        for coin in &self.coins {
            page = page.field("amount", format::coin(coin));
        }
        self.transaction.on(page)
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Devnet) -> Result<()> {
    let network_file = session.network_path().display().to_string();
    match command {
        Devnet::Up { fresh, accounts, place } => {
            let script = Script::find(&place)?;
            let node = match script.status().await? {
                Some(node) if !fresh => node,
                running => {
                    if running.is_some() {
                        script.call("down", &[]).await?;
                    }
                    let mut arguments = Vec::new();
                    if fresh {
                        arguments.push("--fresh".to_owned());
                    }
                    for account in accounts {
                        arguments.extend(["--account".to_owned(), account]);
                    }
                    let _progress = session.output.progress("starting the chain");
                    let answer = script.call("up", &arguments).await?;
                    if !answer.success {
                        return Err(answer.failure("the devnet did not start"));
                    }
                    answer.node()?
                }
            };
            record(session, &node).await?;
            session.output.print(&Status { running: true, network_file, node: Some(node) })
        }
        Devnet::Down { place } => {
            let answer = Script::find(&place)?.call("down", &[]).await?;
            if !answer.success {
                return Err(answer.failure("the devnet was not stopped"));
            }
            session.output.print(&Status { running: false, network_file, node: None })
        }
        Devnet::Status { place } => {
            let node = Script::find(&place)?.status().await?;
            let running = node.is_some();
            session.output.print(&Status { running, network_file, node })?;
            if running {
                Ok(())
            } else {
                Err(Failure::new("no devnet is running")
                    .hint("modelbond devnet up starts it")
                    .into())
            }
        }
        Devnet::Fund { receiver, coins, place } => fund(session, &receiver, &coins, &place).await,
    }
}

async fn fund(session: &Session, receiver: &str, coins: &[String], place: &Place) -> Result<()> {
    let coins = coins
        .iter()
        .map(|coin| {
            coin.parse::<Coin>().ok().filter(|parsed| !parsed.denom.contains(',')).ok_or_else(
                || {
                    Failure::usage(format!("{coin} is not an amount with its denom")).hint(
                        "write 1000000stake, and several coins apart: 1000000stake 5000000uusd",
                    )
                },
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    let node = Script::find(place)?.status().await?.ok_or_else(|| {
        Failure::new("no devnet is running").hint("modelbond devnet up starts it")
    })?;
    let receiver = session.resolve_address(receiver, &node.prefix)?;
    let phrase = std::fs::read_to_string(&node.faucet.mnemonic_file)
        .map(Zeroizing::new)
        .with_context(|| format!("cannot read {}", node.faucet.mnemonic_file.display()))?;
    let faucet = Identity::from_phrase(&phrase, parse_path(DEFAULT_PATH).map_err(Failure::new)?)?;
    let network =
        NetworkFile::new(&node.chain_id, vec![node.rpc.clone()], &node.prefix, &node.gas_price);
    let client = session.connect(&network).await?;
    let signer = client.signer(faucet.signing_key()?);
    let progress = session.output.progress("waiting for the block");
    let receipt = signer.send(&receiver, &coins).await.context("the faucet did not send")?;
    drop(progress);
    session.output.print(&Funded { receiver, coins, transaction: Transaction::from(&receipt) })
}

/// Writes the network file of a node that runs. What was recorded stays if the chain still has it:
/// a fresh chain has the same id, but not the codes.
async fn record(session: &Session, node: &Node) -> Result<()> {
    let path = session.network_path();
    let mut file =
        NetworkFile::new(&node.chain_id, vec![node.rpc.clone()], &node.prefix, &node.gas_price);
    file.reserve_denom = Some(node.fee_denom.clone());
    if path.exists() {
        let recorded = NetworkFile::load(&path)?;
        if recorded.chain_id != node.chain_id {
            return Err(Failure::new(format!(
                "{} is for the chain {}, not for {}",
                path.display(),
                recorded.chain_id,
                node.chain_id
            ))
            .hint("give another --network NAME")
            .into());
        }
        let client = session.connect(&file).await?;
        let mut known = !recorded.codes.is_empty();
        for code in recorded.codes.values() {
            known &= code_fault(&client, code.id, &code.hash).await?.is_none();
        }
        if known {
            file.codes = recorded.codes;
            file.contracts = recorded.contracts;
            for (symbol, market) in recorded.markets {
                if client.contract_info(&market.address).await.is_ok() {
                    file.markets.insert(symbol, market);
                }
            }
        }
    }
    file.save(&path)
}

/// The script and the home it works on.
struct Script {
    path: PathBuf,
    node_home: Option<PathBuf>,
}

struct Answer {
    success: bool,
    stdout: String,
    stderr: String,
}

impl Script {
    fn find(place: &Place) -> Result<Self> {
        let node_home = place.node_home.clone();
        if let Some(directory) = &place.scripts_dir {
            let path = directory.join(SCRIPT);
            if !path.is_file() {
                return Err(Failure::usage(format!("there is no {}", path.display()))
                    .hint("--scripts-dir is the folder that holds devnet.sh")
                    .into());
            }
            return Ok(Self { path, node_home });
        }
        if let Some(path) =
            std::env::var_os(SCRIPT_VARIABLE).map(PathBuf::from).filter(|p| p.is_file())
        {
            return Ok(Self { path, node_home });
        }
        let starts = [std::env::current_dir().ok(), std::env::current_exe().ok()];
        let path = starts.iter().flatten().find_map(|start| above(start)).ok_or_else(|| {
            Failure::new(format!(
                "scripts/{SCRIPT} is neither above this folder nor above the program"
            ))
            .hint("run inside of a checkout, or give --scripts-dir DIR")
        })?;
        Ok(Self { path, node_home })
    }

    /// The node, if it runs.
    async fn status(&self) -> Result<Option<Node>> {
        let answer = self.call("status", &[]).await?;
        if answer.success {
            answer.node().map(Some)
        } else {
            Ok(None)
        }
    }

    async fn call(&self, command: &str, arguments: &[String]) -> Result<Answer> {
        let mut process = Command::new(&self.path);
        process.arg(command).args(arguments).stdin(Stdio::null());
        if let Some(home) = &self.node_home {
            process.arg("--home").arg(home);
        }
        let output = process
            .output()
            .await
            .with_context(|| format!("cannot run {}", self.path.display()))?;
        Ok(Answer {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

impl Answer {
    fn node(&self) -> Result<Node> {
        serde_json::from_str(&self.stdout).context("devnet.sh did not print what it should")
    }

    fn failure(&self, what: &str) -> anyhow::Error {
        Failure::new(format!("{what}: {}", self.stderr.trim()))
            .hint("scripts/devnet.sh --help explains the script")
            .into()
    }
}

/// `scripts/devnet.sh` in the nearest folder at or above `start`.
fn above(start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|folder| folder.join("scripts").join(SCRIPT)).find(|path| path.is_file())
}
