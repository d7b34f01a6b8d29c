//! Block rewards bought on the curve: success changes supply.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_market::ContractError;
use modelbond_tests::{Chain, Mock, Order, Suite};

use crate::{DAY, HOUR, PLENTY};

/// A settled market with money in the rewards ledger and M at its maximum.
fn market() -> Suite<Mock> {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.multiplier.rise_bps_per_hour = 36_000;
            p.multiplier.fall_bps_per_hour = 36_000;
        })
        .build();
    suite.wait_for_unlock();
    suite.report([100, 100, 100, 100]).unwrap();
    for _ in 0..8 {
        suite.wait(HOUR);
        suite.buy_with("alice", PLENTY / 20, Order::PARTIAL).unwrap();
    }
    suite.wait(DAY);
    suite
}

#[test]
fn emission_pays_the_purchase_price_from_its_ledger_to_the_reserve() {
    let mut suite = market();
    let before = suite.ledgers();
    let (e, data) = suite.emit(PLENTY, 10_000_000).unwrap();
    let after = suite.ledgers();
    assert_eq!(e.tokens_out.u128(), 10_000_000);
    assert_eq!((data.spent, data.tokens_out), (e.spent, e.tokens_out));
    assert_eq!(after.rewards, before.rewards - e.spent);
    assert_eq!(after.reserve, before.reserve + e.spent);
    assert_eq!(after.treasury, before.treasury, "no treasury cut");
    assert_eq!(after.pending, before.pending, "no fee");
    assert_eq!(suite.tokens("rewards"), 10_000_000, "no stakeholder cut");
    let spot = suite.price().spot * Decimal::from_ratio(10u128, 1u128);
    assert!(Decimal::from_ratio(e.spent, 1u128) < spot && e.spent > Uint128::zero());
}

#[test]
fn emitted_tokens_are_not_locked_even_during_the_launch() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| p.multiplier.rise_bps_per_hour = 36_000)
        .build();
    suite.buy("alice", 100_000_000).unwrap();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    let (e, _) = suite.emit(PLENTY, 1_000_000).unwrap();
    assert_eq!(suite.account("rewards").free, e.tokens_out);
}

#[test]
fn only_one_slice_per_ten_minutes_is_emitted() {
    let mut suite = market();
    suite.emit(PLENTY, 1_000_000).unwrap();
    let next = suite.chain.now().plus_seconds(600);
    suite.wait(599);
    assert_refused!(
        suite.emit(PLENTY, 1_000_000),
        ContractError::EmitTooSoon { next_at } if *next_at == next
    );
    suite.wait(1);
    assert!(suite.emit(PLENTY, 1_000_000).is_ok());
}

#[test]
fn a_slice_is_at_most_a_hundredth_of_the_integral() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.multiplier.rise_bps_per_hour = 36_000;
            p.emission.tokens_per_epoch = p.curve.max_supply / Uint128::new(1_000);
        })
        .build();
    suite.wait_for_unlock();
    suite.report([100, 100, 100, 100]).unwrap();
    for _ in 0..30 {
        suite.wait(HOUR);
        suite.buy_with("alice", PLENTY / 20, Order::PARTIAL).unwrap();
        let tokens = suite.tokens("alice");
        let _ = suite.sell_with("alice", tokens / 10 * 9, Order::PARTIAL);
    }
    suite.wait(DAY);
    let curve = modelbond_tests::market::curve(suite.params());
    let integral = |s: &Suite<Mock>| modelbond_tests::market::integral(&curve, s.supply().into());
    let before = integral(&suite);
    let (e, _) = suite.emit(PLENTY, PLENTY).unwrap();
    let grown = integral(&suite) - before;
    assert!(e.tokens_out > Uint128::zero());
    assert!(grown * cosmwasm_std::Uint256::from(100u128) <= before);
}

#[test]
fn the_epochs_cap_follows_m() {
    // 0.05 % of a million tokens per epoch at M = 1.8, half of it at 1.4, nothing at 1.
    for (percents, expected) in
        [([100, 100, 100, 100], 500_000_000u128), ([0, 100, 0, 100], 250_000_000), ([0; 4], 0)]
    {
        let mut suite = market();
        suite.report(percents).unwrap();
        suite.wait(DAY);
        let start = suite.supply();
        let mut slices = 0;
        for _ in 0..100 {
            let (e, _) = suite.emit(PLENTY, PLENTY).unwrap();
            if e.tokens_out.is_zero() {
                break;
            }
            slices += 1;
            suite.wait(600);
        }
        let emitted = suite.supply() - start;
        assert!(emitted <= expected, "{percents:?}: {emitted} in {slices} slices");
        assert!(emitted * 10 >= expected * 7, "{percents:?}: {emitted} in {slices} slices");
    }
}

#[test]
fn the_cap_counts_per_epoch_and_starts_again_in_the_next() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.multiplier.rise_bps_per_hour = 36_000;
            p.emission.tokens_per_epoch = Uint128::new(1_000_000);
        })
        .build();
    suite.wait_for_unlock();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    suite.buy("alice", 100_000_000).unwrap();
    let opened = suite.config().opened_at;
    let day = (suite.chain.now().nanos() - opened.nanos()) / 1_000_000_000 / DAY;
    suite.chain.set_time(opened.plus_seconds((day + 1) * DAY + 100));
    let (e, _) = suite.emit(PLENTY, PLENTY).unwrap();
    assert_eq!(e.tokens_out.u128(), 1_000_000, "all of the epoch at once");
    assert_eq!(u64::from(e.epoch), day + 1);
    suite.wait(600);
    assert_eq!(suite.emit(PLENTY, PLENTY).unwrap().0.tokens_out, Uint128::zero());
    suite.chain.set_time(opened.plus_seconds((day + 2) * DAY));
    assert_eq!(suite.emit(PLENTY, PLENTY).unwrap().0.tokens_out.u128(), 1_000_000);
}

#[test]
fn emission_spends_no_more_than_its_budget_and_its_ledger() {
    let mut suite = market();
    let (e, _) = suite.emit(100_000, PLENTY).unwrap();
    assert!(e.spent.u128() <= 100_000 && e.spent.u128() > 90_000);
    let mut poor = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| p.multiplier.rise_bps_per_hour = 36_000)
        .build();
    poor.buy("alice", 100_000).unwrap();
    poor.report([100, 100, 100, 100]).unwrap();
    poor.wait(HOUR);
    let ledger = poor.ledgers().rewards;
    let (e, _) = poor.emit(PLENTY, PLENTY).unwrap();
    assert!(e.spent <= ledger && e.spent > Uint128::zero());
}

#[test]
fn a_market_without_weights_emits_nothing() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            let w = &mut p.multiplier.weights;
            for weight in [&mut w.accuracy, &mut w.adoption, &mut w.improvement, &mut w.growth] {
                *weight = cosmwasm_std::Decimal::zero();
            }
        })
        .build();
    suite.buy("alice", 100_000_000).unwrap();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    assert_eq!(suite.emit(PLENTY, PLENTY).unwrap().0.tokens_out, Uint128::zero());
}

#[test]
fn a_spike_cannot_be_emitted_into() {
    // The price after a slice is at most 5 % above the average of 30 minutes.
    let mut suite = market();
    let before = suite.price().base;
    suite.buy_with("alice", PLENTY / 20, Order::PARTIAL).unwrap();
    assert!(suite.price().base > before * Decimal::percent(109));
    assert_eq!(suite.emit(PLENTY, PLENTY).unwrap().0.tokens_out, Uint128::zero());
    suite.wait(HOUR);
    assert!(suite.emit(PLENTY, PLENTY).unwrap().0.tokens_out > Uint128::zero());
}

#[test]
fn emission_and_burns_are_no_volume() {
    let mut suite = market();
    let epoch = |suite: &Suite<Mock>| {
        let age = suite.chain.now().nanos() - suite.config().opened_at.nanos();
        (age / 1_000_000_000 / DAY) as u32
    };
    let stats = |suite: &Suite<Mock>| {
        let query = modelbond_interface::market::QueryMsg::EpochStats { epoch: epoch(suite) };
        suite.query::<modelbond_interface::market::EpochStatsResponse>(&query).unwrap()
    };
    let before = stats(&suite);
    let (e, _) = suite.emit(PLENTY, 1_000_000).unwrap();
    suite.burn("alice", 1_000_000).unwrap();
    let after = stats(&suite);
    assert_eq!(
        (after.volume, after.fees, after.trades),
        (before.volume, before.fees, before.trades)
    );
    assert_eq!(after.emitted, before.emitted + e.tokens_out);
}
