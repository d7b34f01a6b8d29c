//! The attacks of the design, each on the contract, where it costs money, and on the reference
//! market without the rule that stops it, where it pays.

use modelbond_curve::{limiter, U256};
use modelbond_market::ContractError;
use modelbond_tests::{Order, Suite};

use crate::obvious::{weakest, Reference, Venue, Without};
use crate::{DAY, HOUR};

/// Runs an attack on the contract, on the reference with all rules and on the one without.
fn compare(mut attack: impl FnMut(&mut dyn Venue) -> i128, without: Without) {
    let mut suite = weakest();
    suite.measure(true);
    let mut guarded = Reference::of(&suite, Without::Nothing);
    let mut naive = Reference::of(&suite, without);
    let on_contract = attack(&mut suite);
    assert!(on_contract < 0, "the contract paid {on_contract}");
    let on_guarded = attack(&mut guarded);
    assert!(on_guarded < 0, "with all rules it paid {on_guarded}");
    let on_naive = attack(&mut naive);
    assert!(on_naive > 0, "without {without:?} it paid {on_naive} only");
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).unwrap()
}

/// About a twentieth of the price band.
const SOME: u128 = 2_000_000_000;

#[test]
fn dipping_the_multiplier_to_buy_cheap_does_not_pay() {
    compare(
        |market| {
            market.measure(false);
            let paid = market.buy(SOME);
            market.measure(true);
            let got = market.sell(SOME);
            signed(got) - signed(paid)
        },
        Without::BackingFloor,
    );
}

#[test]
fn dipping_the_multiplier_again_and_again_does_not_pay() {
    compare(
        |market| {
            market.take_treasury();
            let mut profit = 0;
            for _ in 0..10 {
                market.measure(false);
                profit -= signed(market.buy(SOME));
                market.measure(true);
                profit += signed(market.sell(SOME));
            }
            profit + signed(market.take_treasury())
        },
        Without::BackingFloor,
    );
}

#[test]
fn a_creator_who_trades_in_circles_for_the_treasury_share_does_not_profit() {
    compare(
        |market| {
            // At M = 1 the purchase is priced by the backing.
            market.measure(false);
            market.take_treasury();
            let mut profit = 0;
            for _ in 0..50 {
                profit -= signed(market.buy(SOME));
                profit += signed(market.sell(SOME));
            }
            profit + signed(market.take_treasury())
        },
        Without::ReserveFloor,
    );
}

#[test]
fn buying_just_before_revenue_and_selling_just_after_does_not_pay() {
    let revenue = weakest().ledgers().reserve.u128() / 20;
    compare(
        |market| {
            market.measure(false);
            let paid = market.buy(5 * SOME);
            market.earn(revenue);
            let got = market.sell(5 * SOME);
            signed(got) - signed(paid)
        },
        Without::Stream,
    );
}

#[test]
fn buying_just_before_somebody_burns_and_selling_just_after_does_not_pay() {
    compare(
        |market| {
            market.measure(false);
            let paid = market.buy(5 * SOME);
            market.burn_of_another(4 * SOME);
            let got = market.sell(5 * SOME);
            signed(got) - signed(paid)
        },
        Without::Stream,
    );
}

/// The revenue sandwich again, by the contract's own parameter: with a stream of ten seconds
/// whoever waits ten seconds takes what belongs to those who were there for the week.
#[test]
fn a_stream_of_seconds_can_be_sandwiched_and_one_of_a_week_cannot() {
    let profit = |stream_secs| {
        let mut suite = Suite::builder()
            .with_one_owner("mallory")
            .with_balance("alice", 1 << 60)
            .with_params(|p| {
                p.fees.fee_bps = 30;
                p.allocation.stakeholder_bps = 0;
                p.stream_secs = stream_secs;
            })
            .build();
        suite.wait_for_unlock();
        suite.wait(30 * DAY);
        suite.fund("mallory", 1 << 60);
        let revenue = suite.ledgers().reserve.u128() / 10;
        let paid = Venue::buy(&mut suite, 5 * SOME);
        suite.earn(revenue);
        suite.wait(10);
        signed(Venue::sell(&mut suite, 5 * SOME)) - signed(paid)
    };
    assert!(profit(10) > 0, "{}", profit(10));
    assert!(profit(7 * DAY) < 0, "{}", profit(7 * DAY));
}

#[test]
fn orders_too_small_for_a_fee_pay_one_all_the_same() {
    // 0.3 % of a price of 330 is less than one unit.
    let tokens = {
        let mut suite = weakest();
        suite.measure(true);
        let price = suite.quote_buy_exact(1_000_000).unwrap().cost.u128();
        330 * 1_000_000 / price
    };
    compare(
        |market| {
            let whole = market.buy(200 * tokens);
            market.sell(200 * tokens);
            let parts: u128 = (0..200).map(|_| market.buy(tokens)).sum();
            // What the attacker saves against the one order.
            signed(whole) - signed(parts)
        },
        Without::FeeRounding,
    );
}

#[test]
fn crumbs_that_round_towards_the_trader_could_be_harvested() {
    compare(
        |market| {
            let paid = market.buy(200);
            let got: u128 = (0..100).map(|_| market.sell(2)).sum();
            signed(got) - signed(paid)
        },
        Without::Rounding,
    );
}

/// A day in which an attacker with a seventh of the supply dumps at the start of every hour and
/// buys back at its end, while somebody else tries to leave every five minutes; returns how often
/// of 264 times they could.
fn exits_on_the_contract() -> u64 {
    let mut suite = weakest();
    let held = suite.supply() / 28 * 4;
    for _ in 0..4 {
        Venue::buy(&mut suite, held / 4);
        suite.wait(HOUR);
    }
    let mut exits = 0;
    for _ in 0..24 {
        let _ = suite.sell_with("mallory", held, Order::PARTIAL);
        for _ in 0..11 {
            suite.wait(300);
            exits += u64::from(suite.sell("alice", 10_000_000).is_ok());
        }
        suite.wait(299);
        let missing = held - suite.tokens("mallory");
        let funds = suite.coins("mallory");
        if suite.buy_exact("mallory", missing.max(1), funds).is_err() {
            let _ = suite.buy_with("mallory", funds / 2, Order::PARTIAL);
        }
        suite.wait(1);
    }
    exits
}

/// The same day on a curve alone, with the leaky reference or with the obvious one: the price
/// at the start of the hour.
fn exits_on_a_curve(fixed_windows: bool) -> u64 {
    const SECOND: u64 = 1_000_000_000;
    let suite = weakest();
    let curve = modelbond_tests::market::curve(suite.params());
    let price = |supply: u128| curve.price(supply).unwrap().to_u128().unwrap();
    let lowest = |low: u128| curve.lowest_supply_at(U256::from_u128(low)).unwrap();
    let follow = |reference, supply, secs: u64| {
        limiter::follow(reference, price(supply), secs * SECOND, HOUR * SECOND)
    };
    let low = |reference| limiter::Band::around(reference, 1_000).low;
    let full = suite.supply();
    let (mut supply, mut reference, mut exits) = (full, price(full), 0);
    for _ in 0..24 {
        if fixed_windows {
            reference = price(supply);
        }
        // Down to the edge, as far as a seventh of the supply goes.
        supply = lowest(low(reference)).max(supply - full / 7).min(supply);
        for _ in 0..11 {
            if !fixed_windows {
                reference = follow(reference, supply, 300);
            }
            if price(supply - 10_000_000) >= low(reference) {
                supply -= 10_000_000;
                exits += 1;
            }
        }
        if !fixed_windows {
            reference = follow(reference, supply, 300);
        }
        supply = full - exits as u128 * 10_000_000;
    }
    exits
}

#[test]
fn exits_cannot_be_frozen_by_dumping_at_the_start_of_every_window() {
    let real = exits_on_the_contract();
    assert!(real > 24 * 9, "{real} of 264 exits");
    let leaky = exits_on_a_curve(false);
    assert!(leaky > 24 * 9, "{leaky} of 264 exits with the leaky reference");
    assert_eq!(exits_on_a_curve(true), 0, "fixed windows let the attacker freeze them all");
}

#[test]
fn after_a_dump_to_the_edge_others_can_sell_again_within_twelve_minutes() {
    let mut suite = weakest();
    let held = suite.supply() / 40 * 4;
    for _ in 0..4 {
        Venue::buy(&mut suite, held / 4);
        suite.wait(HOUR);
    }
    suite.sell_with("mallory", held, Order::PARTIAL).unwrap();
    let one_percent = suite.supply() / 100;
    assert_refused!(suite.sell("alice", one_percent), ContractError::SellLimit { .. });
    suite.wait(12 * 60);
    assert!(suite.sell("alice", one_percent).is_ok());
}

#[test]
fn a_burn_does_not_get_around_the_limiter() {
    let mut suite = weakest();
    let (low, supply) = (suite.price().band_low, suite.supply());
    let tokens = suite.tokens("alice") / 2;
    assert_refused!(suite.burn("alice", tokens), ContractError::SellLimit { .. });

    // Without the rule the price would fall out of the band in one message, and with it every
    // exit be refused until the reference has followed.
    let curve = modelbond_tests::market::curve(suite.params());
    let after = curve.price(supply - tokens).unwrap().to_u128().unwrap();
    assert!(after < low.atomics().u128());
    let mut exits = 0;
    for _ in 0..10 {
        // In steps that fit, the same burn takes as long as a sale would.
        if suite.burn("alice", tokens).is_ok() {
            exits += 1;
        }
        suite.wait(60);
    }
    assert_eq!(exits, 0);
    assert!(suite.price().base >= low);
}

#[test]
fn a_sandwich_around_a_purchase_without_a_least_amount_costs_its_attacker_the_fees() {
    let mut suite = weakest();
    let before = suite.coins("mallory");
    Venue::buy(&mut suite, 5 * SOME);
    suite.buy_with("alice", 1 << 30, Order::PARTIAL).unwrap();
    Venue::sell(&mut suite, 5 * SOME);
    let gained = signed(suite.coins("mallory")) - signed(before);
    // The curve itself moves money from late to early; what the victim can do is name a bound.
    let honest = {
        let suite = weakest();
        suite.quote_buy(1 << 30, true).unwrap().tokens_out.u128()
    };
    let mut suite = weakest();
    Venue::buy(&mut suite, 5 * SOME);
    let order = Order::PLAIN.min_out(honest * 99 / 100);
    assert!(suite.buy_with("alice", 1 << 30, order).is_err(), "the bound protects; else {gained}");
}

#[test]
fn first_in_first_out_around_an_emission_does_not_pay() {
    // Emission buys on a known schedule from a known ledger; it must not be worth waiting for.
    let mut suite = weakest();
    suite.measure(true);
    let before = suite.coins("mallory") + suite.ledgers().rewards.u128();
    Venue::buy(&mut suite, SOME);
    let (e, _) = suite.emit(u128::MAX, u128::MAX).unwrap();
    Venue::sell(&mut suite, SOME + e.tokens_out.u128());
    let after = suite.coins("mallory") + suite.ledgers().rewards.u128();
    assert!(after < before, "{after} {before}");
}
