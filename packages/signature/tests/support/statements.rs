//! One of each statement, and where it is valid.
#![allow(dead_code)] // each test takes what it needs

use modelbond_signature::{
    Attestation, Binding, Contribution, Feedback, KeyRotation, Link, Registration, RootAttestation,
    SignRequest, Unlink,
};

pub(crate) const ETH_ADDRESS: &str = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
pub(crate) const COSMOS_ADDRESS: &str = "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a";
pub(crate) const COMPRESSED_KEY: &str =
    "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad";

pub(crate) fn binding() -> Binding {
    Binding {
        chain_id: "modelbond-1".to_owned(),
        contract: "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d".to_owned(),
        evm_chain_id: 1,
        nonce: 7,
        expires_at: 1_900_000_000,
    }
}

pub(crate) fn bound<S>(statement: S) -> SignRequest<S> {
    SignRequest { statement, binding: binding() }
}

pub(crate) fn link() -> Link {
    Link {
        eth_address: ETH_ADDRESS.parse().unwrap(),
        cosmos_address: COSMOS_ADDRESS.parse().unwrap(),
    }
}

pub(crate) fn unlink() -> Unlink {
    let Link { eth_address, cosmos_address } = link();
    Unlink { eth_address, cosmos_address }
}

pub(crate) fn attestation() -> Attestation {
    Attestation {
        run_id: 2,
        round_id: 3,
        beacon: [1; 32],
        assignment: [2; 32],
        group: 5,
        slot: 6,
        role: "trainer".to_owned(),
        node_id: 4,
        key_epoch: 8,
        work: [3; 32],
        mode: "exact".to_owned(),
        device_class: "jetson_orin".to_owned(),
        attestation_level: 1,
        started_at: 1_800_000_000,
        ended_at: 1_800_000_600,
    }
}

pub(crate) fn contribution() -> Contribution {
    Contribution {
        model: "wasm1model".to_owned(),
        contributor: "wasm1alice".to_owned(),
        data: "ipfs://data".to_owned(),
        data_hash: [4; 32],
        parents: vec!["one".to_owned(), "zwei".to_owned()],
    }
}

pub(crate) fn feedback() -> Feedback {
    Feedback { model: "wasm1model".to_owned(), user: "wasm1bob".to_owned(), epoch: 11, score: 9 }
}

pub(crate) fn root_attestation() -> RootAttestation {
    RootAttestation {
        source_chain: "ethereum".to_owned(),
        gateway: "0xgateway".to_owned(),
        height: 12,
        block_hash: [5; 32],
        root: [6; 32],
        set_id: 13,
    }
}

pub(crate) fn registration() -> Registration {
    let KeyRotation { node_id, owner, attestation_key, vrf_key } = key_rotation();
    let device_class = "jetson_orin".to_owned();
    Registration { node_id, owner, attestation_key, vrf_key, device_class }
}

pub(crate) fn key_rotation() -> KeyRotation {
    KeyRotation {
        node_id: 4,
        owner: "wasm1owner".to_owned(),
        attestation_key: hex::decode(COMPRESSED_KEY).unwrap(),
        vrf_key: [7; 32],
    }
}
