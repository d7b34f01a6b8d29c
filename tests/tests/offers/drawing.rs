//! Drawing witnesses: from two seeds that nobody knew when the offer was made, and a roster that nobody
//! changes any more.

use std::collections::BTreeSet;

use modelbond_economy::offer::Context;
use modelbond_election::draw::{draw_up_to, Pool, Stream, Table};
use modelbond_interface::beacon;
use modelbond_interface::provenance::{
    ExecuteMsg, OfferStatus, Witness, WitnessesDrawn, MIN_WITNESSES,
};
use modelbond_interface::training::{Phase, ABANDON_SECS};
use modelbond_provenance::ContractError;
use modelbond_tests::deployment::WITNESS_SECS;
use modelbond_tests::offers::{signed_contribution, FEE};
use modelbond_tests::training::{Setup, EPOCH_SECS};
use modelbond_tests::{Chain, Contracts, Machine, Offers, Person, Rewind};

const WEEK: u64 = 7 * 86_400;

fn refused(offers: &mut Offers, offer_id: u64) -> ContractError {
    offers.draw(offer_id).unwrap_err().provenance()
}

fn node_ids(witnesses: &[Witness]) -> Vec<u64> {
    witnesses.iter().map(|witness| witness.node_id).collect()
}

#[test]
fn anybody_can_repeat_a_draw_from_public_seeds() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    let now = offers.chain().now();
    let outcome = offers.send("stranger", &ExecuteMsg::DrawWitnesses { offer_id }, 0).unwrap();
    assert_eq!(outcome.attribute("action"), Some("draw_witnesses"));
    let witnesses = offers.offer(offer_id).witnesses;
    let event: WitnessesDrawn = outcome.event();
    let listed: Vec<String> = node_ids(&witnesses).iter().map(u64::to_string).collect();
    assert_eq!(event.node_ids, listed.join(","));
    assert_eq!((event.run_id, event.round_id), (offers.training.run_id, 1));
    assert_eq!(offers.offer(offer_id).round_id, Some(1));
    let until = now.plus_seconds(WITNESS_SECS);
    assert_eq!(offers.status(offer_id), OfferStatus::Commit { until });

    let round = offers.training.round();
    let beacon_round = beacon::QueryMsg::Randomness { at: offers.offer(offer_id).draws_at };
    let (address, chain_id) = (offers.training.beacon.clone(), offers.chain().chain_id());
    let answer: beacon::RandomnessResponse =
        offers.chain().query_any(&address, &beacon_round).unwrap();
    let randomness = answer.randomness.unwrap().to_array().unwrap();
    let context = Context { chain_id: &chain_id, contract: &offers.address, offer_id };
    let seed = context.seed(randomness, round.seeds.check.unwrap().0);
    // Everybody has one machine, in the roster in the order of numbers.
    let table = Table::new(offers.training.members.iter().map(|one| one.units.into())).unwrap();
    let mut pool = Pool::new(round.roster.units);
    let drawn = draw_up_to(9, &mut Stream::new(&seed), &table, &mut pool).unwrap();
    let expected: Vec<u64> = drawn.iter().map(|one| one.member as u64 + 1).collect();
    assert_eq!(node_ids(&witnesses), expected);
    for witness in &witnesses {
        let member = offers.training.member(witness.node_id);
        assert_eq!(witness.owner.as_str(), offers.account(&member.owner));
        let machine = Machine::called(&member.machine);
        assert_eq!(witness.account.as_str(), machine.person.cosmos.as_str());
    }
}

#[test]
fn nobody_is_drawn_before_the_beacon_round_is_there() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    // Training waits for later rounds of the beacon.
    offers.chain().wait(60);
    offers.training.play();
    let at = offers.offer(offer_id).draws_at;
    let msg = beacon::QueryMsg::Randomness { at };
    let address = offers.training.beacon.clone();
    let answer: beacon::RandomnessResponse = offers.chain().query_any(&address, &msg).unwrap();
    let round = answer.first.round;
    assert_eq!(refused(&mut offers, offer_id), ContractError::NoRandomness { round, at });
    offers.emit(offer_id);
    assert_eq!(offers.draw(offer_id).unwrap().len(), 9);
}

#[test]
fn a_round_of_training_that_was_open_when_the_offer_was_made_does_not_count() {
    let mut offers = Offers::on_mock();
    // From here on everybody knows the round's σ.
    offers.training.play_until(Phase::Commit);
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play_to(Phase::Final);
    offers.emit(offer_id);
    let not_yet = || ContractError::NoRound { run_id: 1, round_id: 2 };
    assert_eq!(refused(&mut offers, offer_id), not_yet());
    offers.training.play_until(Phase::CheckSeeding);
    assert_eq!(refused(&mut offers, offer_id), not_yet());
    // The checks are drawn, by a seed in which everybody's salts are.
    offers.training.step();
    assert!(offers.training.round().phase != Phase::Final);
    assert_eq!(offers.draw(offer_id).unwrap().len(), 9);
}

/// An offer, and the round after it in this phase, with its slice of the holdout not opened.
fn without_slice(phase: Phase) -> (Offers, u64, ContractError) {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.slicing = false;
    offers.training.play_until(phase);
    offers.emit(offer_id);
    (offers, offer_id, ContractError::SliceMayOpen { run_id: 1, round_id: 1 })
}

#[test]
fn nobody_is_drawn_while_the_slice_to_score_on_may_still_be_opened() {
    let (mut offers, offer_id, not_yet) = without_slice(Phase::CheckCommit);
    assert_eq!(refused(&mut offers, offer_id), not_yet);
    offers.training.slicing = true;
    offers.training.open_slice().unwrap();
    assert_eq!(offers.draw(offer_id).unwrap().len(), 9);
}

#[test]
fn a_slice_that_is_never_opened_is_waited_for_until_the_leaders_turn() {
    let (mut offers, offer_id, not_yet) = without_slice(Phase::CheckSeeding);
    while offers.training.round().seeds.check.is_none() {
        offers.training.step();
    }
    while offers.training.round().phase != Phase::Post {
        assert_eq!(refused(&mut offers, offer_id), not_yet);
        offers.training.step();
    }
    assert_eq!(offers.draw(offer_id).unwrap().len(), 9);
}

#[test]
fn a_round_that_nobody_proved_to_lead_does_not_count() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.proving = false;
    assert!(offers.training.play().lead.beacon_only);
    offers.emit(offer_id);
    let not_yet = ContractError::NoRound { run_id: 1, round_id: 2 };
    assert_eq!(refused(&mut offers, offer_id), not_yet);
    offers.training.proving = true;
    offers.training.ready_all().unwrap();
    offers.training.play();
    assert_eq!(offers.draw(offer_id).unwrap().len(), 9);
    assert_eq!(offers.offer(offer_id).round_id, Some(2));
}

#[test]
fn a_round_that_was_given_up_because_the_beacon_was_gone_does_not_count() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play_until(Phase::CheckSeeding);
    offers.chain().wait(ABANDON_SECS + 60);
    offers.training.advance().unwrap();
    offers.training.emitting = false;
    offers.training.play_to(Phase::Final);
    assert_eq!(offers.training.round().seeds.check, None);
    offers.emit(offer_id);
    let not_yet = ContractError::NoRound { run_id: 1, round_id: 2 };
    assert_eq!(refused(&mut offers, offer_id), not_yet);
    offers.training.emitting = true;
    offers.training.wait_epochs(1);
    offers.training.ready_all().unwrap();
    offers.training.play();
    assert_eq!(offers.draw(offer_id).unwrap().len(), 9);
}

#[test]
fn ten_rounds_without_a_seed_are_enough() {
    let mut offers = Offers::with(Setup::default().nodes(4, 3));
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.proving = false;
    for _ in 0..10 {
        offers.training.play();
        offers.training.wait_epochs(1);
        offers.training.ready_all().unwrap();
    }
    offers.emit(offer_id);
    let expected = ContractError::NoSeed { run_id: 1, first: 1, last: 10 };
    assert_eq!(refused(&mut offers, offer_id), expected);
}

#[test]
fn whoever_draws_whenever_draws_the_same() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    let (address, alice) = (offers.address.clone(), offers.account("alice"));
    let msg = ExecuteMsg::DrawWitnesses { offer_id };
    let at_once: WitnessesDrawn = offers
        .chain()
        .imagine(|chain| chain.execute_any(&alice, &address, &msg, &[]))
        .unwrap()
        .event();
    offers.training.ready_all().unwrap();
    offers.training.play();
    let later: WitnessesDrawn = offers.send("bob", &msg, 0).unwrap().event();
    assert_eq!(at_once, later);
}

#[test]
fn nodes_of_the_contributor_and_of_the_sender_do_not_score() {
    let contributor = Machine::called("machine 3").person;
    let setup = Setup::default().nodes(10, 3);
    let mut offers = Offers::with(setup);
    // The account of machine 3 contributes, owner 5 sends it.
    let offered = offers.offered("machine 3", "data");
    let signed = signed_contribution(
        &contributor,
        &offers.request(&offered),
        modelbond_interface::bridge::Scheme::Direct,
    );
    offers.send("owner5", &ExecuteMsg::Contribute { offered, signed: Some(signed) }, FEE).unwrap();
    let by_owner = offers.contribute("owner7", "other data", FEE).unwrap();
    let drawn: BTreeSet<u64> = node_ids(&offers.play_and_draw(1)).into_iter().collect();
    assert_eq!(drawn, BTreeSet::from([1, 2, 4, 6, 7, 8, 9, 10]));
    offers.emit(by_owner);
    let drawn: BTreeSet<u64> = node_ids(&offers.draw(by_owner).unwrap()).into_iter().collect();
    assert_eq!(drawn, (1..=10).filter(|node_id| *node_id != 7).collect());
}

#[test]
fn an_owner_of_many_machines_has_one_seat() {
    let mut setup = Setup::default();
    for owner in ["owner1", "owner2", "owner3", "owner4"] {
        setup = setup.node(owner, 3).node(owner, 3).node(owner, 3);
    }
    let mut offers = Offers::with(setup);
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    let witnesses = offers.play_and_draw(offer_id);
    let owners: BTreeSet<&str> = witnesses.iter().map(|one| one.owner.as_str()).collect();
    assert_eq!((witnesses.len(), owners.len()), (4, 4));
}

#[test]
fn two_are_no_witnesses() {
    let mut offers = Offers::with(Setup::default().nodes(4, 3));
    let by_stranger = offers.contribute("alice", "data", FEE).unwrap();
    let offered = offers.offered("owner1", "other data");
    let msg = ExecuteMsg::Contribute { offered, signed: None };
    offers.send("owner1", &msg, FEE).unwrap();
    let offered = offers.offered("signer", "third data");
    let request = offers.request(&offered);
    let scheme = modelbond_interface::bridge::Scheme::Direct;
    let signed = signed_contribution(&Person::called("signer"), &request, scheme);
    offers.send("owner2", &ExecuteMsg::Contribute { offered, signed: Some(signed) }, FEE).unwrap();
    assert_eq!(offers.play_and_draw(by_stranger).len(), 4);
    offers.emit(2);
    assert_eq!(offers.draw(2).unwrap().len(), 3);
    offers.emit(3);
    assert_eq!(offers.draw(3).unwrap().len(), 3);

    let mut offers = Offers::with(Setup::default().nodes(3, 3));
    let offer_id = offers.contribute("owner1", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    let expected = ContractError::TooFewWitnesses { offer_id, least: MIN_WITNESSES, actual: 2 };
    assert_eq!(refused(&mut offers, offer_id), expected);
    assert_eq!(offers.status(offer_id), OfferStatus::Waiting {});
}

#[test]
fn witnesses_are_drawn_once() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    assert_eq!(refused(&mut offers, offer_id), ContractError::AlreadyDrawn { offer_id });
    let offer_id = 2;
    assert_eq!(refused(&mut offers, offer_id), ContractError::NoOffer { offer_id });
}

#[test]
fn an_offer_is_not_drawn_after_a_week() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    let expired_at = offers.offer(offer_id).offered_at.plus_seconds(WEEK);
    offers.wait_until(expired_at);
    let expected = ContractError::OfferExpired { offer_id, expired_at };
    assert_eq!(refused(&mut offers, offer_id), expected);
}

#[test]
fn a_roster_of_which_somebody_pruned_anything_draws_nobody() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    let (run_id, epoch) = (offers.training.run_id, offers.training.round().roster.epoch);
    offers.chain().wait(2 * EPOCH_SECS);
    let prune = modelbond_interface::nodes::ExecuteMsg::Prune { run_id, epoch, limit: Some(1) };
    let (sender, nodes) = (offers.account("mallory"), offers.training.nodes.clone());
    offers.chain().execute_any(&sender, &nodes, &prune, &[]).unwrap();
    let expected = ContractError::RosterPruned { run_id, epoch, expected: 12, actual: 11 };
    assert_eq!(refused(&mut offers, offer_id), expected);
}
