//! Witnesses commit to what they found, then show it.

use cosmwasm_std::Addr;
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    ExecuteMsg, OfferStatus, Score, ScoreCommitted, ScoreRevealed,
};
use modelbond_provenance::ContractError;
use modelbond_tests::deployment::WITNESS_SECS;
use modelbond_tests::offers::{FEE, FOUND, LIE};
use modelbond_tests::{Chain, Offers};
use rstest::rstest;

fn refused(offers: &mut Offers, who: &str, msg: &ExecuteMsg) -> ContractError {
    offers.send(who, msg, 0).unwrap_err().provenance()
}

/// Commits of all witnesses of an offer.
fn commit_all(offers: &mut Offers, offer_id: u64) {
    for slot in 0..9 {
        offers.commit(offer_id, slot, FOUND).unwrap();
    }
}

#[test]
fn reveals_begin_when_all_have_committed() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let drawn_at = offers.chain().now();
    for slot in 0..9 {
        let until = drawn_at.plus_seconds(WITNESS_SECS);
        assert_eq!(offers.status(offer_id), OfferStatus::Commit { until });
        let outcome = offers.commit(offer_id, slot, FOUND).unwrap();
        assert_eq!(outcome.event::<ScoreCommitted>(), ScoreCommitted { offer_id, slot });
    }
    let until = drawn_at.plus_seconds(2 * WITNESS_SECS);
    assert_eq!(offers.status(offer_id), OfferStatus::Reveal { until });
    let outcome = offers.reveal(offer_id, 4).unwrap();
    let Score { quality, improvement } = FOUND;
    let expected = ScoreRevealed { offer_id, slot: 4, quality, improvement };
    assert_eq!(outcome.event::<ScoreRevealed>(), expected);
    let witnesses = offers.offer(offer_id).witnesses;
    assert!(witnesses.iter().all(|witness| witness.commit.is_some()));
    let shown: Vec<u8> =
        witnesses.iter().filter(|one| one.score == Some(FOUND)).map(|one| one.slot).collect();
    assert_eq!(shown, [4]);
}

#[test]
fn reveals_begin_when_the_time_of_commits_is_over() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let until = offers.chain().now().plus_seconds(WITNESS_SECS);
    offers.commit(offer_id, 0, FOUND).unwrap();
    offers.chain().wait(WITNESS_SECS - 1);
    let error = offers.reveal(offer_id, 0).unwrap_err().provenance();
    assert_eq!(error, ContractError::CommitsGoOn { offer_id, until });
    offers.commit(offer_id, 1, FOUND).unwrap();
    offers.chain().wait(1);
    let error = offers.commit(offer_id, 2, FOUND).unwrap_err().provenance();
    assert_eq!(error, ContractError::CommitsOver { offer_id, until });
    offers.reveal(offer_id, 0).unwrap();
    offers.reveal(offer_id, 1).unwrap();
}

#[test]
fn reveals_end() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let until = offers.chain().now().plus_seconds(2 * WITNESS_SECS);
    commit_all(&mut offers, offer_id);
    offers.chain().wait(2 * WITNESS_SECS - 1);
    offers.reveal(offer_id, 0).unwrap();
    offers.chain().wait(1);
    let error = offers.reveal(offer_id, 1).unwrap_err().provenance();
    assert_eq!(error, ContractError::RevealsOver { offer_id, until });
}

#[test]
fn a_witness_commits_once_and_reveals_once() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let slot = 3;
    offers.commit(offer_id, slot, FOUND).unwrap();
    let error = offers.commit(offer_id, slot, LIE).unwrap_err().provenance();
    assert_eq!(error, ContractError::AlreadyCommitted { offer_id, slot });
    offers.chain().wait(WITNESS_SECS);
    // The helper remembers the lie, which is not what was committed to.
    let error = offers.reveal(offer_id, slot).unwrap_err().provenance();
    assert!(matches!(error, ContractError::OtherCommit { .. }), "{error}");
    let witness = offers.offer(offer_id).witnesses[3].clone();
    offers.commit_message(offer_id, &witness, FOUND);
    offers.reveal(offer_id, slot).unwrap();
    let error = offers.reveal(offer_id, slot).unwrap_err().provenance();
    assert_eq!(error, ContractError::AlreadyRevealed { offer_id, slot });
}

#[test]
fn the_owner_and_the_nodes_account_may_and_nobody_else() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let witness = offers.offer(offer_id).witnesses[0].clone();
    let member = offers.training.member(witness.node_id);
    let msg = offers.commit_message(offer_id, &witness, FOUND);
    let other = offers.offer(offer_id).witnesses[1].clone();
    for stranger in ["stranger".to_owned(), offers.owner(&other)] {
        let sender = Addr::unchecked(offers.account(&stranger));
        let (owner, account) = (witness.owner.clone(), witness.account.clone());
        let expected = ContractError::NotTheWitness { owner, account, sender };
        assert_eq!(refused(&mut offers, &stranger, &msg), expected);
    }
    offers.send(&member.machine, &msg, 0).unwrap();
    offers.chain().wait(WITNESS_SECS);
    let msg = offers.reveal_message(offer_id, 0);
    let error = refused(&mut offers, "stranger", &msg);
    assert!(matches!(error, ContractError::NotTheWitness { .. }), "{error}");
    offers.send(&member.owner, &msg, 0).unwrap();
}

#[rstest]
#[case::another_quality(|msg: &mut Parts| msg.0.quality += 1)]
#[case::another_improvement(|msg: &mut Parts| msg.0.improvement = -msg.0.improvement)]
#[case::another_salt(|msg: &mut Parts| msg.1 = Hash32([1; 32]))]
fn what_is_shown_is_what_was_committed_to(#[case] change: fn(&mut Parts)) {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    commit_all(&mut offers, offer_id);
    let ExecuteMsg::RevealScore { score, salt, slot, .. } = offers.reveal_message(offer_id, 5)
    else {
        panic!("a reveal");
    };
    let mut parts = (score, salt);
    change(&mut parts);
    let (score, salt) = parts;
    let witness = offers.offer(offer_id).witnesses[5].clone();
    let actual = offers.commit_to(offer_id, &witness, score, salt);
    let expected = witness.commit.unwrap();
    let msg = ExecuteMsg::RevealScore { offer_id, slot, score, salt };
    let owner = offers.owner(&witness);
    let error = refused(&mut offers, &owner, &msg);
    assert_eq!(error, ContractError::OtherCommit { offer_id, slot, expected, actual });
}

/// What a reveal shows.
type Parts = (Score, Hash32);

#[rstest]
#[case::too_good(1_000_001, 0, "quality", 0, 1_000_001)]
#[case::the_best_there_is(u32::MAX, 0, "quality", 0, u32::MAX.into())]
#[case::more_than_all_of_the_loss(0, 1_000_001, "improvement", -1_000_000, 1_000_001)]
#[case::worse_than_twice_the_loss(0, -1_000_001, "improvement", -1_000_000, -1_000_001)]
#[case::the_least_number(0, i32::MIN, "improvement", -1_000_000, i32::MIN.into())]
fn a_score_out_of_bounds_is_refused_though_it_was_committed_to(
    #[case] quality: u32,
    #[case] improvement: i32,
    #[case] field: &'static str,
    #[case] least: i64,
    #[case] actual: i64,
) {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    offers.commit(offer_id, 0, Score { quality, improvement }).unwrap();
    offers.chain().wait(WITNESS_SECS);
    let error = offers.reveal(offer_id, 0).unwrap_err().provenance();
    assert_eq!(error, ContractError::Bounds { field, least, most: 1_000_000, actual });
}

#[test]
fn scores_at_the_bounds_are_taken() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    let worst = Score { quality: 0, improvement: -1_000_000 };
    offers.commit(offer_id, 0, LIE).unwrap();
    offers.commit(offer_id, 1, worst).unwrap();
    offers.chain().wait(WITNESS_SECS);
    offers.reveal(offer_id, 0).unwrap();
    offers.reveal(offer_id, 1).unwrap();
    let scores: Vec<_> = offers.offer(offer_id).witnesses.iter().map(|one| one.score).collect();
    assert_eq!(scores[..3], [Some(LIE), Some(worst), None]);
}

#[test]
fn who_has_not_committed_shows_nothing() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.drawn("data");
    offers.chain().wait(WITNESS_SECS);
    let slot = 2;
    let witness = offers.offer(offer_id).witnesses[2].clone();
    offers.commit_message(offer_id, &witness, FOUND);
    let error = offers.reveal(offer_id, slot).unwrap_err().provenance();
    assert_eq!(error, ContractError::NoCommit { offer_id, slot });
}

#[test]
fn there_is_nothing_to_score_before_the_draw_nor_in_other_seats_nor_at_the_end() {
    let mut offers = Offers::on_mock();
    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    let (slot, commit, salt) = (9, Hash32([1; 32]), Hash32([2; 32]));
    let commit = |offer_id| ExecuteMsg::CommitScore { offer_id, slot, commit };
    let reveal = |offer_id| ExecuteMsg::RevealScore { offer_id, slot, score: FOUND, salt };
    for msg in [commit(offer_id), reveal(offer_id)] {
        assert_eq!(refused(&mut offers, "owner1", &msg), ContractError::NotDrawn { offer_id });
    }
    for msg in [commit(2), reveal(2)] {
        assert_eq!(refused(&mut offers, "owner1", &msg), ContractError::NoOffer { offer_id: 2 });
    }
    offers.play_and_draw(offer_id);
    for msg in [commit(offer_id), reveal(offer_id)] {
        assert_eq!(refused(&mut offers, "owner1", &msg), ContractError::NoSeat { offer_id, slot });
    }
    offers.score(offer_id, &[Some(FOUND); 9]);
    offers.conclude(offer_id).unwrap();
    for msg in [commit(offer_id), reveal(offer_id)] {
        let over = ContractError::OfferConcluded { offer_id };
        assert_eq!(refused(&mut offers, "owner1", &msg), over);
    }
}
