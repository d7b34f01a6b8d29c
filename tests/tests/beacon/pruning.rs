//! Removing old rounds: which, how many at once, and what stays possible.

use modelbond_beacon::ContractError;
use modelbond_interface::beacon::{BeaconPruned, RoundId};
use modelbond_tests::beacon::{PERIOD_SECS, RETENTION_SECS};
use modelbond_tests::{Beacon, Chain, Emitter};

fn emitter() -> Emitter {
    Emitter::called("central")
}

/// A beacon with rounds 1 to `count`, all submitted now.
fn with_rounds(count: u64) -> Beacon {
    let mut beacon = Beacon::on_mock();
    beacon.chain.wait(count * u64::from(PERIOD_SECS));
    for round in 1..=count {
        beacon.submit(round, &emitter().sign(round)).unwrap().unwrap();
    }
    beacon
}

fn numbers(beacon: &Beacon) -> Vec<u64> {
    beacon.all_rounds().iter().map(|round| round.round).collect()
}

#[test]
fn a_round_stays_for_the_retention_and_goes_a_nanosecond_later() {
    let mut beacon = with_rounds(2);
    assert_eq!(beacon.prune(None, None).unwrap(), None);
    beacon.chain.wait(RETENTION_SECS);
    assert_eq!(beacon.prune(None, None).unwrap(), None);
    assert_eq!(numbers(&beacon), [1, 2]);
    let later = beacon.chain.now().plus_nanos(1);
    beacon.chain.set_time(later);
    let pruned = beacon.prune(None, None).unwrap();
    assert_eq!(pruned, Some(BeaconPruned { rounds: 2, source: 0, round: 2 }));
    assert_eq!(numbers(&beacon), [0u64; 0]);
    assert_eq!(beacon.prune(None, None).unwrap(), None);
}

#[test]
fn ten_rounds_go_at_once_by_default_and_thirty_at_most() {
    let mut beacon = with_rounds(45);
    beacon.chain.wait(RETENTION_SECS + 1);
    assert_eq!(beacon.prune(None, None).unwrap().unwrap().rounds, 10);
    assert_eq!(beacon.prune(None, Some(u32::MAX)).unwrap().unwrap().rounds, 30);
    assert_eq!(beacon.prune(None, Some(0)).unwrap(), None);
    assert_eq!(beacon.prune(None, Some(2)).unwrap().unwrap().rounds, 2);
    assert_eq!(numbers(&beacon), [43, 44, 45]);
}

#[test]
fn the_retention_counts_from_the_submission_so_late_rounds_can_be_read() {
    let mut beacon = with_rounds(3);
    beacon.chain.wait(RETENTION_SECS + 1);
    let round = 4;
    beacon.submit(round, &emitter().sign(round)).unwrap().unwrap();
    assert_eq!(beacon.prune(None, None).unwrap().unwrap().rounds, 3);
    assert_eq!(numbers(&beacon), [4]);
}

#[test]
fn fresh_submissions_of_low_rounds_do_not_shield_the_old_ones_behind_them() {
    let mut beacon = Beacon::on_mock();
    beacon.chain.wait(100 * u64::from(PERIOD_SECS));
    for round in 40..=45 {
        beacon.submit(round, &emitter().sign(round)).unwrap();
    }
    beacon.chain.wait(RETENTION_SECS + 1);
    for round in 1..=30 {
        beacon.submit(round, &emitter().sign(round)).unwrap();
    }
    assert_eq!(beacon.prune(None, Some(30)).unwrap(), None);
    let after = RoundId { source: 0, round: 30 };
    let pruned = beacon.prune(Some(after), Some(30)).unwrap();
    assert_eq!(pruned, Some(BeaconPruned { rounds: 6, source: 0, round: 45 }));
    assert_eq!(numbers(&beacon), (1..=30).collect::<Vec<_>>());
}

#[test]
fn a_removed_round_can_be_submitted_again() {
    let mut beacon = with_rounds(1);
    let at = beacon.source().starts_at;
    let before = beacon.randomness(at);
    beacon.chain.wait(RETENTION_SECS + 1);
    beacon.prune(None, None).unwrap().unwrap();
    assert_eq!(beacon.randomness(at).randomness, None);
    beacon.submit(1, &emitter().sign(1)).unwrap().unwrap();
    assert_eq!(beacon.randomness(at), before);
    let error = beacon.submit(1, &emitter().sign(2)).unwrap_err().beacon();
    assert_eq!(error, ContractError::WrongSignature { round: 1 });
}
