//! The launch: its fee, and the lock on what is bought in it.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::ExecuteMsg;
use modelbond_market::ContractError;
use modelbond_tests::{Chain, Mock, Suite};
use rstest::rstest;

use crate::{DAY, HOUR, PLENTY};

fn market() -> Suite<Mock> {
    Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build()
}

#[test]
fn the_fee_falls_linearly_from_the_launch_fee_to_the_usual_one() {
    let mut suite = market();
    assert_eq!(suite.price().fee, Decimal::bps(500));
    suite.wait(6 * HOUR);
    assert_eq!(suite.price().fee, Decimal::bps(400));
    suite.wait(12 * HOUR);
    assert_eq!(suite.price().fee, Decimal::bps(200));
    suite.wait(6 * HOUR);
    assert_eq!(suite.price().fee, Decimal::bps(100));
    suite.wait(90 * DAY);
    assert_eq!(suite.price().fee, Decimal::bps(100));
}

#[test]
fn the_launch_fee_above_the_usual_one_streams_into_the_reserve() {
    let mut suite = market();
    let e = suite.buy("alice", 100_000_000).unwrap();
    assert_eq!(e.fee.u128(), (e.cost.u128() * 500).div_ceil(10_000));
    let usual = (e.cost.u128() * 100).div_ceil(10_000);
    assert_eq!(e.fee_to_rewards.u128(), usual * 4_000 / 10_000);
    assert_eq!(e.fee_to_provenance.u128(), usual * 2_500 / 10_000);
    assert_eq!(e.fee_to_treasury.u128(), usual * 1_500 / 10_000);
}

#[test]
fn tokens_bought_in_the_launch_are_locked_until_a_week_after_it() {
    let mut suite = market();
    let e = suite.buy("alice", 100_000_000).unwrap();
    assert_eq!(e.locked, e.tokens_out);
    let locks = suite.locks("alice");
    assert_eq!(locks.locked, e.tokens_out);
    assert_eq!(locks.unlocks_at, suite.config().opened_at.plus_days(8));
    assert_eq!(suite.config().unlocks_at, locks.unlocks_at);
    suite.wait(8 * DAY - 1);
    assert_refused!(
        suite.sell("alice", 1_000_000),
        ContractError::InsufficientTokens { needed, balance, free, locked, unlocks_at }
            if needed.u128() == 1_000_000 && *balance == e.tokens_out && free.is_zero()
                && *locked == e.tokens_out && *unlocks_at == locks.unlocks_at
    );
    suite.wait(1);
    assert_eq!(suite.locks("alice").locked, Uint128::zero());
    assert!(suite.sell("alice", 1_000_000).is_ok());
}

#[rstest]
#[case::transfer(0)]
#[case::send(1)]
#[case::burn(2)]
#[case::transfer_from(3)]
#[case::send_from(4)]
#[case::burn_from(5)]
#[case::sell(6)]
fn locked_tokens_do_not_move(#[case] way: usize) {
    let mut suite = market();
    suite.buy("alice", 100_000_000).unwrap();
    suite.allow("alice", "bob", u128::MAX).unwrap();
    let (owner, recipient) = (suite.address("alice"), suite.address("bob"));
    let (contract, msg, amount) = (recipient.clone(), Default::default(), Uint128::new(1_000_000));
    let later = suite.later();
    let (sender, msg) = match way {
        0 => ("alice", ExecuteMsg::Transfer { recipient, amount }),
        1 => ("alice", ExecuteMsg::Send { contract, amount, msg }),
        2 => ("alice", ExecuteMsg::Burn { amount }),
        3 => ("bob", ExecuteMsg::TransferFrom { owner, recipient, amount }),
        4 => ("bob", ExecuteMsg::SendFrom { owner, contract, amount, msg }),
        5 => ("bob", ExecuteMsg::BurnFrom { owner, amount }),
        _ => {
            let msg = ExecuteMsg::Sell {
                tokens_in: amount,
                min_reserve_out: Uint128::zero(),
                deadline: later,
                partial: true,
            };
            ("alice", msg)
        }
    };
    assert_refused!(suite.send(sender, &msg, 0), ContractError::InsufficientTokens { .. });
}

#[test]
fn tokens_bought_after_the_launch_are_free_while_the_older_ones_are_locked() {
    let mut suite = market();
    let old = suite.buy("alice", 50_000_000).unwrap().tokens_out.u128();
    suite.wait(DAY);
    let new = suite.buy("alice", 50_000_000).unwrap();
    assert_eq!(new.locked, Uint128::zero());
    let new = new.tokens_out.u128();
    let account = suite.account("alice");
    assert_eq!(account.balance.u128(), old + new);
    assert_eq!(account.locked.u128(), old);
    assert_eq!(account.free.u128(), new);
    assert_refused!(
        suite.transfer("alice", "bob", new + 1),
        ContractError::InsufficientTokens { .. }
    );
    suite.transfer("alice", "bob", new).unwrap();
    assert_eq!(suite.account("bob").free.u128(), new, "received tokens carry no lock");
    assert_eq!(suite.account("alice").locked.u128(), old);
}

#[test]
fn the_last_nanosecond_of_the_launch_locks_and_the_next_does_not() {
    let mut suite = market();
    let end = suite.config().opened_at.plus_seconds(DAY);
    suite.chain.set_time(end.minus_nanos(1));
    assert!(!suite.buy("alice", 1_000_000).unwrap().locked.is_zero());
    suite.chain.set_time(end);
    assert!(suite.buy("bob", 1_000_000).unwrap().locked.is_zero());
}

#[test]
fn tokens_bought_for_somebody_else_are_locked_there() {
    let mut suite = market();
    let order = modelbond_tests::Order::PLAIN.recipient("bob");
    let e = suite.buy_with("alice", 50_000_000, order).unwrap();
    assert_eq!(suite.locks("bob").locked, e.tokens_out);
    assert_eq!(suite.locks("alice").locked, Uint128::zero());
}

#[test]
fn a_lock_cannot_be_put_on_tokens_that_somebody_already_had() {
    let mut suite = Suite::builder()
        .with_balance("mallory", PLENTY)
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            p.vesting.cliff_secs = 10;
            p.vesting.duration_secs = 3_600;
        })
        .build();
    suite.wait(HOUR);
    let claimed = suite.claim("creator").unwrap().amount;
    let order = modelbond_tests::Order::PLAIN.recipient("creator");
    suite.buy_with("mallory", 1_000_000, order).unwrap();
    assert_eq!(suite.account("creator").free, claimed);
    assert!(suite.sell("creator", 1_000_000).is_ok());
    let _ = suite.chain.now();
}
