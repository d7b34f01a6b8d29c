//! What is left of a settled round: contributions as NFTs, a model built on them, work for block rewards.

use std::collections::BTreeMap;

use modelbond_interface::provenance::{
    self, round_token_id, ContributionMinted, ContributionResponse,
};
use modelbond_interface::rewards::WorkCredited;
use modelbond_interface::training::{
    BuiltOn, Due, ModelWork, Phase, Round, RunParams, SeatId, Stage, WORK,
};
use modelbond_rounds::digest::shard_data;
use modelbond_rounds::metrics::{ratio, signed_improvement};
use modelbond_rounds::RoundError;
use modelbond_tests::training::{Conduct, Setup, Training};
use modelbond_training::ContractError;

fn twelve() -> Training {
    Setup::default().nodes(12, 3).build()
}

/// What others read in training's storage.
fn work(training: &Training) -> ModelWork {
    let mut key = vec![0, 4];
    key.extend_from_slice(WORK.as_bytes());
    key.extend_from_slice(training.market.market.as_bytes());
    let app = training.market.chain.app();
    let bytes = app.wrap().query_wasm_raw(&training.address, key).unwrap();
    bytes.map(|bytes| ModelWork::of_bytes(&bytes).expect("16 bytes")).unwrap_or_default()
}

fn contribution(training: &Training, token_id: &str) -> ContributionResponse {
    let msg = provenance::QueryMsg::Contribution { token_id: token_id.to_owned() };
    let provenance = &training.deployment.provenance;
    modelbond_tests::Contracts::query_any(&training.market.chain, provenance, &msg).unwrap()
}

fn mint(training: &mut Training, group: u8) -> ContributionMinted {
    training.claim("stranger", Due::Contribution { group }).unwrap().event()
}

/// Claims everything; the seats that were credited, by their operators.
fn credited(training: &mut Training) -> BTreeMap<String, u32> {
    let mut seats = BTreeMap::new();
    let offset = training.round().worth.offset;
    for due in training.dues() {
        let Ok(outcome) = training.claim("stranger", due) else {
            continue;
        };
        if let Some(event) = outcome.find::<WorkCredited>() {
            assert_eq!(event.model, training.market.market);
            assert_eq!((event.offset, event.work), (offset, 1));
            *seats.entry(event.operator).or_default() += 1;
        }
    }
    let advanced = training.claim("keeper", Due::Advances {}).unwrap();
    assert_eq!(advanced.find::<WorkCredited>(), None);
    seats
}

/// Trainers, witnesses and auditors, the committee, the leader.
fn paid_seats(round: &Round) -> u32 {
    let leader = u32::from(!round.pay.leader.is_zero());
    round.accepted.count_ones() + round.pay.witnesses + round.pay.members + leader
}

#[test]
fn a_contribution_becomes_an_nft_of_its_trainer() {
    let mut training = twelve();
    let round = training.play();
    let event = mint(&mut training, 1);
    let trainer = training.seats(Stage::Work, 1)[0].seat.owner.clone();
    assert_eq!((event.token_id.as_str(), event.contributor.as_str()), ("1-1-1", trainer.as_str()));

    let (groups, dataset) = (training.groups(), training.run().params.dataset);
    let found = contribution(&training, "1-1-1");
    assert_eq!(found.owner, Some(trainer.clone()));
    let found = found.contribution;
    assert_eq!((found.model.as_str(), found.contributor), (&*training.market.market, trainer));
    assert_eq!(found.data_hash, shard_data(dataset.root, dataset.shards, groups[1].shard));
    let all = groups.iter().map(|group| group.quality).sum();
    assert_eq!(u64::from(found.quality), ratio(groups[1].quality, all));
    assert_eq!(Some(found.at), round.settled_at);
    assert_eq!(Some(found.attestation), groups[1].work);
    assert_eq!((found.run_id, found.round_id), (1, 1));
    assert!(found.parents.is_empty());

    let answer = round.model.aggregate.unwrap().answer;
    let improvement = signed_improvement(answer.loss_before, answer.loss_after);
    assert!(improvement > 0);
    assert_eq!((found.improvement, round.worth.improvement), (improvement, improvement));
    let weight = u128::from(found.quality) * u128::try_from(improvement).unwrap();
    assert_eq!(event.weight.u128(), weight);
}

#[test]
fn qualities_of_a_round_add_up_to_one() {
    let mut training = twelve();
    let round = training.play();
    let qualities: Vec<u32> = (0..round.groups).map(|g| mint(&mut training, g).quality).collect();
    let sum: u32 = qualities.iter().sum();
    assert!((999_999..=1_000_000).contains(&sum), "{qualities:?}");
}

#[test]
fn a_contribution_is_minted_once_and_only_if_it_was_accepted() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    for seat in training.seats(Stage::Work, 0) {
        training.behave(seat.id, Conduct::Silent);
    }
    training.play_to(Phase::Final);
    assert_eq!(training.round().accepted, 0b10);
    let refused = |result: Result<_, modelbond_tests::Failure>| match result {
        Err(failure) => failure.training(),
        Ok::<modelbond_tests::Outcome, _>(_) => panic!("it was paid"),
    };
    let nothing = RoundError::NothingOwed { why: "its part is zero" };
    let due = Due::Contribution { group: 0 };
    assert_eq!(refused(training.claim("stranger", due)), ContractError::Round(nothing));
    mint(&mut training, 1);
    let twice = refused(training.claim("stranger", Due::Contribution { group: 1 }));
    assert_eq!(twice, ContractError::Round(RoundError::AlreadyClaimed {}));
}

#[test]
fn a_contribution_is_built_on_those_in_the_model_that_it_began_with() {
    let mut training = twelve();
    let first = training.play();
    assert_eq!(first.built_on, None);
    let built_on = Some(BuiltOn { round_id: 1, accepted: 0b11 });
    assert_eq!(training.run().built_on, built_on);

    // Nobody posts a new model: the third round begins with the one of the first.
    training.play_until(Phase::Post);
    while training.round().phase != Phase::Settle {
        training.move_on();
    }
    training.play_to(Phase::Final);
    let second = training.round();
    assert!(second.accepted > 0 && !second.model.confirmed);
    assert_eq!((second.built_on, training.run().built_on), (built_on, built_on));
    let parents = [round_token_id(1, 1, 0), round_token_id(1, 1, 1)];
    assert_eq!(mint(&mut training, 0).parents, parents.join(","));

    let third = training.play();
    assert_eq!(third.built_on, built_on);
    assert_eq!(training.run().built_on, Some(BuiltOn { round_id: 3, accepted: third.accepted }));
    mint(&mut training, 0);
    assert_eq!(contribution(&training, "1-3-0").contribution.parents, parents);
}

#[test]
fn a_worse_model_gives_contributions_without_weight() {
    let mut training = twelve();
    training.loss_after = Some(87_500_000);
    let round = training.play();
    assert_eq!(round.worth.improvement, -250_000);
    let event = mint(&mut training, 0);
    assert_eq!((event.improvement, event.weight.u128()), (-250_000, 0));
}

#[test]
fn a_round_that_reports_no_metrics_says_nothing_about_improvement() {
    let mut training = Setup::default().nodes(2, 3).build();
    let round = training.play();
    assert!(round.model.confirmed && round.accepted > 0);
    assert_eq!(round.worth.improvement, 0);
    assert_eq!(mint(&mut training, 0).improvement, 0);
    let work = work(&training);
    assert_eq!((work.work, work.performance), (paid_seats(&round).into(), 0));
}

#[test]
fn every_round_adds_its_paid_seats_to_the_end_of_the_line() {
    let mut training = twelve();
    assert_eq!(work(&training), ModelWork::default());
    let first = training.play();
    assert_eq!((first.worth.offset, first.worth.work), (0, paid_seats(&first)));
    let best = training.run().best_score;
    assert_eq!(work(&training), ModelWork { work: first.worth.work.into(), performance: best });

    // Metrics of a round that reports none leave P_model where it was.
    training.proving = false;
    let second = training.play();
    assert!(second.lead.beacon_only);
    assert_eq!(second.worth.offset, u64::from(first.worth.work));
    assert_eq!(second.worth.work, paid_seats(&second));
    let sum = u64::from(first.worth.work + second.worth.work);
    assert_eq!(work(&training), ModelWork { work: sum, performance: best });

    training.proving = true;
    training.right = 0;
    let third = training.play();
    assert_eq!(third.worth.offset, sum);
    assert!(work(&training).performance < best);
    assert_eq!(training.run().best_score, best);
}

#[test]
fn every_paid_seat_is_credited_to_its_operator_once() {
    let mut training = twelve();
    let round = training.play();
    let seats = credited(&mut training);
    assert_eq!(seats.values().sum::<u32>(), round.worth.work);
    let owners: Vec<_> =
        training.all_seats(Stage::Work).iter().map(|s| s.seat.owner.clone()).collect();
    assert!(owners.iter().all(|owner| seats.contains_key(owner.as_str())));
    let again: u32 =
        training.dues().into_iter().filter(|due| training.claim("a", *due).is_ok()).count() as u32;
    assert_eq!(again, 0);
}

#[test]
fn jurors_and_liars_are_not_credited() {
    let mut training = twelve();
    training.play_until(Phase::Commit);
    let liar = SeatId { stage: Stage::Work, group: 0, slot: 1 };
    training.behave(liar, Conduct::Liar(1));
    training.play_to(Phase::Final);
    let round = training.round();
    assert!(training.groups()[0].jurors > 0);
    let juror = training.seats(Stage::Check, 0)[0].id;
    let paid = training.claim("stranger", Due::Seat(juror)).unwrap();
    assert_eq!(paid.find::<WorkCredited>(), None);
    assert_eq!(credited(&mut training).values().sum::<u32>(), round.worth.work);
    assert_eq!(round.worth.work, paid_seats(&round));
}

#[test]
fn those_who_found_no_data_are_paid_and_not_credited() {
    let mut training = twelve();
    for member in training.members.clone() {
        training.conduct.insert(member.node_id, Conduct::WithoutData);
    }
    let round = training.play();
    assert_eq!((round.pay.unavailable, round.worth.work), (6, 0));
    assert_eq!(work(&training), ModelWork::default());
    let seat = training.seats(Stage::Work, 0)[1].id;
    let paid = training.claim("stranger", Due::Seat(seat)).unwrap();
    assert_eq!(paid.find::<WorkCredited>(), None);
    assert!(credited(&mut training).is_empty());
}

#[test]
fn accepted_work_counts_where_its_pay_rounds_to_zero() {
    let poor = |params: &mut RunParams| params.money.round_budget = cosmwasm_std::Uint128::one();
    let mut training = Setup::default().nodes(12, 3).with_params(poor).build();
    let round = training.play();
    assert!(round.accepted > 0 && round.pay.drawn.is_zero() && round.pay.per_witness.is_zero());
    let held = training.held();
    for group in 0..round.groups {
        let claimable = training.claimable("stranger", Due::Contribution { group }).unwrap();
        assert!(claimable.amount.is_zero() && !claimable.claimed);
    }
    let seats: u32 = training
        .dues()
        .into_iter()
        .filter_map(|due| training.claim("stranger", due).ok())
        .map(|outcome| {
            let mut attributes = outcome.events.iter().flat_map(|event| &event.attributes);
            assert!(attributes.all(|attribute| attribute.value != "transfer"), "nothing is paid");
            outcome.event::<WorkCredited>().work
        })
        .sum();
    assert_eq!((seats, training.held()), (round.worth.work, held));
    assert_eq!(contribution(&training, "1-1-0").contribution.round_id, 1);
    assert!(training.claim("keeper", Due::Advances {}).is_err());
    training.check_money();
}
