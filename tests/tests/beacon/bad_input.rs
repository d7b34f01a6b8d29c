//! What is refused, by name, and leaves nothing behind.

use cosmwasm_std::{coins, HexBinary, Timestamp};
use modelbond_beacon::ContractError;
use modelbond_interface::beacon::{
    ExecuteMsg, FirstRoundResponse, InstantiateMsg, QueryMsg, RoundResponse,
};
use modelbond_tests::beacon::{
    central, chain_hash, public, sha256, submit_message, NOTICE_SECS, OWNER,
};
use modelbond_tests::mock::GENESIS_SECS;
use modelbond_tests::{Beacon, Chain, Contracts, Emitter, Mock};
use rstest::rstest;

/// Why a beacon is refused that differs in one thing from a good one; its chain hash is right.
fn refused(change: impl FnOnce(&mut InstantiateMsg)) -> ContractError {
    let mut chain = Mock::default();
    let mut msg = central(&chain);
    change(&mut msg);
    if msg.source.genesis_at.seconds() < 1 << 40 {
        msg.chain_hash = chain_hash(&msg.source);
    }
    chain.instantiate("beacon", &msg).unwrap_err().beacon()
}

fn bounds(field: &'static str, least: u64, most: u64, actual: u64) -> ContractError {
    ContractError::Bounds { field, least, most, actual }
}

#[rstest]
#[case::empty(0)]
#[case::in_g1(48)]
#[case::truncated(95)]
#[case::one_long(97)]
#[case::uncompressed(192)]
#[case::far_too_long(100_000)]
fn a_public_key_of_another_length(#[case] actual: usize) {
    let error = refused(|msg| {
        let mut key = msg.source.public_key.to_vec();
        key.resize(actual, 0);
        msg.source.public_key = key.into();
    });
    assert_eq!(error, ContractError::Length { field: "public_key", expected: 96, actual });
}

#[rstest]
#[case::zeros(0x00, 0)]
#[case::not_compressed(0x13, 0)]
#[case::not_on_the_curve(0x80, 0x01)]
#[case::not_in_the_field(0x9f, 0xff)]
fn a_public_key_that_is_no_point(#[case] first: u8, #[case] rest: u8) {
    let mut key = vec![rest; 96];
    key[0] = first;
    let error = refused(|msg| msg.source.public_key = key.into());
    assert_eq!(error, ContractError::InvalidKey {});
}

#[test]
fn a_public_key_outside_the_subgroup() {
    // x = 2 on the curve's twist; its order is not r.
    let mut outside = 0;
    for x in 0u8..16 {
        let mut key = vec![0; 96];
        key[0] = 0x80;
        key[95] = x;
        let on_curve = {
            let point = blst::min_sig::PublicKey::uncompress(&key);
            point.is_ok_and(|point| point.validate().is_err())
        };
        let error = refused(|msg| msg.source.public_key = key.into());
        assert_eq!(error, ContractError::InvalidKey {}, "x = {x}");
        outside += usize::from(on_curve);
    }
    assert!(outside > 3, "{outside} points outside of the subgroup");
}

#[rstest]
#[case::too_short(0)]
#[case::too_short(31)]
#[case::too_long(33)]
fn a_group_hash_of_another_length(#[case] actual: usize) {
    let error = refused(|msg| msg.source.group_hash = vec![1; actual].into());
    assert_eq!(error, ContractError::Length { field: "group_hash", expected: 32, actual });
}

#[rstest]
#[case::none(0)]
#[case::more_than_a_day(86_401)]
#[case::for_ever(u32::MAX)]
fn a_period_out_of_bounds(#[case] period: u32) {
    let error = refused(|msg| msg.source.period_secs = period);
    assert_eq!(error, bounds("period_secs", 1, 86_400, u64::from(period)));
}

#[test]
fn a_genesis_within_a_second() {
    let actual = Timestamp::from_nanos(GENESIS_SECS * 1_000_000_000 + 1);
    let error = refused(|msg| msg.source.genesis_at = actual);
    assert_eq!(error, ContractError::WholeSeconds { field: "genesis_at", actual });
}

#[test]
fn a_beacon_id_that_is_too_long() {
    let error = refused(|msg| msg.source.beacon_id = "i".repeat(65));
    assert_eq!(error, bounds("beacon_id: its length", 0, 64, 65));
}

#[rstest]
#[case::of_another_source(sha256(b"another"))]
#[case::truncated(HexBinary::from(&[1; 31]))]
#[case::empty(HexBinary::default())]
fn a_chain_hash_that_is_not_the_sources(#[case] given: HexBinary) {
    let mut chain = Mock::default();
    let mut msg = central(&chain);
    let computed = msg.chain_hash;
    msg.chain_hash = given.clone();
    let error = chain.instantiate("beacon", &msg).unwrap_err().beacon();
    assert_eq!(error, ContractError::ChainHash { computed, given });
}

#[test]
fn a_chain_hash_is_of_every_field() {
    let changes: [fn(&mut InstantiateMsg); 5] = [
        |msg| msg.source.public_key = Emitter::called("mallory").public_key(),
        |msg| msg.source.period_secs += 1,
        |msg| msg.source.genesis_at = msg.source.genesis_at.plus_seconds(1),
        |msg| msg.source.group_hash = sha256(b"another"),
        |msg| msg.source.beacon_id.push('x'),
    ];
    for change in changes {
        let mut chain = Mock::default();
        let mut msg = central(&chain);
        change(&mut msg);
        let error = chain.instantiate("beacon", &msg).unwrap_err().beacon();
        assert!(matches!(error, ContractError::ChainHash { .. }), "{error}");
    }
}

#[test]
fn a_beacon_that_starts_later_than_now() {
    let now = Timestamp::from_seconds(GENESIS_SECS);
    let starts_at = now.plus_nanos(1);
    let error = refused(|msg| msg.starts_at = Some(starts_at));
    assert_eq!(error, ContractError::StartsLate { starts_at, now });
}

#[rstest]
#[case::no_notice(0, 600, bounds("notice_secs", 1, 31_536_000, 0))]
#[case::notice_above_a_year(
    31_536_001,
    31_536_001,
    bounds("notice_secs", 1, 31_536_000, 31_536_001)
)]
#[case::retention_below_notice(600, 599, bounds("retention_secs", 600, 315_360_000, 599))]
#[case::retention_above_ten_years(
    600,
    315_360_001,
    bounds("retention_secs", 600, 315_360_000, 315_360_001)
)]
#[case::huge(u64::MAX, u64::MAX, bounds("notice_secs", 1, 31_536_000, u64::MAX))]
fn durations_out_of_bounds(
    #[case] notice: u64,
    #[case] retention: u64,
    #[case] expected: ContractError,
) {
    let error = refused(|msg| {
        msg.notice_secs = notice;
        msg.retention_secs = retention;
    });
    assert_eq!(error, expected);
}

#[test]
fn public_networks_that_are_too_many_or_no_hashes() {
    let error = refused(|msg| msg.public_networks = vec![sha256(b"one"); 9]);
    assert_eq!(error, bounds("public_networks: their number", 0, 8, 9));
    let error = refused(|msg| msg.public_networks = vec![HexBinary::from(&[1; 20])]);
    let field = "public_networks";
    assert_eq!(error, ContractError::Length { field, expected: 32, actual: 20 });
}

#[test]
fn an_owner_that_is_no_address() {
    let error = refused(|msg| msg.owner = Some("nobody".to_owned()));
    assert!(matches!(error, ContractError::Std(_)), "{error}");
}

#[test]
fn sources_that_are_none() {
    let mut beacon = Beacon::on_mock();
    let signature = Emitter::called("central").sign(1);
    for source_index in [1, 2, 255] {
        let error = beacon.submit_to(source_index, 1, &signature).unwrap_err().beacon();
        assert_eq!(error, ContractError::NoSource { source_index });
        let query = QueryMsg::Round { source: source_index, round: 1 };
        let error = beacon.try_query::<RoundResponse>(&query).unwrap_err().to_string();
        assert!(error.contains(&format!("there is no source {source_index}")), "{error}");
    }
}

#[test]
fn the_beginning_of_time_is_before_the_start() {
    let at = Timestamp::from_nanos(0);
    let error = Beacon::on_mock().try_query::<FirstRoundResponse>(&QueryMsg::FirstRound { at });
    assert!(error.unwrap_err().to_string().contains("the beacon starts at"));
}

#[test]
fn coins_are_refused_with_every_message() {
    let mut beacon = Beacon::on_mock();
    let sender = beacon.chain.account(OWNER);
    beacon.chain.fund(&sender, &coins(5, "uusd"));
    let source = public(beacon.chain.now());
    let chain_hash = chain_hash(&source);
    let switch_at = beacon.chain.now().plus_seconds(NOTICE_SECS);
    for msg in [
        submit_message(1, Emitter::called("central").sign(1)),
        ExecuteMsg::SwitchSource { source, chain_hash, switch_at },
        ExecuteMsg::Prune { start_after: None, limit: None },
    ] {
        let address = beacon.address.clone();
        let error = beacon.chain.execute_any(&sender, &address, &msg, &coins(5, "uusd"));
        assert!(matches!(error.unwrap_err().beacon(), ContractError::Payment(_)));
    }
    assert_eq!(beacon.chain.balance_of(&sender, "uusd"), 5);
}
