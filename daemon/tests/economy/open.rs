//! A model is opened through the registry, or past it.

use cosmwasm_std::{Addr, Decimal, Uint128};
use modelbond_interface::market::MarketOpened;
use modelbond_interface::registry::{
    ExecuteMsg, ModelAddressResponse, ModelOpened, OpenModel, QueryMsg,
};
use rstest::rstest;

use crate::place::{refused, sender, Place, MODEL, REGISTRY};

const MARKET: &str = "wasm1market";

const OPEN: [&str; 11] = [
    "model",
    "open",
    "--name",
    "Sound",
    "--symbol",
    "SND",
    "--kind=sigmoid",
    "--price-scale",
    "100",
    "--max-supply",
    "1000000",
];
const SAID: [&str; 6] = [
    "--use-case",
    "llm-twin",
    "--licence",
    "MIT",
    "--weights-hash",
    "0101010101010101010101010101010101010101010101010101010101010101",
];

/// A registry that opens the model.
async fn place() -> Place {
    let place = Place::new().await;
    let question = QueryMsg::ModelAddress { creator: sender(), symbol: "SND".to_owned() };
    let answer = ModelAddressResponse { model: Addr::unchecked(MARKET), opened: false };
    place.chain.answers(REGISTRY, question, answer);
    place.chain.state().wasm.has(MARKET, 1);
    place.chain.emits(REGISTRY, opened(MARKET));
    let event = MarketOpened {
        creator: sender(),
        reserve_denom: "uusd".to_owned(),
        initial_supply: Uint128::new(1),
        cost: Uint128::new(1),
        refund: Uint128::zero(),
    };
    place.chain.emits(MARKET, event);
    place
}

fn opened(model: &str) -> ModelOpened {
    ModelOpened {
        number: 2,
        model: model.to_owned(),
        creator: sender(),
        symbol: "SND".to_owned(),
        use_cases: "llm-twin".to_owned(),
        parents: String::new(),
        royalty_bps: 0,
        reward_rate: Decimal::zero(),
        fee: Uint128::new(5),
        fee_denom: "uusd".to_owned(),
    }
}

fn message(place: &Place) -> OpenModel {
    let taken = place.chain.taken().remove(0);
    assert_eq!(taken.contract, REGISTRY);
    match serde_json::from_value(taken.message).unwrap() {
        ExecuteMsg::OpenModel(message) => *message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_registry_opens_a_model_for_deposit_and_fee_in_one_coin() {
    let place = place().await;
    let report = place.run(&[&OPEN[..], &SAID].concat()).json();
    assert_eq!(
        (&report["market"]["address"], &report["fee"]["amount"]),
        (&MARKET.into(), &"5".into())
    );
    assert_eq!(report["registered"]["number"], "2");
    let deposit: u128 = report["deposit"]["amount"].as_str().unwrap().parse().unwrap();
    assert_eq!(place.chain.taken()[0].funds, [format!("{}uusd", deposit + 5)]);
    let message = message(&place);
    assert_eq!((message.name.as_str(), message.reserve_denom.as_str()), ("Sound", "uusd"));
    assert_eq!(message.use_cases, ["llm-twin".parse().unwrap()]);
    assert_eq!(
        (message.metadata.licence.as_str(), message.metadata.weights_hash.0),
        ("MIT", [1; 32])
    );
    assert_eq!((message.reward_rate, message.royalty_bps, message.marketing), (None, 0, None));
    let recorded = place.network().markets["SND"].clone();
    assert_eq!((recorded.address.as_str(), recorded.code_id), (MARKET, 1));
    refused(&place.run(&[&OPEN[..], &SAID].concat()), 1, "SND is recorded already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_gets_what_it_asks_for_unless_more_is_named() {
    let place = place().await;
    place.chain.answers(REGISTRY, QueryMsg::Model { model: MODEL.to_owned() }, model(250));
    let more = ["--parent", "VIS", "--parent", "wasm1base:700", "--royalty-bps", "30"];
    let more = [&more[..], &["--reward-rate", "0.001", "--project", "https://x.example"]].concat();
    place.run(&[&OPEN[..], &SAID, &more].concat()).json();
    let message = message(&place);
    let parents: Vec<(&str, u16)> =
        message.parents.iter().map(|parent| (parent.model.as_str(), parent.royalty_bps)).collect();
    assert_eq!(parents, [(MODEL, 250), ("wasm1base", 700)]);
    assert_eq!((message.royalty_bps, message.reward_rate), (30, Some(Decimal::permille(1))));
    assert_eq!(message.marketing.unwrap().project.unwrap(), "https://x.example");
}

fn model(royalty_bps: u16) -> modelbond_interface::registry::ModelResponse {
    let mut model = crate::place::model();
    model.terms.royalty_bps = royalty_bps;
    model
}

#[rstest]
#[case::nothing_said(&[], 2, "the registry needs --use-case, --licence, --weights or --weights-hash")]
#[case::a_slug_that_is_none(&["--use-case", "cooking"], 2, "no use case is called")]
#[case::past_the_registry(&["--direct", "--use-case", "llm-twin"], 2, "--direct goes past it")]
#[case::with_a_role(&["--rewards", "wasm1x", "--parent", "VIS"], 2, "--rewards goes past it")]
#[case::a_royalty_above_half(&["--royalty-bps", "5001"], 2, "5001 is not in")]
#[case::a_parents_royalty(&["--parent", "VIS:5001"], 2, "at most 5000 bps")]
#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_and_nothing_is_sent(
    #[case] more: &[&str],
    #[case] code: i32,
    #[case] why: &str,
) {
    let place = place().await;
    refused(&place.run(&[&OPEN[..], more].concat()), code, why);
    assert_eq!(place.chain.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_open_a_code_that_differs_and_empty_pockets_are_found_before() {
    let place = place().await;
    let all = [&OPEN[..], &SAID].concat();
    let config = modelbond_interface::registry::ConfigResponse {
        market_code_id: 9,
        ..crate::place::config()
    };
    place.chain.answers(REGISTRY, QueryMsg::Config {}, config);
    refused(&place.run(&all), 1, "opens markets of code 9, recorded is 1");
    place.chain.answers(REGISTRY, QueryMsg::Config {}, crate::place::config());
    place.chain.state().balance = 4;
    refused(&place.run(&all), 1, "has 4 uusd");
    place.chain.state().balance = u128::MAX;
    let question = QueryMsg::ModelAddress { creator: sender(), symbol: "SND".to_owned() };
    let answer = ModelAddressResponse { model: Addr::unchecked(MARKET), opened: true };
    place.chain.answers(REGISTRY, question, answer);
    refused(&place.run(&all), 1, "has opened SND already: wasm1market");
    assert_eq!(place.chain.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_market_at_another_address_or_with_an_admin_is_not_trusted() {
    let all = [&OPEN[..], &SAID].concat();
    let place = place().await;
    place.chain.state().wasm.contracts.get_mut(MARKET).unwrap().admin = "wasm1boss".to_owned();
    refused(&place.run(&all), 1, "wasm1boss can migrate it");
    let place = self::place().await;
    let question = QueryMsg::ModelAddress { creator: sender(), symbol: "SND".to_owned() };
    let answer = ModelAddressResponse { model: Addr::unchecked("wasm1there"), opened: false };
    place.chain.answers(REGISTRY, question, answer);
    refused(&place.run(&all), 1, "the market is at wasm1market, not at wasm1there");
}

#[tokio::test(flavor = "multi_thread")]
async fn past_the_registry_the_market_is_a_contract_of_its_own() {
    let place = place().await;
    let run = place.run(&[&OPEN[..], &["--metrics-source", "training"]].concat());
    // The stand-in has no market_opened of that address: what matters is what was made.
    assert_eq!(run.code, 1, "{}", run.stdout);
    let made = place.chain.state().wasm.contracts["wasm1modelbond market SND"].clone();
    assert_eq!(made.message["metrics_source"], "wasm1training");
    assert_eq!(made.message["rewards"], sender());
    assert_eq!(place.chain.taken(), []);
}
