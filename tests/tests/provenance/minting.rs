//! A contribution that training accepted is an NFT, once, for ever.

use cosmwasm_std::{Addr, Timestamp};
use cw721::msg::{NumTokensResponse, OwnerOfResponse, TokensResponse};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::{
    round_token_id, Contribution, ContributionMinted, ContributionResponse, Mint, QueryMsg,
};
use modelbond_provenance::ContractError;
use modelbond_tests::{Chain, Provenance};

#[test]
fn a_contribution_is_an_nft_of_its_contributor_with_all_of_equation_2() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let token_id = round_token_id(7, 8, 9);
    let at = Timestamp::from_seconds(1_700_000_000);
    let mint = Mint {
        data_hash: Hash32([1; 32]),
        quality: 250_000,
        improvement: 40_000,
        at,
        attestation: Hash32([2; 32]),
        run_id: 7,
        round_id: 8,
        parents: vec!["7-6-0".to_owned(), "7-6-1".to_owned()],
        ..story.contribution(&token_id, &model, "alice")
    };
    let minted = story.mint(mint).unwrap();
    let alice = story.chain.account("alice");
    let expected = ContributionMinted {
        token_id: "7-8-9".to_owned(),
        model: model.clone(),
        contributor: alice.clone(),
        weight: 10_000_000_000u128.into(),
        quality: 250_000,
        improvement: 40_000,
        parents: "7-6-0,7-6-1".to_owned(),
    };
    assert_eq!(minted, expected);
    let contribution = Contribution {
        model: Addr::unchecked(model),
        contributor: Addr::unchecked(alice.clone()),
        data_hash: Hash32([1; 32]),
        quality: 250_000,
        improvement: 40_000,
        at,
        attestation: Hash32([2; 32]),
        run_id: 7,
        round_id: 8,
        parents: vec!["7-6-0".to_owned(), "7-6-1".to_owned()],
    };
    let owner = Some(Addr::unchecked(alice.clone()));
    let weight = minted.weight;
    assert_eq!(story.shown("7-8-9"), ContributionResponse { contribution, weight, owner, uses: 0 });
    let holder: OwnerOfResponse = story.ask(&QueryMsg::OwnerOf { token_id, include_expired: None });
    assert_eq!((holder.owner, holder.approvals), (alice, vec![]));
}

#[test]
fn what_did_not_make_the_model_better_is_an_nft_without_weight() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for (token_id, quality, improvement) in
        [("none", 1_000_000, 0), ("worse", 1_000_000, -1_000_000), ("bad", 0, 1_000_000)]
    {
        let mint = Mint { quality, improvement, ..story.contribution(token_id, &model, "alice") };
        assert_eq!(story.mint(mint).unwrap().weight.u128(), 0);
    }
    assert_eq!(story.revenue(&model).weight.u128(), 0);
}

#[test]
fn contributions_of_a_model_are_listed_in_the_order_of_minting() {
    let mut story = Provenance::on_mock();
    let [iris, wine] = ["IRIS", "WINE"].map(|symbol| story.open("creator", symbol, &[]).unwrap());
    let ids: Vec<String> = (0..12).rev().map(|number| format!("1-1-{number}")).collect();
    for token_id in &ids {
        story.mint_on(token_id, &iris, "alice", &[]);
    }
    story.mint_on("other", &wine, "alice", &[]);
    story.burn("alice", "1-1-3").unwrap();
    let list = |skip, limit| {
        let msg = QueryMsg::ModelTokens { model: iris.clone(), skip, limit };
        story.ask::<TokensResponse>(&msg).tokens
    };
    assert_eq!(list(None, None), ids[..10]);
    assert_eq!(list(Some(10), None), ids[10..]);
    assert_eq!(list(Some(1), Some(2)), ids[1..3]);
    assert_eq!(list(None, Some(1_000)), ids);
    let count: NumTokensResponse = story.ask(&QueryMsg::NumTokens {});
    assert_eq!(count.count, 12);
}

#[test]
fn a_model_outside_the_registry_has_contributions_that_earn_nothing() {
    let mut story = Provenance::on_mock();
    let model = story.chain.account("somewhere else");
    story.mint_on("1-1-0", &model, "alice", &[]);
    let error = story.pay("user", &model, 100).unwrap_err().provenance();
    assert_eq!(error, ContractError::UnknownModel { model: Addr::unchecked(model) });
    let error = story.claim("alice", &["1-1-0"]).unwrap_err().provenance();
    assert_eq!(error, ContractError::NothingToClaim);
    story.transfer("alice", "bob", "1-1-0").unwrap();
    story.burn("bob", "1-1-0").unwrap();
}

#[test]
fn a_new_nft_has_no_part_in_what_came_before_it() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_weighing("first", &model, "alice", 10);
    story.pay("user", &model, 1_000).unwrap();
    story.mint_weighing("second", &model, "bob", 30);
    assert_eq!([story.claimable("first"), story.claimable("second")], [300, 0]);
    story.claim("alice", &["first"]).unwrap();
    story.pay("user", &model, 1_000).unwrap();
    assert_eq!([story.claimable("first"), story.claimable("second")], [75, 225]);
}

#[test]
fn royalties_that_waited_are_shared_out_before_a_new_nft_counts() {
    let mut story = Provenance::on_mock();
    let parent = story.open("creator", "BASE", &[]).unwrap();
    let child = story.open("creator", "IRIS", &[(&parent, 5_000)]).unwrap();
    story.mint_weighing("first", &parent, "alice", 1);
    story.pay("user", &child, 2_000).unwrap();
    assert_eq!(story.revenue(&parent).undistributed.u128(), 1_000);
    story.mint_weighing("second", &parent, "bob", 1);
    assert_eq!(story.revenue(&parent).undistributed.u128(), 0);
    assert_eq!([story.claimable("first"), story.claimable("second")], [300, 0]);
}
