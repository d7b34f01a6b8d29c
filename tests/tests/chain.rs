//! The same on a real node: the suite's verbs, and a long random trace of several accounts that
//! the mock replays block by block with the same events, balances and answers.
//!
//! Needs `artifacts/market.wasm` and the node: `./scripts/test.sh` builds both.

use std::collections::{BTreeMap, VecDeque};

use cosmwasm_std::{Timestamp, Uint128};
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, Ledger, QueryMsg};
use modelbond_tests::devnet::{Included, Sending};
use modelbond_tests::random::Random;
use modelbond_tests::suite::metrics;
use modelbond_tests::walk::actions::kind;
use modelbond_tests::{Chain, Devnet, Failure, Mock, Order, Outcome, Suite};
use serde_json::Value;

const TRADERS: [&str; 6] = ["alice", "bob", "carol", "dan", "eve", "mallory"];
const ROLES: [&str; 4] = ["creator", "training", "rewards", "provenance"];
const ROUNDS: usize = 40;
const PURSE: u128 = 1_000_000_000_000;

#[test]
fn the_suite_tells_the_same_story_on_a_real_node() {
    let mut suite = Suite::builder()
        .fast()
        .with_balance("alice", 1_000_000_000)
        .with_balance("bob", 1_000)
        .with_balance("training", 1)
        .with_balance("rewards", 1)
        .build_on(Devnet::start())
        .unwrap();
    let bought = suite.buy("alice", 100_000_000).unwrap();
    assert_eq!(bought.locked, bought.tokens_out);
    assert_eq!(suite.tokens("alice"), bought.tokens_out.u128());
    let error = suite.sell("alice", 1_000_000).unwrap_err().to_string();
    assert!(error.contains("1000000 tokens needed"), "{error}");
    assert!(suite.report([90, 50, 100, 10]).unwrap().accepted);
    suite.wait_for_unlock();
    suite.transfer("alice", "bob", 2_000_000).unwrap();
    let sold = suite.sell("bob", 2_000_000).unwrap();
    assert_eq!(suite.coins("bob"), 1_000 + sold.reserve_out.u128());
    let error = suite.buy_with("alice", 1_000_000, Order::PLAIN.min_out(u128::MAX)).unwrap_err();
    assert!(error.to_string().contains("less than the least asked for"), "{error}");
    let (emitted, data) = suite.emit(1_000_000, 1_000_000).unwrap();
    assert_eq!((emitted.spent, emitted.tokens_out), (data.spent, data.tokens_out));
    let owed = suite.ledgers().treasury;
    assert_eq!(suite.withdraw("alice", Ledger::Treasury).unwrap().amount, owed);
    let ledgers = suite.ledgers();
    let booked = ledgers.reserve + ledgers.pending + ledgers.rewards + ledgers.provenance;
    let bank = suite.chain.balance(&suite.market);
    assert_eq!(bank, (booked + ledgers.treasury).u128());
}

/// One message of the trace, and what became of it.
struct Traced {
    msg: ExecuteMsg,
    funds: u128,
    result: Result<Outcome, Failure>,
}

/// A message of an account in this round.
fn some_message(random: &mut Random, suite: &Suite<Devnet>, name: &str) -> (ExecuteMsg, u128) {
    let deadline = Timestamp::from_seconds(4_000_000_000);
    let held = suite.tokens(name);
    let zero = Uint128::zero();
    let partial = random.chance(50);
    let other = suite.address(random.pick(&TRADERS));
    let amount = Uint128::new(random.magnitude(held.max(1_000)));
    // Mostly what may be accepted: who has nothing buys.
    let choice = match random.below(20) {
        choice if held == 0 && choice > 6 && random.chance(80) => choice % 7,
        choice => choice,
    };
    match (name, choice) {
        ("training", 0..=13) => {
            let percents = [100, 100, 100, 100].map(|most| random.between(0, most) as u64);
            (ExecuteMsg::ReportMetrics { metrics: metrics(percents) }, 0)
        }
        ("rewards", 0..=3) => {
            let budget = Uint128::new(random.magnitude(10_000_000));
            (ExecuteMsg::Emit { budget, max_tokens: Uint128::new(1_000_000_000) }, 0)
        }
        ("provenance", 0..=9) => (ExecuteMsg::WithdrawLedger { ledger: Ledger::Provenance }, 0),
        (_, 0..=5) => {
            let funds = random.magnitude(400_000_000);
            let recipient = random.chance(15).then(|| other.clone());
            (ExecuteMsg::Buy { min_tokens_out: zero, deadline, partial, recipient }, funds)
        }
        (_, 6) => {
            let tokens_out = Uint128::new(random.magnitude(3_000_000_000));
            (ExecuteMsg::BuyExact { tokens_out, deadline }, 300_000_000)
        }
        (_, 7..=10) => {
            let tokens_in = match random.below(4) {
                0 => Uint128::new(held),
                _ => amount,
            };
            (ExecuteMsg::Sell { tokens_in, min_reserve_out: zero, deadline, partial }, 0)
        }
        (_, 11) => (ExecuteMsg::WithdrawLedger { ledger: Ledger::Treasury }, 0),
        (_, 12) => (ExecuteMsg::FundReserve {}, random.magnitude(10_000_000)),
        ("creator" | "alice", 13) => (ExecuteMsg::ClaimVested {}, 0),
        (_, 14) => (ExecuteMsg::Burn { amount: amount.min(Uint128::new(50_000_000)) }, 0),
        (_, 15) => (ExecuteMsg::IncreaseAllowance { spender: other, amount, expires: None }, 0),
        (_, 16) => {
            let owner = suite.address(random.pick(&TRADERS));
            (ExecuteMsg::TransferFrom { owner, recipient: other, amount }, 0)
        }
        _ => (ExecuteMsg::Transfer { recipient: other, amount }, 0),
    }
}

/// All that can be asked.
fn questions(suite: &Suite<Devnet>, opened_at: Timestamp) -> Vec<QueryMsg> {
    let mut questions = vec![
        QueryMsg::Price {},
        QueryMsg::Ledgers {},
        QueryMsg::Vesting {},
        QueryMsg::Config {},
        QueryMsg::TokenInfo {},
        QueryMsg::Minter {},
        QueryMsg::MarketingInfo {},
        QueryMsg::DownloadLogo {},
        QueryMsg::AllAccounts { start_after: None, limit: Some(30) },
        QueryMsg::Curve { points: 30 },
        QueryMsg::Twap { window_secs: 5 },
        QueryMsg::Twap { window_secs: 20 },
        QueryMsg::Explain { since: opened_at },
        QueryMsg::Explain { since: opened_at.plus_seconds(15) },
        QueryMsg::Explain { since: opened_at.minus_nanos(1) },
        QueryMsg::QuoteBuy { amount_in: Uint128::new(1_000_000), partial: false },
        QueryMsg::QuoteBuy { amount_in: Uint128::new(PURSE), partial: true },
        QueryMsg::QuoteBuy { amount_in: Uint128::new(PURSE), partial: false },
        QueryMsg::QuoteBuyExact { tokens_out: Uint128::new(7_654_321) },
        QueryMsg::QuoteSell { tokens_in: Uint128::new(1_234_567), partial: false },
        QueryMsg::QuoteSell { tokens_in: Uint128::new(10_000_000_000), partial: true },
        QueryMsg::EpochStats { epoch: 0 },
        QueryMsg::EpochStats { epoch: 1 },
        QueryMsg::EpochStats { epoch: 999 },
        QueryMsg::Balance { address: suite.market.clone() },
    ];
    for name in TRADERS.iter().chain(&ROLES) {
        let address = suite.address(name);
        questions.push(QueryMsg::Account { address: address.clone() });
        questions.push(QueryMsg::Locks { address: address.clone() });
        questions.push(QueryMsg::Balance { address: address.clone() });
        let (start_after, limit) = (None, Some(30));
        questions.push(QueryMsg::AllAllowances { owner: address.clone(), start_after, limit });
        let (start_after, limit) = (None, Some(30));
        questions.push(QueryMsg::AllSpenderAllowances { spender: address, start_after, limit });
    }
    questions
}

fn ask<C: Chain>(chain: &C, market: &str, question: &QueryMsg) -> Result<Value, String> {
    match chain.query_raw(market, question) {
        Ok(answer) => Ok(serde_json::from_slice(&answer).expect("an answer is JSON")),
        Err(error) => Err(error.to_string()),
    }
}

/// An open market, and the first height after the opening.
fn open() -> (Suite<Devnet>, u64) {
    let mut chain = Devnet::start();
    let coins = chain.money(PURSE);
    let names: Vec<&str> = TRADERS.iter().chain(&ROLES).copied().collect();
    chain.fund_all(&names, &coins);
    let suite = Suite::builder()
        .fast()
        .with_params(|p| p.allocation.burn_bps = 50)
        .with_opening_funds(PURSE / 2)
        .build_on(chain)
        .unwrap();
    let first = suite.chain.height() + 1;
    (suite, first)
}

/// A mock on which everybody has what they had on the chain, with the market at the same address.
fn replay_from(suite: &Suite<Devnet>, msg: &InstantiateMsg, opened_at: Timestamp) -> Mock {
    let mut mock = Mock::replaying(suite.chain.denom(), &suite.market);
    for name in TRADERS.iter().chain(&ROLES) {
        let coins = mock.money(PURSE);
        mock.fund(&suite.address(name), &coins);
    }
    // The suite gave the creator the opening funds on top.
    let funds = mock.money(PURSE / 2);
    mock.fund(&msg.creator, &funds);
    mock.set_time(opened_at);
    let (market, outcome) = mock.open(&msg.creator, msg, &funds).expect("opens as on the chain");
    assert_eq!(market, suite.market);
    assert_eq!(outcome.event::<modelbond_interface::market::MarketOpened>(), suite.opened);
    mock
}

#[test]
fn three_hundred_random_messages_do_the_same_on_the_mock_as_on_a_real_node() {
    let (mut suite, first) = open();
    let opened_at = suite.config().opened_at;
    let mut random = Random::new(7);
    let mut sent: BTreeMap<String, VecDeque<Traced>> = BTreeMap::new();
    let names: Vec<&str> = TRADERS.iter().chain(&ROLES).copied().collect();
    for _ in 0..ROUNDS {
        let mut sendings = vec![];
        for name in &names {
            let (msg, funds) = some_message(&mut random, &suite, name);
            let funds = suite.chain.money(funds);
            sendings.push(Sending { name: (*name).to_owned(), msg, funds });
        }
        let market = suite.market.clone();
        let mut messages: BTreeMap<String, Sending> =
            sendings.iter().map(|s| (suite.address(&s.name), s.clone())).collect();
        for (sender, result) in suite.chain.send_together(&market, sendings) {
            let Sending { msg, funds, .. } = messages.remove(&sender).expect("sent by this one");
            let funds = funds.first().map_or(0, |coin| coin.amount.u128());
            sent.entry(sender).or_default().push_back(Traced { msg, funds, result });
        }
    }

    let mut mock = replay_from(&suite, &suite.msg.clone(), opened_at);
    let transactions = suite.chain.transactions(first, suite.chain.height());
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut shared_blocks = 0;
    let mut last = Timestamp::default();
    for Included { at, sender, accepted } in transactions {
        let Some(traced) = sent.get_mut(&sender).and_then(VecDeque::pop_front) else {
            continue; // the faucet
        };
        shared_blocks += u32::from(at == last);
        last = at;
        let Traced { msg, funds, result } = traced;
        assert_eq!(accepted, result.is_ok());
        mock.set_time(at);
        let coins = mock.money(funds);
        let replayed = mock.execute(&sender, &suite.market, &msg, &coins);
        let count = counts.entry(kind(&msg)).or_default();
        match (&result, &replayed) {
            (Ok(real), Ok(mocked)) => {
                count.0 += 1;
                assert_eq!(real.contract_events(), mocked.contract_events(), "{msg:?}");
                assert_eq!(real.data, mocked.data, "{msg:?}");
            }
            (Err(real), Err(mocked)) => {
                count.1 += 1;
                if let Failure::Market(mocked) = mocked {
                    assert_eq!(real.to_string(), mocked.to_string(), "{msg:?}");
                }
            }
            _ => panic!("{msg:?} by {sender}: chain {result:?}, mock {replayed:?}"),
        }
    }
    assert!(sent.values().all(VecDeque::is_empty), "a message is in no block");
    let (accepted, refused) =
        counts.values().fold((0, 0), |(a, r), (accepted, refused)| (a + accepted, r + refused));
    assert!(accepted + refused >= 300, "{accepted} accepted, {refused} refused");
    assert!(accepted >= 200, "{counts:?}");
    assert!(shared_blocks >= 100, "{shared_blocks} messages shared a block with another");

    for name in &names {
        let address = suite.address(name);
        assert_eq!(suite.chain.balance(&address), mock.balance(&address), "{name}");
    }
    assert_eq!(suite.chain.balance(&suite.market), mock.balance(&suite.market));
    compare_answers(&suite, &mut mock, opened_at);
}

/// Both are asked everything as of the same block.
fn compare_answers(suite: &Suite<Devnet>, mock: &mut Mock, opened_at: Timestamp) {
    let questions = questions(suite, opened_at);
    let mut asked = 0;
    for batch in questions.chunks(8) {
        let mut differences = vec![];
        // A block that ends between two questions is no difference: ask again, a few times.
        for _ in 0..5 {
            suite.chain.next_block();
            let height = suite.chain.height();
            let answers: Vec<_> =
                batch.iter().map(|q| ask(&suite.chain, &suite.market, q)).collect();
            // The node names a block as its newest a moment before it answers from it.
            let of_block = |height| differences_at(suite, mock, height, batch, &answers);
            differences =
                [height, height - 1].map(of_block).into_iter().min_by_key(Vec::len).unwrap();
            if differences.is_empty() {
                break;
            }
        }
        assert!(differences.is_empty(), "{differences:#?}");
        asked += batch.len();
    }
    assert!(asked > 70, "{asked}");
}

/// Where the mock, put at the time of a block, answers something else than the chain did.
fn differences_at(
    suite: &Suite<Devnet>,
    mock: &mut Mock,
    height: u64,
    batch: &[QueryMsg],
    answers: &[Result<Value, String>],
) -> Vec<String> {
    mock.set_time(suite.chain.time_of(height));
    let mut differences = vec![];
    for (question, answer) in batch.iter().zip(answers) {
        let mocked = ask(mock, &suite.market, question);
        let same = match (answer, &mocked) {
            (Ok(real), Ok(mocked)) => real == mocked,
            (Err(real), Err(mocked)) => mocked.ends_with(real),
            _ => false,
        };
        if !same {
            differences.push(format!("{question:?}: {answer:?} but {mocked:?}"));
        }
    }
    differences
}
