//! Vesting of the creator's initial tokens and of the stakeholders' share.

use cosmwasm_std::Uint128;
use modelbond_interface::market::Beneficiary;
use modelbond_market::ContractError;
use modelbond_tests::{Chain, Mock, Suite};

use crate::{DAY, PLENTY};

/// Cliff after 90 days, all after 365.
fn market() -> Suite<Mock> {
    Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| {
            let part = |name: &str, bps| Beneficiary { address: name.to_owned(), bps };
            p.allocation.stakeholders = vec![part("dan", 7_500), part("eve", 2_500)];
        })
        .build()
}

#[test]
fn nothing_is_claimable_before_the_cliff() {
    let mut suite = market();
    let cliff = suite.vesting().cliff_at;
    assert_eq!(cliff, suite.config().opened_at.plus_days(90));
    suite.wait(90 * DAY - 1);
    assert_refused!(
        suite.claim("creator"),
        ContractError::NothingVested { cliff_at, .. } if *cliff_at == cliff
    );
    assert_eq!(suite.account("creator").vested, Uint128::zero());
    suite.wait(1);
    assert!(suite.claim("creator").is_ok());
}

#[test]
fn initial_tokens_vest_linearly_from_the_opening() {
    let mut suite = market();
    let all = suite.vesting().initial.vesting.u128();
    suite.wait(146 * DAY);
    let e = suite.claim("creator").unwrap();
    assert_eq!(e.amount.u128(), all * 146 / 365);
    assert_eq!(suite.tokens("creator"), all * 146 / 365);
    assert_refused!(suite.claim("creator"), ContractError::NothingVested { .. });
    suite.wait(219 * DAY);
    suite.claim("creator").unwrap();
    assert_eq!(suite.tokens("creator"), all);
    suite.wait(1_000 * DAY);
    assert_refused!(suite.claim("creator"), ContractError::NothingVested { .. });
    assert_eq!(suite.tokens_at(&suite.market), suite.vesting().floor.u128());
}

#[test]
fn stakeholders_share_what_vested_by_their_parts() {
    let mut suite = market();
    let share = suite.buy("alice", 200_000_000).unwrap().stakeholder_tokens.u128();
    suite.wait(400 * DAY);
    assert_eq!(suite.claim("dan").unwrap().amount.u128(), share * 7_500 / 10_000);
    assert_eq!(suite.claim("eve").unwrap().amount.u128(), share * 2_500 / 10_000);
    let left = suite.tokens_at(&suite.market) - suite.vesting().floor.u128();
    assert!(left - suite.account("creator").vested.u128() <= 1, "rounding is at most one unit");
}

#[test]
fn each_purchase_adds_tokens_that_vest_over_a_year_of_their_own() {
    let mut suite = market();
    let one = suite.buy("alice", 100_000_000).unwrap().stakeholder_tokens.u128();
    suite.wait(200 * DAY);
    let two = suite.buy("alice", 100_000_000).unwrap().stakeholder_tokens.u128();
    let state = suite.vesting().stakeholders;
    assert_eq!(state.vested.u128(), one * 200 / 365);
    assert_eq!(state.vested + state.vesting, Uint128::new(one + two));
    // Amount-weighted mean of 165 days and 365 days.
    let left = one - one * 200 / 365;
    let mean = (left * 165 + two * 365) * u128::from(DAY) * 1_000_000_000 / (left + two);
    let ends = state.ends_at.nanos() - suite.chain.now().nanos();
    assert!(u128::from(ends).abs_diff(mean) <= 1, "{ends} {mean}");
}

#[test]
fn claims_need_no_order_and_lose_nothing() {
    let mut often = market();
    let mut once = market();
    for suite in [&mut often, &mut once] {
        suite.buy("alice", 200_000_000).unwrap();
        suite.wait(91 * DAY);
    }
    for day in 0..30u64 {
        often.wait(10 * DAY);
        once.wait(10 * DAY);
        if day % 3 == 0 {
            let _ = often.claim("dan");
        }
        if day % 7 == 0 {
            let _ = often.claim("eve");
        }
    }
    for name in ["dan", "eve"] {
        let _ = often.claim(name);
        once.claim(name).unwrap();
        assert!(often.tokens(name).abs_diff(once.tokens(name)) <= 1, "{name}");
    }
}

#[test]
fn whoever_is_no_beneficiary_has_nothing_to_claim() {
    let mut suite = market();
    suite.wait(400 * DAY);
    assert_refused!(suite.claim("alice"), ContractError::NothingVested { .. });
}

#[test]
fn a_creator_who_is_also_stakeholder_claims_both_at_once() {
    let mut suite = Suite::builder().with_balance("alice", PLENTY).build();
    let share = suite.buy("alice", 100_000_000).unwrap().stakeholder_tokens;
    let initial = suite.vesting().initial.vesting;
    suite.wait(366 * DAY);
    assert_eq!(suite.vesting().claimable.len(), 1);
    assert_eq!(suite.claim("creator").unwrap().amount, share + initial);
}

#[test]
fn claimed_tokens_are_free_and_can_be_sold() {
    let mut suite = market();
    suite.wait(365 * DAY);
    let amount = suite.claim("creator").unwrap().amount.u128();
    assert_eq!(suite.account("creator").free.u128(), amount);
    assert!(suite.leave("creator") > 0);
    assert_eq!(suite.supply(), suite.vesting().floor.u128() + suite.tokens("creator"));
}

#[test]
fn the_markets_own_balance_is_floor_plus_what_is_not_claimed() {
    let mut suite = market();
    suite.buy("alice", 100_000_000).unwrap();
    for _ in 0..5 {
        suite.wait(60 * DAY);
        let _ = suite.claim("creator");
        let _ = suite.claim("dan");
        let v = suite.vesting();
        let held = v.floor + v.initial.vesting + v.initial.vested - v.initial.claimed
            + v.stakeholders.vesting
            + v.stakeholders.vested
            - v.stakeholders.claimed;
        assert_eq!(suite.tokens_at(&suite.market), held.u128());
        let accounts = ["alice", "creator", "dan", "eve"].map(|name| suite.tokens(name));
        assert_eq!(accounts.iter().sum::<u128>() + held.u128(), suite.supply());
    }
}
