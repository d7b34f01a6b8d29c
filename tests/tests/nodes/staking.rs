//! Staking, unstaking, withdrawing.

use cosmwasm_std::{to_json_binary, Addr, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;
use modelbond_interface::nodes::{
    ExecuteMsg, NodeStaked, QueryMsg, ReceiveMsg, StakeResponse, StakesResponse, Unbonding,
};
use modelbond_nodes::ContractError;
use modelbond_tests::nodes::{EPOCH_SECS, PLENTY, UNBONDING_SECS};
use modelbond_tests::{Chain, Nodes};
use rstest::rstest;

/// Two nodes of Alice's and one of Bob's.
fn fleet() -> Nodes {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("alice", "machine 2"), ("bob", "machine 3")]);
    nodes
}

fn tokens(amount: u128) -> Uint128 {
    Uint128::new(amount)
}

/// What a token says that somebody sent.
fn receive(nodes: &Nodes, owner: &str, node_id: u64, amount: u128) -> ExecuteMsg {
    let sender = nodes.address_of(owner);
    let msg = to_json_binary(&ReceiveMsg::Stake { node_id }).unwrap();
    ExecuteMsg::Receive(Cw20ReceiveMsg { sender, amount: tokens(amount), msg })
}

#[test]
fn stakes_add_up_for_each_node_apart() {
    let mut nodes = fleet();
    let event = nodes.stake("alice", 1, 700).unwrap();
    let model = nodes.token.clone();
    assert_eq!(event, NodeStaked { model, node_id: 1, amount: 700, stake: 700 });
    assert_eq!(nodes.stake("alice", 1, 300).unwrap().stake, 1_000);
    nodes.stake("alice", 2, 5).unwrap();
    nodes.stake("bob", 3, 9).unwrap();
    assert_eq!(nodes.tokens("alice"), PLENTY - 1_005);
    assert_eq!(nodes.tokens_at(&nodes.address), 1_014);
    let list = |start_after, limit| -> Vec<(u64, u128)> {
        let msg = QueryMsg::Stakes { model: nodes.token.clone(), start_after, limit };
        let answer: StakesResponse = nodes.query(&msg);
        answer.stakes.iter().map(|stake| (stake.node_id, stake.amount.u128())).collect()
    };
    assert_eq!(list(None, None), [(1, 1_000), (2, 5), (3, 9)]);
    assert_eq!(list(Some(1), Some(1)), [(2, 5)]);
    assert_eq!(list(None, Some(0)), []);
}

#[test]
fn tokens_of_different_models_are_apart() {
    let mut nodes = fleet();
    let other = nodes.another_token();
    nodes.stake("alice", 1, 700).unwrap();
    nodes.stake_of(&other, "alice", 1, 40).unwrap();
    assert_eq!(nodes.stake_in(1).amount, tokens(700));
    let stake: StakeResponse = nodes.query(&QueryMsg::Stake { model: other, node_id: 1 });
    assert_eq!(stake.amount, tokens(40));
    let error = nodes.unstake("alice", 1, 701).unwrap_err().nodes();
    let (stake, amount) = (tokens(700), tokens(701));
    assert_eq!(error, ContractError::InsufficientStake { stake, amount });
}

#[test]
fn whoever_says_to_be_a_token_has_stakes_in_itself_only() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 700).unwrap();
    nodes.send("mallory", &receive(&nodes, "alice", 1, u128::MAX)).unwrap();
    assert_eq!(nodes.stake_in(1).amount, tokens(700));
    let model = nodes.address_of("mallory");
    let stake: StakeResponse = nodes.query(&QueryMsg::Stake { model, node_id: 1 });
    assert_eq!(stake.amount, Uint128::MAX);
    // More than 128 bits are refused, also over several nodes.
    for (owner, node_id) in [("alice", 1), ("bob", 3)] {
        let error = nodes.send("mallory", &receive(&nodes, owner, node_id, 1)).unwrap_err();
        assert!(matches!(error.nodes(), ContractError::Std(_)));
    }
}

#[test]
fn only_the_owner_stakes_for_a_node() {
    let mut nodes = fleet();
    let error = nodes.stake("bob", 1, 5).unwrap_err().nodes();
    let (owner, sender) = ("alice", "bob");
    let [owner, sender] = [owner, sender].map(|who| Addr::unchecked(nodes.address_of(who)));
    assert_eq!(error, ContractError::NotOwner { node_id: 1, owner, sender });
    let error = nodes.stake("alice", 4, 5).unwrap_err().nodes();
    assert_eq!(error, ContractError::UnknownNode { node_id: 4 });
    assert_eq!(nodes.tokens("bob"), PLENTY);
}

#[test]
fn nothing_is_refused() {
    let mut nodes = fleet();
    let zero = ContractError::Zero { field: "amount" };
    let msg = receive(&nodes, "alice", 1, 0);
    assert_eq!(nodes.send("mallory", &msg).unwrap_err().nodes(), zero);
    assert_eq!(nodes.unstake("alice", 1, 0).unwrap_err().nodes(), zero);
}

#[test]
fn unstaked_tokens_are_paid_to_the_owner_after_they_have_unbonded() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    let event = nodes.unstake("alice", 1, 300).unwrap();
    let unbonds_at = nodes.chain.now().plus_seconds(UNBONDING_SECS);
    assert_eq!((event.amount, event.stake, event.unbonds_at), (300, 700, unbonds_at.nanos()));
    let stake = nodes.stake_in(1);
    assert_eq!(stake.amount, tokens(700));
    assert_eq!(stake.unbondings, [Unbonding { amount: tokens(300), unbonds_at, epoch: 1 }]);

    nodes.chain.wait(UNBONDING_SECS - 1);
    let now = nodes.chain.now();
    let error = nodes.withdraw(1).unwrap_err().nodes();
    assert_eq!(error, ContractError::NotUnbonded { unbonds_at, now });
    nodes.chain.wait(1);
    let event = nodes.withdraw(1).unwrap();
    assert_eq!((event.amount, event.owner), (300, nodes.address_of("alice")));
    assert_eq!(nodes.tokens("alice"), PLENTY - 700);
    assert_eq!(nodes.withdraw(1).unwrap_err().nodes(), ContractError::NothingUnbonding {});
    assert_eq!(nodes.stake_in(1).unbondings, []);
}

#[test]
fn what_has_unbonded_is_paid_and_the_rest_stays() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    for amount in [1, 20, 300] {
        nodes.unstake("alice", 1, amount).unwrap();
        nodes.chain.wait(100);
    }
    nodes.chain.wait(UNBONDING_SECS - 150);
    assert_eq!(nodes.withdraw(1).unwrap().amount, 21);
    assert_eq!(nodes.stake_in(1).unbondings.len(), 1);
    nodes.chain.wait(100);
    assert_eq!(nodes.withdraw(1).unwrap().amount, 300);
}

#[test]
fn at_most_sixteen_unbondings_at_a_time() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    for _ in 0..16 {
        nodes.unstake("alice", 1, 1).unwrap();
    }
    let error = nodes.unstake("alice", 1, 1).unwrap_err().nodes();
    assert_eq!(error, ContractError::TooManyUnbondings { most: 16 });
    nodes.chain.wait(UNBONDING_SECS);
    assert_eq!(nodes.withdraw(1).unwrap().amount, 16);
    nodes.unstake("alice", 1, 1).unwrap();
}

#[rstest]
#[case::the_roster_of_the_epoch_of_unstaking(1, false)]
#[case::the_roster_of_the_next_epoch(2, false)]
#[case::a_later_roster(3, true)]
fn tokens_that_a_round_may_still_slash_stay(#[case] pinned: u64, #[case] paid: bool) {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    nodes.unstake("alice", 1, 300).unwrap();
    nodes.chain.wait(UNBONDING_SECS);
    nodes.pin(Some(pinned));
    let result = nodes.withdraw(1);
    assert_eq!(result.is_ok(), paid);
    if let Err(failure) = result {
        assert_eq!(failure.nodes(), ContractError::StillPinned { pinned });
        nodes.pin(None);
        assert_eq!(nodes.withdraw(1).unwrap().amount, 300);
    }
}

#[test]
fn a_round_that_is_late_holds_back_what_it_may_slash_and_nothing_else() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    nodes.unstake("alice", 1, 1).unwrap();
    nodes.wait_epochs(1);
    nodes.unstake("alice", 1, 20).unwrap();
    nodes.chain.wait(UNBONDING_SECS);
    nodes.pin(Some(3));
    assert_eq!(nodes.withdraw(1).unwrap().amount, 1);
    assert_eq!(nodes.withdraw(1).unwrap_err().nodes(), ContractError::StillPinned { pinned: 3 });
    nodes.pin(Some(4));
    assert_eq!(nodes.withdraw(1).unwrap().amount, 20);
}

#[test]
fn when_unbonding_is_over_no_round_can_begin_to_draw_from_a_roster_with_these_tokens() {
    // The shortest unbonding, in the first and in the last second of an epoch.
    for second in [0, EPOCH_SECS - 1] {
        let settings = modelbond_interface::nodes::InstantiateMsg {
            unbonding_secs: 2 * EPOCH_SECS,
            ..modelbond_tests::nodes::settings()
        };
        let mut nodes = Nodes::with(settings).unwrap();
        nodes.register("alice", "machine 1").unwrap();
        nodes.stake("alice", 1, 5).unwrap();
        nodes.chain.wait(second);
        let unbonds_at = nodes.unstake("alice", 1, 5).unwrap().unbonds_at;
        nodes.chain.set_time(Timestamp::from_nanos(unbonds_at));
        assert!(nodes.epoch() > nodes.stake_in(1).unbondings[0].epoch + 1);
    }
}

#[test]
fn a_retired_nodes_stake_comes_back() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    nodes.retire("alice", 1).unwrap();
    nodes.unstake("alice", 1, 1_000).unwrap();
    nodes.chain.wait(UNBONDING_SECS);
    nodes.withdraw(1).unwrap();
    assert_eq!(nodes.tokens("alice"), PLENTY);
    assert_eq!(nodes.tokens_at(&nodes.address), 0);
}

#[test]
fn tokens_that_were_simply_transferred_are_nobodys_stake() {
    let mut nodes = fleet();
    let (recipient, amount) = (nodes.address.clone(), tokens(77));
    let msg = cw20::Cw20ExecuteMsg::Transfer { recipient, amount };
    let (sender, token) = (nodes.address_of("alice"), nodes.token.clone());
    modelbond_tests::Contracts::execute_any(&mut nodes.chain, &sender, &token, &msg, &[]).unwrap();
    assert_eq!(nodes.stake_in(1).amount, Uint128::zero());
    let error = nodes.unstake("alice", 1, 77).unwrap_err().nodes();
    let (stake, amount) = (Uint128::zero(), tokens(77));
    assert_eq!(error, ContractError::InsufficientStake { stake, amount });
}
