//! Block rewards: shown, settled, claimed.

use cosmwasm_std::Uint128;
use modelbond_interface::registry;
use modelbond_interface::rewards::{
    Budget, ExecuteMsg, ModelRewardsResponse, OperatorResponse, Piece, QueryMsg, RewardsBought,
    RewardsBudgeted, RewardsPaid, Segment, SegmentsResponse,
};
use serde_json::json;

use crate::place::{model, refused, sender, Place, MODEL, REGISTRY, REWARDS};

fn segment(start: u64, closed: bool) -> Segment {
    Segment {
        start,
        end: start + 50,
        epoch: 3,
        tokens: Uint128::new(2_500_000),
        paid_work: 10,
        paid_tokens: Uint128::new(500_000),
        closed,
    }
}

fn standing(epoch: u32) -> ModelRewardsResponse {
    ModelRewardsResponse {
        epoch,
        budget: Some(Budget {
            epoch: 3,
            volume: Uint128::new(1_000_000),
            performance: 750_000,
            carry: Uint128::new(26),
            budget: Uint128::new(751),
            spent: Uint128::new(700),
        }),
        open: Some(segment(100, false)),
        uncut_work: 12,
        performance: 800_000,
        owed: Uint128::new(2_000_000),
    }
}

async fn place(epoch: u32) -> Place {
    let place = Place::new().await;
    let question = registry::QueryMsg::Model { model: MODEL.to_owned() };
    place.chain.answers(REGISTRY, question, model());
    let question = QueryMsg::Model { model: MODEL.to_owned() };
    place.chain.answers(REWARDS, question, standing(epoch));
    place
}

fn message(place: &Place) -> ExecuteMsg {
    let taken = place.chain.taken().pop().unwrap();
    assert_eq!((taken.contract.as_str(), taken.funds), (REWARDS, vec![]));
    serde_json::from_value(taken.message).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_models_rewards_are_shown_and_an_operators_work() {
    let place = place(4).await;
    let report = place.run(&["rewards", "show", "VIS"]).json();
    assert_eq!((&report["budget"]["budget"], &report["operator"]), (&json!("751"), &json!(null)));
    let question = QueryMsg::Operator {
        model: MODEL.to_owned(),
        operator: "wasm1op".to_owned(),
        start_after: None,
        limit: Some(30),
    };
    let pieces = vec![
        Piece { offset: 60, work: 2, due: Some(Uint128::new(100_000)) },
        Piece { offset: 90, work: 1, due: Some(Uint128::new(50_000)) },
        Piece { offset: 110, work: 1, due: None },
    ];
    place.chain.answers(REWARDS, question, OperatorResponse { pieces });
    let show = ["rewards", "show", "VIS", "--operator", "wasm1op"];
    let report = place.run(&show).json();
    assert_eq!(report["operator"]["pieces"][2], json!({"offset": 110, "work": 1, "due": null}));
    let page = place.page(&show);
    for line in
        ["due now  0.15 VIS", "performance P                 0.8\n", "100 to 150", "not closed yet"]
    {
        assert!(page.contains(line), "{line}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_epoch_is_settled_unless_another_is_named() {
    let place = place(4).await;
    let event = RewardsBudgeted {
        model: MODEL.to_owned(),
        epoch: 3,
        volume: Uint128::new(1_000_000),
        performance: 750_000,
        carry: Uint128::zero(),
        ledger: Uint128::new(900),
        budget: Uint128::new(750),
        start: 100,
        end: 150,
    };
    place.chain.emits(REWARDS, event);
    let (spent, tokens) = (Uint128::new(700), Uint128::new(5));
    let event = RewardsBought { model: MODEL.to_owned(), epoch: 3, spent, tokens };
    place.chain.emits(REWARDS, event);
    let report = place.run(&["rewards", "settle", "VIS"]).json();
    assert_eq!(
        (&report["events"][0]["budget"], &report["events"][1]["spent"]),
        (&json!("750"), &json!("700"))
    );
    assert_eq!(message(&place), ExecuteMsg::Settle { model: MODEL.to_owned(), epoch: 3 });
    place.run(&["rewards", "settle", "VIS", "--epoch", "2"]).json();
    assert_eq!(message(&place), ExecuteMsg::Settle { model: MODEL.to_owned(), epoch: 2 });
    place.chain.state().refuses = Some("epoch 2 is not due".to_owned());
    let run = place.run(&["rewards", "settle", "VIS", "--epoch", "2"]);
    refused(&run, 1, "rewards refuses: epoch 2 is not due");
    let place = self::place(0).await;
    refused(&place.run(&["rewards", "settle", "VIS"]), 1, "the first epoch of VIS is not over");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_paid_by_anyone() {
    let place = place(4).await;
    let event = RewardsPaid {
        model: MODEL.to_owned(),
        operator: sender(),
        offset: 60,
        work: 2,
        tokens: Uint128::new(100_000),
    };
    place.chain.emits(REWARDS, event);
    let report = place.run(&["rewards", "claim", "VIS"]).json();
    assert_eq!(report["events"][0]["tokens"], "100000");
    let model = MODEL.to_owned();
    assert_eq!(message(&place), ExecuteMsg::Claim { model: model.clone(), operator: None });
    place.run(&["rewards", "claim", "VIS", "--operator", "wasm1op"]).json();
    let operator = Some("wasm1op".to_owned());
    assert_eq!(message(&place), ExecuteMsg::Claim { model, operator });
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_are_listed_in_order() {
    let place = place(4).await;
    let question =
        QueryMsg::Segments { model: MODEL.to_owned(), start_after: Some(50), limit: Some(2) };
    let segments = vec![segment(50, true), segment(100, false)];
    place.chain.answers(REWARDS, question, SegmentsResponse { segments });
    let list = ["rewards", "segments", "VIS", "--start-after", "50", "--limit", "2"];
    let report = place.run(&list).json();
    assert_eq!((&report["segments"][0]["closed"], &report["model"]), (&json!(true), &json!(MODEL)));
    let page = place.page(&list);
    assert!(page.contains("2.5 VIS") && page.contains("--start-after 150"), "{page}");
}
