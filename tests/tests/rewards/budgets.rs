//! An epoch's budget on a real market, recomputed from what the market says.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{EpochStatsResponse, QueryMsg};
use modelbond_interface::rewards::RewardsBudgeted;
use modelbond_tests::Rewards;
use rstest::rstest;

const MILLION: u128 = 1_000_000;

fn stats(rewards: &Rewards, epoch: u32) -> EpochStatsResponse {
    rewards.market.query(&QueryMsg::EpochStats { epoch }).unwrap()
}

/// min(rate·V·P + P·carry/26, ledger), by this test's own arithmetic: rates in 10⁻⁸, no number is large.
fn expected(rewards: &Rewards, rate: u128, event: &RewardsBudgeted) -> u128 {
    let (volume, performance) = (event.volume.u128(), u128::from(event.performance));
    let earned = volume * rate * performance / (100 * MILLION * MILLION);
    let carried = event.carry.u128() * performance / (26 * MILLION);
    let current = stats(rewards, event.epoch + 1);
    let bps = u128::from(rewards.market.params().fees.split.rewards_bps);
    let fees = stats(rewards, event.epoch).fees.u128() + current.fees.u128();
    let carry = event.ledger.u128().saturating_sub(fees * bps / 10_000);
    assert_eq!(event.carry.u128(), carry);
    (earned + carried).min(event.ledger.u128())
}

#[rstest]
#[case::nothing_carried(&[100], 1_000_000)]
#[case::half_as_good(&[100], 500_000)]
#[case::hardly_good(&[100], 1)]
#[case::not_good(&[100], 0)]
#[case::carried_and_new(&[1_000, 0, 0, 300, 20], 1_000_000)]
#[case::carried_and_new_half_as_good(&[1_000, 0, 0, 300, 20], 470_000)]
#[case::no_volume(&[0, 0], 1_000_000)]
fn a_budget_is_what_the_formula_says(#[case] volumes: &[u128], #[case] performance: u64) {
    let mut rewards = Rewards::successful();
    rewards.perform(performance);
    for volume in volumes {
        rewards.play(&[("alice", 1)]);
        if *volume > 0 {
            rewards.trade(volume * MILLION);
        }
        rewards.next_epoch();
        let epoch = rewards.epoch() - 1;
        let (event, bought) = rewards.budget();
        assert_eq!(event.volume, stats(&rewards, epoch).volume);
        assert_eq!(event.performance, performance);
        // The default rate: a fee of 1 %, of which rewards get 40 %.
        assert_eq!(event.budget.u128(), expected(&rewards, 400_000, &event));
        let spent = bought.map(|bought| bought.spent).unwrap_or_default();
        assert_eq!(rewards.market.ledgers().rewards + spent, event.ledger);
    }
}

#[test]
fn a_lower_rate_pays_less() {
    let half = Decimal::permille(2);
    let mut rewards = Rewards::with(|market| market.with_reward_rate(half));
    rewards.succeed();
    rewards.play(&[("alice", 1)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let (event, _) = rewards.budget();
    assert_eq!(event.budget.u128(), expected(&rewards, 200_000, &event));
    assert_eq!(event.budget.u128(), event.volume.u128() * 2 / 1_000);
}

#[test]
fn fees_of_the_current_epoch_are_not_spent_on_the_last_one() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(MILLION);
    rewards.next_epoch();
    rewards.trade(1_000 * MILLION);
    let (event, _) = rewards.budget();
    assert!(event.ledger.u128() > 100 * event.budget.u128(), "{event:?}");
    assert_eq!(event.budget.u128(), expected(&rewards, 400_000, &event));
    assert!(event.carry.u128() < 10, "only what was rounded: {event:?}");
}

#[test]
fn a_budget_is_at_most_the_ledger() {
    // Fees that are rounded up, rewards' part of them down: single trades bring less than the rate says.
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    for _ in 0..20 {
        rewards.trade(MILLION / 10 + 49);
    }
    rewards.next_epoch();
    let (event, _) = rewards.budget();
    assert!(event.budget <= event.ledger);
    assert_eq!(event.budget.u128(), expected(&rewards, 400_000, &event));
    rewards.check();
}

#[test]
fn a_launch_brings_fees_above_the_rate_and_no_negative_carry() {
    let mut rewards = Rewards::with(|market| {
        market.with_params(|params| {
            params.fees.launch_fee_bps = 2_000;
            params.fees.launch_secs = 7_000;
        })
    });
    rewards.perform(1_000_000);
    rewards.play(&[("alice", 1)]);
    rewards.market.fund("early", 100 * MILLION);
    rewards.market.buy("early", 100 * MILLION).unwrap();
    rewards.next_epoch();
    let (event, _) = rewards.budget();
    assert_eq!(event.carry, Uint128::zero());
    assert!(event.budget <= event.ledger);
    assert_eq!(event.budget.u128(), expected(&rewards, 400_000, &event));
}

#[test]
fn emission_is_no_volume() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    assert!(!rewards.budget().1.expect("tokens").spent.is_zero());
    rewards.play(&[("alice", 1)]);
    rewards.next_epoch();
    assert_eq!(rewards.budget().0.volume, Uint128::zero());
}
