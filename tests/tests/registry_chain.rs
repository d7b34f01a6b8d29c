//! The registry on a real node, by the same verbs: a model opens at the address that was known before and
//! had coins, its fee is burned, models are connected, and what that costs.
//!
//! Needs `artifacts/market.wasm`, `artifacts/registry.wasm` and the node: `./scripts/test.sh` builds them.

use cosmwasm_std::coin;
use modelbond_interface::market;
use modelbond_interface::market::MarketOpened;
use modelbond_interface::registry::{
    ConnectionKind, Direction, ExecuteMsg, ModelOpened, ModelsConnected, Parent,
};
use modelbond_tests::deployment::FEE;
use modelbond_tests::{Chain, Devnet, Outcome, Registry};

/// Gas of opening a model at the most, unpinned.
const MOST_TO_OPEN: u64 = 450_000;
/// What a parent adds to that at the most.
const MOST_PER_PARENT: u64 = 30_000;
/// Gas of a connection at the most, unpinned, however many there are.
const MOST_TO_CONNECT: u64 = 135_000;

/// The gas of a message that was accepted.
fn gas(outcome: &Outcome) -> u64 {
    outcome.gas.expect("a chain that counts")
}

fn connect(registry: &mut Registry<Devnet>, from: &str, to: &str, kind: ConnectionKind) -> u64 {
    let (from, to) = (from.to_owned(), to.to_owned());
    let outcome = registry.send("bob", &ExecuteMsg::Connect { from, to, kind }).unwrap();
    assert_eq!(outcome.event::<ModelsConnected>().kind, kind.name());
    gas(&outcome)
}

#[test]
fn models_open_and_are_connected_on_a_real_node() {
    let devnet = Devnet::start_with(&["market", "registry"]);
    let mut registry = Registry::alone(devnet);
    let hub = opens_where_it_was_predicted(&mut registry);
    a_market_that_refuses_leaves_nothing(&mut registry);
    a_child_is_connected_to_its_parents(&mut registry, &hub);
    connections_cost_the_same_in_a_larger_graph(&mut registry, &hub);
}

fn opens_where_it_was_predicted(registry: &mut Registry<Devnet>) -> String {
    let predicted = registry.predicted("alice", "IRIS");
    assert!(!predicted.opened);
    let denom = registry.chain.denom().to_owned();
    registry.chain.fund(predicted.model.as_str(), &[coin(777, &denom)]);
    let msg = registry.message("IRIS");
    let outcome = registry.open_with("alice", msg).unwrap();
    assert!(gas(&outcome) <= MOST_TO_OPEN, "{} gas to open", gas(&outcome));
    let (model, market) = (outcome.event::<ModelOpened>(), outcome.event::<MarketOpened>());
    assert_eq!(model.model, predicted.model.as_str());

    let burned = outcome.events.iter().find(|event| event.ty == "burn").unwrap();
    let amount = burned.attributes.iter().find(|one| one.key == "amount").unwrap();
    assert_eq!(amount.value, format!("{FEE}{denom}"));
    assert_eq!(registry.chain.balance(&registry.address), 0);
    let held = registry.chain.balance(&model.model);
    assert_eq!(held, market.cost.u128() + 777);
    let ledgers: market::LedgersResponse =
        registry.market(&model.model, &market::QueryMsg::Ledgers {});
    assert_eq!(ledgers.reserve, market.cost);
    model.model
}

fn a_market_that_refuses_leaves_nothing(registry: &mut Registry<Devnet>) {
    let mut msg = registry.message("WINE");
    msg.params.fees.fee_bps = 301;
    let error = registry.open_with("alice", msg).unwrap_err().to_string();
    assert!(error.contains("parameter fee_bps is 301"), "{error}");
    assert!(!registry.predicted("alice", "WINE").opened);
    assert_eq!(registry.config().models, 1);
}

fn a_child_is_connected_to_its_parents(registry: &mut Registry<Devnet>, hub: &str) {
    let mut msg = registry.message("CHILD");
    msg.parents = vec![Parent { model: hub.to_owned(), royalty_bps: 1_000 }];
    let outcome = registry.open_with("bob", msg).unwrap();
    let most = MOST_TO_OPEN + MOST_PER_PARENT;
    assert!(gas(&outcome) <= most, "{} gas with a parent", gas(&outcome));
    assert_eq!(outcome.event::<ModelsConnected>().h, 1);
    assert_eq!(registry.connections(hub, Direction::To).len(), 1);
    assert_eq!((registry.h_index("alice").h, registry.model(hub).citations), (1, 1));
}

fn connections_cost_the_same_in_a_larger_graph(registry: &mut Registry<Devnet>, hub: &str) {
    let others: Vec<String> =
        (0..8).map(|place| registry.open("bob", &format!("MODEL{place}"))).collect();
    let costs: Vec<u64> =
        others.iter().map(|other| connect(registry, other, hub, ConnectionKind::Cites)).collect();
    assert!(costs.iter().all(|cost| *cost <= MOST_TO_CONNECT), "{costs:?}");
    let (least, most) = (costs.iter().min().unwrap(), costs.iter().max().unwrap());
    assert!(most - least < 500, "{costs:?}");
    assert_eq!(registry.model(hub).citations, 9);
    connect(registry, &others[0], hub, ConnectionKind::Deploys);
    let kind = ConnectionKind::Cites;
    let ended = registry.disconnect("bob", (&others[1], hub), kind).unwrap();
    assert_eq!((ended.h, registry.model(hub).citations), (1, 8));
}
