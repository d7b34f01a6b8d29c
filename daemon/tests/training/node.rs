//! A node: its keys, its registration, its lead.

use cosmwasm_std::{Addr, Binary as Bytes, HexBinary, Timestamp};
use modelbond_election::vrf;
use modelbond_interface::nodes::{self, NewKeys};
use modelbond_interface::training::{ExecuteMsg, Phase, RosterPin, Round};
use modelbond_signature::{
    verify, Binding, CompressedKey, Native, Registration, SignRequest, Signer,
};
use rstest::rstest;

use crate::binary::Binary;
use crate::chain::CHAIN_ID;
use crate::place::{in_phase, key, message, refused, Place, NODES, TRAINING};
use crate::sample;

#[test]
fn a_nodes_keys_are_the_same_each_time() {
    let binary = Binary::new().env("MODELBOND_PASSPHRASE", "correct horse");
    let first = binary.run(["node", "keygen", "jetson1", "--json"]).json();
    assert_eq!(binary.run(["node", "keygen", "jetson1", "--json"]).json(), first);
    assert_eq!(first["vrf_key"].as_str().unwrap().len(), 64);
    let shown = binary.run(["keys", "show", "jetson1", "--json"]).json();
    assert_eq!(shown["public_key"], first["attestation_key"]);
    assert_eq!(shown["address"], first["account"]);
    assert_ne!(binary.run(["node", "keygen", "other", "--json"]).json(), first);
}

#[rstest]
#[case("eip191")]
#[case("eip712")]
#[case("adr036")]
#[case("direct")]
#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_signed_by_the_nodes_key_and_sent_by_its_owner(#[case] scheme: &str) {
    let place = Place::new().await;
    let generated = place.run(&["node", "keygen", "jetson1"]).json();
    let answer = nodes::ConfigResponse {
        training: Addr::unchecked(TRAINING),
        started_at: Timestamp::from_seconds(0),
        epoch_secs: 60,
        unbonding_secs: 600,
        evm_chain_id: 9,
        next_node_id: 3,
    };
    place.chain.answers(NODES, nodes::QueryMsg::Config {}, answer);
    let arguments = ["node", "register", "--key", "jetson1", "--device-class", "jetson_orin"];
    let run = place.run(&[&arguments[..], &["--scheme", scheme]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let taken = place.chain.taken();
    let owner = key().account("wasm").unwrap();
    assert_eq!((taken[0].contract.as_str(), &taken[0].sender), (NODES, &owner));
    let message: nodes::ExecuteMsg = serde_json::from_value(taken[0].message.clone()).unwrap();
    let nodes::ExecuteMsg::RegisterNode { node_id: 3, keys, device_class } = message else {
        panic!("{message:?}");
    };
    let NewKeys { attestation_key, vrf_key, proof, expires_at } = keys;
    assert_eq!(generated["attestation_key"], hex::encode(&attestation_key));
    assert_eq!(generated["vrf_key"], vrf_key.to_hex());
    let statement = Registration {
        node_id: 3,
        owner,
        attestation_key: attestation_key.to_vec(),
        vrf_key: vrf_key.to_array().unwrap(),
        device_class,
    };
    let binding = Binding {
        chain_id: CHAIN_ID.to_owned(),
        contract: NODES.to_owned(),
        evm_chain_id: 9,
        nonce: 0,
        expires_at: expires_at.seconds(),
    };
    let public = CompressedKey::from_slice(&attestation_key).unwrap();
    let request = SignRequest { statement, binding };
    let digest = request.digest(proof.scheme, &public.cosmos_address("wasm").unwrap()).unwrap();
    let signature = proof.scheme.read_signature(&proof.signature).unwrap();
    assert_eq!(proof.scheme.name(), scheme);
    assert!(verify(&Native, &digest, &signature, &Signer::Key(public)).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_proved_from_the_nodes_place_in_the_roster() {
    let place = Place::new().await;
    place.shows(
        &Round {
            roster: RosterPin { units: 1_000, ..sample::round().roster },
            ..in_phase(Phase::Elect)
        },
        &[],
    );
    let keys = nodes::NodeKeys {
        node_id: 7,
        owner: Addr::unchecked("wasm1owner7"),
        device_class: "jetson_orin".to_owned(),
        keys: nodes::Keys {
            from_epoch: 2,
            attestation_key: Bytes::from(key().attestation_key()),
            vrf_key: HexBinary::from(&key().vrf_key()),
            account: Addr::unchecked("wasm1node7"),
        },
    };
    let question = nodes::QueryMsg::Keys { epoch: 20, node_ids: vec![7] };
    place.chain.answers(NODES, &question, nodes::KeysResponse { nodes: vec![keys.clone()] });
    let members = |from: u64, to: u64| nodes::MembersResponse {
        members: (from..to).map(|node| sample::member(node, 12)).collect(),
    };
    let page =
        |skip| nodes::QueryMsg::Members { run_id: 2, epoch: 20, skip: Some(skip), limit: Some(30) };
    place.chain.answers(NODES, page(0), members(100, 130));
    place.chain.answers(NODES, page(30), members(5, 9));
    let prove = ["round", "prove-leader", "2", "--node", "7"];
    let run = place.run(&prove);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let taken = place.chain.taken();
    let ExecuteMsg::ProveLead { node_id, index, proof, ticket, .. } = message(&taken[0]) else {
        panic!("{taken:?}");
    };
    assert_eq!((node_id, index), (7, 32));
    assert!(ticket < 12);
    assert!(vrf::verify_slices(&key().vrf_key(), &[7; 32], &proof).is_ok());
    // Another key than the node's of that epoch is refused before it is sent.
    let vrf_key = HexBinary::from([3; 32]);
    let other = nodes::NodeKeys { keys: nodes::Keys { vrf_key, ..keys.keys.clone() }, ..keys };
    place.chain.answers(NODES, question, nodes::KeysResponse { nodes: vec![other] });
    refused(&place.run(&prove), 1, "proves with the VRF key 0303");
    assert_eq!(place.chain.taken().len(), 1);
}
