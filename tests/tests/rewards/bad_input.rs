//! What is refused, by name, and leaves nothing behind.

use cosmwasm_std::{coins, to_json_binary, Addr, Uint128};
use cw_utils::PaymentError;
use modelbond_interface::market::ExecuteMsg as MarketMsg;
use modelbond_interface::rewards::{
    ConfigResponse, ExecuteMsg, InstantiateMsg, OperatorResponse, QueryMsg, SegmentResponse,
    SegmentsResponse,
};
use modelbond_rewards::ContractError;
use modelbond_tests::{Chain, Contracts, Failure, Rewards};
use rstest::rstest;

const MILLION: u128 = 1_000_000;

fn messages(rewards: &Rewards) -> Vec<ExecuteMsg> {
    let model = rewards.market.market.clone();
    vec![
        ExecuteMsg::Settle { model: model.clone(), epoch: 1 },
        rewards.credit_message("alice", 0, 1),
        ExecuteMsg::Claim { model, operator: None },
    ]
}

#[test]
fn coins_are_refused() {
    let mut rewards = Rewards::successful();
    rewards.market.fund("keeper", 100);
    let (training, address) = (rewards.deployment.training.clone(), rewards.address.clone());
    rewards.market.chain.fund(&training, &coins(100, "ureserve"));
    for msg in messages(&rewards) {
        for sender in [training.clone(), rewards.market.address("keeper")] {
            let chain = &mut rewards.market.chain;
            let result = chain.execute_any(&sender, &address, &msg, &coins(1, "ureserve"));
            let expected = ContractError::Payment(PaymentError::NonPayable {});
            assert_eq!(result.unwrap_err().rewards(), expected);
        }
    }
    let msg = InstantiateMsg { registry: training.clone(), training };
    rewards.market.chain.instantiate("rewards", &msg).expect("without coins it can be made");
}

#[rstest]
#[case::empty("")]
#[case::no_address("not an address")]
#[case::upper_case("WASM1QQ")]
#[case::of_another_chain("cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh")]
fn names_that_are_no_addresses_are_refused(#[case] name: &str) {
    let mut rewards = Rewards::successful();
    let (model, name) = (rewards.market.market.clone(), name.to_owned());
    let own = InstantiateMsg { registry: name.clone(), training: model.clone() };
    assert!(rewards.market.chain.instantiate("rewards", &own).is_err());
    let own = InstantiateMsg { registry: model.clone(), training: name.clone() };
    assert!(rewards.market.chain.instantiate("rewards", &own).is_err());
    for msg in [
        ExecuteMsg::Settle { model: name.clone(), epoch: 1 },
        ExecuteMsg::Claim { model: name.clone(), operator: None },
        ExecuteMsg::Claim { model: model.clone(), operator: Some(name.clone()) },
    ] {
        let error = rewards.send("keeper", &msg).unwrap_err().rewards();
        assert!(matches!(error, ContractError::Std(_)), "{error}");
    }
    let (start_after, limit) = (None, None);
    for msg in [
        QueryMsg::Model { model: name.clone() },
        QueryMsg::Segment { model: name.clone(), offset: 0 },
        QueryMsg::Segments { model: name.clone(), start_after, limit },
        QueryMsg::Operator { model, operator: name, start_after, limit },
    ] {
        assert!(rewards.try_query::<serde_json::Value>(&msg).is_err(), "{msg:?}");
    }
}

#[test]
fn only_models_of_the_registry_are_settled() {
    let mut rewards = Rewards::successful();
    for model in [rewards.market.address("nobody"), rewards.deployment.training.clone()] {
        let unknown = ContractError::UnknownModel { model: Addr::unchecked(&model) };
        let msg = ExecuteMsg::Settle { model: model.clone(), epoch: 0 };
        assert_eq!(rewards.send("keeper", &msg).unwrap_err().rewards(), unknown);
        let error = rewards.try_query::<serde_json::Value>(&QueryMsg::Model { model }).unwrap_err();
        assert_eq!(error.to_string(), unknown.to_string());
    }
}

#[test]
fn a_claim_of_nothing_says_whose() {
    let mut rewards = Rewards::successful();
    let model = Addr::unchecked(&rewards.market.market);
    let operator = Addr::unchecked(rewards.market.address("alice"));
    let expected = ContractError::NothingDue { model, operator };
    assert_eq!(rewards.claim("alice").unwrap_err().rewards(), expected);
    rewards.play(&[("alice", 1)]);
    assert_eq!(rewards.claim("alice").unwrap_err().rewards(), expected);
}

#[test]
fn more_work_than_can_be_counted_is_refused() {
    let mut rewards = Rewards::successful();
    rewards.credit("alice", 0, u32::MAX).unwrap();
    let error = rewards.credit("alice", 0, 1).unwrap_err().rewards();
    assert!(matches!(error, ContractError::Std(_)), "{error}");
    assert_eq!(rewards.operator("alice").pieces[0].work, u32::MAX);
}

/// Training credits what it counted. If it ever credited more, nobody else's part would pay for it.
#[test]
fn work_that_was_never_counted_gets_nothing_of_other_peoples_tokens() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 2)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let first = rewards.budget().1.expect("tokens").tokens;
    rewards.play(&[("bob", 2)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    rewards.budget();
    rewards.credit("mallory", 0, 1_000).unwrap();
    assert_eq!(rewards.market.tokens("mallory"), first.u128(), "she was first");
    assert_eq!(rewards.claim("alice").unwrap()[0].tokens, Uint128::zero());
    rewards.next_epoch();
    rewards.budget();
    let segment = rewards.segment(2).expect("a segment");
    assert_eq!(rewards.claim("bob").unwrap()[0].tokens, segment.tokens);
    // Beyond the end of the line there is no segment, and never before there is work.
    rewards.credit("mallory", u64::MAX, 1).unwrap();
    assert!(rewards.claim("mallory").is_err());
    rewards.check();
}

#[test]
fn tokens_that_somebody_sends_belong_to_nobody() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.market.claim("creator").unwrap();
    rewards.donate("creator", MILLION);
    rewards.check();
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let bought = rewards.budget().1.expect("tokens");
    rewards.donate("creator", MILLION);
    rewards.next_epoch();
    rewards.budget();
    assert_eq!(rewards.claim("alice").unwrap()[0].tokens, bought.tokens);
    rewards.check();
    // With a message they do not come at all.
    let (contract, amount) = (rewards.address.clone(), Uint128::new(5));
    let msg = to_json_binary(&ExecuteMsg::Settle { model: String::new(), epoch: 0 }).unwrap();
    let send = MarketMsg::Send { contract, amount, msg };
    assert!(rewards.market.send("creator", &send, 0).is_err());
    rewards.check();
}

#[test]
fn coins_that_somebody_sends_change_nothing() {
    let mut rewards = Rewards::successful();
    rewards.market.fund("rich", 500);
    let (from, to) = (rewards.market.address("rich"), rewards.address.clone());
    rewards.market.chain.pay(&from, &to, &coins(500, "ureserve")).unwrap();
    rewards.play(&[("alice", 1)]);
    rewards.next_epoch();
    assert!(rewards.budget().0.budget.is_zero());
}

#[test]
fn pages_have_at_most_thirty() {
    let mut rewards = Rewards::successful();
    for _ in 0..35 {
        rewards.play(&[("alice", 1)]);
        rewards.trade(10 * MILLION);
        rewards.next_epoch();
        rewards.budget();
    }
    let model = rewards.market.market.clone();
    let operator = rewards.market.address("alice");
    for (limit, expected) in [(None, 10), (Some(0), 0), (Some(7), 7), (Some(u32::MAX), 30)] {
        let (model, operator, start_after) = (model.clone(), operator.clone(), Some(1));
        let msg = QueryMsg::Segments { model: model.clone(), start_after, limit };
        let page: SegmentsResponse = rewards.try_query(&msg).unwrap();
        assert_eq!(page.segments.len(), expected);
        assert!(page.segments.iter().all(|segment| segment.end > 1));
        let msg = QueryMsg::Operator { model, operator, start_after, limit };
        let page: OperatorResponse = rewards.try_query(&msg).unwrap();
        // What was paid with contributions in between is gone.
        assert!(page.pieces.len() <= expected);
    }
    assert_eq!(rewards.segments().len(), 35);
    let segment = |offset| {
        let msg = QueryMsg::Segment { model: model.clone(), offset };
        rewards.try_query::<SegmentResponse>(&msg).unwrap().segment
    };
    assert_eq!(segment(34).map(|segment| segment.end), Some(35));
    assert_eq!((segment(35), segment(u64::MAX)), (None, None));
}

#[test]
fn what_it_was_made_with_can_be_asked() {
    let rewards = Rewards::default();
    let config: ConfigResponse = rewards.try_query(&QueryMsg::Config {}).unwrap();
    let made_with = (config.registry.into_string(), config.training.into_string());
    let deployment = &rewards.deployment;
    assert_eq!(made_with, (deployment.registry.clone(), deployment.training.clone()));
}

#[test]
fn a_market_that_names_other_rewards_is_none_of_its_business() {
    // Opened without the registry: nothing can be settled, whatever it says.
    let mut rewards = Rewards::successful();
    let denom = rewards.market.chain.denom().to_owned();
    let msg = modelbond_interface::market::InstantiateMsg {
        rewards: rewards.address.clone(),
        ..rewards.market.msg.clone()
    };
    let creator = rewards.market.address("creator");
    let funds = coins(1_000_000 * MILLION, denom);
    rewards.market.chain.fund(&creator, &funds);
    let (model, _) = rewards.market.chain.open(&creator, &msg, &funds).unwrap();
    rewards.next_epoch();
    let result = rewards.send("keeper", &ExecuteMsg::Settle { model, epoch: 0 });
    assert!(matches!(result, Err(Failure::Rewards(_))), "{result:?}");
}
