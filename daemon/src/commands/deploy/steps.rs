//! Steps of a deployment. Everything is recorded as soon as it is there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cosmwasm_std::HexBinary;
use modelbond_client::messages::{predicted_address, Instantiation};
use modelbond_client::{Client, ClientError, Signer};
use modelbond_interface::{beacon, bridge, nodes, provenance, registry, training};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::report::{DeployedCode, DeployedContract};
use super::terms::{provenance_fault, registry_fault, training_fault};
use super::Deploy;
use crate::commands::beacon::read_info;
use crate::commands::network::{code_fault, contract_fault};
use crate::contract::{PROVENANCE, REGISTRY};
use crate::failure::Failure;
use crate::network::{Code, NetworkFile};
use crate::session::{Session, Transaction};
use crate::training::contract::NODES;

/// drand's quicknet, a public network that a central beacon may be switched to.
const QUICKNET: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// Where a contract is, or will be.
pub(super) struct Place {
    pub(super) address: String,
    /// Whether it is there.
    pub(super) there: bool,
    code_id: u64,
    salt: String,
}

/// One run.
pub(super) struct Run<'a> {
    pub(super) session: &'a Session,
    pub(super) path: PathBuf,
    pub(super) client: Client,
    /// Made when it is first needed: a run with nothing to do asks for no passphrase.
    pub(super) signer: Option<Signer>,
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
    pub(super) async fn store(
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
    pub(super) fn beacon_message(
        &self,
        command: &Deploy,
        info: &Path,
    ) -> Result<beacon::InstantiateMsg> {
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
    pub(super) async fn ensure_domain(&self, bridge: &str, evm_chain_id: u64) -> Result<()> {
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
    pub(super) async fn nodes(
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
        self.record(NODES, &address)?;
        let (contract, made) = (NODES.to_owned(), training.made);
        Ok(DeployedContract { contract, address, made, transaction: None })
    }

    /// The contract that is recorded, if it is one of this code that nobody can migrate.
    pub(super) async fn existing(
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

    /// Where one of the contracts that name each other is, or will be. One of an older code stays: what
    /// it stores would be lost with it.
    pub(super) async fn locate(
        &self,
        network: &NetworkFile,
        name: &str,
        salt: String,
    ) -> Result<Place> {
        let code = network.codes.get(name).context("a code that was stored")?;
        let place = |address, there| {
            let salt = salt.clone();
            Place { address, there, code_id: code.id, salt }
        };
        if let Some(recorded) = self.existing(network, name, code.id).await? {
            return Ok(place(recorded.address, true));
        }
        let creator = self.session.address_or_own(None, &network.prefix)?;
        let checksum = hex::decode(&code.hash).context("hash of a code")?;
        let address = predicted_address(&checksum, &creator, salt.as_bytes())?;
        match self.client.contract_info(&address).await {
            Err(ClientError::NotFound { .. }) => Ok(place(address, false)),
            Err(error) => Err(error).with_context(|| format!("cannot look up {address}")),
            // A run that was cut off before it could record it.
            Ok(info) if info.code_id == code.id && info.admin.is_none() => Ok(place(address, true)),
            Ok(info) => Err(Failure::new(format!(
                "{creator} has made {name} before: {address}, of code {}",
                info.code_id
            ))
            .hint("give --salt TEXT for other addresses, or deploy with another --from")
            .into()),
        }
    }

    /// Makes one of the contracts that name each other, without admin, where it was said to be.
    pub(super) async fn make_at(
        &mut self,
        name: &str,
        place: &Place,
        msg: &impl Serialize,
    ) -> Result<DeployedContract> {
        let Place { address, there, code_id, salt } = place;
        let mut transaction = None;
        if !there {
            let signer = self.signer().await?;
            let _progress = self.session.output.progress(format!("making {name}"));
            let code_id = *code_id;
            let contract = Instantiation { code_id, label: name, funds: &[], admin: None };
            let (made, receipt) = signer
                .instantiate2(contract, msg, salt.as_bytes())
                .await
                .with_context(|| format!("{name} was not made"))?;
            if made != *address {
                let what = format!("{name} was made at {made}, not at {address}");
                let hint =
                    "the others cannot find it there; is the endpoint honest? try another --rpc";
                return Err(Failure::new(what).hint(hint).into());
            }
            transaction = Some(Transaction::from(&receipt));
        }
        self.record(name, address)?;
        let (contract, address) = (name.to_owned(), address.clone());
        Ok(DeployedContract { contract, address, made: transaction.is_some(), transaction })
    }

    /// Makes a contract without admin unless there is one. One of an older code stays: what it
    /// stores would be lost with it.
    pub(super) async fn make(
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
        self.record(name, &address)?;
        let (contract, transaction) = (name.to_owned(), Some(Transaction::from(&receipt)));
        Ok(DeployedContract { contract, address, made: true, transaction })
    }

    fn record(&self, name: &str, address: &str) -> Result<()> {
        NetworkFile::update(&self.path, |file| {
            file.contracts.insert(name.to_owned(), address.to_owned());
        })
        .with_context(|| format!("{name} is {address}, but that could not be recorded"))?;
        Ok(())
    }

    /// Refuses a registry or provenance that is not what was asked for.
    pub(super) async fn ensure_terms(&self, command: &Deploy, network: &NetworkFile) -> Result<()> {
        let mut fault = None;
        if let Some(address) = network.contracts.get(REGISTRY) {
            let config = self.client.query(address, &registry::QueryMsg::Config {}).await?;
            fault = registry_fault(&config, command).map(|fault| (REGISTRY, address, fault));
        }
        if let (Some(address), None) = (network.contracts.get(PROVENANCE), &fault) {
            let config = self.client.query(address, &provenance::QueryMsg::Config {}).await?;
            fault = provenance_fault(&config, command).map(|fault| (PROVENANCE, address, fault));
        }
        match fault {
            None => Ok(()),
            Some((name, address, fault)) => {
                Err(Failure::new(format!("the {name} contract {address} {fault}"))
                    .hint("that cannot be changed; give the options that it was made with")
                    .into())
            }
        }
    }

    /// Refuses a contract that is not of its recorded code, or that somebody can migrate.
    pub(super) async fn ensure_immutable(&self, network: &NetworkFile, name: &str) -> Result<()> {
        let code_id = network.codes.get(name).map_or(0, |code| code.id);
        self.existing(network, name, code_id).await.map(|_| ())
    }
}
