//! The program, the chain, and what the chain has.

use cosmwasm_std::{Addr, Binary as Bytes};
use modelbond::keystore::{parse_path, Identity, DEFAULT_PATH};
use modelbond::training::NodeKey;
use modelbond_interface::training::{
    ConfigResponse, DutiesResponse, ExecuteMsg, GroupsResponse, Hash32, Phase, QueryMsg, Round,
    RoundResponse, RunResponse, Seat, SeatInfo, SeatsResponse, Stage,
};

use crate::binary::{Binary, Run as Ran};
use crate::chain::{Chain, Taken, CHAIN_ID};
use crate::sample;

pub(crate) const TRAINING: &str = "wasm1training";
pub(crate) const NODES: &str = "wasm1nodes";
pub(crate) const BEACON: &str = "wasm1beacon";
pub(crate) const PHRASE: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// The program with the key of [`PHRASE`], on the chain.
pub(crate) struct Place {
    pub(crate) binary: Binary,
    pub(crate) chain: Chain,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let chain = Chain::start().await;
        let binary = Binary::new()
            .env("MODELBOND_MNEMONIC", PHRASE)
            .env("MODELBOND_PASSPHRASE", "correct horse");
        let text = format!(
            "chain_id = \"{CHAIN_ID}\"\nrpc = [\"{}\"]\nprefix = \"wasm\"\ngas_price = \"0stake\"\n\
             [contracts]\ntraining = \"{TRAINING}\"\nnodes = \"{NODES}\"\n\
             [markets.VIS]\naddress = \"{}\"\ncode_id = 1\nname = \"Vision\"\nreserve_denom = \"uusd\"\n",
            chain.url,
            sample::MODEL,
        );
        std::fs::write(binary.home().join("net.toml"), text).unwrap();
        chain.answers(TRAINING, QueryMsg::Config {}, config());
        Self { binary, chain }
    }

    /// Runs it with `--json` as the key of the environment.
    pub(crate) fn run<'a>(&'a self, arguments: &[&'a str]) -> Ran {
        let network = self.binary.home().join("net.toml");
        let network = network.to_str().unwrap();
        let rest = ["--json", "--yes", "--network", network];
        let own = ["--from-env"];
        let named = arguments.contains(&"--from");
        let own = own.iter().copied().filter(|_| !named);
        self.binary.run(arguments.iter().copied().chain(rest).chain(own))
    }

    pub(crate) fn write(&self, name: &str, value: &impl serde::Serialize) -> String {
        let path = self.binary.home().join(name);
        std::fs::write(&path, serde_json::to_string(value).unwrap()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The chain has this run, with this open round and these seats of node 7.
    pub(crate) fn shows(&self, round: &Round, seats: &[SeatInfo]) {
        let (run_id, round_id, node_id) = (2, 4, 7);
        let run = Some(sample::run());
        self.chain.answers(TRAINING, QueryMsg::Run { run_id }, RunResponse { run });
        for named in [Some(round_id), None] {
            let question = QueryMsg::Round { run_id, round_id: named };
            let answer = RoundResponse { round: Some(round.clone()) };
            self.chain.answers(TRAINING, question, answer);
        }
        let question = QueryMsg::Duties { run_id, round_id, node_id };
        self.chain.answers(TRAINING, question, DutiesResponse { seats: seats.to_vec() });
        let question = QueryMsg::Groups { run_id, round_id };
        let groups = vec![sample::group()];
        self.chain.answers(TRAINING, question, GroupsResponse { groups });
        let question = QueryMsg::Seats { run_id, round_id, stage: Stage::Work, group: 0 };
        self.chain.answers(TRAINING, question, SeatsResponse { seats: seats.to_vec() });
    }
}

pub(crate) fn config() -> ConfigResponse {
    ConfigResponse {
        beacon: Addr::unchecked(BEACON),
        nodes: Addr::unchecked(NODES),
        unbonding_secs: 600,
        evm_chain_id: 9,
        provenance: Addr::unchecked("wasm1provenance"),
        rewards: Addr::unchecked("wasm1rewards"),
        runs: 2,
    }
}

pub(crate) fn key() -> NodeKey {
    NodeKey::of(&Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap()).unwrap()
}

/// A seat of node 7 with the key of [`PHRASE`].
pub(crate) fn seat(slot: u8, commit: Option<Hash32>) -> SeatInfo {
    let info = sample::seat(Stage::Work, 0, slot, 7);
    let attestation_key = Bytes::from(key().attestation_key());
    SeatInfo { seat: Seat { attestation_key, ..info.seat }, commit, ..info }
}

pub(crate) fn in_phase(phase: Phase) -> Round {
    Round { phase, ..sample::round() }
}

pub(crate) fn message(taken: &Taken) -> ExecuteMsg {
    serde_json::from_value(taken.message.clone()).unwrap()
}

pub(crate) fn refused(run: &Ran, code: i32, what: &str) {
    assert_eq!(run.code, code, "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
}
