//! Buying and selling, and what the quotes promise.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::CurveKind;
use modelbond_market::ContractError;
use modelbond_tests::{Chain, Mock, Order, Suite};
use rstest::rstest;

use crate::{KINDS, PLENTY};

fn settled(kind: CurveKind) -> Suite<Mock> {
    let mut suite =
        Suite::with_curve(kind).with_balance("alice", PLENTY).with_balance("bob", PLENTY).build();
    suite.wait_for_unlock();
    suite
}

/// A market in which one base unit costs about six million reserve units.
fn expensive() -> Suite<Mock> {
    let mut suite = Suite::builder()
        .with_params(|p| {
            p.curve.price_scale = Decimal::from_ratio(10u128.pow(14), 1u128);
        })
        .with_opening_funds(10u128.pow(20))
        .with_balance("alice", 10u128.pow(24))
        .build();
    suite.wait_for_unlock();
    suite
}

#[test]
fn a_purchase_is_found_again_in_reserve_ledgers_and_pending() {
    let mut suite = settled(CurveKind::Sigmoid);
    let before = suite.ledgers();
    let e = suite.buy("alice", 100_000_000).unwrap();
    let after = suite.ledgers();
    assert_eq!(e.amount_in, e.cost + e.fee + e.surcharge + e.dust);
    assert_eq!(after.reserve, before.reserve + e.to_reserve);
    assert_eq!(after.pending, before.pending + e.fee_to_pending + e.surcharge + e.dust);
    assert_eq!(after.rewards, before.rewards + e.fee_to_rewards);
    assert_eq!(after.provenance, before.provenance + e.fee_to_provenance);
    assert_eq!(after.treasury, before.treasury + e.fee_to_treasury + e.cost - e.to_reserve);
    assert_eq!(suite.coins("alice"), PLENTY - e.amount_in.u128());
    assert_eq!(suite.tokens("alice"), e.tokens_out.u128());
}

#[test]
fn the_fee_is_split_as_the_parameters_say_and_the_remainder_is_the_reserves() {
    let mut suite = settled(CurveKind::Linear);
    let e = suite.buy("alice", 123_456_789).unwrap();
    let usual = (e.cost.u128() * 100).div_ceil(10_000);
    assert_eq!(e.fee.u128(), usual);
    assert_eq!(e.fee_to_rewards.u128(), usual * 4_000 / 10_000);
    assert_eq!(e.fee_to_provenance.u128(), usual * 2_500 / 10_000);
    assert_eq!(e.fee_to_treasury.u128(), usual * 1_500 / 10_000);
    let rest = e.fee - e.fee_to_rewards - e.fee_to_provenance - e.fee_to_treasury;
    assert_eq!(e.fee_to_pending, rest);
}

#[test]
fn tokens_bought_for_somebody_else_arrive_there_and_the_refund_at_the_sender() {
    let mut suite = settled(CurveKind::Sigmoid);
    let bob = suite.coins("bob");
    let order = Order::PARTIAL.recipient("bob");
    let e = suite.buy_with("alice", PLENTY, order).unwrap();
    assert!(e.refund > Uint128::zero());
    assert_eq!(suite.tokens("bob"), e.tokens_out.u128());
    assert_eq!(suite.tokens("alice"), 0);
    assert_eq!(suite.coins("bob"), bob);
    assert_eq!(suite.coins("alice"), PLENTY - e.amount_in.u128());
}

#[test]
fn buy_below_min_out_is_refused() {
    let mut suite = settled(CurveKind::Sigmoid);
    let fair = suite.quote_buy(1_000_000, false).unwrap().tokens_out.u128();
    let order = Order::PLAIN.min_out(fair + 1);
    assert_refused!(
        suite.buy_with("alice", 1_000_000, order),
        ContractError::MinTokensOut { tokens_out, min_tokens_out }
            if tokens_out.u128() == fair && min_tokens_out.u128() == fair + 1
    );
    assert_eq!(suite.coins("alice"), PLENTY);
    assert!(suite.buy_with("alice", 1_000_000, Order::PLAIN.min_out(fair)).is_ok());
}

#[test]
fn sell_below_min_out_is_refused() {
    let mut suite = settled(CurveKind::Sigmoid);
    let tokens = suite.buy("alice", 100_000_000).unwrap().tokens_out.u128();
    let fair = suite.quote_sell(tokens, false).unwrap().reserve_out.u128();
    let order = Order::PLAIN.min_out(fair + 1);
    assert_refused!(
        suite.sell_with("alice", tokens, order),
        ContractError::MinReserveOut { reserve_out, min_reserve_out }
            if reserve_out.u128() == fair && min_reserve_out.u128() == fair + 1
    );
    assert_eq!(suite.tokens("alice"), tokens);
    assert!(suite.sell_with("alice", tokens, Order::PLAIN.min_out(fair)).is_ok());
}

#[test]
fn an_order_at_its_deadline_is_filled_and_one_nanosecond_later_refused() {
    let mut suite = settled(CurveKind::Sigmoid);
    let now = suite.chain.now();
    let bought = suite.buy_with("alice", 50_000_000, Order::PLAIN.deadline(now)).unwrap();
    let late = Order::PLAIN.deadline(now.minus_nanos(1));
    let refused = |error: &ContractError| {
        matches!(error, ContractError::DeadlinePassed { deadline, now: at }
            if *deadline == now.minus_nanos(1) && *at == now)
    };
    let error = suite.buy_with("alice", 1_000_000, late.clone()).unwrap_err().market();
    assert!(refused(&error), "{error:?}");
    let error = suite.sell_with("alice", bought.tokens_out.u128(), late).unwrap_err().market();
    assert!(refused(&error), "{error:?}");
}

#[rstest]
fn buying_exactly_gives_exactly_and_refunds_the_rest(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    #[values(1, 999_999, 123_456_789)] tokens: u128,
) {
    let mut suite = settled(kind);
    let quote = suite.quote_buy_exact(tokens).unwrap();
    let e = suite.buy_exact("alice", tokens, PLENTY).unwrap();
    assert_eq!(e.tokens_out.u128(), tokens);
    assert_eq!(e.amount_in + e.refund, Uint128::new(PLENTY));
    assert_eq!(e.amount_in, quote.amount_in);
    assert_eq!(suite.coins("alice"), PLENTY - quote.amount_in.u128());
}

#[test]
fn buying_exactly_for_one_unit_too_little_is_refused_with_the_price() {
    let mut suite = settled(CurveKind::Exponential);
    let needed = suite.quote_buy_exact(5_000_000).unwrap().amount_in.u128();
    assert_refused!(
        suite.buy_exact("alice", 5_000_000, needed - 1),
        ContractError::InsufficientFunds { needed: n, sent, .. }
            if n.u128() == needed && sent.u128() == needed - 1
    );
    let e = suite.buy_exact("alice", 5_000_000, needed).unwrap();
    assert_eq!(e.refund, Uint128::zero());
}

#[rstest]
fn an_exact_in_order_gets_all_that_its_money_can_buy(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    #[values(1_000, 77_777, 99_999_999)] amount: u128,
) {
    let suite = settled(kind);
    let quote = suite.quote_buy(amount, false).unwrap();
    let due = (quote.cost + quote.fee + quote.surcharge).u128();
    assert!(due <= amount);
    let same = suite.quote_buy_exact(quote.tokens_out.u128()).unwrap();
    assert_eq!((same.cost + same.fee + same.surcharge).u128(), due, "at the fewest tokens minted");
    let more = suite.quote_buy_exact(quote.tokens_out.u128() + 1).unwrap();
    assert!((more.cost + more.fee + more.surcharge).u128() > amount);
}

#[rstest]
fn a_quote_is_what_the_trade_then_does(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    #[values(false, true)] partial: bool,
) {
    let mut suite = settled(kind);
    suite.report([95, 40, 100, 10]).unwrap();
    suite.wait(40 * crate::HOUR);
    let amount = if partial { PLENTY } else { 100_000_000 };
    let order = if partial { Order::PARTIAL } else { Order::PLAIN };
    let q = suite.quote_buy(amount, partial).unwrap();
    let e = suite.buy_with("alice", amount, order.clone()).unwrap();
    assert_eq!((q.amount_in, q.refund), (e.amount_in, e.refund));
    assert_eq!((q.tokens_out, q.stakeholder_tokens), (e.tokens_out, e.stakeholder_tokens));
    assert_eq!((q.cost, q.fee, q.surcharge, q.dust), (e.cost, e.fee, e.surcharge, e.dust));
    assert_eq!(q.price_after, suite.price().spot);
    let exit = suite.quote_sell(e.tokens_out.u128(), false).unwrap();
    assert_eq!(q.exit_proceeds, exit.reserve_out);

    suite.wait(crate::HOUR);
    let tokens = e.tokens_out.u128();
    let q = suite.quote_sell(tokens, partial).unwrap();
    let e = suite.sell_with("alice", tokens, order).unwrap();
    assert_eq!((q.tokens_in, q.gross, q.reserve_out), (e.tokens_in, e.gross, e.reserve_out));
    assert_eq!((q.fee, q.surcharge, q.burned), (e.fee, e.surcharge, e.burned));
    assert_eq!(q.price_after, suite.price().sale);
}

#[rstest]
fn going_in_and_out_at_once_costs_money(
    #[values(CurveKind::Linear, CurveKind::Exponential, CurveKind::Sigmoid)] kind: CurveKind,
    #[values(10_000, 1_000_000, 90_000_000)] amount: u128,
) {
    let mut suite = settled(kind);
    let e = suite.buy("alice", amount).unwrap();
    suite.sell("alice", e.tokens_out.u128()).unwrap();
    // 1 % fee twice, and the stakeholders' twentieth of the tokens.
    let loss = PLENTY - suite.coins("alice");
    assert!(loss * 1_000 >= amount * 19, "{loss} of {amount}");
}

#[test]
fn stakeholders_get_their_share_of_every_purchase_as_vesting_tokens() {
    let mut suite = settled(CurveKind::Sigmoid);
    let e = suite.buy("alice", 100_000_000).unwrap();
    let minted = e.tokens_out + e.stakeholder_tokens;
    assert_eq!(e.stakeholder_tokens.u128(), (minted.u128() * 500).div_ceil(10_000));
    assert_eq!(suite.vesting().stakeholders.vesting, e.stakeholder_tokens);
    assert_eq!(e.supply.u128(), suite.opened.initial_supply.u128() + minted.u128());
}

#[test]
fn a_partial_purchase_ends_at_the_band_and_refunds_the_rest() {
    let mut suite = settled(CurveKind::Sigmoid);
    let high = suite.price().band_high;
    assert_refused!(suite.buy("alice", PLENTY), ContractError::BuyLimit { .. });
    let e = suite.buy_with("alice", PLENTY, Order::PARTIAL).unwrap();
    assert_eq!(e.amount_in + e.refund, Uint128::new(PLENTY));
    let after = suite.price().base;
    assert!(after <= high && after > high * Decimal::permille(999), "{after} of {high}");
    assert_refused!(
        suite.buy_with("alice", PLENTY / 2, Order::PARTIAL),
        ContractError::BuyLimit { max_tokens_out, .. } if max_tokens_out.u128() < 1_000_000
    );
}

#[test]
fn a_partial_purchase_scales_its_least_amount_with_the_money_used() {
    let mut suite = settled(CurveKind::Sigmoid);
    let q = suite.quote_buy(PLENTY, true).unwrap();
    let (used, out) = (q.amount_in.u128(), q.tokens_out.u128());
    // ⌈min·used/PLENTY⌉ ≤ out up to exactly this min
    let most = out * PLENTY / used;
    let refused = suite.buy_with("alice", PLENTY, Order::PARTIAL.min_out(most + PLENTY / used + 1));
    assert_refused!(refused, ContractError::MinTokensOut { tokens_out, min_tokens_out }
        if tokens_out.u128() == out && min_tokens_out.u128() == out + 1 + u128::from(
            ((most + PLENTY / used + 1) * used).div_ceil(PLENTY) > out + 1));
    assert!(suite.buy_with("alice", PLENTY, Order::PARTIAL.min_out(most)).is_ok());
}

#[test]
fn a_partial_sale_ends_at_the_band_and_scales_its_least_amount() {
    let mut suite = settled(CurveKind::Sigmoid);
    for _ in 0..3 {
        suite.buy_with("alice", PLENTY / 10, Order::PARTIAL).unwrap();
        suite.wait(crate::HOUR);
    }
    let tokens = suite.tokens("alice");
    let fits = match suite.sell("alice", tokens).unwrap_err().market() {
        ContractError::SellLimit { max_tokens_in } => max_tokens_in.u128(),
        other => panic!("{other:?}"),
    };
    let q = suite.quote_sell(tokens, true).unwrap();
    assert_eq!(q.tokens_in.u128(), fits, "the error names what a partial order takes");
    let out = q.reserve_out.u128();
    let most = out * tokens / fits;
    assert_refused!(
        suite.sell_with("alice", tokens, Order::PARTIAL.min_out(most + tokens / fits + 1)),
        ContractError::MinReserveOut { reserve_out, min_reserve_out }
            if reserve_out.u128() == out && min_reserve_out.u128() > out
    );
    let e = suite.sell_with("alice", tokens, Order::PARTIAL.min_out(most)).unwrap();
    assert_eq!(e.tokens_in.u128(), fits);
    assert_eq!(suite.tokens("alice"), tokens - fits);
    let p = suite.price();
    assert!(p.base >= p.band_low && p.base < p.band_low * Decimal::permille(1_001));
}

#[test]
fn the_size_that_a_refusal_names_does_fit_and_one_more_does_not() {
    for kind in KINDS {
        let mut suite = settled(kind);
        let (tokens, amount) = match suite.buy("alice", PLENTY).unwrap_err().market() {
            ContractError::BuyLimit { max_tokens_out, max_amount_in } => {
                (max_tokens_out.u128(), max_amount_in.u128())
            }
            other => panic!("{other:?}"),
        };
        assert!(suite.quote_buy_exact(tokens).is_ok(), "{kind:?}");
        assert!(suite.quote_buy_exact(tokens + 2).is_err(), "{kind:?}");
        let e = suite.buy("alice", amount).unwrap();
        assert_eq!(e.tokens_out.u128(), tokens, "{kind:?}");
    }
}

#[test]
fn a_remainder_too_small_to_matter_streams_into_the_reserve() {
    let mut suite = expensive();
    let unit = suite.quote_buy_exact(1).unwrap().amount_in.u128();
    let amount = unit * 1_000_000 + unit / 2;
    let pending = suite.ledgers().pending;
    let e = suite.buy("alice", amount).unwrap();
    assert!(e.dust > Uint128::zero() && e.dust.u128() < unit, "{e:?}");
    assert!(e.dust.u128() < e.cost.u128() / 10_000);
    assert_eq!(e.refund, Uint128::zero());
    assert_eq!(e.amount_in.u128(), amount);
    assert_eq!(suite.ledgers().pending, pending + e.fee_to_pending + e.surcharge + e.dust);
}

#[test]
fn a_remainder_that_matters_is_refunded() {
    let mut suite = expensive();
    let two = suite.quote_buy_exact(2).unwrap().amount_in.u128();
    let e = suite.buy("alice", two + two / 4).unwrap();
    assert_eq!(e.dust, Uint128::zero());
    assert_eq!(e.refund.u128(), two / 4);
}

#[test]
fn impact_and_prices_of_a_quote_fit_together() {
    let suite = settled(CurveKind::Sigmoid);
    let q = suite.quote_buy(100_000_000, false).unwrap();
    assert_eq!(q.price_before, suite.price().spot);
    assert!(q.price_after > q.price_before);
    let average = Decimal::from_ratio(q.amount_in * Uint128::new(1_000_000), q.tokens_out);
    let impact = average / q.price_before - Decimal::one();
    let bps = (impact * Decimal::from_ratio(10_000u128, 1u128)).to_uint_ceil();
    assert_eq!(bps.to_string(), q.impact_bps.to_string());
}

#[test]
fn an_order_too_small_to_buy_a_unit_is_refused_with_the_price_of_one() {
    let mut suite = expensive();
    let unit = suite.quote_buy_exact(1).unwrap().amount_in.u128();
    assert_refused!(
        suite.buy("alice", unit - 1),
        ContractError::NothingBought { amount_in, unit_price }
            if amount_in.u128() == unit - 1 && unit_price.u128() <= unit
    );
    assert_eq!(suite.buy("alice", unit).unwrap().tokens_out.u128(), 1);
}

#[test]
fn a_sale_that_would_pay_nothing_is_refused() {
    let mut suite = settled(CurveKind::Sigmoid);
    suite.buy("alice", 1_000_000).unwrap();
    assert_refused!(
        suite.sell("alice", 1),
        ContractError::NothingPaid { tokens_in, .. } if tokens_in.u128() == 1
    );
    assert_refused!(suite.sell("alice", 0), ContractError::ZeroAmount);
}

#[test]
fn a_purchase_in_parts_is_never_better() {
    for kind in KINDS {
        let mut suite = settled(kind);
        let one = suite.quote_buy(99_999_999, false).unwrap().tokens_out.u128();
        let many = |_| suite.buy("alice", 11_111_111).unwrap().tokens_out.u128();
        let many: u128 = (0..9).map(many).sum();
        assert!(many <= one, "{kind:?}: {many} > {one}");
    }
}

#[test]
fn an_exact_purchase_in_parts_is_never_cheaper() {
    for kind in KINDS {
        let mut suite = settled(kind);
        let one = suite.quote_buy_exact(1_000_000_007).unwrap();
        let one = (one.cost + one.fee + one.surcharge).u128();
        let many = |tokens| {
            let e = suite.buy_exact("alice", tokens, PLENTY / 10).unwrap();
            (e.cost + e.fee + e.surcharge).u128()
        };
        let many: u128 = [1, 6, 500_000_000, 250_000_000, 250_000_000].map(many).iter().sum();
        assert!(many >= one, "{kind:?}: {many} < {one}");
    }
}

#[test]
fn a_sale_in_parts_never_pays_more() {
    for kind in KINDS {
        let mut suite = settled(kind);
        let tokens = suite.buy("alice", 99_999_999).unwrap().tokens_out.u128();
        let one = suite.quote_sell(tokens, false).unwrap().reserve_out.u128();
        let parts = [tokens / 3, tokens / 7, tokens - tokens / 3 - tokens / 7];
        let many = parts.map(|part| suite.sell("alice", part).unwrap().reserve_out.u128());
        assert!(many.iter().sum::<u128>() <= one, "{kind:?}: {many:?} > {one}");
    }
}
