//! What people may not do in a round: at the wrong time, in the wrong seat, with the wrong words.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, HexBinary, Uint128};
use modelbond_interface::bridge::Scheme;
use modelbond_interface::training::{
    Answer, ExecuteMsg, Hash32, Outcome, Phase, ReceiveMsg, SeatId, SeatInfo, Stage, TraceProof,
};
use modelbond_rounds::RoundError;
use modelbond_tests::training::{answer, unavailable, Conduct, Setup, Task, UNIT};
use modelbond_tests::{Chain, Rewind, Training};
use rstest::rstest;

use crate::refusal::refused;

fn nine() -> Training {
    Setup::default().nodes(9, 3).build()
}

fn commit(training: &Training, seat: SeatId) -> ExecuteMsg {
    let (run_id, round_id) = (training.run_id, training.round().round_id);
    ExecuteMsg::Commit { run_id, round_id, seat, commit: Hash32([7; 32]) }
}

fn seat(stage: Stage, group: u8, slot: u8) -> SeatId {
    SeatId { stage, group, slot }
}

/// One message of each kind, and the phases in which it is not too early or too late.
fn moves(training: &Training) -> Vec<(&'static str, ExecuteMsg, Vec<Phase>)> {
    use Phase::*;
    let (run_id, round_id) = (training.run_id, training.round().round_id);
    let hash = Hash32([1; 32]);
    let attested = modelbond_interface::training::Attested {
        scheme: Scheme::Direct,
        signature: vec![1; 64].into(),
        level: 0,
        started_at: 0,
        ended_at: 0,
        expires_at: 0,
    };
    let reveal = ExecuteMsg::Reveal {
        run_id,
        round_id,
        seat: seat(Stage::Work, 0, 0),
        answer: unavailable(),
        salt: hash,
        attested,
        trace: None,
    };
    let proof = HexBinary::from(&[1; 80]);
    let (node_id, index, ticket) = (1, 0, 0);
    let prove =
        ExecuteMsg::ProveLead { run_id, round_id, node_id, index, proof: proof.clone(), ticket };
    let slice =
        ExecuteMsg::OpenSlice { run_id, round_id, slice: hash, salt: hash, root: hash, samples: 1 };
    let accepted = 0;
    let post = ExecuteMsg::PostAggregate { run_id, round_id, answer: unavailable(), accepted };
    vec![
        ("prove", prove, vec![Elect]),
        (
            "commit",
            commit(training, seat(Stage::Work, 0, 0)),
            vec![Commit, ScoreCommit, CheckCommit, ConfirmCommit],
        ),
        ("reveal", reveal, vec![Reveal, ScoreReveal, CheckReveal, ConfirmReveal]),
        (
            "post_output",
            ExecuteMsg::PostOutput { run_id, round_id, proof },
            vec![Commit, Reveal, ScoreCommit, ScoreReveal],
        ),
        (
            "open_slice",
            slice,
            vec![
                Reveal,
                ScoreReveal,
                CheckSeeding,
                CheckAssign,
                CheckCommit,
                CheckReveal,
                Judge,
                Penalize,
            ],
        ),
        ("post", post, vec![Post]),
        ("settle", ExecuteMsg::Settle { run_id }, vec![Settle]),
    ]
}

#[rstest]
#[case::exact(modelbond_interface::training::Mode::Exact, 15)]
#[case::scored(modelbond_interface::training::Mode::Scored, 17)]
fn every_move_has_its_phases(
    #[case] mode: modelbond_interface::training::Mode,
    #[case] phases: usize,
) {
    let mut training =
        Setup::default().nodes(9, 3).with_params(|p| p.algorithm.mode = mode).build();
    // A jury is needed, so that no phase of checks is left out.
    training.advance().unwrap();
    let mut seen = BTreeMap::new();
    while training.round().phase != Phase::Final {
        let phase = training.round().phase;
        if training.round().groups > 0 {
            let trainer = training.seats(Stage::Work, 0)[1].seat.node_id;
            training.conduct.insert(trainer, Conduct::LiarAtWork(1));
        }
        *seen.entry(format!("{phase:?}")).or_insert(0) += 1;
        for (name, msg, allowed) in moves(&training) {
            let address = training.address.clone();
            let sender = training.market.address("stranger");
            let result = training.chain().imagine(|chain| {
                modelbond_tests::Contracts::execute_any(chain, &sender, &address, &msg, &[])
            });
            let wrong = match result {
                Ok(_) => false,
                Err(error) => matches!(
                    error.training(),
                    modelbond_training::ContractError::Round(RoundError::WrongPhase { actual, .. })
                    if actual == phase
                ),
            };
            assert_eq!(!wrong, allowed.contains(&phase), "{name} in {phase:?}");
        }
        training.step();
    }
    assert!(seen.len() >= phases, "{seen:?}");
}

#[test]
fn nobody_sits_in_a_seat_that_is_not_there() {
    let mut training = nine();
    training.play_until(Phase::Commit);
    for id in [seat(Stage::Work, 2, 0), seat(Stage::Work, 0, 3), seat(Stage::Work, 255, 255)] {
        let msg = commit(&training, id);
        assert_eq!(refused(training.send("owner1", &msg)), RoundError::NoSeat { seat: id });
    }
    for stage in [Stage::Check, Stage::Appeal, Stage::Committee, Stage::ThirdCommittee] {
        let msg = commit(&training, seat(stage, 0, 0));
        let expected = RoundError::WrongSeat { phase: Phase::Commit };
        assert_eq!(refused(training.send("owner1", &msg)), expected);
    }
}

#[test]
fn a_seat_is_nobody_elses_and_commits_once() {
    let mut training = nine();
    training.play_until(Phase::Commit);
    let info = training.seats(Stage::Work, 1)[1].clone();
    let msg = commit(&training, info.id);
    let (owner, account) = (info.seat.owner.clone(), info.seat.account.clone());
    let sender = Addr::unchecked(training.market.address("stranger"));
    let expected = RoundError::NotYourSeat { owner, account, sender };
    assert_eq!(refused(training.send("stranger", &msg)), expected);
    training.commit(&info).unwrap();
    let owner = training.member(info.seat.node_id).owner;
    assert_eq!(refused(training.send(&owner, &msg)), RoundError::AlreadyCommitted {});
}

#[test]
fn what_is_late_is_refused() {
    let mut training = nine();
    training.play_until(Phase::Commit);
    let info = training.seats(Stage::Work, 0)[0].clone();
    let ends_at = training.round().window.unwrap().ends_at;
    training.market.chain.wait(30);
    training.market.chain.wait(0);
    let expected = RoundError::TooLate { phase: Phase::Commit, ends_at };
    assert_eq!(refused(training.commit(&info)), expected);
}

#[test]
fn a_reveal_is_of_a_commit_and_once() {
    let mut training = nine();
    training.play_until(Phase::Commit);
    let seats = training.seats(Stage::Work, 0);
    let [trainer, witness, silent] = [0, 1, 2].map(|slot: usize| seats[slot].clone());
    training.commit(&trainer).unwrap();
    training.commit(&witness).unwrap();
    training.conduct.insert(silent.seat.node_id, Conduct::Silent);
    training.play_to(Phase::Reveal);
    let right = training.reveal_message(&trainer, Scheme::Direct);
    let with = |change: &dyn Fn(&mut SeatId, &mut Answer, &mut Hash32)| {
        let mut msg = right.clone();
        if let ExecuteMsg::Reveal { seat, answer, salt, .. } = &mut msg {
            change(seat, answer, salt);
        }
        msg
    };
    let salted = with(&|_, _, salt| salt.0[31] ^= 1);
    let answered = with(&|_, answer, _| answer.loss_after -= 1);
    let moved = with(&|seat, _, _| seat.slot = 1);
    for msg in [salted, answered, moved] {
        let error = refused(training.send("stranger", &msg));
        assert!(matches!(error, RoundError::WrongReveal { .. }), "{error}");
    }
    let missing = with(&|seat, _, _| *seat = silent.id);
    assert_eq!(refused(training.send("stranger", &missing)), RoundError::NotCommitted {});
    training.send("stranger", &right).unwrap();
    assert_eq!(refused(training.send("stranger", &right)), RoundError::AlreadyRevealed {});
}

#[rstest]
#[case::data_without_data(Answer { steps: 1, ..unavailable() })]
#[case::a_loss_without_data(Answer { loss_after: 1, ..unavailable() })]
#[case::a_model_that_diverged(Answer {
    outcome: Outcome::Diverged,
    result_hash: Hash32([1; 32]),
    ..unavailable()
})]
#[case::more_right_than_there_are(Answer {
    outcome: Outcome::Result,
    samples: 4,
    correct: 5,
    ..unavailable()
})]
fn an_answer_that_contradicts_itself_is_refused(#[case] bad: Answer) {
    let mut training = nine();
    training.play_until(Phase::Commit);
    let info = training.seats(Stage::Work, 0)[0].clone();
    let round = training.round();
    training.commit_as(&round, &info, bad, Hash32([9; 32])).unwrap();
    training.play_to(Phase::Reveal);
    let msg = training.reveal_message(&info, Scheme::Direct);
    let error = refused(training.send("stranger", &msg));
    assert!(matches!(error, RoundError::BadAnswer { .. }), "{error}");
}

/// A member of the committee who is about to reveal, and the message.
fn confirming(training: &mut Training) -> (SeatInfo, ExecuteMsg) {
    training.play_until(Phase::ConfirmReveal);
    let info = training.seats(Stage::Committee, 0)[0].clone();
    let msg = training.reveal_message(&info, Scheme::Direct);
    (info, msg)
}

#[rstest]
#[case::another_leaf(|trace: &mut TraceProof| trace.leaf.0[0] ^= 1)]
#[case::another_sibling(|trace: &mut TraceProof| trace.path[0].0[0] ^= 1)]
#[case::a_sibling_too_few(|trace: &mut TraceProof| trace.path.truncate(2))]
#[case::a_sibling_too_many(|trace: &mut TraceProof| trace.path.push(Hash32([1; 32])))]
#[case::no_path(|trace: &mut TraceProof| trace.path.clear())]
#[case::far_too_long(|trace: &mut TraceProof| trace.path.resize(1_000, Hash32([1; 32])))]
fn a_leaf_that_is_not_of_the_trace_is_refused(#[case] change: fn(&mut TraceProof)) {
    let mut training = nine();
    let (_, mut msg) = confirming(&mut training);
    if let ExecuteMsg::Reveal { trace, .. } = &mut msg {
        change(trace.as_mut().unwrap());
    }
    let error = refused(training.send("stranger", &msg));
    assert!(matches!(error, RoundError::WrongTrace { .. }), "{error}");
}

#[test]
fn a_check_shows_a_leaf_of_its_own_step() {
    let mut training = nine();
    let (info, msg) = confirming(&mut training);
    let mut without = msg.clone();
    if let ExecuteMsg::Reveal { trace, .. } = &mut without {
        *trace = None;
    }
    let error = refused(training.send("stranger", &without));
    assert!(matches!(error, RoundError::NoTrace { .. }), "{error}");
    // Somebody else's leaf is of another step for all but one in eight.
    let seats = training.seats(Stage::Committee, 0);
    let step = |info: &SeatInfo| {
        let round = training.round();
        let check = round.seeds.check.unwrap();
        let node_id = info.seat.node_id;
        training.context(&round).traced_step(check, Stage::Committee, node_id, 8)
    };
    let other = seats.iter().find(|other| step(other) != step(&info)).expect("another step");
    let ExecuteMsg::Reveal { trace: foreign, .. } = training.reveal_message(other, Scheme::Direct)
    else {
        panic!("a reveal")
    };
    let mut copied = msg.clone();
    if let ExecuteMsg::Reveal { trace, .. } = &mut copied {
        *trace = foreign;
    }
    let error = refused(training.send("stranger", &copied));
    assert!(matches!(error, RoundError::WrongTrace { .. }), "{error}");
    training.send("stranger", &msg).unwrap();
}

#[test]
fn a_slice_is_the_next_one_and_what_was_committed() {
    let mut training = nine();
    training.play_until(Phase::Reveal);
    let right = training.slice_message();
    let with = |change: &dyn Fn(&mut Hash32, &mut Hash32, &mut u32)| {
        let mut msg = right.clone();
        if let ExecuteMsg::OpenSlice { slice, salt, samples, .. } = &mut msg {
            change(slice, salt, samples);
        }
        msg
    };
    let second = training.run().params.dataset.slices[1];
    let error = refused(training.send("creator", &with(&|slice, _, _| *slice = second)));
    assert!(matches!(error, RoundError::OtherSlice { .. }), "{error}");
    let salted = with(&|_, salt, _| salt.0[0] ^= 1);
    let counted = with(&|_, _, samples| *samples += 1);
    let empty = with(&|_, _, samples| *samples = 0);
    for msg in [salted, counted, empty] {
        let error = refused(training.send("creator", &msg));
        assert!(matches!(error, RoundError::WrongSlice { .. }), "{error}");
    }
    training.open_slice().unwrap();
    assert_eq!(refused(training.open_slice()), RoundError::SliceOpen {});
    assert_eq!(training.run().params.dataset.slices.len(), 11);

    let mut training =
        Setup::default().nodes(9, 3).with_params(|p| p.dataset.slices.clear()).build();
    training.play_until(Phase::Reveal);
    assert_eq!(refused(training.open_slice()), RoundError::NoSlice {});
}

#[test]
fn a_new_model_is_of_what_was_accepted_and_scored_on_the_slice() {
    let mut training = nine();
    training.play_until(Phase::Post);
    let round = training.round();
    let leader = training.member(round.lead.leaders[0].node_id).owner;
    let right = training.aggregate_message();
    let with = |change: &dyn Fn(&mut Answer, &mut u16)| {
        let mut msg = right.clone();
        if let ExecuteMsg::PostAggregate { answer, accepted, .. } = &mut msg {
            change(answer, accepted);
        }
        msg
    };
    let error = refused(training.send(&leader, &with(&|_, accepted| *accepted = 1)));
    assert_eq!(error, RoundError::OtherGroups { expected: 0b11, given: 1 });
    let nothing = with(&|answer, _| *answer = unavailable());
    let samples = with(&|answer, _| answer.samples += 1);
    let steps = with(&|answer, _| answer.steps += 1);
    let root = with(&|answer, _| answer.shard_root.0[0] ^= 1);
    let right_of = with(&|answer, _| answer.correct = answer.samples + 1);
    for msg in [nothing, samples, steps, root, right_of] {
        let error = refused(training.send(&leader, &msg));
        assert!(matches!(error, RoundError::BadAnswer { .. }), "{error}");
    }
    let second = training.member(round.lead.leaders[1].node_id).owner;
    let error = refused(training.send(&second, &right));
    assert!(matches!(error, RoundError::NotYourSeat { .. }), "{error}");
    training.send(&leader, &right).unwrap();
    assert_eq!(refused(training.send(&leader, &right)), RoundError::AlreadyPosted {});
}

#[test]
fn a_challenge_is_of_a_group_that_agrees_and_once() {
    let mut training = nine();
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 1)[1].clone();
    let round = training.round();
    let task = Task::Work { seed: training.groups()[1].seed };
    training.commit_as(&round, &liar, answer(&task, 1), Hash32([3; 32])).unwrap();
    training.play_to(Phase::CheckSeeding);
    let (run_id, round_id) = (training.run_id, training.round().round_id);
    let msg =
        |group, node_id, index| ReceiveMsg::Challenge { run_id, round_id, group, node_id, index };
    let needed = Uint128::new(2 * UNIT);
    for actual in [2 * UNIT - 1, 2 * UNIT + 1] {
        let error = refused(training.pay("owner4", actual, &msg(0, 4, 3)));
        assert_eq!(error, RoundError::ChallengeBond { needed, actual: Uint128::new(actual) });
    }
    let bond = 2 * UNIT;
    let error = refused(training.pay("owner4", bond, &msg(0, 4, 4)));
    assert_eq!(error, RoundError::NotThere { index: 4, node_id: 4 });
    let error = refused(training.pay("owner4", bond, &msg(7, 4, 3)));
    assert_eq!(error, RoundError::NoGroup { round_id, group: 7 });
    let error = refused(training.pay("owner4", bond, &msg(0, 5, 4)));
    assert!(matches!(error, RoundError::Unauthorized { .. }), "{error}");
    let error = refused(training.pay("owner4", bond, &msg(1, 4, 3)));
    assert!(matches!(error, RoundError::NotChallengeable { group: 1, .. }), "{error}");
    training.pay("owner4", bond, &msg(0, 4, 3)).unwrap();
    let error = refused(training.pay("owner5", bond, &msg(0, 5, 4)));
    assert!(matches!(error, RoundError::NotChallengeable { group: 0, .. }), "{error}");
    training.check_money();
}

#[test]
fn a_round_moves_on_only_when_it_is_time() {
    let mut training = nine();
    training.emitting = false;
    training.advance().unwrap();
    let pin = training.round().pin.unwrap();
    let missing = RoundError::BeaconMissing { round: pin.round, at: pin.at };
    assert_eq!(refused(training.advance()), missing);
    training.market.chain.wait(1_000);
    assert_eq!(refused(training.advance()), missing, "it is waited for, never replaced");
    training.emitting = true;
    training.play_to(Phase::Elect);
    let window = training.round().window.unwrap();
    let early = RoundError::TooEarly {
        phase: Phase::Elect,
        ends_at: window.ends_at,
        ends_height: window.ends_height,
    };
    assert_eq!(refused(training.advance()), early);
    training.market.chain.wait(5);
    assert_eq!(refused(training.advance()), early);
    training.market.chain.wait(1);
    training.advance().unwrap();
}
