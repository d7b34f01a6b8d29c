//! first(t): which round answers for a time, over all times and periods.

use cosmwasm_std::Timestamp;
use modelbond_beacon::grid::Grid;
use modelbond_interface::beacon::Source;
use modelbond_tests::beacon::{public, NOTICE_SECS, PERIOD_SECS};
use modelbond_tests::mock::GENESIS_SECS;
use modelbond_tests::{Beacon, Chain, Emitter};
use proptest::prelude::*;
use rstest::rstest;

const SECOND: u64 = 1_000_000_000;

fn quicknet() -> Grid {
    Grid { genesis_at: Timestamp::from_seconds(1_692_803_367), period_secs: 3 }
}

#[rstest]
#[case::long_before(0, 1)]
#[case::just_before(1_692_803_367 * SECOND - 1, 1)]
#[case::genesis(1_692_803_367 * SECOND, 1)]
#[case::just_after(1_692_803_367 * SECOND + 1, 2)]
#[case::the_second(1_692_803_370 * SECOND, 2)]
#[case::after_the_second(1_692_803_370 * SECOND + 1, 3)]
#[case::the_thousandth((1_692_803_367 + 2_997) * SECOND, 1_000)]
fn the_first_round_of_quicknet(#[case] nanos: u64, #[case] round: u64) {
    assert_eq!(quicknet().first(Timestamp::from_nanos(nanos)), Some(round));
}

#[rstest]
#[case::round_0(0, None)]
#[case::round_1(1, Some(1_692_803_367))]
#[case::round_1000(1_000, Some(1_692_806_364))]
#[case::overflow_of_the_sum(5_600_000_000, None)]
#[case::overflow_of_the_product(u64::MAX, None)]
fn the_time_of_a_round_of_quicknet(#[case] round: u64, #[case] secs: Option<u64>) {
    assert_eq!(quicknet().round_at(round), secs.map(Timestamp::from_seconds));
}

#[test]
fn a_period_of_nothing_has_no_rounds_and_does_not_panic() {
    let grid = Grid { period_secs: 0, ..quicknet() };
    assert_eq!(grid.first(Timestamp::from_nanos(u64::MAX)), None);
}

proptest! {
    #[test]
    fn the_first_round_is_at_or_after_the_time_and_the_one_before_is_not(
        genesis in 0u64..5_000_000_000, period_secs in 1u32..=86_400, at in any::<u64>(),
    ) {
        let grid = Grid { genesis_at: Timestamp::from_seconds(genesis), period_secs };
        let at = Timestamp::from_nanos(at);
        let Some(round) = grid.first(at) else {
            // Only within a period of the end of time.
            prop_assert!(u64::MAX - at.nanos() < u64::from(period_secs) * SECOND);
            return Ok(());
        };
        prop_assert!(round >= 1);
        prop_assert!(grid.round_at(round).unwrap() >= at);
        if round > 1 {
            prop_assert!(grid.round_at(round - 1).unwrap() < at);
        }
    }

    #[test]
    fn the_first_round_at_the_time_of_a_round_is_that_round(
        genesis in 0u64..5_000_000_000, period_secs in 1u32..=86_400, round in 1u64..=100_000,
    ) {
        let grid = Grid { genesis_at: Timestamp::from_seconds(genesis), period_secs };
        prop_assert_eq!(grid.first(grid.round_at(round).unwrap()), Some(round));
    }

    #[test]
    fn later_times_have_no_earlier_rounds(
        genesis in 0u64..5_000_000_000, period_secs in 1u32..=86_400,
        one in 0..u64::MAX / 2, other in 0..u64::MAX / 2,
    ) {
        let grid = Grid { genesis_at: Timestamp::from_seconds(genesis), period_secs };
        let (earlier, later) = (one.min(other), one.max(other));
        let first = |nanos| grid.first(Timestamp::from_nanos(nanos));
        prop_assert!(first(earlier) <= first(later));
    }
}

/// One beacon with its switch announced: the query against a search through all rounds.
#[test]
fn the_query_is_the_search_through_all_rounds_of_the_source_in_force() {
    let mut beacon = Beacon::on_mock();
    let made_at = beacon.chain.now();
    let switch_at = made_at.plus_seconds(NOTICE_SECS + 13);
    beacon.switch(&public(made_at), switch_at).unwrap();
    let central = Emitter::called("central").source(made_at, PERIOD_SECS);
    let search = |source: &Source, at: Timestamp| {
        let rounds = (0u64..)
            .map(|n| (n + 1, source.genesis_at.plus_seconds(n * u64::from(source.period_secs))));
        let mut due = rounds.skip_while(|(_, round_at)| *round_at < at);
        due.next().unwrap()
    };
    let mut runner = proptest::test_runner::TestRunner::default();
    let times = GENESIS_SECS * SECOND..(GENESIS_SECS + 2 * NOTICE_SECS) * SECOND;
    runner
        .run(&times, |nanos| {
            let at = Timestamp::from_nanos(nanos);
            let (index, source) =
                if at < switch_at { (0, central.clone()) } else { (1, public(made_at)) };
            let first = beacon.first_round(at);
            prop_assert_eq!((first.round, first.round_at), search(&source, at));
            prop_assert_eq!(first.source, index);
            prop_assert_eq!(first.central_beacon, index == 0);
            Ok(())
        })
        .unwrap();
}
