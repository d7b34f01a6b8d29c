//! Every message × every role.

use modelbond_interface::rewards::ExecuteMsg;
use modelbond_tests::{Chain, Contracts, Rewards};

const ROLES: [&str; 10] = [
    "training",
    "registry",
    "provenance",
    "rewards",
    "market",
    "creator",
    "operator",
    "keeper",
    "deployer",
    "stranger",
];

fn expected(kind: &str) -> &'static [&'static str] {
    match kind {
        "credit" => &["training"],
        _ => &ROLES, // an epoch is over or it is not; whoever claims, the operator is paid
    }
}

fn address(rewards: &Rewards, role: &str) -> String {
    let deployment = &rewards.deployment;
    match role {
        "training" => deployment.training.clone(),
        "registry" => deployment.registry.clone(),
        "provenance" => deployment.provenance.clone(),
        "rewards" => deployment.rewards.clone(),
        "market" => rewards.market.market.clone(),
        person => rewards.market.address(person),
    }
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("operator", 1)]);
    rewards.trade(100_000_000);
    rewards.next_epoch();
    rewards.budget();
    rewards.play(&[("operator", 1)]);
    rewards.trade(100_000_000);
    rewards.next_epoch();
    rewards.budget();
    rewards.next_epoch();
    let (model, operator) = (rewards.market.market.clone(), rewards.market.address("operator"));
    let messages = [
        ("settle", ExecuteMsg::Settle { model: model.clone(), epoch: rewards.epoch() - 1 }),
        ("credit", rewards.credit_message("operator", 1, 1)),
        ("claim", ExecuteMsg::Claim { model, operator: Some(operator) }),
    ];
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap().len();
    assert_eq!(variants, messages.len(), "a new message belongs into this table");
    for (kind, msg) in &messages {
        for role in ROLES {
            let (sender, contract) = (address(&rewards, role), rewards.address.clone());
            let result = rewards.imagine(|rewards| {
                let has = |rewards: &Rewards| {
                    let coins = rewards.market.chain.balance(&sender);
                    (coins, rewards.market.tokens_at(&sender))
                };
                let before = has(rewards);
                let chain = &mut rewards.market.chain;
                let result = chain.execute_any(&sender, &contract, msg, &[]).map(drop);
                let moves = ["operator", "rewards"].contains(&role);
                assert!(moves || has(rewards) == before, "{kind} by {role}");
                result
            });
            let accepted = result.is_ok();
            assert_eq!(accepted, expected(kind).contains(&role), "{kind} by {role}: {result:?}");
        }
    }
}
