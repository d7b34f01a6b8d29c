//! What is refused, by name, and leaves nothing behind.

use cosmwasm_std::{coins, Addr, Empty};
use modelbond_interface::market;
use modelbond_interface::registry::{
    ConnectionKind, Direction, ExecuteMsg, ModelFilter, ModelResponse, OpenModel, Parent, QueryMsg,
};
use modelbond_market::ContractError as MarketError;
use modelbond_registry::ContractError;
use modelbond_tests::{Chain, Failure, Registry};
use rstest::rstest;

/// Every message about a model but the opening.
fn messages(registry: &Registry, model: &str, other: &str) -> Vec<ExecuteMsg> {
    let OpenModel { metadata, use_cases, .. } = registry.message("ANY");
    let (model, other) = (model.to_owned(), other.to_owned());
    let kind = ConnectionKind::Cites;
    vec![
        ExecuteMsg::UpdateModel { model: model.clone(), metadata, use_cases },
        ExecuteMsg::OfferModel { model: model.clone(), to: Some(registry.account("bob")) },
        ExecuteMsg::AcceptModel { model: model.clone() },
        ExecuteMsg::Connect { from: model.clone(), to: other.clone(), kind },
        ExecuteMsg::Disconnect { from: model, to: other, kind },
    ]
}

fn queries(model: &str) -> Vec<QueryMsg> {
    let model = model.to_owned();
    let (direction, start_after, limit) = (Direction::To, None, None);
    vec![
        QueryMsg::Model { model: model.clone() },
        QueryMsg::ModelHIndex { model: model.clone() },
        QueryMsg::Connections { model, direction, start_after, limit },
    ]
}

#[test]
fn models_that_are_not_here() {
    let mut registry = Registry::on_mock();
    let here = registry.open("alice", "IRIS");
    let nobody = registry.account("nobody");
    let unknown = ContractError::UnknownModel { model: Addr::unchecked(&nobody) };
    for msg in messages(&registry, &nobody, &here) {
        assert_eq!(registry.send("alice", &msg).unwrap_err().registry(), unknown);
    }
    for kind in ConnectionKind::ALL {
        let error = registry.connect("alice", (&here, &nobody), kind).unwrap_err();
        assert_eq!(error.registry(), unknown);
        let error = registry.disconnect("alice", (&here, &nobody), kind).unwrap_err();
        assert_eq!(error.registry(), unknown);
    }
    for query in queries(&nobody) {
        let error = registry.try_query::<Empty>(&query).unwrap_err().to_string();
        assert!(error.contains(&unknown.to_string()), "{error}");
    }
}

#[test]
fn a_market_that_somebody_opened_alone_is_no_model() {
    let mut registry = Registry::on_mock();
    let here = registry.open("alice", "IRIS");
    let alone: market::ConfigResponse = registry.market(&here, &market::QueryMsg::Config {});
    let OpenModel { name, symbol, reserve_denom, params, .. } = registry.message("ALONE");
    let msg = market::InstantiateMsg {
        name,
        symbol,
        reserve_denom,
        creator: alone.creator.to_string(),
        metrics_source: alone.metrics_source.into_string(),
        rewards: alone.rewards.into_string(),
        provenance: alone.provenance.into_string(),
        params,
        marketing: None,
    };
    let funds = registry.funds();
    registry.fund("alice", &funds);
    let (model, _) = registry.chain.open(alone.creator.as_str(), &msg, &funds).unwrap();
    let unknown = ContractError::UnknownModel { model: Addr::unchecked(&model) };
    let error = registry.connect("alice", (&here, &model), ConnectionKind::Cites).unwrap_err();
    assert_eq!(error.registry(), unknown);
    let parents = vec![Parent { model, royalty_bps: 0 }];
    let error = registry.try_open("alice", "CHILD", |msg| msg.parents = parents).unwrap_err();
    assert_eq!(error.registry(), unknown);
}

#[rstest]
#[case::empty("")]
#[case::a_name("nobody")]
#[case::of_another_chain("cosmos1qyqszqgpqyqszqgpqyqszqgpqyqszqgpjnp7du")]
#[case::in_capitals("WASM1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ4TJ6G")]
#[case::far_too_long(&"wasm1".repeat(10_000))]
fn addresses_that_are_none(#[case] wrong: &str) {
    let mut registry = Registry::on_mock();
    let here = registry.open("alice", "IRIS");
    for msg in messages(&registry, wrong, &here) {
        let error = registry.send("alice", &msg).unwrap_err().registry();
        assert!(matches!(error, ContractError::Std(_)), "{error}");
    }
    let to = Some(wrong.to_owned());
    let offer = ExecuteMsg::OfferModel { model: here.clone(), to };
    let error = registry.send("alice", &offer).unwrap_err().registry();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
    let error = registry.connect("alice", (&here, wrong), ConnectionKind::Cites).unwrap_err();
    assert!(matches!(error.registry(), ContractError::Std(_)));
    let filter = Some(ModelFilter::Creator(wrong.to_owned()));
    let creator = wrong.to_owned();
    let others = [
        QueryMsg::Models { filter, start_after: None, limit: None },
        QueryMsg::HIndex { creator: creator.clone() },
        QueryMsg::ModelAddress { creator, symbol: "IRIS".to_owned() },
    ];
    for query in queries(wrong).into_iter().chain(others) {
        assert!(registry.try_query::<Empty>(&query).is_err(), "{query:?}");
    }
}

#[test]
fn coins_are_refused_with_every_message_but_the_opening() {
    let mut registry = Registry::on_mock();
    let (one, two) = (registry.open("alice", "ONE"), registry.open("bob", "TWO"));
    let funds = coins(5, "ureserve");
    registry.fund("alice", &funds);
    for msg in messages(&registry, &one, &two) {
        let error = registry.send_with("alice", &msg, &funds).unwrap_err().registry();
        assert!(matches!(error, ContractError::Payment(_)), "{error}");
    }
}

#[rstest]
#[case::a_short_name(|msg: &mut OpenModel| msg.name = "ab".to_owned(), "name")]
#[case::a_long_name(|msg: &mut OpenModel| msg.name = "a".repeat(51), "name")]
#[case::no_symbol(|msg: &mut OpenModel| msg.symbol.clear(), "symbol")]
#[case::a_long_symbol(|msg: &mut OpenModel| msg.symbol = "A".repeat(13), "symbol")]
#[case::a_far_too_long_symbol(|msg: &mut OpenModel| msg.symbol = "A".repeat(100_000), "symbol")]
#[case::a_symbol_of_two_words(|msg: &mut OpenModel| msg.symbol = "A B".to_owned(), "symbol")]
fn names_that_the_market_refuses(#[case] change: fn(&mut OpenModel), #[case] field: &str) {
    let mut registry = Registry::on_mock();
    let stored = registry.stored();
    let error = registry.try_open("alice", "IRIS", change).unwrap_err().market();
    assert!(
        matches!(&error, MarketError::Parameter { parameter, .. } if *parameter == field),
        "{error}"
    );
    assert_eq!(registry.stored(), stored);
}

#[test]
fn an_empty_denom_is_none() {
    let mut registry = Registry::on_mock();
    let change = |msg: &mut OpenModel| msg.reserve_denom.clear();
    let error = registry.try_open("alice", "IRIS", change).unwrap_err().registry();
    assert!(
        matches!(error, ContractError::ForeignCoin { .. } | ContractError::Fee { .. }),
        "{error}"
    );
}

#[test]
fn a_registry_of_a_code_that_is_not_there_or_addresses_that_are_none_is_not_made() {
    let no_code = Registry::with(|_, msg| msg.market_code_id = 999);
    assert!(matches!(no_code.err().unwrap().registry(), ContractError::Std(_)));
    for role in ["training", "rewards", "provenance"] {
        let result = Registry::with(|_, msg| {
            let wrong = "nobody".to_owned();
            match role {
                "training" => msg.training = wrong,
                "rewards" => msg.rewards = wrong,
                _ => msg.provenance = wrong,
            }
        });
        assert!(matches!(result.err().unwrap().registry(), ContractError::Std(_)), "{role}");
    }
}

#[test]
fn words_that_no_message_has_are_refused() {
    let mut registry = Registry::on_mock();
    let model = registry.open("alice", "IRIS");
    let (sender, address) = (registry.account("alice"), registry.address.clone());
    for text in [
        format!(r#"{{"connect":{{"from":"{model}","to":"{model}","kind":"loves"}}}}"#),
        format!(r#"{{"accept_model":"{model}"}}"#),
        format!(r#"{{"offer_model":{{"to":"{model}"}}}}"#),
        r#"{"migrate":{}}"#.to_owned(),
        r#"{"update_admin":{"admin":null}}"#.to_owned(),
    ] {
        let msg: serde_json::Value = serde_json::from_str(&text).unwrap();
        let refused = modelbond_tests::Contracts::execute_any(
            &mut registry.chain,
            &sender,
            &address,
            &msg,
            &[],
        );
        assert!(matches!(refused.unwrap_err(), Failure::Text(_)), "{text}");
    }
    let model: ModelResponse = registry.query(&QueryMsg::Model { model });
    assert_eq!(model.number, 1);
}
