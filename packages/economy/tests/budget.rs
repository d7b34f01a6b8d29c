//! What an epoch may spend: never more than there is, and what is rounded away comes later.

use modelbond_economy::budget::{carry, Epoch};
use proptest::prelude::*;
use rstest::rstest;

/// 10⁻¹⁸.
const ONE: u128 = 1_000_000_000_000_000_000;
const MILLION: u64 = 1_000_000;

/// A fee of 1 %, 40 % of it for rewards.
const RATE: u128 = ONE / 250;

fn epoch(volume: u128, performance: u64, carry: u128, ledger: u128) -> Epoch {
    Epoch { rate: RATE, volume, performance, carry, carry_epochs: 26, ledger }
}

#[rstest]
#[case::volume_alone(epoch(1_000_000, MILLION, 0, 10_000), 4_000)]
#[case::half_as_good(epoch(1_000_000, 500_000, 0, 10_000), 2_000)]
#[case::no_performance(epoch(1_000_000, 0, 26_000, 50_000), 0)]
#[case::no_volume(epoch(0, MILLION, 0, 10_000), 0)]
#[case::carry_alone(epoch(0, MILLION, 26_000, 26_000), 1_000)]
#[case::both(epoch(1_000_000, 500_000, 26_000, 50_000), 2_500)]
#[case::no_more_than_there_is(epoch(1_000_000, MILLION, 26_000, 4_500), 4_500)]
#[case::an_empty_ledger(epoch(1_000_000, MILLION, 0, 0), 0)]
#[case::less_than_a_unit(epoch(249, MILLION, 0, 10), 0)]
#[case::just_a_unit(epoch(250, MILLION, 0, 10), 1)]
#[case::one_product_not_two(epoch(499, 999_999, 0, 10), 1)]
#[case::less_than_a_unit_of_carry(epoch(0, MILLION, 25, 25), 0)]
#[case::just_a_unit_of_carry(epoch(0, MILLION, 26, 26), 1)]
#[case::better_than_perfect(epoch(1_000_000, u64::MAX, 0, 10_000), 4_000)]
#[case::no_rate(Epoch { rate: 0, ..epoch(u128::MAX, MILLION, 0, u128::MAX) }, 0)]
#[case::more_than_all(Epoch { rate: u128::MAX, ..epoch(7, MILLION, 0, 100) }, 7)]
#[case::no_epochs(Epoch { carry_epochs: 0, ..epoch(250, MILLION, 26, 100) }, 1)]
#[case::largest(epoch(u128::MAX, MILLION, u128::MAX, u128::MAX), u128::MAX / 250 + u128::MAX / 26)]
#[case::everything_at_its_largest(
    Epoch {
        rate: u128::MAX,
        volume: u128::MAX,
        performance: u64::MAX,
        carry: u128::MAX,
        carry_epochs: u32::MAX,
        ledger: u128::MAX,
    },
    u128::MAX
)]
fn a_budget_is_rate_times_volume_times_performance(#[case] epoch: Epoch, #[case] expected: u128) {
    assert_eq!(epoch.budget(), expected);
}

#[rstest]
#[case::all_of_it_is_old(1_000, 0, 4_000, 1_000)]
#[case::part_of_it_is_new(1_000, 500, 4_000, 800)]
#[case::all_of_it_is_new(1_000, 2_500, 4_000, 0)]
#[case::fees_that_were_rounded(1_000, 2_503, 4_000, 0)]
#[case::nothing_for_rewards(1_000, 500, 0, 1_000)]
#[case::largest(u128::MAX, u128::MAX, 10_000, 0)]
fn a_carry_is_what_open_epochs_did_not_bring(
    #[case] ledger: u128,
    #[case] fees: u128,
    #[case] bps: u32,
    #[case] expected: u128,
) {
    assert_eq!(carry(ledger, fees, bps), expected);
}

/// DAO DAO #259: a rate that rounds to zero pays nothing for ever, and its money is stuck. Here it waits.
#[test]
fn a_volume_too_small_for_a_unit_is_paid_late_not_never() {
    let (mut ledger, mut spent) = (0_u128, 0_u128);
    let mut thousandths = 0_u128;
    for _ in 0..10_000 {
        // 0.4 of a unit in each epoch.
        thousandths += 400;
        ledger += thousandths / 1_000;
        thousandths %= 1_000;
        let budget = epoch(100, MILLION, ledger, ledger).budget();
        ledger -= budget;
        spent += budget;
    }
    assert_eq!(spent + ledger, 4_000);
    assert!(ledger <= 26, "{ledger}");
}

proptest! {
    #[test]
    fn a_budget_is_never_more_than_the_ledger(
        rate: u128,
        volume: u128,
        performance: u64,
        carry: u128,
        carry_epochs: u32,
        ledger: u128,
    ) {
        let epoch = Epoch { rate, volume, performance, carry, carry_epochs, ledger };
        prop_assert!(epoch.budget() <= ledger);
    }

    #[test]
    fn a_budget_is_exact_where_two_words_hold_the_product(
        volume in 0..1_u128 << 40,
        performance in 0..=MILLION,
        carry in 0..1_u128 << 60,
        rate in 0..=ONE / 33,
    ) {
        let ledger = u128::MAX;
        let found = Epoch { rate, volume, performance, carry, carry_epochs: 26, ledger }.budget();
        // 10²⁴ = 10¹²·10¹², the first of which divides nothing here.
        let product = volume.checked_mul(rate).and_then(|product| product.checked_mul(performance.into()));
        if let Some(product) = product {
            let expected = product / (ONE * 1_000_000) + carry * u128::from(performance) / 26_000_000;
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn more_volume_is_never_less_budget(
        volume: u128,
        more: u128,
        performance in 0..=MILLION,
        carry: u128,
    ) {
        let less = epoch(volume, performance, carry, u128::MAX).budget();
        prop_assert!(epoch(volume.saturating_add(more), performance, carry, u128::MAX).budget() >= less);
    }

    /// A rate of at most fee × rewards' part pays out no more of an epoch's volume than its fees brought in.
    #[test]
    fn volume_alone_earns_at_most_its_own_fees(
        volume in 0..1_u128 << 100,
        fee_bps in 30_u128..=300,
        rewards_bps in 0_u128..=8_000,
        performance in 0..=MILLION,
    ) {
        let rate = ONE / 100_000_000 * fee_bps * rewards_bps;
        let budget =
            Epoch { rate, volume, performance, carry: 0, carry_epochs: 26, ledger: u128::MAX }.budget();
        // A fee is rounded up, rewards' part of it down.
        prop_assert!(budget <= volume / 10_000 * fee_bps * rewards_bps / 10_000 + 301);
    }
}
