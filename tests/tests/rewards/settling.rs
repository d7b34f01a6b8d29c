//! Settling an epoch: once with a budget, again for the rest of it, never for another epoch.

use cosmwasm_std::Uint128;
use modelbond_interface::rewards::{RewardsBought, RewardsBudgeted};
use modelbond_market::ContractError as MarketError;
use modelbond_rewards::ContractError;
use modelbond_tests::rewards::{EPOCH_SECS, SLICE_SECS};
use modelbond_tests::{Chain, Rewards};
use rstest::rstest;

const MILLION: u128 = 1_000_000;

/// An epoch with work and volume is over.
fn traded(amount: u128) -> Rewards {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 3), ("bob", 1)]);
    rewards.trade(amount);
    rewards.next_epoch();
    rewards
}

/// The same after so much volume that one slice cannot spend the budget, nor the cap of an epoch end it.
fn traded_much() -> Rewards {
    let mut rewards = Rewards::with(|market| {
        market.with_params(|params| {
            params.emission.tokens_per_epoch = params.curve.max_supply / Uint128::new(1_000);
        })
    });
    rewards.succeed();
    rewards.play(&[("alice", 3), ("bob", 1)]);
    for _ in 0..8 {
        rewards.trade(1_000 * MILLION);
    }
    rewards.next_epoch();
    rewards
}

#[test]
fn the_last_epochs_volume_buys_tokens_for_the_work_since_the_last_settlement() {
    let mut rewards = traded(100 * MILLION);
    let epoch = rewards.epoch() - 1;
    let (before, supply) = (rewards.market.ledgers(), rewards.market.supply());
    let (budgeted, bought) = rewards.budget();
    let bought = bought.expect("tokens");

    assert_eq!((budgeted.epoch, budgeted.start, budgeted.end), (epoch, 0, 4));
    assert!(!budgeted.budget.is_zero() && budgeted.ledger == before.rewards);
    assert!(bought.spent <= budgeted.budget && !bought.tokens.is_zero());
    let after = rewards.market.ledgers();
    assert_eq!(before.rewards - after.rewards, bought.spent);
    assert!(after.reserve - before.reserve >= bought.spent, "all of it goes to the reserve");
    assert_eq!(rewards.market.supply() - supply, bought.tokens.u128());

    let model = rewards.model();
    let budget = model.budget.expect("a budget");
    assert_eq!((budget.epoch, budget.spent), (epoch, bought.spent));
    let open = model.open.expect("a segment");
    assert_eq!((open.start, open.end, open.epoch), (0, 4, epoch));
    assert_eq!((open.tokens, open.closed), (bought.tokens, false));
    assert_eq!((model.owed, model.uncut_work), (bought.tokens, 0));
    rewards.check();
}

#[test]
fn the_first_settlement_fixes_the_budget_and_later_ones_spend_the_rest() {
    let mut rewards = traded_much();
    let (budgeted, first) = rewards.budget();
    let first = first.expect("tokens");
    assert!(first.spent < budgeted.budget);

    // What happens in the meantime is for the next epoch.
    rewards.trade(1_000 * MILLION);
    rewards.play(&[("carol", 5)]);
    rewards.perform(1);
    rewards.market.wait(SLICE_SECS);
    let outcome = rewards.settle().expect("goes on");
    assert_eq!(outcome.find::<RewardsBudgeted>(), None);
    let second: RewardsBought = outcome.event();
    assert_eq!(second.epoch, budgeted.epoch);

    let model = rewards.model();
    let budget = model.budget.expect("a budget");
    assert_eq!(budget.budget, budgeted.budget);
    assert_eq!(budget.spent, first.spent + second.spent);
    assert!(budget.spent <= budget.budget);
    assert_eq!(model.open.expect("a segment").tokens, first.tokens + second.tokens);
    assert_eq!(model.uncut_work, 5);
    rewards.check();
}

#[test]
fn a_budget_is_spent_once() {
    let mut rewards = traded(200 * MILLION);
    let (budgeted, _) = rewards.budget();
    let mut last = None;
    for _ in 0..5 {
        rewards.market.wait(SLICE_SECS);
        last = Some(rewards.settle());
        let spent = rewards.model().budget.expect("a budget").spent;
        assert!(spent <= budgeted.budget);
        rewards.check();
    }
    let spent = rewards.model().budget.expect("a budget").spent;
    match last.expect("several") {
        // What is left buys no unit.
        Ok(outcome) => assert_eq!(outcome.find::<RewardsBought>(), None),
        Err(error) => {
            let (epoch, budget) = (budgeted.epoch, budgeted.budget);
            assert_eq!(error.rewards(), ContractError::BudgetSpent { epoch, budget, spent });
        }
    }
    assert!((budgeted.budget - spent).u128() < 10, "{spent} of {}", budgeted.budget);
}

#[test]
fn a_budget_of_zero_buys_nothing_and_is_spent() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.next_epoch();
    let (budgeted, bought) = rewards.budget();
    assert_eq!((budgeted.budget, bought), (Uint128::zero(), None));
    let error = rewards.settle().unwrap_err().rewards();
    let (epoch, budget, spent) = (budgeted.epoch, Uint128::zero(), Uint128::zero());
    assert_eq!(error, ContractError::BudgetSpent { epoch, budget, spent });
    rewards.check();
}

#[test]
fn a_slice_that_comes_too_soon_is_refused_by_the_market() {
    let mut rewards = traded_much();
    rewards.budget();
    let (next_at, before) = (rewards.market.chain.now().plus_seconds(SLICE_SECS), rewards.model());
    rewards.market.wait(SLICE_SECS - 1);
    let error = rewards.settle().unwrap_err().market();
    assert_eq!(error, MarketError::EmitTooSoon { next_at });
    assert_eq!(rewards.model(), before);
    rewards.market.wait(1);
    rewards.settle().expect("goes on");
}

#[test]
fn a_first_settlement_that_comes_too_soon_leaves_nothing_behind() {
    let mut rewards = traded_much();
    rewards.market.wait(EPOCH_SECS - 1);
    rewards.budget();
    rewards.play(&[("carol", 5)]);
    rewards.trade(MILLION);
    rewards.market.wait(1);
    let before = (rewards.model(), rewards.segments());
    let error = rewards.settle().unwrap_err().market();
    assert!(matches!(error, MarketError::EmitTooSoon { .. }), "{error}");
    assert_eq!((rewards.model(), rewards.segments()), before);
    rewards.market.wait(SLICE_SECS);
    let (budgeted, _) = rewards.budget();
    assert_eq!((budgeted.start, budgeted.end), (4, 9));
}

#[rstest]
#[case::the_current_one(0)]
#[case::the_next_one(1)]
#[case::the_one_before_the_last(-2)]
#[case::the_first_one(-3)]
fn only_the_epoch_before_the_current_one_is_settled(#[case] difference: i64) {
    let mut rewards = Rewards::successful();
    for _ in 0..2 {
        rewards.play(&[("alice", 1)]);
        rewards.trade(MILLION);
        rewards.next_epoch();
    }
    let current = rewards.epoch();
    assert_eq!(current, 3);
    let epoch = u32::try_from(i64::from(current) + difference).unwrap();
    let error = rewards.settle_epoch(epoch).unwrap_err().rewards();
    assert_eq!(error, ContractError::EpochNotDue { epoch, current });
    rewards.settle_epoch(current - 1).expect("settles");
}

#[rstest]
#[case::the_one_before(u32::MAX)]
#[case::itself(0)]
fn in_the_first_epoch_none_is_over(#[case] epoch: u32) {
    let mut rewards = Rewards::default();
    assert_eq!(rewards.epoch(), 0);
    let error = rewards.settle_epoch(epoch).unwrap_err().rewards();
    assert_eq!(error, ContractError::EpochNotDue { epoch, current: 0 });
}

#[test]
fn an_epoch_begins_to_the_nanosecond() {
    let mut rewards = traded(MILLION);
    let begins = rewards.market.chain.now();
    rewards.market.chain.set_time(begins.minus_nanos(1));
    let error = rewards.settle_epoch(1).unwrap_err().rewards();
    assert_eq!(error, ContractError::EpochNotDue { epoch: 1, current: 1 });
    assert_eq!(rewards.model().epoch, 1);
    rewards.market.chain.set_time(begins);
    rewards.settle_epoch(1).expect("settles");
    assert_eq!(rewards.model().epoch, 2);
}

#[test]
fn a_model_that_proves_nothing_emits_nothing() {
    let mut rewards = Rewards::default();
    rewards.perform(1_000_000);
    rewards.play(&[("alice", 1)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let (budgeted, bought) = rewards.budget();
    assert!(!budgeted.budget.is_zero());
    assert_eq!(bought, None, "M is 1");
    assert_eq!(rewards.model().budget.expect("a budget").spent, Uint128::zero());
    // Nothing was emitted, so the market need not wait; it still will not.
    assert_eq!(rewards.settle().expect("tries again").find::<RewardsBought>(), None);
    rewards.check();
}

#[test]
fn emission_stops_at_the_cap_of_the_epoch() {
    let mut rewards = Rewards::with(|market| {
        market.with_params(|params| params.emission.tokens_per_epoch = Uint128::new(MILLION))
    });
    rewards.succeed();
    rewards.play(&[("alice", 1)]);
    rewards.trade(1_000 * MILLION);
    rewards.next_epoch();
    let (budgeted, bought) = rewards.budget();
    let bought = bought.expect("tokens");
    assert_eq!(bought.tokens.u128(), MILLION, "M is as high as it gets");
    assert!(bought.spent < budgeted.budget);
    rewards.market.wait(SLICE_SECS);
    assert_eq!(rewards.settle().expect("settles").find::<RewardsBought>(), None);
    assert_eq!(rewards.model().owed, bought.tokens);
}
