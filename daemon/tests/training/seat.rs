//! A seat: its commit and its reveal.

use modelbond_interface::training::{Answer, ExecuteMsg, Hash32, Phase, SeatInfo, Stage};
use modelbond_signature::{
    verify, Attestation, Binding, CompressedKey, Native, Scheme, SignRequest, Signer,
};
use rstest::rstest;
use serde_json::json;

use crate::chain::CHAIN_ID;
use crate::place::{in_phase, key, message, refused, seat, Place, TRAINING};
use crate::sample;

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
