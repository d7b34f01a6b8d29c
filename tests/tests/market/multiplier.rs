//! The success multiplier: what is measured, how M follows, and what it prices.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{ExecuteMsg, MetricWeights, Metrics};
use modelbond_market::ContractError;
use modelbond_tests::suite::metrics;
use modelbond_tests::{Failure, Mock, Suite};
use rstest::rstest;

use crate::{DAY, HOUR, PLENTY};

fn settled() -> Suite<Mock> {
    let mut suite = Suite::builder().with_balance("alice", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

fn fast_following() -> Suite<Mock> {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.multiplier.rise_bps_per_hour = 36_000;
            p.multiplier.fall_bps_per_hour = 36_000;
        })
        .build();
    suite.wait_for_unlock();
    suite
}

fn bps(value: u64) -> Decimal {
    Decimal::bps(value)
}

#[test]
fn m_starts_at_one() {
    let p = Suite::builder().build().price();
    assert_eq!((p.multiplier, p.target), (Decimal::one(), Decimal::one()));
}

/// Weights are 0.3, 0.3, 0.1, 0.1; targets in bps.
#[rstest]
#[case::nothing([0, 0, 0, 0], 10_000)]
#[case::everything([100, 100, 100, 100], 18_000)]
#[case::accuracy_in_range([80, 0, 0, 0], 12_400)]
#[case::accuracy_at_its_bound([70, 0, 0, 0], 12_100)]
#[case::accuracy_two_thirds_down([68, 0, 0, 0], 10_700)]
#[case::accuracy_below_its_tenth([67, 0, 0, 0], 10_000)]
#[case::adoption_counts_from_zero([0, 50, 0, 0], 11_500)]
#[case::improvement_at_its_bound([0, 0, 80, 0], 10_800)]
#[case::improvement_half_down([0, 0, 79, 0], 10_400)]
#[case::improvement_below_its_tenth([0, 0, 78, 0], 10_000)]
#[case::growth([0, 0, 0, 50], 10_500)]
fn the_target_is_one_plus_weighted_metrics(#[case] percents: [u64; 4], #[case] target: u64) {
    let mut suite = settled();
    let e = suite.report(percents).unwrap();
    // Each term rounds down.
    let exact = Decimal::bps(target);
    assert!(e.target <= exact && exact - e.target < Decimal::raw(10), "{} {exact}", e.target);
    if e.accepted {
        assert_eq!(suite.price().target, e.target);
    }
}

#[rstest]
#[case([101, 0, 0, 0], "accuracy")]
#[case([0, 101, 0, 0], "adoption")]
#[case([0, 0, 101, 0], "improvement")]
#[case([0, 0, 0, 101], "growth")]
fn a_metric_above_one_is_refused(#[case] percents: [u64; 4], #[case] name: &str) {
    let error = settled().report(percents).unwrap_err();
    assert!(matches!(error, Failure::Market(_)), "{error:?}");
    assert!(error.to_string().contains(name), "{error}");
}

#[test]
fn an_absurd_metric_is_refused_and_not_an_overflow() {
    let mut suite = settled();
    let source = suite.msg.metrics_source.clone();
    let huge = Decimal::MAX;
    let metrics = Metrics { accuracy: huge, adoption: huge, improvement: huge, growth: huge };
    let market = suite.market.clone();
    let msg = ExecuteMsg::ReportMetrics { metrics };
    let result = modelbond_tests::Chain::execute(&mut suite.chain, &source, &market, &msg, &[]);
    let error = result.unwrap_err().market();
    assert!(!matches!(error, ContractError::Overflow { .. }), "{error:?}");
}

#[test]
fn m_rises_by_its_rate_and_stops_at_the_target() {
    let mut suite = settled();
    suite.report([100, 100, 100, 100]).unwrap();
    assert_eq!(suite.price().multiplier, Decimal::one());
    suite.wait(HOUR);
    assert_eq!(suite.price().multiplier, bps(10_010));
    suite.wait(99 * HOUR);
    assert_eq!(suite.price().multiplier, bps(11_000));
    suite.wait(700 * HOUR);
    assert_eq!(suite.price().multiplier, bps(18_000));
    suite.wait(1_000 * HOUR);
    assert_eq!(suite.price().multiplier, bps(18_000));
}

#[test]
fn m_falls_five_times_as_fast_as_it_rises() {
    let mut suite = settled();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(800 * HOUR);
    suite.report([0, 0, 0, 0]).unwrap();
    assert_eq!(suite.price().multiplier, bps(18_000));
    suite.wait(10 * HOUR);
    assert_eq!(suite.price().multiplier, bps(17_500));
    suite.wait(200 * HOUR);
    assert_eq!(suite.price().multiplier, Decimal::one());
}

#[test]
fn m_needs_nobody_to_poke_it() {
    let mut poked = settled();
    let mut quiet = settled();
    for suite in [&mut poked, &mut quiet] {
        suite.report([90, 60, 100, 30]).unwrap();
    }
    for _ in 0..50 {
        poked.wait(HOUR);
        poked.fund("alice", 1);
        poked.fund_reserve("alice", 1).unwrap();
    }
    quiet.wait(50 * HOUR);
    assert_eq!(poked.price().multiplier, quiet.price().multiplier);
}

#[test]
fn a_target_within_the_threshold_of_the_last_accepted_one_is_ignored() {
    let mut suite = settled();
    assert!(suite.report([0, 50, 0, 0]).unwrap().accepted);
    // 0.3 · 3 % = 0.9 % and then exactly 1 %
    let e = suite.report([0, 53, 0, 0]).unwrap();
    assert!(!e.accepted);
    assert_eq!(suite.price().target, bps(11_500));
    assert!(suite.report([0, 54, 0, 0]).unwrap().accepted);
    assert_eq!(suite.price().target, bps(11_620));
}

#[test]
fn small_steps_add_up_against_the_last_accepted_target() {
    let mut suite = settled();
    suite.report([0, 50, 0, 0]).unwrap();
    for percent in [51, 52, 53] {
        assert!(!suite.report([0, percent, 0, 0]).unwrap().accepted);
    }
    assert!(suite.report([0, 54, 0, 0]).unwrap().accepted);
}

#[test]
fn after_a_deep_fall_m_recovers_at_the_rebound_rate_up_to_where_it_fell_from() {
    let mut suite = settled();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(200 * HOUR);
    assert_eq!(suite.price().multiplier, bps(12_000));
    suite.report([0, 0, 0, 0]).unwrap();
    suite.wait(20 * HOUR);
    assert_eq!(suite.price().multiplier, bps(11_000));
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(10 * HOUR);
    assert_eq!(suite.price().multiplier, bps(11_200), "rebound: 20 bps an hour");
    suite.wait(40 * HOUR);
    assert_eq!(suite.price().multiplier, bps(12_000));
    suite.wait(10 * HOUR);
    assert_eq!(suite.price().multiplier, bps(12_100), "above the level of the fall: 10");
}

#[test]
fn after_a_shallow_fall_m_recovers_at_the_usual_rate() {
    let mut suite = settled();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(200 * HOUR);
    suite.report([0, 0, 0, 0]).unwrap();
    suite.wait(10 * HOUR);
    assert_eq!(suite.price().multiplier, bps(11_500));
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(10 * HOUR);
    assert_eq!(suite.price().multiplier, bps(11_600));
}

#[test]
fn without_a_report_the_target_stays() {
    let mut suite = settled();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(400 * DAY);
    assert_eq!(suite.price().target, bps(18_000));
    assert_eq!(suite.config().metrics, Some(metrics([100, 100, 100, 100])));
}

#[test]
fn a_purchase_pays_m_while_m_is_within_the_premium() {
    let mut suite = fast_following();
    suite.report([0, 20, 0, 0]).unwrap();
    suite.wait(HOUR);
    let p = suite.price();
    assert_eq!(p.multiplier, bps(10_600));
    assert!(p.backing < p.multiplier);
    assert_eq!(p.purchase_multiplier, p.multiplier);
}

#[test]
fn a_purchase_pays_at_most_the_premium_over_the_backing() {
    let mut suite = fast_following();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    let p = suite.price();
    assert_eq!(p.multiplier, bps(18_000));
    let reach = p.backing * bps(11_500);
    assert!(p.purchase_multiplier.abs_diff(reach) < Decimal::raw(10), "{p:?}");
    // Money at X lifts the backing, so the next purchase reaches further.
    suite.buy("alice", 100_000_000).unwrap();
    assert!(suite.price().backing > p.backing);
    assert!(suite.price().purchase_multiplier > p.purchase_multiplier);
}

#[test]
fn a_purchase_never_pays_less_than_the_backing() {
    let mut suite = fast_following();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    for _ in 0..20 {
        suite.buy_with("alice", PLENTY / 20, modelbond_tests::Order::PARTIAL).unwrap();
        suite.wait(HOUR);
    }
    suite.report([0, 0, 0, 0]).unwrap();
    suite.wait(HOUR);
    let p = suite.price();
    assert_eq!(p.multiplier, Decimal::one());
    assert!(p.backing > bps(10_500), "{p:?}");
    assert_eq!(p.purchase_multiplier, p.backing);
    let e = suite.buy("alice", 1_000_000).unwrap();
    assert_eq!(e.to_reserve, e.cost, "at the backing nothing is left for the treasury");
}

#[test]
fn what_a_purchase_pays_above_the_backing_goes_to_the_treasury_up_to_its_share() {
    let mut suite = fast_following();
    suite.report([100, 100, 100, 100]).unwrap();
    suite.wait(HOUR);
    let before = suite.ledgers().treasury;
    let e = suite.buy("alice", 10_000_000).unwrap();
    let share = (e.cost.u128() * 9_500).div_ceil(10_000);
    assert_eq!(e.to_reserve.u128(), share);
    let to_treasury = e.cost - e.to_reserve;
    assert_eq!(suite.ledgers().treasury, before + to_treasury + e.fee_to_treasury);
}

#[test]
fn metrics_move_no_sale_price() {
    let mut suite = fast_following();
    suite.buy("alice", 100_000_000).unwrap();
    suite.wait(30 * DAY);
    let tokens = suite.tokens("alice");
    let before = suite.quote_sell(tokens, false).unwrap().gross;
    for percents in [[100, 100, 100, 100], [0, 0, 0, 0], [70, 10, 80, 1]] {
        suite.report(percents).unwrap();
        suite.wait(HOUR);
        assert_eq!(suite.quote_sell(tokens, false).unwrap().gross, before);
    }
}

#[test]
fn the_output_differential_compares_measured_success_with_money() {
    let mut suite = settled();
    assert_eq!(suite.price().differential, 0);
    suite.report([100, 100, 100, 100]).unwrap();
    // 100·(1.8 − 1)/(1.8 + 1) = 28.57…
    assert_eq!(suite.price().differential, 29);
    suite.fund("alice", PLENTY);
    let reserve = suite.ledgers().reserve.u128();
    suite.fund_reserve("alice", reserve * 2).unwrap();
    suite.wait(10 * DAY);
    suite.report([0, 0, 0, 0]).unwrap();
    // B is a little over 3 by now
    let p = suite.price();
    assert!((-51..=-49).contains(&p.differential), "{p:?}");
}

#[test]
fn a_market_without_weights_ignores_all_metrics() {
    let zero = Decimal::zero();
    let mut suite = Suite::builder()
        .with_params(|p| {
            p.multiplier.weights =
                MetricWeights { accuracy: zero, adoption: zero, improvement: zero, growth: zero };
        })
        .build();
    let e = suite.report([100, 100, 100, 100]).unwrap();
    assert_eq!(e.target, Decimal::one());
    assert_eq!(suite.price().supply, Uint128::new(50_000_000_000));
}
