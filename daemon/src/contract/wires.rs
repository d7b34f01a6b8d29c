//! The wires between contracts: what each was told at its making of the others, against what the network
//! file says. Nobody can change them afterwards, so one that is wrong stays wrong.

use anyhow::Result;
use modelbond_client::{Client, ClientError};
use modelbond_interface::{nodes, provenance, registry, rewards, training};
use modelbond_signature::printable;
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::{PROVENANCE, REGISTRY, REWARDS};
use crate::failure::Failure;
use crate::network::NetworkFile;
use crate::serve::emitter::CONTRACT as BEACON;
use crate::training::contract::{NODES, TRAINING};

/// Contracts that name others.
pub const WIRED: [&str; 5] = [TRAINING, NODES, REGISTRY, PROVENANCE, REWARDS];

/// What one contract says of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wire {
    /// Who says it.
    pub contract: String,
    /// Of which role.
    pub role: String,
    /// What the network file has; none where it has nothing.
    pub expected: Option<String>,
    /// What the contract says, or why it says nothing.
    pub found: String,
    /// Whether both are the same.
    pub ok: bool,
}

/// Wires of those of `contracts` that the network file has.
pub async fn check(
    client: &Client,
    network: &NetworkFile,
    contracts: &[&str],
) -> Result<Vec<Wire>> {
    let mut wires = Vec::new();
    for name in contracts {
        let Some(address) = network.contracts.get(*name) else { continue };
        let found = match *name {
            TRAINING => {
                ask(client, address, &training::QueryMsg::Config {}).await?.map(of_training)
            }
            NODES => ask(client, address, &nodes::QueryMsg::Config {}).await?.map(of_nodes),
            REGISTRY => {
                ask(client, address, &registry::QueryMsg::Config {}).await?.map(of_registry)
            }
            PROVENANCE => {
                ask(client, address, &provenance::QueryMsg::Config {}).await?.map(of_provenance)
            }
            REWARDS => ask(client, address, &rewards::QueryMsg::Config {}).await?.map(of_rewards),
            _ => continue,
        };
        match found {
            Ok(found) => wires.extend(found.into_iter().map(|said| said.wire(name, network))),
            Err(why) => wires.push(Wire {
                contract: (*name).to_owned(),
                role: "config".to_owned(),
                expected: None,
                found: why,
                ok: false,
            }),
        }
    }
    Ok(wires)
}

/// Fails for the first wire that is wrong.
pub fn ensure(wires: &[Wire]) -> Result<(), Failure> {
    let Some(wire) = wires.iter().find(|wire| !wire.ok) else { return Ok(()) };
    let Wire { contract, role, found, .. } = wire;
    let expected = wire.expected.as_deref().unwrap_or("what the network file has: nothing");
    Err(Failure::new(format!("{contract} has as {role}: {found}, not {expected}")).hint(
        "that cannot be changed; correct the network file, or remove the contracts that name each \
         other from it and make them anew: deploy --salt TEXT gives them other addresses",
    ))
}

/// What a contract says, or why it does not speak as expected; an error where the chain does not answer.
async fn ask<T: DeserializeOwned>(
    client: &Client,
    address: &str,
    question: &impl Serialize,
) -> Result<Result<T, String>> {
    match client.query(address, question).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(
            error @ (ClientError::Contract { .. }
            | ClientError::InvalidAnswer { .. }
            | ClientError::NotFound { .. }),
        ) => Ok(Err(printable(&error.to_string()).to_string())),
        Err(error) => Err(error.into()),
    }
}

/// What was said, and where the network file has the same.
struct Said {
    role: &'static str,
    found: String,
    expected: Place,
}

enum Place {
    Contract(&'static str),
    CodeId(&'static str),
    CodeHash(&'static str),
}

fn address(name: &'static str, found: impl ToString) -> Said {
    Said { role: name, found: found.to_string(), expected: Place::Contract(name) }
}

impl Said {
    fn wire(self, contract: &str, network: &NetworkFile) -> Wire {
        let expected = match self.expected {
            Place::Contract(name) => network.contracts.get(name).cloned(),
            Place::CodeId(name) => network.codes.get(name).map(|code| code.id.to_string()),
            Place::CodeHash(name) => network.codes.get(name).map(|code| code.hash.clone()),
        };
        let ok = expected.as_deref() == Some(self.found.as_str());
        let (contract, role) = (contract.to_owned(), self.role.to_owned());
        Wire { contract, role, expected, found: self.found, ok }
    }
}

fn of_training(config: training::ConfigResponse) -> Vec<Said> {
    vec![
        address(BEACON, config.beacon),
        address(NODES, config.nodes),
        address(PROVENANCE, config.provenance),
        address(REWARDS, config.rewards),
    ]
}

fn of_nodes(config: nodes::ConfigResponse) -> Vec<Said> {
    vec![address(TRAINING, config.training)]
}

fn of_registry(config: registry::ConfigResponse) -> Vec<Said> {
    let code = "market";
    vec![
        Said {
            role: "market code",
            found: config.market_code_id.to_string(),
            expected: Place::CodeId(code),
        },
        Said {
            role: "market hash",
            found: config.market_checksum.to_hex(),
            expected: Place::CodeHash(code),
        },
        address(TRAINING, config.training),
        address(PROVENANCE, config.provenance),
        address(REWARDS, config.rewards),
    ]
}

fn of_provenance(config: provenance::ConfigResponse) -> Vec<Said> {
    vec![
        address(REGISTRY, config.registry),
        address(TRAINING, config.training),
        address(BEACON, config.beacon),
    ]
}

fn of_rewards(config: rewards::ConfigResponse) -> Vec<Said> {
    vec![address(REGISTRY, config.registry), address(TRAINING, config.training)]
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Addr;

    use super::*;

    fn network(contracts: &[(&str, &str)]) -> NetworkFile {
        let mut network = NetworkFile::new("chain-1", vec![], "wasm", "0stake");
        let contracts =
            contracts.iter().map(|(name, address)| (name.to_string(), address.to_string()));
        network.contracts.extend(contracts);
        network
    }

    #[test]
    fn a_wire_is_right_when_both_ends_say_the_same() {
        let config = || rewards::ConfigResponse {
            registry: Addr::unchecked("wasm1registry"),
            training: Addr::unchecked("wasm1training"),
        };
        let checked = |network: &NetworkFile| -> Vec<Wire> {
            of_rewards(config()).into_iter().map(|said| said.wire(REWARDS, network)).collect()
        };
        let right = network(&[(REGISTRY, "wasm1registry"), (TRAINING, "wasm1training")]);
        assert_eq!(ensure(&checked(&right)), Ok(()));
        let other = network(&[(REGISTRY, "wasm1registry"), (TRAINING, "wasm1other")]);
        let error = ensure(&checked(&other)).unwrap_err().to_string();
        assert_eq!(error, "rewards has as training: wasm1training, not wasm1other");
        let none = network(&[(REGISTRY, "wasm1registry")]);
        let error = ensure(&checked(&none)).unwrap_err().to_string();
        assert!(error.ends_with("not what the network file has: nothing"), "{error}");
    }
}
