//! The price change rate limiter: a band around a leaky reference (I7).

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::ExecuteMsg;
use modelbond_market::ContractError;
use modelbond_tests::{Mock, Order, Suite};

use crate::{HOUR, KINDS, PLENTY};

fn market() -> Suite<Mock> {
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

fn close(a: Decimal, b: Decimal) -> bool {
    a.abs_diff(b) <= a * Decimal::raw(1_000_000)
}

#[test]
fn the_reference_starts_at_the_opening_price_and_the_band_is_a_tenth_around_it() {
    let p = Suite::builder().build().price();
    assert_eq!(p.reference, p.base);
    assert!(close(p.band_low, p.base * Decimal::percent(90)));
    assert!(close(p.band_high, p.base * Decimal::percent(110)));
}

#[test]
fn the_reference_leaks_towards_the_price_in_an_hour() {
    let mut suite = market();
    let start = suite.price().base;
    suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    let end = suite.price().base;
    assert_eq!(suite.price().reference, start);
    suite.wait(HOUR / 4);
    let quarter = start + (end - start) / Decimal::from_ratio(4u128, 1u128);
    assert!(close(suite.price().reference, quarter));
    suite.wait(HOUR * 3 / 4);
    assert_eq!(suite.price().reference, end);
    suite.wait(100 * HOUR);
    assert_eq!(suite.price().reference, end);
}

#[test]
fn a_market_that_nobody_touched_for_days_starts_from_its_price() {
    let mut suite = market();
    suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    suite.wait(24 * HOUR);
    let before = suite.price().base;
    suite.buy_with("alice", PLENTY / 2, Order::PARTIAL).unwrap();
    let after = suite.price().base;
    assert!(after > before * Decimal::permille(1_098), "{before} {after}");
}

#[test]
fn orders_towards_the_band_are_always_allowed() {
    for kind in KINDS {
        let mut suite = Suite::with_curve(kind).with_balance("alice", PLENTY).build();
        suite.wait_for_unlock();
        suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
        let tokens = suite.tokens("alice");
        assert!(suite.buy("alice", 1_000_000).is_err(), "{kind:?}: at the upper edge");
        assert!(suite.sell("alice", tokens / 2).is_ok(), "{kind:?}: back into the band");
    }
}

#[test]
fn splitting_an_order_does_not_get_it_past_the_band() {
    let mut suite = market();
    let high = suite.price().band_high;
    let mut refused = 0;
    for _ in 0..2_000 {
        if suite.buy("alice", 1_000_000).is_err() {
            refused += 1;
            break;
        }
    }
    assert_eq!(refused, 1);
    assert!(suite.price().base <= high);
}

#[test]
fn two_accounts_share_one_band() {
    let mut suite = market();
    suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    assert_refused!(suite.buy("bob", 10_000_000), ContractError::BuyLimit { .. });
}

#[test]
fn the_opening_is_exempt_from_the_limit() {
    // Opening moves the price from P(0) to P(S₀), 14 % here and more with a larger supply.
    let suite = Suite::builder().with_params(|p| p.initial_supply *= Uint128::new(5)).build();
    let p = suite.price();
    assert_eq!(p.reference, p.base);
}

#[test]
fn burning_is_limited_like_a_sale() {
    let mut suite = market();
    for _ in 0..3 {
        suite.buy_with("alice", PLENTY / 10, Order::PARTIAL).unwrap();
        suite.wait(HOUR);
    }
    let low = suite.price().band_low;
    let tokens = suite.tokens("alice");
    let fits = match suite.burn("alice", tokens).unwrap_err().market() {
        ContractError::SellLimit { max_tokens_in } => max_tokens_in.u128(),
        other => panic!("{other:?}"),
    };
    suite.allow("alice", "bob", tokens).unwrap();
    let owner = suite.address("alice");
    let burn_from = ExecuteMsg::BurnFrom { owner, amount: tokens.into() };
    assert_refused!(suite.send("bob", &burn_from, 0), ContractError::SellLimit { .. });
    suite.burn("alice", fits).unwrap();
    assert!(suite.price().base >= low);
    assert!(suite.burn("alice", 2).is_err());
}

#[test]
fn emission_is_limited_like_a_purchase() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.multiplier.rise_bps_per_hour = 36_000;
            p.emission.tokens_per_epoch = Uint128::new(1_000_000_000);
        })
        .build();
    suite.wait_for_unlock();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    let high = suite.price().band_high;
    // Far more money than the slice needs is in the ledger; the price may not move up any more.
    let (e, _) = suite.emit(PLENTY, PLENTY).unwrap();
    assert!(suite.price().base <= high);
    assert_eq!(e.tokens_out, Uint128::zero(), "the average of 30 minutes lags behind");
}

#[test]
fn transfers_move_neither_price_nor_reference() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    let before = suite.price();
    suite.transfer("alice", "bob", 1_000_000).unwrap();
    assert_eq!(suite.price(), before);
}

#[test]
fn messages_that_do_not_trade_do_not_slow_the_reference_down() {
    let room_after = |pokes: u64| {
        let mut suite = market();
        suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
        for _ in 0..pokes {
            suite.wait(HOUR / 60);
            suite.fund_reserve("bob", 1).unwrap();
        }
        suite.wait(HOUR - pokes * (HOUR / 60));
        suite.price().band_high
    };
    assert_eq!(room_after(60), room_after(0));
}
