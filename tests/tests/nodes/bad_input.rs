//! What is refused, by name, and leaves nothing behind.

use cosmwasm_std::{coins, to_json_binary, Binary, HexBinary, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes::{
    ExecuteMsg, InstantiateMsg, QueryMsg, Readiness, ReceiveMsg, RunTerms,
};
use modelbond_nodes::clock::Clock;
use modelbond_nodes::ContractError;
use modelbond_signature::{SignatureError, Unit};
use modelbond_tests::mock::GENESIS_SECS;
use modelbond_tests::nodes::{
    readiness, register_message, settings, terms, EPOCH_SECS, PLENTY, RUN, UNIT,
};
use modelbond_tests::{Chain, Contracts, Machine, Nodes};
use rstest::rstest;

fn bounds(field: &'static str, least: u64, most: u64, actual: u64) -> ContractError {
    ContractError::Bounds { field, least, most, actual }
}

/// Why a registration is refused that was signed right and then changed.
fn refused(change: impl FnOnce(&mut ExecuteMsg)) -> ContractError {
    let mut nodes = Nodes::on_mock();
    let machine = Machine::called("machine 1");
    let request = nodes.registration("alice", &machine);
    let mut msg = register_message(&request, machine.keys(&request, Scheme::Eip712));
    change(&mut msg);
    let error = nodes.send("alice", &msg).unwrap_err().nodes();
    assert_eq!(nodes.node(1), None);
    assert_eq!(nodes.config().next_node_id, 1);
    error
}

macro_rules! with {
    ($field:ident = $value:expr) => {
        |msg: &mut ExecuteMsg| {
            if let ExecuteMsg::RegisterNode { $field, .. } = msg {
                *$field = $value;
            }
        }
    };
    (keys.$($field:ident).+ = $value:expr) => {
        |msg: &mut ExecuteMsg| {
            if let ExecuteMsg::RegisterNode { keys, .. } = msg {
                keys.$($field).+ = $value;
            }
        }
    };
}

#[rstest]
#[case::too_short(4, 300, bounds("epoch_secs", 5, 604_800, 4))]
#[case::longer_than_a_week(604_801, 1_300_000, bounds("epoch_secs", 5, 604_800, 604_801))]
#[case::huge(u64::MAX, u64::MAX, bounds("epoch_secs", 5, 604_800, u64::MAX))]
#[case::one_epoch(60, 119, bounds("unbonding_secs", 120, 31_536_000, 119))]
#[case::more_than_a_year(60, 31_536_001, bounds("unbonding_secs", 120, 31_536_000, 31_536_001))]
fn settings_out_of_bounds(
    #[case] epoch_secs: u64,
    #[case] unbonding_secs: u64,
    #[case] expected: ContractError,
) {
    let msg = InstantiateMsg { epoch_secs, unbonding_secs, ..settings() };
    assert_eq!(Nodes::with(msg).err().unwrap().nodes(), expected);
}

#[rstest]
#[case::shortest(5, 10)]
#[case::longest(604_800, 31_536_000)]
fn settings_at_their_bounds(#[case] epoch_secs: u64, #[case] unbonding_secs: u64) {
    let nodes = Nodes::with(InstantiateMsg { epoch_secs, unbonding_secs, evm_chain_id: 0 });
    let config = nodes.unwrap().config();
    assert_eq!((config.epoch_secs, config.unbonding_secs), (epoch_secs, unbonding_secs));
}

#[rstest]
#[case::empty(vec![], "length")]
#[case::uncompressed(vec![4; 65], "length")]
#[case::far_too_long(vec![2; 100_000], "length")]
#[case::wrong_first_byte(vec![5; 33], "public_key")]
fn an_attestation_key_that_is_none(#[case] bytes: Vec<u8>, #[case] code: &str) {
    let error = refused(with!(keys.attestation_key = Binary::from(bytes)));
    let ContractError::Input { field: "attestation_key", source } = error else {
        panic!("{error}")
    };
    assert_eq!(source.code(), code);
}

#[test]
fn an_attestation_key_that_is_no_point_has_signed_nothing() {
    let error = refused(with!(keys.attestation_key = Binary::from([2u8; 33])));
    assert!(matches!(error, ContractError::Proof { .. }), "{error}");
}

#[rstest]
#[case::empty(vec![])]
#[case::one_short(vec![1; 31])]
#[case::one_long(vec![1; 33])]
#[case::far_too_long(vec![1; 100_000])]
#[case::identity([vec![1], vec![0; 31]].concat())]
#[case::small_order(vec![0; 32])]
#[case::not_canonical(vec![0xff; 32])]
#[case::no_point([vec![2], vec![0; 31]].concat())]
fn a_vrf_key_that_is_none(#[case] bytes: Vec<u8>) {
    let error = refused(with!(keys.vrf_key = HexBinary::from(bytes)));
    assert!(matches!(error, ContractError::VrfKey { .. }), "{error}");
}

#[rstest]
#[case::empty(0)]
#[case::one_short(64)]
#[case::one_long(66)]
#[case::far_too_long(100_000)]
fn a_proof_of_another_length(#[case] actual: usize) {
    let error = refused(with!(keys.proof.signature = Binary::from(vec![1; actual])));
    let source = SignatureError::Length { unit: Unit::EthSignature, expected: "65", actual };
    assert_eq!(error, ContractError::Proof { source });
}

#[test]
fn a_proof_of_zeros_and_of_ones_is_out_of_range() {
    for byte in [0, 0xff] {
        let error = refused(|msg| {
            if let ExecuteMsg::RegisterNode { keys, .. } = msg {
                keys.proof.scheme = Scheme::Direct;
                keys.proof.signature = Binary::from(vec![byte; 64]);
            }
        });
        let ContractError::Proof { source } = error else { panic!("{error}") };
        assert!(matches!(source, SignatureError::OutOfRange { part: "r", .. }), "{source}");
    }
}

#[test]
fn a_scheme_that_was_not_signed() {
    for scheme in [Scheme::Eip191, Scheme::Adr036, Scheme::Direct] {
        let error = refused(with!(keys.proof.scheme = scheme));
        assert!(matches!(error, ContractError::Proof { .. }), "{error}");
    }
}

#[test]
fn an_expiry_that_is_over_long_ago_or_never() {
    let error = refused(with!(keys.expires_at = Timestamp::from_seconds(0)));
    assert!(matches!(error, ContractError::Input { field: "expires_at", .. }), "{error}");
    let error = refused(with!(keys.expires_at = Timestamp::from_nanos(u64::MAX)));
    assert!(matches!(error, ContractError::ExpiresTooLate { .. }), "{error}");
}

#[rstest]
#[case::empty("", bounds("device_class", 1, 32, 0))]
#[case::too_long("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", bounds("device_class", 1, 32, 33))]
#[case::capitals("Jetson", ContractError::Characters {
    field: "device_class",
    allowed: "a to z, 0 to 9 and _",
})]
#[case::umlaut("jetsön", ContractError::Characters {
    field: "device_class",
    allowed: "a to z, 0 to 9 and _",
})]
fn a_device_class_that_is_none(#[case] class: &'static str, #[case] expected: ContractError) {
    assert_eq!(refused(with!(device_class = class.to_owned())), expected);
}

#[rstest]
#[case::build_too_long(|r: &mut Readiness| r.build = "b".repeat(65), bounds("build", 0, 64, 65))]
#[case::arch_too_long(|r: &mut Readiness| r.arch = "a".repeat(17), bounds("arch", 0, 16, 17))]
#[case::build_of_two_lines(
    |r: &mut Readiness| r.build = "a\nb".to_owned(),
    ContractError::Characters { field: "build", allowed: "printable ASCII" }
)]
#[case::arch_with_an_end(
    |r: &mut Readiness| r.arch = "a\0".to_owned(),
    ContractError::Characters { field: "arch", allowed: "printable ASCII" }
)]
#[case::no_dataset(
    |r: &mut Readiness| r.dataset_root = HexBinary::default(),
    ContractError::Length { field: "dataset_root", expected: 32, actual: 0 }
)]
#[case::half_an_algorithm(
    |r: &mut Readiness| r.algorithm_hash = vec![1; 16].into(),
    ContractError::Length { field: "algorithm_hash", expected: 32, actual: 16 }
)]
#[case::a_long_answer(
    |r: &mut Readiness| r.known_answer = vec![1; 100_000].into(),
    ContractError::Length { field: "known_answer", expected: 32, actual: 100_000 }
)]
fn readiness_that_cannot_be_read(
    #[case] change: fn(&mut Readiness),
    #[case] expected: ContractError,
) {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1")]);
    nodes.stake("alice", 1, UNIT).unwrap();
    let mut readiness = readiness();
    change(&mut readiness);
    let msg = ExecuteMsg::Ready { run_id: RUN, node_id: 1, readiness };
    assert_eq!(nodes.send("alice", &msg).unwrap_err().nodes(), expected);
    assert_eq!(nodes.roster(RUN, 2).members, 0);
}

#[rstest]
#[case::a_short_root(
    |terms: &mut RunTerms| terms.dataset_root = vec![1; 31].into(),
    ContractError::Length { field: "dataset_root", expected: 32, actual: 31 }
)]
#[case::a_long_algorithm(
    |terms: &mut RunTerms| terms.algorithm_hash = vec![1; 33].into(),
    ContractError::Length { field: "algorithm_hash", expected: 32, actual: 33 }
)]
#[case::no_answer(
    |terms: &mut RunTerms| terms.known_answer = HexBinary::default(),
    ContractError::Length { field: "known_answer", expected: 32, actual: 0 }
)]
#[case::units_of_nothing(
    |terms: &mut RunTerms| terms.unit_stake = Uint128::zero(),
    ContractError::Zero { field: "unit_stake" }
)]
fn terms_that_are_none(#[case] change: fn(&mut RunTerms), #[case] expected: ContractError) {
    let mut nodes = Nodes::on_mock();
    let mut terms = terms(2, &nodes.token);
    change(&mut terms);
    assert_eq!(nodes.set_run(terms).unwrap_err().nodes(), expected);
}

#[test]
fn a_run_of_a_model_that_is_no_address() {
    let error = Nodes::on_mock().set_run(terms(2, "nobody")).unwrap_err().nodes();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
}

#[test]
fn models_that_are_no_addresses() {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1")]);
    let model = "nobody".to_owned();
    for msg in [
        ExecuteMsg::Unstake { model: model.clone(), node_id: 1, amount: Uint128::one() },
        ExecuteMsg::Withdraw { model: model.clone(), node_id: 1 },
    ] {
        let error = nodes.send("alice", &msg).unwrap_err().nodes();
        assert!(matches!(error, ContractError::Std(_)), "{error}");
    }
    let msg = ExecuteMsg::Slash { model: model.clone(), items: vec![] };
    let error = nodes.send("training", &msg).unwrap_err().nodes();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
    for query in [
        QueryMsg::Stake { model: model.clone(), node_id: 1 },
        QueryMsg::Stakes { model: model.clone(), start_after: None, limit: None },
        QueryMsg::Nodes { owner: Some(model), start_after: None, limit: None },
    ] {
        assert!(nodes.try_query::<cosmwasm_std::Empty>(&query).is_err());
    }
}

#[rstest]
#[case::empty(b"")]
#[case::another_message(b"{\"unstake\":{}}")]
#[case::negative(b"{\"stake\":{\"node_id\":-1}}")]
fn a_message_inside_send_that_is_none(#[case] msg: &[u8]) {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1")]);
    let (contract, amount) = (nodes.address.clone(), Uint128::new(5));
    let send = cw20::Cw20ExecuteMsg::Send { contract, amount, msg: msg.into() };
    let (sender, token) = (nodes.address_of("alice"), nodes.token.clone());
    let error = nodes.chain.execute_any(&sender, &token, &send, &[]).unwrap_err().nodes();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
    assert_eq!(nodes.tokens("alice"), PLENTY);
}

#[test]
fn coins_are_refused_with_every_message() {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1")]);
    let sender = nodes.address_of("alice");
    nodes.chain.fund(&sender, &coins(5, "uusd"));
    let received = Cw20ReceiveMsg {
        sender: sender.clone(),
        amount: Uint128::one(),
        msg: to_json_binary(&ReceiveMsg::Stake { node_id: 1 }).unwrap(),
    };
    let (model, node_id) = (nodes.token.clone(), 1);
    for msg in [
        ExecuteMsg::CancelRotation { node_id },
        ExecuteMsg::RetireNode { node_id },
        ExecuteMsg::Ready { run_id: RUN, node_id, readiness: readiness() },
        ExecuteMsg::Receive(received),
        ExecuteMsg::Withdraw { model, node_id },
        ExecuteMsg::Prune { run_id: RUN, epoch: 0, limit: None },
    ] {
        let address = nodes.address.clone();
        let error = nodes.chain.execute_any(&sender, &address, &msg, &coins(5, "uusd"));
        assert!(matches!(error.unwrap_err().nodes(), ContractError::Payment(_)));
    }
}

#[test]
fn epochs_before_the_beginning_and_past_the_end_of_time_are_none() {
    let mut nodes = Nodes::on_mock();
    nodes.chain.wait(10 * EPOCH_SECS);
    let ask = |at| nodes.try_query::<cosmwasm_std::Empty>(&QueryMsg::Epoch { at: Some(at) });
    let error = ask(Timestamp::from_seconds(GENESIS_SECS - 1)).unwrap_err().to_string();
    assert!(error.contains("the first one began at"), "{error}");
    let error = ask(Timestamp::from_nanos(u64::MAX)).unwrap_err().to_string();
    assert!(error.contains("is too far ahead"), "{error}");
}

#[rstest]
#[case::the_first_moment(0, Some(0))]
#[case::the_last_moment(59_999_999_999, Some(0))]
#[case::the_next(60_000_000_000, Some(1))]
#[case::much_later(6_000_000_000_001, Some(100))]
fn an_epoch_is_the_whole_lengths_since_the_beginning(
    #[case] nanos: u64,
    #[case] expected: Option<u64>,
) {
    let started_at = Timestamp::from_nanos(1_800_000_000_123_456_789);
    let clock = Clock { started_at, epoch_secs: 60 };
    assert_eq!(clock.epoch(started_at.plus_nanos(nanos)), expected);
    let starts_at = expected.and_then(|epoch| clock.starts_at(epoch)).unwrap();
    assert_eq!(clock.epoch(starts_at), expected);
    assert!(starts_at <= started_at.plus_nanos(nanos));
    assert_eq!(clock.epoch(Timestamp::from_nanos(started_at.nanos() - 1)), None);
    assert_eq!(clock.starts_at(u64::MAX), None);
}
