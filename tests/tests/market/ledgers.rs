//! Where the money is: withdrawals, funding, the stream into the reserve, donations.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::{ExecuteMsg, Ledger, WithdrawData};
use modelbond_market::ContractError;
use modelbond_tests::{Chain, Mock, Suite};

use crate::{DAY, HOUR, PLENTY};

fn market() -> Suite<Mock> {
    let mut suite =
        Suite::builder().with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

#[test]
fn anyone_may_send_the_treasury_to_the_creator() {
    let mut suite = market();
    suite.buy("alice", 100_000_000).unwrap();
    let owed = suite.ledgers().treasury;
    let (before, bob) = (suite.coins("creator"), suite.coins("bob"));
    let e = suite.withdraw("bob", Ledger::Treasury).unwrap();
    assert_eq!((e.amount, e.ledger.as_str()), (owed, "treasury"));
    assert_eq!(suite.coins("creator"), before + owed.u128());
    assert_eq!(suite.coins("bob"), bob);
    assert_eq!(suite.ledgers().treasury, Uint128::zero());
    assert_refused!(
        suite.withdraw("bob", Ledger::Treasury),
        ContractError::LedgerEmpty { ledger: "treasury" }
    );
}

#[test]
fn only_provenance_withdraws_its_ledger_and_reads_the_amount_in_the_data() {
    let mut suite = market();
    suite.buy("alice", 100_000_000).unwrap();
    let owed = suite.ledgers().provenance;
    for name in ["alice", "creator", "training", "rewards"] {
        assert_refused!(
            suite.withdraw(name, Ledger::Provenance),
            ContractError::Unauthorized { .. }
        );
    }
    let msg = ExecuteMsg::WithdrawLedger { ledger: Ledger::Provenance };
    let outcome = suite.send("provenance", &msg, 0).unwrap();
    assert_eq!(outcome.data_as::<WithdrawData>().amount, owed);
    assert_eq!(suite.coins("provenance"), owed.u128());
}

#[test]
fn what_funds_the_reserve_streams_in_over_a_week() {
    let mut suite = market();
    let start = suite.ledgers();
    suite.fund_reserve("alice", 700_000_000).unwrap();
    let now = suite.ledgers();
    assert_eq!((now.reserve, now.pending), (start.reserve, Uint128::new(700_000_000)));
    assert_eq!(now.pending_ends_at, suite.chain.now().plus_days(7));
    suite.wait(DAY);
    assert_eq!(suite.ledgers().reserve, start.reserve + Uint128::new(100_000_000));
    assert_eq!(suite.ledgers().pending.u128(), 600_000_000);
    suite.wait(6 * DAY);
    assert_eq!(suite.ledgers().reserve, start.reserve + Uint128::new(700_000_000));
    assert_eq!(suite.ledgers().pending, Uint128::zero());
}

#[test]
fn a_deposit_moves_the_end_of_the_stream_by_its_weight() {
    let mut suite = market();
    suite.fund_reserve("alice", 600).unwrap();
    suite.wait(3 * DAY + 12 * HOUR);
    // 300 for 3.5 days and 100 for 7 days: 4.375 days
    suite.fund_reserve("alice", 100).unwrap();
    let left = suite.ledgers().pending_ends_at.nanos() - suite.chain.now().nanos();
    assert_eq!(left / 1_000_000_000, 378_000);
    assert_eq!(suite.ledgers().pending.u128(), 400);
}

#[test]
fn a_crumb_cannot_hold_back_the_stream() {
    let mut suite = market();
    suite.fund_reserve("alice", 1_000_000_000).unwrap();
    let ends = suite.ledgers().pending_ends_at;
    for _ in 0..24 {
        suite.wait(HOUR);
        suite.fund_reserve("bob", 1).unwrap();
    }
    assert!(suite.ledgers().pending_ends_at < ends.plus_seconds(60));
}

#[test]
fn what_streams_in_lifts_the_backing_and_with_it_every_sale() {
    let mut suite = market();
    suite.buy("alice", 100_000_000).unwrap();
    let tokens = suite.tokens("alice");
    let before = (suite.price().backing, suite.quote_sell(tokens, false).unwrap().gross);
    let reserve = suite.ledgers().reserve.u128();
    suite.fund_reserve("bob", reserve / 10).unwrap();
    assert_eq!(suite.price().backing, before.0, "nothing yet");
    suite.wait(8 * DAY);
    let after = (suite.price().backing, suite.quote_sell(tokens, false).unwrap().gross);
    assert!(after.0 > before.0 * Decimal::permille(1_099));
    assert!(after.1.u128() * 1_000 > before.1.u128() * 1_099);
}

#[test]
fn a_donation_moves_nothing() {
    let mut suite = market();
    suite.buy("alice", 50_000_000).unwrap();
    let tokens = suite.tokens("alice");
    let look = |suite: &Suite<Mock>| {
        (
            suite.ledgers(),
            suite.price(),
            suite.quote_sell(tokens, true).unwrap(),
            suite.quote_buy(1_000_000, false).unwrap(),
        )
    };
    let before = look(&suite);
    let (alice, market) = (suite.address("alice"), suite.market.clone());
    let money = suite.chain.money(PLENTY / 2);
    suite.chain.pay(&alice, &market, &money).unwrap();
    assert_eq!(look(&suite), before);
}

#[test]
fn the_burn_rate_streams_back_into_the_reserve() {
    let mut suite = Suite::builder()
        .with_balance("alice", PLENTY)
        .with_params(|p| p.allocation.burn_bps = 200)
        .build();
    suite.wait_for_unlock();
    let tokens = suite.buy("alice", 100_000_000).unwrap().tokens_out.u128();
    let before = suite.ledgers();
    let e = suite.sell("alice", tokens / 2).unwrap();
    assert_eq!(e.burned.u128(), (e.gross.u128() * 200).div_ceil(10_000));
    assert_eq!(e.reserve_out, e.gross - e.burned - e.fee - e.surcharge);
    let after = suite.ledgers();
    assert_eq!(after.pending, before.pending + e.burned + e.fee_to_pending + e.surcharge);
    assert_eq!(after.reserve, before.reserve - e.gross);
}

#[test]
fn a_cw20_burn_moves_its_value_from_the_reserve_to_pending() {
    let mut suite = market();
    let tokens = suite.buy("alice", 100_000_000).unwrap().tokens_out.u128();
    let (before, backing) = (suite.ledgers(), suite.price().backing);
    let worth = suite.quote_sell(tokens / 2, false).unwrap().gross;
    let e = suite.burn("alice", tokens / 2).unwrap();
    assert_eq!(e.gross, worth);
    let after = suite.ledgers();
    assert_eq!(after.reserve, before.reserve - e.gross);
    assert_eq!(after.pending, before.pending + e.gross);
    let now = suite.price().backing;
    assert!(now >= backing && now < backing * Decimal::permille(1_001));
    suite.wait(10 * DAY);
    assert!(suite.price().backing > backing);
}

#[test]
fn all_that_ever_came_in_is_found_again() {
    let mut suite = market();
    let paid_in = |suite: &Suite<Mock>| suite.chain.balance(&suite.market);
    for _ in 0..5 {
        suite.buy("alice", 20_000_000).unwrap();
        suite.fund_reserve("bob", 12_345).unwrap();
        let tokens = suite.tokens("alice");
        suite.sell("alice", tokens / 3).unwrap();
        let l = suite.ledgers();
        let booked = l.reserve + l.pending + l.rewards + l.provenance + l.treasury;
        assert_eq!(paid_in(&suite), booked.u128());
        suite.wait(5 * HOUR);
    }
}

#[test]
fn a_small_stream_flows_however_often_it_is_touched() {
    let mut suite = market();
    suite.fund_reserve("alice", 100_000).unwrap();
    let pending = suite.ledgers().pending;
    for _ in 0..1_440 {
        suite.wait(60);
        suite.report([90, 50, 90, 50]).unwrap();
    }
    // A day of seven: a seventh, less what rounding holds back.
    let left = suite.ledgers().pending.u128();
    assert!(left <= pending.u128() * 13 / 14, "{pending} → {left}");
}

#[test]
fn donations_that_could_overflow_the_reserve_are_refused() {
    let mut suite = Suite::builder().with_balance("whale", u128::MAX / 2 + 1).build();
    let error = suite.fund_reserve("whale", 1 << 127).unwrap_err().market();
    assert!(matches!(error, ContractError::ReserveFull { .. }), "{error:?}");
}
