//! Keys of a node: made, registered, replaced.

use anyhow::Result;
use clap::Args;
use cosmwasm_std::{Binary, HexBinary, Timestamp};
use modelbond_interface::nodes::{
    ConfigResponse, ExecuteMsg, NewKeys, NodeKeysRotated, NodeRegistered, NodeResponse, QueryMsg,
};
use modelbond_signature::{KeyRotation, Registration, SignRequest, Statement};
use serde::Serialize;

use super::{KeyOption, SchemeOption};
use crate::commands::keys;
use crate::failure::Failure;
use crate::keystore::{parse_path, Identity, DEFAULT_PATH};
use crate::output::{Page, Report};
use crate::session::Session;
use crate::training::{statement, NodeKey, Told, Training};

/// Options of `node register`.
#[derive(Args, Debug)]
pub struct Register {
    /// Key of the node, as modelbond node keygen makes it
    #[arg(long, value_name = "KEY")]
    key: String,
    /// Class of the machine, 1 to 32 of a-z, 0-9 and _
    #[arg(long, value_name = "CLASS", value_parser = device_class)]
    device_class: String,
    #[command(flatten)]
    signing: SchemeOption,
}

/// Options of `node rotate`.
#[derive(Args, Debug)]
pub struct Rotate {
    /// Number of the node
    #[arg(long, value_name = "N")]
    node: u64,
    /// The new key
    #[arg(long, value_name = "KEY")]
    new_key: String,
    /// The owner's key pays, or the node's present one
    #[command(flatten)]
    key: KeyOption,
    #[command(flatten)]
    signing: SchemeOption,
}

/// A node's keys.
#[derive(Serialize)]
struct Keys {
    name: String,
    account: String,
    attestation_key: String,
    vrf_key: String,
}

impl Report for Keys {
    fn page(&self) -> Page {
        Page::new(format!("Node key {}", self.name))
            .field("account", &self.account)
            .field("attestation key", &self.attestation_key)
            .field("VRF key", &self.vrf_key)
    }
}

/// Makes a key, or shows one.
pub(super) fn keygen(session: &Session, name: &str) -> Result<()> {
    let identity = if session.keystore().contains(name) {
        session.open(name)?
    } else {
        let identity = Identity::generate(parse_path(DEFAULT_PATH).map_err(Failure::new)?)?;
        keys::seal(session, name, &identity)?;
        session.output.note(&format!(
            "key {name} made; write its words down, they are the only backup: \
             modelbond keys export {name}"
        ));
        identity
    };
    let key = NodeKey::of(&identity)?;
    session.output.print(&Keys {
        name: name.to_owned(),
        account: key.account(&session.prefix()?)?,
        attestation_key: hex::encode(key.attestation_key()),
        vrf_key: hex::encode(key.vrf_key()),
    })
}

/// The new keys with their proof.
fn proved<S: Statement>(
    request: &SignRequest<S>,
    options: &SchemeOption,
    (key, prefix): (&NodeKey, &str),
) -> Result<NewKeys> {
    Ok(NewKeys {
        attestation_key: Binary::from(key.attestation_key()),
        vrf_key: HexBinary::from(&key.vrf_key()),
        proof: statement::sign(request, options.scheme, key.attestation(), prefix)?,
        expires_at: Timestamp::from_seconds(request.binding.expires_at),
    })
}

/// Registers a node.
pub(super) async fn register(session: &Session, command: &Register) -> Result<()> {
    let training = Training::find(session).await?;
    let key = NodeKey::of(&session.open(&command.key)?)?;
    let signer = session.signer(&training.client).await?;
    let config: ConfigResponse = training.ask_nodes(&QueryMsg::Config {}).await?;
    let node_id = config.next_node_id;
    let statement = Registration {
        node_id,
        owner: signer.address().to_owned(),
        attestation_key: key.attestation_key().to_vec(),
        vrf_key: key.vrf_key(),
        device_class: command.device_class.clone(),
    };
    let expires_at = statement::expiry(command.signing.expires_in)?;
    let binding = training.binding(&training.nodes, 0, expires_at);
    let request = SignRequest { statement, binding };
    let keys = proved(&request, &command.signing, (&key, &training.network.prefix))?;
    let device_class = command.device_class.clone();
    let message = ExecuteMsg::RegisterNode { node_id, keys, device_class };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell_nodes(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, format!("Node {node_id} is registered"))
        .field("owner", signer.address())
        .field("its own account", key.account(&training.network.prefix)?)
        .events((&training, &training.nodes), &receipt, |event: &NodeRegistered| {
            ("its keys count from epoch", event.from_epoch.to_string())
        })?;
    session.output.print(&told)
}

/// Announces new keys.
pub(super) async fn rotate(session: &Session, command: &Rotate) -> Result<()> {
    let training = Training::find(session).await?;
    let node_id = command.node;
    let answer: NodeResponse = training.ask_nodes(&QueryMsg::Node { node_id }).await?;
    let node = answer.node.ok_or_else(|| Failure::new(format!("there is no node {node_id}")))?;
    let key = NodeKey::of(&session.open(&command.new_key)?)?;
    let signer = command.key.sender(session, &training)?;
    let statement = KeyRotation {
        node_id,
        owner: node.owner.to_string(),
        attestation_key: key.attestation_key().to_vec(),
        vrf_key: key.vrf_key(),
    };
    let expires_at = statement::expiry(command.signing.expires_in)?;
    let binding = training.binding(&training.nodes, node.key_nonce, expires_at);
    let request = SignRequest { statement, binding };
    let keys = proved(&request, &command.signing, (&key, &training.network.prefix))?;
    let message = ExecuteMsg::RotateKeys { node_id, keys };
    let receipt = {
        let _progress = session.output.progress("waiting for the block");
        training.tell_nodes(&signer, &message).await?
    };
    let told = Told::new(&training, &receipt, format!("New keys of node {node_id} are announced"))
        .events((&training, &training.nodes), &receipt, |event: &NodeKeysRotated| {
            ("they count from epoch", event.from_epoch.to_string())
        })?;
    session.output.print(&told)
}

/// As the contract takes it.
fn device_class(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=32).contains(&text.len()) && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("a device class has 1 to 32 of a-z, 0-9 and _, such as jetson_orin".to_owned())
}

#[cfg(test)]
mod tests {
    use modelbond_signature::{verify, Binding, Native, Scheme, Signer};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("jetson_orin", true)]
    #[case("x", true)]
    #[case("", false)]
    #[case("Jetson", false)]
    #[case("jetson orin", false)]
    #[case("abcdefghijklmnopqrstuvwxyz0123456", false)]
    fn device_classes(#[case] text: &str, #[case] taken: bool) {
        assert_eq!(device_class(text).is_ok(), taken);
    }

    #[rstest]
    fn new_keys_are_proved_by_the_attestation_key(
        #[values(Scheme::Eip191, Scheme::Eip712, Scheme::Adr036, Scheme::Direct)] scheme: Scheme,
    ) {
        let identity = Identity::generate(parse_path(DEFAULT_PATH).unwrap()).unwrap();
        let key = NodeKey::of(&identity).unwrap();
        let statement = Registration {
            node_id: 4,
            owner: "wasm1owner".to_owned(),
            attestation_key: key.attestation_key().to_vec(),
            vrf_key: key.vrf_key(),
            device_class: "jetson_orin".to_owned(),
        };
        let binding = Binding {
            chain_id: "chain-1".to_owned(),
            contract: "wasm1nodes".to_owned(),
            evm_chain_id: 1,
            nonce: 0,
            expires_at: 2_000,
        };
        let request = SignRequest { statement, binding };
        assert!(request.text().starts_with("Modelbond: register node 4 for wasm1owner on chain-1"));
        let options = SchemeOption { scheme, expires_in: 60 };
        let keys = proved(&request, &options, (&key, "wasm")).unwrap();
        assert_eq!(keys.expires_at, Timestamp::from_seconds(2_000));
        assert_eq!(keys.vrf_key.as_slice(), key.vrf_key());
        let public = key.attestation().public_key();
        let digest = request.digest(scheme, &public.cosmos_address("wasm").unwrap()).unwrap();
        let signature = scheme.read_signature(&keys.proof.signature).unwrap();
        assert!(verify(&Native, &digest, &signature, &Signer::Key(public.compressed())).is_ok());
    }
}
