//! Money and opinions: runs that are paid for, claims, feedback.

use cosmwasm_std::{Addr, Binary as Bytes, Timestamp, Uint128};
use modelbond_interface::nodes;
use modelbond_interface::training::{ClaimableResponse, ExecuteMsg, Phase, QueryMsg, Round};
use modelbond_signature::{verify, Binding, CompressedKey, Feedback, Native, SignRequest, Signer};
use serde_json::json;

use crate::chain::CHAIN_ID;
use crate::place::{in_phase, key, message, refused, seat, Place, NODES, TRAINING};
use crate::sample;

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
        let answer = ClaimableResponse { recipient, amount, claimed };
        place.chain.answers(TRAINING, question, answer);
    }
    let run = place.run(&claim);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let dues: Vec<_> =
        place.chain.taken().iter().map(|taken| taken.message["claim"]["due"].clone()).collect();
    assert_eq!(dues, [json!({"contribution": {"group": 0}}), json!({"advances": {}})]);
    assert_eq!(place.chain.state().simulated, 1, "one transaction");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_that_one_signs_another_sends() {
    let place = Place::new().await;
    place.shows(&sample::round(), &[]);
    let sign = ["feedback", "sign", "2", "--score", "9", "--epoch", "20", "--scheme", "eip712"];
    let signed = place.run(&sign).json();
    assert_eq!(place.chain.taken(), [], "signing sends nothing");
    let file = place.write("signed.json", &signed);
    let run = place.run(&["feedback", "submit", "2", "--relay", file.as_str()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let ExecuteMsg::SubmitFeedback { score: 9, epoch: 20, signed: Some(sent), .. } =
        message(&place.chain.taken()[0])
    else {
        panic!("{:?}", place.chain.taken());
    };
    let public = CompressedKey::from_slice(&sent.pubkey).unwrap();
    let user = public.cosmos_address("wasm").unwrap();
    let statement =
        Feedback { model: sample::MODEL.to_owned(), user: user.to_string(), epoch: 20, score: 9 };
    let binding = Binding {
        chain_id: CHAIN_ID.to_owned(),
        contract: TRAINING.to_owned(),
        evm_chain_id: 9,
        nonce: 0,
        expires_at: sent.expires_at.seconds(),
    };
    let digest = SignRequest { statement, binding }.digest(sent.scheme, &user).unwrap();
    let signature = sent.scheme.read_signature(&sent.signature).unwrap();
    assert!(verify(&Native, &digest, &signature, &Signer::Key(public)).is_ok());
    let run = place.run(&["feedback", "submit", "3", "--relay", file.as_str()]);
    refused(&run, 2, "run 2 was signed for");
}
