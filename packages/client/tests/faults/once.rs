//! Whatever gets lost, a transaction is included at most once, and its fate is told.

use std::time::Duration;

use cosmwasm_std::coins;
use modelbond_client::{keys, Client, ClientError, Gas, Receipt, Settings, Signer, TxOptions};
use rstest::rstest;

use crate::failover::{connect, dead_url, network, settings};
use crate::node::{Chain, Fault, Node, GAS};

const BROADCAST: &str = "broadcast_tx_sync";

pub(crate) fn signer(client: &Client) -> Signer {
    client.signer(keys::from_bytes(&[7; 32], "wasm").unwrap())
}

pub(crate) async fn pay(signer: &Signer) -> Result<Receipt, ClientError> {
    signer.send("wasm1friend", &coins(1, "stake")).await
}

#[tokio::test]
async fn payment_is_confirmed_by_hash() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let receipt = pay(&signer(&connect(&[&node]).await)).await.unwrap();

    let offered = chain.state().offered.clone();
    assert_eq!(offered.len(), 1);
    assert_eq!(
        receipt.hash,
        hex::encode_upper(<sha2::Sha256 as sha2::Digest>::digest(&offered[0]))
    );
    assert_eq!((receipt.gas_wanted, receipt.gas_used), (130_000, 99_000));
    assert_eq!(receipt.attribute("tx", "fee"), Some("1stake"));
    assert_eq!(receipt.data, [b"response"]);
}

#[tokio::test]
async fn gas_is_the_simulation_with_its_margin() {
    use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, TxRaw};
    use cosmrs::proto::prost::Message;

    let chain = Chain::default();
    let node = Node::start(&chain).await;
    pay(&signer(&connect(&[&node]).await)).await.unwrap();

    let fee_of = |tx: &[u8]| {
        let tx = TxRaw::decode(tx).unwrap();
        AuthInfo::decode(tx.auth_info_bytes.as_slice()).unwrap().fee.unwrap()
    };
    let fee = fee_of(&chain.state().offered[0]);
    assert_eq!(fee.gas_limit, GAS * 13 / 10);
    assert_eq!((fee.amount[0].amount.as_str(), fee.amount[0].denom.as_str()), ("3250", "stake"));
    // Without a fee the simulation would miss the gas of taking it.
    assert_eq!(fee_of(&chain.state().simulated[0]).amount[0].denom, "stake");
}

#[tokio::test]
async fn simulation_above_the_limit_is_refused_unsent() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let settings = Settings { max_gas: GAS, ..settings() };
    let client = Client::connect_with(network(&[&node.url]), settings).await.unwrap();
    assert_eq!(
        pay(&signer(&client)).await,
        Err(ClientError::GasAboveLimit { needed: GAS * 13 / 10, limit: GAS })
    );
    assert_eq!(chain.distinct_offers(), 0);
}

#[rstest]
#[case::answer_lost(Fault::LoseAnswer)]
#[case::request_lost(Fault::Hang)]
#[case::bad_gateway(Fault::Status(502))]
#[case::garbage(Fault::Body(b"{}".to_vec()))]
#[case::internal_error(Fault::Rpc("timed out waiting for tx to be included"))]
#[tokio::test]
async fn broadcast_in_doubt_repeats_the_same_bytes(
    #[case] fault: Fault,
    #[values(1, 2)] endpoints: usize,
) {
    let chain = Chain::default();
    let (first, second) = (Node::start(&chain).await, Node::start(&chain).await);
    let client = connect(&[&first, &second][..endpoints]).await;
    first.fail(BROADCAST, [fault]);

    pay(&signer(&client)).await.unwrap();
    assert_eq!(chain.included(), [0]);
    assert_eq!(chain.distinct_offers(), 1);
}

/// The trap: the first node took the transaction and lost its answer; a block includes it; the
/// second node then rightly says "wrong sequence". Signing anew would pay twice.
#[tokio::test]
async fn wrong_sequence_after_a_lost_answer_is_not_signed_anew() {
    let chain = Chain::default();
    let (first, second) = (Node::start(&chain).await, Node::start(&chain).await);
    let client = connect(&[&first, &second]).await;
    first.fail(BROADCAST, [Fault::LoseAnswer]);
    second.fail(
        BROADCAST,
        [Fault::Check(
            32,
            "account sequence mismatch, expected 1, got 0: incorrect account sequence",
        )],
    );

    pay(&signer(&client)).await.unwrap();
    assert_eq!(chain.included(), [0]);
    assert_eq!(chain.distinct_offers(), 1);
    assert_eq!(second.asked(BROADCAST), 1);
}

#[tokio::test]
async fn connection_refused_is_no_doubt() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let dead = dead_url().await;
    let client = Client::connect_with(network(&[&node.url, &dead]), settings()).await.unwrap();
    node.fail(BROADCAST, vec![Fault::Check(20, "mempool is full"); 2]);

    let error = pay(&signer(&client)).await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
    assert_eq!(chain.included(), [0; 0]);
}

#[rstest]
#[case::mempool_code(Fault::Check(19, "tx already in mempool"))]
#[case::cache(Fault::Rpc("tx already exists in cache"))]
#[tokio::test]
async fn known_transaction_counts_as_sent(#[case] fault: Fault) {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let client = connect(&[&node]).await;
    node.fail(BROADCAST, [Fault::Served(Box::new(fault))]);
    pay(&signer(&client)).await.unwrap();
    assert_eq!(chain.included(), [0]);
    assert_eq!(node.asked(BROADCAST), 1);
}

/// A node that has it under another name, or says so, is not believed.
#[tokio::test]
async fn foreign_hash_is_a_doubt() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let client = connect(&[&node]).await;
    node.fail(BROADCAST, [Fault::Edit(|answer| answer["result"]["hash"] = "CD".repeat(32).into())]);
    pay(&signer(&client)).await.unwrap();
    assert_eq!(chain.included(), [0]);
    assert_eq!(chain.distinct_offers(), 1);
    assert_eq!(node.asked(BROADCAST), 2);
}

#[tokio::test]
async fn foreign_transaction_is_not_taken_for_ours() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let client = connect(&[&node]).await;
    let receipt = pay(&signer(&client)).await.unwrap();
    let fault = || Fault::Edit(|answer| answer["result"]["tx"] = "AAAA".into());
    node.fail("tx", [fault(), fault()]);
    let error = client.transaction(&receipt.hash).await.unwrap_err();
    assert!(error.to_string().contains("another transaction"), "{error}");
}

#[tokio::test]
async fn never_included_is_told_after_the_timeout_height() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    chain.state().stalled = true;

    let error = pay(&signer).await.unwrap_err();
    let ClientError::Timeout { timeout_height, .. } = error else { panic!("{error}") };
    assert!(chain.state().height > timeout_height);

    // The sequence is free again.
    chain.state().stalled = false;
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [0]);
}

#[tokio::test]
async fn evicted_from_the_mempool_is_a_timeout() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    chain.state().drop_mempool = true;
    let error = pay(&signer).await.unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn transaction_missing_in_the_index_is_found_in_its_block() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    chain.state().unindexed = true;
    let receipt = pay(&signer).await.unwrap();
    assert_eq!(receipt.gas_used, 99_000);
    assert!(node.asked("block") > 0);
}

#[tokio::test]
async fn fate_that_nobody_can_tell_is_unconfirmed() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let settings = Settings { confirm_within: Duration::ZERO, ..settings() };
    let client = Client::connect_with(network(&[&node.url]), settings).await.unwrap();
    chain.state().stalled = true;
    let error = pay(&signer(&client)).await.unwrap_err();
    assert!(matches!(error, ClientError::Unconfirmed { .. }), "{error}");
}

#[tokio::test]
async fn failure_in_a_block_has_the_contracts_words_and_the_hash() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    chain.state().outcome = Some((
        5,
        "wasm",
        "failed to execute message; message index: 0: deadline has passed: execute wasm contract failed",
    ));
    let error = signer.execute("wasm1market", &"buy", &[]).await.unwrap_err();
    let ClientError::Contract { code: 5, message, hash: Some(hash), .. } = error else {
        panic!("{error}")
    };
    assert_eq!(message, "deadline has passed");
    assert_eq!(signer.client().transaction(&hash).await.unwrap_err().to_string(), message);
    // The failed transaction used its sequence.
    chain.state().outcome = None;
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [0, 1]);
}

#[tokio::test]
async fn refused_in_the_mempool_is_told_at_once() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    node.fail(
        BROADCAST,
        [Fault::Check(13, "insufficient fees; got: 1stake required: 9stake: insufficient fee")],
    );
    let options = TxOptions { gas: Gas::Limit(90_000), ..TxOptions::default() };
    let message =
        modelbond_client::messages::send(signer.address(), "wasm1friend", &coins(1, "stake"));
    let error = signer.broadcast_with(vec![message], options).await.unwrap_err();
    assert!(matches!(error, ClientError::InsufficientFee { .. }), "{error}");
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [0]);
}

#[tokio::test]
async fn unknown_hash_is_none() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let client = connect(&[&node]).await;
    assert_eq!(client.transaction(&"ab".repeat(32)).await.unwrap(), None);
    assert!(matches!(client.transaction("ab").await, Err(ClientError::NotFound { .. })));
}
