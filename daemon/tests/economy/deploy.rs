//! One command makes and wires everything; a second time it only verifies.

use cosmwasm_std::{coin, Addr, HexBinary, Timestamp};
use modelbond_client::messages::predicted_address;
use modelbond_interface::{bridge, nodes, provenance, registry, rewards, training};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use crate::place::{refused, sender, Place};

const NAMES: [&str; 8] =
    ["market", "bridge", "beacon", "nodes", "training", "registry", "provenance", "rewards"];

/// Hash of a contract of these artefacts.
fn hash(name: &str) -> Vec<u8> {
    Sha256::digest(wasm(name)).to_vec()
}

fn wasm(name: &str) -> Vec<u8> {
    [b"\0asm".as_slice(), name.as_bytes()].concat()
}

/// Where a contract is made.
fn at(name: &str, salt: &str) -> Addr {
    Addr::unchecked(predicted_address(&hash(name), &sender(), salt.as_bytes()).unwrap())
}

/// A chain that takes the artefacts, whose contracts answer as they are told to be with this salt.
struct Deployed {
    place: Place,
    artifacts: String,
    beacon: String,
}

impl Deployed {
    async fn new() -> Self {
        let place = Place::empty().await;
        let folder = place.binary.home().join("artifacts");
        std::fs::create_dir(&folder).unwrap();
        for name in NAMES {
            std::fs::write(folder.join(format!("{name}.wasm")), wasm(name)).unwrap();
        }
        place.chain.state().wasm.to_come = NAMES.map(hash).to_vec();
        let keygen = ["beacon", "keygen", "emitter", "--genesis", "2000000000"];
        let info = place.run(&keygen).stdout;
        let beacon = place.binary.home().join("beacon.json");
        std::fs::write(&beacon, info).unwrap();
        let beacon = beacon.to_str().unwrap().to_owned();
        let deployed = Self { place, artifacts: folder.to_str().unwrap().to_owned(), beacon };
        deployed.answers("");
        deployed
    }

    fn answers(&self, salt: &str) {
        let at = |name: &str| at(name, &format!("{name}{salt}"));
        let chain = &self.place.chain;
        chain.answers("wasm1bridge", bridge::QueryMsg::Domain {}, domain());
        let config = training::ConfigResponse {
            beacon: Addr::unchecked("wasm1beacon"),
            nodes: Addr::unchecked("wasm1nodes"),
            unbonding_secs: 600,
            evm_chain_id: 1,
            provenance: at("provenance"),
            rewards: at("rewards"),
            runs: 0,
        };
        chain.answers(at("training").as_str(), training::QueryMsg::Config {}, config);
        chain.state().wasm.has("wasm1nodes", 4);
        let config = nodes::ConfigResponse {
            training: at("training"),
            started_at: Timestamp::from_seconds(0),
            epoch_secs: 60,
            unbonding_secs: 600,
            evm_chain_id: 1,
            next_node_id: 1,
        };
        chain.answers("wasm1nodes", nodes::QueryMsg::Config {}, config);
        let config = registry::ConfigResponse {
            market_code_id: 1,
            market_checksum: HexBinary::from(hash("market")),
            training: at("training"),
            rewards: at("rewards"),
            provenance: at("provenance"),
            fee: coin(10_000_000, "uusd"),
            models: 0,
        };
        chain.answers(at("registry").as_str(), registry::QueryMsg::Config {}, config);
        let config = provenance::ConfigResponse {
            registry: at("registry"),
            training: at("training"),
            beacon: Addr::unchecked("wasm1beacon"),
            evm_chain_id: 1,
            witness_secs: 300,
        };
        chain.answers(at("provenance").as_str(), provenance::QueryMsg::Config {}, config);
        let config = rewards::ConfigResponse { registry: at("registry"), training: at("training") };
        chain.answers(at("rewards").as_str(), rewards::QueryMsg::Config {}, config);
    }

    fn deploy(&self, more: &[&str]) -> crate::binary::Run {
        let own = ["deploy", "--artifacts", &self.artifacts, "--beacon", &self.beacon];
        self.place.run(&[&own[..], more].concat())
    }
}

fn domain() -> bridge::DomainResponse {
    bridge::DomainResponse {
        chain_id: "chain-1".to_owned(),
        contract: Addr::unchecked("wasm1bridge"),
        name: "Modelbond".to_owned(),
        version: "1".to_owned(),
        evm_chain_id: 1,
        verifying_contract: "0x".to_owned(),
        salt: HexBinary::default(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_makes_all_contracts_and_each_names_the_others() {
    let deployed = Deployed::new().await;
    let report = deployed.deploy(&["--model-fee", "10000000uusd"]).json();
    let contracts = deployed.place.chain.state().wasm.contracts.clone();
    let made = |name: &str| contracts[at(name, name).as_str()].clone();
    for name in ["training", "registry", "provenance", "rewards"] {
        let made = made(name);
        assert_eq!((made.label.as_str(), made.admin.as_str()), (name, ""));
        assert_eq!(NAMES[made.code_id as usize - 1], name);
        assert_eq!(deployed.place.network().contracts[name], at(name, name).as_str());
    }
    let message: registry::InstantiateMsg =
        serde_json::from_value(made("registry").message).unwrap();
    let expected = registry::InstantiateMsg {
        market_code_id: 1,
        training: at("training", "training").into_string(),
        rewards: at("rewards", "rewards").into_string(),
        provenance: at("provenance", "provenance").into_string(),
        fee: coin(10_000_000, "uusd"),
    };
    assert_eq!(message, expected);
    assert_eq!(made("provenance").message["registry"], json!(at("registry", "registry")));
    assert_eq!(made("provenance").message["witness_secs"], 300);
    assert_eq!(made("rewards").message["training"], json!(at("training", "training")));
    assert_eq!(made("training").message["rewards"], json!(at("rewards", "rewards")));

    let wires = report["wires"].as_array().unwrap();
    assert_eq!(wires.len(), 4 + 1 + 5 + 3 + 2);
    assert!(wires.iter().all(|wire| wire["ok"] == true && wire["expected"] == wire["found"]));
    assert_eq!(report["contracts"].as_array().unwrap().len(), 7);

    // A second time there is nothing to do, and no key is asked for.
    let again = deployed.deploy(&[]).json();
    let untouched = |list: &str, what: &str| {
        again[list].as_array().unwrap().iter().all(|entry| entry[what] == false)
    };
    assert!(untouched("codes", "stored") && untouched("contracts", "made"), "{again}");
    assert_eq!(again["wires"], report["wires"]);
    assert_eq!(deployed.place.chain.state().wasm.contracts, contracts);
    let verified = deployed.place.run(&["network", "verify"]).json();
    assert_eq!(verified["ok"], true, "{verified}");
    let checks = verified["checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["what"] == "registry of rewards"), "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cut_off_goes_on_with_what_is_there() {
    let deployed = Deployed::new().await;
    deployed.deploy(&[]).json();
    let before = deployed.place.chain.state().wasm.contracts.len();
    // Provenance was made but not recorded, rewards was not made.
    deployed.place.change(|network| {
        network.contracts.remove("provenance");
        network.contracts.remove("rewards");
    });
    let rewards = at("rewards", "rewards");
    deployed.place.chain.state().wasm.contracts.remove(rewards.as_str()).unwrap();
    let report = deployed.deploy(&[]).json();
    let made: Vec<&Value> =
        report["contracts"].as_array().unwrap().iter().filter(|c| c["made"] == true).collect();
    assert_eq!(made.len(), 1, "{report}");
    assert_eq!(made[0]["address"], json!(rewards));
    assert_eq!(deployed.place.chain.state().wasm.contracts.len(), before);
    assert_eq!(
        deployed.place.network().contracts["provenance"],
        at("provenance", "provenance").as_str()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_names_another_is_refused_before_anything_is_made() {
    let deployed = Deployed::new().await;
    deployed.deploy(&[]).json();
    deployed.place.change(|network| {
        network.contracts.remove("rewards");
    });
    let wrong = rewards::ConfigResponse {
        registry: Addr::unchecked("wasm1other"),
        training: at("training", "training"),
    };
    let address = at("rewards", "rewards");
    deployed.place.chain.answers(address.as_str(), rewards::QueryMsg::Config {}, wrong);
    let run = deployed.deploy(&[]);
    refused(&run, 1, "rewards has as registry: wasm1other, not");
    let hint = run.json_error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains("cannot be changed") && hint.contains("deploy --salt"), "{hint}");
    assert!(!deployed.place.network().contracts.contains_key("rewards"));
    // Where it is recorded, network verify finds it, too.
    deployed.place.change(|network| {
        network.contracts.insert("rewards".to_owned(), address.into_string());
    });
    let run = deployed.place.run(&["network", "verify"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("wasm1other, not"), "{}", run.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_are_asked_for_must_be_those_that_are_there() {
    let deployed = Deployed::new().await;
    deployed.deploy(&[]).json();
    refused(&deployed.deploy(&["--model-fee", "5uusd"]), 1, "takes 10,000,000 uusd for opening");
    refused(&deployed.deploy(&["--witness-secs", "60"]), 1, "gives witnesses 300 seconds, not 60");
    refused(&deployed.deploy(&["--witness-secs", "4"]), 2, "4 is not in 5..=604800");
    refused(&deployed.deploy(&["--model-fee", "5"]), 2, "write the denom");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_without_anything_is_not_verified() {
    let deployed = Deployed::new().await;
    deployed.place.change(|network| {
        (network.codes, network.contracts, network.markets) = <_>::default();
    });
    refused(&deployed.place.run(&["network", "verify"]), 1, "nothing is recorded for");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_needs_a_salt() {
    let deployed = Deployed::new().await;
    let taken = at("training", "training");
    deployed.place.chain.state().wasm.has(taken.as_str(), 77);
    let run = deployed.deploy(&[]);
    refused(&run, 1, "has made training before");
    assert!(run.json_error()["hint"].as_str().unwrap().contains("--salt"));
    deployed.answers("-two");
    deployed.deploy(&["--salt", "two"]).json();
    let recorded = deployed.place.network().contracts;
    assert_eq!(recorded["registry"], at("registry", "registry-two").as_str());
}
