//! What people try who want a score of their choice, or somebody else's money.

use cosmwasm_std::{Addr, Order};
use modelbond_interface::beacon;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::provenance::{
    ContributionResponse, ExecuteMsg, OfferStatus, QueryMsg, WitnessesDrawn,
};
use modelbond_interface::training::Phase;
use modelbond_provenance::ContractError;
use modelbond_tests::deployment::WITNESS_SECS;
use modelbond_tests::offers::{signed_contribution, FEE, FOUND, LIE};
use modelbond_tests::training::{Conduct, UNIT};
use modelbond_tests::{Chain, Contracts, Offers, Person, Rewind};

const WEEK: u64 = 7 * 86_400;

/// The beacon's answer that an offer is drawn by, and who is drawn when one machine does not show its
/// salt in the round.
fn story(late: Option<u64>) -> (beacon::RandomnessResponse, Vec<u64>) {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play_until(Phase::Reveal);
    let seats = offers.training.seats(modelbond_interface::training::Stage::Work, 0);
    if let Some(slot) = late {
        let node_id = seats[usize::try_from(slot).unwrap()].seat.node_id;
        offers.training.conduct.insert(node_id, Conduct::Late);
    }
    offers.training.play_to(Phase::CheckCommit);
    offers.emit(offer_id);
    let (address, at) = (offers.training.beacon.clone(), offers.offer(offer_id).draws_at);
    let msg = beacon::QueryMsg::Randomness { at };
    let answer = offers.chain().query_any(&address, &msg).unwrap();
    let witnesses = offers.draw(offer_id).unwrap();
    (answer, witnesses.iter().map(|witness| witness.node_id).collect())
}

#[test]
fn an_emitter_who_knows_its_rounds_before_does_not_know_who_will_score() {
    let (beacon, drawn) = story(None);
    let (same_beacon, others) = story(Some(2));
    assert_eq!(beacon, same_beacon);
    // Only the salt of one witness of the round is missing.
    assert_ne!(drawn, others);
}

#[test]
fn an_emitter_that_keeps_its_round_back_keeps_an_offer_from_being_drawn_and_no_more() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    // Training waits for later rounds of the beacon, which come.
    offers.chain().wait(60);
    offers.training.play_until(Phase::CheckCommit);
    let error = offers.draw(offer_id).unwrap_err().provenance();
    assert!(matches!(error, ContractError::NoRandomness { .. }), "{error}");
    offers.chain().wait(WEEK);
    assert_eq!(offers.conclude(offer_id).unwrap().refund.u128(), FEE);
}

#[test]
fn who_stakes_when_both_seeds_are_known_changes_nothing() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    let (address, stranger) = (offers.address.clone(), offers.account("stranger"));
    let msg = ExecuteMsg::DrawWitnesses { offer_id };
    let known: WitnessesDrawn = offers
        .chain()
        .imagine(|chain| chain.execute_any(&stranger, &address, &msg, &[]))
        .unwrap()
        .event();
    let left_out = (1..=12).find(|id| !known.node_ids.split(',').any(|one| one == id.to_string()));
    let member = offers.training.member(left_out.unwrap());
    offers.training.stake_more(&member, 90 * UNIT).unwrap();
    offers.training.ready_all().unwrap();
    let drawn: WitnessesDrawn = offers.send("stranger", &msg, 0).unwrap().event();
    assert_eq!(drawn, known);
}

#[test]
fn a_commit_that_was_copied_cannot_be_revealed() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    offers.commit(offer_id, 0, FOUND).unwrap();
    let witnesses = offers.offer(offer_id).witnesses;
    let copied = witnesses[0].commit.unwrap();
    let copier = offers.owner(&witnesses[1]);
    let msg = ExecuteMsg::CommitScore { offer_id, slot: 1, commit: copied };
    offers.send(&copier, &msg, 0).unwrap();
    offers.chain().wait(WITNESS_SECS);
    offers.reveal(offer_id, 0).unwrap();
    let ExecuteMsg::RevealScore { score, salt, .. } = offers.reveal_message(offer_id, 0) else {
        panic!("a reveal");
    };
    let msg = ExecuteMsg::RevealScore { offer_id, slot: 1, score, salt };
    let error = offers.send(&copier, &msg, 0).unwrap_err().provenance();
    let actual = offers.commit_to(offer_id, &witnesses[1], score, salt);
    assert_eq!(error, ContractError::OtherCommit { offer_id, slot: 1, expected: copied, actual });
}

#[test]
fn a_commit_is_good_for_one_offer() {
    let mut offers = Offers::on_mock();
    let [first, second] =
        ["data", "other data"].map(|data| offers.contribute("alice", data, FEE).unwrap());
    offers.play_and_draw(first);
    offers.emit(second);
    offers.draw(second).unwrap();
    offers.commit(first, 0, FOUND).unwrap();
    let node_id = offers.offer(first).witnesses[0].node_id;
    let commit = offers.offer(first).witnesses[0].commit.unwrap();
    let witnesses = offers.offer(second).witnesses;
    let Some(witness) = witnesses.iter().find(|witness| witness.node_id == node_id) else {
        panic!("node {node_id} scores both");
    };
    let (slot, owner) = (witness.slot, offers.owner(witness));
    let msg = ExecuteMsg::CommitScore { offer_id: second, slot, commit };
    offers.send(&owner, &msg, 0).unwrap();
    offers.chain().wait(WITNESS_SECS);
    let ExecuteMsg::RevealScore { score, salt, .. } = offers.reveal_message(first, 0) else {
        panic!("a reveal");
    };
    let msg = ExecuteMsg::RevealScore { offer_id: second, slot, score, salt };
    let error = offers.send(&owner, &msg, 0).unwrap_err().provenance();
    assert!(matches!(error, ContractError::OtherCommit { .. }), "{error}");
}

#[test]
fn two_thirds_of_the_witnesses_mint_nothing() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let mut scores = vec![Some(LIE); 6];
    scores.extend([Some(FOUND); 3]);
    offers.score(offer_id, &scores);
    assert!(!offers.conclude(offer_id).unwrap().accepted);
    assert_eq!(offers.status(offer_id), OfferStatus::Rejected {});
}

#[test]
fn silence_does_not_help_a_minority() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    // All who come agree.
    let mut scores = vec![Some(LIE); 6];
    scores.resize(9, None);
    offers.score(offer_id, &scores);
    assert!(!offers.conclude(offer_id).unwrap().accepted);
}

#[test]
fn a_relayer_gets_back_what_it_paid_and_the_contributor_gets_the_nft() {
    let mut offers = Offers::on_mock();
    let person = Person::called("signer");
    let offered = offers.offered("signer", "data");
    let signed = signed_contribution(&person, &offers.request(&offered), Scheme::Eip191);
    let msg = ExecuteMsg::Contribute { offered, signed: Some(signed) };
    offers.send("relayer", &msg, FEE).unwrap();
    offers.play_and_draw(1);
    offers.score(1, &[Some(FOUND); 9]);
    let (relayer, signer) = (offers.coins("relayer"), offers.coins("signer"));
    offers.conclude(1).unwrap();
    assert_eq!(offers.coins("relayer") - relayer, FEE - 999);
    assert_eq!(offers.coins("signer"), signer);
    let msg = QueryMsg::Contribution { token_id: "offer-1".to_owned() };
    let answer: ContributionResponse = offers.try_query(&msg).unwrap();
    assert_eq!(answer.owner.unwrap().as_str(), person.cosmos.as_str());
}

#[test]
fn a_signature_is_good_for_one_offer_also_when_that_was_rejected() {
    let mut offers = Offers::on_mock();
    let person = Person::called("signer");
    let offered = offers.offered("signer", "data");
    let mut request = offers.request(&offered);
    request.binding.expires_at = offers.chain().now().seconds() + WEEK;
    let signed = signed_contribution(&person, &request, Scheme::Eip712);
    let msg = ExecuteMsg::Contribute { offered: offered.clone(), signed: Some(signed) };
    offers.send("relayer", &msg, FEE).unwrap();
    let error = offers.send("mallory", &msg, FEE).unwrap_err().provenance();
    assert!(matches!(error, ContractError::DataOffered { .. }), "{error}");
    offers.play_and_draw(1);
    offers.chain().wait(WITNESS_SECS);
    assert!(!offers.conclude(1).unwrap().accepted);
    // In any scheme: it is the statement that is used up.
    for scheme in Scheme::ALL {
        let signed = signed_contribution(&person, &request, scheme);
        let msg = ExecuteMsg::Contribute { offered: offered.clone(), signed: Some(signed) };
        let error = offers.send("mallory", &msg, FEE).unwrap_err().provenance();
        assert_eq!(error, ContractError::SignatureUsed { offer_id: 1 });
    }
    request.binding.expires_at -= 1;
    let signed = signed_contribution(&person, &request, Scheme::Eip712);
    let msg = ExecuteMsg::Contribute { offered, signed: Some(signed) };
    offers.send("relayer", &msg, FEE).unwrap();
}

#[test]
fn coins_that_somebody_gives_move_nothing() {
    let mut offers = Offers::on_mock();
    let (mallory, address) = (offers.account("mallory"), offers.address.clone());
    let coins = offers.chain().money(12_345);
    offers.chain().fund(&mallory, &coins);
    let offer_id = offers.drawn("data");
    offers.chain().pay(&mallory, &address, &coins).unwrap();
    offers.score(offer_id, &[Some(FOUND); 9]);
    let event = offers.conclude(offer_id).unwrap();
    assert_eq!((event.paid.u128(), event.refund.u128()), (999, 1));
    assert_eq!(offers.held(), 12_345);
}

#[test]
fn the_fee_of_one_offer_never_pays_another() {
    let mut offers = Offers::on_mock();
    let [cheap, dear] = [("data", 9), ("other data", 1_000_000)]
        .map(|(data, fee)| offers.contribute("alice", data, fee).unwrap());
    offers.play_and_draw(cheap);
    offers.score(cheap, &[Some(FOUND); 9]);
    assert_eq!(offers.conclude(cheap).unwrap().paid.u128(), 9);
    assert_eq!((offers.held(), offers.fees()), (1_000_000, 1_000_000));
    offers.chain().wait(WEEK);
    assert_eq!(offers.conclude(dear).unwrap().refund.u128(), 1_000_000);
}

/// What a contract has stored.
type Storage = Vec<(Vec<u8>, Vec<u8>)>;

/// Everything that provenance has stored, and its coins.
fn snapshot(offers: &mut Offers) -> (Storage, u128) {
    let (address, held) = (Addr::unchecked(&offers.address), offers.held());
    let storage = offers.chain().app().contract_storage(&address);
    (storage.range(None, None, Order::Ascending).collect(), held)
}

#[test]
fn no_message_changes_anything_a_second_time() {
    let mut offers = Offers::on_mock();
    let mut sent: Vec<(String, ExecuteMsg, u128)> = vec![];
    let person = Person::called("signer");
    let mut send = |offers: &mut Offers, who: &str, msg: ExecuteMsg, coins: u128| {
        offers.send(who, &msg, coins).unwrap();
        sent.push((who.to_owned(), msg, coins));
        for (who, msg, coins) in &sent {
            let before = snapshot(offers);
            let result = offers.send(who, msg, *coins);
            assert!(result.is_err(), "{msg:?} again");
            assert!(snapshot(offers) == before, "{msg:?} again");
        }
    };
    let offered = offers.offered("alice", "data");
    send(&mut offers, "alice", ExecuteMsg::Contribute { offered, signed: None }, FEE);
    let offered = offers.offered("signer", "signed data");
    let request = offers.request(&offered);
    let signed = Some(signed_contribution(&person, &request, Scheme::Direct));
    send(&mut offers, "relayer", ExecuteMsg::Contribute { offered, signed }, FEE);
    offers.training.play();
    offers.emit(1);
    send(&mut offers, "stranger", ExecuteMsg::DrawWitnesses { offer_id: 1 }, 0);
    let witnesses = offers.offer(1).witnesses;
    for witness in &witnesses {
        let (owner, msg) = (offers.owner(witness), offers.commit_message(1, witness, FOUND));
        send(&mut offers, &owner, msg, 0);
    }
    for witness in &witnesses {
        let (owner, msg) = (offers.owner(witness), offers.reveal_message(1, witness.slot));
        send(&mut offers, &owner, msg, 0);
    }
    send(&mut offers, "stranger", ExecuteMsg::ConcludeOffer { offer_id: 1 }, 0);
    offers.chain().wait(WEEK);
    send(&mut offers, "stranger", ExecuteMsg::ConcludeOffer { offer_id: 2 }, 0);
}
