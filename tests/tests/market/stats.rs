//! Trading by epoch, and lists that end.

use cosmwasm_std::Uint128;
use cw20::{AllAccountsResponse, AllAllowancesResponse, AllSpenderAllowancesResponse};
use modelbond_interface::market::{EpochStatsResponse, QueryMsg};
use modelbond_tests::{Bare, Mock, Order, Suite};

use crate::{DAY, PLENTY};

fn market() -> Suite<Mock> {
    Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build()
}

fn stats(suite: &Suite<Mock>, epoch: u32) -> EpochStatsResponse {
    suite.query(&QueryMsg::EpochStats { epoch }).unwrap()
}

#[test]
fn the_opening_is_no_volume() {
    let s = stats(&market(), 0);
    assert_eq!((s.volume, s.fees, s.trades, s.traders), (Uint128::zero(), Uint128::zero(), 0, 0));
}

#[test]
fn volume_is_cost_of_purchases_and_gross_of_sales_by_epoch() {
    let mut suite = market();
    let a = suite.buy("alice", 30_000_000).unwrap();
    let b = suite.buy("bob", 20_000_000).unwrap();
    let c = suite.buy("alice", 10_000_000).unwrap();
    suite.wait(8 * DAY);
    let d = suite.sell("alice", 50_000_000).unwrap();
    for _ in 0..2 {
        let first = stats(&suite, 0);
        assert_eq!(first.volume, a.cost + b.cost + c.cost);
        assert_eq!(first.fees, a.fee + b.fee + c.fee);
        assert_eq!((first.trades, first.traders), (3, 2));
        let eighth = stats(&suite, 8);
        assert_eq!((eighth.volume, eighth.fees), (d.gross, d.fee));
        assert_eq!((eighth.trades, eighth.traders), (1, 1));
        assert_eq!(stats(&suite, 5).trades, 0);
        suite.wait(DAY / 4);
    }
}

#[test]
fn an_epoch_that_has_ended_keeps_its_numbers_before_anyone_touches_the_next() {
    let mut suite = market();
    let a = suite.buy("alice", 30_000_000).unwrap();
    suite.wait(3 * DAY);
    assert_eq!(stats(&suite, 0).volume, a.cost);
    assert_eq!(stats(&suite, 3).volume, Uint128::zero());
    suite.buy("bob", 1_000_000).unwrap();
    assert_eq!(stats(&suite, 0).volume, a.cost);
}

#[test]
fn an_epoch_in_the_future_is_refused() {
    let suite = market();
    let error = suite.query::<EpochStatsResponse>(&QueryMsg::EpochStats { epoch: 1 }).unwrap_err();
    assert!(error.to_string().contains("epoch 1 has not begun"), "{error}");
}

#[test]
fn a_trader_counts_again_in_the_next_epoch_and_once_in_each() {
    let mut suite = market();
    for epoch in 0..3 {
        for _ in 0..3 {
            suite.buy("alice", 1_000_000).unwrap();
        }
        assert_eq!(stats(&suite, epoch).traders, 1);
        assert_eq!(stats(&suite, epoch).trades, 3);
        suite.wait(DAY);
    }
}

#[test]
fn lists_give_ten_and_at_most_thirty_and_go_on_where_they_ended() {
    let mut suite = market();
    suite.wait_for_unlock();
    suite.buy("alice", 50_000_000).unwrap();
    let names: Vec<String> = (0..45).map(|i| format!("holder{i}")).collect();
    for name in &names {
        suite.transfer("alice", name, 1_000).unwrap();
        suite.allow("alice", name, 5).unwrap();
        suite.allow(name, "bob", 5).unwrap();
    }
    let accounts = |start_after: Option<String>, limit| {
        let query = QueryMsg::AllAccounts { start_after, limit };
        suite.query::<AllAccountsResponse>(&query).unwrap().accounts
    };
    assert_eq!(accounts(None, None).len(), 10);
    assert_eq!(accounts(None, Some(7)).len(), 7);
    assert_eq!(accounts(None, Some(u32::MAX)).len(), 30);
    let mut all: Vec<String> = vec![];
    loop {
        let page = accounts(all.last().cloned(), Some(30));
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), count), (46, 46), "alice and 45 others, each once");

    let owner = suite.address("alice");
    let query = QueryMsg::AllAllowances { owner, start_after: None, limit: Some(1_000) };
    assert_eq!(suite.query::<AllAllowancesResponse>(&query).unwrap().allowances.len(), 30);
    let spender = suite.address("bob");
    let query = QueryMsg::AllSpenderAllowances { spender, start_after: None, limit: None };
    assert_eq!(suite.query::<AllSpenderAllowancesResponse>(&query).unwrap().allowances.len(), 10);
}

#[test]
fn what_is_stored_does_not_grow_with_time() {
    // One observation per ten minutes, and none older than eight days and one step.
    let mut suite = Suite::builder().build_on(Bare::default()).unwrap();
    let mut records = vec![];
    for day in 1..=24u32 {
        for _ in 0..144 {
            suite.wait(600);
            suite.report([80, 50, 90, day.into()]).unwrap();
        }
        records.push(suite.chain.records());
    }
    assert!(records[2] > records[1], "observations are stored: {records:?}");
    assert_eq!(records[10], records[23], "and the old ones go: {records:?}");
    assert!(records[23] < 8 * 144 + 50);
}

#[test]
fn who_buys_for_others_is_one_trader() {
    let mut suite = market();
    for name in ["alice", "bob", "carol"] {
        suite.buy_with("alice", 1_000_000, Order::PLAIN.recipient(name)).unwrap();
    }
    assert_eq!((stats(&suite, 0).trades, stats(&suite, 0).traders), (3, 1));
}
