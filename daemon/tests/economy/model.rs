//! Models of the registry: found, described, handed over, connected.

use cosmwasm_std::Addr;
use modelbond_interface::registry::{
    Category, Connection, ConnectionKind, ConnectionsResponse, Direction, ExecuteMsg,
    HIndexResponse, Metadata, ModelFilter, ModelHIndexResponse, ModelUpdated, ModelsConnected,
    ModelsResponse, ParentTerms, QueryMsg, UseCaseRow, UseCasesResponse,
};
use rstest::rstest;
use serde_json::json;

use crate::place::{model, refused, sender, Place, MODEL, REGISTRY};

fn message(place: &Place) -> ExecuteMsg {
    let taken = place.chain.taken().pop().unwrap();
    assert_eq!((taken.contract.as_str(), taken.sender), (REGISTRY, sender()));
    assert_eq!(taken.funds, Vec::<String>::new());
    serde_json::from_value(taken.message).unwrap()
}

#[rstest]
#[case::all(&["--all"], None)]
#[case::of_a_creator(&["--creator", "wasm1creator"], Some(ModelFilter::Creator("wasm1creator".to_owned())))]
#[case::of_a_category(&["--category", "Prediction"], Some(ModelFilter::Category(Category::Prediction)))]
#[tokio::test(flavor = "multi_thread")]
async fn models_are_listed_by_what_was_asked_for(
    #[case] which: &[&str],
    #[case] filter: Option<ModelFilter>,
) {
    let place = Place::new().await;
    let question = QueryMsg::Models { filter, start_after: Some(2), limit: Some(1) };
    place.chain.answers(REGISTRY, question, ModelsResponse { models: vec![model()] });
    let list = ["model", "list", "--start-after", "2", "--limit", "1"];
    let report = place.run(&[&list[..], which].concat()).json();
    assert_eq!(report["contract"], "registry");
    assert_eq!(report["models"][0]["terms"]["royalty_bps"], 500);
    let page = place.page(&[&list[..], which].concat());
    assert!(page.contains("photo-classification") && page.contains("--start-after 1"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_filter_the_network_file_is_listed_and_the_chain_not_asked() {
    let place = Place::new().await;
    let report = place.run(&["model", "list"]).json();
    assert_eq!(report["markets"][0]["symbol"], "VIS");
    let use_case = ["model", "list", "--use-case", "cooking"];
    refused(&place.run(&use_case), 2, "no use case is called");
    refused(&place.run(&["model", "list", "--category", "sports"]), 2, "a category is lifestyle");
}

#[tokio::test(flavor = "multi_thread")]
async fn use_cases_are_counted_by_the_registry_and_known_without_one() {
    let place = Place::new().await;
    let use_case = "llm-twin".parse().unwrap();
    let row = UseCaseRow {
        use_case,
        category: Category::Generation,
        name: "LLM Twin".to_owned(),
        featured: true,
        models: 4,
    };
    let question = QueryMsg::UseCases { category: Some(Category::Generation) };
    place.chain.answers(REGISTRY, question, UseCasesResponse { use_cases: vec![row] });
    let list = ["model", "use-cases", "--category", "generation"];
    let report = place.run(&list).json();
    assert_eq!(report["registry"], REGISTRY);
    assert_eq!(
        report["use_cases"],
        json!([{"use_case": "llm-twin", "category": "generation", "name": "LLM Twin",
                "featured": true, "models": 4}])
    );
    place.change(|network| {
        network.contracts.remove("registry");
    });
    let report = place.run(&list).json();
    assert_eq!(report["registry"], json!(null));
    let rows = report["use_cases"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[1]["use_case"]), (9, &json!("llm-twin")));
    assert_eq!(rows[1]["models"], json!(null));
    let all = place.run(&["model", "use-cases"]).json();
    assert_eq!(all["use_cases"].as_array().unwrap().len(), 54);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_shown_with_what_its_parents_get() {
    let place = Place::new().await;
    let mut model = model();
    model.terms.parents =
        vec![ParentTerms { model: Addr::unchecked("wasm1base"), royalty_bps: 750 }];
    place.chain.answers(REGISTRY, QueryMsg::Model { model: MODEL.to_owned() }, model);
    let report = place.run(&["model", "info", "vis"]).json();
    assert_eq!((&report["number"], &report["address"]), (&json!(1), &json!(REGISTRY)));
    assert_eq!(report["terms"]["parents"][0]["royalty_bps"], 750);
    let page = place.page(&["model", "info", "VIS"]);
    assert!(page.contains("wasm1base, which gets 7.5 % of its revenue"), "{page}");
    assert!(page.ends_with("Tells wines apart.\n"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_keeps_what_was_not_given() {
    let place = Place::new().await;
    place.chain.answers(REGISTRY, QueryMsg::Model { model: MODEL.to_owned() }, model());
    let event = ModelUpdated {
        model: MODEL.to_owned(),
        weights_hash: "02".repeat(32),
        use_cases: "llm-twin".to_owned(),
    };
    place.chain.emits(REGISTRY, event);
    let hash = "02".repeat(32);
    let update = ["model", "update", "VIS", "--weights-hash", &hash, "--uri", ""];
    let report = place.run(&update).json();
    assert_eq!(report["events"][0]["type"], "model_updated");
    let expected = ExecuteMsg::UpdateModel {
        model: MODEL.to_owned(),
        metadata: Metadata { weights_hash: hash.parse().unwrap(), uri: None, ..model().metadata },
        use_cases: model().use_cases,
    };
    assert_eq!(message(&place), expected);
    refused(&place.run(&["model", "update", "VIS", "--licence", "MIT"]), 2, "nothing changes");
    let many = ["--use-case", "llm-twin"].repeat(2);
    let twice = [&["model", "update", "VIS"][..], &many].concat();
    refused(&place.run(&twice), 2, "given twice");
    assert_eq!(place.chain.taken().len(), 1);
}

#[rstest]
#[case::offered(
    &["offer", "VIS", "--to", "wasm1other"],
    ExecuteMsg::OfferModel { model: MODEL.to_owned(), to: Some("wasm1other".to_owned()) }
)]
#[case::to_nobody(
    &["offer", "VIS", "--nobody"],
    ExecuteMsg::OfferModel { model: MODEL.to_owned(), to: None }
)]
#[case::accepted(&["accept", MODEL], ExecuteMsg::AcceptModel { model: MODEL.to_owned() })]
#[case::connected(
    &["connect", "VIS", "wasm1base", "--kind", "uses-data"],
    ExecuteMsg::Connect {
        from: MODEL.to_owned(),
        to: "wasm1base".to_owned(),
        kind: ConnectionKind::UsesData,
    }
)]
#[case::disconnected(
    &["disconnect", "VIS", "wasm1base", "--kind", "cites"],
    ExecuteMsg::Disconnect {
        from: MODEL.to_owned(),
        to: "wasm1base".to_owned(),
        kind: ConnectionKind::Cites,
    }
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_owner_says_is_sent(#[case] command: &[&str], #[case] expected: ExecuteMsg) {
    let place = Place::new().await;
    let report = place.run(&[&["model"], command].concat()).json();
    assert_eq!((&report["contract"], &report["address"]), (&json!("registry"), &json!(REGISTRY)));
    assert_eq!(message(&place), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_in_the_registrys_words() {
    let place = Place::new().await;
    place.chain.state().refuses = Some("only wasm1creator may do this".to_owned());
    let connect = ["model", "connect", "VIS", "wasm1base", "--kind", "cites"];
    refused(&place.run(&connect), 1, "registry refuses: only wasm1creator may do this");
    let kind = ["model", "connect", "VIS", "wasm1base", "--kind", "likes"];
    refused(&place.run(&kind), 2, "derived, uses_data, cites, deploys");
    refused(&place.run(&["model", "offer", "VIS"]), 2, "--to");
    place.change(|network| {
        network.contracts.remove("registry");
    });
    let run = place.run(&connect);
    refused(&run, 1, "no registry contract is recorded for chain-1");
    assert!(run.json_error()["hint"].as_str().unwrap().contains("deploy --beacon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_shown_both_ways_or_one() {
    let place = Place::new().await;
    let event = ModelsConnected {
        from: MODEL.to_owned(),
        to: "wasm1base".to_owned(),
        kind: "cites".to_owned(),
        h: 2,
    };
    place.chain.emits(REGISTRY, event);
    let connect = ["model", "connect", "VIS", "wasm1base", "--kind", "cites"];
    assert_eq!(place.run(&connect).json()["events"][0]["h"], "2");
    for (direction, from, to) in
        [(Direction::To, "wasm1sound", MODEL), (Direction::From, MODEL, "wasm1base")]
    {
        let connection = Connection {
            from: Addr::unchecked(from),
            to: Addr::unchecked(to),
            number: 7,
            kinds: vec![ConnectionKind::Cites, ConnectionKind::Deploys],
        };
        let question = QueryMsg::Connections {
            model: MODEL.to_owned(),
            direction,
            start_after: None,
            limit: Some(30),
        };
        let answer = ConnectionsResponse { connections: vec![connection] };
        place.chain.answers(REGISTRY, question, answer);
    }
    let both = place.run(&["model", "connections", "VIS"]).json();
    assert_eq!(
        (&both["to"][0]["from"], &both["from"][0]["to"]),
        (&json!("wasm1sound"), &json!("wasm1base"))
    );
    let one = place.run(&["model", "connections", "VIS", "--only", "to"]).json();
    assert_eq!((&one["to"][0]["number"], &one["from"]), (&json!(7), &json!(null)));
    let page = place.page(&["model", "connections", "VIS", "--only", "from"]);
    assert!(page.contains("wasm1base  cites, deploys"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_h_index_is_a_models_or_a_creators() {
    let place = Place::new().await;
    let question = QueryMsg::ModelHIndex { model: MODEL.to_owned() };
    place.chain.answers(REGISTRY, question, ModelHIndexResponse { h: 3, used: 9 });
    let report = place.run(&["model", "hindex", "VIS"]).json();
    assert_eq!(
        (&report["h"], &report["used"], &report["creator"]),
        (&json!(3), &json!(9), &json!(null))
    );
    // An address that the registry does not know is a creator's.
    let question = QueryMsg::HIndex { creator: "wasm1creator".to_owned() };
    place.chain.answers(REGISTRY, question, HIndexResponse { h: 1, models: 2, citations: 5 });
    let report = place.run(&["model", "hindex", "wasm1creator"]).json();
    assert_eq!((&report["citations"], &report["model"]), (&json!(5), &json!(null)));
    refused(&place.run(&["model", "hindex", "nobody"]), 2, "neither an address");
}
