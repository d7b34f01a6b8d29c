//! Metrics: pushed down and up again, reported twice, or chosen after the fact.

use cosmwasm_std::Decimal;
use modelbond_interface::training::{ExecuteMsg, Hash32, Phase, RunParams};
use modelbond_tests::training::{Setup, Training};
use rstest::rstest;

fn twelve() -> Training {
    Setup::default().nodes(12, 3).build()
}

fn improvement(training: &Training) -> Decimal {
    training.market_config().metrics.expect("metrics").improvement
}

#[test]
fn a_model_made_worse_first_gains_nothing_by_getting_better_again() {
    let mut training = twelve();
    training.right = 8;
    training.play();
    let best = training.run().best_score;
    assert_eq!(improvement(&training), Decimal::one());
    training.ready_all().unwrap();
    training.right = 0;
    training.play();
    let low = improvement(&training);
    assert!(low < Decimal::percent(60), "{low}");
    assert_eq!(training.run().best_score, best, "what was reached once is what is measured by");
    training.ready_all().unwrap();
    training.right = 4;
    training.play();
    let middle = improvement(&training);
    assert!(low < middle && middle < Decimal::one());
    assert_eq!(training.run().best_score, best);
}

#[test]
fn a_slice_is_used_once_and_in_its_turn() {
    let mut training = twelve();
    let first = training.run().params.dataset.slices[0];
    training.play_until(Phase::Reveal);
    training.open_slice().unwrap();
    assert_eq!(training.run().params.dataset.slices.len(), 11);
    let again = training.open_slice().unwrap_err().to_string();
    assert!(again.contains("the round's slice is open already"), "{again}");
    training.finish();
    let root = training.round().model.slice.unwrap().root;
    training.play_until(Phase::Reveal);
    let (run_id, round_id) = (training.run_id, 2);
    let open = |slice, root| {
        let (salt, samples) = (Hash32([1; 32]), 8);
        ExecuteMsg::OpenSlice { run_id, round_id, slice, salt, root, samples }
    };
    let used = training.send("creator", &open(first, root)).unwrap_err().to_string();
    assert!(used.contains("the next slice is"), "{used}");
    let next = training.run().params.dataset.slices[0];
    let forged = training.send("creator", &open(next, root)).unwrap_err().to_string();
    assert!(forged.contains("salt, root and samples hash to"), "{forged}");
    training.open_slice().unwrap();
    assert_ne!(training.round().model.slice.unwrap().root, root);
}

#[rstest]
#[case::while_groups_work(Phase::Commit, false)]
#[case::before_the_election(Phase::Elect, false)]
#[case::once_commits_are_in(Phase::Reveal, true)]
#[case::while_verdicts_are_found(Phase::Judge, true)]
#[case::once_it_is_the_leaders_turn(Phase::Post, false)]
#[case::after_the_new_model(Phase::ConfirmCommit, false)]
#[case::at_the_end(Phase::Settle, false)]
fn a_slice_opens_after_the_commits_and_before_the_leaders_turn(
    #[case] phase: Phase,
    #[case] possible: bool,
) {
    let mut training = twelve();
    training.slicing = false;
    training.play_until(phase);
    training.slicing = true;
    let opened = training.open_slice();
    assert_eq!(opened.is_ok(), possible);
    if let Err(refused) = opened {
        assert!(refused.to_string().contains("after the commits, before a leader posts"));
    }
}

#[test]
fn a_new_model_is_scored_on_the_slice_of_its_round() {
    let mut training = twelve();
    training.play_until(Phase::Post);
    let round = training.round();
    let seat = modelbond_interface::training::SeatId {
        stage: modelbond_interface::training::Stage::Committee,
        group: 0,
        slot: 0,
    };
    let honest = training.find(&round, seat, 0);
    let owner = training.member(round.lead.leaders[0].node_id).owner;
    let (run_id, round_id, accepted) = (round.run_id, round.round_id, round.accepted);
    let mut elsewhere = honest;
    elsewhere.shard_root = Hash32([1; 32]);
    let mut partly = honest;
    (partly.samples, partly.steps, partly.correct) = (4, 4, 4);
    let mut more = honest;
    more.correct = 9;
    for answer in [elsewhere, partly, more] {
        let msg = ExecuteMsg::PostAggregate { run_id, round_id, answer, accepted };
        let refused = training.send(&owner, &msg).unwrap_err().to_string();
        assert!(refused.contains("the answer contradicts itself"), "{refused}");
    }
}

#[rstest]
#[case::three_owners(&[3, 3, 3], false)]
#[case::four_owners(&[3, 3, 3, 3], true)]
#[case::one_has_a_third(&[4, 3, 3, 2], false)]
#[case::one_has_less(&[3, 3, 3, 2], true)]
fn few_owners_move_no_market(#[case] units: &[u32], #[case] moves: bool) {
    let setup = units.iter().enumerate();
    let setup = setup.fold(Setup::default(), |setup, (number, units)| {
        setup.node(&format!("owner{number}"), *units)
    });
    let mut training = setup.build();
    let round = training.play();
    assert!(round.model.confirmed);
    assert_eq!(training.market_config().metrics.is_some(), moves);
    assert_eq!(training.run().best_score > 0, moves);
}

#[test]
fn machines_of_one_owner_count_as_one() {
    let setup = (0..9).fold(Setup::default(), |setup, _| setup.node("whale", 3));
    let one = |params: &mut RunParams| params.sizes.groups = 1;
    let mut training = setup.node("a", 3).node("b", 3).node("c", 3).with_params(one).build();
    let round = training.play();
    assert_eq!((round.roster.owners, round.roster.largest_owner_units), (4, 27));
    assert_eq!(training.market_config().metrics, None);
    training.finish();
}

#[test]
fn a_new_run_of_a_model_remembers_its_best_score() {
    let mut training = twelve();
    training.play();
    let best = training.run().best_score;
    assert!(best > 0);
    let params = training.run().params;
    let (run_id, model) = (training.run_id, training.market.market.clone());
    training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
    training.send("creator", &ExecuteMsg::OpenRun { model, params }).unwrap();
    training.run_id += 1;
    assert_eq!(training.run().best_score, best);
}
