//! A deployment on a real node, audited from the events of its blocks.
//!
//! Needs the artefacts of all contracts of an economy, and the node: `./scripts/test.sh` builds them.

use cosmwasm_std::{coin, Binary};
use modelbond_interface::market::{ExecuteMsg as Market, MarketBought};
use modelbond_interface::provenance::{Beneficiary, ExecuteMsg as Provenance};
use modelbond_tests::audit::{everything, findings};
use modelbond_tests::deployment::Terms;
use modelbond_tests::{Chain, Contracts, Deployment, Devnet, Order, Suite};

const CONTRACTS: [&str; 7] =
    ["beacon", "market", "nodes", "provenance", "registry", "rewards", "training"];

#[test]
fn the_log_of_a_real_node_is_audited_without_a_difference() {
    let mut devnet = Devnet::start_with(&CONTRACTS);
    devnet.fund_all(&["creator", "alice", "bob"], &[coin(1_000_000_000, "stake")]);
    let deployment = Deployment::on(&mut devnet, Terms::default()).expect("deploys");
    let builder = Suite::builder().fast().with_balance("alice", 10_000_000_000);
    let mut suite = builder.build_in(devnet, &deployment).expect("opens");
    a_market_is_used(&mut suite);
    the_model_is_used(&mut suite, &deployment);

    let log = suite.chain.log();
    let addresses = everything(&suite.chain, &deployment, &log);
    let found = findings(&suite.chain, addresses.clone(), &log);
    assert_eq!(found, []);
    // The same without the last purchase.
    let kind = "wasm-market_bought";
    let last = log.iter().rposition(|entry| entry.event.ty == kind).expect("a purchase");
    let shorter: Vec<_> = [&log[..last - 1], &log[last + 1..]].concat();
    assert!(!findings(&suite.chain, addresses, &shorter).is_empty());
}

fn a_market_is_used(suite: &mut Suite<Devnet>) {
    let bought: MarketBought = suite.buy_with("alice", 50_000_000, Order::PARTIAL).expect("buys");
    assert!(!bought.tokens_out.is_zero());
    suite.wait_for_unlock();
    suite.claim("creator").expect("vested");
    suite.transfer("alice", "bob", 1_000_000).expect("moves");
    suite.allow("alice", "bob", 5_000).expect("allows");
    suite.burn("bob", 1_000).expect("burns");
    let owner = suite.address("alice");
    let msg = Market::BurnFrom { owner, amount: 3_000u128.into() };
    suite.send("bob", &msg, 0).expect("burns by allowance");
    // Nobody is there to receive tokens: all of it is undone, and leaves no event.
    let (contract, amount) = (suite.address("creator"), 1u128.into());
    let msg = Market::Send { contract, amount, msg: Binary::default() };
    assert!(suite.send("alice", &msg, 0).is_err());
    suite.sell_with("alice", 2_000_000, Order::PARTIAL).expect("sells");
    suite.buy_with("alice", 1_000_000, Order::PARTIAL).expect("buys again");
}

fn the_model_is_used(suite: &mut Suite<Devnet>, deployment: &Deployment) {
    let (sender, model) = (suite.address("alice"), suite.market.clone());
    let mut send = |msg: Provenance, coins: u128| {
        let funds = suite.chain.money(coins);
        suite.chain.execute_any(&sender, &deployment.provenance, &msg, &funds).expect("is taken");
    };
    send(Provenance::PayUsage { model: model.clone(), memo: None }, 1_001);
    send(Provenance::CollectFees { model: model.clone() }, 0);
    send(Provenance::Forward { model: model.clone(), to: Beneficiary::Owner }, 0);
    send(Provenance::Forward { model, to: Beneficiary::Reserve }, 0);
}
