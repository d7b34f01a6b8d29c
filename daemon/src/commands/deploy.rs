//! `modelbond deploy`: stores the contracts on a chain, makes those of which there is one, and
//! records all of it, codes by hash.
//!
//! Training needs a beacon, so it is made where there is one. It makes its nodes contract itself, which is
//! asked for and checked like any other.
//!
//! A code counts as stored when the network file records its hash and the chain confirms it, a
//! contract as made when the chain has it without an admin. So a second run does nothing, and a run
//! after a failure does what is left: everything is recorded as soon as it is there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::HexBinary;
use modelbond_client::{Client, Signer};
use modelbond_interface::{beacon, bridge, nodes, training};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::beacon::read_info;
use super::network::{code_fault, contract_fault};
use crate::bridge::CONTRACT as BRIDGE;
use crate::failure::Failure;
use crate::format;
use crate::network::{Code, NetworkFile};
use crate::output::{Page, Report};
use crate::serve::emitter::CONTRACT as BEACON;
use crate::session::{Session, Transaction};
use crate::training::contract::{NODES, TRAINING};

/// Every contract, by the name of its artefact.
const CONTRACTS: [&str; 5] = ["market", BRIDGE, BEACON, NODES, TRAINING];
/// drand's quicknet, a public network that a central beacon may be switched to.
const QUICKNET: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// Store the contracts on a chain, make the bridge, beacon and training, and verify all of it
#[derive(Args, Debug)]
#[command(after_help = "\
Run again, it continues where it stopped; what is there already is verified and not made twice.

Examples:
  scripts/build-wasm.sh && modelbond deploy --artifacts artifacts
  modelbond deploy --beacon info.json                  also a beacon, which the deployer may switch
                                                       once, to drand's public quicknet, and training
                                                       with its nodes contract, which draw from it
  modelbond deploy --beacon info.json --epoch-secs 86400 --unbonding-secs 1814400")]
pub struct Deploy {
    /// Folder with the contracts as scripts/build-wasm.sh writes them
    #[arg(long, env = "MODELBOND_ARTIFACTS", value_name = "DIR", default_value = "artifacts")]
    artifacts: PathBuf,
    /// Chain that people's Ethereum wallets are connected to, for typed data; 1 is Ethereum
    #[arg(long, value_name = "ID", default_value_t = 1)]
    evm_chain_id: u64,
    /// Make a beacon of this chain information: drand's /info, or of modelbond beacon keygen
    #[arg(long, value_name = "FILE")]
    beacon: Option<PathBuf>,
    /// How long before it takes effect a switch of the beacon's source is announced, at the least
    #[arg(long, value_name = "SECONDS", default_value_t = 21 * 86_400)]
    beacon_notice_secs: u64,
    /// How long rounds are kept, at the least
    #[arg(long, value_name = "SECONDS", default_value_t = 90 * 86_400)]
    beacon_retention_secs: u64,
    /// Length of training's epochs, 5 to 604,800; the default is for test networks
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=604_800))]
    epoch_secs: u64,
    /// How long unstaked tokens stay: at least 2 epochs, and twice any run's longest round
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(10..=31_536_000))]
    unbonding_secs: u64,
}

#[derive(Serialize)]
struct DeployedCode {
    contract: String,
    code_id: u64,
    hash: String,
    bytes: usize,
    /// Whether this run stored it.
    stored: bool,
    transaction: Option<Transaction>,
}

#[derive(Serialize)]
struct DeployedContract {
    contract: String,
    address: String,
    /// Whether this run made it.
    made: bool,
    transaction: Option<Transaction>,
}

#[derive(Serialize)]
struct Deployment {
    chain_id: String,
    network_file: String,
    codes: Vec<DeployedCode>,
    contracts: Vec<DeployedContract>,
}

impl Report for Deployment {
    fn page(&self) -> Page {
        let codes = self
            .codes
            .iter()
            .map(|code| {
                let bytes = format!("{} B", format::grouped(&code.bytes.to_string()));
                let how = how("stored", code.transaction.as_ref());
                vec![code.contract.clone(), code.code_id.to_string(), bytes, code.hash.clone(), how]
            })
            .collect();
        let contracts = self
            .contracts
            .iter()
            .map(|made| {
                let how = how("made", made.transaction.as_ref());
                vec![made.contract.clone(), made.address.clone(), how]
            })
            .collect();
        Page::new(format!("Deployed on {}", self.chain_id))
            .table(&["contract", "code id", "size", "sha-256, verified on chain", ""], codes)
            .table(&["contract", "address, no admin", ""], contracts)
            .field("network file", &self.network_file)
    }
}

fn how(done: &str, transaction: Option<&Transaction>) -> String {
    match transaction {
        Some(transaction) => {
            format!("{done}, {} gas", format::grouped(&transaction.gas_used.to_string()))
        }
        None => "was there".to_owned(),
    }
}

/// One run.
struct Run<'a> {
    session: &'a Session,
    path: PathBuf,
    client: Client,
    /// Made when it is first needed: a run with nothing to do asks for no passphrase.
    signer: Option<Signer>,
}

/// Runs the command.
pub async fn run(session: &Session, command: Deploy) -> Result<()> {
    ensure_unbonding(&command)?;
    let wasms = CONTRACTS
        .iter()
        .map(|name| Ok((*name, read_artifact(&command.artifacts, name)?)))
        .collect::<Result<Vec<_>>>()?;
    let network = session.network()?;
    let client = session.connect(&network).await?;
    let mut run = Run { session, path: session.network_path(), client, signer: None };
    let mut codes = Vec::new();
    for (name, wasm) in wasms {
        codes.push(run.store(&network, name, wasm).await?);
    }
    let code_id =
        |name: &str| codes.iter().find(|code| code.contract == name).map_or(0, |code| code.code_id);
    let msg = bridge::InstantiateMsg { evm_chain_id: command.evm_chain_id };
    let bridge = run.make(&network, BRIDGE, code_id(BRIDGE), &msg).await?;
    run.ensure_domain(&bridge.address, command.evm_chain_id).await?;
    let mut contracts = vec![bridge];
    let beacon = match &command.beacon {
        Some(info) => {
            let msg = run.beacon_message(&command, info)?;
            Some(run.make(&network, BEACON, code_id(BEACON), &msg).await?)
        }
        None => run.existing(&network, BEACON, code_id(BEACON)).await?,
    };
    if let Some(beacon) = beacon {
        let msg = training_message(&command, beacon.address.clone(), code_id(NODES));
        let training = run.make(&network, TRAINING, code_id(TRAINING), &msg).await?;
        let nodes = run.nodes(&training, code_id(NODES), &msg).await?;
        contracts.extend([beacon, training, nodes]);
    }
    session.output.print(&Deployment {
        chain_id: network.chain_id,
        network_file: run.path.display().to_string(),
        codes,
        contracts,
    })
}

impl Run<'_> {
    async fn signer(&mut self) -> Result<Signer> {
        if let Some(signer) = &self.signer {
            return Ok(signer.clone());
        }
        let signer = self.session.signer(&self.client).await?;
        Ok(self.signer.insert(signer).clone())
    }

    /// Stores a code unless it is there.
    async fn store(
        &mut self,
        network: &NetworkFile,
        name: &str,
        wasm: Vec<u8>,
    ) -> Result<DeployedCode> {
        let hash = hex::encode(Sha256::digest(&wasm));
        let deployed = |code_id, transaction: Option<Transaction>| DeployedCode {
            contract: name.to_owned(),
            code_id,
            hash: hash.clone(),
            bytes: wasm.len(),
            stored: transaction.is_some(),
            transaction,
        };
        if let Some(code) = network.codes.get(name).filter(|code| code.hash == hash) {
            if code_fault(&self.client, code.id, &hash).await?.is_none() {
                return Ok(deployed(code.id, None));
            }
        }
        let signer = self.signer().await?;
        let progress = self.session.output.progress(format!("storing {name}"));
        let (code_id, receipt) =
            signer.store(&wasm).await.with_context(|| format!("{name} was not stored"))?;
        drop(progress);
        NetworkFile::update(&self.path, |file| {
            file.codes.insert(name.to_owned(), Code { id: code_id, hash: hash.clone() });
        })
        .with_context(|| format!("{name} is code {code_id}, but that could not be recorded"))?;
        if let Some(fault) = code_fault(&self.client, code_id, &hash).await? {
            return Err(Failure::new(format!("{name} was stored, but {fault}, not {hash}"))
                .hint("do not use this code; is the endpoint honest? try another --rpc")
                .into());
        }
        Ok(deployed(code_id, Some(Transaction::from(&receipt))))
    }

    /// A beacon of this chain information, which the deployer may once switch to quicknet.
    fn beacon_message(&self, command: &Deploy, info: &Path) -> Result<beacon::InstantiateMsg> {
        let info = read_info(info)?;
        let prefix = self.session.network()?.prefix;
        Ok(beacon::InstantiateMsg {
            source: info.source()?,
            chain_hash: HexBinary::from_hex(&info.hash)?,
            starts_at: None,
            owner: Some(self.session.address_or_own(None, &prefix)?),
            public_networks: vec![HexBinary::from_hex(QUICKNET)?],
            notice_secs: command.beacon_notice_secs,
            retention_secs: command.beacon_retention_secs,
        })
    }

    /// Refuses a bridge whose typed data is bound to another chain than asked for.
    async fn ensure_domain(&self, bridge: &str, evm_chain_id: u64) -> Result<()> {
        let domain: bridge::DomainResponse =
            self.client.query(bridge, &bridge::QueryMsg::Domain {}).await?;
        if domain.evm_chain_id == evm_chain_id {
            return Ok(());
        }
        let actual = domain.evm_chain_id;
        Err(Failure::new(format!(
            "the bridge {bridge} is for the EVM chain {actual}, not {evm_chain_id}"
        ))
        .hint(format!("that cannot be changed; give --evm-chain-id {actual}"))
        .into())
    }

    /// The nodes contract that training made, recorded once it is known to be one of this code that
    /// nobody can migrate; training must be what was asked for.
    async fn nodes(
        &self,
        training: &DeployedContract,
        code_id: u64,
        msg: &training::InstantiateMsg,
    ) -> Result<DeployedContract> {
        let config: training::ConfigResponse =
            self.client.query(&training.address, &training::QueryMsg::Config {}).await?;
        if let Some(fault) = training_fault(&config, msg) {
            return Err(Failure::new(format!(
                "the training contract {} {fault}",
                training.address
            ))
            .hint("that cannot be changed; give the options that it was made with")
            .into());
        }
        let address = config.nodes.to_string();
        let nodes: nodes::ConfigResponse =
            self.client.query(&address, &nodes::QueryMsg::Config {}).await?;
        if nodes.training.as_str() != training.address || nodes.epoch_secs != msg.epoch_secs {
            return Err(Failure::new(format!(
                "the nodes contract {address} has epochs of {} s for training {}",
                nodes.epoch_secs, nodes.training
            ))
            .hint(format!("that cannot be changed; give --epoch-secs {}", nodes.epoch_secs))
            .into());
        }
        if let Some(fault) = contract_fault(&self.client, &address, code_id).await? {
            return Err(Failure::new(format!("training's nodes contract, {address}, {fault}"))
                .hint(format!(
                    "to make both anew, and leave what the old ones store behind, remove training \
                     and nodes from {}",
                    self.path.display()
                ))
                .into());
        }
        NetworkFile::update(&self.path, |file| {
            file.contracts.insert(NODES.to_owned(), address.clone());
        })
        .with_context(|| format!("nodes is {address}, but that could not be recorded"))?;
        let (contract, made) = (NODES.to_owned(), training.made);
        Ok(DeployedContract { contract, address, made, transaction: None })
    }

    /// The contract that is recorded, if it is one of this code that nobody can migrate.
    async fn existing(
        &self,
        network: &NetworkFile,
        name: &str,
        code_id: u64,
    ) -> Result<Option<DeployedContract>> {
        let Some(address) = network.contracts.get(name).cloned() else { return Ok(None) };
        match contract_fault(&self.client, &address, code_id).await? {
            None => {
                let contract = name.to_owned();
                Ok(Some(DeployedContract { contract, address, made: false, transaction: None }))
            }
            Some(fault) => Err(Failure::new(format!("the recorded {name}, {address}, {fault}"))
                .hint(format!(
                    "to make a new {name}, and leave what the old one stores behind, remove it \
                     from {}",
                    self.path.display()
                ))
                .into()),
        }
    }

    /// Makes a contract without admin unless there is one. One of an older code stays: what it
    /// stores would be lost with it.
    async fn make(
        &mut self,
        network: &NetworkFile,
        name: &str,
        code_id: u64,
        msg: &impl Serialize,
    ) -> Result<DeployedContract> {
        if let Some(there) = self.existing(network, name, code_id).await? {
            return Ok(there);
        }
        let signer = self.signer().await?;
        let progress = self.session.output.progress(format!("making {name}"));
        let (address, receipt) = signer
            .instantiate(code_id, name, msg, &[], None)
            .await
            .with_context(|| format!("{name} was not made"))?;
        drop(progress);
        NetworkFile::update(&self.path, |file| {
            file.contracts.insert(name.to_owned(), address.clone());
        })
        .with_context(|| format!("{name} is {address}, but that could not be recorded"))?;
        let (contract, transaction) = (name.to_owned(), Some(Transaction::from(&receipt)));
        Ok(DeployedContract { contract, address, made: true, transaction })
    }
}

/// Refuses stakes that leave while they could still be drawn.
fn ensure_unbonding(command: &Deploy) -> Result<(), Failure> {
    let Deploy { epoch_secs, unbonding_secs, .. } = *command;
    if unbonding_secs < epoch_secs.saturating_mul(2) {
        return Err(Failure::usage(format!(
            "--unbonding-secs {unbonding_secs} is below two epochs of {epoch_secs} seconds"
        ))
        .hint("who unstakes could be drawn, and could not be slashed any more"));
    }
    Ok(())
}

/// Training that draws from this beacon.
fn training_message(
    command: &Deploy,
    beacon: String,
    nodes_code_id: u64,
) -> training::InstantiateMsg {
    let Deploy { epoch_secs, unbonding_secs, evm_chain_id, .. } = *command;
    training::InstantiateMsg { beacon, nodes_code_id, epoch_secs, unbonding_secs, evm_chain_id }
}

/// Why training is not what was asked for, if so.
fn training_fault(
    config: &training::ConfigResponse,
    msg: &training::InstantiateMsg,
) -> Option<String> {
    if config.beacon.as_str() != msg.beacon {
        return Some(format!("draws from the beacon {}, not {}", config.beacon, msg.beacon));
    }
    if config.evm_chain_id != msg.evm_chain_id {
        let (actual, asked) = (config.evm_chain_id, msg.evm_chain_id);
        return Some(format!("is for the EVM chain {actual}, not {asked}"));
    }
    if config.unbonding_secs != msg.unbonding_secs {
        let (actual, asked) = (config.unbonding_secs, msg.unbonding_secs);
        return Some(format!("lets stakes unbond in {actual} seconds, not {asked}"));
    }
    None
}

fn read_artifact(directory: &Path, name: &str) -> Result<Vec<u8>> {
    let path = directory.join(format!("{name}.wasm"));
    let wasm = fs::read(&path).with_context(|| {
        Failure::new(format!("cannot read {}", path.display()))
            .hint("build the contracts with scripts/build-wasm.sh, or give --artifacts DIR")
    })?;
    if !wasm.starts_with(b"\0asm") {
        return Err(Failure::new(format!("{} is not a wasm file", path.display()))
            .hint("build the contracts with scripts/build-wasm.sh")
            .into());
    }
    Ok(wasm)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Addr;
    use rstest::rstest;

    use super::*;

    fn command(epoch_secs: u64, unbonding_secs: u64) -> Deploy {
        Deploy {
            artifacts: PathBuf::new(),
            evm_chain_id: 1,
            beacon: None,
            beacon_notice_secs: 0,
            beacon_retention_secs: 0,
            epoch_secs,
            unbonding_secs,
        }
    }

    #[test]
    fn training_is_made_for_the_beacon_with_two_epochs_of_unbonding_at_least() {
        let expected = training::InstantiateMsg {
            beacon: "wasm1beacon".to_owned(),
            nodes_code_id: 4,
            epoch_secs: 60,
            unbonding_secs: 120,
            evm_chain_id: 1,
        };
        let message = training_message(&command(60, 120), "wasm1beacon".to_owned(), 4);
        assert_eq!(message, expected);
        assert_eq!(ensure_unbonding(&command(60, 120)), Ok(()));
        let error = ensure_unbonding(&command(60, 119)).unwrap_err();
        assert!(error.to_string().contains("119 is below two epochs of 60"), "{error}");
    }

    #[rstest]
    #[case::the_same("wasm1beacon", 120, 1, None)]
    #[case::another_beacon("wasm1other", 120, 1, Some("draws from the beacon wasm1other"))]
    #[case::another_time("wasm1beacon", 600, 1, Some("unbond in 600 seconds, not 120"))]
    #[case::another_chain("wasm1beacon", 120, 5, Some("the EVM chain 5, not 1"))]
    fn training_that_is_there_must_be_what_is_asked_for(
        #[case] beacon: &str,
        #[case] unbonding_secs: u64,
        #[case] evm_chain_id: u64,
        #[case] fault: Option<&str>,
    ) {
        let config = training::ConfigResponse {
            beacon: Addr::unchecked(beacon),
            nodes: Addr::unchecked("wasm1nodes"),
            unbonding_secs,
            evm_chain_id,
            runs: 0,
        };
        let msg = training_message(&command(60, 120), "wasm1beacon".to_owned(), 4);
        let found = training_fault(&config, &msg);
        assert_eq!(found.is_some(), fault.is_some(), "{found:?}");
        assert!(found.unwrap_or_default().contains(fault.unwrap_or_default()));
    }
}
