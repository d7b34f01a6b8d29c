//! What a round pays: never more than there is, and nothing gets lost.

use cosmwasm_std::Uint128;
use modelbond_interface::training::{PAY_BPS, SPOILS_BPS};
use modelbond_rounds::pay::{allocation, each, part, s_max, split, spoils, Spoils};
use proptest::prelude::*;
use rstest::rstest;

const fn tokens(amount: u128) -> Uint128 {
    Uint128::new(amount)
}

#[test]
fn the_parts_of_a_budget_are_the_whole() {
    assert_eq!(PAY_BPS.iter().map(|bps| u32::from(*bps)).sum::<u32>(), 10_000);
    assert_eq!(SPOILS_BPS, 2_000);
}

#[rstest]
#[case::round(10_000_000, [6_000_000, 2_800_000, 400_000, 400_000, 400_000])]
#[case::nothing(0, [0; 5])]
#[case::too_little_to_share(1, [0; 5])]
#[case::odd(99, [59, 27, 3, 3, 3])]
#[case::most(
    u128::MAX,
    [
        204_169_420_152_563_078_078_024_764_459_060_926_873,
        95_279_062_737_862_769_769_744_890_080_895_099_207,
        13_611_294_676_837_538_538_534_984_297_270_728_458,
        13_611_294_676_837_538_538_534_984_297_270_728_458,
        13_611_294_676_837_538_538_534_984_297_270_728_458,
    ]
)]
fn a_budget_is_split(#[case] budget: u128, #[case] expected: [u128; 5]) {
    assert_eq!(split(tokens(budget)), expected.map(tokens));
}

#[rstest]
#[case::by_quality(6_000_000, 1, 3, 2_000_000)]
#[case::alone(6_000_000, 17, 17, 6_000_000)]
#[case::rounded_down(10, 2, 3, 6)]
#[case::no_quality(6_000_000, 0, 17, 0)]
#[case::nobody_had_quality(6_000_000, 0, 0, 0)]
#[case::largest(u128::MAX, u64::MAX, u64::MAX, u128::MAX)]
fn a_contribution_can_draw_its_part(
    #[case] trainers: u128,
    #[case] quality: u64,
    #[case] all: u64,
    #[case] expected: u128,
) {
    assert_eq!(s_max(tokens(trainers), quality, all), tokens(expected));
}

#[rstest]
#[case::lowest([0; 32], 0)]
#[case::highest([0xff; 32], 2_999_999)]
#[case::half(std::array::from_fn(|index| if index == 0 { 0x80 } else { 0 }), 1_500_000)]
#[case::the_last_16_bytes_do_not_count(std::array::from_fn(|index| if index < 16 { 0 } else { 0xff }), 0)]
fn a_lot_is_a_part_of_s_max(#[case] lot: [u8; 32], #[case] expected: u128) {
    assert_eq!(allocation(&lot, tokens(3_000_000)), tokens(expected));
}

/// The digest that the test of digests expects, as Python's integers read it.
#[test]
fn an_allocation_has_the_known_answer() {
    let lot = hex::decode("86408049304e5de7cb356c2fc5cd5d8945d2eb451ab7cab4c0f767574da8145f");
    let lot: [u8; 32] = lot.unwrap().try_into().unwrap();
    assert_eq!(allocation(&lot, tokens(3_000_000)), tokens(1_573_265));
}

#[rstest]
#[case::challenged(
    1_000, 0, 5, true,
    Spoils {
        per_juror: tokens(40),
        challenger: tokens(200),
        burned: tokens(300),
        rolled_over: tokens(300),
    }
)]
#[case::by_an_audit(
    1_000, 0, 5, false,
    Spoils {
        per_juror: tokens(40),
        challenger: tokens(0),
        burned: tokens(400),
        rolled_over: tokens(400),
    }
)]
#[case::silence_pays_no_jury(
    0, 101, 5, false,
    Spoils { burned: tokens(51), rolled_over: tokens(50), ..Spoils::default() }
)]
#[case::nobody_judged(
    1_000, 0, 0, false,
    Spoils { burned: tokens(500), rolled_over: tokens(500), ..Spoils::default() }
)]
#[case::dust(
    9, 0, 2, true,
    Spoils { challenger: tokens(1), burned: tokens(4), rolled_over: tokens(4), ..Spoils::default() }
)]
#[case::nothing(0, 0, 21, true, Spoils::default())]
fn slashed_stakes_are_shared(
    #[case] wrong: u128,
    #[case] other: u128,
    #[case] jurors: u8,
    #[case] challenged: bool,
    #[case] expected: Spoils,
) {
    assert_eq!(spoils(tokens(wrong), tokens(other), jurors, challenged), expected);
}

proptest! {
    #[test]
    fn a_split_is_never_more_than_the_budget(budget: u128) {
        let parts = split(tokens(budget));
        let sum = parts.iter().try_fold(Uint128::zero(), |sum, part| sum.checked_add(*part));
        let sum = sum.unwrap();
        prop_assert!(sum <= tokens(budget));
        prop_assert!(tokens(budget) - sum < tokens(5));
    }

    #[test]
    fn contributions_never_draw_more_than_there_is(
        trainers: u128,
        qualities in proptest::collection::vec(0_u64..1 << 60, 1..=16),
        lots in proptest::collection::vec(any::<[u8; 32]>(), 16),
    ) {
        let all = qualities.iter().sum();
        let mut most = Uint128::zero();
        let mut drawn = Uint128::zero();
        for (quality, lot) in qualities.iter().zip(&lots) {
            let part = s_max(tokens(trainers), *quality, all);
            let share = allocation(lot, part);
            prop_assert!(share < part || part.is_zero());
            most = most.checked_add(part).unwrap();
            drawn = drawn.checked_add(share).unwrap();
        }
        prop_assert!(most <= tokens(trainers));
        prop_assert!(drawn <= most);
        if all > 0 {
            prop_assert!(tokens(trainers) - most < tokens(qualities.len() as u128));
        }
    }

    #[test]
    fn spoils_are_what_was_taken(
        wrong in 0_u128..u128::MAX / 2,
        other in 0_u128..u128::MAX / 2,
        jurors: u8,
        challenged: bool,
    ) {
        let shares = spoils(tokens(wrong), tokens(other), jurors, challenged);
        let jury = shares.per_juror * Uint128::from(jurors);
        let sum = jury + shares.challenger + shares.burned + shares.rolled_over;
        prop_assert_eq!(sum, tokens(wrong + other));
        // Half of what is left is burned, the odd token too.
        let more = shares.burned - shares.rolled_over;
        prop_assert!(more <= Uint128::one());
        prop_assert!(jury + shares.challenger <= part(tokens(wrong), 4_000) + Uint128::one());
        prop_assert!(challenged || shares.challenger.is_zero());
        prop_assert!(jurors > 0 || jury.is_zero());
    }

    #[test]
    fn shares_of_many_are_equal_and_fit(amount: u128, count: u64) {
        let share = each(tokens(amount), count);
        let sum = share.checked_mul(Uint128::from(count)).unwrap();
        prop_assert!(sum <= tokens(amount));
        prop_assert!(count == 0 || tokens(amount) - sum < Uint128::from(count));
        prop_assert_eq!(count == 0 && !share.is_zero(), false);
    }
}
