//! Contributions as NFTs: looked into, claimed, passed on.

use cosmwasm_std::{coin, Addr, Timestamp, Uint128};
use cw20::Expiration;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    ClaimableResponse, Contribution, ContributionResponse, Earned, EarningsClaimed, ExecuteMsg,
    LineageDirection, LineageResponse, QueryMsg, Relative,
};
use rstest::rstest;
use serde_json::json;

use crate::place::{refused, sender, Place, MODEL, PROVENANCE};

/// A chain with contributions, of which a holder has the first so many; each has earned 5 more than the
/// one before, the first nothing.
async fn place(count: u128) -> Place {
    let place = Place::new().await;
    let ids: Vec<String> = (0..count).map(|n| format!("1-7-{n}")).collect();
    for (n, token_id) in ids.iter().enumerate() {
        let question = QueryMsg::Contribution { token_id: token_id.clone() };
        place.chain.answers(PROVENANCE, question, contribution(n != 9));
    }
    for page in ids.chunks(30) {
        claimable(&place, page);
    }
    place
}

fn claimable(place: &Place, ids: &[String]) {
    let earned = ids.iter().map(|token_id| {
        let n: u128 = token_id.rsplit('-').next().unwrap().parse().unwrap();
        Earned { token_id: token_id.clone(), amount: coin(5 * n, "uusd") }
    });
    let answer = ClaimableResponse { earned: earned.collect() };
    let question = QueryMsg::Claimable { token_ids: ids.to_vec() };
    place.chain.answers(PROVENANCE, question, answer);
}

fn contribution(held: bool) -> ContributionResponse {
    ContributionResponse {
        contribution: Contribution {
            model: Addr::unchecked(MODEL),
            contributor: Addr::unchecked("wasm1trainer"),
            data_hash: Hash32([3; 32]),
            quality: 250_000,
            improvement: -40_000,
            at: Timestamp::from_seconds(951_782_400),
            attestation: Hash32([4; 32]),
            run_id: 1,
            round_id: 7,
            parents: vec!["1-6-0".to_owned(), "1-6-1".to_owned()],
        },
        weight: Uint128::new(1_234_567),
        owner: held.then(|| Addr::unchecked("wasm1holder")),
        uses: 4,
    }
}

fn ids(place: &Place, question: QueryMsg, ids: &[&str]) {
    place.chain.answers(PROVENANCE, question, json!({ "tokens": ids }));
}

fn message(place: &Place) -> ExecuteMsg {
    let taken = place.chain.taken().pop().unwrap();
    assert_eq!((taken.contract.as_str(), taken.funds), (PROVENANCE, vec![]));
    serde_json::from_value(taken.message).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contribution_is_shown_with_the_fields_of_the_equation_and_what_it_earned() {
    let place = place(10).await;
    claimable(&place, &["1-7-2".to_owned()]);
    let report = place.run(&["nft", "show", "1-7-2"]).json();
    assert_eq!(
        (&report["token_id"], &report["claimable"]["amount"]),
        (&json!("1-7-2"), &json!("10"))
    );
    assert_eq!(report["contribution"]["data_hash"], "03".repeat(32));
    let page = place.page(&["nft", "show", "1-7-2"]);
    for line in [
        "Contribution 1-7-2 to VIS",
        "α, quality              0.25\n",
        "ΔM, improvement         -0.04\n",
        "t, accepted             2000-02-29 00:00:00 UTC",
        "weight, α·max(ΔM, 0)    1,234,567",
        "round 7 of run 1",
        "1-6-0, 1-6-1",
        "earned, to claim        10 uusd",
    ] {
        assert!(page.contains(line), "{line}: {page}");
    }
    // Nothing can be earned by one that was burned, so nobody is asked.
    let report = place.run(&["nft", "show", "1-7-9"]).json();
    assert_eq!((&report["owner"], &report["claimable"]), (&json!(null), &json!(null)));
    assert!(place.page(&["nft", "show", "1-7-9"]).contains("nobody, it was burned"));
    refused(&place.run(&["nft", "show", "1-7-10"]), 1, "provenance refuses: nothing to say");
}

#[rstest]
#[case::of_a_model(
    &["--model", "VIS", "--skip", "4"],
    QueryMsg::ModelTokens { model: MODEL.to_owned(), skip: Some(4), limit: Some(2) },
    "--skip 6"
)]
#[case::of_somebody(
    &["--owner", "wasm1holder", "--start-after", "1-6-9"],
    QueryMsg::Tokens {
        owner: "wasm1holder".to_owned(), start_after: Some("1-6-9".to_owned()), limit: Some(2),
    },
    "--start-after 1-7-1"
)]
#[case::all(&["--all"], QueryMsg::AllTokens { start_after: None, limit: Some(2) }, "1-7-1")]
#[tokio::test(flavor = "multi_thread")]
async fn contributions_are_listed(
    #[case] which: &[&str],
    #[case] question: QueryMsg,
    #[case] more: &str,
) {
    let place = place(2).await;
    ids(&place, question, &["1-7-0", "1-7-1"]);
    let list = [&["nft", "list", "--limit", "2"], which].concat();
    let report = place.run(&list).json();
    assert_eq!(report["nfts"][1]["claimable"]["amount"], "5");
    assert_eq!(report["nfts"][0]["weight"], "1234567");
    let page = place.page(&list);
    assert!(page.contains(more), "{page}");
    let both = ["nft", "list", "--all", "--model", "VIS"];
    refused(&place.run(&both), 2, "cannot be used with");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lineage_is_walked_both_ways_or_one() {
    let place = Place::new().await;
    let answers = |direction, token_id: &str, truncated| {
        let relative = |model: Option<&str>| Relative {
            token_id: token_id.to_owned(),
            depth: 2,
            model: model.map(Addr::unchecked),
        };
        let question = QueryMsg::Lineage {
            token_id: "1-7-0".to_owned(),
            direction,
            depth: 3,
            skip: None,
            limit: Some(2),
        };
        let relatives = vec![relative(Some(MODEL)), relative(None)];
        place.chain.answers(PROVENANCE, question, LineageResponse { relatives, truncated });
    };
    answers(LineageDirection::Ancestors, "1-5-0", false);
    answers(LineageDirection::Descendants, "1-9-0", true);
    let lineage = ["nft", "lineage", "1-7-0", "--depth", "3", "--limit", "2"];
    let report = place.run(&lineage).json();
    assert_eq!(report["ancestors"]["relatives"][0]["token_id"], "1-5-0");
    assert_eq!(report["descendants"]["truncated"], true);
    let page = place.page(&[&lineage[..], &["--only", "descendants"]].concat());
    for line in ["2  1-9-0  VIS", "not minted yet", "--skip 2", "ask for fewer steps"] {
        assert!(page.contains(line), "{line}: {page}");
    }
    assert!(!page.contains("1-5-0"), "{page}");
    refused(&place.run(&["nft", "lineage", "1-7-0", "--depth", "17"]), 2, "17 is not in 1..=16");
}

#[rstest]
#[case::given(
    &["transfer", "1-7-0", "--to", "wasm1other"],
    ExecuteMsg::TransferNft { recipient: "wasm1other".to_owned(), token_id: "1-7-0".to_owned() }
)]
#[case::lent(
    &["approve", "1-7-0", "--spender", "wasm1shop", "--expires-in-secs", "60"],
    ExecuteMsg::Approve {
        spender: "wasm1shop".to_owned(),
        token_id: "1-7-0".to_owned(),
        // A minute after the stand-in's last block.
        expires: Some(Expiration::AtTime(Timestamp::from_seconds(1_767_225_660))),
    }
)]
#[case::all_lent(
    &["approve", "--all", "--spender", "wasm1shop", "--expires-at-height", "70"],
    ExecuteMsg::ApproveAll {
        operator: "wasm1shop".to_owned(), expires: Some(Expiration::AtHeight(70)),
    }
)]
#[case::taken_back(
    &["revoke", "1-7-0", "--spender", "wasm1shop"],
    ExecuteMsg::Revoke { spender: "wasm1shop".to_owned(), token_id: "1-7-0".to_owned() }
)]
#[case::all_taken_back(
    &["revoke", "--all", "--spender", "wasm1shop"],
    ExecuteMsg::RevokeAll { operator: "wasm1shop".to_owned() }
)]
#[case::burned(&["burn", "1-7-0"], ExecuteMsg::Burn { token_id: "1-7-0".to_owned() })]
#[case::claimed(
    &["claim", "1-7-0", "1-7-1"],
    ExecuteMsg::Claim { token_ids: vec!["1-7-0".to_owned(), "1-7-1".to_owned()] }
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_holder_says_is_sent(#[case] command: &[&str], #[case] expected: ExecuteMsg) {
    let place = Place::new().await;
    let report = place.run(&[&["nft"], command].concat()).json();
    assert_eq!(report["contract"], "provenance");
    assert_eq!(message(&place), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_id_what_has_earned_is_claimed_as_much_as_a_message_takes() {
    let place = place(40).await;
    let all: Vec<String> = (0..40).map(|n| format!("1-7-{n}")).collect();
    let tokens = |start_after: Option<&str>, tokens: &[String]| {
        let owner = sender();
        let start_after = start_after.map(str::to_owned);
        let question = QueryMsg::Tokens { owner, start_after, limit: Some(30) };
        place.chain.answers(PROVENANCE, question, json!({ "tokens": tokens }));
    };
    tokens(None, &all[..30]);
    tokens(Some("1-7-29"), &all[30..]);
    let event = EarningsClaimed {
        token_id: "1-7-1".to_owned(),
        model: MODEL.to_owned(),
        recipient: sender(),
        denom: "uusd".to_owned(),
        amount: Uint128::new(5),
    };
    place.chain.emits(PROVENANCE, event);
    let report = place.run(&["nft", "claim"]).json();
    assert_eq!(report["events"][0]["amount"], "5");
    let expected = ExecuteMsg::Claim { token_ids: all[1..31].to_vec() };
    assert_eq!(message(&place), expected);
    tokens(None, &all[..1]);
    claimable(&place, &all[..1]);
    refused(&place.run(&["nft", "claim"]), 1, "has earned anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_undone_is_not_done_unasked() {
    let place = Place::new().await;
    let network = place.binary.home().join("net.toml");
    let rest = ["--json", "--from-env", "--network", network.to_str().unwrap()];
    let run = place.binary.run([&["nft", "burn", "1-7-0"][..], &rest].concat());
    refused(&run, 2, "Burn 1-7-0? It earns no more");
    refused(&place.run(&["nft", "approve", "--spender", "wasm1shop"]), 2, "--all");
    let both = ["nft", "approve", "1-7-0", "--all", "--spender", "wasm1shop"];
    refused(&place.run(&both), 2, "cannot be used with");
    assert_eq!(place.chain.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_written_or_printed() {
    let place = Place::new().await;
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    place.chain.answers(PROVENANCE, QueryMsg::Image { token_id: "1-7-0".to_owned() }, svg);
    assert_eq!(place.page(&["nft", "image", "1-7-0"]), format!("{svg}\n"));
    let file = place.binary.home().join("picture.svg");
    let path = file.to_str().unwrap();
    let report = place.run(&["nft", "image", "1-7-0", "-o", path]).json();
    assert_eq!((&report["file"], &report["svg"]), (&json!(path), &json!(svg)));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), svg);
    let nowhere = place.binary.home().join("none/picture.svg");
    let run = place.run(&["nft", "image", "1-7-0", "-o", nowhere.to_str().unwrap()]);
    refused(&run, 2, "cannot write");
}
