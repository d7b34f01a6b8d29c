//! One signer's transactions carry consecutive sequences.

use modelbond_client::ClientError;

use crate::failover::connect;
use crate::node::{Chain, Fault, Node};
use crate::once::{pay, signer};

const BROADCAST: &str = "broadcast_tx_sync";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_sends_have_consecutive_sequences() {
    let chain = Chain::default();
    chain.state().first_sequence = 40;
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    let mut sends = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let signer = signer.clone();
        sends.spawn(async move { pay(&signer).await });
    }
    while let Some(sent) = sends.join_next().await {
        sent.unwrap().unwrap();
    }
    assert_eq!(chain.included(), (40..60).collect::<Vec<_>>());
    assert_eq!(chain.distinct_offers(), 20);
}

#[tokio::test]
async fn sequence_used_elsewhere_is_learnt_and_signed_anew() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    pay(&signer).await.unwrap();
    // Another process used two sequences of this key.
    chain.state().first_sequence = 2;
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [0, 3]);
}

#[tokio::test]
async fn mismatch_in_the_mempool_alone_is_signed_anew() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    chain.state().first_sequence = 5;
    node.fail(
        BROADCAST,
        [Fault::Check(
            32,
            "account sequence mismatch, expected 5, got 9: incorrect account sequence",
        )],
    );
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [5]);
}

#[tokio::test]
async fn sequence_that_never_fits_is_an_error() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    let log = "account sequence mismatch, expected 0, got 1: incorrect account sequence";
    node.fail(BROADCAST, vec![Fault::Check(32, log); 50]);
    assert_eq!(pay(&signer).await, Err(ClientError::SequenceMismatch { expected: 0, got: 1 }));
    assert_eq!(chain.included(), [0; 0]);
}

/// A node that has not heard of the signer's earlier transactions must not make it reuse their
/// sequences.
#[tokio::test]
async fn node_behind_is_waited_for() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    pay(&signer).await.unwrap();
    let log = "account sequence mismatch, expected 0, got 1: incorrect account sequence";
    node.fail(BROADCAST, vec![Fault::Check(32, log); 8]);
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [0, 1]);
}

#[tokio::test]
async fn dropped_send_is_not_repeated_and_does_not_block_the_next() {
    let chain = Chain::default();
    let node = Node::start(&chain).await;
    let signer = signer(&connect(&[&node]).await);
    chain.state().stalled = true;
    {
        let send = pay(&signer);
        tokio::pin!(send);
        // Poll until a node has the transaction, then drop the send.
        while chain.state().offered.is_empty() {
            tokio::select! { biased; _ = &mut send => unreachable!(), () = tokio::task::yield_now() => {} }
        }
    }
    chain.state().stalled = false;
    pay(&signer).await.unwrap();
    assert_eq!(chain.included(), [0, 1]);
}
