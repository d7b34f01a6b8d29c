//! Offered contributions: signed, offered, scored by witnesses, concluded.

use cosmwasm_std::{coin, Addr, Timestamp, Uint128};
use modelbond::training::play::wine::{Wine, SHARDS};
use modelbond_economy::offer::{Committed, Context, Finding};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    ConfigResponse, ContributionOffered, ExecuteMsg, OfferConcluded, OfferResponse, OfferStatus,
    Offered, OffersResponse, QueryMsg, Score, Witness, WitnessesDrawn,
};
use modelbond_interface::registry;
use modelbond_interface::training::{self, Group, Phase, Round, Run};
use modelbond_signature::{
    verify, Binding, CompressedKey, Contribution, Native, SignRequest, Signer,
};
use rstest::rstest;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::chain::CHAIN_ID;
use crate::place::{model, refused, sender, Place, MODEL, PROVENANCE, REGISTRY, TRAINING};
use crate::sample;

const DATA: &str = "quality,a\n5,1\n";

fn hash() -> Hash32 {
    Hash32(Sha256::digest(DATA).into())
}

/// The chain knows the model, and a file with data is there.
async fn place() -> (Place, String) {
    let place = Place::new().await;
    let question = registry::QueryMsg::Model { model: MODEL.to_owned() };
    place.chain.answers(REGISTRY, question, model());
    let config = ConfigResponse {
        registry: Addr::unchecked(REGISTRY),
        training: Addr::unchecked("wasm1training"),
        beacon: Addr::unchecked("wasm1beacon"),
        evm_chain_id: 9,
        witness_secs: 60,
    };
    place.chain.answers(PROVENANCE, QueryMsg::Config {}, config);
    let file = place.binary.home().join("wines.csv");
    std::fs::write(&file, DATA).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (place, file)
}

fn offered(contributor: &str) -> Offered {
    Offered {
        model: MODEL.to_owned(),
        contributor: contributor.to_owned(),
        data: "wines.csv".to_owned(),
        data_hash: hash(),
        parents: vec![],
    }
}

fn offer(status: OfferStatus, witnesses: Vec<Witness>) -> OfferResponse {
    OfferResponse {
        offer_id: 3,
        offered: offered("wasm1contributor"),
        sender: Addr::unchecked("wasm1payer"),
        fee: coin(9_000, "uusd"),
        offered_at: Timestamp::from_seconds(1_000),
        draws_at: Timestamp::from_seconds(1_030),
        run_id: 1,
        round_id: Some(4),
        status,
        witnesses,
    }
}

/// Our seat, between those of others.
fn witnesses(commit: Option<Hash32>, score: Option<Score>) -> Vec<Witness> {
    let witness = |slot: u8, owner: &str| Witness {
        slot,
        node_id: 10 + u64::from(slot),
        owner: Addr::unchecked(owner),
        account: Addr::unchecked(format!("wasm1account{slot}")),
        commit: None,
        score: None,
    };
    let own = Witness { commit, score, ..witness(1, &sender()) };
    vec![witness(0, "wasm1a"), own, witness(2, "wasm1b")]
}

fn stands(place: &Place, status: OfferStatus, witnesses: Vec<Witness>) {
    let question = QueryMsg::Offer { offer_id: 3 };
    place.chain.answers(PROVENANCE, question, offer(status, witnesses));
}

fn commits() -> OfferStatus {
    OfferStatus::Commit { until: Timestamp::from_seconds(2_000) }
}

fn reveals() -> OfferStatus {
    OfferStatus::Reveal { until: Timestamp::from_seconds(2_060) }
}

fn messages(place: &Place) -> Vec<ExecuteMsg> {
    let taken = place.chain.taken();
    assert!(taken.iter().all(|taken| taken.contract == PROVENANCE), "{taken:?}");
    taken.into_iter().map(|taken| serde_json::from_value(taken.message).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contributor_offers_the_hash_of_a_file_and_what_witnesses_get() {
    let (place, file) = place().await;
    let event = ContributionOffered {
        offer_id: 3,
        model: MODEL.to_owned(),
        contributor: sender(),
        sender: sender(),
        data_hash: hash().to_string(),
        denom: "uusd".to_owned(),
        fee: Uint128::new(9_000),
    };
    place.chain.emits(PROVENANCE, event);
    let report = place.run(&["contribution", "offer", "VIS", &file, "--fee", "9000"]).json();
    assert_eq!(
        (&report["contract"], &report["events"][0]["offer_id"]),
        (&json!("provenance"), &json!("3"))
    );
    let expected = ExecuteMsg::Contribute { offered: offered(&sender()), signed: None };
    assert_eq!(messages(&place), [expected]);
    assert_eq!(place.chain.taken()[0].funds, ["9000uusd"]);
    let more = ["--data", "https://x.example", "--parent", "1-7-0", "--parent", "offer-2"];
    let own = ["contribution", "offer", "VIS", &file, "--fee", "9uusd"];
    place.run(&[&own[..], &more].concat()).json();
    let ExecuteMsg::Contribute { offered, .. } = &messages(&place)[1] else { panic!() };
    assert_eq!((offered.data.as_str(), offered.parents.len()), ("https://x.example", 2));
}

#[rstest]
#[case::too_small(&["--fee", "8"], 2, "less than 1 for each of 9 witnesses")]
#[case::another_denom(&["--fee", "9stake"], 2, "not in stake")]
#[case::no_such_key(&["--fee", "9", "--signed-by", "nobody"], 1, "nobody")]
#[case::signed_twice(&["--fee", "9", "--relay", "x"], 2, "cannot be used with")]
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_makes_no_sense_is_refused_before_it_is_sent(
    #[case] more: &[&str],
    #[case] code: i32,
    #[case] why: &str,
) {
    let (place, file) = place().await;
    let own = ["contribution", "offer", "VIS", &file];
    refused(&place.run(&[&own[..], more].concat()), code, why);
    refused(&place.run(&["contribution", "offer", "--fee", "9"]), 2, "<MODEL>");
    refused(&place.run(&["contribution", "offer", "VIS", "--fee", "9"]), 2, "<FILE>");
    let nowhere = ["contribution", "offer", "VIS", "/nowhere/x.csv", "--fee", "9"];
    refused(&place.run(&nowhere), 2, "cannot read /nowhere/x.csv");
    assert_eq!(place.chain.taken(), []);
}

/// Whether a sent offer is signed by the key that it says, as contributor.
fn ensure_signed(message: &ExecuteMsg, expected: &Offered) {
    let ExecuteMsg::Contribute { offered, signed: Some(signed) } = message else {
        panic!("{message:?}");
    };
    assert_eq!(offered, expected);
    let public = CompressedKey::from_slice(&signed.pubkey).unwrap();
    let contributor = public.cosmos_address("wasm").unwrap();
    assert_eq!(contributor.to_string(), offered.contributor);
    let statement = Contribution {
        model: offered.model.clone(),
        contributor: offered.contributor.clone(),
        data: offered.data.clone(),
        data_hash: offered.data_hash.0,
        parents: offered.parents.clone(),
    };
    let binding = Binding {
        chain_id: CHAIN_ID.to_owned(),
        contract: PROVENANCE.to_owned(),
        evm_chain_id: 9,
        nonce: 0,
        expires_at: signed.expires_at.seconds(),
    };
    let digest = SignRequest { statement, binding }.digest(signed.scheme, &contributor).unwrap();
    let signature = signed.scheme.read_signature(&signed.signature).unwrap();
    assert!(verify(&Native, &digest, &signature, &Signer::Key(public)).is_ok());
}

#[rstest]
#[case("eip191")]
#[case("eip712")]
#[case("adr036")]
#[case("direct")]
#[tokio::test(flavor = "multi_thread")]
async fn another_key_signs_and_the_sender_pays(#[case] scheme: &str) {
    let (place, file) = place().await;
    let added = place.run(&["keys", "add", "contributor"]).json();
    let contributor = added["address"].as_str().unwrap().to_owned();
    let offer = ["contribution", "offer", "VIS", &file, "--fee", "9", "--signed-by", "contributor"];
    place.run(&[&offer[..], &["--scheme", scheme]].concat()).json();
    let taken = &place.chain.taken()[0];
    assert_eq!(taken.sender, sender());
    ensure_signed(&messages(&place)[0], &offered(&contributor));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_signs_another_sends() {
    let (place, file) = place().await;
    let sign = ["contribution", "sign", "VIS", &file, "--parent", "1-7-0"];
    let signed = place.run(&sign).json();
    assert_eq!(place.chain.taken(), [], "signing sends nothing");
    let path = place.binary.home().join("signed.json");
    std::fs::write(&path, signed.to_string()).unwrap();
    let relay = ["contribution", "offer", "--relay", path.to_str().unwrap(), "--fee", "9"];
    place.run(&relay).json();
    let expected = Offered { parents: vec!["1-7-0".to_owned()], ..offered(&sender()) };
    ensure_signed(&messages(&place)[0], &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_kept_before_it_is_sent_and_the_same_is_shown() {
    let (place, _) = place().await;
    stands(&place, commits(), witnesses(None, None));
    let commit = ["contribution", "commit", "3", "--quality", "900000", "--improvement", "-5"];
    // The chain refuses: nothing is sent, but the score is kept.
    place.chain.state().refuses = Some("the chain is not ready".to_owned());
    refused(&place.run(&commit), 1, "provenance refuses: the chain is not ready");
    place.chain.state().refuses = None;
    let report = place.run(&commit).json();
    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(report["kept"].as_str().unwrap()).unwrap())
            .unwrap();
    assert_eq!((&kept["commit"], &report["slot"]), (&report["commit"], &json!(1)));
    let salt: Hash32 = kept["salt"].as_str().unwrap().parse().unwrap();
    let context = Context { chain_id: CHAIN_ID, contract: PROVENANCE, offer_id: 3 };
    let commitment = Hash32(context.commit(&Committed {
        slot: 1,
        node_id: 11,
        owner: &sender(),
        finding: Finding { quality: 900_000, improvement: -5 },
        salt: salt.0,
    }));
    let sent = ExecuteMsg::CommitScore { offer_id: 3, slot: 1, commit: commitment };
    assert_eq!(messages(&place), [sent]);
    let other = ["contribution", "commit", "3", "--quality", "900000", "--improvement", "5"];
    refused(&place.run(&other), 1, "quality 900000, improvement -5 before");
    // The chain has it: nothing more is sent.
    stands(&place, commits(), witnesses(Some(commitment), None));
    assert_eq!(place.run(&commit).json()["transaction"], json!(null));
    refused(&place.run(&["contribution", "reveal", "3"]), 1, "it is not time for that");
    stands(&place, reveals(), witnesses(Some(commitment), None));
    let report = place.run(&["contribution", "reveal", "3"]).json();
    assert_eq!(report["score"], json!({"quality": 900_000, "improvement": -5}));
    let score = Score { quality: 900_000, improvement: -5 };
    let shown = ExecuteMsg::RevealScore { offer_id: 3, slot: 1, score, salt };
    assert_eq!(messages(&place)[1], shown);
    stands(&place, reveals(), witnesses(Some(commitment), Some(score)));
    assert_eq!(place.run(&["contribution", "reveal", "3"]).json()["transaction"], json!(null));
    assert_eq!(place.chain.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_is_none_too_late_or_of_other_data_is_refused() {
    let (place, _) = place().await;
    let commit = ["contribution", "commit", "3", "--quality", "1", "--improvement", "1"];
    stands(&place, OfferStatus::Waiting {}, vec![]);
    let run = place.run(&commit);
    refused(&run, 1, "is no witness of offer 3");
    assert!(run.json_error()["hint"].as_str().unwrap().contains("contribution draw"));
    stands(&place, commits(), witnesses(None, None)[..1].to_vec());
    let run = place.run(&commit);
    assert!(run.json_error()["hint"].as_str().unwrap().contains("their nodes are 10"));
    stands(&place, reveals(), witnesses(None, None));
    refused(&place.run(&commit), 1, "offer 3 witnesses reveal until");
    refused(&place.run(&["contribution", "reveal", "3"]), 1, "no score of seat 1");
    stands(&place, commits(), witnesses(Some(Hash32([8; 32])), None));
    refused(&place.run(&commit), 1, "is not that score from here");
    stands(&place, commits(), witnesses(None, None));
    let found = json!({"offer_id": 3, "run_id": 1, "round_id": 4, "base_hash": "05".repeat(32),
        "slice": null, "data_hash": "07".repeat(32), "rows": 1, "well_formed": 1, "new": 1,
        "loss_before": null, "loss_after": null, "score": {"quality": 1, "improvement": 0}});
    let path = place.binary.home().join("score.json");
    std::fs::write(&path, found.to_string()).unwrap();
    let of_file = ["contribution", "commit", "3", "--score", path.to_str().unwrap()];
    refused(&place.run(&of_file), 2, "was offered");
    assert_eq!(place.chain.taken(), []);
    let mut right = found;
    right["data_hash"] = json!(hash());
    right["offer_id"] = json!(2);
    std::fs::write(&path, right.to_string()).unwrap();
    refused(&place.run(&of_file), 2, "offer 2 was scored, not offer 3");
    right["offer_id"] = json!(3);
    std::fs::write(&path, right.to_string()).unwrap();
    assert_eq!(place.run(&of_file).json()["score"]["quality"], 1);
    let halves = ["contribution", "commit", "3", "--quality", "1"];
    refused(&place.run(&halves), 2, "--score");
    let large = ["contribution", "commit", "3", "--quality", "1000001", "--improvement", "1"];
    refused(&place.run(&large), 2, "1000001 is not in");
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_are_shown_drawn_and_concluded() {
    let (place, _) = place().await;
    let score = Score { quality: 900_000, improvement: 250_000 };
    stands(&place, OfferStatus::Accepted { score }, witnesses(Some(hash()), Some(score)));
    let page = place.page(&["contribution", "show", "3"]);
    for line in ["accepted, α 0.9, ΔM 0.25", "offer-3\n", "nothing yet"] {
        assert!(page.contains(line), "{line}: {page}");
    }
    assert_eq!(place.run(&["contribution", "show", "3"]).json()["witnesses"][1]["node_id"], 11);
    let question = QueryMsg::Offers { start_after: Some(2), limit: Some(1) };
    let offers = vec![offer(OfferStatus::Waiting {}, vec![])];
    place.chain.answers(PROVENANCE, question, OffersResponse { offers });
    let list = ["contribution", "list", "--start-after", "2", "--limit", "1"];
    assert_eq!(place.run(&list).json()["offers"][0]["offer_id"], 3);
    let page = place.page(&list);
    assert!(page.contains("waiting") && page.contains("--start-after 3"), "{page}");
    place.chain.emits(
        PROVENANCE,
        WitnessesDrawn { offer_id: 3, run_id: 1, round_id: 4, node_ids: "10,11".to_owned() },
    );
    let drawn = place.run(&["contribution", "draw", "3"]).json();
    assert_eq!(drawn["events"][0]["node_ids"], "10,11");
    let event = OfferConcluded {
        offer_id: 3,
        accepted: true,
        denom: "uusd".to_owned(),
        paid: Uint128::new(8_000),
        refund: Uint128::new(1_000),
    };
    place.chain.emits(PROVENANCE, event);
    let concluded = place.run(&["contribution", "conclude", "3"]).json();
    assert_eq!(concluded["events"][0]["accepted"], "true");
    let expected =
        [ExecuteMsg::DrawWitnesses { offer_id: 3 }, ExecuteMsg::ConcludeOffer { offer_id: 3 }];
    assert_eq!(messages(&place), expected);
}

/// Wines that a run can be scored with: one is twice there, one is none.
fn wines() -> String {
    let line = "7.4,0.71,0.1,1.9,0.076,11,34,0.9978,3.51,0.56,9.4,5";
    let header = "a,b,c,d,e,f,g,h,i,j,k,quality";
    format!("{header}\r\n{line}\r\n{line}\r\nnone\r\n")
}

/// The chain has this run, with this round, by which witnesses of the offer of these data were drawn.
fn trains(place: &Place, run: &Run, (round, drawn): (&Round, Option<u64>), data: &str) {
    let config = training::ConfigResponse {
        beacon: Addr::unchecked("wasm1beacon"),
        nodes: Addr::unchecked("wasm1nodes"),
        unbonding_secs: 600,
        evm_chain_id: 9,
        provenance: Addr::unchecked(PROVENANCE),
        rewards: Addr::unchecked("wasm1rewards"),
        runs: 2,
    };
    let chain =
        |question, answer: serde_json::Value| place.chain.answers(TRAINING, question, answer);
    chain(training::QueryMsg::Config {}, json!(config));
    let answer = training::RunResponse { run: Some(run.clone()) };
    chain(training::QueryMsg::Run { run_id: 2 }, json!(answer));
    let question = training::QueryMsg::Round { run_id: 2, round_id: Some(round.round_id) };
    chain(question, json!(training::RoundResponse { round: Some(round.clone()) }));
    let mut offer = offer(commits(), witnesses(None, None));
    (offer.run_id, offer.round_id) = (2, drawn);
    offer.offered.data_hash = Hash32(Sha256::digest(data).into());
    place.chain.answers(PROVENANCE, QueryMsg::Offer { offer_id: 3 }, offer);
}

/// A run that this program can compute, which begins with the first model.
fn computable(wine: &Wine) -> Run {
    let terms = wine.terms();
    let mut run = sample::run();
    run.params.dataset.shards = SHARDS;
    run.params.dataset.root = terms.dataset_root;
    run.params.algorithm.hash = terms.algorithm;
    run.params.algorithm.known_answer = terms.known_answer;
    run.params.base_hash = terms.base;
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn data_are_scored_with_the_model_and_the_slice_of_the_round_of_the_draw() {
    let (place, file) = place().await;
    let wine = Wine::new(SHARDS).unwrap();
    let mut run = computable(&wine);
    let slice = wine.slices().next();
    let mut round = Round { round_id: 1, phase: Phase::Post, ..sample::round() };
    round.model.slice = slice;
    trains(&place, &run, (&round, Some(1)), &wines());
    std::fs::write(&file, wines()).unwrap();
    let score = ["contribution", "score", &file, "--offer", "3"];
    let report = place.run(&score).json();
    let counts = ["rows", "well_formed", "new"].map(|count| report[count].as_u64().unwrap());
    assert_eq!(counts, [3, 2, 1], "{report}");
    assert_eq!(report["score"]["quality"], 333_333);
    assert_eq!(report["base_hash"], json!(wine.terms().base));
    assert_eq!(report["loss_before"], 54 * 693_147);
    assert_eq!(place.run(&score).json(), report);
    assert!(place.page(&score).contains("α 0.333333"));

    // The next round begins with what this one made; it has no slice, and will have none.
    let group = Group { shard: 2, ..sample::group() };
    let next = wine.next(wine.first(), (std::slice::from_ref(&group), 1), &run.params).unwrap();
    assert_ne!(next.hash(), wine.first().hash());
    (round.model.confirmed, round.accepted) = (true, 1);
    round.model.result_hash = Some(Hash32(next.hash()));
    run.params.base_hash = Hash32(next.hash());
    trains(&place, &run, (&round, Some(1)), &wines());
    let question = training::QueryMsg::Groups { run_id: 2, round_id: 1 };
    let groups = training::GroupsResponse { groups: vec![group] };
    place.chain.answers(TRAINING, question, groups);
    let second = Round { round_id: 2, phase: Phase::Final, ..sample::round() };
    trains(&place, &run, (&second, Some(2)), &wines());
    let second = place.run(&score).json();
    assert_eq!(second["base_hash"], hex::encode(next.hash()));
    assert_eq!((&second["slice"], &second["score"]["improvement"]), (&json!(null), &json!(0)));
    // Whoever scores for the first round now finds the same as before.
    trains(&place, &run, (&round, Some(1)), &wines());
    assert_eq!(place.run(&score).json(), report);
    assert_eq!(place.chain.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_are_not_scored_too_early_or_for_something_else() {
    let (place, file) = place().await;
    let wine = Wine::new(SHARDS).unwrap();
    let run = computable(&wine);
    let early = Round { round_id: 1, phase: Phase::CheckCommit, ..sample::round() };
    let score = ["contribution", "score", &file, "--offer", "3"];
    trains(&place, &run, (&early, Some(1)), "other data");
    refused(&place.run(&score), 2, "was offered");
    trains(&place, &run, (&early, None), DATA);
    refused(&place.run(&score), 1, "witnesses of offer 3 are not drawn");
    let late = Round { phase: Phase::Post, ..early };
    trains(&place, &sample::run(), (&late, Some(1)), DATA);
    refused(&place.run(&score), 1, "the run's dataset is 0101");
    trains(&place, &run, (&late, Some(1)), DATA);
    refused(&place.run(&score), 2, "1 columns besides quality");
    let mut elsewhere = run;
    elsewhere.params.base_hash = Hash32([4; 32]);
    elsewhere.rounds = 0;
    trains(&place, &elsewhere, (&late, Some(1)), DATA);
    refused(&place.run(&score), 1, "cannot be computed again");
}
