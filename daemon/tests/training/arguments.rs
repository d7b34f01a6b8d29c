//! What is refused before anything is sent, and what is shown.

use cosmwasm_std::{Addr, Decimal};
use modelbond_interface::training::{
    ConfigResponse, QueryMsg, Run, RunResponse, RunsResponse, SecurityResponse,
};
use rstest::rstest;
use serde_json::json;

use crate::binary::Binary;
use crate::place::{config, refused, seat, Place, TRAINING};
use crate::sample;

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
