//! What a model earns reaches what it is built on, and what that is built on.

use modelbond_interface::provenance::{Beneficiary, RevenueShared, RoyaltyPaid};
use modelbond_provenance::ContractError;
use modelbond_tests::{Chain, Provenance};

/// A grandparent, a parent that owes it a fifth, a child that owes the parent a half.
fn family(story: &mut Provenance) -> [String; 3] {
    let top = story.open("ann", "TOP", &[]).unwrap();
    let middle = story.open("ben", "MIDDLE", &[(&top, 2_000)]).unwrap();
    let bottom = story.open("cid", "BOTTOM", &[(&middle, 5_000)]).unwrap();
    [top, middle, bottom]
}

#[test]
fn a_royalty_waits_at_the_parent_until_somebody_shares_it_out() {
    let mut story = Provenance::on_mock();
    let [top, middle, bottom] = family(&mut story);
    story.mint_weighing("1-1-0", &middle, "alice", 1);
    story.pay("user", &bottom, 10_000).unwrap();
    assert_eq!(story.revenue(&middle).undistributed.u128(), 5_000);
    assert_eq!(story.revenue(&middle).royalties.u128(), 5_000);

    let outcome = story.distribute(&middle).unwrap();
    let shared: RevenueShared = outcome.event();
    assert_eq!(
        (shared.source.as_str(), shared.payer.as_str()),
        ("royalty", story.address.as_str())
    );
    let parts = [shared.reserve, shared.royalties, shared.holders, shared.owner];
    assert_eq!(parts.map(|part| part.u128()), [500, 1_000, 1_500, 2_000]);
    assert_eq!(outcome.event::<RoyaltyPaid>().parent, top);

    let revenue = story.revenue(&middle);
    assert_eq!((revenue.undistributed.u128(), revenue.royalties.u128()), (0, 5_000));
    story.distribute(&top).unwrap();
    let revenue = story.revenue(&top);
    assert_eq!((revenue.reserve.u128(), revenue.owner.u128()), (400, 600));
}

#[test]
fn what_a_claim_would_pay_counts_royalties_that_wait() {
    let mut story = Provenance::on_mock();
    let [_, middle, bottom] = family(&mut story);
    story.mint_weighing("1-1-0", &middle, "alice", 1);
    story.mint_weighing("1-1-1", &middle, "bob", 3);
    story.pay("user", &bottom, 10_000).unwrap();
    assert_eq!([story.claimable("1-1-0"), story.claimable("1-1-1")], [375, 1_125]);
    story.claim("alice", &["1-1-0"]).unwrap();
    assert_eq!(story.coins("alice"), 375);
    assert_eq!(story.revenue(&middle).undistributed.u128(), 0);
    assert_eq!(story.claimable("1-1-1"), 1_125);
}

#[test]
fn a_payment_shares_out_what_waits_before_itself() {
    let mut story = Provenance::on_mock();
    let [_, middle, bottom] = family(&mut story);
    story.mint_weighing("1-1-0", &middle, "alice", 1);
    story.pay("user", &bottom, 10_000).unwrap();
    let outcome = story.pay("user", &middle, 1_000).unwrap();
    let shared: Vec<RevenueShared> =
        outcome.events.iter().filter_map(|event| RevenueShared::try_from(event).ok()).collect();
    let sources = shared.iter().map(|shared| (shared.source.as_str(), shared.amount.u128()));
    assert_eq!(sources.collect::<Vec<_>>(), [("royalty", 5_000), ("usage", 1_000)]);
}

#[test]
fn royalties_of_many_children_are_shared_out_at_once() {
    let mut story = Provenance::on_mock();
    let top = story.open("ann", "TOP", &[]).unwrap();
    for number in 0..5 {
        let symbol = format!("CHILD-{number}");
        let child = story.open("ben", &symbol, &[(&top, 1_000)]).unwrap();
        story.pay("user", &child, 1_000).unwrap();
    }
    let shared: RevenueShared = story.distribute(&top).unwrap().event();
    assert_eq!(shared.amount.u128(), 500);
}

#[test]
fn sixteen_parents_share_half_of_a_payment() {
    let mut story = Provenance::on_mock();
    let parents: Vec<String> = (0..16)
        .map(|number| story.open("ann", &format!("PARENT-{number}"), &[]).unwrap())
        .collect();
    let terms: Vec<(&str, u16)> = parents.iter().map(|parent| (parent.as_str(), 312)).collect();
    let child = story.open("ben", "CHILD", &terms).unwrap();
    let shared: RevenueShared = {
        let outcome = story.pay("user", &child, 1_000_000).unwrap();
        outcome.events.iter().find_map(|event| RevenueShared::try_from(event).ok()).unwrap()
    };
    assert_eq!(shared.royalties.u128(), 16 * 31_200);
    for parent in &parents {
        assert_eq!(story.revenue(parent).undistributed.u128(), 31_200);
    }
}

#[test]
fn nothing_that_waits_is_nothing_to_share() {
    let mut story = Provenance::on_mock();
    let [top, ..] = family(&mut story);
    let error = story.distribute(&top).unwrap_err().provenance();
    let model = cosmwasm_std::Addr::unchecked(top);
    assert_eq!(error, ContractError::NothingToShare { model });
}

#[test]
fn everything_that_was_paid_leaves_to_those_whose_it_is() {
    let mut story = Provenance::on_mock();
    let models = family(&mut story);
    for (number, model) in models.iter().enumerate() {
        story.mint_weighing(&format!("1-1-{number}"), model, "alice", 1);
    }
    story.pay("user", &models[2], 1_000_000).unwrap();
    story.distribute(&models[1]).unwrap();
    story.claim("alice", &["1-1-0", "1-1-1", "1-1-2"]).unwrap();
    for model in &models {
        story.forward(model, Beneficiary::Reserve).unwrap();
        story.forward(model, Beneficiary::Owner).unwrap();
    }
    assert_eq!(story.held(), 0);
    assert_eq!(story.chain.balance(&story.address), 0);
}
