//! Who is missing: in every phase, everybody who could be. The round becomes final, no token is lost,
//! and nobody pays but for the seat that was empty.

use std::collections::BTreeMap;

use modelbond_interface::training::{
    Check, Due, Mode, Phase, RunParams, SeatId, SeatInfo, Stage, Verdict, Verified,
};
use modelbond_tests::training::{Conduct, Setup, Training, UNIT};
use rstest::rstest;

const ABSENT: u16 = 10;
const LATE: u16 = 100;

fn twelve() -> Training {
    Setup::default().nodes(12, 3).build()
}

fn with(change: impl FnOnce(&mut RunParams)) -> Training {
    Setup::default().nodes(12, 3).with_params(change).build()
}

fn seat(training: &Training, stage: Stage, group: u8, slot: u8) -> SeatInfo {
    training.seats(stage, group)[usize::from(slot)].clone()
}

/// Nobody lost anything but what is said, and the claims leave no more than dust.
fn ends(training: &mut Training, before: &BTreeMap<u64, u128>, fined: &[(SeatInfo, u16)]) {
    training.finish();
    assert!(training.ledger().reserved.u128() < 32, "{:?}", training.ledger());
    assert_eq!(training.lost(before), training.fines(before, fined));
}

#[rstest]
#[case::trainer(0, Conduct::Silent, ABSENT)]
#[case::witness(1, Conduct::Silent, ABSENT)]
#[case::late_trainer(0, Conduct::Late, LATE)]
#[case::late_witness(2, Conduct::Late, LATE)]
fn a_missing_member_costs_its_own_seat(
    #[case] slot: u8,
    #[case] conduct: Conduct,
    #[case] bps: u16,
) {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(Phase::Commit);
    let missing = seat(&training, Stage::Work, 0, slot);
    training.behave(missing.id, conduct);
    ends(&mut training, &before, &[(missing, bps)]);

    let groups = training.groups();
    assert_eq!(groups[0].check, Check::Incomplete);
    assert_eq!(groups[0].auditors, 3);
    if slot == 0 {
        // The witnesses know what is right, but nobody showed an update.
        assert_eq!(groups[0].verdict, Verdict::Rejected {});
        assert_eq!(training.round().accepted, 0b10);
    } else {
        assert_eq!(groups[0].verdict, Verdict::Accepted { by: Verified::Audit });
        assert_eq!(training.round().accepted, 0b11);
        let due = Due::Seat(SeatId { stage: Stage::Work, group: 0, slot });
        assert!(training.claimable("stranger", due).is_err(), "the missing one is not paid");
    }
    assert!(training.round().model.confirmed);
}

#[test]
fn a_group_of_nobody_is_void_and_the_others_go_on() {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(Phase::Commit);
    let nobody = training.seats(Stage::Work, 1);
    training.behave_all(&nobody, Conduct::Silent);
    let fined: Vec<_> = nobody.into_iter().map(|seat| (seat, ABSENT)).collect();
    ends(&mut training, &before, &fined);
    assert_eq!(training.groups()[1].verdict, Verdict::Void {});
    assert_eq!(training.round().accepted, 0b01);
    assert!(training.round().model.confirmed);
}

#[test]
fn a_round_of_nobody_changes_nothing_and_ends() {
    let mut training = twelve();
    let (before, base) = (training.stakes(), training.run().params.base_hash);
    training.play_until(Phase::Commit);
    let nobody = training.all_seats(Stage::Work);
    training.behave_all(&nobody, Conduct::Silent);
    let fined: Vec<_> = nobody.into_iter().map(|seat| (seat, ABSENT)).collect();
    ends(&mut training, &before, &fined);
    let round = training.round();
    assert_eq!((round.accepted, round.pay.drawn.u128()), (0, 0));
    assert_eq!(round.model.result_hash, Some(base));
    assert_eq!(training.run().params.base_hash, base);
    assert_eq!(training.market_config().metrics, None);
    // The next round finds everything as it should be.
    assert!(training.play().model.confirmed);
}

#[test]
fn where_nobody_proves_the_first_trainers_lead_and_no_metrics_move() {
    let mut training = twelve();
    let (before, base) = (training.stakes(), training.run().params.base_hash);
    training.proving = false;
    training.play_until(Phase::Post);
    let round = training.round();
    assert!(round.lead.beacon_only);
    let trainers: Vec<u64> =
        (0..2).map(|group| seat(&training, Stage::Work, group, 0).seat.node_id).collect();
    let leaders: Vec<u64> = round.lead.leaders.iter().map(|leader| leader.node_id).collect();
    assert_eq!(leaders, trainers);
    ends(&mut training, &before, &[]);
    assert!(training.round().model.confirmed);
    assert_ne!(training.run().params.base_hash, base);
    assert_eq!(training.market_config().metrics, None);
    assert_eq!(training.run().best_score, 0);
}

#[test]
fn a_leader_without_a_second_output_leads_unpaid() {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(Phase::Reveal);
    let leader = training.round().lead.leaders[0].node_id;
    training.conduct.insert(leader, Conduct::Silent);
    training.step();
    training.conduct.clear();
    ends(&mut training, &before, &[]);
    let round = training.round();
    assert_eq!(round.lead.second_output, None);
    assert_eq!(round.lead.attempt, 0);
    assert!(round.model.confirmed);
    assert_eq!(round.pay.leader.u128(), 0);
    assert!(training.claimable("stranger", Due::Lead {}).is_err());
    assert!(training.market_config().metrics.is_some());
}

#[test]
fn a_leader_who_posts_nothing_is_followed_by_the_next() {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(Phase::Post);
    let leaders = training.round().lead.leaders;
    for attempt in 0..2 {
        assert_eq!(training.round().lead.attempt, attempt);
        training.conduct.insert(leaders[usize::from(attempt)].node_id, Conduct::Silent);
        training.step();
        training.conduct.clear();
    }
    assert_eq!(training.round().lead.attempt, 2);
    ends(&mut training, &before, &[]);
    let round = training.round();
    assert!(round.model.confirmed);
    assert_eq!(round.pay.leader.u128(), 4 * UNIT / 10);
    let paid = training.claimable("stranger", Due::Lead {}).unwrap();
    assert_eq!((paid.recipient.clone(), paid.claimed), (leaders[2].owner.clone(), true));
    assert!(training.seats(Stage::Committee, 0).is_empty());
    assert!(training.seats(Stage::SecondCommittee, 0).is_empty());
    assert_eq!(training.seats(Stage::ThirdCommittee, 0).len(), 11);
}

#[test]
fn three_leaders_who_post_nothing_leave_the_model_as_it_was() {
    let mut training = twelve();
    let (before, base) = (training.stakes(), training.run().params.base_hash);
    training.play_until(Phase::Post);
    for leader in training.round().lead.leaders {
        training.conduct.insert(leader.node_id, Conduct::Silent);
    }
    for _ in 0..3 {
        assert_eq!(training.round().phase, Phase::Post);
        training.step();
    }
    assert_eq!(training.round().phase, Phase::Settle);
    training.conduct.clear();
    ends(&mut training, &before, &[]);
    let round = training.round();
    assert!(!round.model.confirmed);
    assert_eq!(training.run().params.base_hash, base);
    assert_eq!(training.market_config().metrics, None);
    // The work was done, and is paid.
    assert_eq!(round.accepted, 0b11);
    assert!(round.pay.drawn.u128() > 0);
    assert!(round.pay.witnesses >= 4);
    assert_eq!((round.pay.leader.u128(), round.pay.per_member.u128()), (0, 0));
    assert!(training.play().model.confirmed);
}

#[rstest]
#[case::commits_nothing(Conduct::Silent)]
#[case::reveals_nothing(Conduct::Late)]
fn a_silent_committee_is_followed_by_another(#[case] conduct: Conduct) {
    let mut training = twelve();
    training.play_until(Phase::ConfirmCommit);
    let first = training.seats(Stage::Committee, 0);
    training.behave_all(&first, conduct);
    training.play_to(Phase::Post);
    assert_eq!(training.round().lead.attempt, 1);
    training.finish();
    let round = training.round();
    assert!(round.model.confirmed);
    assert_eq!(round.pay.members, 11);
    for seat in first {
        assert!(training.claimable("stranger", Due::Seat(seat.id)).is_err());
    }
}

#[test]
fn a_third_of_a_committee_can_be_silent_but_no_more() {
    // Of 11, more than two thirds are 8.
    for (silent, attempt) in [(3, 0), (4, 1)] {
        let mut training = twelve();
        training.play_until(Phase::ConfirmCommit);
        let seats = training.seats(Stage::Committee, 0);
        training.behave_all(&seats[..silent], Conduct::Silent);
        training.finish();
        let round = training.round();
        assert_eq!((round.model.confirmed, round.lead.attempt), (true, attempt), "{silent}");
    }
}

#[test]
fn three_silent_committees_leave_the_model_as_it_was() {
    let mut training = twelve();
    let base = training.run().params.base_hash;
    training.play_until(Phase::Post);
    for stage in [Stage::Committee, Stage::SecondCommittee, Stage::ThirdCommittee] {
        training.play_to(Phase::ConfirmCommit);
        let seats = training.seats(stage, 0);
        assert!(!seats.is_empty());
        training.behave_all(&seats, Conduct::Silent);
        training.step();
        training.step();
    }
    training.finish();
    let round = training.round();
    assert!(!round.model.confirmed);
    assert_eq!(training.run().params.base_hash, base);
    assert_eq!(training.market_config().metrics, None);
    assert!(round.pay.drawn.u128() > 0);
}

fn scored(params: &mut RunParams) {
    params.algorithm.mode = Mode::Scored;
}

#[rstest]
#[case::absent(Conduct::Silent, ABSENT)]
#[case::late(Conduct::Late, LATE)]
fn nobody_scores_what_a_trainer_did_not_show(#[case] conduct: Conduct, #[case] bps: u16) {
    let mut training = with(scored);
    let before = training.stakes();
    training.play_until(Phase::Commit);
    let missing = seat(&training, Stage::Work, 0, 0);
    training.behave(missing.id, conduct);
    training.play_to(Phase::ScoreCommit);
    // Its witnesses have nothing to do, and do nothing.
    for witness in &training.seats(Stage::Work, 0)[1..] {
        training.behave(witness.id, Conduct::Silent);
    }
    ends(&mut training, &before, &[(missing, bps)]);
    assert_eq!(training.groups()[0].verdict, Verdict::Void {});
    assert_eq!(training.round().accepted, 0b10);
}

#[test]
fn a_witness_who_scores_nothing_pays_for_it() {
    let mut training = with(scored);
    let before = training.stakes();
    training.play_until(Phase::ScoreCommit);
    let missing = seat(&training, Stage::Work, 1, 2);
    training.behave(missing.id, Conduct::Silent);
    ends(&mut training, &before, &[(missing, ABSENT)]);
    assert_eq!(training.round().accepted, 0b11);
}

fn audit_all(params: &mut RunParams) {
    params.sizes.audit_one_in = 1;
}

#[rstest]
#[case::absent(Conduct::Silent, ABSENT)]
#[case::late(Conduct::Late, LATE)]
fn silent_auditors_pay_and_the_group_says_that_it_was_not_audited(
    #[case] conduct: Conduct,
    #[case] bps: u16,
) {
    let mut training = with(audit_all);
    let before = training.stakes();
    training.play_until(Phase::CheckCommit);
    let auditors = training.all_seats(Stage::Check);
    assert_eq!(auditors.len(), 6);
    training.behave_all(&auditors, conduct);
    let fined: Vec<_> = auditors.into_iter().map(|seat| (seat, bps)).collect();
    ends(&mut training, &before, &fined);
    for group in training.groups() {
        assert_eq!(group.verdict, Verdict::Accepted { by: Verified::AuditMissed });
    }
}

#[test]
fn a_group_with_a_missing_member_is_void_when_no_auditor_answers() {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(Phase::Commit);
    let missing = seat(&training, Stage::Work, 0, 2);
    training.behave(missing.id, Conduct::Silent);
    training.play_to(Phase::CheckCommit);
    let auditors = training.seats(Stage::Check, 0);
    training.behave_all(&auditors, Conduct::Silent);
    let mut fined = vec![(missing, ABSENT)];
    fined.extend(auditors.into_iter().map(|seat| (seat, ABSENT)));
    ends(&mut training, &before, &fined);
    assert_eq!(training.groups()[0].verdict, Verdict::Void {});
}

#[test]
fn silent_jurors_pay_and_convict_nobody() {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(Phase::Commit);
    training.behave(seat(&training, Stage::Work, 0, 0).id, Conduct::Liar(1));
    training.play_to(Phase::CheckCommit);
    let jurors = training.seats(Stage::Check, 0);
    assert_eq!(jurors.len(), 9);
    training.behave_all(&jurors, Conduct::Silent);
    let fined: Vec<_> = jurors.into_iter().map(|seat| (seat, ABSENT)).collect();
    ends(&mut training, &before, &fined);
    let group = &training.groups()[0];
    assert_eq!((group.check, &group.verdict), (Check::Jury, &Verdict::Void {}));
    assert_eq!(group.wrong, 0);
}

#[test]
fn without_a_slice_the_model_moves_and_the_market_does_not() {
    let mut training = twelve();
    training.slicing = false;
    let round = training.play();
    assert!(round.model.confirmed);
    assert_eq!(round.model.slice, None);
    assert_eq!(Some(training.run().params.base_hash), round.model.result_hash);
    assert_eq!(training.market_config().metrics, None);
    // Nothing is used up: the next round opens the same slice.
    assert_eq!(training.run().params.dataset.slices.len(), 12);
    training.slicing = true;
    training.play();
    assert_eq!(training.run().params.dataset.slices.len(), 11);
    assert!(training.market_config().metrics.is_some());
}

#[rstest]
#[case::election(Phase::Opening)]
#[case::assignment(Phase::Seeding)]
#[case::checks(Phase::CheckSeeding)]
fn a_round_waits_for_its_beacon_round_however_late(#[case] phase: Phase) {
    let mut training = twelve();
    let before = training.stakes();
    training.play_until(phase);
    let waiting = training.round();
    training.emitting = false;
    for _ in 0..3 {
        training.market.wait(20_000);
        let refused = training.advance().unwrap_err().to_string();
        assert!(refused.contains("is not there yet"), "{refused}");
        assert_eq!(training.round(), waiting, "nothing moves, nothing is renumbered");
    }
    training.emitting = true;
    training.emit(&waiting);
    ends(&mut training, &before, &[]);
    assert!(training.round().model.confirmed);
}

#[test]
fn an_appeal_waits_for_a_beacon_round_of_its_own() {
    let mut training = with(audit_all);
    training.play_until(Phase::Commit);
    let liars = training.seats(Stage::Work, 0);
    training.behave_all(&liars, Conduct::Liar(1));
    training.play_to(Phase::Judge);
    let first = training.round().seeds.check;
    training.step();
    let waiting = training.round();
    assert_eq!((waiting.phase, waiting.appealing), (Phase::CheckSeeding, true));
    training.market.wait(20_000);
    assert!(training.advance().is_err());
    assert_eq!(training.round(), waiting);
    training.finish();
    let seeds = training.round().seeds;
    assert!(seeds.appeal.is_some() && seeds.appeal != first);
    assert_eq!(training.groups()[0].wrong, 0b111);
}

#[test]
fn a_pruned_beacon_round_can_be_handed_in_again() {
    let mut training = twelve();
    training.play_until(Phase::Elect);
    let waiting = training.round();
    training.market.wait(10_000);
    training.market.wait(10_000);
    let prune = modelbond_interface::beacon::ExecuteMsg::Prune { start_after: None, limit: None };
    let beacon = training.beacon.clone();
    training.send_any("stranger", &beacon, &prune).unwrap();
    let refused = training.advance().unwrap_err().to_string();
    assert!(refused.contains("is not there yet: wait, or submit it"), "{refused}");
    training.emit(&waiting);
    training.finish();
    assert!(training.round().lead.beacon_only);
}

#[test]
fn nobody_is_late_where_only_the_keeper_is_absent() {
    let mut training = twelve();
    let before = training.stakes();
    training.advance().unwrap();
    while training.round().phase != Phase::Settle {
        training.act();
        training.market.wait(50_000);
        training.move_on();
    }
    training.market.wait(50_000);
    ends(&mut training, &before, &[]);
    assert!(training.round().model.confirmed);
    assert_eq!(training.round().accepted, 0b11);
    assert!(training.market_config().metrics.is_some());
}

#[test]
fn a_silent_usage_source_means_no_adoption_and_no_opinion() {
    let mut training = twelve();
    let round = training.play();
    assert_eq!(round.nps, 0);
    let metrics = training.market_config().metrics.unwrap();
    assert!(metrics.adoption.is_zero());
    assert!(!metrics.accuracy.is_zero() && !metrics.growth.is_zero());
}
