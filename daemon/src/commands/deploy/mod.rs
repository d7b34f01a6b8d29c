//! `modelbond deploy`: stores the contracts on a chain, makes those of which there is one, wires them,
//! and records all of it, codes by hash.
//!
//! Training needs a beacon, so it is made where there is one, and with it registry, provenance and
//! rewards. These four name each other and can never be changed, so each is made at an address that
//! follows from the deployer, the code's hash and its name. Training makes its nodes contract itself,
//! which is asked for and checked like any other.
//!
//! A code counts as stored when the network file records its hash and the chain confirms it, a
//! contract as made when the chain has it without an admin. So a second run does nothing, and a run
//! after a failure does what is left: everything is recorded as soon as it is there.

mod report;
mod steps;
mod terms;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use cosmwasm_std::Coin;
use modelbond_interface::bridge;

use crate::amount;
use crate::bridge::CONTRACT as BRIDGE;
use crate::contract::{wires, PROVENANCE, REGISTRY, REWARDS};
use crate::failure::Failure;
use crate::network::{Code, NetworkFile};
use crate::serve::emitter::CONTRACT as BEACON;
use crate::session::Session;
use crate::training::contract::{NODES, TRAINING};
use report::{DeployedContract, Deployment};
use steps::Run;
use terms::{ensure_unbonding, model_fee, Addresses, NAMING};

/// Every contract, by the name of its artefact.
const CONTRACTS: [&str; 8] =
    ["market", BRIDGE, BEACON, NODES, TRAINING, REGISTRY, PROVENANCE, REWARDS];

/// Store the contracts on a chain, make those of which there is one, wire them, and verify all of it
#[derive(Args, Debug)]
#[command(after_help = "\
Run again, it continues where it stopped; what is there already is verified and not made twice.

Examples:
  scripts/build-wasm.sh && modelbond deploy --artifacts artifacts
  modelbond deploy --beacon info.json       also a beacon, which the deployer may switch once, to
                                            drand's public quicknet; training with its nodes
                                            contract, which draw from it; registry, provenance and
                                            rewards
  modelbond deploy --beacon info.json --epoch-secs 86400 --unbonding-secs 1814400 \\
      --model-fee 25000000uusd --witness-secs 3600")]
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
    /// What opening a model costs, which is burned [default: 10000000 of the reserve's or gas's denom]
    #[arg(long, value_name = "COIN", value_parser = amount::coin)]
    model_fee: Option<Coin>,
    /// How long witnesses of offered contributions have to commit, and again to reveal, 5 to 604,800
    /// [default: 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(5..=604_800))]
    witness_secs: Option<u64>,
    /// Other addresses, where this key has made training, registry, provenance or rewards before
    #[arg(long, value_name = "TEXT", value_parser = salt)]
    salt: Option<String>,
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
    let mut deployed = Vec::new();
    for (name, wasm) in wasms {
        deployed.push(run.store(&network, name, wasm).await?);
    }
    let stored = deployed
        .iter()
        .map(|code| (code.contract.clone(), Code { id: code.code_id, hash: code.hash.clone() }));
    let network = NetworkFile { codes: stored.collect(), ..network };
    let code_id = |name: &str| network.codes.get(name).map_or(0, |code| code.id);
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
        let wired = wire(&mut run, &command, network, &beacon.address).await?;
        contracts.push(beacon);
        contracts.extend(wired);
    }
    let network = session.network()?;
    for contract in contracts.iter().filter(|contract| contract.made) {
        run.ensure_immutable(&network, &contract.contract).await?;
    }
    let wires = wires::check(&run.client, &network, &wires::WIRED).await?;
    let verdict = wires::ensure(&wires);
    session.output.print(&Deployment {
        chain_id: network.chain_id,
        network_file: run.path.display().to_string(),
        codes: deployed,
        contracts,
        wires,
    })?;
    Ok(verdict?)
}

/// Makes what is missing of training, nodes, registry, provenance and rewards; what is there must name
/// the others as they are or will be before anything is made.
async fn wire(
    run: &mut Run<'_>,
    command: &Deploy,
    mut network: NetworkFile,
    beacon: &str,
) -> Result<Vec<DeployedContract>> {
    let mut places = Vec::new();
    for name in NAMING {
        let salt = match &command.salt {
            Some(salt) => format!("{name}-{salt}"),
            None => name.to_owned(),
        };
        places.push((name, run.locate(&network, name, salt).await?));
    }
    network.contracts.insert(BEACON.to_owned(), beacon.to_owned());
    for (name, place) in &places {
        network.contracts.insert((*name).to_owned(), place.address.clone());
    }
    let there: Vec<&str> =
        places.iter().filter(|(_, place)| place.there).map(|(name, _)| *name).collect();
    // Of training's nodes contract the file may know nothing yet.
    let wires = wires::check(&run.client, &network, &there).await?;
    let wires: Vec<_> = wires.into_iter().filter(|wire| wire.role != NODES).collect();
    wires::ensure(&wires)?;

    let addresses = Addresses(network.contracts.clone());
    let code_id = |name: &str| network.codes.get(name).map_or(0, |code| code.id);
    let mut made = Vec::new();
    for (name, place) in &places {
        let done = match *name {
            TRAINING => {
                let msg = addresses.training(command, code_id(NODES));
                let training = run.make_at(name, place, &msg).await?;
                let nodes = run.nodes(&training, code_id(NODES), &msg).await?;
                vec![training, nodes]
            }
            REGISTRY => {
                let msg = addresses.registry(code_id("market"), model_fee(command, &network)?);
                vec![run.make_at(name, place, &msg).await?]
            }
            PROVENANCE => vec![run.make_at(name, place, &addresses.provenance(command)).await?],
            _ => vec![run.make_at(name, place, &addresses.rewards()).await?],
        };
        made.extend(done);
    }
    run.ensure_terms(command, &network).await?;
    Ok(made)
}

/// Reads what goes after a contract's name into its salt, of which the chain takes 64 bytes.
fn salt(text: &str) -> Result<String, String> {
    match text.len() {
        1..=48 => Ok(text.to_owned()),
        length => Err(format!("a salt has 1 to 48 bytes, not {length}")),
    }
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
