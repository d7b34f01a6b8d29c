//! Opening: what is written, what is paid, where the market is.

use cosmwasm_std::{coin, coins, Addr, Coin, Decimal, Uint128};
use modelbond_interface::market;
use modelbond_interface::market::{FeeSplit, LedgersResponse, MarketOpened};
use modelbond_interface::registry::{
    ExecuteMsg, ModelFilter, ModelOpened, ModelTerms, OpenModel, TERMS,
};
use modelbond_market::ContractError as MarketError;
use modelbond_registry::ContractError;
use modelbond_tests::deployment::FEE;
use modelbond_tests::suite::CREATOR_FUNDS;
use modelbond_tests::{Chain, Contracts, Registry};
use rstest::rstest;

fn opening(msg: OpenModel) -> ExecuteMsg {
    ExecuteMsg::OpenModel(Box::new(msg))
}

/// Opens with these coins.
fn open_paying(
    registry: &mut Registry,
    symbol: &str,
    funds: &[Coin],
) -> Result<modelbond_tests::Outcome, modelbond_tests::Failure> {
    let msg = opening(registry.message(symbol));
    registry.fund("alice", funds);
    registry.send_with("alice", &msg, funds)
}

#[test]
fn a_model_is_what_its_creator_said() {
    let mut registry = Registry::on_mock();
    let msg = registry.message("IRIS");
    let event = registry.open_with("alice", msg.clone()).unwrap().event::<ModelOpened>();
    let alice = registry.account("alice");
    let expected = ModelOpened {
        number: 1,
        model: event.model.clone(),
        creator: alice.clone(),
        symbol: "IRIS".to_owned(),
        use_cases: "photo-classification".to_owned(),
        parents: String::new(),
        royalty_bps: 1_000,
        reward_rate: Decimal::permille(4),
        fee: FEE.into(),
        fee_denom: "ureserve".to_owned(),
    };
    assert_eq!(event, expected);

    let model = registry.model(&event.model);
    assert_eq!((model.number, model.model.as_str()), (1, event.model.as_str()));
    assert_eq!((model.name.as_str(), model.symbol.as_str()), ("Model IRIS", "IRIS"));
    assert_eq!(model.opened_at, registry.chain.now());
    assert_eq!((model.metadata, model.use_cases), (msg.metadata, msg.use_cases));
    assert_eq!((model.offered_to, model.citations), (None, 0));
    let terms = ModelTerms {
        creator: Addr::unchecked(&alice),
        owner: Addr::unchecked(&alice),
        reserve_denom: "ureserve".to_owned(),
        reward_rate: Decimal::permille(4),
        royalty_bps: 1_000,
        parents: vec![],
    };
    assert_eq!(model.terms, terms);
}

#[test]
fn its_market_has_the_roles_of_the_deployment_and_no_admin() {
    let mut registry = Registry::on_mock();
    let market = registry.open("alice", "IRIS");
    let config: market::ConfigResponse = registry.market(&market, &market::QueryMsg::Config {});
    let deployment = registry.deployment.clone();
    assert_eq!(config.creator.as_str(), registry.account("alice"));
    assert_eq!(config.metrics_source.as_str(), deployment.training);
    assert_eq!(config.rewards.as_str(), deployment.rewards);
    assert_eq!(config.provenance.as_str(), deployment.provenance);
    let info = registry.chain.app().wrap().query_wasm_contract_info(&market).unwrap();
    assert_eq!((info.admin, info.creator.as_str()), (None, registry.address.as_str()));
    assert_eq!(info.code_id, registry.config().market_code_id);
}

#[test]
fn other_contracts_read_the_terms_in_place() {
    let mut registry = Registry::on_mock();
    let market = registry.open("alice", "IRIS");
    // As cw-storage-plus has the key of a map: its name after the name's length.
    let key = [&[0, 5][..], TERMS.as_bytes(), market.as_bytes()].concat();
    let raw = registry.chain.app().wrap().query_wasm_raw(&registry.address, key).unwrap();
    let terms: ModelTerms = cosmwasm_std::from_json(raw.unwrap()).unwrap();
    assert_eq!(terms, registry.model(&market).terms);
}

#[test]
fn the_fee_is_burned_to_the_unit_and_the_rest_comes_back_to_the_creator() {
    let mut registry = Registry::on_mock();
    let funds = registry.funds();
    registry.fund("alice", &funds);
    let before = registry.supply("ureserve");
    let msg = opening(registry.message("IRIS"));
    let outcome = registry.send_with("alice", &msg, &funds).unwrap();
    assert_eq!(registry.supply("ureserve"), before - FEE);
    let opened = outcome.event::<MarketOpened>();
    assert_eq!(opened.cost + opened.refund, Uint128::new(CREATOR_FUNDS));
    assert_eq!(registry.coins("alice"), opened.refund.u128());
    let market = outcome.event::<ModelOpened>().model;
    assert_eq!(registry.chain.balance(&market), opened.cost.u128());
    assert_eq!(registry.chain.balance(&registry.address), 0);
}

#[test]
fn the_exact_price_opens_and_one_unit_less_does_not() {
    let mut registry = Registry::on_mock();
    let msg = registry.message("IRIS");
    let opened = registry.open_with("bob", msg).unwrap().event::<MarketOpened>();
    let price = FEE + opened.cost.u128();
    let error = open_paying(&mut registry, "IRIS", &coins(price - 1, "ureserve")).unwrap_err();
    let sent = opened.cost - Uint128::one();
    let denom = "ureserve".to_owned();
    assert_eq!(error.market(), MarketError::OpeningFunds { cost: opened.cost, denom, sent });
    let outcome = open_paying(&mut registry, "IRIS", &coins(price, "ureserve")).unwrap();
    assert_eq!(outcome.event::<MarketOpened>().refund, Uint128::zero());
}

#[rstest]
#[case::nothing(0)]
#[case::one_unit_less(FEE - 1)]
fn less_than_the_fee_is_refused(#[case] sent: u128) {
    let mut registry = Registry::on_mock();
    let funds = registry.chain.money(sent);
    let error = open_paying(&mut registry, "IRIS", &funds).unwrap_err().registry();
    let fee = coin(FEE, "ureserve");
    assert_eq!(error, ContractError::Fee { fee, sent: Uint128::new(sent) });
}

#[test]
fn the_fee_alone_pays_for_no_market() {
    let mut registry = Registry::on_mock();
    let error = open_paying(&mut registry, "IRIS", &coins(FEE, "ureserve")).unwrap_err();
    assert!(matches!(error.market(), MarketError::Payment(_)));
}

#[test]
fn a_fee_in_another_denom_is_a_coin_of_its_own() {
    let mut registry = Registry::with(|_, msg| msg.fee = coin(7, "ufee")).unwrap();
    let deposit = coin(CREATOR_FUNDS, "ureserve");
    let unpaid = |sent| ContractError::Fee { fee: coin(7, "ufee"), sent: Uint128::new(sent) };
    for sent in [6, 8] {
        let funds = [coin(sent, "ufee"), deposit.clone()];
        let error = open_paying(&mut registry, "IRIS", &funds).unwrap_err().registry();
        assert_eq!(error, unpaid(sent));
    }
    let error =
        open_paying(&mut registry, "IRIS", std::slice::from_ref(&deposit)).unwrap_err().registry();
    assert_eq!(error, unpaid(0));

    let before = registry.supply("ufee");
    let outcome = open_paying(&mut registry, "IRIS", &[coin(7, "ufee"), deposit]).unwrap();
    assert_eq!(registry.supply("ufee"), before);
    assert_eq!(outcome.event::<ModelOpened>().fee_denom, "ufee");
    assert_eq!(
        outcome.event::<MarketOpened>().cost + outcome.event::<MarketOpened>().refund,
        Uint128::new(CREATOR_FUNDS)
    );
    assert_eq!(registry.chain.balance_of(&registry.address, "ufee"), 0);
}

#[rstest]
#[case::in_the_reserve_denom("ureserve")]
#[case::in_another("ufee")]
fn a_fee_of_nothing_is_none(#[case] denom: &str) {
    let mut registry = Registry::with(|_, msg| msg.fee = coin(0, denom)).unwrap();
    let funds = coins(CREATOR_FUNDS, "ureserve");
    registry.fund("alice", &funds);
    let before = registry.supply("ureserve");
    let msg = opening(registry.message("IRIS"));
    let event = registry.send_with("alice", &msg, &funds).unwrap().event::<ModelOpened>();
    assert_eq!(event.fee, Uint128::zero());
    assert_eq!(registry.supply("ureserve"), before);
    let funds = [coin(1, "ufee"), coin(CREATOR_FUNDS, "ureserve")];
    let error = open_paying(&mut registry, "WINE", &funds).unwrap_err().registry();
    assert_eq!(error, ContractError::ForeignCoin { coin: coin(1, "ufee") });
}

#[test]
fn coins_that_are_neither_fee_nor_deposit_are_refused() {
    let mut registry = Registry::on_mock();
    let funds = [coin(CREATOR_FUNDS, "ureserve"), coin(1, "uusd")];
    let error = open_paying(&mut registry, "IRIS", &funds).unwrap_err().registry();
    assert_eq!(error, ContractError::ForeignCoin { coin: coin(1, "uusd") });
    assert_eq!(registry.chain.balance_of(&registry.account("alice"), "uusd"), 1);
}

#[test]
fn a_market_may_have_another_denom_than_the_fee() {
    let mut registry = Registry::on_mock();
    let mut msg = registry.message("IRIS");
    msg.reserve_denom = "uusd".to_owned();
    let funds = [coin(FEE, "ureserve"), coin(CREATOR_FUNDS, "uusd")];
    registry.fund("alice", &funds);
    let outcome = registry.send_with("alice", &opening(msg), &funds).unwrap();
    let market = outcome.event::<ModelOpened>().model;
    assert_eq!(registry.model(&market).terms.reserve_denom, "uusd");
    assert_eq!(registry.coins("alice"), 0);
    let refund = outcome.event::<MarketOpened>().refund.u128();
    assert_eq!(registry.chain.balance_of(&registry.account("alice"), "uusd"), refund);
}

#[test]
fn if_the_market_refuses_nothing_has_happened() {
    let mut registry = Registry::on_mock();
    registry.open("bob", "WINE");
    let (stored, funds) = (registry.stored(), registry.funds());
    registry.fund("alice", &funds);
    let (coins, supply) = (registry.coins("alice"), registry.supply("ureserve"));
    let mut msg = registry.message("IRIS");
    msg.params.fees.fee_bps = 301;
    let error = registry.send_with("alice", &opening(msg), &funds).unwrap_err().market();
    assert!(matches!(error, MarketError::Parameter { parameter: "fee_bps", .. }), "{error}");
    assert_eq!(registry.stored(), stored);
    assert_eq!((registry.coins("alice"), registry.supply("ureserve")), (coins, supply));
    assert!(!registry.predicted("alice", "IRIS").opened);
    assert_eq!(registry.config().models, 1);
    // The symbol is free.
    assert_eq!(registry.try_open("alice", "IRIS", |_| {}).unwrap().number, 2);
}

#[test]
fn the_address_is_known_before_and_follows_from_creator_and_symbol_alone() {
    let mut registry = Registry::on_mock();
    let predicted = registry.predicted("alice", "IRIS");
    assert!(!predicted.opened);
    registry.open("bob", "WINE");
    registry.chain.wait(1_000);
    let event = registry
        .try_open("alice", "IRIS", |msg| {
            msg.name = "Another name".to_owned();
            msg.royalty_bps = 5;
            msg.params.fees.fee_bps = 50;
        })
        .unwrap();
    assert_eq!(event.model, predicted.model.as_str());
    let now = registry.predicted("alice", "IRIS");
    assert_eq!((now.model, now.opened), (predicted.model.clone(), true));
    for (creator, symbol) in [("alice", "IRIS2"), ("alice", "iris"), ("bob", "IRIS")] {
        assert_ne!(registry.predicted(creator, symbol).model, predicted.model);
    }
}

#[test]
fn coins_at_the_address_before_it_opens_change_nothing() {
    let plain = {
        let mut registry = Registry::on_mock();
        let market = registry.open("alice", "IRIS");
        registry.market::<LedgersResponse>(&market, &market::QueryMsg::Ledgers {})
    };
    let mut registry = Registry::on_mock();
    let predicted = registry.predicted("alice", "IRIS").model.into_string();
    registry.chain.fund(&predicted, &[coin(777, "ureserve"), coin(5, "uusd")]);
    let market = registry.open("alice", "IRIS");
    assert_eq!(market, predicted);
    let ledgers: LedgersResponse = registry.market(&market, &market::QueryMsg::Ledgers {});
    assert_eq!(ledgers, plain);
    assert_eq!(registry.chain.balance(&market), plain.reserve.u128() + 777);
}

#[test]
fn a_creator_has_a_symbol_once_and_others_may_have_it_too() {
    let mut registry = Registry::on_mock();
    let model = registry.open("alice", "IRIS");
    let error = registry.try_open("alice", "IRIS", |_| {}).unwrap_err().registry();
    let creator = Addr::unchecked(registry.account("alice"));
    let (symbol, at) = ("IRIS".to_owned(), Addr::unchecked(&model));
    assert_eq!(error, ContractError::SymbolTaken { creator, symbol, model: at });
    assert_ne!(registry.open("bob", "IRIS"), model);
    registry.open("alice", "WINE");
    // Also when its record belongs to somebody else.
    registry.offer("alice", &model, Some("bob")).unwrap();
    registry.accept("bob", &model).unwrap();
    let error = registry.try_open("alice", "IRIS", |_| {}).unwrap_err().registry();
    assert!(matches!(error, ContractError::SymbolTaken { .. }), "{error}");
}

#[rstest]
#[case::of_the_defaults(100, 4_000, None, Decimal::permille(4))]
#[case::of_the_highest_fee(300, 8_000, None, Decimal::permille(24))]
#[case::of_the_smallest_part(30, 1, None, Decimal::from_ratio(30u128, 100_000_000u128))]
#[case::of_rewards_that_get_nothing(100, 0, None, Decimal::zero())]
#[case::less(100, 4_000, Some(Decimal::permille(1)), Decimal::permille(1))]
#[case::none(100, 4_000, Some(Decimal::zero()), Decimal::zero())]
#[case::all(100, 4_000, Some(Decimal::permille(4)), Decimal::permille(4))]
fn the_reward_rate_is_the_one_asked_for_or_what_rewards_get_of_the_fee(
    #[case] fee_bps: u32,
    #[case] rewards_bps: u32,
    #[case] asked: Option<Decimal>,
    #[case] expected: Decimal,
) {
    let mut registry = Registry::on_mock();
    let change = |msg: &mut OpenModel| {
        msg.params.fees.fee_bps = fee_bps;
        let (provenance_bps, treasury_bps) = (8_000 - rewards_bps, 0);
        msg.params.fees.split =
            FeeSplit { rewards_bps, provenance_bps, treasury_bps, reserve_bps: 2_000 };
        msg.reward_rate = asked;
    };
    let event = registry.try_open("alice", "IRIS", change).unwrap();
    assert_eq!(event.reward_rate, expected);
    assert_eq!(registry.model(&event.model).terms.reward_rate, expected);
}

#[test]
fn more_block_rewards_than_rewards_get_of_a_fee_are_refused() {
    let mut registry = Registry::on_mock();
    let most = Decimal::permille(4);
    let rate = most + Decimal::from_atomics(1u128, 18).unwrap();
    let error = registry.try_open("alice", "IRIS", |msg| msg.reward_rate = Some(rate)).unwrap_err();
    assert_eq!(error.registry(), ContractError::RewardRate { rate, most });
}

#[test]
fn a_fee_without_bounds_is_refused_by_the_market_not_by_arithmetic() {
    let mut registry = Registry::on_mock();
    let change = |msg: &mut OpenModel| {
        msg.params.fees.fee_bps = u32::MAX;
        msg.params.fees.split.rewards_bps = u32::MAX;
    };
    let error = registry.try_open("alice", "IRIS", change).unwrap_err().market();
    assert!(matches!(error, MarketError::Parameter { parameter: "fee_bps", .. }), "{error}");
}

#[test]
fn models_are_listed_in_the_order_of_opening_in_pages() {
    let mut registry = Registry::on_mock();
    for place in 0..35 {
        let who = if place % 5 == 0 { "bob" } else { "alice" };
        registry.open(who, &format!("MODEL{place}"));
    }
    assert_eq!(registry.config().models, 35);
    assert_eq!(registry.models(None, None, None), (1..=10).collect::<Vec<_>>());
    assert_eq!(registry.models(None, None, Some(100)), (1..=30).collect::<Vec<_>>());
    assert_eq!(registry.models(None, Some(30), Some(100)), (31..=35).collect::<Vec<_>>());
    assert_eq!(registry.models(None, Some(35), None), [0u32; 0]);
    assert_eq!(registry.models(None, Some(u32::MAX), None), [0u32; 0]);
    assert_eq!(registry.models(None, None, Some(0)), [0u32; 0]);
    let of = |who| Some(ModelFilter::Creator(registry.account(who)));
    assert_eq!(registry.models(of("bob"), None, None), [1, 6, 11, 16, 21, 26, 31]);
    assert_eq!(registry.models(of("bob"), Some(6), Some(2)), [11, 16]);
    assert_eq!(registry.models(of("alice"), Some(33), None), [34, 35]);
    assert_eq!(registry.models(of("alice"), None, Some(100)).len(), 28);
    assert_eq!(registry.models(of("carol"), None, None), [0u32; 0]);
}

#[test]
fn whoever_has_no_model_has_no_index() {
    let registry = Registry::on_mock();
    let index = registry.h_index("alice");
    assert_eq!((index.h, index.models, index.citations), (0, 0, 0));
    assert_eq!(registry.models(None, None, None), [0u32; 0]);
}

#[test]
fn a_second_registry_makes_markets_of_its_own() {
    let mut registry = Registry::with(|_, _| {}).unwrap();
    let predicted = registry.predicted("alice", "IRIS").model;
    registry.open("alice", "IRIS");
    let other = registry.deployment.registry.clone();
    let query = modelbond_interface::registry::QueryMsg::ModelAddress {
        creator: registry.account("alice"),
        symbol: "IRIS".to_owned(),
    };
    let there: modelbond_interface::registry::ModelAddressResponse =
        registry.chain.query_any(&other, &query).unwrap();
    assert!(!there.opened);
    assert_ne!(there.model, predicted);
}
