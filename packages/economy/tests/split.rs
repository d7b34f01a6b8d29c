//! A payment in parts adds up, and everybody but the reserve is rounded down.
#![allow(missing_docs)]

use modelbond_economy::split::{Parts, Split, TooMuch};
use proptest::prelude::*;
use rstest::rstest;

fn parts(royalties_bps: &[u16]) -> Parts {
    Parts { reserve_bps: 1_000, holders_bps: 3_000, royalties_bps: royalties_bps.to_vec() }
}

/// Reserve, holders and owner.
type Three = (u128, u128, u128);

#[rstest]
#[case::nothing(0, &[], (0, 0, 0), &[])]
#[case::one_unit_is_the_reserves(1, &[2_500], (1, 0, 0), &[0])]
#[case::without_parents(10_000, &[], (1_000, 3_000, 6_000), &[])]
#[case::two_parents(10_000, &[1_000, 500], (1_000, 3_000, 4_500), &[1_000, 500])]
#[case::half_to_parents(1_000, &[5_000], (100, 300, 100), &[500])]
#[case::remainders_to_the_reserve(99, &[1_111, 2_222], (13, 29, 26), &[10, 21])]
fn a_payment_in_parts(
    #[case] amount: u128,
    #[case] royalties_bps: &[u16],
    #[case] (reserve, holders, owner): Three,
    #[case] royalties: &[u128],
) {
    let split = parts(royalties_bps).split(amount).unwrap();
    assert_eq!(split, Split { reserve, holders, royalties: royalties.to_vec(), owner });
}

#[test]
fn the_most_there_can_be_is_split_without_loss() {
    let split = parts(&[5_000]).split(u128::MAX).unwrap();
    assert_eq!(split.reserve + split.holders + split.royalty() + split.owner, u128::MAX);
    assert_eq!(split.royalties, [u128::MAX / 2]);
    assert_eq!(split.owner, u128::MAX / 10);
}

#[test]
fn parts_above_the_whole_are_refused() {
    assert_eq!(parts(&[5_000, 1_001]).split(7), Err(TooMuch { total_bps: 10_001 }));
    assert!(parts(&[5_000, 1_000]).split(7).is_ok());
}

fn floor(amount: u128, bps: u16) -> u128 {
    amount * u128::from(bps) / 10_000
}

proptest! {
    #[test]
    fn parts_add_up_and_round_for_the_reserve(
        amount in prop_oneof![0u128..30_000, 0u128..1 << 114],
        royalties_bps in prop::collection::vec(0u16..=312, 0..=16),
    ) {
        let split = parts(&royalties_bps).split(amount).unwrap();
        prop_assert_eq!(split.reserve + split.holders + split.royalty() + split.owner, amount);
        prop_assert_eq!(split.holders, floor(amount, 3_000));
        for (royalty, bps) in split.royalties.iter().zip(&royalties_bps) {
            prop_assert_eq!(*royalty, floor(amount, *bps));
        }
        let left = 6_000 - royalties_bps.iter().sum::<u16>();
        prop_assert_eq!(split.owner, floor(amount, left));
        prop_assert!(split.reserve >= amount.div_ceil(10));
        prop_assert!(split.reserve <= floor(amount, 1_000) + 18);
    }
}
