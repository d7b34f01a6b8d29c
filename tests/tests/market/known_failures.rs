//! What went wrong on other bonding curves, as tests that this one passes.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{CurveKind, ExecuteMsg, MarketParams};
use modelbond_market::ContractError;
use modelbond_tests::{Chain, Mock, Order, Suite};
use rstest::rstest;

use crate::{DAY, HOUR, KINDS, PLENTY};

fn market() -> Suite<Mock> {
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

/// cw-abc C-1: whoever owns the contract changes the curve and takes the reserve.
#[test]
fn no_message_changes_the_curve_under_the_holders() {
    let mut suite = market();
    suite.buy("alice", 100_000_000).unwrap();
    let tokens = suite.tokens("alice");
    let before = suite.quote_sell(tokens, false).unwrap().gross;
    for change in [
        "update_curve",
        "update_config",
        "update_params",
        "set_multiplier",
        "withdraw",
        "pause",
        "close",
        "update_owner",
        "migrate",
        "sudo",
    ] {
        let msg: Result<ExecuteMsg, _> = cosmwasm_std::from_json(format!("{{\"{change}\":{{}}}}"));
        assert!(msg.is_err(), "{change}");
    }
    // The only lever is the metrics source, and it does not reach the holders.
    for percents in [[100, 100, 100, 100], [0, 0, 0, 0]] {
        suite.report(percents).unwrap();
        suite.wait(60 * DAY);
        assert!(suite.quote_sell(tokens, false).unwrap().gross >= before);
    }
}

/// The same by migration: no wasm admin, and nothing to migrate to.
#[test]
fn a_market_has_no_admin_and_cannot_be_migrated() {
    let mut suite = market();
    let address = cosmwasm_std::Addr::unchecked(&suite.market);
    let data = suite.chain.app().contract_data(&address).unwrap();
    assert_eq!(data.admin, None);
    let creator = cosmwasm_std::Addr::unchecked(&suite.msg.creator);
    let code_id = suite.chain.code_id();
    let empty = cosmwasm_std::Empty {};
    let app = suite.chain.app_mut();
    assert!(
        cw_multi_test::Executor::migrate_contract(app, creator, address, &empty, code_id).is_err()
    );
}

/// Virtuals' `getAmountsOut`, Balancer V2 in 2025: rounding towards the trader, many times.
#[rstest]
fn no_number_of_tiny_round_trips_takes_anything_out(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
) {
    let mut suite = Suite::with_curve(kind).with_balance("alice", PLENTY).build();
    suite.wait_for_unlock();
    let reserve = suite.ledgers().reserve;
    for round in 0..150u128 {
        let e = suite.buy_exact("alice", 1 + round % 50, 1_000).unwrap();
        let _ = suite.sell("alice", e.tokens_out.u128());
        let coins = suite.coins("alice");
        let held = suite.tokens("alice");
        let worth = modelbond_tests::market::worth(
            &modelbond_tests::market::curve(suite.params()),
            suite.supply().into(),
            suite.ledgers().reserve,
            held.into(),
        );
        assert!(coins + worth <= PLENTY, "{kind:?}, round {round}");
    }
    assert!(suite.ledgers().reserve >= reserve);
}

/// Spectral: the reserve was what the balance said.
#[test]
fn coins_sent_to_the_market_change_no_price() {
    let mut suite = market();
    let before = (suite.price(), suite.quote_buy(10_000_000, false).unwrap());
    let (from, to) = (suite.address("bob"), suite.market.clone());
    let coins = suite.chain.money(PLENTY);
    suite.chain.pay(&from, &to, &coins).unwrap();
    assert_eq!((suite.price(), suite.quote_buy(10_000_000, false).unwrap()), before);
    let tokens = suite.buy("alice", 10_000_000).unwrap().tokens_out;
    assert_eq!(tokens, before.1.tokens_out);
}

/// An address that can be known before, funded before the contract is there.
#[test]
fn a_market_at_an_address_that_was_funded_before_opens_as_any_other() {
    let plain = Suite::builder().build();
    let address = plain.market.clone();
    let mut chain = Mock::replaying("ureserve", &address);
    let gift = chain.money(PLENTY);
    chain.fund(&address, &gift);
    let funded = Suite::builder().build_on(chain).unwrap();
    assert_eq!(funded.market, address);
    assert_eq!(funded.ledgers(), plain.ledgers());
    assert_eq!(funded.price(), plain.price());
    assert_eq!(funded.opened, plain.opened);
    assert_eq!(funded.coins("creator"), plain.coins("creator"));
    assert_eq!(funded.chain.balance(&address), PLENTY + plain.opened.cost.u128());
}

/// GTE: the quote for the last token rounded to zero and the launch could not end.
#[rstest]
fn the_very_last_unit_can_be_bought(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    #[values(0, 1, 500, 1_500)] stakeholder_bps: u32,
    #[values(1, 2, 3, 20, 21, 1_000)] left: u128,
) {
    let mut suite = Suite::with_curve(kind)
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.allocation.stakeholder_bps = stakeholder_bps;
            p.initial_supply = p.curve.max_supply - Uint128::new(left);
        })
        .build();
    suite.wait_for_unlock();
    let max = suite.params().curve.max_supply.u128();
    let mut orders = 0;
    while suite.supply() < max {
        let buyer = suite.buy_with("alice", 1_000_000, Order::PARTIAL);
        assert!(buyer.is_ok(), "{left} left, order {orders}: {buyer:?}");
        orders += 1;
        assert!(orders < 5);
    }
    assert_eq!(suite.supply(), max);
    let held = suite.tokens("alice") + suite.vesting().stakeholders.vesting.u128();
    assert_eq!(held, left);
}

#[test]
fn the_last_unit_can_also_be_bought_exactly_one_by_one() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| p.initial_supply = p.curve.max_supply - Uint128::new(7))
        .build();
    suite.wait_for_unlock();
    let max = suite.params().curve.max_supply.u128();
    while suite.supply() < max {
        suite.buy_exact("alice", 1, 1_000_000).unwrap();
    }
    assert_refused!(
        suite.buy_exact("alice", 1, 1_000_000),
        ContractError::SupplyExceeded { available } if available.is_zero()
    );
}

/// The first buyer inflates the worth of a unit until the next one's purchase rounds to nothing.
#[test]
fn the_first_buyer_cannot_make_the_next_ones_purchase_round_to_nothing() {
    let mut suite = Suite::builder()
        .with_balance("mallory", PLENTY * 1_000)
        .with_balance("alice", PLENTY)
        .with_params(|p| p.stream_secs = 10)
        .build();
    suite.wait_for_unlock();
    suite.buy("mallory", 1_000).unwrap();
    // Donations do nothing; funding the reserve lifts the backing and is the floor's for ever.
    let reserve = suite.ledgers().reserve.u128();
    suite.fund_reserve("mallory", reserve * 100).unwrap();
    suite.wait(DAY);
    let (before, backing) = (suite.coins("mallory"), suite.price().backing);
    assert!(backing > Decimal::percent(9_900));
    let e = suite.buy("alice", 100_000_000).unwrap();
    let paid = e.amount_in.u128();
    let worth = suite.quote_sell(e.tokens_out.u128(), true).unwrap().reserve_out.u128();
    assert!(worth * 100 > paid * 92, "{worth} of {paid}");
    suite.leave("mallory");
    let got_back = suite.coins("mallory") - before;
    assert!(got_back * 1_000 < reserve * 100, "{got_back} of {}", reserve * 100);
}

/// cw20-bonding: a panic above 281,474,976 tokens, and nothing minted for 6.5 % of small orders.
#[rstest]
fn large_numbers_are_served_without_a_panic(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    #[values(1_000, 1_000_000_000)] price: u128,
) {
    let max = 10u128.pow(18);
    let params =
        MarketParams::recommended(kind, Decimal::from_ratio(price, 1u128), Uint128::new(max));
    let mut suite = Suite::builder()
        .with_params(|p| *p = params)
        .with_opening_funds(1 << 100)
        .with_balance("alice", 1 << 110)
        .build();
    suite.wait_for_unlock();
    // A million million tokens and prices far beyond any economy, up to the last unit.
    let mut hours = 0;
    while suite.supply() < max {
        suite.buy_with("alice", 1 << 105, Order::PARTIAL).unwrap();
        suite.wait(HOUR);
        hours += 1;
        assert!(hours < 200, "{}", suite.supply());
    }
    let tokens = suite.tokens("alice");
    assert!(suite.quote_sell(tokens, true).is_ok());
    assert!(suite.leave("alice") > 0);
}

#[test]
fn every_small_order_that_pays_for_a_unit_gets_one() {
    for kind in KINDS {
        let mut suite = Suite::with_curve(kind).with_balance("alice", PLENTY).build();
        suite.wait_for_unlock();
        let least = suite.quote_buy_exact(1).unwrap().amount_in.u128();
        for amount in least..least + 60 {
            let e = suite.buy("alice", amount).unwrap();
            assert!(e.tokens_out > Uint128::zero(), "{kind:?} {amount}");
            assert_eq!(e.amount_in + e.refund, Uint128::new(amount));
        }
    }
}

/// A sandwich around an order without a bound: here the bound and the deadline are required.
#[test]
fn an_order_without_a_bound_or_a_deadline_does_not_parse() {
    let whole = [
        r#"{"buy":{"min_tokens_out":"0","deadline":"1","partial":false}}"#,
        r#"{"buy_exact":{"tokens_out":"1","deadline":"1"}}"#,
        r#"{"sell":{"tokens_in":"1","min_reserve_out":"0","deadline":"1","partial":false}}"#,
    ];
    for json in whole {
        assert!(cosmwasm_std::from_json::<ExecuteMsg>(json).is_ok(), "{json}");
    }
    for json in [
        r#"{"buy":{}}"#,
        r#"{"buy":{"deadline":"1","partial":false}}"#,
        r#"{"buy":{"min_tokens_out":"0","partial":false}}"#,
        r#"{"buy_exact":{"tokens_out":"1"}}"#,
        r#"{"sell":{"tokens_in":"1","deadline":"1","partial":false}}"#,
        r#"{"sell":{"tokens_in":"1","min_reserve_out":"0","partial":false}}"#,
    ] {
        assert!(cosmwasm_std::from_json::<ExecuteMsg>(json).is_err(), "{json}");
    }
}

#[test]
fn a_sandwiched_order_with_a_bound_is_refused_and_costs_its_sender_nothing() {
    let mut suite = market();
    let fair = suite.quote_buy(50_000_000, false).unwrap().tokens_out.u128();
    suite.buy("bob", 100_000_000).unwrap();
    let order = Order::PLAIN.min_out(fair * 995 / 1_000);
    assert_refused!(suite.buy_with("alice", 50_000_000, order), ContractError::MinTokensOut { .. });
    assert_eq!(suite.coins("alice"), PLENTY);
}
