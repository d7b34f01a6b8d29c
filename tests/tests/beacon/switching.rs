//! The one switch of the source, at each of its bounds, and what it leaves untouched.

use cosmwasm_std::Timestamp;
use modelbond_beacon::ContractError;
use modelbond_interface::beacon::{
    BeaconSourceAnnounced, BeaconSourceSwitched, ExecuteMsg, InstantiateMsg, Source,
};
use modelbond_tests::beacon::{
    central, chain_hash, of_quicknet, public, quicknet, NOTICE_SECS, OWNER, PERIOD_SECS,
};
use modelbond_tests::mock::GENESIS_SECS;
use modelbond_tests::{Beacon, Chain, Emitter, Mock};
use rstest::rstest;

const MONTH_SECS: u64 = 30 * 86_400;

fn made_at() -> Timestamp {
    Timestamp::from_seconds(GENESIS_SECS)
}

fn next() -> Source {
    public(made_at())
}

fn earliest() -> Timestamp {
    made_at().plus_seconds(NOTICE_SECS)
}

/// Why a switch is refused; there is one source still.
fn refused(beacon: &mut Beacon, source: &Source, switch_at: Timestamp) -> ContractError {
    let before = beacon.sources();
    let error = beacon.switch(source, switch_at).unwrap_err().beacon();
    assert_eq!(beacon.sources(), before);
    error
}

#[test]
fn a_switch_is_announced_one_notice_ahead_at_the_least() {
    let mut beacon = Beacon::on_mock();
    let switch_at = earliest().minus_seconds(1);
    let error = refused(&mut beacon, &next(), switch_at);
    assert_eq!(error, ContractError::SwitchTooEarly { switch_at, earliest: earliest() });
    for switch_at in [made_at(), made_at().minus_seconds(50), Timestamp::from_seconds(0)] {
        let error = refused(&mut beacon, &next(), switch_at);
        assert_eq!(error, ContractError::SwitchTooEarly { switch_at, earliest: earliest() });
    }
    // In a block a nanosecond later the same time is too early.
    let now = made_at().plus_nanos(1);
    beacon.chain.set_time(now);
    let error = refused(&mut beacon, &next(), earliest());
    let expected = now.plus_seconds(NOTICE_SECS);
    assert_eq!(error, ContractError::SwitchTooEarly { switch_at: earliest(), earliest: expected });
    beacon.chain.set_time(made_at());
    beacon.switch(&next(), earliest()).unwrap();
}

#[test]
fn a_switch_is_a_month_later_than_that_at_the_most() {
    let mut beacon = Beacon::on_mock();
    let latest = earliest().plus_seconds(MONTH_SECS);
    for switch_at in [latest.plus_seconds(1), Timestamp::from_seconds(u64::MAX / 1_000_000_000)] {
        let error = refused(&mut beacon, &next(), switch_at);
        assert_eq!(error, ContractError::SwitchTooLate { switch_at, latest });
    }
    beacon.switch(&next(), latest).unwrap();
}

#[test]
fn an_announcement_says_what_and_when_and_changes_nothing_yet() {
    let mut beacon = Beacon::on_mock();
    let before = beacon.source();
    let announced: BeaconSourceAnnounced = beacon.switch(&next(), earliest()).unwrap().event();
    assert_eq!(announced.source, 1);
    assert_eq!(announced.chain_hash, chain_hash(&next()).to_hex());
    assert_eq!(announced.switch_at, earliest().nanos());
    // Genesis 1,000 s before, 600 s ahead: 1 + ⌈1,600 ÷ 7⌉.
    assert_eq!(announced.first_round, 230);
    let after = beacon.source();
    // The last moment of the emitter is answered by the round at the switch itself.
    assert_eq!(after.last_round, Some(NOTICE_SECS / u64::from(PERIOD_SECS) + 1));
    assert_eq!(
        after,
        modelbond_interface::beacon::SourceInfo { last_round: after.last_round, ..before }
    );
    let [first, second] = &beacon.sources()[..] else { panic!("two sources") };
    assert_eq!(first, &after);
    assert_eq!((second.index, second.first_round, second.last_round), (1, 230, None));
    assert_eq!((second.starts_at, second.central_beacon), (earliest(), false));
    assert_eq!(second.source, next());
}

#[test]
fn the_source_changes_at_the_switch_and_not_a_nanosecond_before() {
    let mut beacon = Beacon::on_mock();
    beacon.switch(&next(), earliest()).unwrap();
    beacon.chain.set_time(earliest().minus_nanos(1));
    assert_eq!(beacon.source().index, 0);
    beacon.chain.set_time(earliest());
    assert_eq!(beacon.source().index, 1);
    assert!(!beacon.source().central_beacon);
    let before = beacon.first_round(earliest().minus_nanos(1));
    assert_eq!((before.source, before.round, before.round_at), (0, 21, earliest()));
    let after = beacon.first_round(earliest());
    assert_eq!((after.source, after.round), (1, 230));
    assert_eq!(after.round_at, made_at().plus_seconds(229 * 7 - 1_000));
}

#[test]
fn no_answer_changes_for_which_somebody_may_wait() {
    // Whatever is fixed before an announcement, and whoever computes a round up to the notice ahead.
    let mut beacon = Beacon::on_mock();
    let horizon = NOTICE_SECS * 1_000_000_000;
    let ahead = [0, 1, horizon / 2, horizon - 1, horizon, horizon + 1, 2 * horizon];
    let times = ahead.map(|nanos| made_at().plus_nanos(nanos));
    let before = times.map(|at| beacon.first_round(at));
    let fixed = before.iter().map(|first| first.fixed).collect::<Vec<_>>();
    assert_eq!(fixed, [true, true, true, true, false, false, false]);
    beacon.switch(&next(), earliest()).unwrap();
    for (at, before) in times.into_iter().zip(before) {
        let after = beacon.first_round(at);
        assert!(after.fixed, "there is no second switch");
        if before.fixed {
            assert_eq!(after, before);
        } else {
            assert_eq!((after.source, after.central_beacon), (1, false));
        }
    }
}

#[test]
fn rounds_that_somebody_waits_for_are_accepted_after_the_switch_and_no_others() {
    let mut beacon = Beacon::on_mock();
    let emitter = Emitter::called("central");
    beacon.switch(&next(), earliest()).unwrap();
    beacon.chain.wait(10 * NOTICE_SECS);
    for round in [1, 20, 21] {
        beacon.submit_to(0, round, &emitter.sign(round)).unwrap();
    }
    let error = beacon.submit_to(0, 22, &emitter.sign(22)).unwrap_err().beacon();
    assert_eq!(error, ContractError::RoundTooHigh { round: 22, last_round: 21 });
    // Without a name it is the new source's round.
    let error = beacon.submit(21, &emitter.sign(21)).unwrap_err().beacon();
    assert_eq!(error, ContractError::RoundTooLow { round: 21, first_round: 230 });
}

#[test]
fn equal_numbers_of_both_sources_are_different_rounds() {
    let mut beacon = Beacon::on_mock();
    let network = Emitter::called("public");
    // 230 at the switch of the network; make the emitter reach it, too.
    let late = earliest().plus_seconds(300 * u64::from(PERIOD_SECS));
    beacon.switch(&next(), late).unwrap();
    beacon.chain.set_time(late.plus_seconds(10_000));
    let both = beacon.sources()[1].first_round;
    let ours = beacon.sources()[0].last_round.unwrap();
    assert!(both > 230 && ours > 300);
    for (source, name, round) in [(0, "central", 230), (0, "central", 300)] {
        beacon.submit_to(source, round, &Emitter::called(name).sign(round)).unwrap();
    }
    beacon.submit(both, &network.sign(both)).unwrap().unwrap();
    let error = beacon.submit_to(0, 231, &network.sign(231)).unwrap_err().beacon();
    assert_eq!(error, ContractError::WrongSignature { round: 231 });
    let stored: Vec<(u8, u64)> =
        beacon.all_rounds().iter().map(|round| (round.source, round.round)).collect();
    assert_eq!(stored, [(0, 230), (0, 300), (1, both)]);
    assert_eq!(beacon.latest().unwrap().source, 1);
    assert_eq!(beacon.round(1, 230), None);
}

#[test]
fn the_first_round_of_the_new_source_says_once_that_it_was_switched() {
    let mut beacon = Beacon::on_mock();
    let network = Emitter::called("public");
    beacon.switch(&next(), earliest()).unwrap();
    let error = beacon.submit_to(1, 230, &network.sign(230)).unwrap_err().beacon();
    assert!(matches!(error, ContractError::RoundTooEarly { round: 230, .. }), "{error}");
    beacon.chain.wait(NOTICE_SECS + 100);
    let outcome = beacon.submit_to(0, 3, &Emitter::called("central").sign(3)).unwrap();
    assert_eq!(outcome.find::<BeaconSourceSwitched>(), None);
    let outcome = beacon.submit_to(1, 231, &network.sign(231)).unwrap();
    let switched: BeaconSourceSwitched = outcome.event();
    assert_eq!(switched.chain_hash, chain_hash(&next()).to_hex());
    assert_eq!((switched.source, switched.round), (1, 231));
    let outcome = beacon.submit_to(1, 230, &network.sign(230)).unwrap();
    assert_eq!(outcome.find::<BeaconSourceSwitched>(), None);
    // Not even when nothing is left of it.
    beacon.chain.wait(100_000);
    assert_eq!(beacon.prune(None, None).unwrap().unwrap().rounds, 3);
    let outcome = beacon.submit_to(1, 231, &network.sign(231)).unwrap();
    assert_eq!(outcome.find::<BeaconSourceSwitched>(), None);
}

#[test]
fn there_is_one_switch_and_no_way_back() {
    let mut beacon = Beacon::on_mock();
    let first = Emitter::called("central").source(made_at(), PERIOD_SECS);
    beacon.switch(&next(), earliest()).unwrap();
    let expected = ContractError::AlreadyAnnounced { switch_at: earliest() };
    for source in [next(), quicknet(), first] {
        let later = earliest().plus_seconds(NOTICE_SECS);
        assert_eq!(refused(&mut beacon, &source, later), expected);
    }
    beacon.chain.wait(10 * NOTICE_SECS);
    let later = beacon.chain.now().plus_seconds(NOTICE_SECS);
    for source in [quicknet(), Emitter::called("central").source(made_at(), PERIOD_SECS)] {
        assert_eq!(refused(&mut beacon, &source, later), expected);
    }
}

#[test]
fn a_public_source_is_not_switched_to_anything() {
    let chain = Mock::default();
    let owner = Some(chain.account(OWNER));
    let mut networks = of_quicknet().public_networks;
    networks.push(chain_hash(&next()));
    let msg = InstantiateMsg { owner, public_networks: networks, ..of_quicknet() };
    let mut beacon = Beacon::on(chain, &msg);
    assert!(beacon.first_round(earliest().plus_seconds(1)).fixed);
    for source in [next(), Emitter::called("central").source(made_at(), PERIOD_SECS)] {
        let error = refused(&mut beacon, &source, earliest());
        assert_eq!(error, ContractError::AlreadyPublic {});
    }
}

#[test]
fn a_central_source_is_switched_to_a_named_public_network_only() {
    let mut beacon = Beacon::on_mock();
    let mut slower = next();
    slower.period_secs += 1;
    for source in [
        Emitter::called("mallory").source(made_at(), PERIOD_SECS),
        Emitter::called("central").source(made_at(), PERIOD_SECS),
        slower.clone(),
    ] {
        let error = refused(&mut beacon, &source, earliest());
        assert_eq!(error, ContractError::NotPublic { chain_hash: chain_hash(&source) });
    }
    // Nor under the chain hash of one.
    let (computed, given) = (chain_hash(&slower), chain_hash(&next()));
    let (chain_hash, switch_at) = (given.clone(), earliest());
    let msg = ExecuteMsg::SwitchSource { source: slower, chain_hash, switch_at };
    let error = beacon.send(OWNER, &msg).unwrap_err().beacon();
    assert_eq!(error, ContractError::ChainHash { computed, given });
    beacon.switch(&quicknet(), earliest()).unwrap();
}

#[rstest]
#[case::at_the_genesis(0, true)]
#[case::before_the_genesis(1, false)]
fn the_network_runs_by_the_time_of_the_switch(#[case] secs: u64, #[case] accepted: bool) {
    let chain = Mock::default();
    let genesis_at = earliest().plus_seconds(secs);
    let source = Emitter::called("young").source(genesis_at, 3);
    let public_networks = vec![chain_hash(&source)];
    let msg = InstantiateMsg { public_networks, ..central(&chain) };
    let mut beacon = Beacon::on(chain, &msg);
    if accepted {
        beacon.switch(&source, earliest()).unwrap();
        assert_eq!(beacon.first_round(earliest()).round, 1);
    } else {
        let error = refused(&mut beacon, &source, earliest());
        let switch_at = earliest();
        assert_eq!(error, ContractError::SwitchBeforeGenesis { switch_at, genesis_at });
    }
}

#[test]
fn without_an_owner_nobody_switches_and_every_answer_is_fixed() {
    let chain = Mock::default();
    let msg = InstantiateMsg { owner: None, ..central(&chain) };
    let mut beacon = Beacon::on(chain, &msg);
    assert_eq!(refused(&mut beacon, &next(), earliest()), ContractError::NoOwner {});
    assert!(beacon.first_round(earliest().plus_seconds(1_000_000)).fixed);
}

#[test]
fn a_switch_is_in_whole_seconds() {
    let actual = earliest().plus_nanos(1);
    let error = refused(&mut Beacon::on_mock(), &next(), actual);
    assert_eq!(error, ContractError::WholeSeconds { field: "switch_at", actual });
}
