//! Reads go to the next endpoint; foreign chains are refused.

use std::time::Duration;

use modelbond_client::{Client, ClientError, Network, Settings};
use rstest::rstest;

use crate::node::{Chain, Fault, Node, CHAIN_ID};

pub(crate) fn network(nodes: &[&str]) -> Network {
    Network {
        chain_id: CHAIN_ID.into(),
        rpc: nodes.iter().map(|url| (*url).to_owned()).collect(),
        prefix: "wasm".into(),
        gas_price: "0.025stake".parse().unwrap(),
    }
}

pub(crate) fn settings() -> Settings {
    Settings {
        poll_interval: Duration::from_millis(1),
        max_response_bytes: 100_000,
        timeout_blocks: 5,
        confirm_within: Duration::from_secs(60),
        ..Settings::default()
    }
}

pub(crate) async fn connect(nodes: &[&Node]) -> Client {
    let urls: Vec<&str> = nodes.iter().map(|node| node.url.as_str()).collect();
    Client::connect_with(network(&urls), settings()).await.unwrap()
}

#[rstest]
#[case::connection_closed(Fault::Hang)]
#[case::bad_gateway(Fault::Status(502))]
#[case::too_many_requests(Fault::Status(429))]
#[case::not_json(Fault::Body(b"<html>".to_vec()))]
#[case::another_type(Fault::Edit(|answer| answer["result"] = serde_json::json!({"response": 7})))]
#[case::another_id(Fault::Edit(|answer| answer["id"] = "x".into()))]
#[case::not_protobuf(Fault::Edit(|answer| answer["result"]["response"]["value"] = "////".into()))]
#[case::no_result(Fault::Edit(|answer| answer["result"] = serde_json::Value::Null))]
#[case::nested(Fault::Body("[".repeat(50_000).into_bytes()))]
#[case::too_long(Fault::Pad(100_001))]
#[case::rpc_error(Fault::Rpc("database is closed"))]
#[tokio::test]
async fn failing_endpoint_is_left_for_the_next(#[case] fault: Fault) {
    let chain = Chain::default();
    let (bad, good) = (Node::start(&chain).await, Node::start(&chain).await);
    let client = connect(&[&bad, &good]).await;
    bad.fail("abci_query", [fault]);

    assert_eq!(client.account("wasm1x").await.unwrap().number, 7);
    assert_eq!((bad.asked("abci_query"), good.asked("abci_query")), (1, 1));

    // The choice sticks.
    client.account("wasm1x").await.unwrap();
    assert_eq!((bad.asked("abci_query"), good.asked("abci_query")), (1, 2));
}

/// Whatever a node puts in place of any part of an answer is an error or goes unnoticed.
#[rstest]
#[case::status("status")]
#[case::abci_query("abci_query")]
#[case::tx("tx")]
#[case::blockchain("blockchain")]
#[case::block_results("block_results")]
#[tokio::test]
async fn no_answer_panics(#[case] method: &str) {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let settings = Settings { rounds: 1, ..settings() };
    let client = Client::connect_with(network(&[&node.url]), settings).await.unwrap();
    let hash = crate::once::pay(&crate::once::signer(&client)).await.unwrap().hash;
    let strange = [
        serde_json::json!(null),
        "".into(),
        "-1".into(),
        "18446744073709551616".into(),
        "é".into(),
        (-1).into(),
        u64::MAX.into(),
        1e300.into(),
        serde_json::json!([]),
        serde_json::json!({}),
    ];
    let mut refused = 0;
    for (nth, value) in (0..40).flat_map(|nth| strange.iter().map(move |value| (nth, value))) {
        node.fail(method, [Fault::Twist(nth, value.clone())]);
        let failed = match method {
            "status" => client.latest_block().await.is_err(),
            "abci_query" => client.account("wasm1x").await.is_err(),
            "tx" => client.transaction(&hash).await.is_err(),
            "blockchain" => client.block(11).await.is_err(),
            _ => client.block_events(11).await.is_err(),
        };
        refused += usize::from(failed);
    }
    assert!(refused > 50, "{refused}");
}

#[tokio::test]
async fn endpoint_that_is_down_at_connect_is_left_out() {
    let chain = Chain::default();
    let good = Node::start(&chain).await;
    let dead = dead_url().await;
    let network = network(&[&dead, &good.url]);
    let client = Client::connect_with(network, settings()).await.unwrap();
    assert_eq!(client.account("wasm1x").await.unwrap().number, 7);
}

#[tokio::test]
async fn nothing_reachable_names_every_endpoint() {
    let (a, b) = (dead_url().await, dead_url().await);
    let error = Client::connect_with(network(&[&a, &b]), settings()).await.unwrap_err();
    let ClientError::Unreachable { tried } = &error else { panic!("{error}") };
    assert_eq!(tried.iter().map(|f| f.endpoint.as_str()).collect::<Vec<_>>(), [a, b]);
    assert!(tried[0].cause.contains("no connection"), "{error}");
}

#[tokio::test]
async fn endpoint_of_another_chain_is_refused() {
    let chain = Chain::default();
    let right = Node::start(&chain).await;
    let wrong = Node::start_as(&chain, "elsewhere-1").await;
    let error =
        Client::connect_with(network(&[&right.url, &wrong.url]), settings()).await.unwrap_err();
    assert_eq!(
        error,
        ClientError::WrongChain {
            endpoint: wrong.url.clone(),
            expected: CHAIN_ID.into(),
            found: "elsewhere-1".into()
        }
    );
}

#[tokio::test]
async fn endpoint_that_comes_up_as_another_chain_is_never_asked() {
    let chain = Chain::default();
    let right = Node::start(&chain).await;
    let wrong = Node::start_as(&chain, "elsewhere-1").await;
    wrong.fail("status", [Fault::Status(503)]);
    let client = connect(&[&right, &wrong]).await;
    right.fail("abci_query", vec![Fault::Status(502); 2]);

    let error = client.account("wasm1x").await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("http status 502"), "{error}");
    assert!(error.to_string().contains("serves chain elsewhere-1"), "{error}");
    assert_eq!(wrong.asked("abci_query"), 0);
}

#[tokio::test]
async fn credentials_stay_out_of_errors() {
    let dead = dead_url().await.replace("http://", "http://user:secret@");
    let error = Client::connect_with(network(&[&dead]), settings()).await.unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[rstest]
#[case::none(&[])]
#[case::no_scheme(&["127.0.0.1:26657"])]
#[case::websocket(&["ws://127.0.0.1:26657"])]
#[tokio::test]
async fn unusable_endpoint_list_is_refused(#[case] urls: &[&str]) {
    let error = Client::connect_with(network(urls), settings()).await.unwrap_err();
    assert!(matches!(error, ClientError::InvalidNetwork { field: "rpc", .. }), "{error}");
}

/// An address where nobody listens any more.
pub(crate) async fn dead_url() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
