//! When rounds are accepted, how often, and what is said of them.

use cosmwasm_std::Timestamp;
use modelbond_beacon::ContractError;
use modelbond_interface::beacon::{InstantiateMsg, QueryMsg, RandomnessResponse, RoundId};
use modelbond_tests::beacon::{central, chain_hash, hex, sha256, PERIOD_SECS, QUICKNET};
use modelbond_tests::mock::GENESIS_SECS;
use modelbond_tests::{Beacon, Chain, Emitter, Mock};
use rstest::rstest;

const NANOSECOND: u64 = 1;

fn emitter() -> Emitter {
    Emitter::called("central")
}

#[test]
fn a_round_is_accepted_at_its_time_and_not_a_nanosecond_before() {
    let mut beacon = Beacon::on_mock();
    let round_at = Timestamp::from_seconds(GENESIS_SECS + 4 * u64::from(PERIOD_SECS));
    let now = round_at.minus_nanos(NANOSECOND);
    beacon.chain.set_time(now);
    let error = beacon.submit(5, &emitter().sign(5)).unwrap_err().beacon();
    assert_eq!(error, ContractError::RoundTooEarly { round: 5, round_at, now });
    beacon.chain.set_time(round_at);
    beacon.submit(5, &emitter().sign(5)).unwrap().unwrap();
    let stored = beacon.round(0, 5).unwrap();
    assert_eq!((stored.round_at, stored.submitted_at), (round_at, round_at));
}

#[test]
fn a_round_is_accepted_however_late_and_in_any_order() {
    let mut beacon = Beacon::on_mock();
    beacon.chain.wait(10 * 365 * 86_400);
    for round in [9, 2, 1_000_000] {
        beacon.submit(round, &emitter().sign(round)).unwrap().unwrap();
    }
    let numbers: Vec<u64> = beacon.all_rounds().iter().map(|round| round.round).collect();
    assert_eq!(numbers, [2, 9, 1_000_000]);
}

#[test]
fn a_stored_round_again_is_accepted_without_effect() {
    let mut beacon = Beacon::on_mock();
    let signature = emitter().sign(1);
    beacon.submit(1, &signature).unwrap().unwrap();
    let stored = beacon.round(0, 1);
    beacon.chain.wait(100);
    assert_eq!(beacon.submit(1, &signature).unwrap(), None);
    assert_eq!(beacon.round(0, 1), stored);
    // Another signature is wrong, whatever is stored.
    let error = beacon.submit(1, &emitter().sign(2)).unwrap_err().beacon();
    assert_eq!(error, ContractError::WrongSignature { round: 1 });
    assert_eq!(beacon.round(0, 1), stored);
}

#[rstest]
#[case::round_0(0)]
#[case::past_the_end_of_time(u64::MAX)]
fn what_is_no_round_is_refused(#[case] round: u64) {
    let error = Beacon::on_mock().submit(round, &emitter().sign(round)).unwrap_err().beacon();
    assert_eq!(error, ContractError::NoRound { round });
}

/// A central emitter that began a thousand rounds before the beacon.
fn older_than_the_beacon(starts_at: Option<Timestamp>) -> Beacon {
    let chain = Mock::default();
    let genesis = Timestamp::from_seconds(GENESIS_SECS - 1_000 * u64::from(PERIOD_SECS) - 1);
    let source = emitter().source(genesis, PERIOD_SECS);
    let chain_hash = chain_hash(&source);
    let msg = InstantiateMsg { source, chain_hash, starts_at, ..central(&chain) };
    Beacon::on(chain, &msg)
}

#[test]
fn rounds_from_before_the_beacon_are_refused() {
    let mut beacon = older_than_the_beacon(None);
    let first_round = beacon.source().first_round;
    assert_eq!(first_round, 1_002);
    beacon.chain.wait(60);
    for round in [1, 1_000, first_round - 1] {
        let error = beacon.submit(round, &emitter().sign(round)).unwrap_err().beacon();
        assert_eq!(error, ContractError::RoundTooLow { round, first_round });
    }
    beacon.submit(first_round, &emitter().sign(first_round)).unwrap().unwrap();
    let starts_at = Timestamp::from_seconds(GENESIS_SECS);
    assert_eq!(beacon.first_round(starts_at).round, first_round);
    let at = starts_at.minus_nanos(NANOSECOND);
    let error = beacon.try_query::<RandomnessResponse>(&QueryMsg::Randomness { at });
    let expected = ContractError::BeforeStart { at, starts_at }.to_string();
    assert!(error.unwrap_err().to_string().contains(&expected));
}

#[test]
fn a_beacon_may_start_before_it_was_made() {
    let mut beacon = older_than_the_beacon(Some(Timestamp::from_seconds(GENESIS_SECS - 60)));
    assert_eq!(beacon.source().first_round, 1_000);
    beacon.submit(1_000, &emitter().sign(1_000)).unwrap().unwrap();
}

#[test]
fn storage_grows_by_one_round_a_period_at_the_most_whoever_attacks() {
    // The emitter's own key, all of history, every period ten times, and some of the future.
    let mut beacon = older_than_the_beacon(None);
    let first = beacon.source().first_round;
    let mut accepted = 0;
    for period in 0..12 {
        for round in (1..first).step_by(100).chain(first..first + 20) {
            for _ in 0..2 {
                let stored = beacon.submit(round, &emitter().sign(round));
                accepted += usize::from(matches!(stored, Ok(Some(_))));
            }
        }
        let bound = period + 1;
        assert!(beacon.all_rounds().len() <= bound, "{accepted} rounds in {bound} periods");
        beacon.chain.wait(u64::from(PERIOD_SECS));
    }
    assert_eq!(beacon.all_rounds().len(), accepted);
    assert!(accepted >= 11, "{accepted} rounds");
}

#[test]
fn randomness_is_found_by_time() {
    let mut beacon = Beacon::on_mock();
    let at = beacon.chain.now().plus_seconds(31);
    let before = beacon.randomness(at);
    assert_eq!((before.first.round, before.randomness), (3, None));
    assert!(before.first.fixed && before.first.central_beacon);
    beacon.chain.wait(60);
    beacon.submit(3, &emitter().sign(3)).unwrap();
    let after = beacon.randomness(at);
    assert_eq!(after.randomness, Some(sha256(&emitter().sign(3))));
    assert_eq!(after.first, before.first);
}

#[test]
fn a_time_past_the_end_is_refused() {
    let at = Timestamp::from_nanos(u64::MAX);
    let error = Beacon::on_mock().try_query::<RandomnessResponse>(&QueryMsg::Randomness { at });
    let expected = ContractError::EndOfTime { at }.to_string();
    assert!(error.unwrap_err().to_string().contains(&expected));
}

#[test]
fn pages_have_ten_rounds_by_default_and_thirty_at_most() {
    let mut beacon = Beacon::on_mock();
    beacon.chain.wait(40 * u64::from(PERIOD_SECS));
    for round in 1..=35 {
        beacon.submit(round, &emitter().sign(round)).unwrap();
    }
    assert_eq!(beacon.rounds(None, None).len(), 10);
    assert_eq!(beacon.rounds(None, Some(u32::MAX)).len(), 30);
    assert_eq!(beacon.rounds(None, Some(0)).len(), 0);
    let after = RoundId { source: 0, round: 30 };
    let rest = beacon.rounds(Some(after), None);
    assert_eq!(rest.iter().map(|round| round.round).collect::<Vec<_>>(), [31, 32, 33, 34, 35]);
    assert_eq!(beacon.all_rounds().len(), 35);
    assert_eq!(beacon.latest(), rest.last().cloned());
}

#[test]
fn what_was_fixed_is_told() {
    let beacon = Beacon::on_mock();
    let config = beacon.config();
    let now = beacon.chain.now();
    assert_eq!(config.owner.map(String::from), Some(beacon.chain.account("creator")));
    assert_eq!(config.public_networks[0], hex(QUICKNET));
    assert_eq!((config.notice_secs, config.retention_secs), (600, 3_600));
    let [source] = &beacon.sources()[..] else { panic!("one source") };
    assert_eq!(source, &beacon.source());
    assert_eq!(source.chain_hash, chain_hash(&source.source));
    assert_eq!(source.source, emitter().source(now, PERIOD_SECS));
    assert_eq!((source.starts_at, source.first_round, source.last_round), (now, 1, None));
    assert!(source.central_beacon);
    assert_eq!(beacon.latest(), None);
}
