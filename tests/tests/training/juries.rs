//! Who lies in the work, and what a jury makes of it.

use modelbond_interface::training::{
    Check, Due, ExecuteMsg, Phase, RunParams, SeatInfo, Stage, Verdict, Verified,
};
use modelbond_tests::training::{Conduct, Setup, Training};
use rstest::rstest;

const WRONG: u16 = 1_000;

fn twelve() -> Training {
    Setup::default().nodes(12, 3).build()
}

fn with_jury(jury: u8) -> Training {
    Setup::default().nodes(12, 3).with_params(|params| params.sizes.jury = jury).build()
}

fn wrong(seats: impl IntoIterator<Item = SeatInfo>) -> Vec<(SeatInfo, u16)> {
    seats.into_iter().map(|seat| (seat, WRONG)).collect()
}

#[rstest]
#[case::everybody_else_sits(21, 9)]
#[case::a_full_jury(5, 5)]
fn a_silent_cheat_pays_a_tenth_to_the_jury_and_to_nobody_in_the_group(
    #[case] jury: u8,
    #[case] jurors: u8,
) {
    let mut training = with_jury(jury);
    let (stakes, before) = (training.stakes(), training.ledger());
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[1].clone();
    training.behave(liar.id, Conduct::Liar(1));
    training.play_to(Phase::Final);
    assert_eq!(training.lost(&stakes), training.fines(&stakes, &wrong([liar.clone()])));

    let group = &training.groups()[0];
    assert_eq!((group.check, group.jurors, group.majority), (Check::Jury, jurors, jurors));
    assert_eq!(group.verdict, Verdict::Accepted { by: Verified::Jury });
    assert_eq!(group.wrong, 0b010);
    // A fifth to the jury; of what is left, half burns and half pays later trainers.
    let per_juror = 60_000 / u128::from(jurors);
    let left = 300_000 - per_juror * u128::from(jurors);
    assert_eq!(group.juror_pay.u128(), per_juror);
    let ledger = training.ledger();
    assert_eq!(ledger.burnable.u128(), left.div_ceil(2));
    let round = training.round();
    assert_eq!(before.rolled_over.u128(), 0);
    assert_eq!(round.pay.from_rolled_over.u128(), left / 2);

    // Everybody in the group gets what they would have got anyway, and the liar nothing.
    let witness = Due::Seat(training.seats(Stage::Work, 0)[2].id);
    let paid = training.claimable("stranger", witness).unwrap().amount;
    assert_eq!(paid, round.pay.per_witness);
    assert!(training.claimable("stranger", Due::Seat(liar.id)).is_err());
    let juror = Due::Seat(training.seats(Stage::Check, 0)[0].id);
    assert_eq!(training.claimable("stranger", juror).unwrap().amount.u128(), per_juror);
    training.finish();

    let supply = training.market.supply();
    let (run_id, amount) = (training.run_id, ledger.burnable);
    training.send("stranger", &ExecuteMsg::Burn { run_id, amount }).unwrap();
    assert_eq!(training.ledger().burnable.u128(), 0);
    assert_eq!(supply - training.market.supply(), amount.u128());
    training.check_money();
    assert!(training
        .send("stranger", &ExecuteMsg::Burn { run_id, amount: 1_u128.into() })
        .is_err());
}

#[rstest]
#[case::with_the_trainer(&[0, 1], Verdict::Rejected {})]
#[case::without_it(&[1, 2], Verdict::Accepted { by: Verified::Jury })]
fn a_majority_of_a_group_convicts_nobody_and_is_convicted(
    #[case] liars: &[u8],
    #[case] verdict: Verdict,
) {
    let mut training = twelve();
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let seats = training.seats(Stage::Work, 0);
    let liars: Vec<_> = liars.iter().map(|slot| seats[usize::from(*slot)].clone()).collect();
    training.behave_all(&liars, Conduct::Liar(1));
    training.finish();
    assert_eq!(training.lost(&stakes), training.fines(&stakes, &wrong(liars)));
    assert_eq!(training.groups()[0].verdict, verdict);
}

#[test]
fn a_group_that_lies_as_one_is_convicted_when_it_is_audited() {
    let audited = |params: &mut RunParams| params.sizes.audit_one_in = 1;
    let mut training = Setup::default().nodes(12, 3).with_params(audited).build();
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let liars = training.seats(Stage::Work, 1);
    training.behave_all(&liars, Conduct::Liar(1));
    training.finish();
    let group = &training.groups()[1];
    assert_eq!((group.check, group.jury_stage), (Check::Appeal, Some(Stage::Appeal)));
    assert_eq!(group.verdict, Verdict::Rejected {});
    assert_eq!(group.jurors, 6, "neither its members nor its auditors");
    // Three owners, half of all seats, all of them of the one build: it could be the build.
    assert!(!training.round().held, "but most of the build found something else");
    assert_eq!(training.lost(&stakes), training.fines(&stakes, &wrong(liars)));
}

/// Liars in a jury of so many; more than two thirds must agree, silence counts against it.
#[rstest]
#[case::five_of_six(6, 1, true)]
#[case::four_of_six(6, 2, false)]
#[case::seven_of_nine(9, 2, true)]
#[case::six_of_nine(9, 3, false)]
fn a_jury_decides_by_more_than_two_thirds_of_its_seats(
    #[case] jury: u8,
    #[case] liars: usize,
    #[case] decided: bool,
    #[values(Conduct::Liar(1), Conduct::Liar(2))] conduct: Conduct,
) {
    let mut training = with_jury(jury);
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[1].clone();
    training.behave(liar.id, Conduct::Liar(1));
    training.play_to(Phase::CheckCommit);
    let jurors = training.seats(Stage::Check, 0);
    assert_eq!(jurors.len(), usize::from(jury));
    training.behave_all(&jurors[..liars], conduct);
    training.finish();
    let group = &training.groups()[0];
    if decided {
        assert_eq!(group.verdict, Verdict::Accepted { by: Verified::Jury });
        assert_eq!(training.lost(&stakes), training.fines(&stakes, &wrong([liar])));
        assert_eq!(usize::from(group.majority), jurors.len() - liars);
        let due = Due::Seat(jurors[0].id);
        assert!(training.claimable("stranger", due).is_err(), "a juror who lied is not paid");
    } else {
        assert_eq!(group.verdict, Verdict::Void {});
        assert!(training.lost(&stakes).is_empty());
        assert_eq!(group.wrong, 0);
    }
}

/// Where everybody sits, more than two thirds of all units must agree: 36 here, the liar has 3.
#[rstest]
#[case::three_jurors_lie(3, false)]
#[case::two_jurors_lie(2, true)]
fn everybody_decides_by_more_than_two_thirds_of_all_units(
    #[case] liars: usize,
    #[case] decided: bool,
) {
    let mut training = twelve();
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[0].clone();
    training.behave(liar.id, Conduct::Liar(1));
    training.play_to(Phase::CheckCommit);
    let jurors = training.seats(Stage::Check, 0);
    training.behave_all(&jurors[..liars], Conduct::Liar(1));
    if !decided {
        // 36 − 4·3 = 24 units are not more than two thirds of 36.
        assert_eq!(training.round().roster.units, 36);
    }
    training.finish();
    assert_eq!(!training.lost(&stakes).is_empty(), decided);
    let verdict = if decided { Verdict::Rejected {} } else { Verdict::Void {} };
    assert_eq!(training.groups()[0].verdict, verdict);
}

#[rstest]
#[case::two(2, Check::None)]
#[case::three(3, Check::None)]
#[case::four(4, Check::Jury)]
fn fewer_than_four_nodes_convict_nobody(#[case] nodes: usize, #[case] check: Check) {
    let one = |params: &mut RunParams| params.sizes.groups = 1;
    let mut training = Setup::default().nodes(nodes, 3).with_params(one).build();
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let liar = training.seats(Stage::Work, 0)[1].clone();
    training.behave(liar.id, Conduct::Liar(1));
    training.finish();
    let group = &training.groups()[0];
    assert_eq!(group.check, check);
    if nodes < 4 {
        assert_eq!(group.verdict, Verdict::Void {});
        assert!(training.lost(&stakes).is_empty());
    } else {
        assert_eq!(training.lost(&stakes), training.fines(&stakes, &wrong([liar])));
    }
}

#[test]
fn a_committee_that_is_lied_to_confirms_nothing() {
    let mut training = twelve();
    training.play_until(Phase::Post);
    let leaders = training.round().lead.leaders;
    training.conduct.insert(leaders[0].node_id, Conduct::Liar(1));
    training.step();
    training.conduct.clear();
    training.play_to(Phase::Post);
    assert_eq!(training.round().lead.attempt, 1);
    training.finish();
    let round = training.round();
    assert!(round.model.confirmed);
    let paid = training.claimable("stranger", Due::Lead {}).unwrap();
    assert_eq!(paid.recipient, leaders[1].owner);
}

#[test]
fn a_leader_cannot_leave_out_accepted_work() {
    let mut training = twelve();
    training.play_until(Phase::Post);
    let round = training.round();
    let seat = training.seats(Stage::Work, 0)[0].id;
    let id = modelbond_interface::training::SeatId { stage: Stage::Committee, ..seat };
    let answer = training.find(&round, id, 0);
    let (run_id, round_id) = (round.run_id, round.round_id);
    let owner = training.member(round.lead.leaders[0].node_id).owner;
    for accepted in [0b01, 0b10, 0b111, 0] {
        let msg = ExecuteMsg::PostAggregate { run_id, round_id, answer, accepted };
        let refused = training.send(&owner, &msg).unwrap_err().to_string();
        assert!(refused.contains("groups 0b11 were accepted"), "{refused}");
    }
    let msg = ExecuteMsg::PostAggregate { run_id, round_id, answer, accepted: 0b11 };
    let second = training.member(round.lead.leaders[1].node_id).owner;
    let refused = training.send(&second, &msg).unwrap_err().to_string();
    assert!(refused.contains("may only be used by"), "{refused}");
    training.send(&owner, &msg).unwrap();
}
