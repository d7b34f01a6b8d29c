//! `modelbond beacon`: drand's own rounds, what is refused, a key of our own. And the service without an
//! emitter.

mod binary;
mod service;

use binary::{Binary, Run};
use rstest::rstest;
use serde_json::{json, Value};
use service::Service;

/// drand's quicknet, a public network, and real rounds of it.
const PUBLIC_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
const HASH: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const FIRST: &str = "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4b";
const FIRST_RANDOMNESS: &str = "1466a6cd24e327188770752f6134001c64d6efcc590ccc26b721611ad96f165a";
const THOUSANDTH: &str = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
const THOUSANDTH_RANDOMNESS: &str =
    "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";

fn quicknet() -> Value {
    json!({
        "public_key": PUBLIC_KEY,
        "period": 3,
        "genesis_time": 1_692_803_367,
        "genesis_seed": "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
        "hash": HASH,
        "groupHash": "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
        "schemeID": "bls-unchained-g1-rfc9380",
        "metadata": { "beaconID": "quicknet" },
    })
}

/// Runs `beacon verify` on chain information of its own.
fn verify(info: &Value, rest: &[&str]) -> Run {
    let binary = Binary::new();
    let path = binary.home().join("info.json");
    std::fs::write(&path, info.to_string()).unwrap();
    let start = ["beacon", "verify", "--json", "--info", path.to_str().unwrap()];
    binary.run(start.into_iter().chain(rest.iter().copied()))
}

#[rstest]
#[case::first("1", FIRST, FIRST_RANDOMNESS)]
#[case::thousandth("1000", THOUSANDTH, THOUSANDTH_RANDOMNESS)]
fn real_rounds_of_quicknet_are_valid(
    #[case] round: &str,
    #[case] signature: &str,
    #[case] randomness: &str,
) {
    let verdict = verify(&quicknet(), &["--round", round, "--signature", signature]).json();
    let number: u64 = round.parse().unwrap();
    let due_at = 1_692_803_367 + 3 * (number - 1);
    assert_eq!(
        verdict,
        json!({
            "valid": true, "round": number, "chain_hash": HASH, "randomness": randomness,
            "due_at": due_at, "reason": null,
        })
    );
}

#[test]
fn a_round_is_read_as_drand_serves_it() {
    let binary = Binary::new();
    let write = |name: &str, content: Value| {
        let path = binary.home().join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let info = write("info.json", quicknet());
    let round =
        |randomness: &str| json!({"round": 1, "signature": FIRST, "randomness": randomness});
    let right = write("right.json", round(FIRST_RANDOMNESS));
    let wrong = write("wrong.json", round(THOUSANDTH_RANDOMNESS));
    let run =
        |file: &str| binary.run(["beacon", "verify", "--json", "--info", &info, "--file", file]);
    assert_eq!(run(&right).json()["valid"], true);
    let refused = run(&wrong);
    assert_eq!(refused.code, 1);
    assert!(refused.json_error()["error"].as_str().unwrap().contains("not sha256 of"));
}

#[rstest]
#[case::another_round("2", FIRST, "not by this key over round 2")]
#[case::round_zero("0", FIRST, "no round 0")]
#[case::truncated("1", &FIRST[2..], "must be 48 bytes")]
#[case::no_hex("1", "zz", "must be 48 bytes")]
#[case::the_identity("1", "c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "not a point of G1")]
#[case::no_point("1", "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4c", "")]
fn what_is_no_signature_of_the_round_is_not_valid(
    #[case] round: &str,
    #[case] signature: &str,
    #[case] why: &str,
) {
    let run = verify(&quicknet(), &["--round", round, "--signature", signature]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let verdict: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&verdict["valid"], &verdict["randomness"]), (&json!(false), &Value::Null));
    assert!(verdict["reason"].as_str().unwrap().contains(why), "{verdict}");
}

#[rstest]
#[case::another_period("period", json!(4), "the rest of the information hashes to")]
#[case::no_period("period", json!(0), "at least one second")]
#[case::another_genesis("genesis_time", json!(1), "the rest of the information hashes to")]
#[case::another_scheme("schemeID", json!("pedersen-bls-chained"), "the scheme is pedersen-bls-chained")]
#[case::short_key("public_key", json!("83cf"), "public_key must be 96 bytes")]
#[case::identity_key("public_key", json!(format!("c0{}", "00".repeat(95))), "not a point of G2")]
#[case::another_id("metadata", json!({"beaconID": "default"}), "the rest of the information hashes to")]
#[case::missing_id("metadata", json!({}), "missing field `beaconID`")]
fn information_that_is_not_consistent_is_a_usage_error(
    #[case] field: &str,
    #[case] value: Value,
    #[case] what: &str,
) {
    let mut info = quicknet();
    info[field] = value;
    let run = verify(&info, &["--round", "1", "--signature", FIRST]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
}

#[test]
fn a_key_gives_the_same_beacon_each_time() {
    let binary = Binary::new().env("MODELBOND_PASSPHRASE", "correct horse");
    let keygen =
        ["beacon", "keygen", "emitter", "--json", "--genesis", "2000000000", "--period", "5"];
    let first = binary.run(keygen).json();
    assert_eq!(binary.run(keygen).json(), first);
    assert_eq!(binary.run(["beacon", "keygen", "other", "--json"]).json()["period"], 3);
    assert_eq!(first["schemeID"], "bls-unchained-g1-rfc9380");
    // It is consistent: what is refused is the round, not the information.
    let run = verify(&first, &["--round", "1", "--signature", FIRST]);
    assert!(run.json_error()["error"].as_str().unwrap().contains("not by this key over round 1"));
    let names = binary.run(["keys", "list", "--json"]).json();
    assert_eq!(names["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn who_emits_names_a_key() {
    let run = Binary::new().run(["beacon", "run", "--json"]);
    assert_eq!(run.code, 2);
    assert!(run.json_error()["error"].as_str().unwrap().contains("which key emits"));
}

#[tokio::test]
async fn a_service_that_emits_nothing_says_so() {
    let service = Service::new();
    for path in ["/info", "/public/latest", "/public/1"] {
        service.get(path).await.problem(503, "no_emitter");
    }
    for path in ["/public/one", "/public/-1", "/public/99999999999999999999"] {
        let problem = service.get(path).await.problem(400, "not_a_round");
        assert_eq!(problem["field"], "round");
    }
}
