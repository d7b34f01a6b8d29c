//! An NFT that ends is paid, and leaves its part of what comes to the others.

use cosmwasm_std::Addr;
use cw721::msg::{NumTokensResponse, TokensResponse};
use modelbond_interface::provenance::{
    ContributionBurned, EarningsClaimed, LineageDirection, Mint, QueryMsg,
};
use modelbond_provenance::ContractError;
use modelbond_tests::{Chain, Provenance};

fn two_holders() -> (Provenance, String) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_weighing("1-1-0", &model, "alice", 1);
    story.mint_weighing("1-1-1", &model, "bob", 3);
    (story, model)
}

#[test]
fn a_burned_nft_is_paid_and_counts_no_more() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 1_000).unwrap();
    let outcome = story.burn("alice", "1-1-0").unwrap();
    assert_eq!(outcome.event::<EarningsClaimed>().amount.u128(), 75);
    let expected = ContributionBurned {
        token_id: "1-1-0".to_owned(),
        model: model.clone(),
        weight: 1_000_000u128.into(),
    };
    assert_eq!(outcome.event::<ContributionBurned>(), expected);
    assert_eq!(story.coins("alice"), 75);
    story.pay("user", &model, 1_000).unwrap();
    assert_eq!(story.claimable("1-1-1"), 225 + 300);
    assert_eq!(story.revenue(&model).weight.u128(), 3_000_000);
}

#[test]
fn its_content_and_its_place_in_the_lineage_stay() {
    let (mut story, model) = two_holders();
    story.mint_on("1-2-0", &model, "carol", &["1-1-0"]);
    let before = story.shown("1-1-0");
    story.burn("alice", "1-1-0").unwrap();
    let after = story.shown("1-1-0");
    assert_eq!(after.contribution, before.contribution);
    assert_eq!((after.owner, after.uses), (None, 1));
    let found = story.lineage("1-2-0", LineageDirection::Ancestors, 1);
    assert_eq!(found, [("1-1-0".to_owned(), 1)]);
    assert_eq!(story.h_index(&model), (1, 1));
}

#[test]
fn a_burned_nft_is_in_no_list_and_has_no_holder() {
    let (mut story, _) = two_holders();
    story.burn("alice", "1-1-0").unwrap();
    let all: TokensResponse = story.ask(&QueryMsg::AllTokens { start_after: None, limit: None });
    assert_eq!(all.tokens, ["1-1-1"]);
    let owner = story.chain.account("alice");
    let held: TokensResponse =
        story.ask(&QueryMsg::Tokens { owner, start_after: None, limit: None });
    assert!(held.tokens.is_empty());
    let count: NumTokensResponse = story.ask(&QueryMsg::NumTokens {});
    assert_eq!(count.count, 1);
    let token_id = "1-1-0".to_owned();
    let unknown = ContractError::UnknownToken { token_id: token_id.clone() };
    let error = story.burn("alice", "1-1-0").unwrap_err().provenance();
    assert_eq!(error, unknown);
    let error = story.claim("alice", &["1-1-0"]).unwrap_err().provenance();
    assert_eq!(error, unknown);
    let asked = QueryMsg::NftInfo { token_id };
    let error = story.try_ask::<cosmwasm_std::Empty>(&asked).unwrap_err();
    assert!(error.to_string().contains("there is no NFT 1-1-0"), "{error}");
}

#[test]
fn a_burned_nft_is_not_minted_again() {
    let (mut story, model) = two_holders();
    story.burn("alice", "1-1-0").unwrap();
    let again = story.contribution("1-1-0", &model, "mallory");
    let error = story.mint(again).unwrap_err().provenance();
    assert_eq!(error, ContractError::AlreadyMinted { token_id: "1-1-0".to_owned() });
}

#[test]
fn royalties_that_wait_are_shared_out_before_an_nft_ends() {
    let mut story = Provenance::on_mock();
    let parent = story.open("creator", "BASE", &[]).unwrap();
    let child = story.open("creator", "IRIS", &[(&parent, 5_000)]).unwrap();
    story.mint_weighing("1-1-0", &parent, "alice", 1);
    story.mint_weighing("1-1-1", &parent, "bob", 1);
    story.pay("user", &child, 2_000).unwrap();
    story.burn("alice", "1-1-0").unwrap();
    assert_eq!((story.coins("alice"), story.claimable("1-1-1")), (150, 150));
}

#[test]
fn the_holder_is_paid_whoever_burns() {
    let (mut story, model) = two_holders();
    story.pay("user", &model, 1_000).unwrap();
    let msg = modelbond_interface::provenance::ExecuteMsg::Approve {
        spender: story.chain.account("friend"),
        token_id: "1-1-0".to_owned(),
        expires: None,
    };
    story.send("alice", &msg, 0).unwrap();
    story.burn("friend", "1-1-0").unwrap();
    assert_eq!([story.coins("alice"), story.coins("friend")], [75, 0]);
}

#[test]
fn what_a_burned_nft_left_is_claimable_once_it_is_shared_out() {
    let (mut story, model) = two_holders();
    // Three tenths of 7 are two units: one and a half are bob's, and half a unit stays when alice burns.
    story.pay("user", &model, 7).unwrap();
    story.burn("alice", "1-1-0").unwrap();
    assert_eq!(story.claimable("1-1-1"), 1);
    story.claim("bob", &["1-1-1"]).unwrap();
    assert_eq!(story.coins("bob"), 1);
    story.pay("user", &model, 4).unwrap();
    assert_eq!(story.claimable("1-1-1"), 2);
}

#[test]
fn a_stranger_burns_nothing() {
    let (mut story, _) = two_holders();
    let error = story.burn("mallory", "1-1-0").unwrap_err().provenance();
    let [holder, sender] =
        ["alice", "mallory"].map(|name| Addr::unchecked(story.chain.account(name)));
    assert_eq!(error, ContractError::NotAllowed { token_id: "1-1-0".to_owned(), holder, sender });
}

#[test]
fn after_the_last_one_the_reserve_gets_the_part_of_holders() {
    let (mut story, model) = two_holders();
    story.burn("alice", "1-1-0").unwrap();
    story.burn("bob", "1-1-1").unwrap();
    story.pay("user", &model, 1_000).unwrap();
    let revenue = story.revenue(&model);
    assert_eq!((revenue.reserve.u128(), revenue.holders.u128()), (400, 0));
}

#[test]
fn an_nft_without_weight_burns_as_well() {
    let (mut story, model) = two_holders();
    let mint = Mint { improvement: 0, ..story.contribution("1-3-0", &model, "alice") };
    story.mint(mint).unwrap();
    story.pay("user", &model, 1_000).unwrap();
    let outcome = story.burn("alice", "1-3-0").unwrap();
    assert_eq!(outcome.find::<EarningsClaimed>(), None);
}
