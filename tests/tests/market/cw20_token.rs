//! The market is the whole cw20.

use cosmwasm_std::{to_json_binary, Binary, Timestamp, Uint128};
use cw20::{AllowanceResponse, Expiration, Logo, MinterResponse, TokenInfoResponse};
use modelbond_interface::market::{ExecuteMsg, MarketBurned, QueryMsg};
use modelbond_market::ContractError;
use modelbond_tests::receiver::{self, Instruction};
use modelbond_tests::{Chain, Mock, Suite};

use crate::{HOUR, PLENTY};

/// Alice holds free tokens; the second value is a contract that takes some.
fn market() -> (Suite<Mock>, String) {
    let mut suite = Suite::builder().with_balance("alice", PLENTY).build();
    suite.wait_for_unlock();
    suite.buy("alice", 100_000_000).unwrap();
    let receiver = suite.chain.deploy(receiver::code(), &cosmwasm_std::Empty {});
    (suite, receiver)
}

fn send(contract: &str, amount: u128, instruction: Option<Instruction>) -> ExecuteMsg {
    let msg = instruction.map_or_else(Binary::default, |i| to_json_binary(&i).unwrap());
    ExecuteMsg::Send { contract: contract.to_owned(), amount: amount.into(), msg }
}

fn allowance(suite: &Suite<Mock>, owner: &str, spender: &str) -> AllowanceResponse {
    let (owner, spender) = (suite.address(owner), suite.address(spender));
    suite.query(&QueryMsg::Allowance { owner, spender }).unwrap()
}

#[test]
fn name_symbol_decimals_and_supply_are_shown() {
    let (suite, _) = market();
    let info: TokenInfoResponse = suite.query(&QueryMsg::TokenInfo {}).unwrap();
    assert_eq!((info.name.as_str(), info.symbol.as_str()), ("Iris classifier", "IRIS"));
    assert_eq!(info.decimals, 6);
    assert_eq!(info.total_supply, suite.price().supply);
    let minter: Option<MinterResponse> = suite.query(&QueryMsg::Minter {}).unwrap();
    assert_eq!(minter, None);
}

#[test]
fn a_transfer_moves_tokens_and_says_so() {
    let (mut suite, _) = market();
    let before = suite.tokens("alice");
    let outcome = suite.transfer("alice", "bob", 5_000_000).unwrap();
    assert_eq!(suite.tokens("bob"), 5_000_000);
    assert_eq!(suite.tokens("alice"), before - 5_000_000);
    assert_eq!(outcome.attribute("action"), Some("transfer"));
    assert_eq!(outcome.attribute("from"), Some(suite.address("alice").as_str()));
    assert_eq!(outcome.attribute("to"), Some(suite.address("bob").as_str()));
    assert_eq!(outcome.attribute("amount"), Some("5000000"));
}

#[test]
fn a_transfer_to_oneself_changes_nothing() {
    let (mut suite, _) = market();
    let before = suite.tokens("alice");
    suite.transfer("alice", "alice", before).unwrap();
    assert_eq!(suite.tokens("alice"), before);
    assert_refused!(
        suite.transfer("alice", "alice", before + 1),
        ContractError::InsufficientTokens { .. }
    );
}

#[test]
fn a_transfer_of_more_than_the_balance_is_refused() {
    let (mut suite, _) = market();
    let before = suite.tokens("alice");
    assert_refused!(
        suite.transfer("alice", "bob", before + 1),
        ContractError::InsufficientTokens { needed, balance, .. }
            if needed.u128() == before + 1 && balance.u128() == before
    );
}

#[test]
fn sent_tokens_arrive_and_the_receiver_is_called() {
    let (mut suite, receiver) = market();
    let outcome = suite.send("alice", &send(&receiver, 7_000_000, None), 0).unwrap();
    assert_eq!(suite.tokens_at(&receiver), 7_000_000);
    assert_eq!(outcome.attribute("received_amount"), Some("7000000"));
    assert_eq!(outcome.attribute("received_from"), Some(suite.address("alice").as_str()));
    assert_eq!(outcome.attribute("received_token"), Some(suite.market.as_str()));
}

#[test]
fn a_receiver_that_refuses_stops_the_transfer() {
    let (mut suite, receiver) = market();
    let before = suite.tokens("alice");
    let msg = send(&receiver, 7_000_000, Some(Instruction::Refuse {}));
    assert!(suite.send("alice", &msg, 0).is_err());
    assert_eq!((suite.tokens("alice"), suite.tokens_at(&receiver)), (before, 0));
}

#[test]
fn a_receiver_that_calls_back_finds_the_tokens_already_there() {
    let (mut suite, receiver) = market();
    let before = suite.tokens("alice");
    let back = Instruction::GiveBack { amount: Uint128::new(3_000_000) };
    suite.send("alice", &send(&receiver, 7_000_000, Some(back)), 0).unwrap();
    assert_eq!(suite.tokens_at(&receiver), 4_000_000);
    assert_eq!(suite.tokens("alice"), before - 4_000_000);
    let more = Instruction::GiveBack { amount: Uint128::new(99_000_000_000_000) };
    assert!(suite.send("alice", &send(&receiver, 1, Some(more)), 0).is_err());
}

#[test]
fn an_allowance_is_used_up_by_transfer_send_and_burn() {
    let (mut suite, contract) = market();
    suite.allow("alice", "bob", 10_000_000).unwrap();
    let (owner, recipient) = (suite.address("alice"), suite.address("carol"));
    let amount = Uint128::new(3_000_000);
    let msg = ExecuteMsg::TransferFrom { owner: owner.clone(), recipient, amount };
    let outcome = suite.send("bob", &msg, 0).unwrap();
    assert_eq!(outcome.attribute("action"), Some("transfer_from"));
    assert_eq!(outcome.attribute("by"), Some(suite.address("bob").as_str()));
    let msg = ExecuteMsg::SendFrom {
        owner: owner.clone(),
        contract: contract.clone(),
        amount,
        msg: Binary::default(),
    };
    let outcome = suite.send("bob", &msg, 0).unwrap();
    assert_eq!(outcome.attribute("received_from"), Some(suite.address("bob").as_str()));
    let supply = suite.supply();
    let burn = ExecuteMsg::BurnFrom { owner, amount };
    let burned: MarketBurned = suite.send("bob", &burn, 0).unwrap().event();
    assert_eq!(burned.owner, suite.address("alice"));
    assert_eq!(suite.supply(), supply - 3_000_000);
    assert_eq!(suite.tokens("carol"), 3_000_000);
    assert_eq!(suite.tokens_at(&contract), 3_000_000);
    assert_eq!(allowance(&suite, "alice", "bob").allowance.u128(), 1_000_000);
    assert!(suite.send("bob", &burn, 0).is_err());
}

#[test]
fn an_expired_allowance_is_refused() {
    let (mut suite, _) = market();
    let at = suite.chain.now().plus_seconds(HOUR);
    let (owner, spender, recipient) =
        (suite.address("alice"), suite.address("bob"), suite.address("bob"));
    let amount = Uint128::new(1_000);
    let expires = Some(Expiration::AtTime(at));
    suite.send("alice", &ExecuteMsg::IncreaseAllowance { spender, amount, expires }, 0).unwrap();
    let msg = ExecuteMsg::TransferFrom { owner, recipient, amount: Uint128::new(1) };
    suite.send("bob", &msg, 0).unwrap();
    suite.wait(HOUR);
    assert_refused!(
        suite.send("bob", &msg, 0),
        ContractError::Cw20(cw20_base::ContractError::Expired {})
    );
    let past = Some(Expiration::AtTime(Timestamp::from_seconds(1)));
    let spender = suite.address("carol");
    let msg = ExecuteMsg::IncreaseAllowance { spender, amount, expires: past };
    assert!(suite.send("alice", &msg, 0).is_err());
}

#[test]
fn a_decreased_allowance_ends_at_nothing() {
    let (mut suite, _) = market();
    suite.allow("alice", "bob", 1_000).unwrap();
    let spender = suite.address("bob");
    let less = |amount: u128| ExecuteMsg::DecreaseAllowance {
        spender: spender.clone(),
        amount: amount.into(),
        expires: None,
    };
    suite.send("alice", &less(400), 0).unwrap();
    assert_eq!(allowance(&suite, "alice", "bob").allowance.u128(), 600);
    suite.send("alice", &less(10_000), 0).unwrap();
    assert_eq!(allowance(&suite, "alice", "bob").allowance.u128(), 0);
    assert!(suite.send("alice", &less(1), 0).is_err());
}

#[test]
fn minting_and_a_minter_are_refused_to_everybody() {
    let (mut suite, _) = market();
    let recipient = suite.address("creator");
    for name in ["creator", "rewards", "alice"] {
        let msg = ExecuteMsg::Mint { recipient: recipient.clone(), amount: Uint128::new(1) };
        assert_refused!(suite.send(name, &msg, 0), ContractError::MintRefused);
        for new_minter in [None, Some(recipient.clone())] {
            let msg = ExecuteMsg::UpdateMinter { new_minter };
            assert_refused!(suite.send(name, &msg, 0), ContractError::UpdateMinterRefused);
        }
    }
}

#[test]
fn the_creator_writes_the_marketing_record_and_may_give_it_away() {
    let (mut suite, _) = market();
    let update = |marketing: Option<String>| ExecuteMsg::UpdateMarketing {
        project: Some("https://iris.example".to_owned()),
        description: Some("a flower".to_owned()),
        marketing,
    };
    assert!(suite.send("alice", &update(None), 0).is_err());
    let alice = suite.address("alice");
    suite.send("creator", &update(Some(alice)), 0).unwrap();
    assert!(suite.send("creator", &update(None), 0).is_err());
    let logo = ExecuteMsg::UploadLogo(Logo::Url("https://iris.example/logo.png".to_owned()));
    suite.send("alice", &logo, 0).unwrap();
    suite.send("alice", &update(Some(String::new())), 0).unwrap();
    assert!(suite.send("alice", &update(None), 0).is_err(), "nobody ever again");
}

#[test]
fn a_burn_is_a_sale_that_pays_nothing() {
    let (mut suite, _) = market();
    let (coins, supply) = (suite.coins("alice"), suite.supply());
    let e = suite.burn("alice", 1_000_000).unwrap();
    assert_eq!(suite.coins("alice"), coins);
    assert_eq!(suite.supply(), supply - 1_000_000);
    assert!(e.gross > Uint128::zero());
    assert_refused!(suite.burn("alice", u128::MAX), ContractError::InsufficientTokens { .. });
}
