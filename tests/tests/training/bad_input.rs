//! Runs, money and claims: what is refused, by name, and leaves nothing behind.

use cosmwasm_std::{coins, to_json_binary, Addr, Uint128, WasmMsg};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw_multi_test::Executor;
use cw_utils::PaymentError;
use modelbond_interface::training::{
    Due, ExecuteMsg, Hash32, Phase, ReceiveMsg, RunParams, SeatId, Stage,
};
use modelbond_rounds::RoundError;
use modelbond_tests::training::{params, Setup, UNIT};
use modelbond_tests::{Chain, Contracts, Rewind, Suite, Training};
use modelbond_training::ContractError;
use rstest::rstest;
use serde_json::json;

use crate::refusal::refused;

fn bounds(field: &'static str, least: u64, most: u64, actual: u64) -> RoundError {
    RoundError::Bounds { field, least, most, actual }
}

/// Every bound from both sides is in the tests of `modelbond-rounds`; here is one of each kind.
#[rstest]
#[case::shards(|p: &mut RunParams| p.dataset.shards = 0, bounds("shards", 1, 65_536, 0))]
#[case::groups(|p: &mut RunParams| p.sizes.groups = 17, bounds("groups", 1, 16, 17))]
#[case::jury(|p: &mut RunParams| p.sizes.jury = 22, bounds("jury", 3, 21, 22))]
#[case::elect(|p: &mut RunParams| p.lengths.elect_secs = 0, bounds("elect_secs", 1, 604_800, 0))]
#[case::penalty(|p: &mut RunParams| p.penalties.wrong_bps = 5_001, bounds("wrong_bps", 0, 5_000, 5_001))]
#[case::weights(|p: &mut RunParams| p.scoring.nps_bps += 1, RoundError::Weights { sum: 10_001 })]
#[case::slices(
    |p: &mut RunParams| p.dataset.slices = vec![Hash32([1; 32]); 33],
    RoundError::TooManySlices { most: 32, actual: 33 }
)]
#[case::too_long(
    |p: &mut RunParams| p.lengths.commit_secs = 2_000,
    RoundError::TooLong { longest_secs: 6 + 2_000 + 2 * 30 + 6 * 15 + 6 * 15 + 4 * 7, unbonding_secs: 4_000 }
)]
fn a_run_that_no_round_can_be_played_by(
    #[case] change: fn(&mut RunParams),
    #[case] expected: RoundError,
) {
    assert_eq!(refused(Setup::default().with_params(change).try_build()), expected);
}

#[test]
fn a_model_has_one_open_run_at_a_time() {
    let mut training = Setup::default().build();
    let model = training.market.market.clone();
    let params = training.run().params;
    let open = ExecuteMsg::OpenRun { model, params };
    let run_id = training.run_id;
    let expected = RoundError::RoundOpen { run_id, round_id: 0 };
    assert_eq!(refused(training.send("creator", &open)), expected);
    training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
    training.send("creator", &open).unwrap();
}

#[test]
fn a_market_that_takes_metrics_from_somebody_else_has_no_run() {
    let training = Setup::default().build();
    let address = training.address.clone();
    let mut other = Suite::builder().fast().build_on(training.market.chain).unwrap();
    let (model, creator) = (other.market.clone(), other.address("creator"));
    let msg = ExecuteMsg::OpenRun { model, params: params(creator.clone()) };
    let error = other.chain.execute_any(&creator, &address, &msg, &[]).unwrap_err().training();
    let metrics_source = other.config().metrics_source;
    assert_eq!(error, ContractError::OtherSource { metrics_source });
}

#[test]
fn a_model_that_is_no_market_has_no_run() {
    let mut training = Setup::default().build();
    let source = training.market.address("provenance");
    for model in [training.beacon.clone(), source.clone(), "nobody".to_owned(), String::new()] {
        let msg = ExecuteMsg::OpenRun { model, params: params(source.clone()) };
        let error = training.send("creator", &msg).unwrap_err().training();
        assert!(matches!(error, ContractError::Std(_)), "{error}");
    }
}

#[test]
fn only_the_creator_opens_a_run_with_a_source_that_can_be_one() {
    let mut training = Setup::default().build();
    let run_id = training.run_id;
    training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
    let model = training.market.market.clone();
    let msg = ExecuteMsg::OpenRun { model, params: params("nobody".to_owned()) };
    let error = training.send("creator", &msg).unwrap_err().training();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
    let creator = Addr::unchecked(training.market.address("creator"));
    let sender = Addr::unchecked(training.market.address("stranger"));
    let error = training.send("stranger", &msg).unwrap_err().training();
    assert_eq!(error, ContractError::NotTheCreator { creator, sender });
}

#[test]
fn another_cw20_buys_nothing() {
    let training = Setup::default().build();
    let (run_id, address) = (training.run_id, training.address.clone());
    let owner = Addr::unchecked(training.market.market.clone());
    let mut other = Suite::builder().fast().build_on(training.market.chain).unwrap();
    other.wait(100);
    other.claim("creator").unwrap();
    let (token, creator) = (other.market.clone(), other.address("creator"));
    let challenge = ReceiveMsg::Challenge { run_id, round_id: 1, group: 0, node_id: 1, index: 0 };
    for msg in [ReceiveMsg::Fund { run_id }, ReceiveMsg::Bond { run_id }, challenge] {
        let send = Cw20ExecuteMsg::Send {
            contract: address.clone(),
            amount: Uint128::new(5),
            msg: to_json_binary(&msg).unwrap(),
        };
        let result = other.chain.execute_any(&creator, &token, &send, &[]);
        let error = refused(result);
        let sender = Addr::unchecked(token.clone());
        let expected = RoundError::Unauthorized { owner: owner.clone(), sender };
        let no_round = RoundError::NoOpenRound { run_id };
        assert!(error == expected || error == no_round, "{error}");
    }
    assert_eq!(other.tokens_at(&address), 0);
}

#[test]
fn money_for_no_run_is_sent_back() {
    let mut training = Setup::default().build();
    let before = training.market.tokens("creator");
    let run_id = 99;
    let fund = ReceiveMsg::Fund { run_id };
    assert_eq!(refused(training.pay("creator", 5, &fund)), RoundError::NoRun { run_id });
    let run_id = training.run_id;
    training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
    for msg in [ReceiveMsg::Fund { run_id }, ReceiveMsg::Bond { run_id }] {
        assert_eq!(refused(training.pay("creator", 5, &msg)), RoundError::Closed { run_id });
    }
    assert_eq!(training.market.tokens("creator"), before + 1_050 * UNIT);
    assert_eq!(training.held(), 0);
}

#[test]
fn tokens_with_a_message_that_is_none_are_sent_back() {
    let mut training = Setup::default().build();
    let (token, address) = (training.market.market.clone(), training.address.clone());
    for msg in [json!({}), json!({"fund": {}}), json!({"refund": {"run_id": 1}}), json!(7)] {
        let received = Cw20ReceiveMsg {
            sender: training.market.address("creator"),
            amount: Uint128::new(5),
            msg: to_json_binary(&msg).unwrap(),
        };
        let msg = ExecuteMsg::Receive(received);
        let error = training.chain().execute_any(&token, &address, &msg, &[]).unwrap_err();
        assert!(matches!(error.training(), ContractError::Std(_)), "{msg:?}");
    }
    training.check_money();
}

/// Messages of runs and rounds with these numbers.
fn numbered(training: &Training, run_id: u64, round_id: u64) -> Vec<ExecuteMsg> {
    let seat = SeatId { stage: Stage::Work, group: 0, slot: 0 };
    let hash = Hash32([1; 32]);
    let user = training.market.address("user");
    let answer = modelbond_tests::training::unavailable();
    vec![
        ExecuteMsg::AddSlices { run_id, slices: vec![hash] },
        ExecuteMsg::SetAlgorithm { run_id, algorithm_hash: hash, known_answer: hash },
        ExecuteMsg::CloseRun { run_id },
        ExecuteMsg::Advance { run_id },
        ExecuteMsg::Burn { run_id, amount: Uint128::one() },
        ExecuteMsg::Credit { run_id, user, amount: Uint128::one() },
        ExecuteMsg::SubmitFeedback { run_id, score: 1, epoch: 1, signed: None },
        ExecuteMsg::Settle { run_id },
        ExecuteMsg::Claim { run_id, round_id, due: Due::Lead {} },
        ExecuteMsg::Commit { run_id, round_id, seat, commit: hash },
        ExecuteMsg::PostOutput { run_id, round_id, proof: vec![1; 80].into() },
        ExecuteMsg::PostAggregate { run_id, round_id, answer, accepted: 0 },
        ExecuteMsg::ProveLead {
            run_id,
            round_id,
            node_id: 1,
            index: 0,
            proof: vec![1; 80].into(),
            ticket: 0,
        },
        ExecuteMsg::OpenSlice { run_id, round_id, slice: hash, salt: hash, root: hash, samples: 1 },
    ]
}

#[test]
fn a_run_that_is_not_there_does_nothing() {
    let mut training = Setup::default().nodes(4, 3).build();
    for msg in numbered(&training, 99, 1) {
        let error = refused(training.send("creator", &msg));
        let expected = [
            RoundError::NoRun { run_id: 99 },
            RoundError::NoOpenRound { run_id: 99 },
            RoundError::NoRound { run_id: 99, round_id: 1 },
        ];
        assert!(expected.contains(&error), "{msg:?}: {error}");
    }
}

#[rstest]
#[case::past(0)]
#[case::next(2)]
#[case::far(u64::MAX)]
fn another_round_is_not_the_open_one(#[case] given: u64) {
    let mut training = Setup::default().nodes(4, 3).build();
    training.play_until(Phase::Commit);
    let run_id = training.run_id;
    for msg in numbered(&training, run_id, given).into_iter().skip(9) {
        let expected = RoundError::OtherRound { given, open: 1 };
        assert_eq!(refused(training.send("creator", &msg)), expected, "{msg:?}");
    }
    let due = Due::Lead {};
    let error =
        refused(training.send("creator", &ExecuteMsg::Claim { run_id, round_id: given, due }));
    assert_eq!(error, RoundError::NoRound { run_id, round_id: given });
}

#[test]
fn a_closed_run_stays_closed() {
    let mut training = Setup::default().nodes(4, 3).build();
    let run_id = training.run_id;
    training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
    for msg in numbered(&training, run_id, 1).into_iter().take(4) {
        assert_eq!(refused(training.send("creator", &msg)), RoundError::Closed { run_id });
    }
}

#[test]
fn a_run_does_not_change_while_a_round_is_open() {
    let mut training = Setup::default().nodes(4, 3).build();
    training.play_until(Phase::Elect);
    let run_id = training.run_id;
    for msg in [
        ExecuteMsg::SetAlgorithm {
            run_id,
            algorithm_hash: Hash32([1; 32]),
            known_answer: Hash32([1; 32]),
        },
        ExecuteMsg::CloseRun { run_id },
    ] {
        let expected = RoundError::RoundOpen { run_id, round_id: 1 };
        assert_eq!(refused(training.send("creator", &msg)), expected);
    }
}

#[test]
fn a_round_opens_only_with_budget_bond_and_nodes() {
    let poor = |p: &mut RunParams| p.money.round_budget = Uint128::new(1_000 * UNIT + 1);
    let mut training = Setup::default().nodes(4, 3).with_params(poor).build();
    let (available, needed) = (Uint128::new(1_000 * UNIT), Uint128::new(1_000 * UNIT + 1));
    assert_eq!(refused(training.advance()), RoundError::Budget { available, needed });

    let unbonded = |p: &mut RunParams| p.money.min_bond = Uint128::new(50 * UNIT + 1);
    let mut training = Setup::default().nodes(4, 3).with_params(unbonded).build();
    let (available, needed) = (Uint128::new(50 * UNIT), Uint128::new(50 * UNIT + 1));
    assert_eq!(refused(training.advance()), RoundError::Bond { available, needed });

    let mut training = Setup::default().build();
    let (run_id, epoch) = (training.run_id, training.epoch());
    assert_eq!(refused(training.advance()), RoundError::NobodyReady { run_id, epoch });
    assert_eq!(training.ledger().budget.u128(), 1_000 * UNIT);
}

#[test]
fn after_a_new_algorithm_rounds_wait_for_who_is_ready_for_it() {
    let mut training = Setup::default().nodes(4, 3).build();
    let (run_id, epoch) = (training.run_id, training.epoch());
    let (algorithm_hash, known_answer) = (Hash32([1; 32]), Hash32([2; 32]));
    let msg = ExecuteMsg::SetAlgorithm { run_id, algorithm_hash, known_answer };
    training.send("creator", &msg).unwrap();
    let first_epoch = epoch + 2;
    assert_eq!(
        refused(training.advance()),
        RoundError::NewAlgorithm { run_id, first_epoch, epoch }
    );
    training.wait_epochs(1);
    training.ready_all().unwrap();
    assert_eq!(training.epoch(), first_epoch);
    assert!(training.play().model.confirmed);
}

#[test]
fn slices_are_added_up_to_32() {
    let mut training = Setup::default().build();
    let run_id = training.run_id;
    let add = |count| ExecuteMsg::AddSlices { run_id, slices: vec![Hash32([1; 32]); count] };
    let expected = RoundError::TooManySlices { most: 32, actual: 33 };
    assert_eq!(refused(training.send("creator", &add(21))), expected);
    training.send("creator", &add(20)).unwrap();
    assert_eq!(training.run().params.dataset.slices.len(), 32);
    assert_eq!(refused(training.send("creator", &add(1))), expected);
}

#[test]
fn nothing_is_paid_before_the_end_twice_or_for_nothing() {
    let mut training = Setup::default().nodes(9, 3).build();
    training.play_until(Phase::Settle);
    let work = |group, slot| Due::Seat(SeatId { stage: Stage::Work, group, slot });
    let not_final = RoundError::NotFinal { round_id: 1 };
    assert_eq!(refused(training.claim("stranger", work(0, 1))), not_final);
    training.play_to(Phase::Final);
    let seat = SeatId { stage: Stage::Work, group: 0, slot: 9 };
    for (due, expected) in [
        (work(0, 0), RoundError::NothingOwed { why: "a trainer is paid for its contribution" }),
        (Due::Seat(seat), RoundError::NoSeat { seat }),
        (Due::Contribution { group: 9 }, RoundError::NoGroup { round_id: 1, group: 9 }),
        (
            Due::Challenge { group: 0 },
            RoundError::NothingOwed { why: "nobody challenged the group" },
        ),
        (Due::Advances {}, RoundError::NothingOwed { why: "its part is zero" }),
    ] {
        assert_eq!(refused(training.claim("stranger", due)), expected);
    }
    for due in [work(0, 1), Due::Lead {}, Due::Contribution { group: 0 }] {
        training.claim("stranger", due).unwrap();
        assert_eq!(refused(training.claim("stranger", due)), RoundError::AlreadyClaimed {});
        assert!(training.claimable("stranger", due).unwrap().claimed);
    }
    training.claim("keeper", Due::Advances {}).unwrap();
    assert!(training.claim("keeper", Due::Advances {}).is_err());
    training.check_money();
}

#[test]
fn only_what_is_to_be_burned_is_burned() {
    let mut training = Setup::default().build();
    let run_id = training.run_id;
    let expected = RoundError::NothingOwed { why: "that much is not to be burned" };
    for amount in [0, 1, u128::MAX] {
        let msg = ExecuteMsg::Burn { run_id, amount: Uint128::new(amount) };
        assert_eq!(refused(training.send("stranger", &msg)), expected);
    }
}

#[test]
fn coins_are_attached_to_nothing() {
    let mut training = Setup::default().nodes(4, 3).build();
    let (run_id, address) = (training.run_id, training.address.clone());
    let sender = training.market.address("creator");
    let mut messages = numbered(&training, run_id, 1);
    let model = training.market.market.clone();
    messages.push(ExecuteMsg::OpenRun { model, params: training.run().params });
    messages.push(ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: sender.clone(),
        amount: Uint128::one(),
        msg: to_json_binary(&ReceiveMsg::Fund { run_id }).unwrap(),
    }));
    for msg in messages {
        training.chain().imagine(|chain| {
            let coins = coins(5, chain.denom());
            chain.fund(&sender, &coins);
            let error = chain.execute_any(&sender, &address, &msg, &coins).unwrap_err();
            let expected = ContractError::Payment(PaymentError::NonPayable {});
            assert_eq!(error.training(), expected, "{msg:?}");
        });
    }
}

#[rstest]
#[case::empty("")]
#[case::nothing("{}")]
#[case::no_object(r#""settle""#)]
#[case::cut(r#"{"settle":{"run_id":1}"#)]
#[case::unknown(r#"{"seize":{"run_id":1}}"#)]
#[case::one_field_too_few(r#"{"settle":{}}"#)]
#[case::two_at_once(r#"{"settle":{"run_id":1},"advance":{"run_id":1}}"#)]
#[case::negative(r#"{"settle":{"run_id":-1}}"#)]
#[case::fraction(r#"{"settle":{"run_id":1.5}}"#)]
#[case::text_for_a_number(r#"{"settle":{"run_id":"1"}}"#)]
#[case::past_its_type(r#"{"settle":{"run_id":18446744073709551616}}"#)]
#[case::short_hash(r#"{"add_slices":{"run_id":1,"slices":["00"]}}"#)]
#[case::no_hash(&format!(r#"{{"add_slices":{{"run_id":1,"slices":["{}"]}}}}"#, "zz".repeat(32)))]
#[case::long_hash(&format!(r#"{{"add_slices":{{"run_id":1,"slices":["{}"]}}}}"#, "00".repeat(33)))]
#[case::group_past_its_type(
    r#"{"claim":{"run_id":1,"round_id":1,"due":{"contribution":{"group":256}}}}"#
)]
#[case::unknown_stage(
    r#"{"claim":{"run_id":1,"round_id":1,"due":{"seat":{"stage":"x","group":0,"slot":0}}}}"#
)]
#[case::tokens_past_their_type(
    r#"{"burn":{"run_id":1,"amount":"340282366920938463463374607431768211456"}}"#
)]
fn json_that_is_no_message_is_refused(#[case] text: &str) {
    let mut training = Setup::default().build();
    let sender = Addr::unchecked(training.market.address("creator"));
    let contract_addr = training.address.clone();
    let msg = WasmMsg::Execute { contract_addr, msg: text.as_bytes().into(), funds: vec![] };
    let error = training.chain().app_mut().execute(sender, msg.into()).unwrap_err();
    assert!(error.downcast_ref::<ContractError>().is_none(), "{error:#}");
    assert!(format!("{error:#}").contains("Error parsing"), "{error:#}");
}
