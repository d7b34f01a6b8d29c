//! The same cw20 messages on the market and on cw20-base: both accept and refuse the same, say the
//! same, and end with the same balances and allowances.

use cosmwasm_std::{Binary, Uint128};
use cw20::{
    AllAllowancesResponse, AllowanceResponse, BalanceResponse, Cw20Coin, Cw20ExecuteMsg,
    Cw20QueryMsg, Expiration,
};
use cw_multi_test::ContractWrapper;
use modelbond_tests::random::Random;
use modelbond_tests::{receiver, Chain, Contracts, Mock, Suite};

use crate::PLENTY;

const NAMES: [&str; 4] = ["alice", "bob", "carol", "dan"];

/// The market, and a cw20-base token on the same chain with the same balances.
fn both() -> (Suite<Mock>, String, String) {
    let mut suite = Suite::builder().with_balance("alice", PLENTY).build();
    suite.wait_for_unlock();
    suite.buy("alice", 200_000_000).unwrap();
    for name in ["bob", "carol"] {
        suite.transfer("alice", name, 100_000_000).unwrap();
    }
    let initial_balances = NAMES
        .iter()
        .map(|name| Cw20Coin { address: suite.address(name), amount: suite.tokens(name).into() })
        .collect();
    let code = ContractWrapper::new(
        cw20_base::contract::execute,
        cw20_base::contract::instantiate,
        cw20_base::contract::query,
    );
    let msg = cw20_base::msg::InstantiateMsg {
        name: "Iris classifier".to_owned(),
        symbol: "IRIS".to_owned(),
        decimals: 6,
        initial_balances,
        mint: None,
        marketing: None,
    };
    let token = suite.chain.deploy(Box::new(code), &msg);
    let receiver = suite.chain.deploy(receiver::code(), &cosmwasm_std::Empty {});
    (suite, token, receiver)
}

/// A message of any kind but burns, which a market limits.
fn some_message(random: &mut Random, suite: &Suite<Mock>, receiver: &str) -> Cw20ExecuteMsg {
    let mut name = || suite.address(random.pick(&NAMES));
    let (owner, other) = (name(), name());
    let amount = Uint128::new(match random.below(8) {
        0 => 0,
        1 => u128::from(u64::MAX),
        _ => random.magnitude(200_000_000),
    });
    let now = suite.chain.now();
    let expires = match random.below(4) {
        0 => Some(Expiration::AtTime(now.plus_seconds(random.below(3_000) as u64))),
        1 => Some(Expiration::Never {}),
        2 => Some(Expiration::AtHeight(random.below(2_000) as u64)),
        _ => None,
    };
    let (contract, msg) = (receiver.to_owned(), Binary::default());
    match random.below(12) {
        0..=2 => Cw20ExecuteMsg::Transfer { recipient: other, amount },
        3 => Cw20ExecuteMsg::Send { contract, amount, msg },
        4..=6 => Cw20ExecuteMsg::IncreaseAllowance { spender: other, amount, expires },
        7 => Cw20ExecuteMsg::DecreaseAllowance { spender: other, amount, expires },
        8 | 9 => Cw20ExecuteMsg::TransferFrom { owner, recipient: other, amount },
        10 => Cw20ExecuteMsg::SendFrom { owner, contract, amount, msg },
        _ => Cw20ExecuteMsg::Burn { amount: amount.min(Uint128::new(1_000)) },
    }
}

fn query<T: serde::de::DeserializeOwned>(suite: &Suite<Mock>, at: &str, msg: &Cw20QueryMsg) -> T {
    suite.chain.app().wrap().query_wasm_smart(at, msg).unwrap()
}

#[test]
fn three_thousand_messages_do_the_same_on_cw20_base() {
    let (mut suite, token, receiver) = both();
    let mut random = Random::new(20);
    let mut accepted = 0;
    for round in 0..3_000 {
        if random.chance(20) {
            suite.wait(random.below(2_000) as u64);
        }
        let msg = some_message(&mut random, &suite, &receiver);
        if matches!(&msg, Cw20ExecuteMsg::Burn { amount } if amount.is_zero()) {
            continue; // a market has no order of nothing
        }
        let sender = suite.address(random.pick(&NAMES));
        let market = suite.market.clone();
        let ours = suite.chain.execute_any(&sender, &market, &msg, &[]);
        let theirs = suite.chain.execute_any(&sender, &token, &msg, &[]);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{round}: {msg:?}\n{ours:?}\n{theirs:?}");
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            accepted += 1;
            let own = |outcome: &modelbond_tests::Outcome| -> Vec<(String, String)> {
                let events = outcome.contract_events();
                let first = events.first().expect("a wasm event");
                let pairs = first.attributes.iter();
                pairs.map(|a| (a.key.clone(), a.value.clone())).collect()
            };
            assert_eq!(own(&ours), own(&theirs), "{round}: {msg:?}");
        }
        let address = sender.clone();
        let balance = Cw20QueryMsg::Balance { address };
        let [a, b]: [BalanceResponse; 2] = [&market, &token].map(|at| query(&suite, at, &balance));
        assert_eq!(a, b, "{round}: {msg:?}");
    }
    assert!(accepted > 1_000, "{accepted}");
    for owner in NAMES {
        let address = suite.address(owner);
        let balance = Cw20QueryMsg::Balance { address: address.clone() };
        let allowances = Cw20QueryMsg::AllAllowances {
            owner: address.clone(),
            start_after: None,
            limit: Some(30),
        };
        let [a, b]: [BalanceResponse; 2] =
            [&suite.market, &token].map(|at| query(&suite, at, &balance));
        assert_eq!(a, b);
        let [a, b]: [AllAllowancesResponse; 2] =
            [&suite.market, &token].map(|at| query(&suite, at, &allowances));
        assert_eq!(a, b);
        for spender in NAMES {
            let spender = suite.address(spender);
            let one = Cw20QueryMsg::Allowance { owner: address.clone(), spender };
            let [a, b]: [AllowanceResponse; 2] =
                [&suite.market, &token].map(|at| query(&suite, at, &one));
            assert_eq!(a, b);
        }
    }
}
