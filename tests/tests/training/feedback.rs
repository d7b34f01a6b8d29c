//! Who pays, what they say, and what of it reaches the market.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Decimal, Uint128};
use modelbond_interface::bridge::Scheme;
use modelbond_interface::training::{
    ExecuteMsg, FeedbackResponse, FeedbackSubmitted, Phase, QueryMsg, RoundSettled, RunParams,
    SignedFeedback, UsageCredited, UserResponse,
};
use modelbond_rounds::machine::{ADOPTION_DAYS, CAP};
use modelbond_rounds::RoundError;
use modelbond_signature::{Feedback, SignRequest, SignatureError};
use modelbond_tests::random::Random;
use modelbond_tests::training::{signed_feedback, Setup};
use modelbond_tests::{Chain, Failure, Outcome, Person, Training};
use modelbond_training::ContractError;
use rstest::rstest;

use crate::refusal::refused;

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;

fn opinion(training: &Training, epoch: Option<u64>) -> FeedbackResponse {
    training.query(&QueryMsg::Feedback { run_id: training.run_id, epoch })
}

fn said(training: &Training, user: &str, epoch: u64) -> (u128, Option<u8>) {
    let (run_id, user) = (training.run_id, training.market.address(user));
    let msg = QueryMsg::User { run_id, user, epoch: Some(epoch) };
    let UserResponse { paid, score } = training.query(&msg);
    (paid.u128(), score)
}

fn weights(training: &Training, epoch: u64) -> [u128; 3] {
    let found = opinion(training, Some(epoch));
    [found.promoters, found.passives, found.detractors].map(|weight| weight.u128())
}

#[test]
fn only_the_usage_source_credits() {
    let mut training = Setup::default().build();
    let (run_id, amount) = (training.run_id, Uint128::new(5));
    let user = training.market.address("user");
    let owner = Addr::unchecked(training.market.address("provenance"));
    for name in ["creator", "user", "stranger"] {
        let sender = Addr::unchecked(training.market.address(name));
        let msg = ExecuteMsg::Credit { run_id, user: user.clone(), amount };
        let expected = RoundError::Unauthorized { owner: owner.clone(), sender };
        assert_eq!(refused(training.send(name, &msg)), expected);
    }
    let msg = ExecuteMsg::Credit { run_id, user: "nobody".to_owned(), amount };
    let error = training.send("provenance", &msg).unwrap_err().training();
    assert!(matches!(error, ContractError::Std(_)), "{error}");

    let epoch = training.epoch();
    let credited: UsageCredited = training.credit("user", 5).unwrap().event();
    assert_eq!(credited, UsageCredited { run_id, user, amount: 5, epoch });
    training.credit("user", 6).unwrap();
    assert_eq!(said(&training, "user", epoch), (11, None));
    assert_eq!(opinion(&training, None).users, 1);
}

#[test]
fn a_credit_past_the_end_is_refused() {
    let mut training = Setup::default().build();
    training.credit("user", u128::MAX).unwrap();
    assert!(training.credit("user", 1).is_err());
    assert_eq!(said(&training, "user", training.epoch()), (u128::MAX, None));
}

#[test]
fn who_paid_nothing_is_no_user() {
    let mut training = Setup::default().build();
    let epoch = training.epoch();
    let user = Addr::unchecked(training.market.address("user"));
    let expected = RoundError::NotAUser { user, epoch };
    assert_eq!(refused(training.rate("user", 9, epoch)), expected);
    training.credit("user", 0).unwrap();
    assert_eq!(refused(training.rate("user", 9, epoch)), expected);
    assert_eq!(opinion(&training, None).users, 0);
    training.credit("user", 1).unwrap();
    training.rate("user", 9, epoch).unwrap();
}

#[test]
fn a_user_speaks_once_in_each_epoch() {
    let mut training = Setup::default().build();
    let user = Addr::unchecked(training.market.address("user"));
    let first = training.epoch();
    training.credit("user", 70).unwrap();
    let event: FeedbackSubmitted = training.rate("user", 10, first).unwrap().event();
    assert_eq!((event.score, event.weight, event.epoch), (10, 70, first));
    let again = RoundError::AlreadyRated { user: user.clone(), epoch: first };
    for score in [0, 10] {
        assert_eq!(refused(training.rate("user", score, first)), again);
    }
    // Whoever pays more afterwards does not weigh more.
    training.credit("user", 30).unwrap();
    assert_eq!(refused(training.rate("user", 10, first)), again);
    assert_eq!(weights(&training, first), [70, 0, 0]);

    training.wait_epochs(1);
    let second = training.epoch();
    let unpaid = RoundError::NotAUser { user, epoch: second };
    assert_eq!(refused(training.rate("user", 3, second)), unpaid);
    training.credit("user", 5).unwrap();
    training.rate("user", 3, second).unwrap();
    assert_eq!(weights(&training, second), [0, 0, 5]);
    assert_eq!(weights(&training, first), [70, 0, 0]);
}

#[test]
fn an_epoch_can_be_rated_while_it_lasts_and_in_the_next() {
    let mut training = Setup::default().build();
    let paid = training.epoch();
    for user in ["alice", "bob", "carol"] {
        training.credit(user, 5).unwrap();
    }
    training.rate("alice", 9, paid).unwrap();
    let early = RoundError::OtherEpoch { given: paid + 1, now: paid };
    assert_eq!(refused(training.rate("bob", 9, paid + 1)), early);
    training.wait_epochs(1);
    training.rate("bob", 7, paid).unwrap();
    training.wait_epochs(1);
    for given in [paid, 0, paid + 3, u64::MAX] {
        let expected = RoundError::OtherEpoch { given, now: paid + 2 };
        assert_eq!(refused(training.rate("carol", 0, given)), expected);
    }
    assert_eq!(weights(&training, paid), [5, 5, 0]);
}

#[rstest]
#[case::detractors(0..=6, 2)]
#[case::passives(7..=8, 1)]
#[case::promoters(9..=10, 0)]
fn scores_are_of_three_kinds(#[case] scores: std::ops::RangeInclusive<u8>, #[case] kind: usize) {
    let mut training = Setup::default().build();
    let epoch = training.epoch();
    let mut expected = [0; 3];
    for score in scores {
        let user = format!("user {score}");
        training.credit(&user, 100 + u128::from(score)).unwrap();
        training.rate(&user, score, epoch).unwrap();
        expected[kind] += 100 + u128::from(score);
        assert_eq!(said(&training, &user, epoch).1, Some(score));
    }
    assert_eq!(weights(&training, epoch), expected);
    for score in [11, u8::MAX] {
        assert_eq!(refused(training.rate("user 0", score, epoch)), RoundError::Score { score });
    }
}

#[test]
fn nobody_weighs_more_than_the_cap() {
    let mut training = Setup::default().build();
    let (epoch, cap) = (training.epoch(), CAP.u128());
    for (user, amount) in [("just", cap), ("more", cap + 1), ("far more", 1_000_000 * cap)] {
        training.credit(user, amount).unwrap();
        let event: FeedbackSubmitted = training.rate(user, 9, epoch).unwrap().event();
        assert_eq!(event.weight, cap);
    }
    training.credit("less", cap - 1).unwrap();
    training.rate("less", 0, epoch).unwrap();
    assert_eq!(weights(&training, epoch), [3 * cap, 0, cap - 1]);
}

/// What a stranger sends for somebody.
fn relay(
    training: &mut Training,
    (score, epoch): (u8, u64),
    signed: SignedFeedback,
) -> Result<Outcome, Failure> {
    let run_id = training.run_id;
    let msg = ExecuteMsg::SubmitFeedback { run_id, score, epoch, signed: Some(signed) };
    training.send("stranger", &msg)
}

fn credit_person(training: &mut Training, person: &Person) {
    let (run_id, user) = (training.run_id, person.cosmos.to_string());
    let msg = ExecuteMsg::Credit { run_id, user, amount: Uint128::new(5) };
    training.send("provenance", &msg).unwrap();
}

#[test]
fn every_scheme_speaks_for_its_user() {
    let mut training = Setup::default().build();
    let epoch = training.epoch();
    for (number, scheme) in (1..).zip(Scheme::ALL) {
        let person = Person::called(&format!("rater {scheme}"));
        credit_person(&mut training, &person);
        let signed =
            signed_feedback(&person, &training.feedback_request(&person, 8, epoch), scheme);
        relay(&mut training, (8, epoch), signed.clone()).unwrap();
        assert_eq!(weights(&training, epoch), [0, 5 * number, 0]);
        // Sent once more, it says nothing more.
        let user = Addr::unchecked(person.cosmos.to_string());
        let again = RoundError::AlreadyRated { user, epoch };
        assert_eq!(refused(relay(&mut training, (8, epoch), signed)), again);
    }
}

type Request = SignRequest<Feedback>;

#[rstest]
#[case::another_model(|r: &mut Request| r.statement.model.push('2'))]
#[case::another_user(|r: &mut Request| r.statement.user.push('2'))]
#[case::another_epoch(|r: &mut Request| r.statement.epoch -= 1)]
#[case::another_score(|r: &mut Request| r.statement.score -= 1)]
#[case::another_chain(|r: &mut Request| r.binding.chain_id.push('2'))]
#[case::another_contract(|r: &mut Request| r.binding.contract.push('2'))]
#[case::another_nonce(|r: &mut Request| r.binding.nonce += 1)]
#[case::another_expiry(|r: &mut Request| r.binding.expires_at += 1)]
fn feedback_signed_for_something_else_is_refused(#[case] change: fn(&mut Request)) {
    let mut training = Setup::default().build();
    let (person, epoch) = (Person::called("rater"), training.epoch());
    credit_person(&mut training, &person);
    for scheme in Scheme::ALL {
        let request = training.feedback_request(&person, 8, epoch);
        let mut other = request.clone();
        change(&mut other);
        let signature = signed_feedback(&person, &other, scheme).signature;
        let signed = SignedFeedback { signature, ..signed_feedback(&person, &request, scheme) };
        let error = relay(&mut training, (8, epoch), signed).unwrap_err().training();
        let user = person.cosmos.to_string();
        assert!(
            matches!(&error, ContractError::Feedback { user: of, .. } if *of == user),
            "{error}"
        );
    }
    assert_eq!(weights(&training, epoch), [0; 3]);
}

/// A key speaks for its own address only: with another key it is another user, who paid nothing.
#[test]
fn nobody_speaks_for_somebody_else() {
    let mut training = Setup::default().build();
    let (person, thief) = (Person::called("rater"), Person::called("thief"));
    let epoch = training.epoch();
    credit_person(&mut training, &person);
    for scheme in Scheme::ALL {
        let request = training.feedback_request(&person, 0, epoch);
        let signature = signed_feedback(&thief, &request, scheme).signature;
        let right = signed_feedback(&person, &request, scheme);
        let forged = SignedFeedback { signature, ..right.clone() };
        let error = relay(&mut training, (0, epoch), forged).unwrap_err().training();
        assert!(matches!(error, ContractError::Feedback { .. }), "{error}");
        let foreign = SignedFeedback { pubkey: thief.pubkey(), ..right };
        let error = relay(&mut training, (0, epoch), foreign).unwrap_err().training();
        assert!(matches!(error, ContractError::Feedback { .. }), "{error}");
        let own = signed_feedback(&thief, &training.feedback_request(&thief, 0, epoch), scheme);
        let user = Addr::unchecked(thief.cosmos.to_string());
        let expected = RoundError::NotAUser { user, epoch };
        assert_eq!(refused(relay(&mut training, (0, epoch), own)), expected);
    }
    for bytes in [vec![], vec![4; 65], vec![2; 32], vec![5; 33]] {
        let request = training.feedback_request(&person, 0, epoch);
        let mut signed = signed_feedback(&person, &request, Scheme::Direct);
        signed.pubkey = bytes.into();
        let error = relay(&mut training, (0, epoch), signed).unwrap_err().training();
        assert!(matches!(error, ContractError::Input { field: "pubkey", .. }), "{error}");
    }
}

#[test]
fn signed_feedback_is_valid_up_to_its_last_second_and_for_a_week() {
    let mut training = Setup::default().build();
    let (person, epoch) = (Person::called("rater"), training.epoch());
    credit_person(&mut training, &person);
    let now = training.market.chain.now().seconds();
    let with = |training: &Training, expires_at| {
        let mut request = training.feedback_request(&person, 9, epoch);
        request.binding.expires_at = expires_at;
        signed_feedback(&person, &request, Scheme::Eip712)
    };
    let signed = with(&training, now - 1);
    let error = relay(&mut training, (9, epoch), signed).unwrap_err().training();
    let source = SignatureError::Expired { expires_at: now - 1, now };
    assert_eq!(error, ContractError::Feedback { user: person.cosmos.to_string(), source });
    let expires_at = now + WEEK + 1;
    let signed = with(&training, expires_at);
    let error = relay(&mut training, (9, epoch), signed).unwrap_err().training();
    assert_eq!(error, ContractError::ExpiresTooLate { expires_at, latest: now + WEEK });
    let signed = with(&training, now + WEEK);
    relay(&mut training, (9, epoch), signed).unwrap();
}

/// Opened in epoch e, a round takes what was said about e − 2: nobody can say anything more about it.
#[test]
fn nps_is_frozen_before_a_round_opens() {
    let mut training = Setup::default().nodes(4, 3).build();
    let rated = training.epoch();
    for (user, amount, score) in [("a", 700, 10), ("b", 200, 8), ("c", 100, 0)] {
        training.credit(user, amount).unwrap();
        training.rate(user, score, rated).unwrap();
    }
    training.credit("d", 1_000).unwrap();
    assert_eq!(training.play().nps, 0, "in the same epoch");
    training.ready_all().unwrap();
    training.rate("d", 9, rated).unwrap();
    assert_eq!(training.play().nps, 0, "in the next one");
    training.ready_all().unwrap();
    let expected = RoundError::OtherEpoch { given: rated, now: rated + 2 };
    assert_eq!(refused(training.rate("e", 0, rated)), expected);
    training.advance().unwrap();
    // (1,700 − 100) of 2,000.
    assert_eq!(training.round().nps, 8_000);
    assert_eq!(opinion(&training, Some(rated)).nps, 8_000);
    training.credit("f", 1_000_000).unwrap();
    training.rate("f", 0, rated + 2).unwrap();
    training.play_to(Phase::Final);
    assert_eq!(training.round().nps, 8_000);
}

#[test]
fn users_are_those_who_paid_within_30_days() {
    for seed in 0..12 {
        let mut training = Setup::default().build();
        let mut random = Random::new(seed);
        let mut paid: BTreeMap<u128, u64> = BTreeMap::new();
        for step in 0..60 {
            let secs = match random.below(4) {
                0 => 0,
                1 => random.below(u128::from(DAY)),
                2 => random.below(u128::from(5 * DAY)),
                _ => random.below(u128::from(45 * DAY)) * random.below(2),
            };
            training.market.chain.wait(secs as u64);
            let today = training.market.chain.now().seconds() / DAY;
            if random.chance(80) {
                let (user, amount) = (random.below(8), random.below(3));
                training.credit(&format!("user {user}"), amount).unwrap();
                if amount > 0 {
                    paid.insert(user, today);
                }
            }
            let expected = paid.values().filter(|day| **day + ADOPTION_DAYS > today).count();
            let found = opinion(&training, None).users;
            assert_eq!(found as usize, expected, "seed {seed}, step {step}, day {today}");
        }
    }
}

/// A part in millionths, as the market has it.
fn millionths(part: u128, all: u128) -> Decimal {
    Decimal::from_atomics((part.min(all) * 1_000_000) / all, 6).unwrap()
}

/// Plays the rest of the round, settles it, and says what was settled.
fn settled(training: &mut Training) -> RoundSettled {
    training.play_to(Phase::Settle);
    let run_id = training.run_id;
    training.send("keeper", &ExecuteMsg::Settle { run_id }).unwrap().event()
}

#[test]
fn performance_and_metrics_are_those_of_the_formulas() {
    let mut training = Setup::default().nodes(9, 3).build();
    let mut best = 0;
    for (number, score) in [(0, 10), (1, 0), (2, 8)] {
        let rated = training.epoch();
        for user in 0..=number {
            training.credit(&format!("user {user}"), 1_000).unwrap();
        }
        training.rate("user 0", score, rated).unwrap();
        training.ready_all().unwrap();
        training.ready_all().unwrap();
        training.advance().unwrap();
        let event = settled(&mut training);

        let round = training.round();
        let nps = i64::from(round.nps);
        assert_eq!(nps, [10_000, -10_000, 0][number]);
        let answer = round.model.aggregate.unwrap().answer;
        let (before, after) = (u128::from(answer.loss_before), u128::from(answer.loss_after));
        let accuracy = u128::from(answer.correct) * 1_000_000 / u128::from(answer.samples);
        let improvement = (before - after) * 1_000_000 / before;
        let promoted = (nps + 10_000) as u128 * 1_000_000 / 20_000;
        let performance = (5_000 * accuracy + 3_000 * improvement + 2_000 * promoted) / 10_000;
        assert_eq!(u128::from(event.score), performance);
        assert!(event.metrics);
        best = best.max(performance);
        assert_eq!(u128::from(training.run().best_score), best);

        let metrics = training.market_config().metrics.expect("metrics");
        assert_eq!(metrics.accuracy, millionths(answer.correct.into(), answer.samples.into()));
        assert_eq!(metrics.adoption, millionths(number as u128 + 1, 10));
        assert_eq!(metrics.improvement, millionths(performance, best));
        // Two groups of three with three units each.
        assert_eq!(round.accepted_units, 18);
        assert_eq!(metrics.growth, millionths(18, 100));
    }
}

#[rstest]
#[case::four_owners(4, |_: &mut RunParams| (), true)]
#[case::three_owners(3, |_: &mut RunParams| (), false)]
#[case::a_test_network(3, |p: &mut RunParams| p.scoring.small_network = true, true)]
#[case::just_enough_units(4, |p: &mut RunParams| p.scoring.min_units = 12, true)]
#[case::a_unit_too_few(4, |p: &mut RunParams| p.scoring.min_units = 13, false)]
#[case::no_slice(4, |p: &mut RunParams| p.dataset.slices.clear(), false)]
fn metrics_reach_the_market_from_a_network_that_is_spread(
    #[case] nodes: usize,
    #[case] change: fn(&mut RunParams),
    #[case] expected: bool,
) {
    let mut training = Setup::default().nodes(nodes, 3).with_params(change).build();
    training.advance().unwrap();
    let event = settled(&mut training);
    assert!(event.confirmed);
    assert_eq!(event.metrics, expected);
    assert_eq!(training.market_config().metrics.is_some(), expected);
}

#[rstest]
#[case::just_below_a_third(&[4, 3, 3, 3], true)]
#[case::a_third(&[4, 3, 3, 2], false)]
fn one_owner_has_less_than_a_third(#[case] units: &[u32], #[case] expected: bool) {
    let setup = units.iter().enumerate();
    let setup =
        setup.fold(Setup::default(), |s, (owner, units)| s.node(&format!("o{owner}"), *units));
    let mut training = setup.build();
    training.advance().unwrap();
    assert_eq!(settled(&mut training).metrics, expected);
}

#[test]
fn a_round_that_only_the_beacon_led_reports_nothing() {
    let mut training = Setup::default().nodes(9, 3).build();
    training.proving = false;
    training.advance().unwrap();
    let event = settled(&mut training);
    assert!(training.round().lead.beacon_only && event.confirmed);
    assert!(!event.metrics);
    assert_eq!(training.market_config().metrics, None);
}
