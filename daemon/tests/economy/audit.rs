//! Audits: a market of one opening, whose books are right, or not.

use cosmwasm_std::{Addr, Decimal, Event, SignedDecimal, Timestamp, Uint128};
use cw20::{AllAccountsResponse, AllAllowancesResponse, BalanceResponse, TokenInfoResponse};
use modelbond_interface::market::{
    ConfigResponse, CurveKind, LedgersResponse, MarketOpened, MarketParams, PriceResponse,
    QueryMsg, VestingResponse, VestingState,
};
use modelbond_interface::registry::{self, ModelsResponse};
use modelbond_interface::rewards::{self, ModelRewardsResponse, SegmentsResponse};
use modelbond_interface::training;
use rstest::rstest;
use serde_json::json;

use crate::place::{model, refused, Place, MODEL, PROVENANCE, REGISTRY, REWARDS, TRAINING};

/// When the market of these stories opened, and what it is asked: the time of every block.
const NOW: &str = "2026-01-01T00:00:00Z";
const NOW_SECS: u64 = 1_767_225_600;
const SUPPLY: u128 = 1_000;
const COST: u128 = 777;
/// The block of the opening.
const HEIGHT: u64 = 3;

fn terms() -> ConfigResponse {
    let mut params =
        MarketParams::recommended(CurveKind::Linear, Decimal::one(), Uint128::new(1_000_000));
    params.initial_supply = SUPPLY.into();
    ConfigResponse {
        creator: Addr::unchecked("wasm1creator"),
        metrics_source: Addr::unchecked(TRAINING),
        rewards: Addr::unchecked(REWARDS),
        provenance: Addr::unchecked(PROVENANCE),
        reserve_denom: "uusd".to_owned(),
        opened_at: Timestamp::from_seconds(NOW_SECS),
        unlocks_at: Timestamp::from_seconds(NOW_SECS + 9),
        params,
        metrics: None,
    }
}

/// What the market says when it opens.
fn opening() -> Vec<Event> {
    let opened = MarketOpened {
        creator: "wasm1creator".to_owned(),
        reserve_denom: "uusd".to_owned(),
        initial_supply: SUPPLY.into(),
        cost: COST.into(),
        refund: Uint128::zero(),
    };
    let mut opened: Event = opened.into();
    opened.ty = format!("wasm-{}", opened.ty);
    vec![Event::new("wasm").add_attribute("action", "instantiate"), opened]
}

/// A place where VIS opened in block 3 and whose contracts answer to everything; no registry has models.
async fn place() -> Place {
    let place = Place::new().await;
    place.chain.block(HEIGHT, MODEL, 0, opening());
    place.chain.block(HEIGHT + 1, MODEL, 5, opening());
    let answers = |question: QueryMsg, answer: serde_json::Value| {
        place.chain.answers(MODEL, question, answer);
    };
    answers(QueryMsg::Config {}, json!(terms()));
    let (name, symbol) = ("Vision".to_owned(), "VIS".to_owned());
    let token = TokenInfoResponse { name, symbol, decimals: 6, total_supply: SUPPLY.into() };
    answers(QueryMsg::TokenInfo {}, json!(token));
    let ledgers = LedgersResponse {
        reserve: COST.into(),
        pending: Uint128::zero(),
        pending_ends_at: Timestamp::from_seconds(NOW_SECS),
        rewards: Uint128::zero(),
        provenance: Uint128::zero(),
        treasury: Uint128::zero(),
    };
    answers(QueryMsg::Ledgers {}, json!(ledgers));
    let nobody = AllAccountsResponse { accounts: vec![] };
    answers(QueryMsg::AllAccounts { start_after: None, limit: Some(30) }, json!(nobody));
    let balance = BalanceResponse { balance: SUPPLY.into() };
    answers(QueryMsg::Balance { address: MODEL.to_owned() }, json!(balance));
    let none = AllAllowancesResponse { allowances: vec![] };
    let owner = MODEL.to_owned();
    let question = QueryMsg::AllAllowances { owner, start_after: None, limit: Some(30) };
    answers(question, json!(none));
    answers(QueryMsg::Price {}, json!(price()));
    answers(QueryMsg::Vesting {}, json!(vesting()));
    let first = registry::QueryMsg::Models { filter: None, start_after: None, limit: Some(30) };
    place.chain.answers(REGISTRY, first, ModelsResponse { models: vec![] });
    let config = training::ConfigResponse {
        beacon: Addr::unchecked("wasm1beacon"),
        nodes: Addr::unchecked("wasm1nodes"),
        unbonding_secs: 1,
        evm_chain_id: 1,
        provenance: Addr::unchecked(PROVENANCE),
        rewards: Addr::unchecked(REWARDS),
        runs: 0,
    };
    place.chain.answers(TRAINING, training::QueryMsg::Config {}, config);
    place
}

fn price() -> PriceResponse {
    let (one, zero) = (Decimal::one(), Decimal::zero());
    PriceResponse {
        supply: SUPPLY.into(),
        base: one,
        spot: one,
        sale: one,
        multiplier: one,
        target: one,
        backing: one,
        purchase_multiplier: one,
        momentum: SignedDecimal::zero(),
        reference: one,
        band_low: one,
        band_high: one,
        buy_surcharge: zero,
        sell_surcharge: zero,
        fee: zero,
        differential: 0,
    }
}

fn vesting() -> VestingResponse {
    let ends_at = Timestamp::from_seconds(NOW_SECS + 9);
    let state = |vesting: u128| VestingState {
        vesting: vesting.into(),
        vested: Uint128::zero(),
        claimed: Uint128::zero(),
        ends_at,
    };
    VestingResponse {
        cliff_at: ends_at,
        floor: Uint128::new(SUPPLY / 10),
        initial: state(SUPPLY / 10 * 9),
        stakeholders: state(0),
        claimable: vec![],
    }
}

const AUDIT: [&str; 4] = ["audit", "VIS", "--from-height", "1"];

#[tokio::test(flavor = "multi_thread")]
async fn books_that_are_right_have_no_differences() {
    let place = place().await;
    let report = place.run(&AUDIT).json();
    assert_eq!((&report["differences"], &report["entries"]), (&json!([]), &json!(2)));
    assert_eq!(report["markets"][0]["supply"], json!(SUPPLY.to_string()));
    assert_eq!(report["contracts"][0]["events"], json!(2));
    let page = place.page(&AUDIT);
    for line in ["0.001 VIS", "market VIS       2", "0 differences"] {
        assert!(page.contains(line), "{line}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_shown_and_is_exit_code_1() {
    let place = place().await;
    let balance = BalanceResponse { balance: Uint128::new(SUPPLY + 1) };
    place.chain.answers(MODEL, QueryMsg::Balance { address: MODEL.to_owned() }, balance);
    let run = place.run(&AUDIT);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("1 difference in the books"), "{}", run.stderr);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let found = json!([{"where": format!("state of {MODEL}"), "what": format!("balance of {MODEL}"),
                        "expected": "1000", "actual": "1001"}]);
    assert_eq!(report["differences"], found);
}

#[tokio::test(flavor = "multi_thread")]
async fn contracts_are_asked_of_the_state_after_the_last_block() {
    let place = place().await;
    let report = place.run(&["audit", "VIS", "--from-height", "1", "--to-height", "5"]).json();
    assert_eq!((&report["to_height"], &report["differences"]), (&json!(5), &json!([])));
    let asked = place.chain.state().asked_at.clone();
    let of_five = asked.iter().filter(|(_, height)| *height == 5).count();
    assert!(asked.iter().all(|(_, height)| *height == 5 || *height == 0), "{asked:?}");
    assert!(of_five > 8, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_is_audited_from_the_file() {
    let place = place().await;
    assert_eq!(place.chain.state().time, NOW);
    let file = place.binary.home().join("vis.jsonl");
    let file = file.to_str().unwrap();
    place.run(&["audit", "VIS", "--from-height", "1", "--export", file]).json();
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(written.lines().count(), 2);
    let log = ["audit", "VIS", "--log", file];
    assert_eq!(place.run(&log).json()["differences"], json!([]));
    std::fs::write(file, written.replace("\"777\"", "\"778\"")).unwrap();
    let run = place.run(&log);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("reserve and pending"), "{}", run.stdout);
}

#[rstest]
#[case::no_json("x\n", "line 1: not an entry")]
#[case::no_entry("\n{}\n", "line 2: not an entry")]
#[case::no_contract_event(
    r#"{"height":1,"time":"1","tx":0,"contract":"c","type":"tx","attributes":[]}"#,
    "line 1: event type"
)]
#[case::no_time(
    r#"{"height":1,"time":"x","tx":0,"contract":"c","type":"wasm","attributes":[]}"#,
    "line 1: time"
)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_log_is_refused_with_the_line(#[case] text: &str, #[case] what: &str) {
    let place = place().await;
    let file = place.binary.home().join("bad.jsonl");
    std::fs::write(&file, text).unwrap();
    refused(&place.run(&["audit", "VIS", "--log", file.to_str().unwrap()]), 1, what);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_end_is_refused() {
    let place = place().await;
    let file = place.binary.home().join("long.jsonl");
    std::fs::write(&file, "x".repeat(3 << 20)).unwrap();
    let run = place.run(&["audit", "VIS", "--log", file.to_str().unwrap()]);
    refused(&run, 1, "line 1: 1048578 bytes, at most 1048576");
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_are_not_there_yet_are_refused() {
    let place = place().await;
    let run = place.run(&["audit", "VIS", "--to-height", "999"]);
    refused(&run, 2, "blocks, not 999");
}

#[tokio::test(flavor = "multi_thread")]
async fn block_rewards_are_recomputed() {
    let place = place().await;
    let first = registry::QueryMsg::Models { filter: None, start_after: None, limit: Some(30) };
    place.chain.answers(REGISTRY, first, ModelsResponse { models: vec![model()] });
    let next = registry::QueryMsg::Models { filter: None, start_after: Some(1), limit: Some(30) };
    place.chain.answers(REGISTRY, next, ModelsResponse { models: vec![] });
    let stands = ModelRewardsResponse {
        epoch: 1,
        budget: None,
        open: None,
        uncut_work: 0,
        performance: 0,
        owed: Uint128::zero(),
    };
    let question = rewards::QueryMsg::Model { model: MODEL.to_owned() };
    place.chain.answers(REWARDS, question.clone(), stands.clone());
    let segments =
        rewards::QueryMsg::Segments { model: MODEL.to_owned(), start_after: None, limit: Some(30) };
    place.chain.answers(REWARDS, segments, SegmentsResponse { segments: vec![] });
    let audit = ["rewards", "audit", "VIS", "--from-height", "1"];
    let report = place.run(&audit).json();
    assert_eq!((&report["differences"], &report["epochs"]), (&json!([]), &json!([])));
    let owed = ModelRewardsResponse { owed: Uint128::one(), ..stands };
    place.chain.answers(REWARDS, question, owed);
    let run = place.run(&audit);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("tokens owed"), "{}", run.stdout);
}
