//! What is not spent waits: in the market's ledger, or in the segment that it buys tokens for.

use cosmwasm_std::Uint128;
use modelbond_interface::rewards::CARRY_EPOCHS;
use modelbond_rewards::ContractError;
use modelbond_tests::Rewards;

const MILLION: u128 = 1_000_000;

#[test]
fn without_operators_everything_is_carried() {
    let mut rewards = Rewards::successful();
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let ledger = rewards.market.ledgers().rewards;
    let (budgeted, bought) = rewards.budget();
    assert_eq!((budgeted.start, budgeted.end, bought), (0, 0, None));
    assert!(!budgeted.budget.is_zero());
    assert_eq!(rewards.market.ledgers().rewards, ledger);
    assert_eq!(rewards.model().open, None);

    // Work that comes too late for this epoch is for the next one.
    rewards.play(&[("alice", 1)]);
    let (epoch, budget) = (budgeted.epoch, budgeted.budget);
    assert_eq!(rewards.settle().unwrap_err().rewards(), ContractError::NoWork { epoch, budget });

    // The ledger is carried, and a 26th of it is spent on the next work.
    rewards.next_epoch();
    let (next, bought) = rewards.budget();
    assert_eq!((next.volume, next.carry), (Uint128::zero(), ledger));
    assert_eq!(next.budget.u128(), ledger.u128() / u128::from(CARRY_EPOCHS));
    assert_eq!((next.start, next.end), (0, 1));
    assert!(!bought.expect("tokens").tokens.is_zero());
    rewards.check();
}

#[test]
fn a_segment_without_tokens_becomes_part_of_the_next_one() {
    let mut rewards = Rewards::default();
    rewards.perform(1_000_000);
    for (operator, cut) in [("alice", 2), ("bob", 5)] {
        rewards.play(&[(operator, if operator == "alice" { 2 } else { 3 })]);
        rewards.trade(10 * MILLION);
        rewards.next_epoch();
        let (budgeted, bought) = rewards.budget();
        assert_eq!((budgeted.start, budgeted.end, bought), (0, cut, None), "M is 1");
        assert_eq!(rewards.segments().len(), 1);
        rewards.check();
    }
    // Nobody is paid for it yet.
    assert_eq!(rewards.operator("alice").pieces[0].due, None);
    assert!(rewards.claim("alice").is_err());

    rewards.succeed();
    rewards.play(&[("carol", 5)]);
    let (budgeted, bought) = rewards.budget();
    let tokens = bought.expect("tokens").tokens.u128();
    assert_eq!((budgeted.start, budgeted.end), (0, 10));
    assert_eq!(rewards.segment(0).expect("a segment").epoch, budgeted.epoch);
    rewards.next_epoch();
    rewards.budget();
    for (operator, seats) in [("carol", 5), ("alice", 2), ("bob", 3)] {
        let paid: u128 =
            rewards.claim(operator).unwrap().iter().map(|piece| piece.tokens.u128()).sum();
        assert!(paid.abs_diff(tokens * seats / 10) <= 1, "{operator} got {paid} of {tokens}");
    }
    assert_eq!(rewards.model().owed, Uint128::zero());
    rewards.check();
}

#[test]
fn a_segment_without_tokens_waits_for_an_epoch_that_has_some_without_new_work() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.next_epoch();
    let (budgeted, _) = rewards.budget();
    assert_eq!(budgeted.budget, Uint128::zero());
    rewards.trade(10 * MILLION);
    rewards.next_epoch();
    let (next, bought) = rewards.budget();
    assert_eq!((next.start, next.end), (0, 1));
    assert!(!bought.expect("tokens").tokens.is_zero());
    assert_eq!(rewards.segment(0).expect("a segment").epoch, budgeted.epoch + 1);
    rewards.check();
}

#[test]
fn a_segment_with_tokens_is_closed_by_the_next_epoch_even_without_new_work() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(10 * MILLION);
    rewards.next_epoch();
    let tokens = rewards.budget().1.expect("tokens").tokens;
    assert!(rewards.claim("alice").is_err(), "it is open");

    rewards.trade(10 * MILLION);
    rewards.next_epoch();
    let (budgeted, bought) = rewards.budget();
    assert_eq!((budgeted.start, budgeted.end, bought), (1, 1, None));
    assert_eq!(rewards.claim("alice").unwrap()[0].tokens, tokens);
    let error = rewards.settle().unwrap_err().rewards();
    let (epoch, budget) = (budgeted.epoch, budgeted.budget);
    assert_eq!(error, ContractError::NoWork { epoch, budget });
    rewards.check();
}

#[test]
fn an_epoch_that_nobody_settles_is_carried() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let ledger = rewards.market.ledgers().rewards;
    rewards.next_epoch();
    let (budgeted, _) = rewards.budget();
    assert_eq!((budgeted.volume, budgeted.carry), (Uint128::zero(), ledger));
    assert_eq!((budgeted.start, budgeted.end), (0, 1));
}

#[test]
fn a_ledger_without_new_fees_is_used_up_slower_and_slower() {
    let mut rewards = Rewards::successful();
    rewards.trade(1_000 * MILLION);
    rewards.next_epoch();
    let mut last = rewards.market.ledgers().rewards.u128();
    let start = last;
    for _ in 0..40 {
        rewards.play(&[("alice", 1)]);
        rewards.next_epoch();
        let (budgeted, _) = rewards.budget();
        assert_eq!(budgeted.budget.u128(), last / 26);
        let left = rewards.market.ledgers().rewards.u128();
        assert!(left <= last && last - left <= budgeted.budget.u128());
        last = left;
    }
    assert!(last < start * 3 / 10, "{last} of {start}");
    rewards.check();
}
