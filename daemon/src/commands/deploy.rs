//! `modelbond deploy`: stores the contracts on a chain and records them by hash.
//!
//! A code counts as stored when the network file records its hash and the chain confirms it. So a
//! second run stores nothing, and a run after a failure does what is left: every code is recorded
//! as soon as it is there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::network::code_fault;
use crate::failure::Failure;
use crate::format;
use crate::network::{Code, NetworkFile};
use crate::output::{Page, Report};
use crate::session::{Session, Transaction};

/// Contracts that have one code and many instances.
const CONTRACTS: [&str; 1] = ["market"];

/// Store the contracts on a chain and verify them by hash
#[derive(Args, Debug)]
#[command(after_help = "\
Run again, it continues where it stopped; what is stored already is verified and not stored twice.

Example:
  scripts/build-wasm.sh && modelbond deploy --artifacts artifacts")]
pub struct Deploy {
    /// Folder with market.wasm, as scripts/build-wasm.sh writes it
    #[arg(long, env = "MODELBOND_ARTIFACTS", value_name = "DIR", default_value = "artifacts")]
    artifacts: PathBuf,
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
struct Deployment {
    chain_id: String,
    network_file: String,
    codes: Vec<DeployedCode>,
}

impl Report for Deployment {
    fn page(&self) -> Page {
        let rows = self
            .codes
            .iter()
            .map(|code| {
                let how = match &code.transaction {
                    Some(transaction) => {
                        format!(
                            "stored, {} gas",
                            format::grouped(&transaction.gas_used.to_string())
                        )
                    }
                    None => "was there".to_owned(),
                };
                let bytes = format!("{} B", format::grouped(&code.bytes.to_string()));
                vec![code.contract.clone(), code.code_id.to_string(), bytes, code.hash.clone(), how]
            })
            .collect();
        Page::new(format!("Deployed on {}", self.chain_id))
            .table(&["contract", "code id", "size", "sha-256, verified on chain", ""], rows)
            .field("network file", &self.network_file)
    }
}

/// Runs the command.
pub async fn run(session: &Session, command: Deploy) -> Result<()> {
    let wasms = CONTRACTS
        .iter()
        .map(|name| Ok((*name, read_artifact(&command.artifacts, name)?)))
        .collect::<Result<Vec<_>>>()?;
    let path = session.network_path();
    let network = session.network()?;
    let client = session.connect(&network).await?;
    let mut signer = None;
    let mut codes = Vec::new();
    for (name, wasm) in wasms {
        let hash = hex::encode(Sha256::digest(&wasm));
        let recorded = network.codes.get(name).filter(|code| code.hash == hash);
        let there = match recorded {
            Some(code) => code_fault(&client, code.id, &hash).await?.is_none(),
            None => false,
        };
        let mut transaction = None;
        let code_id = match recorded {
            Some(code) if there => code.id,
            _ => {
                let signer = match &mut signer {
                    Some(signer) => signer,
                    none => none.insert(session.signer(&client).await?),
                };
                let progress = session.output.progress(format!("storing {name}"));
                let (code_id, receipt) =
                    signer.store(&wasm).await.with_context(|| format!("{name} was not stored"))?;
                drop(progress);
                transaction = Some(Transaction::from(&receipt));
                NetworkFile::update(&path, |file| {
                    file.codes.insert(name.to_owned(), Code { id: code_id, hash: hash.clone() });
                })
                .with_context(|| {
                    format!("{name} is code {code_id}, but that could not be recorded")
                })?;
                if let Some(fault) = code_fault(&client, code_id, &hash).await? {
                    return Err(Failure::new(format!(
                        "{name} was stored, but {fault}, not {hash}"
                    ))
                    .hint("do not use this code; is the endpoint honest? try another --rpc")
                    .into());
                }
                code_id
            }
        };
        let stored = transaction.is_some();
        let contract = name.to_owned();
        codes.push(DeployedCode {
            contract,
            code_id,
            hash,
            bytes: wasm.len(),
            stored,
            transaction,
        });
    }
    session.output.print(&Deployment {
        chain_id: network.chain_id,
        network_file: path.display().to_string(),
        codes,
    })
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
