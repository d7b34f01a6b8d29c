//! Slashing: what is taken, from what, and where it goes.

use cosmwasm_std::{Addr, Uint128};
use modelbond_interface::nodes::{ExecuteMsg, Slash, SlashData};
use modelbond_nodes::ContractError;
use modelbond_tests::nodes::{PLENTY, RUN, UNBONDING_SECS};
use modelbond_tests::{Chain, Nodes};
use rstest::rstest;

/// A node of Alice's and one of Bob's.
fn fleet() -> Nodes {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("bob", "machine 2")]);
    nodes
}

/// What is left of a stake, and what unbonds of it.
fn left(nodes: &Nodes, node_id: u64) -> (u128, Vec<u128>) {
    let stake = nodes.stake_in(node_id);
    (stake.amount.u128(), stake.unbondings.iter().map(|one| one.amount.u128()).collect())
}

fn data(amounts: &[u128]) -> SlashData {
    SlashData {
        amounts: amounts.iter().copied().map(Uint128::new).collect(),
        total: amounts.iter().sum::<u128>().into(),
    }
}

#[test]
fn what_is_taken_goes_to_training() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    nodes.stake("bob", 2, 500).unwrap();
    let (answer, events) = nodes.slash(&[(2, 1_000), (1, 200), (2, 1_000)]).unwrap();
    // In the order of the items; the second tenth of Bob's is one of what was left.
    assert_eq!(answer, data(&[50, 20, 45]));
    let told: Vec<_> = events.iter().map(|e| (e.node_id, e.amount, e.stake)).collect();
    assert_eq!(told, [(2, 50, 450), (1, 20, 980), (2, 45, 405)]);
    assert_eq!(nodes.tokens("training"), 115);
    assert_eq!(nodes.tokens_at(&nodes.address), 1_385);
    assert_eq!(nodes.stake_in(2).slashed, Uint128::new(95));
}

#[rstest]
#[case::nothing(0, 0, 100, &[20, 3])]
#[case::less_than_one(81, 0, 100, &[20, 3])]
#[case::rounded_down(82, 1, 99, &[20, 3])]
#[case::from_the_stake_first(8_000, 98, 2, &[20, 3])]
#[case::then_from_the_oldest_unbonding(9_000, 110, 0, &[10, 3])]
#[case::then_from_the_next(9_900, 121, 0, &[2])]
#[case::all(10_000, 123, 0, &[])]
fn a_part_of_stake_and_unbondings_is_taken(
    #[case] bps: u16,
    #[case] taken: u128,
    #[case] stake: u128,
    #[case] unbondings: &[u128],
) {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 123).unwrap();
    nodes.unstake("alice", 1, 20).unwrap();
    nodes.unstake("alice", 1, 3).unwrap();
    assert_eq!(nodes.slash(&[(1, bps)]).unwrap().0, data(&[taken]));
    assert_eq!(left(&nodes, 1), (stake, unbondings.to_vec()));
    assert_eq!(nodes.tokens("training"), taken);
    // The rest is paid out.
    nodes.chain.wait(UNBONDING_SECS);
    let paid: u128 = unbondings.iter().sum();
    assert_eq!(nodes.withdraw(1).map_or(0, |event| event.amount), paid);
    assert_eq!(nodes.tokens("alice"), PLENTY - 123 + paid);
}

#[test]
fn who_is_unknown_or_has_nothing_loses_nothing_and_the_rest_is_taken_all_the_same() {
    let mut nodes = fleet();
    nodes.stake("bob", 2, 500).unwrap();
    let (answer, events) = nodes.slash(&[(7, 10_000), (1, 10_000), (2, 10_000)]).unwrap();
    assert_eq!((answer, events.len()), (data(&[0, 0, 500]), 3));
    let (answer, events) = nodes.slash(&[(2, 10_000), (0, 1)]).unwrap();
    assert_eq!((answer, events.len()), (data(&[0, 0]), 2));
    assert_eq!(nodes.slash(&[]).unwrap(), (data(&[]), vec![]));
}

#[test]
fn unbonded_tokens_that_were_not_withdrawn_yet_are_slashed() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    nodes.unstake("alice", 1, 1_000).unwrap();
    nodes.chain.wait(UNBONDING_SECS);
    nodes.slash(&[(1, 4_000)]).unwrap();
    assert_eq!(nodes.withdraw(1).unwrap().amount, 600);
}

#[test]
fn a_slash_takes_units_from_the_next_roster_only() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 10_000).unwrap();
    nodes.ready("alice", RUN, 1).unwrap();
    nodes.wait_epochs(1);
    nodes.ready("alice", RUN, 1).unwrap();
    nodes.slash(&[(1, 1_001)]).unwrap();
    assert_eq!((nodes.roster(RUN, 2).units, nodes.roster(RUN, 3).units), (10, 8));
}

#[test]
fn a_slash_of_all_that_there_can_be_does_not_overflow() {
    let mut nodes = fleet();
    let stake = modelbond_interface::nodes::ReceiveMsg::Stake { node_id: 1 };
    let received = cw20::Cw20ReceiveMsg {
        sender: nodes.address_of("alice"),
        amount: Uint128::MAX,
        msg: cosmwasm_std::to_json_binary(&stake).unwrap(),
    };
    nodes.send("mallory", &ExecuteMsg::Receive(received)).unwrap();
    // Mallory is no contract, so that the transfer fails, but not before everything was counted.
    let items = vec![Slash { node_id: 1, bps: 10_000 }; 16];
    let model = nodes.address_of("mallory");
    let error = nodes.send("training", &ExecuteMsg::Slash { model, items }).unwrap_err();
    assert!(error.to_string().contains("contract"), "{error}");
}

#[test]
fn only_training_slashes() {
    let mut nodes = fleet();
    nodes.stake("alice", 1, 1_000).unwrap();
    let model = nodes.token.clone();
    let msg = ExecuteMsg::Slash { model, items: vec![Slash { node_id: 1, bps: 1 }] };
    for sender in ["alice", "bob", "deployer", "stranger"] {
        let error = nodes.send(sender, &msg).unwrap_err().nodes();
        let [training, sender] =
            ["training", sender].map(|who| Addr::unchecked(nodes.address_of(who)));
        assert_eq!(error, ContractError::NotTraining { training, sender });
    }
}

#[test]
fn at_most_sixteen_items_of_at_most_everything() {
    let mut nodes = fleet();
    let bounds = |field, most, actual| ContractError::Bounds { field, least: 0, most, actual };
    let error = nodes.slash(&[(1, 1); 17]).unwrap_err().nodes();
    assert_eq!(error, bounds("items", 16, 17));
    let error = nodes.slash(&[(1, 1), (1, 10_001)]).unwrap_err().nodes();
    assert_eq!(error, bounds("bps", 10_000, 10_001));
    nodes.slash(&[(1, 1); 16]).unwrap();
}
