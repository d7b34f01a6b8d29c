//! Momentum and its surcharge (eq. 5).

use cosmwasm_std::{Decimal, Uint128};
use modelbond_tests::{Mock, Order, Suite};

use crate::{DAY, HOUR, PLENTY};

/// A market old enough to have a price of a day ago.
fn market() -> Suite<Mock> {
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite.buy("alice", 1_000_000).unwrap();
    suite
}

/// Up or down by the full band, six times, an hour apart.
fn push(suite: &mut Suite<Mock>, up: bool) {
    for _ in 0..6 {
        suite.wait(HOUR);
        if up {
            suite.buy_with("alice", PLENTY / 10, Order::PARTIAL).unwrap();
        } else {
            let tokens = suite.tokens("alice");
            suite.sell_with("alice", tokens / 4, Order::PARTIAL).unwrap();
        }
    }
    suite.wait(600);
}

#[test]
fn a_young_market_has_no_momentum() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| p.fees.launch_secs = 10)
        .build();
    for _ in 0..24 {
        suite.wait(HOUR);
        suite.buy_with("alice", 1_000_000, Order::PARTIAL).unwrap();
        assert!(suite.price().momentum.is_zero());
    }
    suite.wait(HOUR);
    suite.buy("alice", 1_000_000).unwrap();
    suite.wait(1);
    assert!(!suite.price().momentum.is_zero(), "after T and an hour it counts");
}

#[test]
fn buying_into_a_rise_pays_a_surcharge_and_selling_into_it_none() {
    let mut suite = market();
    push(&mut suite, true);
    let p = suite.price();
    assert!(p.momentum > cosmwasm_std::SignedDecimal::zero());
    assert!(p.buy_surcharge > Decimal::zero());
    assert_eq!(p.sell_surcharge, Decimal::zero());
    let pending = suite.ledgers().pending;
    let e = suite.buy("bob", 10_000_000).unwrap();
    assert!(e.surcharge > Uint128::zero());
    assert_eq!(e.surcharge, (Uint128::new(1) * e.cost).mul_ceil(p.buy_surcharge));
    assert_eq!(suite.ledgers().pending, pending + e.surcharge + e.fee_to_pending + e.dust);
    let s = suite.sell("bob", e.tokens_out.u128() / 2).unwrap();
    assert_eq!(s.surcharge, Uint128::zero());
}

#[test]
fn selling_into_a_fall_pays_a_surcharge_and_buying_into_it_none() {
    let mut suite = market();
    push(&mut suite, true);
    suite.wait(3 * DAY);
    suite.buy("bob", 10_000_000).unwrap();
    push(&mut suite, false);
    let p = suite.price();
    assert!(p.momentum < cosmwasm_std::SignedDecimal::zero(), "{p:?}");
    assert!(p.sell_surcharge > Decimal::zero());
    assert_eq!(p.buy_surcharge, Decimal::zero());
    let tokens = suite.tokens("bob");
    let s = suite.sell("bob", tokens / 2).unwrap();
    assert_eq!(s.surcharge, s.gross.mul_ceil(p.sell_surcharge));
    assert_eq!(suite.buy("bob", 1_000_000).unwrap().surcharge, Uint128::zero());
}

#[test]
fn the_surcharge_is_gain_times_relative_momentum() {
    let mut suite = market();
    let old = suite.price().base;
    suite.wait(30 * HOUR);
    suite.buy("alice", 10_000_000).unwrap();
    suite.wait(600);
    suite.buy("alice", 1_000_000).unwrap();
    let p = suite.price();
    // gain·β·(P − P_T)/P = 0.25·0.7·(P − P_T)/P, rounded up to 10⁻⁹
    let relative = (p.base - old) / p.base;
    let expected = relative * cosmwasm_std::Decimal::permille(175);
    let found = p.buy_surcharge;
    let step = cosmwasm_std::Decimal::raw(1_000_000_000);
    assert!(found >= expected && found - expected <= step + step, "{found} {expected}");
    // μ = β·(P − P_T)/T, in price per hour
    let momentum = (p.base - old) * cosmwasm_std::Decimal::permille(700)
        / cosmwasm_std::Decimal::from_ratio(24u128, 1u128);
    let per_hour = p.momentum.to_string();
    assert!(per_hour.starts_with(&momentum.to_string()[..12]), "{per_hour} {momentum}");
}

#[test]
fn surcharges_are_capped_for_sales_at_half_of_purchases() {
    let mut suite = market();
    push(&mut suite, true);
    push(&mut suite, true);
    assert_eq!(suite.price().buy_surcharge, Decimal::bps(200));
    suite.wait(3 * DAY);
    suite.buy("bob", 1_000_000).unwrap();
    push(&mut suite, false);
    push(&mut suite, false);
    assert_eq!(suite.price().sell_surcharge, Decimal::bps(100));
}

#[test]
fn momentum_is_gone_a_day_after_the_last_trade() {
    let mut suite = market();
    push(&mut suite, true);
    assert!(!suite.price().momentum.is_zero());
    suite.wait(26 * HOUR);
    assert!(suite.price().momentum.is_zero(), "{:?}", suite.price());
}

#[test]
fn a_dip_just_when_the_lagged_price_is_read_hardly_moves_it() {
    // The lagged price is an average over an hour: a spot dipped for a minute a day ago would
    // otherwise let today's honest buyer pay for a rise that never was.
    let mut suite = market();
    for _ in 0..3 {
        suite.buy_with("alice", PLENTY / 10, Order::PARTIAL).unwrap();
        suite.wait(HOUR);
    }
    suite.wait(30 * HOUR);
    let price = suite.price().base;
    let tokens = suite.tokens("alice");
    let sold = suite.sell_with("alice", tokens, Order::PARTIAL).unwrap().tokens_in.u128();
    assert!(suite.price().base < price * Decimal::percent(91));
    suite.wait(60);
    // With the stakeholders' twentieth as many are minted as were sold.
    suite.buy_exact("alice", sold * 95 / 100, PLENTY / 10).unwrap();
    assert!(suite.price().base.abs_diff(price) < price * Decimal::permille(1));
    suite.wait(540);
    suite.fund_reserve("bob", 1).unwrap();
    suite.wait(24 * HOUR - 540);
    suite.buy("bob", 1_000).unwrap();
    let surcharge = suite.price().buy_surcharge;
    assert!(surcharge < Decimal::bps(3), "{surcharge}");
}
