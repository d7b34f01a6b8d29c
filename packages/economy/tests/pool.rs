//! Shares of a pool, case by case.
#![allow(missing_docs)]

use modelbond_economy::shares::{weight, Index, Pool, SharesError};
use rstest::rstest;

#[rstest]
#[case::all(1_000_000, 1_000_000, 1_000_000_000_000)]
#[case::least(1, 1, 1)]
#[case::no_improvement(1_000_000, 0, 0)]
#[case::worse(1_000_000, -1, 0)]
#[case::no_quality(0, 1_000_000, 0)]
#[case::beyond_all_bounds(u32::MAX, i32::MAX, 9_223_372_030_412_324_865)]
fn weight_is_quality_times_what_got_better(
    #[case] quality: u32,
    #[case] improvement: i32,
    #[case] expected: u64,
) {
    assert_eq!(weight(quality, improvement), expected);
}

#[test]
fn a_pool_without_weight_gives_nothing_away() {
    let mut pool = Pool::default();
    assert_eq!(pool.share_out(1_000), Ok(false));
    assert_eq!(pool, Pool::default());
}

#[test]
fn who_comes_later_has_no_part_in_what_was_before() {
    let mut pool = Pool::default();
    let first = pool.enter(1).unwrap();
    pool.share_out(100).unwrap();
    let second = pool.enter(3).unwrap();
    pool.share_out(100).unwrap();
    assert_eq!(pool.pay(1, first).unwrap().0, 125);
    assert_eq!(pool.pay(3, second).unwrap().0, 75);
}

#[test]
fn a_third_of_a_unit_is_paid_with_the_third_one() {
    let mut pool = Pool::default();
    let mut share = pool.enter(1).unwrap();
    pool.enter(2).unwrap();
    let paid: Vec<u128> = (0..6)
        .map(|_| {
            pool.share_out(1).unwrap();
            let (owed, next) = pool.pay(1, share).unwrap();
            share = next;
            owed
        })
        .collect();
    assert_eq!(paid, [0, 0, 1, 0, 0, 1]);
    assert_eq!((pool.dust, share.dust), (0, 0));
}

#[test]
fn whole_units_are_paid_whole_however_the_index_was_rounded() {
    let mut pool = Pool::default();
    let weights = [1_000_003, 2_000_006, 3_000_009];
    let shares = weights.map(|weight| pool.enter(weight).unwrap());
    pool.share_out(600).unwrap();
    assert!(pool.dust > 0);
    let paid = [2, 0, 1].map(|holder| pool.pay(weights[holder], shares[holder]).unwrap());
    assert_eq!(paid.map(|(owed, share)| (owed, share.dust)), [(300, 0), (100, 0), (200, 0)]);
    assert_eq!(pool.dust, 0);
}

#[test]
fn dust_of_others_makes_nobody_rich() {
    let mut pool = Pool::default();
    let first = pool.enter(1).unwrap();
    let second = pool.enter(3).unwrap();
    pool.share_out(2).unwrap();
    // Half a unit stays here; the other one is half a unit short of two, which is not its rounding.
    assert_eq!(pool.leave(1, first), Ok(0));
    assert_eq!(pool.dust, 1 << 63);
    assert_eq!(pool.pay(3, second).unwrap().0, 1);
}

#[rstest]
#[case::lightest(1, u128::MAX)]
#[case::heaviest(u64::MAX, u128::MAX)]
#[case::one_unit(u64::MAX, 1)]
fn one_holder_gets_everything(#[case] weight: u64, #[case] amount: u128) {
    let mut pool = Pool::default();
    let share = pool.enter(weight).unwrap();
    pool.share_out(amount).unwrap();
    let (owed, left) = pool.pay(weight, share).unwrap();
    assert_eq!((owed, left.dust, pool.dust), (amount, 0, 0));
}

#[test]
fn an_index_that_begins_again_still_tells_differences() {
    let end = Index { units: u128::MAX, parts: u64::MAX };
    let mut pool = Pool { index: end, ..Pool::default() };
    let share = pool.enter(7).unwrap();
    pool.share_out(700).unwrap();
    assert_eq!(pool.index, Index { units: 99, parts: u64::MAX });
    assert_eq!(pool.pay(7, share).unwrap().0, 700);
}

#[test]
fn what_cannot_be_is_refused_with_the_numbers() {
    let mut pool = Pool::default();
    let share = pool.enter(u64::MAX).unwrap();
    assert_eq!(pool.enter(1), Err(SharesError::Full { weight: 1, pool: u64::MAX }));
    pool.leave(u64::MAX, share).unwrap();
    assert_eq!(pool.leave(1, share), Err(SharesError::Missing { weight: 1, pool: 0 }));
}
