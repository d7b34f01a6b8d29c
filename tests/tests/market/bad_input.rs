//! Bad input: a typed error that carries the numbers, and the money stays where it was.

use cosmwasm_std::{coin, Decimal, Uint128};
use cw_utils::PaymentError;
use modelbond_interface::market::{ExecuteMsg, Ledger};
use modelbond_market::ContractError;
use modelbond_tests::suite::metrics;
use modelbond_tests::{Chain, Mock, Order, Suite};
use rstest::rstest;

use crate::PLENTY;

fn market() -> Suite<Mock> {
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

fn buy(suite: &Suite<Mock>) -> ExecuteMsg {
    ExecuteMsg::Buy {
        min_tokens_out: Uint128::zero(),
        deadline: suite.later(),
        partial: false,
        recipient: None,
    }
}

#[test]
fn buying_with_the_wrong_denom_is_refused() {
    let mut suite = market();
    let (alice, wrong) = (suite.address("alice"), vec![coin(1_000_000, "uother")]);
    suite.chain.fund(&alice, &wrong);
    let later = suite.later();
    let exact = ExecuteMsg::BuyExact { tokens_out: Uint128::new(1), deadline: later };
    for msg in [buy(&suite), exact, ExecuteMsg::FundReserve {}] {
        assert_refused!(
            suite.send_with("alice", &msg, &wrong),
            ContractError::Payment(PaymentError::MissingDenom(denom) | PaymentError::ExtraDenom(denom))
                if !denom.is_empty()
        );
    }
    assert_eq!(suite.chain.balance_of(&alice, "uother"), 1_000_000);
}

#[test]
fn buying_with_two_denoms_is_refused() {
    let mut suite = market();
    let alice = suite.address("alice");
    let both = vec![coin(1_000_000, "uother"), coin(1_000_000, "ureserve")];
    suite.chain.fund(&alice, &both);
    let before = suite.coins("alice");
    for msg in [buy(&suite), ExecuteMsg::FundReserve {}] {
        assert_refused!(
            suite.send_with("alice", &msg, &both),
            ContractError::Payment(PaymentError::MultipleDenoms {})
        );
    }
    assert_eq!(suite.coins("alice"), before);
}

#[test]
fn buying_with_nothing_is_refused() {
    let mut suite = market();
    for msg in [buy(&suite), ExecuteMsg::FundReserve {}] {
        assert_refused!(
            suite.send("alice", &msg, 0),
            ContractError::Payment(PaymentError::NoFunds {})
        );
    }
}

#[test]
fn coins_with_a_message_that_takes_none_are_refused() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    let (recipient, owner) = (suite.address("bob"), suite.address("alice"));
    let (contract, spender) = (recipient.clone(), recipient.clone());
    let amount = Uint128::new(1_000_000);
    let later = suite.later();
    let msg = cosmwasm_std::Binary::default();
    let messages = [
        ExecuteMsg::Sell {
            tokens_in: amount,
            min_reserve_out: Uint128::zero(),
            deadline: later,
            partial: false,
        },
        ExecuteMsg::ClaimVested {},
        ExecuteMsg::ReportMetrics { metrics: metrics([0; 4]) },
        ExecuteMsg::Emit { budget: amount, max_tokens: amount },
        ExecuteMsg::WithdrawLedger { ledger: Ledger::Treasury },
        ExecuteMsg::Transfer { recipient: recipient.clone(), amount },
        ExecuteMsg::Burn { amount },
        ExecuteMsg::Send { contract: contract.clone(), amount, msg: msg.clone() },
        ExecuteMsg::IncreaseAllowance { spender: spender.clone(), amount, expires: None },
        ExecuteMsg::DecreaseAllowance { spender, amount, expires: None },
        ExecuteMsg::TransferFrom { owner: owner.clone(), recipient, amount },
        ExecuteMsg::SendFrom { owner: owner.clone(), contract, amount, msg },
        ExecuteMsg::BurnFrom { owner, amount },
        ExecuteMsg::UpdateMarketing { project: None, description: None, marketing: None },
    ];
    let before = suite.coins("alice");
    for msg in messages {
        assert_refused!(
            suite.send("alice", &msg, 5),
            ContractError::Payment(PaymentError::NonPayable {})
        );
        assert_eq!(suite.coins("alice"), before, "{msg:?}");
    }
}

#[rstest]
#[case::buy(0)]
#[case::buy_exact(1)]
#[case::sell(2)]
fn a_past_deadline_is_refused_with_both_times(#[case] which: usize) {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    let now = suite.chain.now();
    let deadline = now.minus_nanos(1);
    let (zero, one) = (Uint128::zero(), Uint128::new(1_000_000));
    let partial = false;
    let (msg, funds) = match which {
        0 => (ExecuteMsg::Buy { min_tokens_out: zero, deadline, partial, recipient: None }, 1_000),
        1 => (ExecuteMsg::BuyExact { tokens_out: one, deadline }, 1_000_000),
        _ => (ExecuteMsg::Sell { tokens_in: one, min_reserve_out: zero, deadline, partial }, 0),
    };
    assert_refused!(
        suite.send("alice", &msg, funds),
        ContractError::DeadlinePassed { deadline: d, now: n } if *d == deadline && *n == now
    );
}

#[test]
fn an_unknown_recipient_is_refused() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    for bad in ["", "nobody", "cosmos1vqpjljwsynsn58dugz0w8ut7kun7t8ls2qkmsq", "wasm1", "WASM1QQ"] {
        let recipient = bad.to_owned();
        let mut buy = buy(&suite);
        if let ExecuteMsg::Buy { recipient: to, .. } = &mut buy {
            *to = Some(recipient.clone());
        }
        let transfer = ExecuteMsg::Transfer { recipient, amount: Uint128::new(1) };
        assert!(suite.send("alice", &buy, 1_000_000).is_err(), "{bad}");
        assert!(suite.send("alice", &transfer, 0).is_err(), "{bad}");
    }
}

#[test]
fn tokens_sent_to_their_own_contract_are_refused() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    suite.allow("alice", "bob", 1_000).unwrap();
    let market = suite.market.clone();
    let (owner, amount) = (suite.address("alice"), Uint128::new(10));
    let msg = cosmwasm_std::Binary::default();
    let mut buy = buy(&suite);
    if let ExecuteMsg::Buy { recipient, .. } = &mut buy {
        *recipient = Some(market.clone());
    }
    let (recipient, contract) = (market.clone(), market);
    let messages = [
        ("alice", ExecuteMsg::Transfer { recipient: recipient.clone(), amount }),
        ("alice", ExecuteMsg::Send { contract: contract.clone(), amount, msg: msg.clone() }),
        ("bob", ExecuteMsg::TransferFrom { owner: owner.clone(), recipient, amount }),
        ("bob", ExecuteMsg::SendFrom { owner, contract, amount, msg }),
    ];
    assert_refused!(suite.send("alice", &buy, 1_000_000), ContractError::TransferToSelf);
    for (name, msg) in messages {
        assert_refused!(suite.send(name, &msg, 0), ContractError::TransferToSelf);
    }
}

/// A market with room for two tokens above its initial supply.
fn nearly_full() -> Suite<Mock> {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| p.initial_supply = p.curve.max_supply - Uint128::new(2_000_000))
        .build();
    suite.wait_for_unlock();
    suite
}

#[test]
fn an_order_over_the_maximum_supply_is_refused_with_what_is_left() {
    let mut suite = nearly_full();
    // Of two tokens, the stakeholders' twentieth is not the buyer's; the last unit carries none.
    let left = 2_000_000 - (1_999_999u128 * 500).div_ceil(10_000);
    assert_refused!(
        suite.buy_exact("alice", left + 1, PLENTY / 2),
        ContractError::SupplyExceeded { available } if available.u128() == left
    );
    assert_refused!(
        suite.buy("alice", PLENTY / 2),
        ContractError::SupplyExceeded { available } if available.u128() == left
    );
    let e = suite.buy_with("alice", PLENTY / 2, Order::PARTIAL).unwrap();
    assert_eq!(e.tokens_out.u128(), left);
    assert_eq!(e.supply, suite.params().curve.max_supply);
    assert_eq!(e.amount_in + e.refund, Uint128::new(PLENTY / 2));
    for order in [Order::PLAIN, Order::PARTIAL] {
        assert_refused!(
            suite.buy_with("alice", 1_000_000, order),
            ContractError::SupplyExceeded { available } if available.is_zero()
        );
    }
}

#[test]
fn a_sale_of_more_than_the_balance_is_refused_with_the_balance() {
    let mut suite = market();
    let tokens = suite.buy("alice", 50_000_000).unwrap().tokens_out;
    for partial in [Order::PLAIN, Order::PARTIAL] {
        assert_refused!(
            suite.sell_with("alice", tokens.u128() + 1, partial),
            ContractError::InsufficientTokens { needed, balance, free, .. }
                if *needed == tokens + Uint128::new(1) && *balance == tokens && *free == tokens
        );
    }
    assert_refused!(
        suite.sell("bob", u128::MAX),
        ContractError::InsufficientTokens { balance, .. } if balance.is_zero()
    );
}

#[test]
fn zero_amounts_of_orders_are_refused() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    assert_refused!(suite.sell("alice", 0), ContractError::ZeroAmount);
    assert_refused!(suite.buy_exact("alice", 0, 1_000), ContractError::ZeroAmount);
    assert_refused!(suite.burn("alice", 0), ContractError::ZeroAmount);
    assert!(suite.quote_buy(0, false).is_err());
    assert!(suite.quote_buy_exact(0).is_err());
    assert!(suite.quote_sell(0, true).is_err());
}

#[test]
fn limits_turned_around_are_refused() {
    let result = Suite::builder()
        .with_params(|p| {
            p.momentum.buy_cap_bps = 100;
            p.momentum.sell_cap_bps = 200;
        })
        .try_build();
    assert_refused!(result, ContractError::Parameter { parameter: "sell_cap_bps", value, .. }
        if value == "200");
    let result =
        Suite::builder().with_params(|p| p.fees.launch_fee_bps = p.fees.fee_bps - 1).try_build();
    assert_refused!(result, ContractError::Parameter { parameter: "launch_fee_bps", .. });
}

#[test]
fn amounts_beyond_all_money_are_refused_and_never_a_panic() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    for amount in [u128::MAX, u128::MAX - 1, 1 << 127, 1 << 64, u128::from(u64::MAX)] {
        assert!(suite.quote_buy(amount, false).is_err(), "{amount}");
        let partial = suite.quote_buy(amount, true);
        // No chain has this much of a coin; up to what one may have, all that fits is quoted.
        assert!(partial.is_ok() || amount >= 1 << 127, "{amount}: {partial:?}");
        assert!(suite.quote_buy_exact(amount).is_err(), "{amount}");
        assert!(suite.quote_sell(amount, false).is_err(), "{amount}");
        assert!(suite.quote_sell(amount, true).is_err(), "{amount}");
        assert!(suite.burn("alice", amount).is_err());
        assert!(suite.transfer("alice", "bob", amount).is_err());
        let order = Order::PARTIAL.min_out(amount);
        assert_refused!(
            suite.buy_with("alice", 1_000_000, order.clone()),
            ContractError::MinTokensOut { .. }
        );
        assert_refused!(
            suite.sell_with("alice", 1_000_000, order),
            ContractError::MinReserveOut { .. }
        );
    }
}

#[test]
fn a_refused_order_changes_nothing_at_all() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    suite.wait(1_000);
    let before = (suite.price(), suite.ledgers(), suite.account("alice"), suite.coins("alice"));
    let impossible = Order::PLAIN.min_out(10u128.pow(30));
    assert!(suite.buy_with("alice", 1_000_000, impossible.clone()).is_err());
    assert!(suite.sell_with("alice", 1_000_000, impossible).is_err());
    assert!(suite.buy("alice", PLENTY / 2).is_err());
    let after = (suite.price(), suite.ledgers(), suite.account("alice"), suite.coins("alice"));
    assert_eq!(before, after);
    assert!(before.0.base > Decimal::zero());
}
