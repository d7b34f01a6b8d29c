//! Challenges: of liars whom nobody audited, and of honest groups for nothing.

use modelbond_interface::training::{Check, Due, Phase, RunParams, Stage, Verdict, Verified};
use modelbond_tests::training::{Conduct, Setup, Training, UNIT};
use rstest::rstest;

const BOND: u128 = 2 * UNIT;

fn rarely_audited(params: &mut RunParams) {
    params.sizes.audit_one_in = 64;
}

fn twelve() -> Training {
    Setup::default().nodes(12, 3).with_params(rarely_audited).build()
}

#[rstest]
#[case::while_checks_are_seeded(Phase::CheckSeeding)]
#[case::while_they_are_drawn(Phase::CheckAssign)]
#[case::while_they_go_on(Phase::CheckCommit)]
fn a_challenger_who_is_right_gets_the_bond_back_and_a_fifth(#[case] phase: Phase) {
    let mut training = twelve();
    let stakes = training.stakes();
    training.play_until(Phase::Commit);
    let liars = training.seats(Stage::Work, 0);
    training.behave_all(&liars, Conduct::Liar(1));
    training.play_to(phase);
    let challenger = training.outsider(0);
    training.challenge(challenger.node_id, 0).unwrap();
    training.check_money();
    training.play_to(Phase::Final);
    let group = &training.groups()[0];
    assert_eq!((group.check, &group.verdict), (Check::Appeal, &Verdict::Rejected {}));
    let owed = training.claimable("stranger", Due::Challenge { group: 0 }).unwrap();
    assert_eq!(owed.recipient.as_str(), training.market.address(&challenger.owner));
    let taken: u128 = training.lost(&stakes).values().sum();
    assert_eq!(taken, 3 * 300_000);
    assert_eq!(owed.amount.u128(), BOND + taken / 5);
    training.finish();
    assert!(training.ledger().reserved.u128() < 32, "{:?}", training.ledger());
}

#[test]
fn a_challenger_who_is_wrong_pays_the_jury() {
    let mut training = twelve();
    let (stakes, before) = (training.stakes(), training.ledger());
    training.play_until(Phase::CheckCommit);
    let challenger = training.outsider(0);
    training.challenge(challenger.node_id, 0).unwrap();
    training.play_to(Phase::Final);
    let group = &training.groups()[0];
    assert_eq!(group.verdict, Verdict::Accepted { by: Verified::Jury });
    assert_eq!(group.challenge.as_ref().unwrap().owed.u128(), 0);
    assert!(training.claimable("stranger", Due::Challenge { group: 0 }).is_err());
    // Half to nine jurors, the rest burns.
    assert_eq!(group.majority, 9);
    assert_eq!(group.juror_pay.u128(), BOND / 2 / 9);
    assert_eq!(before.burnable.u128(), 0);
    assert_eq!(training.ledger().burnable.u128(), BOND - BOND / 2 / 9 * 9);
    assert!(training.lost(&stakes).is_empty());
    assert_eq!(training.round().accepted, 0b11, "the group is paid as if nothing had been");
    training.finish();
    assert!(training.ledger().reserved.u128() < 32, "{:?}", training.ledger());
}

#[test]
fn challenges_cost_a_bond_each_and_there_is_one_for_each_group() {
    let mut training = twelve();
    training.play_until(Phase::CheckCommit);
    let first = training.outsider(0);
    for bond in [0, 1, BOND - 1, BOND + 1] {
        let refused = training.challenge_as(&first.owner, first.node_id, 0, bond).unwrap_err();
        let refused = refused.to_string();
        let exactly = refused.contains("a challenge needs exactly 2000000");
        assert!(exactly || bond == 0, "{refused}");
    }
    training.challenge(first.node_id, 0).unwrap();
    for again in [first.node_id, training.outsider(1).node_id] {
        let refused = training.challenge(again, 0).unwrap_err().to_string();
        assert!(refused.contains("it was challenged already"), "{refused}");
    }
    training.challenge(first.node_id, 1).unwrap();
    assert_eq!(training.ledger().reserved.u128(), 10 * UNIT + 2 * BOND);
    training.finish();
    assert!(training.groups().iter().all(|group| group.check == Check::Appeal));
}

#[test]
fn only_who_could_be_drawn_may_challenge() {
    let mut training = twelve();
    training.play_until(Phase::CheckCommit);
    let member = training.outsider(0);
    training.give("stranger", BOND);
    let refused = training.challenge_as("stranger", member.node_id, 0, BOND).unwrap_err();
    assert!(refused.to_string().contains("may do this"), "{refused}");
    let other = training.members.iter().find(|other| other.owner != member.owner).unwrap();
    let (owner, node_id) = (other.owner.clone(), member.node_id);
    let refused = training.challenge_as(&owner, node_id, 0, BOND).unwrap_err();
    assert!(refused.to_string().contains("may do this"), "{refused}");
    // Another token is no bond.
    let msg = modelbond_interface::training::ExecuteMsg::Receive(cw20::Cw20ReceiveMsg {
        sender: training.market.address(&member.owner),
        amount: BOND.into(),
        msg: cosmwasm_std::to_json_binary(&modelbond_interface::training::ReceiveMsg::Challenge {
            run_id: training.run_id,
            round_id: 1,
            group: 0,
            node_id: member.node_id,
            index: u32::try_from(member.node_id - 1).unwrap(),
        })
        .unwrap(),
    });
    let refused = training.send(&member.owner, &msg).unwrap_err().to_string();
    assert!(refused.contains("may do this"), "{refused}");
    training.check_money();
}

#[rstest]
#[case::before_anything_is_shown(Phase::Reveal)]
#[case::after_the_checks(Phase::Post)]
fn challenges_are_taken_while_first_checks_go_on(#[case] phase: Phase) {
    let mut training = twelve();
    training.play_until(phase);
    let node_id = training.outsider(0).node_id;
    let refused = training.challenge(node_id, 0).unwrap_err().to_string();
    assert!(refused.contains("while the first checks go on"), "{refused}");
    training.check_money();
}

#[test]
fn an_appeal_cannot_be_challenged_again() {
    let mut training = twelve();
    training.play_until(Phase::CheckCommit);
    training.challenge(training.outsider(0).node_id, 0).unwrap();
    training.play_to(Phase::Judge);
    training.step();
    training.play_to(Phase::CheckCommit);
    assert!(training.round().appealing);
    let node_id = training.outsider(1).node_id;
    let refused = training.challenge(node_id, 1).unwrap_err().to_string();
    assert!(refused.contains("the first checks are over"), "{refused}");
    training.finish();
}

#[test]
fn a_group_that_differs_or_said_nothing_is_no_matter_for_a_challenge() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    training.behave(training.seats(Stage::Work, 0)[2].id, Conduct::Liar(1));
    let nobody = training.seats(Stage::Work, 1);
    training.behave_all(&nobody, Conduct::Silent);
    training.play_to(Phase::CheckSeeding);
    for group in [0, 1] {
        let node_id = training.outsider(group).node_id;
        let refused = training.challenge(node_id, group).unwrap_err().to_string();
        assert!(refused.contains("do not agree: a jury will decide anyway"), "{refused}");
    }
    training.play_to(Phase::CheckCommit);
    for (group, why) in [(0, "a jury sits about it already"), (1, "it has its verdict")] {
        let node_id = training.outsider(group).node_id;
        let refused = training.challenge(node_id, group).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    training.finish();
}

#[rstest]
#[case::fewer_than_four_nodes(3, Conduct::Honest)]
#[case::a_jury_that_says_nothing(12, Conduct::Silent)]
fn where_nobody_can_decide_a_challenge_costs_nothing(#[case] nodes: usize, #[case] jury: Conduct) {
    let one = |params: &mut RunParams| {
        rarely_audited(params);
        params.sizes.groups = 1;
        params.sizes.witnesses = 1;
    };
    let mut training = Setup::default().nodes(nodes, 3).with_params(one).build();
    training.play_until(Phase::CheckCommit);
    training.challenge(training.outsider(0).node_id, 0).unwrap();
    if jury != Conduct::Honest {
        training.play_to(Phase::Judge);
        training.step();
        training.play_to(Phase::CheckCommit);
        let jurors = training.seats(Stage::Appeal, 0);
        assert!(!jurors.is_empty());
        training.behave_all(&jurors, jury);
    }
    training.play_to(Phase::Final);
    let group = &training.groups()[0];
    assert_eq!(group.verdict, Verdict::Void {});
    assert_eq!(group.challenge.as_ref().unwrap().owed.u128(), BOND);
    let owed = training.claimable("stranger", Due::Challenge { group: 0 }).unwrap();
    assert_eq!(owed.amount.u128(), BOND);
    training.finish();
    assert!(training.ledger().reserved.u128() < 32, "{:?}", training.ledger());
}
