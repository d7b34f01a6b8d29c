//! Identities: the bridge behind a node that is there, is slow, or is gone.

mod service;

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::routing::post;
use axum::{Json, Router};
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use cosmrs::proto::cosmwasm::wasm::v1::{
    QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::prost::Message;
use modelbond::serve::{Chain, Settings, Source};
use rstest::rstest;
use serde_json::{json, Value};
use service::Service;
use tempfile::TempDir;

const ETH: &str = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
const UNLINKED: &str = "0x5B27B60B87EE3A9aa54201845B3B4b8d45AE934e";
const COSMOS: &str = "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a";
const PATIENT: u64 = 4_000;
const BRIDGE: &str = "cosmos1bridge";

/// What a node answers to `abci_query`.
#[derive(Clone, Copy)]
enum Node {
    Answers,
    Refuses(u32, &'static str),
    Hangs,
}

async fn rpc(node: Node, Json(request): Json<Value>) -> Json<Value> {
    let result = match request["method"].as_str().unwrap() {
        "status" => status(),
        "abci_query" => match node {
            Node::Answers => query(&request["params"]["data"]),
            Node::Refuses(code, log) => response(code, log, &[]),
            Node::Hangs => std::future::pending().await,
        },
        method => panic!("{method}"),
    };
    Json(json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }))
}

fn query(data: &Value) -> Value {
    let data = hex::decode(data.as_str().unwrap()).unwrap();
    let request = QuerySmartContractStateRequest::decode(data.as_slice()).unwrap();
    assert_eq!(request.address, BRIDGE);
    let message: Value = serde_json::from_slice(&request.query_data).unwrap();
    let link = match message["resolve"]["address"].as_str().unwrap() {
        ETH | COSMOS => json!({
            "eth_address": ETH, "cosmos_address": COSMOS,
            "pubkey": "AwlHdR4wIuzzAWvgPsd6sM48JmK0hDiYywaNdPaYzMit",
            "linked_at": "1571797419879305533",
        }),
        _ => Value::Null,
    };
    let data = json!({ "link": link }).to_string().into_bytes();
    response(0, "", &QuerySmartContractStateResponse { data }.encode_to_vec())
}

fn response(code: u32, log: &str, value: &[u8]) -> Value {
    json!({ "response": {
        "code": code, "log": log, "info": "", "index": "0", "key": null, "proofOps": null,
        "value": STANDARD.encode(value), "height": "7", "codespace": "wasm",
    }})
}

fn status() -> Value {
    let hash = "AB".repeat(32);
    json!({
        "node_info": {"protocol_version": {"p2p": "8", "block": "11", "app": "0"},
            "id": "00".repeat(20), "listen_addr": "tcp://0.0.0.0:26656", "network": "chain-1",
            "version": "0.38.0", "channels": "40", "moniker": "node",
            "other": {"tx_index": "on", "rpc_address": "tcp://0.0.0.0:26657"}},
        "sync_info": {"latest_block_hash": hash, "latest_app_hash": hash,
            "latest_block_height": "7", "latest_block_time": "2026-01-01T00:00:00Z",
            "earliest_block_hash": hash, "earliest_app_hash": hash, "earliest_block_height": "1",
            "earliest_block_time": "2026-01-01T00:00:00Z", "catching_up": false},
        "validator_info": {"address": "00".repeat(20), "voting_power": "10",
            "pub_key": {"type": "tendermint/PubKeyEd25519", "value": STANDARD.encode([7; 32])}},
    })
}

/// A node that ends with the test's runtime.
async fn start(node: Node) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/", post(move |request| rpc(node, request)));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("x.toml")
    }

    fn write(&self, rpc: &[String], contracts: &str) {
        let text = format!(
            "chain_id = \"chain-1\"\nrpc = {rpc:?}\nprefix = \"cosmos\"\ngas_price = \"0stake\"\n\
             {contracts}"
        );
        fs::write(self.path(), text).unwrap();
    }

    fn service(&self, chain_timeout_ms: u64) -> Service {
        let settings = Settings { chain_timeout_ms, ..Settings::default() };
        let source = Source { path: self.path(), rpc: None };
        Service::with(settings, Chain::of(source).unwrap())
    }
}

const CONTRACTS: &str = "[contracts]\nbridge = \"cosmos1bridge\"\n";

async fn with(node: Node) -> (Place, Service) {
    let place = Place::new();
    place.write(&[format!("http://{}", start(node).await)], CONTRACTS);
    // Long enough for a machine that is busy, short where nothing will come.
    let service = place.service(if matches!(node, Node::Hangs) { 100 } else { PATIENT });
    (place, service)
}

#[rstest]
#[case::checksummed(ETH)]
#[case::lower_case("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826")]
#[case::cosmos(COSMOS)]
#[tokio::test]
async fn either_address_leads_to_both(#[case] address: &str) {
    let (_place, service) = with(Node::Answers).await;
    let identity = service.get(&format!("/v1/identities/{address}")).await.ok();
    assert_eq!(
        identity,
        json!({
            "eth_address": ETH, "cosmos_address": COSMOS,
            "public_key": "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad",
            "public_key_base64": "AwlHdR4wIuzzAWvgPsd6sM48JmK0hDiYywaNdPaYzMit",
            "linked_at": "1571797419879305533",
        })
    );
}

#[tokio::test]
async fn an_address_without_link_is_404() {
    let (_place, service) = with(Node::Answers).await;
    let answer = service.get(&format!("/v1/identities/{UNLINKED}")).await;
    assert_eq!(answer.problem(404, "not_linked")["field"], "address");
}

#[rstest]
#[case::neither("alice", "bech32")]
#[case::checksum("0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "checksum")]
#[case::zero("0x0000000000000000000000000000000000000000", "zero_address")]
#[case::typing_error("osmo17lhf4defwy62pnx8du74p62daut53reve7svqa", "bech32")]
#[case::prefix("wasm17lhf4defwy62pnx8du74p62daut53revsxrmhk", "prefix")]
#[tokio::test]
async fn an_address_that_cannot_be_read_is_422(#[case] address: &str, #[case] code: &str) {
    let (_place, service) = with(Node::Answers).await;
    let answer = service.get(&format!("/v1/identities/{address}")).await;
    assert_eq!(answer.problem(422, code)["field"], "address");
}

#[rstest]
#[case::slow(Node::Hangs)]
#[case::refuses(Node::Refuses(5, "broken"))]
#[tokio::test]
async fn a_chain_that_does_not_answer_is_502(#[case] node: Node) {
    let (_place, service) = with(node).await;
    service.get(&format!("/v1/identities/{ETH}")).await.problem(502, "chain_unavailable");
}

#[tokio::test]
async fn a_chain_that_is_gone_is_502_without_its_address_and_signatures_are_served() {
    let place = Place::new();
    place.write(&["http://127.0.0.1:1".to_owned()], CONTRACTS);
    let service = place.service(PATIENT);
    let answer = service.get(&format!("/v1/identities/{ETH}")).await;
    answer.problem(502, "chain_unavailable");
    assert!(!answer.body.contains("127.0.0.1"), "{answer:?}");
    let convert = json!({ "signature": "00", "from": "der" });
    service.post("/v1/signatures/convert", convert).await.problem(422, "length");
}

#[tokio::test]
async fn the_next_endpoint_is_asked_in_time() {
    let place = Place::new();
    let [slow, fine] = [start(Node::Hangs).await, start(Node::Answers).await];
    place.write(&[format!("http://{slow}"), format!("http://{fine}")], CONTRACTS);
    place.service(PATIENT).get(&format!("/v1/identities/{ETH}")).await.ok();
}

#[tokio::test]
async fn without_network_file_or_contract_there_is_no_bridge() {
    let path = format!("/v1/identities/{ETH}");
    let place = Place::new();
    place.service(PATIENT).get(&path).await.problem(503, "no_bridge");
    place.write(&["http://127.0.0.1:1".to_owned()], "");
    place.service(PATIENT).get(&path).await.problem(503, "no_bridge");
    Service::new().get(&path).await.problem(503, "no_bridge");
}

#[tokio::test]
async fn a_contract_that_the_chain_does_not_have_is_no_bridge() {
    let (_place, service) = with(Node::Refuses(22, "no such contract")).await;
    service.get(&format!("/v1/identities/{ETH}")).await.problem(503, "no_bridge");
}

#[test]
fn a_network_file_that_makes_no_sense_is_refused() {
    let place = Place::new();
    fs::write(place.path(), "chain_id = 7").unwrap();
    Chain::of(Source { path: place.path(), rpc: None }).unwrap_err();
}

/// Waits for the loop to have seen something.
async fn health(service: &Service, seen: impl Fn(&Value) -> bool) -> Value {
    loop {
        let health = service.get("/health").await.ok();
        if seen(&health) {
            return health;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_loop_says_whether_the_chain_answers() {
    let (_place, service) = with(Node::Answers).await;
    let watching = tokio::spawn(modelbond::serve::chain::watch(service.app.clone()));
    let health = health(&service, |health| health["chain_reachable"] == true).await;
    assert_eq!(
        health["loops"],
        json!([{ "name": "chain", "state": "running", "detail": "chain-1 at height 7" }])
    );
    watching.abort();
}

#[tokio::test]
async fn the_loop_tries_again_and_finds_a_bridge_that_is_deployed_later() {
    let place = Place::new();
    place.write(&["http://127.0.0.1:1".to_owned()], "");
    let service = place.service(PATIENT);
    let watching = tokio::spawn(modelbond::serve::chain::watch(service.app.clone()));
    let unwell = health(&service, |health| health["chain_reachable"] == false).await;
    assert_eq!(unwell["loops"][0]["state"], "retrying");
    place.write(&[format!("http://{}", start(Node::Answers).await)], CONTRACTS);
    health(&service, |health| health["chain_reachable"] == true).await;
    service.get(&format!("/v1/identities/{ETH}")).await.ok();
    watching.abort();
}

#[tokio::test]
async fn a_network_file_that_breaks_later_is_said_to_be_unreadable_and_not_where_it_is() {
    let place = Place::new();
    place.write(&["http://127.0.0.1:1".to_owned()], "");
    let service = place.service(PATIENT);
    fs::write(place.path(), "chain_id = 7").unwrap();
    let watching = tokio::spawn(modelbond::serve::chain::watch(service.app.clone()));
    let health = health(&service, |health| health["loops"][0]["state"] == "retrying").await;
    assert_eq!(health["loops"][0]["detail"], "the network file cannot be read");
    watching.abort();
}
