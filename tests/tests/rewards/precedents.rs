//! What went wrong elsewhere, and cannot here.

use modelbond_interface::rewards::ExecuteMsg;
use modelbond_rewards::ContractError;
use modelbond_tests::rewards::SLICE_SECS;
use modelbond_tests::{Chain, Contracts, Rewards};

const MILLION: u128 = 1_000_000;

fn tokens(rewards: &mut Rewards, operator: &str) -> u128 {
    let paid = rewards.claim(operator).unwrap_or_default();
    paid.iter().map(|piece| piece.tokens.u128()).sum()
}

/// DAO DAO #259: an emission below one unit per block was rounded to zero, and what had been deposited for it
/// was locked for ever. Here one product is divided once, and what is rounded away waits in the ledger.
#[test]
fn dao_dao_259_a_rate_that_rounds_to_zero_locks_nothing() {
    let mut rewards = Rewards::successful();
    // 0.4 % of so little is no unit, and so is half of it.
    rewards.perform(500_000);
    let mut brought = 0;
    for _ in 0..12 {
        rewards.play(&[("alice", 1)]);
        let before = rewards.market.ledgers().rewards.u128();
        rewards.market.fund("trader", 400);
        for _ in 0..4 {
            rewards.market.buy("trader", 100).unwrap();
        }
        brought += rewards.market.ledgers().rewards.u128() - before;
        rewards.next_epoch();
        let (budgeted, _) = rewards.budget();
        assert!(budgeted.budget.u128() <= 1, "{budgeted:?}");
        rewards.check();
    }
    assert_eq!(brought, 0, "not even the market's own rounding brought a unit");

    // Fees that do bring units, of a volume too small for the rate: they become a carry that is spent.
    let mut spent = 0;
    for _ in 0..60 {
        rewards.play(&[("alice", 1)]);
        rewards.trade(24_000);
        rewards.next_epoch();
        rewards.budget();
        spent += rewards.model().budget.unwrap().spent.u128();
    }
    let left = rewards.market.ledgers().rewards.u128();
    assert!(spent > 0 && left < 60 * 192, "{spent} spent, {left} left");
    assert!(tokens(&mut rewards, "alice") > 0 || !rewards.model().owed.is_zero());
    rewards.check();
}

/// DAO DAO #891: every poke between two payments set the clock back, so that frequent pokes stopped them.
/// Here the market's clock counts, and a budget is fixed once.
#[test]
fn dao_dao_891_a_poke_restarts_nothing() {
    let story = |pokes: bool| {
        let mut rewards = Rewards::successful();
        rewards.play(&[("alice", 1)]);
        rewards.trade(2_000 * MILLION);
        rewards.next_epoch();
        rewards.budget();
        for _ in 0..4 {
            for _ in 0..10 {
                rewards.market.wait(SLICE_SECS / 10);
                if pokes {
                    // Too soon, too late, for nothing: whatever anybody can send.
                    let _ = rewards.claim("alice");
                    let _ = rewards.settle_epoch(0);
                    let early = rewards.market.chain.now().nanos() % (SLICE_SECS * 1_000_000_000);
                    if early != 0 {
                        let _ = rewards.settle();
                    }
                }
            }
            let _ = rewards.settle();
        }
        rewards.next_epoch();
        let budget = rewards.model().budget.unwrap();
        rewards.budget();
        (budget.budget, budget.spent, tokens(&mut rewards, "alice"))
    };
    assert_eq!(story(true), story(false));
}

/// DAO DAO #886: for tokens that come with a message, whoever sent them is not the sender of the message, who
/// is the token. Here nobody funds anything: the money is a ledger of the market, and a claim by one account
/// for another pays that other one.
#[test]
fn dao_dao_886_nobody_has_to_be_let_in_to_fund_it() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(10 * MILLION);
    rewards.next_epoch();
    // The token itself settles and claims, as any other account could.
    let (market, epoch) = (rewards.market.market.clone(), rewards.epoch() - 1);
    let settle = ExecuteMsg::Settle { model: market.clone(), epoch };
    rewards.send_from(&market, &settle).unwrap();
    let bought = rewards.model().owed;
    rewards.next_epoch();
    rewards.budget();
    let operator = Some(rewards.market.address("alice"));
    let before = rewards.market.tokens_at(&market);
    let claim = ExecuteMsg::Claim { model: market.clone(), operator };
    rewards.send_from(&market, &claim).unwrap();
    assert_eq!(rewards.market.tokens("alice"), bought.u128());
    assert_eq!(rewards.market.tokens_at(&market), before);
    rewards.check();
}

/// Sherlock, Tokemak (June 2023) #387 and its duplicates: rewards that arrived while nobody had a share were
/// nobody's, and stuck. Here they stay in the market's ledger until there is work.
#[test]
fn tokemak_rewards_that_arrive_while_nobody_works_are_not_lost() {
    let mut rewards = Rewards::successful();
    for _ in 0..5 {
        rewards.trade(100 * MILLION);
        rewards.next_epoch();
        rewards.budget();
    }
    let waiting = rewards.market.ledgers().rewards;
    assert_eq!(rewards.model().owed.u128(), 0);
    rewards.play(&[("alice", 1)]);
    let mut spent = 0;
    for _ in 0..120 {
        rewards.next_epoch();
        rewards.play(&[("alice", 1)]);
        spent += rewards.budget().1.map_or(0, |bought| bought.spent.u128());
    }
    assert!(spent > waiting.u128() * 98 / 100, "{spent} of {waiting}");
    assert_eq!(rewards.market.ledgers().rewards.u128() + spent, waiting.u128());
    rewards.check();
}

/// Sherlock, Tokemak (June 2023) #370: a new stake had a share in rewards from before it. Here work lies where
/// its round began, and a segment's tokens are shared by that segment's work alone.
#[test]
fn tokemak_new_work_has_no_part_in_earlier_rewards() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let bought = rewards.budget().1.expect("tokens").tokens.u128();
    // A thousand times as much, just before and just after the segment is closed.
    rewards.play(&[("mallory", 1_000)]);
    rewards.next_epoch();
    rewards.budget();
    rewards.play(&[("mallory", 1_000)]);
    assert_eq!(tokens(&mut rewards, "mallory"), 0);
    assert_eq!(tokens(&mut rewards, "alice"), bought);
    rewards.check();
}

/// Sherlock, Tokemak (June 2023) #738: what came in was read off balances before and after a call, so that
/// somebody who made the call first, or sent something along, changed what was booked. Here the market says
/// what it emitted, and nobody else can make it emit.
#[test]
fn tokemak_balances_are_not_what_is_booked() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(100 * MILLION);
    rewards.market.claim("creator").unwrap();
    rewards.next_epoch();
    let emit = modelbond_interface::market::ExecuteMsg::Emit {
        budget: MILLION.into(),
        max_tokens: MILLION.into(),
    };
    for person in ["alice", "creator", "keeper"] {
        assert!(rewards.market.send(person, &emit, 0).is_err());
    }
    rewards.donate("creator", 5 * MILLION);
    let bought = rewards.budget().1.expect("tokens");
    rewards.donate("creator", 5 * MILLION);
    assert_eq!(rewards.model().owed, bought.tokens);
    rewards.next_epoch();
    rewards.budget();
    assert_eq!(tokens(&mut rewards, "alice"), bought.tokens.u128());
    rewards.check();
}

/// A settlement cannot be replayed: neither within its epoch, nor for an epoch that is long over.
#[test]
fn an_epoch_pays_once() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(10 * MILLION);
    rewards.next_epoch();
    let (budgeted, _) = rewards.budget();
    for _ in 0..3 {
        rewards.market.wait(SLICE_SECS);
        let _ = rewards.settle();
    }
    let spent = rewards.model().budget.unwrap().spent;
    assert!(spent <= budgeted.budget);
    rewards.next_epoch();
    let error = rewards.settle_epoch(budgeted.epoch).unwrap_err().rewards();
    let (epoch, current) = (budgeted.epoch, budgeted.epoch + 2);
    assert_eq!(error, ContractError::EpochNotDue { epoch, current });
}

/// Whoever would take an answer for the market's: nobody but the chain answers.
#[test]
fn what_a_stranger_says_is_no_answer() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    let before = rewards.model();
    let (sender, address) = (rewards.market.address("stranger"), rewards.address.clone());
    let forged = serde_json::json!({ "emit": { "spent": "0", "tokens_out": "1000" } });
    assert!(rewards.market.chain.execute_any(&sender, &address, &forged, &[]).is_err());
    assert_eq!(rewards.model(), before);
}
