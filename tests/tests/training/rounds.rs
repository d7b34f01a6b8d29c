//! Whole rounds, by honest people.

use modelbond_interface::training::{
    Due, Mode, Phase, RunStatus, SeatId, Stage, Verdict, Verified,
};
use modelbond_tests::training::{Setup, UNIT};

#[test]
fn an_honest_round_moves_model_and_market() {
    let mut training = Setup::default().nodes(12, 3).build();
    let base = training.run().params.base_hash;
    assert_eq!(training.market_config().metrics, None);

    let round = training.play();

    assert_eq!(round.phase, Phase::Final);
    assert!(round.model.confirmed);
    assert!(!round.lead.beacon_only && !round.held);
    assert_eq!(round.groups, 2);
    assert_eq!(round.accepted, 0b11);
    for group in training.groups() {
        assert!(matches!(group.verdict, Verdict::Accepted { .. }), "{group:?}");
        assert_eq!(group.seats, 3);
    }
    let run = training.run();
    assert_ne!(run.params.base_hash, base);
    assert_eq!(Some(run.params.base_hash), round.model.result_hash);
    assert_eq!(run.status, RunStatus::Open {});
    let metrics = training.market_config().metrics.expect("metrics");
    assert_eq!(metrics.accuracy.to_string(), "0.75");
    assert_eq!(metrics.improvement.to_string(), "1");
    assert!(training
        .members
        .iter()
        .all(|member| { training.stake(member.node_id) == u128::from(member.units) * UNIT }));
    training.check_money();
}

#[test]
fn what_a_round_owes_is_paid_once() {
    let mut training = Setup::default().nodes(12, 3).build();
    let before = training.ledger();
    let round = training.play();
    let owed = training.ledger().reserved.u128();
    let paid = training.claim_all();
    assert!(paid > 0);
    assert!(owed - paid < 16, "owed {owed}, paid {paid}: {:?}", round.pay);
    assert_eq!(training.claim_all(), 0);
    training.check_money();
    let after = training.ledger();
    let sum = |l: &modelbond_interface::training::Ledger| l.budget + l.bond + l.rolled_over;
    assert_eq!(sum(&before).u128() - sum(&after).u128(), owed);
    // 60 % to trainers, of which each draws a part; the rest rolls over.
    assert_eq!(round.pay.trainers.u128(), 6 * UNIT);
    assert_eq!(after.rolled_over, round.pay.trainers - round.pay.drawn);
}

#[test]
fn what_was_not_drawn_doubles_later_pay_at_most() {
    let mut training = Setup::default().nodes(12, 3).build();
    let first = training.play();
    let rolled = first.pay.trainers - first.pay.drawn;
    let second = training.play();
    assert_eq!(second.pay.from_rolled_over, rolled.min(first.pay.trainers));
    assert_eq!(second.pay.trainers, first.pay.trainers + second.pay.from_rolled_over);
    training.check_money();
}

#[test]
fn rounds_follow_one_another() {
    let mut training = Setup::default().nodes(9, 2).build();
    let mut seeds = vec![];
    for number in 1..=4 {
        let round = training.play();
        assert_eq!(round.round_id, number);
        assert!(round.model.confirmed);
        seeds.push(round.seeds.assignment);
        training.check_money();
    }
    seeds.dedup();
    assert_eq!(seeds.len(), 4);
}

#[test]
fn a_scored_round_lets_witnesses_score_what_trainers_showed() {
    let scored = |params: &mut modelbond_interface::training::RunParams| {
        params.algorithm.mode = Mode::Scored;
    };
    let mut training = Setup::default().nodes(12, 3).with_params(scored).build();
    training.play_until(Phase::Commit);
    let trainer = training.seats(Stage::Work, 0)[0].clone();
    let witness = training.seats(Stage::Work, 0)[1].clone();
    assert!(training.commit(&witness).unwrap_err().to_string().contains("does not take part"));
    training.commit(&trainer).unwrap();
    training.play_to(Phase::ScoreCommit);
    assert!(training.seats(Stage::Work, 0)[0].reveal.is_some());
    training.play_to(Phase::Final);
    let round = training.round();
    assert!(round.model.confirmed);
    assert_eq!(round.accepted, 0b11);
}

#[test]
fn one_node_alone_is_believed_and_moves_nothing() {
    let mut training = Setup::default().nodes(1, 3).build();
    let round = training.play();
    assert_eq!(round.groups, 2);
    assert!(round.model.confirmed);
    assert_eq!(training.groups()[0].verdict, Verdict::Accepted { by: Verified::None });
    assert_eq!(training.market_config().metrics, None);
    training.check_money();
}

#[test]
fn a_seat_is_paid_to_its_owner() {
    let mut training = Setup::default().nodes(12, 3).build();
    training.play();
    let seat = training.seats(Stage::Work, 0)[1].clone();
    let due = Due::Seat(SeatId { stage: Stage::Work, group: 0, slot: 1 });
    let before = training.market.tokens_at(seat.seat.owner.as_str());
    training.claim("stranger", due).unwrap();
    let after = training.market.tokens_at(seat.seat.owner.as_str());
    assert_eq!(after - before, training.round().pay.per_witness.u128());
}

#[test]
fn a_round_whose_beacon_is_gone_ends_after_a_day() {
    for phase in [Phase::Opening, Phase::Seeding, Phase::CheckSeeding] {
        let mut training = Setup::default().nodes(12, 3).build();
        let base = training.run().params.base_hash;
        training.play_until(phase);
        training.emitting = false;
        training.market.wait(86_000);
        assert!(training.advance().unwrap_err().to_string().contains("is not there yet"));
        training.market.wait(1_000);
        training.play_to(Phase::Final);
        assert_eq!(training.run().params.base_hash, base);
        assert!(training.run().open_round.is_none());
        training.check_money();
        assert!(training.groups().iter().all(|group| group.verdict == Verdict::Void {}));
    }
}
