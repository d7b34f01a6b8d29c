//! Two builds that differ: nobody is slashed, nothing moves, the run waits.

use modelbond_interface::training::{
    Due, ExecuteMsg, Hash32, Phase, RunParams, RunStatus, Stage, Verdict, HOLD_SECS,
};
use modelbond_tests::chain::Chain as _;
use modelbond_tests::training::{Conduct, Setup, Training, UNIT};
use rstest::rstest;

const OTHER: &str = "modelbond 0.1.1";

/// Eight groups of twelve nodes: everybody has two seats. The last nodes run another build.
fn with_build(others: usize) -> Training {
    let sizes = |params: &mut RunParams| {
        params.sizes.groups = 8;
        params.sizes.audit_one_in = 64;
    };
    Setup::default().nodes(12, 3).with_params(sizes).with_build(others, OTHER).build()
}

/// So many of the last nodes find something else, wherever they sit.
fn differ(training: &mut Training, others: u64) {
    for node_id in 13 - others..=12 {
        training.conduct.insert(node_id, Conduct::Liar(1));
    }
}

#[test]
fn two_builds_that_differ_cost_nobody_a_stake_and_hold_the_run() {
    let mut training = with_build(3);
    differ(&mut training, 3);
    let (stakes, base, bond) =
        (training.stakes(), training.run().params.base_hash, training.ledger().bond);
    training.play();
    training.finish();
    let round = training.round();
    assert!(round.held && !round.model.confirmed);
    assert!(training.lost(&stakes).is_empty());
    assert_eq!(training.run().params.base_hash, base);
    assert_eq!(training.market_config().metrics, None);
    assert_eq!(training.ledger().bond, bond, "the first one is free");
    assert_eq!(training.ledger().burnable.u128(), 0);
    // Where the builds met, nobody knows; where they did not, the work counts and is paid.
    for group in training.groups() {
        let seats = training.seats(Stage::Work, group.group);
        let mixed = seats.iter().any(|seat| seat.seat.node_id > 9)
            && seats.iter().any(|seat| seat.seat.node_id <= 9);
        assert_eq!(group.verdict == Verdict::Void {}, mixed, "{group:?}");
        let counted = round.accepted & (1 << group.group) != 0;
        assert_eq!(counted, matches!(group.verdict, Verdict::Accepted { .. }));
        for seat in seats.iter().filter(|_| mixed) {
            assert!(training.claimable("stranger", Due::Seat(seat.id)).is_err());
        }
    }
    assert!(training.ledger().reserved.u128() < 64, "{:?}", training.ledger());
}

#[test]
fn a_held_run_waits_a_day() {
    let mut training = with_build(3);
    differ(&mut training, 3);
    training.play();
    let RunStatus::Held { until } = training.run().status else { panic!("not held") };
    let now = training.market.chain.now();
    assert!(until.seconds() <= now.seconds() + HOLD_SECS);
    training.ready_all().unwrap();
    let refused = training.advance().unwrap_err().to_string();
    assert!(refused.contains("is held until"), "{refused}");
    training.market.wait(HOLD_SECS);
    training.ready_all().unwrap();
    training.conduct.clear();
    let round = training.play();
    assert!(round.model.confirmed && !round.held);
    assert_eq!(training.run().status, RunStatus::Open {});
}

#[test]
fn a_new_algorithm_ends_a_hold_and_nodes_must_be_ready_for_it() {
    let mut training = with_build(3);
    differ(&mut training, 3);
    training.play();
    let (run_id, algorithm_hash) = (training.run_id, Hash32([8; 32]));
    let known_answer = Hash32([9; 32]);
    let set = ExecuteMsg::SetAlgorithm { run_id, algorithm_hash, known_answer };
    assert!(training.send("stranger", &set).is_err());
    training.send("creator", &set).unwrap();
    assert_eq!(training.run().status, RunStatus::Open {});
    let refused = training.advance().unwrap_err().to_string();
    assert!(refused.contains("must get ready for the new algorithm"), "{refused}");
    training.wait_epochs(1);
    training.ready_all().unwrap();
    training.conduct.clear();
    assert!(training.play().model.confirmed);
}

#[test]
fn the_same_algorithm_ends_no_hold() {
    let mut training = with_build(3);
    differ(&mut training, 3);
    training.play();
    let algorithm = training.run().params.algorithm;
    let (run_id, algorithm_hash) = (training.run_id, algorithm.hash);
    let known_answer = Hash32([9; 32]);
    let set = ExecuteMsg::SetAlgorithm { run_id, algorithm_hash, known_answer };
    let refused = training.send("creator", &set).unwrap_err().to_string();
    assert!(refused.contains("is the run's algorithm already"), "{refused}");
    assert!(matches!(training.run().status, RunStatus::Held { .. }));
}

#[test]
fn each_hold_after_the_first_costs_twice_as_much_as_the_last() {
    let mut training = with_build(3);
    differ(&mut training, 3);
    let mut bond = training.ledger().bond.u128();
    for fee in [0, 2 * UNIT, 4 * UNIT, 8 * UNIT, 16 * UNIT] {
        training.play();
        assert!(training.round().held);
        assert_eq!(bond - training.ledger().bond.u128(), fee);
        bond -= fee;
        training.market.wait(HOLD_SECS);
        training.ready_all().unwrap();
    }
    // 30 of 50 are gone, and the next one costs more than there is: all that is left, no more.
    training.play();
    assert_eq!(training.ledger().bond.u128(), 0);
    assert_eq!(training.ledger().burnable.u128(), 50 * UNIT);
    training.check_money();
    training.market.wait(HOLD_SECS);
    training.ready_all().unwrap();
    let refused = training.advance().unwrap_err().to_string();
    assert!(refused.contains("the bond has 0"), "{refused}");
}

/// Liars who do not look like a build.
#[rstest]
#[case::too_few_owners(2, 2)]
#[case::of_a_build_that_mostly_agrees(12, 3)]
fn a_hold_is_no_way_out_for_liars(#[case] of_build: usize, #[case] liars: u64) {
    let mut training = with_build(of_build);
    differ(&mut training, liars);
    let stakes = training.stakes();
    training.play();
    training.finish();
    assert!(!training.round().held);
    let lost = training.lost(&stakes);
    assert!(!lost.is_empty() && lost.keys().all(|node_id| *node_id > 12 - liars), "{lost:?}");
    assert!(lost.values().all(|lost| *lost >= 300_000));
    assert_eq!(training.run().holds, 0);
}

#[test]
fn a_challenge_of_a_held_group_costs_nothing() {
    let mut training = with_build(3);
    differ(&mut training, 3);
    training.play_until(Phase::CheckCommit);
    let groups = training.groups();
    let agreeing = groups.iter().find(|group| group.work.is_some()).unwrap().group;
    training.challenge(training.outsider(agreeing).node_id, agreeing).unwrap();
    training.play_to(Phase::Judge);
    training.finish();
    assert!(training.round().held);
    training.check_money();
    assert!(training.ledger().reserved.u128() < 64, "{:?}", training.ledger());
}
