//! What a deployment consists of, for people and as JSON.

use serde::Serialize;

use crate::contract::wires::Wire;
use crate::format;
use crate::output::{Page, Report};
use crate::session::Transaction;

/// A code on the chain.
#[derive(Serialize)]
pub(super) struct DeployedCode {
    pub(super) contract: String,
    pub(super) code_id: u64,
    pub(super) hash: String,
    pub(super) bytes: usize,
    /// Whether this run stored it.
    pub(super) stored: bool,
    pub(super) transaction: Option<Transaction>,
}

/// A contract on the chain.
#[derive(Serialize)]
pub(super) struct DeployedContract {
    pub(super) contract: String,
    pub(super) address: String,
    /// Whether this run made it.
    pub(super) made: bool,
    pub(super) transaction: Option<Transaction>,
}

/// All of it.
#[derive(Serialize)]
pub(super) struct Deployment {
    pub(super) chain_id: String,
    pub(super) network_file: String,
    pub(super) codes: Vec<DeployedCode>,
    pub(super) contracts: Vec<DeployedContract>,
    /// What every contract says of the others, against the network file.
    pub(super) wires: Vec<Wire>,
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
        let page = Page::new(format!("Deployed on {}", self.chain_id))
            .table(&["contract", "code id", "size", "sha-256, verified on chain", ""], codes)
            .table(&["contract", "address, no admin", ""], contracts);
        let page =
            if self.wires.is_empty() { page } else { page.table(&WIRE_HEAD, rows(&self.wires)) };
        page.field("network file", &self.network_file)
    }
}

/// Head of [`rows`].
const WIRE_HEAD: [&str; 4] = ["contract", "role", "as the contract has it", "verdict"];

fn rows(wires: &[Wire]) -> Vec<Vec<String>> {
    let row = |wire: &Wire| {
        let verdict = if wire.ok { "ok" } else { "WRONG" };
        vec![wire.contract.clone(), wire.role.clone(), wire.found.clone(), verdict.to_owned()]
    };
    wires.iter().map(row).collect()
}

fn how(done: &str, transaction: Option<&Transaction>) -> String {
    match transaction {
        Some(transaction) => {
            format!("{done}, {} gas", format::grouped(&transaction.gas_used.to_string()))
        }
        None => "was there".to_owned(),
    }
}
