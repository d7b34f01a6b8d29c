//! Averages, and why the price is not what it was.

use cosmwasm_std::{Decimal, SignedDecimal, Timestamp};
use modelbond_interface::market::{CurveResponse, ExplainResponse, QueryMsg, TwapResponse};
use modelbond_tests::{Chain, Mock, Order, Suite};

use crate::{DAY, HOUR, KINDS, PLENTY};

fn market() -> Suite<Mock> {
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

fn explain(suite: &Suite<Mock>, since: Timestamp) -> ExplainResponse {
    let e: ExplainResponse = suite.query(&QueryMsg::Explain { since }).unwrap();
    assert_eq!(e.before + e.fees_and_burn + e.multiplier + e.flow, e.now, "{e:?}");
    assert_eq!(e.now.to_string(), suite.price().spot.to_string());
    e
}

fn twap(suite: &Suite<Mock>, window_secs: u64) -> Decimal {
    let answer: TwapResponse = suite.query(&QueryMsg::Twap { window_secs }).unwrap();
    assert_eq!(answer.window_secs, window_secs);
    answer.price
}

#[test]
fn the_parts_of_an_explanation_add_up_exactly_over_a_long_story() {
    let mut suite = market();
    let opened = suite.config().opened_at;
    let mut moments = vec![opened];
    for round in 0..12u64 {
        suite.wait(HOUR * (1 + round % 5));
        moments.push(suite.chain.now());
        match round % 6 {
            0 => drop(suite.buy_with("alice", PLENTY / 20, Order::PARTIAL)),
            1 => drop(suite.report([90, round * 8, 100, 5])),
            2 => drop(suite.fund_reserve("bob", 50_000_000)),
            3 => {
                let tokens = suite.tokens("alice");
                drop(suite.sell_with("alice", tokens / 3, Order::PARTIAL));
            }
            4 => drop(suite.burn("alice", 1_000_000)),
            _ => drop(suite.buy("bob", 1_000_000)),
        }
        for since in &moments {
            explain(&suite, *since);
        }
    }
}

#[test]
fn a_trade_alone_is_flow() {
    let mut suite = market();
    suite.wait(HOUR);
    suite.fund_reserve("bob", 1).unwrap();
    let since = suite.chain.now();
    suite.buy("alice", 50_000_000).unwrap();
    let e = explain(&suite, since);
    assert_eq!(e.since, since);
    assert!(e.flow > SignedDecimal::zero());
    assert_eq!(e.multiplier, SignedDecimal::zero());
    assert_eq!(e.fees_and_burn, SignedDecimal::zero());
}

#[test]
fn what_streams_in_alone_is_fees_and_burn() {
    let mut suite = market();
    let reserve = suite.ledgers().reserve.u128();
    suite.fund_reserve("bob", reserve / 2).unwrap();
    let since = suite.chain.now();
    suite.wait(9 * DAY);
    let e = explain(&suite, since);
    assert!(e.fees_and_burn > SignedDecimal::zero());
    assert_eq!(e.flow, SignedDecimal::zero());
    assert_eq!(e.multiplier, SignedDecimal::zero());
}

#[test]
fn a_moving_multiplier_alone_is_multiplier() {
    let mut suite = market();
    suite.report([100, 100, 100, 100]).unwrap();
    let since = suite.chain.now();
    suite.wait(20 * HOUR);
    let e = explain(&suite, since);
    assert!(e.multiplier > SignedDecimal::zero());
    assert_eq!(e.flow, SignedDecimal::zero());
    assert_eq!(e.fees_and_burn, SignedDecimal::zero());
}

#[test]
fn since_rounds_down_to_an_observation_and_the_answer_names_it() {
    let mut suite = market();
    suite.wait(HOUR);
    suite.buy("alice", 1_000_000).unwrap();
    let observed = suite.chain.now();
    suite.wait(300);
    assert_eq!(explain(&suite, suite.chain.now()).since, observed);
    assert_eq!(explain(&suite, observed).since, observed);
    assert!(explain(&suite, observed.minus_nanos(1)).since < observed);
}

#[test]
fn before_the_first_observation_nothing_is_explained() {
    let suite = market();
    let since = suite.config().opened_at.minus_nanos(1);
    let error = suite.query::<ExplainResponse>(&QueryMsg::Explain { since }).unwrap_err();
    assert!(error.to_string().contains("oldest observation"), "{error}");
}

#[test]
fn the_average_weighs_each_price_by_its_time() {
    let mut suite = market();
    let low = suite.price().base;
    suite.wait(HOUR);
    suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    let high = suite.price().base;
    suite.wait(HOUR);
    let expected = (low + high) / Decimal::from_ratio(2u128, 1u128);
    assert!(twap(&suite, 2 * HOUR).abs_diff(expected) <= Decimal::raw(10));
    assert_eq!(twap(&suite, HOUR), high);
    assert_eq!(twap(&suite, 60), high);
    let three = (low + low + high) / Decimal::from_ratio(3u128, 1u128);
    assert!(twap(&suite, 3 * HOUR).abs_diff(three) <= Decimal::raw(10));
}

#[test]
fn a_spike_within_one_block_moves_no_average() {
    let mut suite = market();
    suite.wait(HOUR);
    let before = twap(&suite, HOUR);
    suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    assert_eq!(twap(&suite, HOUR), before);
    let tokens = suite.tokens("alice");
    suite.sell("alice", tokens).unwrap();
    suite.wait(HOUR);
    let after = twap(&suite, HOUR);
    assert!(after.abs_diff(before) < before * Decimal::percent(1));
}

#[test]
fn windows_up_to_a_week_are_served_after_months_of_trading() {
    let mut suite = market();
    for round in 0..1_500u64 {
        suite.wait(700 + round % 5_000);
        suite.fund_reserve("bob", 1).unwrap();
    }
    for window in [1, 599, 600, 601, HOUR, DAY, 7 * DAY] {
        let p = suite.price().base;
        assert_eq!(twap(&suite, window), p, "{window}");
    }
    let since = suite.chain.now().minus_seconds(8 * DAY);
    assert!(explain(&suite, since).since <= since);
}

#[test]
fn windows_out_of_range_are_refused() {
    let mut suite = Suite::builder().with_balance("alice", PLENTY).build();
    let ask = |suite: &Suite<Mock>, window_secs| {
        suite.query::<TwapResponse>(&QueryMsg::Twap { window_secs })
    };
    assert!(ask(&suite, 1).is_err(), "the market has no age yet");
    suite.wait(100);
    assert!(ask(&suite, 100).is_ok());
    assert!(ask(&suite, 101).is_err());
    assert!(ask(&suite, 0).is_err());
    suite.wait(30 * DAY);
    assert!(ask(&suite, 7 * DAY).is_ok());
    let error = ask(&suite, 7 * DAY + 1).unwrap_err();
    assert!(error.to_string().contains("1 to 604800"), "{error}");
    assert!(ask(&suite, u64::MAX).is_err());
}

#[test]
fn the_curve_is_drawn_from_nothing_to_the_maximum_and_rises() {
    for kind in KINDS {
        let suite = Suite::with_curve(kind).build();
        for points in [2, 3, 50, 100] {
            let curve: CurveResponse = suite.query(&QueryMsg::Curve { points }).unwrap();
            assert_eq!(curve.points.len(), points as usize);
            assert_eq!(curve.supply, suite.opened.initial_supply);
            assert!(curve.points[0].supply.is_zero());
            let last = curve.points.last().unwrap();
            assert_eq!(last.supply, suite.params().curve.max_supply);
            assert!(curve.points.windows(2).all(|p| p[0].base < p[1].base), "{kind:?}");
        }
        for points in [0, 1, 101, u32::MAX] {
            assert!(suite.query::<CurveResponse>(&QueryMsg::Curve { points }).is_err());
        }
    }
}
