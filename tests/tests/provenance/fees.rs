//! Provenance's part of trade fees is for the model's NFTs.

use modelbond_interface::market::{LedgersResponse, QueryMsg as MarketQuery};
use modelbond_interface::provenance::RevenueShared;
use modelbond_market::ContractError as MarketError;
use modelbond_tests::{Chain, Provenance};

fn traded() -> (Provenance, String, u128) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.chain.wait(86_400);
    story.trade("trader", &model, 1_000_000_000);
    let ledgers: LedgersResponse = story.chain.query(&model, &MarketQuery::Ledgers {}).unwrap();
    let fees = ledgers.provenance.u128();
    assert!(fees > 1_000);
    (story, model, fees)
}

#[test]
fn all_of_it_is_shared_by_weight() {
    let (mut story, model, fees) = traded();
    story.mint_weighing("1-1-0", &model, "alice", 1);
    story.mint_weighing("1-1-1", &model, "bob", 1);
    let shared: RevenueShared = story.collect_fees(&model).unwrap().event();
    let expected = RevenueShared {
        model: model.clone(),
        source: "fees".to_owned(),
        payer: model.clone(),
        denom: "ureserve".to_owned(),
        amount: fees.into(),
        reserve: 0u128.into(),
        royalties: 0u128.into(),
        holders: fees.into(),
        owner: 0u128.into(),
        weight: 2_000_000u128.into(),
        memo: String::new(),
    };
    assert_eq!(shared, expected);
    assert_eq!([story.claimable("1-1-0"), story.claimable("1-1-1")], [fees / 2; 2]);
    let revenue = story.revenue(&model);
    assert_eq!((revenue.fees.u128(), revenue.holders.u128(), story.held()), (fees, fees, fees));
}

#[test]
fn without_weight_it_goes_back_to_the_reserve() {
    let (mut story, model, fees) = traded();
    let shared: RevenueShared = story.collect_fees(&model).unwrap().event();
    assert_eq!((shared.reserve.u128(), shared.holders.u128()), (fees, 0));
    assert_eq!(story.revenue(&model).reserve.u128(), fees);
}

#[test]
fn an_empty_ledger_is_refused_by_the_market() {
    let (mut story, model, _) = traded();
    story.collect_fees(&model).unwrap();
    let error = story.collect_fees(&model).unwrap_err().market();
    assert_eq!(error, MarketError::LedgerEmpty { ledger: "provenance" });
}
