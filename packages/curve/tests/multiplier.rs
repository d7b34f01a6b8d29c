//! The target of eq. 4, and a multiplier that follows it no faster than it may.
#![allow(missing_docs)]

use modelbond_curve::multiplier::{
    target, Metrics, Multiplier, MultiplierError, MultiplierParams, Weights, START,
};
use proptest::prelude::*;
use rstest::rstest;

const ONE: u64 = 1_000_000_000_000_000_000;
const PERCENT: u64 = ONE / 100;
const BPS: u64 = ONE / 10_000;
const HOUR: u64 = 3_600_000_000_000;

const WEIGHTS: Weights = Weights {
    accuracy: 30 * PERCENT,
    adoption: 30 * PERCENT,
    improvement: 10 * PERCENT,
    growth: 10 * PERCENT,
};

const PARAMS: MultiplierParams = MultiplierParams {
    threshold_bps: 100,
    rise_bps_per_hour: 10,
    fall_bps_per_hour: 50,
    rebound_bps_per_hour: 20,
    rebound_threshold_bps: 500,
};

fn metrics(accuracy: u64, adoption: u64, improvement: u64, growth: u64) -> Metrics {
    Metrics { accuracy, adoption, improvement, growth }
}

fn at(value: u64, target: u64) -> Multiplier {
    Multiplier { value, target, ..Multiplier::new(0) }
}

#[rstest]
#[case::nothing(metrics(0, 0, 0, 0), ONE)]
#[case::everything(metrics(ONE, ONE, ONE, ONE), ONE + 80 * PERCENT)]
#[case::accuracy_at_its_bound(metrics(70 * PERCENT, 0, 0, 0), ONE + 21 * PERCENT)]
#[case::accuracy_half_faded(metrics(68 * PERCENT + 50 * BPS, 0, 0, 0), ONE + 1_050 * BPS)]
#[case::accuracy_faded(metrics(67 * PERCENT, 0, 0, 0), ONE)]
#[case::accuracy_a_hair_above_faded(metrics(67 * PERCENT + 1, 0, 0, 0), ONE + 6)]
#[case::improvement_at_its_bound(metrics(0, 0, 80 * PERCENT, 0), ONE + 8 * PERCENT)]
#[case::improvement_half_faded(metrics(0, 0, 79 * PERCENT, 0), ONE + 4 * PERCENT)]
#[case::improvement_faded(metrics(0, 0, 78 * PERCENT, 0), ONE)]
#[case::adoption_has_no_fade(metrics(0, 10 * PERCENT, 0, 0), ONE + 3 * PERCENT)]
#[case::growth_has_no_fade(metrics(0, 0, 0, 10 * PERCENT), ONE + PERCENT)]
#[case::rounded_down_once(metrics(0, 1, 0, 9), ONE + 1)]
fn targets_follow_equation_4(#[case] metrics: Metrics, #[case] expected: u64) {
    assert_eq!(target(&metrics, &WEIGHTS), Ok(expected));
}

#[test]
fn metrics_and_weights_above_1_are_refused() {
    let error = MultiplierError::MetricAboveOne { metric: "improvement", value: ONE + 1 };
    assert_eq!(target(&metrics(0, 0, ONE + 1, 0), &WEIGHTS), Err(error));
    let heavy = Weights { accuracy: ONE, adoption: 0, improvement: 0, growth: 1 };
    let error = MultiplierError::WeightsAboveOne { sum: u128::from(ONE) + 1 };
    assert_eq!(target(&Metrics::default(), &heavy), Err(error));
    assert_eq!(heavy.sum(), Err(error));
    assert_eq!(WEIGHTS.sum(), Ok(80 * PERCENT));
}

#[rstest]
#[case::at_once(0, 150 * PERCENT)]
#[case::after_an_hour(HOUR, 150 * PERCENT - 50 * BPS)]
#[case::a_nanosecond_rounded_down(1, 150 * PERCENT - 1_388)]
#[case::just_before_the_end(10 * HOUR - 1, 145 * PERCENT + 1_389)]
#[case::at_the_end(10 * HOUR, 145 * PERCENT)]
#[case::long_after(u64::MAX, 145 * PERCENT)]
fn it_falls_at_the_fall_rate(#[case] now: u64, #[case] expected: u64) {
    assert_eq!(at(150 * PERCENT, 145 * PERCENT).value_at(&PARAMS, now), expected);
}

#[rstest]
#[case::after_an_hour(HOUR, ONE + 10 * BPS)]
#[case::at_the_end(50 * HOUR, ONE + 5 * PERCENT)]
#[case::long_after(u64::MAX, ONE + 5 * PERCENT)]
fn it_rises_at_the_rise_rate(#[case] now: u64, #[case] expected: u64) {
    assert_eq!(at(ONE, ONE + 5 * PERCENT).value_at(&PARAMS, now), expected);
}

#[test]
fn after_a_deep_fall_it_rebounds_to_where_it_was_and_then_rises() {
    let mut multiplier = at(150 * PERCENT, 150 * PERCENT);
    assert!(multiplier.accept(&PARAMS, 140 * PERCENT, 0));
    assert_eq!(multiplier.fall_from, Some(150 * PERCENT));
    let low = 20 * HOUR;
    assert!(multiplier.accept(&PARAMS, 160 * PERCENT, low));
    assert_eq!((multiplier.value, multiplier.rebounding), (140 * PERCENT, true));
    let value = |hours| multiplier.value_at(&PARAMS, low + hours * HOUR);
    assert_eq!(value(1), 140 * PERCENT + 20 * BPS);
    assert_eq!(value(50), 150 * PERCENT);
    assert_eq!(value(51), 150 * PERCENT + 10 * BPS);
    assert_eq!(value(151), 160 * PERCENT);
    // A higher target on the way leaves the rebound open; one above the old level ends it there.
    let mut later = multiplier;
    assert!(later.accept(&PARAMS, 170 * PERCENT, low + HOUR));
    assert_eq!((later.fall_from, later.rebounding), (Some(150 * PERCENT), true));
    assert!(later.accept(&PARAMS, 180 * PERCENT, low + 60 * HOUR));
    assert_eq!((later.fall_from, later.rebounding), (None, false));
}

#[test]
fn a_rebound_stays_one_when_little_of_it_is_left() {
    let mut rebounding = Multiplier {
        fall_from: Some(150 * PERCENT),
        rebounding: true,
        ..at(148 * PERCENT, 150 * PERCENT)
    };
    assert!(rebounding.accept(&PARAMS, 170 * PERCENT, 0));
    assert_eq!((rebounding.fall_from, rebounding.rebounding), (Some(150 * PERCENT), true));
}

#[rstest]
#[case::rebounding(true, 20 * BPS)]
#[case::rising(false, 10 * BPS)]
fn only_a_rebound_is_faster(#[case] rebounding: bool, #[case] moved: u64) {
    let multiplier = Multiplier {
        fall_from: Some(150 * PERCENT),
        rebounding,
        ..at(140 * PERCENT, 150 * PERCENT)
    };
    assert_eq!(multiplier.value_at(&PARAMS, HOUR), 140 * PERCENT + moved);
}

#[test]
fn the_end_of_a_rebound_is_not_reached_early() {
    let multiplier = Multiplier { fall_from: Some(ONE + 1), rebounding: true, ..at(ONE, 2 * ONE) };
    assert_eq!(multiplier.value_at(&PARAMS, 0), ONE);
    assert_eq!(multiplier.value_at(&PARAMS, 1), ONE + 1);
}

#[test]
fn a_shallow_fall_does_not_rebound() {
    let mut multiplier = at(150 * PERCENT, 150 * PERCENT);
    assert!(multiplier.accept(&PARAMS, 145 * PERCENT, 0));
    assert!(multiplier.accept(&PARAMS, 160 * PERCENT, 10 * HOUR));
    assert_eq!((multiplier.fall_from, multiplier.rebounding), (None, false));
    assert_eq!(multiplier.value_at(&PARAMS, 11 * HOUR), 145 * PERCENT + 10 * BPS);
}

#[test]
fn a_fall_in_steps_counts_from_the_top() {
    let mut multiplier = at(150 * PERCENT, 150 * PERCENT);
    for step in 1..=3 {
        assert!(multiplier.accept(&PARAMS, (150 - 2 * step) * PERCENT, step * 10 * HOUR));
        assert_eq!(multiplier.fall_from, Some(150 * PERCENT));
    }
    assert!(multiplier.accept(&PARAMS, 150 * PERCENT, 40 * HOUR));
    assert_eq!((multiplier.value, multiplier.rebounding), (144 * PERCENT, true));
}

#[rstest]
#[case::the_same(150 * PERCENT, false)]
#[case::a_percent_above(151 * PERCENT, false)]
#[case::a_percent_below(149 * PERCENT, false)]
#[case::more_above(151 * PERCENT + 1, true)]
#[case::more_below(149 * PERCENT - 1, true)]
fn targets_within_the_threshold_are_ignored(#[case] target: u64, #[case] accepted: bool) {
    let mut multiplier = at(120 * PERCENT, 150 * PERCENT);
    let before = multiplier;
    assert_eq!(multiplier.accept(&PARAMS, target, HOUR), accepted);
    assert_eq!(multiplier == before, !accepted);
}

#[test]
fn a_market_starts_at_1() {
    let multiplier = Multiplier::new(7);
    assert_eq!((multiplier.value_at(&PARAMS, u64::MAX), multiplier.at), (START, 7));
}

#[test]
fn without_rates_it_stays() {
    let still = MultiplierParams {
        rise_bps_per_hour: 0,
        fall_bps_per_hour: 0,
        rebound_bps_per_hour: 0,
        ..PARAMS
    };
    let rebounding = Multiplier { fall_from: Some(2 * ONE), rebounding: true, ..at(ONE, 2 * ONE) };
    assert_eq!(rebounding.value_at(&still, u64::MAX), ONE);
    assert_eq!(at(2 * ONE, ONE).value_at(&still, u64::MAX), 2 * ONE);
}

fn params() -> impl Strategy<Value = MultiplierParams> {
    (0..500u64, 0..36_000u64, 0..36_000u64, 0..36_000u64, 0..2_000u64).prop_map(
        |(threshold_bps, rise, fall, rebound, rebound_threshold_bps)| MultiplierParams {
            threshold_bps,
            rise_bps_per_hour: rise,
            fall_bps_per_hour: fall,
            rebound_bps_per_hour: rebound,
            rebound_threshold_bps,
        },
    )
}

/// What a rate allows in a time, rounded up.
fn most(bps_per_hour: u64, elapsed: u64) -> u64 {
    let moved = u128::from(bps_per_hour) * u128::from(elapsed) * u128::from(BPS);
    moved.div_ceil(u128::from(HOUR)).min(u64::MAX.into()) as u64
}

fn target_value() -> impl Strategy<Value = u64> {
    prop_oneof![ONE..=2 * ONE, (0..=100u64).prop_map(|percent| ONE + percent * PERCENT)]
}

proptest! {
    #[test]
    fn any_reports_move_it_towards_the_target_within_the_limits(
        params in params(),
        reports in prop::collection::vec((target_value(), 0..100 * HOUR, 0..100 * HOUR), 1..40),
    ) {
        let (mut multiplier, mut now) = (Multiplier::new(0), 0);
        let mut fastest = 0;
        for (target, pause, reading) in reports {
            let before = multiplier.value_at(&params, now);
            multiplier.accept(&params, target, now);
            prop_assert_eq!(multiplier.value_at(&params, now), before, "accepting moves nothing");
            let rising = params.rise_bps_per_hour.max(
                if multiplier.rebounding { params.rebound_bps_per_hour } else { 0 });
            let mut seen = before;
            let (first, second) = (reading.min(pause), reading.max(pause));
            for (from, to) in [(0, first), (first, second), (second, second + 1)] {
                let value = multiplier.value_at(&params, now + to);
                let (low, high) = (seen.min(multiplier.target), seen.max(multiplier.target));
                prop_assert!((low..=high).contains(&value), "outside of old value and target");
                let rate = if value < seen { params.fall_bps_per_hour } else { rising };
                prop_assert!(value.abs_diff(seen) <= most(rate, to - from).saturating_add(1));
                seen = value;
                fastest = fastest.max(rate);
            }
            now += pause;
        }
        // Over the whole sequence, too.
        let end = multiplier.value_at(&params, now);
        prop_assert!(end.abs_diff(START) <= most(fastest, now).saturating_add(40));
    }

    #[test]
    fn ignored_reports_change_nothing(
        params in params(),
        value in target_value(),
        target in target_value(),
        offsets in prop::collection::vec((-100..=100i64, 0..50 * HOUR), 0..20),
        end in 0..1_000 * HOUR,
    ) {
        let quiet = at(value, target);
        let (mut asked, mut now) = (quiet, 0);
        for (offset, pause) in offsets {
            now += pause;
            let near = params.threshold_bps as i64 * offset / 100 * BPS as i64;
            prop_assert!(!asked.accept(&params, target.saturating_add_signed(near), now));
        }
        prop_assert_eq!(asked, quiet);
        prop_assert_eq!(asked.value_at(&params, end), quiet.value_at(&params, end));
    }

    #[test]
    fn targets_are_monotone_and_bounded(
        low in [0..=ONE, 0..=ONE, 0..=ONE, 0..=ONE],
        high in [0..=ONE, 0..=ONE, 0..=ONE, 0..=ONE],
    ) {
        let of = |values: [u64; 4]| {
            let [a, b, c, d] = values;
            target(&metrics(a, b, c, d), &WEIGHTS).unwrap()
        };
        let least = std::array::from_fn(|index| low[index].min(high[index]));
        let greatest = std::array::from_fn(|index| low[index].max(high[index]));
        prop_assert!(ONE <= of(least) && of(least) <= of(greatest));
        prop_assert!(of(greatest) <= ONE + WEIGHTS.sum().unwrap());
    }
}
