//! Who tries to get more than the round has, to cost others what they do not owe, or to cost others
//! work for nothing.

use modelbond_interface::training::{
    Check, Due, ExecuteMsg, Hash32, Phase, RunParams, SeatInfo, Stage, Verdict, Verified,
};
use modelbond_tests::training::{answer, Conduct, Setup, Training, UNIT};
use rstest::rstest;

const SALT: Hash32 = Hash32([7; 32]);

fn rarely_audited(params: &mut RunParams) {
    params.sizes.audit_one_in = 64;
}

/// Everybody in these seats says that the loss fell from here to there.
fn claim_losses(training: &mut Training, seats: &[SeatInfo], before: u64, after: u64) {
    let round = training.round();
    for seat in seats {
        let mut claimed = answer(&training.task(&round, seat.id), 0);
        (claimed.loss_before, claimed.loss_after) = (before, after);
        training.commit_as(&round, seat, claimed, SALT).unwrap();
    }
}

#[test]
fn groups_that_claim_the_largest_gain_share_what_there_is() {
    let mut training = Setup::default().nodes(12, 3).with_params(rarely_audited).build();
    let mut drew = 0;
    for _ in 0..6 {
        training.ready_all().unwrap();
        training.play_until(Phase::Commit);
        let seats = training.all_seats(Stage::Work);
        // The largest that is taken.
        claim_losses(&mut training, &seats, (1 << 59) - 1, 0);
        training.finish();
        let round = training.round();
        assert!(round.pay.drawn <= round.pay.trainers, "{:?}", round.pay);
        drew += u32::from(round.accepted == 0b11);
    }
    assert!(drew >= 4, "most of them were not audited");
}

#[test]
fn losses_whose_sum_could_overflow_are_refused() {
    let mut training = Setup::default().nodes(12, 3).with_params(rarely_audited).build();
    training.play_until(Phase::Commit);
    let seats = training.all_seats(Stage::Work);
    claim_losses(&mut training, &seats, 1 << 59, 0);
    training.move_on();
    let seat = training.seats(Stage::Work, 0)[0].clone();
    let msg = training.reveal_message(&seat, modelbond_interface::bridge::Scheme::Eip712);
    let refused = training.send("stranger", &msg).unwrap_err().to_string();
    assert!(refused.contains("a loss is less than 2^59"), "{refused}");
    training.finish();
    assert_eq!(training.round().accepted, 0);
}

#[test]
fn nobody_spoils_another_ticket_by_sending_its_proof_with_a_higher_one() {
    let mut training = Setup::default().nodes(12, 9).build();
    training.play_until(Phase::Elect);
    let round = training.round();
    training.market.wait(3);
    let (proof, best) = training.ticket(&round, 4);
    let worse = (best + 1) % 9;
    let (run_id, round_id) = (round.run_id, round.round_id);
    let prove = |ticket| {
        let (node_id, index, proof) = (4, 3, proof.clone());
        ExecuteMsg::ProveLead { run_id, round_id, node_id, index, proof, ticket }
    };
    training.send("thief", &prove(worse)).unwrap();
    let high = training.round().lead.leaders[0].ticket;
    training.prove(4).unwrap();
    let leaders = training.round().lead.leaders;
    assert_eq!(leaders.len(), 1);
    assert!(leaders[0].ticket < high);
    for ticket in [worse, best] {
        let refused = training.send("thief", &prove(ticket)).unwrap_err().to_string();
        assert!(refused.contains("node 4 has proved"), "{refused}");
    }
    training.finish();
}

#[test]
fn a_trainer_without_witnesses_is_always_audited() {
    let sizes = |params: &mut RunParams| {
        rarely_audited(params);
        params.sizes.groups = 4;
    };
    let mut training = Setup::default().nodes(5, 3).with_params(sizes).build();
    let mut alone = 0;
    for _ in 0..4 {
        training.ready_all().unwrap();
        training.play_until(Phase::Commit);
        let groups = training.groups();
        let lone: Vec<_> = groups.iter().filter(|group| group.seats == 1).collect();
        for group in &lone {
            training.behave(training.seats(Stage::Work, group.group)[0].id, Conduct::Liar(1));
        }
        training.finish();
        for group in lone {
            let group = &training.groups()[usize::from(group.group)];
            assert_eq!(group.auditors, 3);
            assert_eq!(group.check, Check::Appeal, "the auditors found the lie");
            assert!(!matches!(group.verdict, Verdict::Accepted { .. }), "{group:?}");
            alone += 1;
        }
    }
    assert!(alone > 0, "no trainer was alone");
}

#[test]
fn an_auditor_who_lies_is_convicted_and_the_group_is_not() {
    let audited = |params: &mut RunParams| params.sizes.audit_one_in = 1;
    let mut training = Setup::default().nodes(12, 3).with_params(audited).build();
    let before = training.stakes();
    training.play_until(Phase::CheckCommit);
    let liar = training.seats(Stage::Check, 0)[1].clone();
    training.behave(liar.id, Conduct::Liar(1));
    training.finish();
    let group = &training.groups()[0];
    assert_eq!(group.check, Check::Appeal);
    assert_eq!(group.verdict, Verdict::Accepted { by: Verified::Jury });
    assert_eq!(group.wrong, 0);
    assert_eq!(training.lost(&before), training.fines(&before, &[(liar, 1_000)]));
    assert!(group.majority > 0 && group.juror_pay.u128() > 0, "the jury is paid for its work");
    assert_eq!(training.round().accepted, 0b11);
}

/// The owner lets somebody have the data and others not: whom it convicts is nobody.
#[rstest]
#[case::only_the_trainer_had_the_data(&[0], true)]
#[case::only_the_trainer_and_the_jury_had_the_data(&[0], false)]
#[case::only_a_witness_had_the_data(&[1], true)]
#[case::only_the_jury_had_the_data_of_one_member(&[2], false)]
fn nobody_is_convicted_for_data_that_others_could_not_have(
    #[case] friends: &[u8],
    #[case] jury_without: bool,
) {
    let mut training = Setup::default().nodes(12, 3).build();
    let (before, bond) = (training.stakes(), training.ledger().bond);
    training.play_until(Phase::Commit);
    for seat in training.seats(Stage::Work, 0) {
        if !friends.contains(&seat.id.slot) {
            training.behave(seat.id, Conduct::WithoutData);
        }
    }
    training.play_to(Phase::CheckCommit);
    let jurors = training.seats(Stage::Check, 0);
    if jury_without {
        training.behave_all(&jurors, Conduct::WithoutData);
    }
    training.finish();
    assert!(training.lost(&before).is_empty(), "{:?}", training.lost(&before));
    let group = &training.groups()[0];
    assert_eq!(group.check, Check::Jury);
    assert_eq!(group.wrong, 0);
    match (jury_without, friends.contains(&0)) {
        // Those who did not find it are paid from the bond, which the owner gave.
        (true, _) => {
            assert_eq!(group.verdict, Verdict::Unavailable {});
            assert!(training.ledger().bond < bond);
        }
        (false, true) => assert_eq!(group.verdict, Verdict::Accepted { by: Verified::Jury }),
        (false, false) => assert_eq!(group.verdict, Verdict::Rejected {}),
    }
}

#[test]
fn a_group_without_data_is_void_and_paid_from_the_bond() {
    let mut training = Setup::default().nodes(12, 3).with_params(rarely_audited).build();
    let (before, bond) = (training.stakes(), training.ledger().bond.u128());
    training.play_until(Phase::Commit);
    let seats = training.seats(Stage::Work, 1);
    training.behave_all(&seats, Conduct::WithoutData);
    let owner = seats[1].seat.owner.clone();
    training.play_to(Phase::Final);
    let had = training.market.tokens_at(owner.as_str());
    training.claim("stranger", Due::Seat(seats[1].id)).unwrap();
    let paid = training.market.tokens_at(owner.as_str()) - had;
    assert_eq!(paid, 28 * UNIT / 10 / 4);
    training.finish();
    assert_eq!(training.groups()[1].verdict, Verdict::Unavailable {});
    assert_eq!(bond - training.ledger().bond.u128(), 3 * paid);
    assert!(training.lost(&before).is_empty());
}

#[test]
fn a_run_whose_challenges_cost_nothing_is_refused() {
    let free = |params: &mut RunParams| params.money.challenge_bond = Default::default();
    let refused = Setup::default().nodes(4, 3).with_params(free).try_build();
    assert!(refused.is_err_and(|error| error.to_string().contains("challenge_bond")));
}

#[test]
fn everything_is_paid_once_while_others_have_not_claimed_yet() {
    let mut training = Setup::default().nodes(12, 3).build();
    training.play_until(Phase::CheckCommit);
    training.challenge(training.outsider(0).node_id, 0).unwrap();
    let witness = training.seats(Stage::Work, 1)[1].clone();
    training.play_to(Phase::Final);
    let mut dues = vec![Due::Lead {}, Due::Seat(witness.id)];
    dues.extend([Due::Contribution { group: 0 }, Due::Contribution { group: 1 }]);
    dues.extend(training.seats(Stage::Appeal, 0).iter().map(|seat| Due::Seat(seat.id)));
    dues.extend(training.seats(Stage::Committee, 0).iter().map(|seat| Due::Seat(seat.id)));
    for due in dues {
        let owed = training.claimable("stranger", due).unwrap();
        assert!(!owed.claimed);
        training.claim("stranger", due).unwrap();
        let held = training.held();
        let again = training.claim("stranger", due).unwrap_err().to_string();
        assert!(again.contains("this was claimed already"), "{due:?}: {again}");
        assert_eq!(training.held(), held);
        training.check_money();
    }
    // A keeper has other advances in other rounds, but none twice.
    training.claim("keeper", Due::Advances {}).unwrap();
    let again = training.claim("keeper", Due::Advances {}).unwrap_err().to_string();
    assert!(again.contains("this was claimed already"), "{again}");
    assert!(training.claim("stranger", Due::Advances {}).is_err());
    training.finish();
    assert!(training.ledger().reserved.u128() < 32, "{:?}", training.ledger());
}
