//! What an NFT has earned belongs to whoever holds it when it is claimed.

use cosmwasm_std::Addr;
use modelbond_interface::provenance::{ClaimableResponse, EarningsClaimed, QueryMsg};
use modelbond_provenance::ContractError;
use modelbond_tests::{Chain, Provenance};

fn two_holders() -> (Provenance, String) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_weighing("1-1-0", &model, "alice", 1);
    story.mint_weighing("1-1-1", &model, "bob", 2);
    (story, model)
}

#[test]
fn holders_share_by_weight_and_a_claim_says_so() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 10_000).unwrap();
    let claimed: EarningsClaimed = story.claim("alice", &["1-1-0"]).unwrap().event();
    let expected = EarningsClaimed {
        token_id: "1-1-0".to_owned(),
        model,
        recipient: story.chain.account("alice"),
        denom: "ureserve".to_owned(),
        amount: 1_000u128.into(),
    };
    assert_eq!(claimed, expected);
    story.claim("bob", &["1-1-1"]).unwrap();
    assert_eq!([story.coins("alice"), story.coins("bob")], [1_000, 2_000]);
}

#[test]
fn what_an_nft_has_earned_is_sold_with_it() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 10_000).unwrap();
    story.transfer("alice", "buyer", "1-1-0").unwrap();
    let error = story.claim("alice", &["1-1-0"]).unwrap_err().provenance();
    let [holder, sender] =
        ["buyer", "alice"].map(|name| Addr::unchecked(story.chain.account(name)));
    assert_eq!(error, ContractError::NotHolder { token_id: "1-1-0".to_owned(), holder, sender });
    story.claim("buyer", &["1-1-0"]).unwrap();
    assert_eq!([story.coins("alice"), story.coins("buyer")], [0, 1_000]);
}

#[test]
fn nobody_is_paid_twice() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 10_000).unwrap();
    story.claim("alice", &["1-1-0"]).unwrap();
    let error = story.claim("alice", &["1-1-0"]).unwrap_err().provenance();
    assert_eq!(error, ContractError::NothingToClaim);
    story.transfer("alice", "buyer", "1-1-0").unwrap();
    let error = story.claim("buyer", &["1-1-0"]).unwrap_err().provenance();
    assert_eq!(error, ContractError::NothingToClaim);
}

#[test]
fn fractions_of_a_unit_are_kept_until_they_are_a_unit() {
    let (mut story, model) = two_holders();
    // Three tenths of 4 is one unit, of which alice has a third.
    let mut paid = vec![];
    for _ in 0..6 {
        story.pay("user", &model, 4).unwrap();
        let before = story.coins("alice");
        let _ = story.claim("alice", &["1-1-0"]);
        paid.push(story.coins("alice") - before);
    }
    assert_eq!(paid, [0, 0, 1, 0, 0, 1]);
}

#[test]
fn nfts_of_several_models_are_claimed_with_one_payment() {
    let mut story = Provenance::on_mock();
    let models = ["IRIS", "WINE"].map(|symbol| story.open("creator", symbol, &[]).unwrap());
    for (number, model) in models.iter().enumerate() {
        story.mint_weighing(&format!("{number}-1-0"), model, "alice", 1);
        story.mint_weighing(&format!("{number}-1-1"), model, "alice", 1);
        story.pay("user", model, 1_000).unwrap();
    }
    let outcome = story.claim("alice", &["0-1-0", "1-1-1", "0-1-1", "1-1-0"]).unwrap();
    let payments = outcome.events.iter().filter(|event| event.ty == "transfer").count();
    assert_eq!((payments, story.coins("alice")), (1, 600));
    let claimed = outcome.events.iter().filter(|event| EarningsClaimed::try_from(*event).is_ok());
    assert_eq!(claimed.count(), 4);
}

#[test]
fn an_nft_that_has_earned_nothing_does_not_stop_the_others() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 1_000).unwrap();
    story.mint_weighing("1-2-0", &model, "alice", 5);
    let claimed: EarningsClaimed = story.claim("alice", &["1-2-0", "1-1-0"]).unwrap().event();
    assert_eq!((claimed.token_id.as_str(), claimed.amount.u128()), ("1-1-0", 100));
}

#[test]
fn a_claim_that_pays_nothing_for_one_model_still_books_what_it_shared_out_there() {
    let mut story = Provenance::on_mock();
    let parent = story.open("creator", "BASE", &[]).unwrap();
    let child = story.open("creator", "IRIS", &[(&parent, 5_000)]).unwrap();
    story.mint_weighing("0-1-0", &parent, "alice", 1);
    story.mint_weighing("0-1-1", &parent, "bob", 999);
    story.mint_weighing("1-1-0", &child, "alice", 1);
    // 50 of royalties: 15 for holders, of which alice's part is far below a unit.
    story.pay("user", &child, 100).unwrap();
    story.claim("alice", &["0-1-0", "1-1-0"]).unwrap();
    assert_eq!(story.coins("alice"), 30);
    let revenue = story.revenue(&parent);
    assert_eq!((revenue.undistributed.u128(), revenue.holders.u128()), (0, 15));
    assert_eq!(story.held(), story.owed(&[parent, child]));
}

#[test]
fn what_is_claimable_is_answered_in_the_order_asked_for() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 1_000).unwrap();
    let token_ids = vec!["1-1-1".to_owned(), "1-1-0".to_owned()];
    let answer: ClaimableResponse = story.ask(&QueryMsg::Claimable { token_ids });
    let earned: Vec<String> = answer
        .earned
        .iter()
        .map(|earned| format!("{} {}", earned.token_id, earned.amount))
        .collect();
    assert_eq!(earned, ["1-1-1 200ureserve", "1-1-0 100ureserve"]);
}

#[test]
fn claiming_costs_the_same_records_for_many_holders() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for number in 0..200 {
        story.mint_weighing(&format!("1-1-{number}"), &model, &format!("holder {number}"), 1);
    }
    story.pay("user", &model, 1_000_000).unwrap();
    for number in [0, 100, 199] {
        story.claim(&format!("holder {number}"), &[&format!("1-1-{number}")]).unwrap();
        assert_eq!(story.coins(&format!("holder {number}")), 1_500);
    }
    assert_eq!(story.revenue(&model).holders.u128(), 300_000 - 4_500);
}
