//! What users pay, and where it goes.

use cosmwasm_std::{Addr, Uint128};
use modelbond_interface::provenance::{
    Beneficiary, ExecuteMsg, QueryMsg, RevenueForwarded, RevenueResponse, RevenueShared,
    RoyaltyPaid,
};
use modelbond_interface::registry::{self, ParentTerms};
use rstest::rstest;
use serde_json::json;

use crate::place::{model, refused, sender, Place, MODEL, PROVENANCE, REGISTRY};

async fn place() -> Place {
    let place = Place::new().await;
    let mut model = model();
    model.terms.parents =
        vec![ParentTerms { model: Addr::unchecked("wasm1base"), royalty_bps: 750 }];
    place.chain.answers(REGISTRY, registry::QueryMsg::Model { model: MODEL.to_owned() }, model);
    place
}

fn shared() -> RevenueShared {
    RevenueShared {
        model: MODEL.to_owned(),
        source: "usage".to_owned(),
        payer: sender(),
        denom: "uusd".to_owned(),
        amount: Uint128::new(1_000),
        reserve: Uint128::new(100),
        royalties: Uint128::new(75),
        holders: Uint128::new(300),
        owner: Uint128::new(525),
        weight: Uint128::new(7),
        memo: "invoice 7".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_says_what_of_it_went_where() {
    let place = place().await;
    place.chain.emits(PROVENANCE, shared());
    let royalty = RoyaltyPaid {
        model: MODEL.to_owned(),
        parent: "wasm1base".to_owned(),
        amount: Uint128::new(75),
    };
    place.chain.emits(PROVENANCE, royalty);
    let pay = ["usage", "pay", "VIS", "--amount", "1000", "--memo", "invoice 7"];
    let report = place.run(&pay).json();
    assert_eq!(report["contract"], "provenance");
    assert_eq!(
        (&report["events"][0]["owner"], &report["events"][1]["parent"]),
        (&json!("525"), &json!("wasm1base"))
    );
    let taken = place.chain.taken().remove(0);
    assert_eq!((taken.contract.as_str(), taken.funds), (PROVENANCE, vec!["1000uusd".to_owned()]));
    let memo = Some("invoice 7".to_owned());
    let expected = ExecuteMsg::PayUsage { model: MODEL.to_owned(), memo };
    assert_eq!(serde_json::from_value::<ExecuteMsg>(taken.message).unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_makes_no_sense_is_refused_before_it_is_sent() {
    let place = place().await;
    refused(&place.run(&["usage", "pay", "VIS", "--amount", "5stake"]), 2, "not in stake");
    refused(&place.run(&["usage", "pay", "VIS", "--amount", "0"]), 2, "of nothing");
    let long = "x".repeat(257);
    let pay = ["usage", "pay", "VIS", "--amount", "5", "--memo", &long];
    refused(&place.run(&pay), 2, "at most 256 bytes, not 257");
    refused(&place.run(&["usage", "pay", "NONE", "--amount", "5"]), 1, "no market NONE");
    assert_eq!(place.chain.taken(), []);
    place.chain.state().refuses = Some("the memo is rude".to_owned());
    let run = place.run(&["usage", "pay", "VIS", "--amount", "5"]);
    refused(&run, 1, "provenance refuses: the memo is rude");
}

#[rstest]
#[case::to_the_reserve(
    &["forward", "VIS", "--to", "reserve"],
    ExecuteMsg::Forward { model: MODEL.to_owned(), to: Beneficiary::Reserve }
)]
#[case::to_the_owner(
    &["forward", "VIS", "--to", "owner"],
    ExecuteMsg::Forward { model: MODEL.to_owned(), to: Beneficiary::Owner }
)]
#[case::royalties(&["distribute", "VIS"], ExecuteMsg::Distribute { model: MODEL.to_owned() })]
#[case::fees(&["collect-fees", "VIS"], ExecuteMsg::CollectFees { model: MODEL.to_owned() })]
#[tokio::test(flavor = "multi_thread")]
async fn anyone_moves_money_on(#[case] command: &[&str], #[case] expected: ExecuteMsg) {
    let place = place().await;
    let event = RevenueForwarded {
        model: MODEL.to_owned(),
        to: "owner".to_owned(),
        recipient: "wasm1creator".to_owned(),
        denom: "uusd".to_owned(),
        amount: Uint128::new(525),
    };
    place.chain.emits(PROVENANCE, event);
    let report = place.run(&[&["usage"], command].concat()).json();
    assert_eq!(report["events"][0]["recipient"], "wasm1creator");
    let taken = place.chain.taken().remove(0);
    assert_eq!((taken.contract.as_str(), taken.funds), (PROVENANCE, vec![]));
    assert_eq!(serde_json::from_value::<ExecuteMsg>(taken.message).unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn revenue_is_shown_with_what_waits() {
    let place = place().await;
    let amount = Uint128::new;
    let answer = RevenueResponse {
        denom: "uusd".to_owned(),
        weight: amount(1_234_567),
        usage: amount(5_000),
        royalties: amount(40),
        fees: amount(3),
        undistributed: amount(40),
        reserve: amount(500),
        owner: amount(2_000),
        holders: amount(1_503),
    };
    place.chain.answers(PROVENANCE, QueryMsg::Revenue { model: MODEL.to_owned() }, answer);
    let report = place.run(&["usage", "revenue", "VIS"]).json();
    assert_eq!((&report["model"], &report["holders"]), (&json!(MODEL), &json!("1503")));
    let page = place.page(&["usage", "revenue", "VIS"]);
    assert!(page.contains("for the owner                  2,000 uusd"), "{page}");
}
