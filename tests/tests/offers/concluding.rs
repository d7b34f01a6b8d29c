//! What becomes of an offer, and of its fee.

use cosmwasm_std::Addr;
use modelbond_economy::offer::{Context, Finding};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    Contribution, ContributionMinted, ContributionResponse, ExecuteMsg, OfferConcluded,
    OfferStatus, QueryMsg, Score,
};
use modelbond_provenance::ContractError;
use modelbond_tests::deployment::WITNESS_SECS;
use modelbond_tests::offers::{FEE, FOUND, LIE};
use modelbond_tests::training::Setup;
use modelbond_tests::{Chain, Contracts, Offers};
use rstest::rstest;

const WEEK: u64 = 7 * 86_400;

/// What an NFT is, and who holds it.
fn minted(offers: &Offers, token_id: &str) -> Option<(Contribution, Addr)> {
    let msg = QueryMsg::Contribution { token_id: token_id.to_owned() };
    let answer: ContributionResponse = offers.try_query(&msg).ok()?;
    Some((answer.contribution, answer.owner?))
}

#[test]
fn what_all_found_alike_becomes_an_nft_of_the_contributor() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    offers.score(offer_id, &[Some(FOUND); 9]);
    let outcome = offers.send("stranger", &ExecuteMsg::ConcludeOffer { offer_id }, 0).unwrap();
    assert_eq!(outcome.attribute("action"), Some("conclude_offer"));
    let event: ContributionMinted = outcome.event();
    assert_eq!((event.token_id.as_str(), event.weight.u128()), ("offer-1", 900_000 * 20_000));
    assert_eq!(offers.status(offer_id), OfferStatus::Accepted { score: FOUND });
    let chain_id = offers.chain().chain_id();
    let context = Context { chain_id: &chain_id, contract: &offers.address, offer_id };
    let Score { quality, improvement } = FOUND;
    let attestation = Hash32(context.agreed(Finding { quality, improvement }));
    let (contribution, holder) = minted(&offers, "offer-1").unwrap();
    assert_eq!(holder.as_str(), offers.account("alice"));
    let offered = offers.offered("alice", "data");
    let expected = Contribution {
        model: Addr::unchecked(offered.model),
        contributor: holder,
        data_hash: offered.data_hash,
        quality,
        improvement,
        at: offers.chain().now(),
        attestation,
        run_id: 0,
        round_id: offer_id,
        parents: vec![],
    };
    assert_eq!(contribution, expected);
}

const WORSE: Score = Score { quality: 900_000, improvement: 19_999 };

/// Scores of nine witnesses: `found` alike, `lies`, the others silent.
fn scores(found: usize, lies: usize) -> Vec<Option<Score>> {
    let mut scores = vec![Some(FOUND); found];
    scores.extend(vec![Some(LIE); lies]);
    scores.resize(9, None);
    scores
}

#[rstest]
#[case::all(scores(9, 0), true, 9, 999)]
#[case::seven_and_two_silent(scores(7, 0), true, 7, 777)]
#[case::seven_and_two_lies(scores(7, 2), true, 7, 777)]
#[case::six_and_three_lies(scores(6, 3), false, 6, 666)]
#[case::six_and_three_silent(scores(6, 0), false, 6, 666)]
#[case::five_are_more_than_half(scores(5, 4), false, 5, 555)]
#[case::four_are_not(scores(4, 4), false, 0, 0)]
#[case::four_who_came_alone(scores(4, 0), false, 0, 0)]
#[case::nobody(scores(0, 0), false, 0, 0)]
fn those_who_agree_are_paid_and_the_rest_goes_back(
    #[case] scores: Vec<Option<Score>>,
    #[case] accepted: bool,
    #[case] winners: usize,
    #[case] paid: u128,
) {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    offers.score(offer_id, &scores);
    let owners: Vec<String> =
        offers.offer(offer_id).witnesses.iter().map(|one| offers.owner(one)).collect();
    let before: Vec<u128> = owners.iter().map(|owner| offers.coins(owner)).collect();
    let alice = offers.coins("alice");
    let event = offers.conclude(offer_id).unwrap();
    let refund = FEE - paid;
    let (denom, [paid, back]) = ("ureserve".to_owned(), [paid, refund].map(Into::into));
    let expected = OfferConcluded { offer_id, accepted, denom, paid, refund: back };
    assert_eq!(event, expected);
    assert_eq!(offers.coins("alice") - alice, refund);
    for (slot, (owner, before)) in owners.iter().zip(before).enumerate() {
        let expected = if slot < winners { FEE / 9 } else { 0 };
        assert_eq!(offers.coins(owner) - before, expected, "{slot}: {owner}");
    }
    assert_eq!((offers.held(), offers.fees()), (0, 0));
    assert_eq!(minted(&offers, "offer-1").is_some(), accepted);
    let status = offers.status(offer_id);
    assert_eq!(matches!(status, OfferStatus::Accepted { .. }), accepted, "{status:?}");
}

#[test]
fn scores_that_differ_by_a_millionth_are_different() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let mut scores = scores(6, 0);
    scores[6] = Some(WORSE);
    offers.score(offer_id, &scores);
    assert!(!offers.conclude(offer_id).unwrap().accepted);
}

#[test]
fn an_offer_that_makes_the_model_worse_is_an_nft_without_weight() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let worse = Score { quality: 400_000, improvement: -1 };
    offers.score(offer_id, &[Some(worse); 9]);
    let outcome = offers.send("stranger", &ExecuteMsg::ConcludeOffer { offer_id }, 0).unwrap();
    let event: ContributionMinted = outcome.event();
    assert_eq!((event.weight.u128(), event.improvement), (0, -1));
}

#[test]
fn three_of_three_accept_and_two_of_three_do_not() {
    let mut offers = Offers::with(Setup::default().nodes(3, 3));
    let [first, second] =
        ["data", "other data"].map(|data| offers.contribute("alice", data, FEE).unwrap());
    offers.play_and_draw(first);
    offers.score(first, &[Some(FOUND); 3]);
    let event = offers.conclude(first).unwrap();
    assert_eq!((event.accepted, event.paid.u128(), event.refund.u128()), (true, 999, 1));
    offers.emit(second);
    offers.draw(second).unwrap();
    offers.score(second, &[Some(FOUND), Some(FOUND), Some(LIE)]);
    let event = offers.conclude(second).unwrap();
    assert_eq!((event.accepted, event.paid.u128(), event.refund.u128()), (false, 666, 334));
}

#[test]
fn the_least_fee_is_one_for_each_and_nothing_goes_back() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", 9).unwrap();
    offers.play_and_draw(offer_id);
    offers.score(offer_id, &[Some(FOUND); 9]);
    let event = offers.conclude(offer_id).unwrap();
    assert_eq!((event.paid.u128(), event.refund.u128()), (9, 0));
}

#[test]
fn a_built_on_offer_has_its_parents() {
    let mut offers = Offers::on_mock();
    offers.accepted("parent");
    let mut offered = offers.offered("bob", "child");
    offered.parents = vec!["offer-1".to_owned()];
    offers.send("bob", &ExecuteMsg::Contribute { offered, signed: None }, FEE).unwrap();
    offers.training.ready_all().unwrap();
    offers.play_and_draw(2);
    offers.score(2, &[Some(FOUND); 9]);
    offers.conclude(2).unwrap();
    let (child, holder) = minted(&offers, "offer-2").unwrap();
    assert_eq!(child.parents, ["offer-1"]);
    assert_eq!(holder.as_str(), offers.account("bob"));
}

#[test]
fn an_offer_ends_when_nothing_more_can_be_revealed_and_not_before() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let until = offers.chain().now().plus_seconds(2 * WITNESS_SECS);
    let goes_on = || ContractError::OfferGoesOn { offer_id, until };
    let conclude = |offers: &mut Offers| offers.conclude(offer_id).unwrap_err().provenance();
    assert_eq!(conclude(&mut offers), goes_on());
    for slot in 0..8 {
        offers.commit(offer_id, slot, FOUND).unwrap();
    }
    offers.chain().wait(WITNESS_SECS - 1);
    assert_eq!(conclude(&mut offers), goes_on());
    offers.chain().wait(1);
    for slot in 0..8 {
        assert_eq!(conclude(&mut offers), goes_on());
        offers.reveal(offer_id, slot).unwrap();
    }
    // The ninth has not committed and cannot any more.
    assert!(offers.conclude(offer_id).unwrap().accepted);
}

#[test]
fn an_offer_whose_witnesses_never_come_ends_all_the_same() {
    let mut offers = Offers::on_mock();
    let nobody_commits = offers.contribute("alice", "data", FEE).unwrap();
    let nobody_reveals = offers.contribute("alice", "other data", FEE).unwrap();
    offers.training.play();
    for offer_id in [nobody_commits, nobody_reveals] {
        offers.emit(offer_id);
    }
    for offer_id in [nobody_commits, nobody_reveals] {
        offers.draw(offer_id).unwrap();
    }
    for slot in 0..9 {
        offers.commit(nobody_reveals, slot, FOUND).unwrap();
    }
    offers.chain().wait(WITNESS_SECS);
    assert_eq!(offers.conclude(nobody_commits).unwrap().refund.u128(), FEE);
    let error = offers.conclude(nobody_reveals).unwrap_err().provenance();
    assert!(matches!(error, ContractError::OfferGoesOn { .. }), "{error}");
    offers.chain().wait(WITNESS_SECS);
    assert_eq!(offers.conclude(nobody_reveals).unwrap().refund.u128(), FEE);
    assert_eq!(offers.held(), 0);
}

#[test]
fn an_offer_that_could_not_be_drawn_for_a_week_ends_with_everything_back() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    let until = offers.offer(offer_id).offered_at.plus_seconds(WEEK);
    offers.chain().wait(WEEK - 1);
    let error = offers.conclude(offer_id).unwrap_err().provenance();
    assert_eq!(error, ContractError::OfferGoesOn { offer_id, until });
    offers.chain().wait(1);
    let alice = offers.coins("alice");
    let event = offers.conclude(offer_id).unwrap();
    assert_eq!((event.accepted, event.paid.u128(), event.refund.u128()), (false, 0, FEE));
    assert_eq!(offers.coins("alice") - alice, FEE);
    assert_eq!(offers.status(offer_id), OfferStatus::Rejected {});
    // Nobody has scored the data.
    assert_eq!(offers.contribute("bob", "data", FEE).unwrap(), 2);
}

#[test]
fn the_run_may_end_and_the_fee_comes_back() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    let run_id = offers.training.run_id;
    let close = modelbond_interface::training::ExecuteMsg::CloseRun { run_id };
    offers.training.send("creator", &close).unwrap();
    offers.emit(offer_id);
    let error = offers.draw(offer_id).unwrap_err().provenance();
    assert_eq!(error, ContractError::NoRound { run_id, round_id: 1 });
    offers.chain().wait(WEEK);
    assert_eq!(offers.conclude(offer_id).unwrap().refund.u128(), FEE);
}

#[test]
fn data_that_were_rejected_may_be_offered_again_and_accepted_ones_may_not() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    offers.score(offer_id, &scores(6, 0));
    offers.conclude(offer_id).unwrap();
    offers.training.ready_all().unwrap();
    let again = offers.accepted("data");
    assert_eq!(again, 2);
    let error = offers.contribute("bob", "data", FEE).unwrap_err().provenance();
    assert!(matches!(error, ContractError::DataOffered { offer_id: 2, .. }), "{error}");
}

#[test]
fn an_offer_ends_once() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.accepted("data");
    let over = ContractError::OfferConcluded { offer_id };
    assert_eq!(offers.conclude(offer_id).unwrap_err().provenance(), over);
    let error = offers.conclude(2).unwrap_err().provenance();
    assert_eq!(error, ContractError::NoOffer { offer_id: 2 });
}
