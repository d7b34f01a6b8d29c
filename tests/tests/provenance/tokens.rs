//! cw721: who holds an NFT, who may move it, until when.

use cosmwasm_std::{to_json_binary, Addr, Empty};
use cw721::msg::{
    ApprovalResponse, ApprovalsResponse, OperatorResponse, OperatorsResponse, OwnerOfResponse,
    TokensResponse,
};
use cw721::{Approval, Expiration};
use modelbond_interface::provenance::{ExecuteMsg, QueryMsg};
use modelbond_provenance::ContractError;
use modelbond_tests::provenance::collector::{self, Instruction};
use modelbond_tests::{Chain, Failure, Outcome, Provenance};
use rstest::rstest;

const TOKEN: &str = "1-1-0";

fn minted() -> Provenance {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    story.mint_on(TOKEN, &model, "alice", &[]);
    story
}

fn approve(
    story: &mut Provenance,
    name: &str,
    spender: &str,
    expires: Option<Expiration>,
) -> Result<Outcome, Failure> {
    let spender = story.chain.account(spender);
    story.send(name, &ExecuteMsg::Approve { spender, token_id: TOKEN.to_owned(), expires }, 0)
}

fn revoke(story: &mut Provenance, name: &str, spender: &str) -> Result<Outcome, Failure> {
    let spender = story.chain.account(spender);
    story.send(name, &ExecuteMsg::Revoke { spender, token_id: TOKEN.to_owned() }, 0)
}

fn approve_all(
    story: &mut Provenance,
    name: &str,
    operator: &str,
    expires: Option<Expiration>,
) -> Result<Outcome, Failure> {
    let operator = story.chain.account(operator);
    story.send(name, &ExecuteMsg::ApproveAll { operator, expires }, 0)
}

fn holder(story: &Provenance) -> OwnerOfResponse {
    let (token_id, include_expired) = (TOKEN.to_owned(), None);
    story.ask(&QueryMsg::OwnerOf { token_id, include_expired })
}

fn refused(story: &Provenance, result: Result<Outcome, Failure>, holder: &str, sender: &str) {
    let [holder, sender] = [holder, sender].map(|name| Addr::unchecked(story.chain.account(name)));
    let error = result.unwrap_err().provenance();
    assert_eq!(error, ContractError::NotAllowed { token_id: TOKEN.to_owned(), holder, sender });
}

#[test]
fn a_transfer_says_what_cw721_says() {
    let mut story = minted();
    let outcome = story.transfer("alice", "bob", TOKEN).unwrap();
    let said = ["action", "sender", "recipient", "token_id"].map(|key| outcome.attribute(key));
    let [alice, bob] = ["alice", "bob"].map(|name| story.chain.account(name));
    assert_eq!(said, [Some("transfer_nft"), Some(&alice), Some(&bob), Some(TOKEN)]);
    assert_eq!(holder(&story).owner, bob);
}

#[test]
fn moving_an_nft_ends_its_approvals() {
    let mut story = minted();
    approve(&mut story, "alice", "friend", None).unwrap();
    story.transfer("friend", "bob", TOKEN).unwrap();
    assert_eq!(holder(&story).approvals, []);
    let result = story.transfer("friend", "friend", TOKEN);
    refused(&story, result, "bob", "friend");
}

#[test]
fn an_nft_is_in_the_list_of_its_holder_only() {
    let mut story = minted();
    story.transfer("alice", "bob", TOKEN).unwrap();
    for (name, expected) in [("alice", vec![]), ("bob", vec![TOKEN.to_owned()])] {
        let owner = story.chain.account(name);
        let msg = QueryMsg::Tokens { owner, start_after: None, limit: None };
        assert_eq!(story.ask::<TokensResponse>(&msg).tokens, expected);
    }
    story.transfer("bob", "bob", TOKEN).unwrap();
    let owner = story.chain.account("bob");
    let msg = QueryMsg::Tokens { owner, start_after: None, limit: None };
    assert_eq!(story.ask::<TokensResponse>(&msg).tokens, [TOKEN]);
}

#[test]
fn a_stranger_moves_nothing() {
    let mut story = minted();
    let result = story.transfer("mallory", "mallory", TOKEN);
    refused(&story, result, "alice", "mallory");
}

#[test]
fn whoever_may_move_an_nft_may_not_say_who_else_may() {
    let mut story = minted();
    approve(&mut story, "alice", "friend", None).unwrap();
    let result = approve(&mut story, "friend", "mallory", None);
    refused(&story, result, "alice", "friend");
    let result = revoke(&mut story, "friend", "friend");
    refused(&story, result, "alice", "friend");
}

#[test]
fn an_operator_may_do_with_everything_what_its_holder_may() {
    let mut story = minted();
    approve_all(&mut story, "alice", "broker", None).unwrap();
    approve(&mut story, "broker", "friend", None).unwrap();
    revoke(&mut story, "broker", "friend").unwrap();
    story.transfer("broker", "bob", TOKEN).unwrap();
    let result = story.transfer("broker", "broker", TOKEN);
    refused(&story, result, "bob", "broker");
}

#[test]
fn a_revoked_approval_moves_nothing() {
    let mut story = minted();
    approve(&mut story, "alice", "friend", None).unwrap();
    revoke(&mut story, "alice", "friend").unwrap();
    let result = story.transfer("friend", "friend", TOKEN);
    refused(&story, result, "alice", "friend");
    approve_all(&mut story, "alice", "broker", None).unwrap();
    let operator = story.chain.account("broker");
    story.send("alice", &ExecuteMsg::RevokeAll { operator }, 0).unwrap();
    let result = story.transfer("broker", "broker", TOKEN);
    refused(&story, result, "alice", "broker");
}

#[rstest]
#[case::by_height(|story: &Provenance| Expiration::AtHeight(story.chain.app().block_info().height + 1))]
#[case::by_time(|story: &Provenance| Expiration::AtTime(story.chain.now().plus_seconds(5)))]
fn an_approval_is_worth_nothing_from_its_expiry_on(#[case] until: fn(&Provenance) -> Expiration) {
    let mut story = minted();
    let expires = until(&story);
    approve(&mut story, "alice", "friend", Some(expires)).unwrap();
    approve_all(&mut story, "alice", "broker", Some(expires)).unwrap();
    story.chain.wait(5);
    for name in ["friend", "broker"] {
        let result = story.transfer(name, name, TOKEN);
        refused(&story, result, "alice", name);
    }
    let late = approve(&mut story, "alice", "other", Some(expires));
    assert_eq!(late.unwrap_err().provenance(), ContractError::Expired);
    let late = approve_all(&mut story, "alice", "other", Some(expires));
    assert_eq!(late.unwrap_err().provenance(), ContractError::Expired);
}

#[test]
fn expired_approvals_are_shown_when_asked_for() {
    let mut story = minted();
    let expires = Expiration::AtTime(story.chain.now().plus_seconds(5));
    approve(&mut story, "alice", "friend", Some(expires)).unwrap();
    approve_all(&mut story, "alice", "broker", Some(expires)).unwrap();
    story.chain.wait(5);
    let [owner, spender, operator] =
        ["alice", "friend", "broker"].map(|name| story.chain.account(name));
    let token_id = TOKEN.to_owned();
    let expected = Approval { spender: Addr::unchecked(&spender), expires };
    for (include_expired, shown) in [(None, vec![]), (Some(true), vec![expected.clone()])] {
        let msg = QueryMsg::Approvals { token_id: token_id.clone(), include_expired };
        assert_eq!(story.ask::<ApprovalsResponse>(&msg).approvals, shown);
        let msg = QueryMsg::OwnerOf { token_id: token_id.clone(), include_expired };
        assert_eq!(story.ask::<OwnerOfResponse>(&msg).approvals, shown);
        let msg = QueryMsg::AllOperators {
            owner: owner.clone(),
            include_expired,
            start_after: None,
            limit: None,
        };
        assert_eq!(story.ask::<OperatorsResponse>(&msg).operators.len(), shown.len());
    }
    let one = |include_expired| QueryMsg::Approval {
        token_id: token_id.clone(),
        spender: spender.clone(),
        include_expired,
    };
    assert_eq!(story.ask::<ApprovalResponse>(&one(Some(true))).approval, expected);
    assert!(story.try_ask::<ApprovalResponse>(&one(None)).is_err());
    let one = |include_expired| QueryMsg::Operator {
        owner: owner.clone(),
        operator: operator.clone(),
        include_expired,
    };
    assert_eq!(story.ask::<OperatorResponse>(&one(Some(true))).approval.expires, expires);
    assert!(story.try_ask::<OperatorResponse>(&one(None)).is_err());
}

#[test]
fn a_holder_needs_no_approval() {
    let story = minted();
    let msg = QueryMsg::Approval {
        token_id: TOKEN.to_owned(),
        spender: story.chain.account("alice"),
        include_expired: None,
    };
    let approval = story.ask::<ApprovalResponse>(&msg).approval;
    assert_eq!(approval.expires, Expiration::Never {});
}

#[test]
fn a_second_approval_of_somebody_replaces_the_first() {
    let mut story = minted();
    let expires = Expiration::AtHeight(1_000_000);
    approve(&mut story, "alice", "friend", Some(expires)).unwrap();
    approve(&mut story, "alice", "friend", None).unwrap();
    let spender = Addr::unchecked(story.chain.account("friend"));
    assert_eq!(holder(&story).approvals, [Approval { spender, expires: Expiration::Never {} }]);
}

#[test]
fn an_nft_has_30_approvals_at_most() {
    let mut story = minted();
    for number in 0..30 {
        approve(&mut story, "alice", &format!("friend {number}"), None).unwrap();
    }
    let error = approve(&mut story, "alice", "one more", None).unwrap_err().provenance();
    let full = ContractError::TooManyApprovals { token_id: TOKEN.to_owned(), most: 30 };
    assert_eq!(error, full);
    approve(&mut story, "alice", "friend 7", None).unwrap();
    revoke(&mut story, "alice", "friend 8").unwrap();
    approve(&mut story, "alice", "one more", None).unwrap();
}

#[test]
fn a_contract_is_called_with_the_nft_that_it_gets() {
    let mut story = minted();
    let contract = story.chain.deploy(collector::code(), &Empty {});
    let send =
        |msg| ExecuteMsg::SendNft { contract: contract.clone(), token_id: TOKEN.to_owned(), msg };
    let refuse = to_json_binary(&Instruction::Refuse {}).unwrap();
    let error = story.send("alice", &send(refuse), 0).unwrap_err().to_string();
    assert!(error.contains("the collector refuses"), "{error}");
    assert_eq!(holder(&story).owner, story.chain.account("alice"));

    let back = to_json_binary(&Instruction::GiveBack {}).unwrap();
    story.send("alice", &send(back), 0).unwrap();
    assert_eq!(holder(&story).owner, story.chain.account("alice"));

    let outcome = story.send("alice", &send(Default::default()), 0).unwrap();
    assert_eq!(outcome.attribute("action"), Some("send_nft"));
    assert_eq!(outcome.attribute("received_from"), Some(&*story.chain.account("alice")));
    assert_eq!(holder(&story).owner, contract);
}

#[test]
fn a_contract_that_gets_an_nft_gets_what_it_has_earned() {
    let mut story = minted();
    let model = story.shown(TOKEN).contribution.model.into_string();
    story.pay("user", &model, 1_000).unwrap();
    let contract = story.chain.deploy(collector::code(), &Empty {});
    let msg = to_json_binary(&Instruction::Claim {}).unwrap();
    let send = ExecuteMsg::SendNft { contract: contract.clone(), token_id: TOKEN.to_owned(), msg };
    story.send("alice", &send, 0).unwrap();
    assert_eq!((story.chain.balance(&contract), story.coins("alice")), (300, 0));
}

#[test]
fn lists_have_pages() {
    let mut story = Provenance::on_mock();
    let model = story.open("creator", "IRIS", &[]).unwrap();
    let ids: Vec<String> = (10..45).map(|number| format!("1-1-{number}")).collect();
    for token_id in &ids {
        story.mint_on(token_id, &model, "alice", &[]);
    }
    let owner = story.chain.account("alice");
    let pages = |start_after: Option<&str>, limit| {
        let start_after = start_after.map(str::to_owned);
        let all = QueryMsg::AllTokens { start_after: start_after.clone(), limit };
        let held = QueryMsg::Tokens { owner: owner.clone(), start_after, limit };
        let all = story.ask::<TokensResponse>(&all).tokens;
        assert_eq!(all, story.ask::<TokensResponse>(&held).tokens);
        all
    };
    assert_eq!(pages(None, None), ids[..10]);
    assert_eq!(pages(Some("1-1-19"), None), ids[10..20]);
    assert_eq!(pages(None, Some(100)), ids[..30]);
    assert_eq!(pages(Some("1-1-43"), Some(30)), ids[34..]);
    assert!(pages(Some("1-1-44"), None).is_empty());
}
