//! What is no message.

use cosmwasm_std::{coin, coins, Addr};
use cw_utils::PaymentError;
use modelbond_interface::provenance::{Beneficiary, ExecuteMsg, LineageDirection, Mint, QueryMsg};
use modelbond_provenance::ContractError;
use modelbond_tests::{Chain, Contracts, Mock, Provenance};
use rstest::rstest;

#[rstest]
#[case::quality(|mint: &mut Mint| mint.quality = 1_000_001, ("quality", 0, 1_000_000, 1_000_001))]
#[case::improvement(
    |mint: &mut Mint| mint.improvement = 1_000_001,
    ("improvement", -1_000_000, 1_000_000, 1_000_001)
)]
#[case::loss(
    |mint: &mut Mint| mint.improvement = -1_000_001,
    ("improvement", -1_000_000, 1_000_000, -1_000_001)
)]
#[case::no_id(|mint: &mut Mint| mint.token_id = String::new(), ("the length of a token id", 1, 64, 0))]
#[case::long_id(|mint: &mut Mint| mint.token_id = "x".repeat(65), ("the length of a token id", 1, 64, 65))]
#[case::parent_without_id(
    |mint: &mut Mint| mint.parents = vec![String::new()],
    ("the length of a parent's id", 1, 64, 0)
)]
#[case::seventeen_parents(
    |mint: &mut Mint| mint.parents = (0..17).map(|number| number.to_string()).collect(),
    ("the number of parents", 0, 16, 17)
)]
fn a_contribution_out_of_bounds(
    #[case] change: fn(&mut Mint),
    #[case] (field, least, most, actual): (&'static str, i64, i64, i64),
) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let mut mint = story.contribution("1-1-0", &model, "alice");
    change(&mut mint);
    let error = story.mint(mint).unwrap_err().provenance();
    assert_eq!(error, ContractError::Bounds { field, least, most, actual });
}

#[test]
fn a_contribution_built_on_itself_or_twice_on_another() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let (token_id, parent_id) = ("1-1-0".to_owned(), "1-0-0".to_owned());
    let mint = story.contribution(&token_id, &model, "alice");
    let own = Mint { parents: vec![token_id.clone()], ..mint.clone() };
    let error = story.mint(own).unwrap_err().provenance();
    assert_eq!(error, ContractError::OwnParent { token_id: token_id.clone() });
    let parents = vec![parent_id.clone(), "1-0-1".to_owned(), parent_id.clone()];
    let error = story.mint(Mint { parents, ..mint }).unwrap_err().provenance();
    assert_eq!(error, ContractError::ParentTwice { token_id, parent_id });
}

#[test]
fn a_model_that_is_not_registered_earns_nothing() {
    let mut story = Provenance::on_mock();
    let stranger = story.chain.account("no model");
    let model = Addr::unchecked(stranger.clone());
    let unknown = || ContractError::UnknownModel { model: model.clone() };
    assert_eq!(story.pay("user", &stranger, 1).unwrap_err().provenance(), unknown());
    assert_eq!(story.collect_fees(&stranger).unwrap_err().provenance(), unknown());
    let error = story.forward(&stranger, Beneficiary::Owner).unwrap_err();
    assert_eq!(error.provenance(), unknown());
    assert!(story.try_ask::<cosmwasm_std::Empty>(&QueryMsg::Revenue { model: stranger }).is_err());
}

#[rstest]
#[case::nothing(vec![], PaymentError::NoFunds {})]
#[case::another(coins(5, "uother"), PaymentError::MissingDenom("ureserve".to_owned()))]
#[case::two(vec![coin(5, "uother"), coin(5, "ureserve")], PaymentError::MultipleDenoms {})]
fn a_payment_is_one_coin_of_the_reserve_denom(
    #[case] funds: Vec<cosmwasm_std::Coin>,
    #[case] expected: PaymentError,
) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let (user, address) = (story.chain.account("user"), story.address.clone());
    story.chain.fund(&user, &funds);
    let msg = ExecuteMsg::PayUsage { model, memo: None };
    let error = story.chain.execute_any(&user, &address, &msg, &funds).unwrap_err().provenance();
    assert_eq!(error, ContractError::Payment(expected));
}

#[test]
fn a_memo_has_256_bytes_at_most() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    for (length, accepted) in [(256, true), (257, false)] {
        let msg = ExecuteMsg::PayUsage { model: model.clone(), memo: Some("m".repeat(length)) };
        let result = story.send("user", &msg, 10);
        assert_eq!(result.is_ok(), accepted);
        if let Err(failure) = result {
            let field = "the length of the memo";
            let bounds = ContractError::Bounds { field, least: 0, most: 256, actual: 257 };
            assert_eq!(failure.provenance(), bounds);
        }
    }
}

#[test]
fn a_claim_is_about_1_to_30_different_nfts_that_are_there() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("1-1-0", &model, "alice", &[]);
    story.pay("user", &model, 100).unwrap();
    let field = "the number of token ids";
    let error = story.claim("alice", &[]).unwrap_err().provenance();
    assert_eq!(error, ContractError::Bounds { field, least: 1, most: 30, actual: 0 });
    let error = story.claim("alice", &["1-1-0"; 31]).unwrap_err().provenance();
    assert_eq!(error, ContractError::Bounds { field, least: 1, most: 30, actual: 31 });
    let error = story.claim("alice", &["1-1-0", "1-1-0"]).unwrap_err().provenance();
    assert_eq!(error, ContractError::TokenTwice { token_id: "1-1-0".to_owned() });
    let error = story.claim("alice", &["1-1-0", "1-1-1"]).unwrap_err().provenance();
    assert_eq!(error, ContractError::UnknownToken { token_id: "1-1-1".to_owned() });
    assert_eq!(story.claimable("1-1-0"), 30);
}

#[test]
fn addresses_of_nobody_are_refused() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("1-1-0", &model, "alice", &[]);
    let (nobody, token_id) = ("nobody".to_owned(), "1-1-0".to_owned());
    let messages = [
        ExecuteMsg::TransferNft { recipient: nobody.clone(), token_id: token_id.clone() },
        ExecuteMsg::SendNft {
            contract: nobody.clone(),
            token_id: token_id.clone(),
            msg: Default::default(),
        },
        ExecuteMsg::Approve { spender: nobody.clone(), token_id: token_id.clone(), expires: None },
        ExecuteMsg::Revoke { spender: nobody.clone(), token_id },
        ExecuteMsg::ApproveAll { operator: nobody.clone(), expires: None },
        ExecuteMsg::RevokeAll { operator: nobody.clone() },
        ExecuteMsg::Distribute { model: nobody.clone() },
        ExecuteMsg::CollectFees { model: nobody.clone() },
        ExecuteMsg::Forward { model: nobody, to: Beneficiary::Owner },
    ];
    for msg in messages {
        let error = story.send("alice", &msg, 0).unwrap_err().provenance();
        assert!(matches!(error, ContractError::Std(_)), "{msg:?}: {error}");
    }
}

#[rstest]
#[case::none(0)]
#[case::too_far(17)]
fn a_lineage_is_1_to_16_steps_long(#[case] depth: u8) {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on("1-1-0", &model, "alice", &[]);
    let msg = QueryMsg::Lineage {
        token_id: "1-1-0".to_owned(),
        direction: LineageDirection::Ancestors,
        depth,
        skip: None,
        limit: None,
    };
    let error = story.try_ask::<cosmwasm_std::Empty>(&msg).unwrap_err().to_string();
    assert!(error.contains(&format!("depth is from 1 to 16, not {depth}")), "{error}");
}

#[test]
fn questions_about_nfts_that_are_not_there_are_refused() {
    let story = Provenance::on_mock();
    let token_id = || "1-1-0".to_owned();
    let questions = [
        QueryMsg::Contribution { token_id: token_id() },
        QueryMsg::Lineage {
            token_id: token_id(),
            direction: LineageDirection::Ancestors,
            depth: 1,
            skip: None,
            limit: None,
        },
        QueryMsg::Claimable { token_ids: vec![token_id()] },
        QueryMsg::Image { token_id: token_id() },
        QueryMsg::RoyaltyInfo { token_id: token_id(), sale_price: 1u128.into() },
        QueryMsg::OwnerOf { token_id: token_id(), include_expired: None },
        QueryMsg::Approvals { token_id: token_id(), include_expired: None },
        QueryMsg::NftInfo { token_id: token_id() },
        QueryMsg::AllNftInfo { token_id: token_id(), include_expired: None },
    ];
    for msg in questions {
        let error = story.try_ask::<cosmwasm_std::Empty>(&msg).unwrap_err().to_string();
        assert!(error.contains("there is no NFT 1-1-0"), "{msg:?}: {error}");
    }
}

#[rstest]
#[case::too_short(4)]
#[case::too_long(604_801)]
fn witnesses_have_5_seconds_to_7_days(#[case] witness_secs: u64) {
    let mut chain = Mock::default();
    let someone = chain.account("someone");
    let msg = Provenance::<Mock>::instantiation(&chain, &someone, &someone);
    for (witness_secs, accepted) in [(witness_secs, false), (5, true), (604_800, true)] {
        let msg = modelbond_interface::provenance::InstantiateMsg { witness_secs, ..msg.clone() };
        assert_eq!(chain.instantiate("provenance", &msg).is_ok(), accepted);
    }
}
