//! A payment is shared out to the unit: reserve, parents, holders, owner.

use modelbond_interface::market::MarketFunded;
use modelbond_interface::provenance::{
    Beneficiary, ExecuteMsg, RevenueForwarded, RevenueResponse, RevenueShared, RoyaltyPaid,
};
use modelbond_interface::registry;
use modelbond_provenance::ContractError;
use modelbond_tests::provenance::trainer::{Credit, Order};
use modelbond_tests::{Chain, Contracts, Provenance};
use rstest::rstest;

#[test]
fn a_payment_is_a_tenth_to_the_reserve_three_to_holders_and_the_rest_to_the_owner() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_weighing("1-1-0", &model, "alice", 7);
    let msg = ExecuteMsg::PayUsage { model: model.clone(), memo: Some("inference".to_owned()) };
    let outcome = story.send("user", &msg, 1_000).unwrap();
    assert_eq!(outcome.attribute("action"), Some("pay_usage"));
    let expected = RevenueShared {
        model: model.clone(),
        source: "usage".to_owned(),
        payer: story.chain.account("user"),
        denom: "ureserve".to_owned(),
        amount: 1_000u128.into(),
        reserve: 100u128.into(),
        royalties: 0u128.into(),
        holders: 300u128.into(),
        owner: 600u128.into(),
        weight: 7_000_000u128.into(),
        memo: "inference".to_owned(),
    };
    assert_eq!(outcome.event::<RevenueShared>(), expected);
    let expected = RevenueResponse {
        denom: "ureserve".to_owned(),
        weight: 7_000_000u128.into(),
        usage: 1_000u128.into(),
        royalties: 0u128.into(),
        fees: 0u128.into(),
        undistributed: 0u128.into(),
        reserve: 100u128.into(),
        owner: 600u128.into(),
        holders: 300u128.into(),
    };
    assert_eq!(story.revenue(&model), expected);
    assert_eq!(story.held(), 1_000);
}

#[test]
fn without_weight_the_part_of_holders_is_the_reserves() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let shared: RevenueShared = story.pay("user", &model, 1_000).unwrap().event();
    assert_eq!((shared.reserve.u128(), shared.holders.u128(), shared.owner.u128()), (400, 0, 600));
    story.mint_weighing("1-1-0", &model, "alice", 7);
    assert_eq!(story.claimable("1-1-0"), 0);
}

#[rstest]
#[case::one_unit(1, (1, 0, 0, 0))]
#[case::nine(9, (2, 2, 2, 3))]
#[case::with_remainders(999, (102, 247, 299, 351))]
fn small_amounts_leave_their_remainders_to_the_reserve(
    #[case] amount: u128,
    #[case] (reserve, royalties, holders, owner): (u128, u128, u128, u128),
) {
    let mut story = Provenance::on_mock();
    let parents = [("ONE", 1_250), ("TWO", 1_233)]
        .map(|(symbol, bps)| (story.open("creator", symbol, &[]).unwrap(), bps));
    let parents = [(parents[0].0.as_str(), 1_250), (parents[1].0.as_str(), 1_233)];
    let model = story.open("creator", "IRIS", &parents).unwrap();
    story.mint_weighing("1-1-0", &model, "alice", 1);
    let outcome = story.pay("user", &model, amount).unwrap();
    let shared: RevenueShared = outcome.event();
    let parts = [shared.reserve, shared.royalties, shared.holders, shared.owner];
    assert_eq!(parts.map(|part| part.u128()), [reserve, royalties, holders, owner]);
    assert_eq!(reserve + royalties + holders + owner, amount);
}

#[test]
fn every_parent_gets_its_royalty_and_is_told() {
    let mut story = Provenance::on_mock();
    let one = story.open("creator", "ONE", &[]).unwrap();
    let two = story.open("creator", "TWO", &[]).unwrap();
    let model = story.open("creator", "IRIS", &[(&one, 1_000), (&two, 0)]).unwrap();
    let outcome = story.pay("user", &model, 1_000).unwrap();
    let paid: RoyaltyPaid = outcome.event();
    let expected = RoyaltyPaid { model, parent: one.clone(), amount: 100u128.into() };
    assert_eq!(paid, expected);
    assert_eq!(story.revenue(&one).undistributed.u128(), 100);
    assert_eq!(story.revenue(&two).undistributed.u128(), 0);
}

#[test]
fn who_pays_is_counted_by_the_open_run_with_what_cannot_return_to_them() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.pay("early", &model, 1_000).unwrap();
    story.tell_training(&Order::Open { model: model.clone(), run_id: Some(3) });
    story.pay("nobody holds", &model, 1_000).unwrap();
    story.mint_weighing("1-1-0", &model, "alice", 7);
    story.pay("user", &model, 1_000).unwrap();
    story.tell_training(&Order::Open { model: model.clone(), run_id: None });
    story.pay("late", &model, 1_000).unwrap();
    let credit = |user: &str, amount: u128| Credit {
        run_id: 3,
        user: story.chain.account(user),
        amount: amount.into(),
    };
    assert_eq!(story.credits(), [credit("nobody holds", 400), credit("user", 100)]);
}

#[test]
fn a_run_with_another_source_of_usage_does_not_stop_a_payment() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.tell_training(&Order::Open { model: model.clone(), run_id: Some(3) });
    story.tell_training(&Order::Refuse { refuse: true });
    let outcome = story.pay("user", &model, 1_000).unwrap();
    assert_eq!(outcome.attribute("credit"), Some("refused"));
    assert_eq!(story.credits(), []);
    assert_eq!(story.revenue(&model).usage.u128(), 1_000);
}

#[test]
fn the_reserve_gets_what_waits_for_it_by_anyone() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.pay("user", &model, 1_000).unwrap();
    let outcome = story.forward(&model, Beneficiary::Reserve).unwrap();
    let funded = MarketFunded { funder: story.address.clone(), amount: 400u128.into() };
    assert_eq!(outcome.event::<MarketFunded>(), funded);
    let expected = RevenueForwarded {
        model: model.clone(),
        to: "reserve".to_owned(),
        recipient: model.clone(),
        denom: "ureserve".to_owned(),
        amount: 400u128.into(),
    };
    assert_eq!(outcome.event::<RevenueForwarded>(), expected);
    assert_eq!((story.held(), story.revenue(&model).reserve.u128()), (600, 0));
}

#[test]
fn the_owner_at_that_moment_gets_what_waits_for_the_owner() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.pay("user", &model, 1_000).unwrap();
    let (creator, buyer) = (story.chain.account("creator"), story.chain.account("buyer"));
    let registry = story.registry.clone();
    let msg = registry::ExecuteMsg::OfferModel { model: model.clone(), to: Some(buyer.clone()) };
    story.chain.execute_any(&creator, &registry, &msg, &[]).unwrap();
    let msg = registry::ExecuteMsg::AcceptModel { model: model.clone() };
    story.chain.execute_any(&buyer, &registry, &msg, &[]).unwrap();
    let outcome = story.forward(&model, Beneficiary::Owner).unwrap();
    assert_eq!(outcome.event::<RevenueForwarded>().recipient, buyer);
    assert_eq!(story.coins("buyer"), 600);
}

#[rstest]
#[case::reserve(Beneficiary::Reserve, "reserve")]
#[case::owner(Beneficiary::Owner, "owner")]
fn an_empty_ledger_is_not_paid_out(#[case] to: Beneficiary, #[case] name: &'static str) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.pay("user", &model, 1_000).unwrap();
    story.forward(&model, to).unwrap();
    let error = story.forward(&model, to).unwrap_err().provenance();
    let model = cosmwasm_std::Addr::unchecked(model);
    assert_eq!(error, ContractError::NothingToForward { model, to: name });
}

#[test]
fn money_that_nobody_paid_for_a_model_moves_nothing() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_weighing("1-1-0", &model, "alice", 1);
    let funds = story.chain.money(1_000_000);
    let address = story.address.clone();
    story.chain.fund(&address, &funds);
    assert_eq!(story.claimable("1-1-0"), 0);
    assert_eq!(
        story.claim("alice", &["1-1-0"]).unwrap_err().provenance(),
        ContractError::NothingToClaim
    );
    assert_eq!(story.revenue(&model).usage.u128(), 0);
}
