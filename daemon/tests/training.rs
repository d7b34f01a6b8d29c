//! Training on the command line: what is refused before anything is sent, what is sent, what is shown. The
//! chain is a stand-in that answers what it is told to and remembers what it takes.

mod binary;
mod chain;
#[path = "../src/training/sample.rs"]
mod sample;

use binary::{Binary, Run as Ran};
use chain::{Chain, Taken, CHAIN_ID};
use cosmwasm_std::{Addr, Binary as Bytes, Decimal, HexBinary, Timestamp, Uint128};
use modelbond::keystore::{parse_path, Identity, DEFAULT_PATH};
use modelbond::training::NodeKey;
use modelbond_election::vrf;
use modelbond_interface::nodes::{self, NewKeys};
use modelbond_interface::training::{
    Answer, ConfigResponse, DutiesResponse, ExecuteMsg, GroupsResponse, Hash32, Phase, QueryMsg,
    Round, RoundResponse, Run, RunResponse, RunsResponse, Seat, SeatInfo, SeatsResponse,
    SecurityResponse, Stage,
};
use modelbond_signature::{
    verify, Attestation, Binding, CompressedKey, Native, Registration, Scheme, SignRequest, Signer,
};
use rstest::rstest;
use serde_json::json;

const TRAINING: &str = "wasm1training";
const NODES: &str = "wasm1nodes";
const BEACON: &str = "wasm1beacon";
const PHRASE: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// The program with the key of [`PHRASE`], on the chain.
struct Place {
    binary: Binary,
    chain: Chain,
}

impl Place {
    async fn new() -> Self {
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
    fn run<'a>(&'a self, arguments: &[&'a str]) -> Ran {
        let network = self.binary.home().join("net.toml");
        let network = network.to_str().unwrap();
        let rest = ["--json", "--yes", "--network", network];
        let own = ["--from-env"];
        let named = arguments.contains(&"--from");
        let own = own.iter().copied().filter(|_| !named);
        self.binary.run(arguments.iter().copied().chain(rest).chain(own))
    }

    fn write(&self, name: &str, value: &impl serde::Serialize) -> String {
        let path = self.binary.home().join(name);
        std::fs::write(&path, serde_json::to_string(value).unwrap()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The chain has this run, with this open round and these seats of node 7.
    fn shows(&self, round: &Round, seats: &[SeatInfo]) {
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

fn config() -> ConfigResponse {
    ConfigResponse {
        beacon: Addr::unchecked(BEACON),
        nodes: Addr::unchecked(NODES),
        unbonding_secs: 600,
        evm_chain_id: 9,
        runs: 2,
    }
}

fn key() -> NodeKey {
    NodeKey::of(&Identity::from_phrase(PHRASE, parse_path(DEFAULT_PATH).unwrap()).unwrap()).unwrap()
}

/// A seat of node 7 with the key of [`PHRASE`].
fn seat(slot: u8, commit: Option<Hash32>) -> SeatInfo {
    let info = sample::seat(Stage::Work, 0, slot, 7);
    let attestation_key = Bytes::from(key().attestation_key());
    SeatInfo { seat: Seat { attestation_key, ..info.seat }, commit, ..info }
}

fn in_phase(phase: Phase) -> Round {
    Round { phase, ..sample::round() }
}

fn message(taken: &Taken) -> ExecuteMsg {
    serde_json::from_value(taken.message.clone()).unwrap()
}

fn refused(run: &Ran, code: i32, what: &str) {
    assert_eq!(run.code, code, "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
}

#[rstest]
#[case::no_node(&["round", "commit", "1", "--answer", "x"], "--node")]
#[case::no_answer(&["round", "commit", "1", "--node", "1"], "--answer")]
#[case::a_seat_that_is_none(&["round", "reveal", "1", "--node", "1", "--seat", "work:1"], "STAGE:GROUP:SLOT")]
#[case::nothing_to_claim(&["round", "claim", "1"], "--node")]
#[case::two_things_to_claim(&["round", "claim", "1", "--node", "1", "--for", "lead"], "cannot be used with")]
#[case::a_due_that_is_none(&["round", "claim", "1", "--for", "leads"], "contribution:GROUP")]
#[case::a_device_class(&["node", "register", "--key", "k", "--device-class", "Jetson"], "a-z")]
#[case::a_short_hash(&["node", "ready", "1", "--node", "1", "--known-answer", "3f"], "64 hexadecimal digits")]
#[case::an_unknown_scheme(&["round", "reveal", "1", "--node", "1", "--scheme", "eip155"], "no scheme eip155")]
#[case::a_signature_for_too_long(&["round", "reveal", "1", "--node", "1", "--expires-in", "604801"], "604801")]
#[case::a_score_of_eleven(&["feedback", "submit", "1", "--score", "11"], "11")]
#[case::no_score(&["feedback", "submit", "1"], "--score")]
#[case::a_score_and_a_file(&["feedback", "submit", "1", "--score", "1", "--relay", "x"], "cannot be used with")]
#[case::no_file(&["run", "open", "VIS"], "--file")]
#[case::an_unknown_preset(&["run", "template", "--preset", "mainnet"], "devnet, production")]
#[case::no_amount(&["run", "fund", "1"], "--tokens")]
#[case::unbonding(&["deploy", "--epoch-secs", "60", "--unbonding-secs", "100"], "two epochs")]
#[case::epochs(&["deploy", "--epoch-secs", "4"], "4 is not in 5..=604800")]
#[case::a_run_that_is_no_number(&["serve", "--keep", "one"], "invalid digit")]
fn what_makes_no_sense_is_refused_before_the_chain_is_asked(
    #[case] arguments: &[&str],
    #[case] what: &str,
) {
    let run = Binary::new().run(arguments.iter().copied().chain(["--json"]));
    refused(&run, 2, what);
}

#[test]
fn a_template_is_a_file_and_says_so_in_json() {
    let binary = Binary::new();
    let file = binary.run(["run", "template"]).stdout;
    assert!(file.starts_with("# A run of the preset devnet"), "{file}");
    let report = binary.run(["run", "template", "--preset", "production", "--json"]).json();
    assert_eq!(report["preset"], "production");
    assert!(report["toml"].as_str().unwrap().contains("witnesses = 4"));
}

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

#[tokio::test(flavor = "multi_thread")]
async fn without_training_the_next_step_is_named() {
    let place = Place::new().await;
    let path = place.binary.home().join("net.toml");
    let text = std::fs::read_to_string(&path).unwrap().replace("training =", "other =");
    std::fs::write(&path, text).unwrap();
    let run = place.run(&["run", "list"]);
    refused(&run, 1, "no training contract is recorded for chain-1");
    assert!(run.json_error()["hint"].as_str().unwrap().contains("deploy --beacon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nodes_contract_that_is_not_the_recorded_one_is_not_trusted() {
    let place = Place::new().await;
    let other = ConfigResponse { nodes: Addr::unchecked("wasm1other"), ..config() };
    place.chain.answers(TRAINING, QueryMsg::Config {}, other);
    refused(&place.run(&["node", "list"]), 1, "nodes contract is wasm1other, not wasm1nodes");
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
async fn a_commit_is_kept_before_it_is_sent_and_never_another_is_sent() {
    let place = Place::new().await;
    place.shows(&in_phase(Phase::Commit), &[seat(0, None)]);
    let answer = place.write("answer.json", &sample::answer());
    let commit = ["round", "commit", "2", "--node", "7", "--answer", answer.as_str()];
    // The chain refuses: nothing is sent, but the commit is kept.
    place.chain.state().refuses = Some("the chain is not ready".to_owned());
    refused(&place.run(&commit), 1, "training refuses: the chain is not ready");
    let folder = place.binary.home().join("commits");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    // Now it takes it: what was kept, twice.
    place.chain.state().refuses = None;
    for _ in 0..2 {
        let report = place.run(&commit).json();
        assert_eq!((&report["commit"], &report["seat"]), (&kept["commit"], &json!("work:0:0")));
    }
    // Another answer is refused.
    let other = Answer { correct: 1, ..sample::answer() };
    let other = place.write("other.json", &other);
    let run = place.run(&["round", "commit", "2", "--node", "7", "--answer", other.as_str()]);
    refused(&run, 1, "committed to work");
    let taken = place.chain.taken();
    assert_eq!((taken.len(), &taken[0]), (2, &taken[1]));
    assert_eq!(taken[0].message["commit"]["commit"], kept["commit"]);
    // The chain has it: nothing more is sent.
    let hash: Hash32 = kept["commit"].as_str().unwrap().parse().unwrap();
    place.shows(&in_phase(Phase::Commit), &[seat(0, Some(hash))]);
    assert_eq!(place.run(&commit).json()["transaction"], serde_json::Value::Null);
    assert_eq!(place.chain.taken().len(), 2);
    // Somebody else's commit in that seat is not taken for it.
    place.shows(&in_phase(Phase::Commit), &[seat(0, Some(Hash32([9; 32])))]);
    refused(&place.run(&commit), 1, "not from here");
}

#[rstest]
#[case("eip191", 1)]
#[case("eip712", 0)]
#[case("adr036", 2)]
#[case("direct", 0)]
#[tokio::test(flavor = "multi_thread")]
async fn a_reveal_shows_what_was_committed_to_attested_by_the_seats_key(
    #[case] scheme: &str,
    #[case] level: u8,
) {
    let place = Place::new().await;
    place.shows(&in_phase(Phase::Commit), &[seat(1, None)]);
    let answer = place.write("answer.json", &sample::answer());
    let times = ["--started-at", "100", "--ended-at", "200"];
    let commit = ["round", "commit", "2", "--node", "7", "--answer", answer.as_str()];
    let committed = place.run(&[&commit[..], &times].concat()).json();
    let hash: Hash32 = committed["commit"].as_str().unwrap().parse().unwrap();
    let work: Hash32 = committed["work"].as_str().unwrap().parse().unwrap();
    place.shows(&in_phase(Phase::Reveal), &[seat(1, Some(hash))]);
    let level_text = level.to_string();
    let reveal =
        ["round", "reveal", "2", "--node", "7", "--scheme", scheme, "--level", &level_text];
    let run = place.run(&reveal);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let taken = place.chain.taken();
    let ExecuteMsg::Reveal { answer, attested, trace, seat, .. } = message(&taken[1]) else {
        panic!("{taken:?}");
    };
    assert_eq!((answer, trace, seat.slot), (sample::answer(), None, 1));
    let statement = Attestation {
        run_id: 2,
        round_id: 4,
        beacon: [6; 32],
        assignment: [9; 32],
        group: 0,
        slot: 1,
        role: "witness".to_owned(),
        node_id: 7,
        key_epoch: 12,
        work: work.0,
        mode: "exact".to_owned(),
        device_class: "jetson_orin".to_owned(),
        attestation_level: level,
        started_at: 100,
        ended_at: 200,
    };
    let binding = Binding {
        chain_id: CHAIN_ID.to_owned(),
        contract: TRAINING.to_owned(),
        evm_chain_id: 9,
        nonce: 0,
        expires_at: attested.expires_at,
    };
    let public = CompressedKey::from_slice(&key().attestation_key()).unwrap();
    let request = SignRequest { statement, binding };
    let scheme: Scheme = scheme.parse().unwrap();
    let digest = request.digest(scheme, &public.cosmos_address("wasm").unwrap()).unwrap();
    let signature = scheme.read_signature(&attested.signature).unwrap();
    assert!(verify(&Native, &digest, &signature, &Signer::Key(public)).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reveal_without_its_commit_or_with_another_key_is_refused() {
    let place = Place::new().await;
    let reveal = ["round", "reveal", "2", "--node", "7"];
    place.shows(&in_phase(Phase::Commit), &[seat(0, None)]);
    refused(&place.run(&reveal), 1, "nobody can reveal in this phase");
    place.shows(&in_phase(Phase::Reveal), &[seat(0, Some(Hash32([1; 32])))]);
    refused(&place.run(&reveal), 1, "no commit of the seat work:0:0 is kept here");
    place.shows(&in_phase(Phase::Commit), &[sample::seat(Stage::Work, 0, 0, 7)]);
    let answer = place.write("answer.json", &sample::answer());
    let commit = ["round", "commit", "2", "--node", "7", "--answer", answer.as_str()];
    let hash = place.run(&commit).json()["commit"].as_str().unwrap().parse().unwrap();
    let other = SeatInfo { commit: Some(hash), ..sample::seat(Stage::Work, 0, 0, 7) };
    place.shows(&in_phase(Phase::Reveal), &[other]);
    refused(&place.run(&reveal), 1, "is of the key 0202");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_proved_from_the_nodes_place_in_the_roster() {
    let place = Place::new().await;
    place.shows(&Round { units: 1_000, ..in_phase(Phase::Elect) }, &[]);
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

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_to_the_run_as_tokens_of_its_model() {
    let place = Place::new().await;
    place.shows(&sample::round(), &[]);
    let run = place.run(&["run", "fund", "2", "--tokens", "1.5"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let taken = place.chain.taken().remove(0);
    assert_eq!(taken.contract, sample::MODEL);
    let send = &taken.message["send"];
    assert_eq!((&send["contract"], &send["amount"]), (&json!(TRAINING), &json!("1500000")));
    let inner = Bytes::from_base64(send["msg"].as_str().unwrap()).unwrap();
    assert_eq!(inner.as_slice(), br#"{"fund":{"run_id":2}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_contracts_say_is_shown() {
    let place = Place::new().await;
    place.shows(&sample::round(), &[seat(0, None)]);
    let run: Run = sample::run();
    let question = QueryMsg::Runs { model: None, start_after: None, limit: Some(30) };
    place.chain.answers(TRAINING, question, RunsResponse { runs: vec![run] });
    let listed = place.run(&["run", "list"]).json();
    assert_eq!((&listed["training"], &listed["runs"][0]["run_id"]), (&json!(TRAINING), &json!(2)));
    let shown = place.run(&["run", "show", "2"]).json();
    assert_eq!(shown["run"]["ledger"]["bond"], "10000000");
    let round = place.run(&["round", "show", "2"]).json();
    assert_eq!(round["round"]["phase"], "commit");
    assert_eq!(round["seats"][0]["seat"]["node_id"], 7);
    assert_eq!(round["groups"][0]["shard"], 11);
    let answer = SecurityResponse {
        epoch: 20,
        nodes: 3,
        units: 30,
        owners: 3,
        largest_owner_units: 10,
        largest_owner_share: Decimal::percent(33),
        captured_group_20: Decimal::permille(8),
        captured_group_30: Decimal::permille(27),
        captured_group_40: Decimal::permille(64),
        moves_market: true,
        small_network: true,
    };
    place.chain.answers(TRAINING, QueryMsg::Security { run_id: 2, epoch: None }, answer);
    assert_eq!(place.run(&["run", "security", "2"]).json()["owners"], 3);
    assert_eq!(place.chain.taken(), []);
    let missing = QueryMsg::Run { run_id: 9 };
    place.chain.answers(TRAINING, missing, RunResponse { run: None });
    refused(&place.run(&["run", "show", "9"]), 1, "there is no run 9");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_a_round_owes_is_claimed_at_once() {
    let place = Place::new().await;
    let settled_at = Some(Timestamp::from_seconds(2_100));
    place.shows(&Round { settled_at, ..in_phase(Phase::Final) }, &[seat(0, None), seat(2, None)]);
    let claim = ["round", "claim", "2", "--round", "4", "--node", "7"];
    let answer = nodes::NodeResponse { node: None };
    place.chain.answers(NODES, nodes::QueryMsg::Node { node_id: 7 }, answer);
    refused(&place.run(&claim), 1, "there is no node 7");
    let node = nodes::Node {
        node_id: 7,
        owner: Addr::unchecked("wasm1owner7"),
        device_class: "jetson_orin".to_owned(),
        keys: None,
        announced: None,
        key_nonce: 1,
        registered_at: Timestamp::from_seconds(0),
        retired: false,
    };
    let answer = nodes::NodeResponse { node: Some(node) };
    place.chain.answers(NODES, nodes::QueryMsg::Node { node_id: 7 }, answer);
    refused(&place.run(&claim), 1, "owes nothing");
    let sender = Some(key().account("wasm").unwrap());
    for (due, amount, claimed) in [
        (json!({"contribution": {"group": 0}}), 5, false),
        (json!({"seat": {"stage": "work", "group": 0, "slot": 2}}), 7, true),
        (json!({"advances": {}}), 3, false),
    ] {
        let due = serde_json::from_value(due).unwrap();
        let question = QueryMsg::Claimable { run_id: 2, round_id: 4, due, sender: sender.clone() };
        let recipient = Addr::unchecked("wasm1owner7");
        let amount = Uint128::new(amount);
        let answer =
            modelbond_interface::training::ClaimableResponse { recipient, amount, claimed };
        place.chain.answers(TRAINING, question, answer);
    }
    let run = place.run(&claim);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let dues: Vec<_> =
        place.chain.taken().iter().map(|taken| taken.message["claim"]["due"].clone()).collect();
    assert_eq!(dues, [json!({"contribution": {"group": 0}}), json!({"advances": {}})]);
    assert_eq!(place.chain.state().simulated, 1, "one transaction");
}
