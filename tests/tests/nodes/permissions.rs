//! Every message × every role.

use cosmwasm_std::{to_json_binary, Uint128};
use cw20::Cw20ReceiveMsg;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes::{ExecuteMsg, ReceiveMsg, Slash};
use modelbond_tests::nodes::training::Order;
use modelbond_tests::nodes::{readiness, register_message, terms, RUN, UNBONDING_SECS, UNIT};
use modelbond_tests::{Chain, Contracts, Machine, Nodes, Rewind};

/// The node's owner, another one, the node's account, another node's, training, whoever made training,
/// the token, anybody.
const ROLES: [&str; 8] =
    ["alice", "bob", "machine 1", "machine 3", "training", "deployer", "token", "stranger"];

fn expected(kind: &str) -> &'static [&'static str] {
    match kind {
        // The proof of `register_node` names the owner.
        "register_node" | "cancel_rotation" | "retire_node" | "unstake" => &["alice"],
        "rotate_keys" | "ready" => &["alice", "machine 1"],
        "set_run" | "slash" => &["training"],
        // Whoever sends `receive` is the token: it is of no worth but as itself.
        _ => &ROLES,
    }
}

/// Node 1 of Alice's can do everything but take keys back, which her node 2 can; node 3 is Bob's.
fn everything_possible() -> Nodes {
    let mut nodes = Nodes::on_mock();
    nodes.fleet(&[("alice", "machine 1"), ("alice", "machine 2"), ("bob", "machine 3")]);
    nodes.stake("alice", 1, 5 * UNIT).unwrap();
    nodes.ready("alice", RUN, 1).unwrap();
    nodes.unstake("alice", 1, UNIT).unwrap();
    nodes.chain.wait(UNBONDING_SECS);
    nodes.rotate("alice", 2, "machine 4").unwrap();
    nodes
}

fn messages(nodes: &Nodes) -> Vec<(&'static str, ExecuteMsg)> {
    let model = nodes.token.clone();
    let machine = Machine::called("machine 5");
    let request = nodes.registration("alice", &machine);
    let register = register_message(&request, machine.keys(&request, Scheme::Eip712));
    let machine = Machine::called("machine 6");
    let keys = machine.keys(&nodes.rotation(1, &machine), Scheme::Direct);
    let received = Cw20ReceiveMsg {
        sender: nodes.address_of("alice"),
        amount: Uint128::one(),
        msg: to_json_binary(&ReceiveMsg::Stake { node_id: 1 }).unwrap(),
    };
    let (node_id, amount) = (1, Uint128::one());
    let items = vec![Slash { node_id, bps: 1_000 }];
    vec![
        ("register_node", register),
        ("rotate_keys", ExecuteMsg::RotateKeys { node_id, keys }),
        ("cancel_rotation", ExecuteMsg::CancelRotation { node_id: 2 }),
        ("retire_node", ExecuteMsg::RetireNode { node_id }),
        ("ready", ExecuteMsg::Ready { run_id: RUN, node_id, readiness: readiness() }),
        ("receive", ExecuteMsg::Receive(received)),
        ("unstake", ExecuteMsg::Unstake { model: model.clone(), node_id, amount }),
        ("withdraw", ExecuteMsg::Withdraw { model: model.clone(), node_id }),
        ("set_run", ExecuteMsg::SetRun { terms: terms(2, &model) }),
        ("slash", ExecuteMsg::Slash { model, items }),
        ("prune", ExecuteMsg::Prune { run_id: RUN, epoch: 2, limit: None }),
    ]
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let mut nodes = everything_possible();
    let messages = messages(&nodes);
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap().len();
    assert_eq!(variants, messages.len(), "a new message belongs into this table");
    for (kind, msg) in &messages {
        for role in ROLES {
            let (address, training) = (nodes.address.clone(), nodes.training.clone());
            let sender = if role == "token" { nodes.token.clone() } else { nodes.address_of(role) };
            let result = nodes.chain.imagine(|chain| match role {
                "training" => {
                    let order = Order::Send { to: address, msg: msg.clone() };
                    let sender = chain.account("deployer");
                    chain.execute_any(&sender, &training, &order, &[]).map(drop)
                }
                _ => chain.execute_any(&sender, &address, msg, &[]).map(drop),
            });
            let allowed = expected(kind).contains(&role);
            assert_eq!(result.is_ok(), allowed, "{kind} by {role}: {result:?}");
        }
    }
}

#[test]
fn a_new_owner_registers_a_node_of_their_own() {
    let mut nodes = everything_possible();
    let event = nodes.register("stranger", "machine 7").unwrap();
    assert_eq!(event.owner, nodes.address_of("stranger"));
}
