//! Which parameters make a curve, and the edges of those that do.
#![allow(missing_docs)]

use modelbond_curve::{
    Curve, CurveError, CurveParams, Kind, Rate, Rounding, MAX_SUPPLY_LIMIT, TOKEN, U256,
};
use rstest::rstest;

const ONE: u128 = 10u128.pow(18);
const EXPONENT_LIMIT: u128 = 64 * 10u128.pow(30);
const KINDS: [Kind; 3] = [Kind::Linear, Kind::Exponential, Kind::Sigmoid];

/// 2 reserve base units per token, alpha s0 = 0.9, alpha S_max = 3.
fn params(kind: Kind) -> CurveParams {
    CurveParams {
        kind,
        price_scale: U256::from_u128(2 * ONE),
        steepness: 3 * 10u128.pow(17),
        midpoint: 3_000_000 * TOKEN,
        max_supply: 10_000_000 * TOKEN,
    }
}

fn curve(kind: Kind) -> Curve {
    Curve::new(params(kind)).unwrap()
}

#[rstest]
#[case::no_steepness(
    CurveParams { steepness: 0, ..params(Kind::Sigmoid) },
    CurveError::SteepnessTooSmall
)]
#[case::no_price(
    CurveParams { price_scale: U256::ZERO, ..params(Kind::Sigmoid) },
    CurveError::PriceScaleZero
)]
#[case::no_supply(
    CurveParams { max_supply: 0, ..params(Kind::Linear) },
    CurveError::MaxSupply { max_supply: 0, limit: MAX_SUPPLY_LIMIT }
)]
#[case::too_much_supply(
    CurveParams { max_supply: MAX_SUPPLY_LIMIT + 1, steepness: 1, ..params(Kind::Linear) },
    CurveError::MaxSupply { max_supply: MAX_SUPPLY_LIMIT + 1, limit: MAX_SUPPLY_LIMIT }
)]
#[case::too_steep_at_the_end(
    CurveParams { steepness: EXPONENT_LIMIT / 1_000 + 1, midpoint: 0, max_supply: 1_000, ..params(Kind::Exponential) },
    CurveError::AlphaMaxSupply { steepness: EXPONENT_LIMIT / 1_000 + 1, max_supply: 1_000, limit: EXPONENT_LIMIT }
)]
#[case::too_steep_at_the_midpoint(
    CurveParams { steepness: EXPONENT_LIMIT / 1_000, midpoint: 1_001, max_supply: 1_000, ..params(Kind::Sigmoid) },
    CurveError::AlphaMidpoint { steepness: EXPONENT_LIMIT / 1_000, midpoint: 1_001, limit: EXPONENT_LIMIT }
)]
#[case::product_beyond_u128(
    CurveParams { steepness: u128::MAX, midpoint: 0, ..params(Kind::Sigmoid) },
    CurveError::AlphaMaxSupply { steepness: u128::MAX, max_supply: 10_000_000 * TOKEN, limit: EXPONENT_LIMIT }
)]
#[case::linear_from_too_low(
    CurveParams { steepness: 95 * 10u128.pow(28), midpoint: 2, max_supply: 10, ..params(Kind::Linear) },
    CurveError::LinearMidpoint { steepness: 95 * 10u128.pow(28), midpoint: 2, limit: 95 * 10u128.pow(28) }
)]
fn parameters_outside_of_the_domain_are_refused(
    #[case] params: CurveParams,
    #[case] error: CurveError,
) {
    assert_eq!(Curve::new(params).unwrap_err(), error);
}

#[rstest]
#[case::steepest(CurveParams {
    steepness: EXPONENT_LIMIT / 1_000, midpoint: 1_000, max_supply: 1_000, ..params(Kind::Sigmoid)
})]
#[case::flattest_and_longest(CurveParams {
    steepness: 1, midpoint: 0, max_supply: MAX_SUPPLY_LIMIT, ..params(Kind::Exponential)
})]
#[case::lowest_linear(CurveParams {
    steepness: 95 * 10u128.pow(28), midpoint: 1, max_supply: 67, ..params(Kind::Linear)
})]
#[case::a_single_unit(CurveParams {
    steepness: EXPONENT_LIMIT, midpoint: 1, max_supply: 1, ..params(Kind::Exponential)
})]
#[case::dearest(CurveParams { price_scale: U256::MAX, ..params(Kind::Exponential) })]
fn parameters_on_the_edge_make_a_curve(#[case] params: CurveParams) {
    let curve = Curve::new(params).unwrap();
    let max = curve.max_supply();
    assert_eq!(curve.supply_after(0, U256::MAX).unwrap(), max);
    assert_eq!(curve.supply_before(max, U256::MAX).unwrap(), 0);
    assert!(curve.g(0).unwrap() < curve.g(max).unwrap());
}

#[test]
fn the_reserve_bound_is_exactly_2_pow_126() {
    for kind in KINDS {
        let scaled = |scale: u128| {
            let [low, high, ..] = U256::from_u128(scale).0;
            U256([0, low, high, 0])
        };
        let fits = |scale: u128| {
            Curve::new(CurveParams { price_scale: scaled(scale), ..params(kind) })
                .unwrap()
                .ensure_reserve_bound(2 * ONE)
        };
        let (mut low, mut high) = (0u128, u128::MAX);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if fits(middle).is_ok() {
                low = middle
            } else {
                high = middle
            }
        }
        let error =
            CurveError::ReserveOverflow { max_supply: 10_000_000 * TOKEN, max_multiplier: 2 * ONE };
        assert_eq!(fits(high), Err(error), "{kind:?}");
        let curve = Curve::new(CurveParams { price_scale: scaled(low), ..params(kind) }).unwrap();
        let rate = Rate::Multiplier(2_000_000_000_000_000_000);
        let all = curve.cost(curve.span(0, curve.max_supply()).unwrap(), &rate).unwrap();
        assert!(all < 1 << 126 && all > (1 << 126) - (1 << 90), "{kind:?}: {all}");
    }
}

#[rstest]
fn supplies_above_the_maximum_are_refused(#[values(0, 1, 2)] kind: usize) {
    let curve = curve(KINDS[kind]);
    let high = curve.max_supply();
    let error = CurveError::SupplyOutOfRange { supply: high + 1, low: 0, high };
    assert_eq!(curve.g(high + 1), Err(error.clone()));
    assert_eq!(curve.price(high + 1), Err(error.clone()));
    assert_eq!(curve.relative_price(high + 1), Err(error.clone()));
    assert_eq!(curve.reserve(high + 1, Rounding::Up), Err(error.clone()));
    assert_eq!(curve.supply_after(high + 1, U256::ZERO), Err(error.clone()));
    assert_eq!(curve.span(0, high + 1), Err(error));
}

#[rstest]
fn the_very_last_unit_can_be_bought(#[values(0, 1, 2)] kind: usize) {
    let curve = curve(KINDS[kind]);
    let (max, rate) = (curve.max_supply(), Rate::Multiplier(1_000_000_000_000_000_000));
    let cost = curve.cost(curve.span(max - 1, max).unwrap(), &rate).unwrap();
    assert_eq!(curve.tokens_for(max - 1, cost, &rate), Ok(1));
    assert_eq!(curve.tokens_for(max - 1, 1 << 100, &rate), Ok(1));
    assert_eq!(curve.tokens_for(max, 1 << 100, &rate), Ok(0));
}

#[rstest]
fn nothing_for_nothing(#[values(0, 1, 2)] kind: usize) {
    let curve = curve(KINDS[kind]);
    let rate = Rate::Multiplier(1_000_000_000_000_000_000);
    assert_eq!(curve.tokens_for(5 * TOKEN, 0, &rate), Ok(0));
    assert_eq!(curve.payout(U256::ZERO, &rate), Ok(0));
    // Rounded up from a margin, where there is one.
    assert_eq!(curve.cost(U256::ZERO, &rate), Ok(u128::from(!curve.epsilon().is_zero())));
    assert_eq!(curve.span_for(1, &Rate::Multiplier(0)), Ok(U256::MAX));
}

#[rstest]
fn a_supply_without_integral_has_no_backing(#[values(0, 1, 2)] kind: usize) {
    let curve = curve(KINDS[kind]);
    let rate = Rate::Backing { reserve: 1_000, total: curve.span(9, 9).unwrap(), premium_bps: 0 };
    let error = CurveError::NoBacking { total: U256::ZERO };
    assert_eq!(curve.cost(U256::FIXED_ONE, &rate), Err(error.clone()));
    assert_eq!(curve.payout(U256::FIXED_ONE, &rate), Err(error.clone()));
    assert_eq!(curve.span_for(1, &rate), Err(error));
}

/// From the formulas by hand: P(s0) is P0 / 2 on the sigmoid, P0 on the others; the linear integral to
/// s0 is P0 s0 (1 - alpha s0 / 2) = 2 * 3e6 * 0.55.
#[test]
fn prices_at_the_midpoint_are_those_of_the_paper() {
    let price = |kind| curve(kind).price(3_000_000 * TOKEN).unwrap().to_u128().unwrap();
    assert_eq!(price(Kind::Linear), 2 * ONE);
    assert_eq!(price(Kind::Exponential), 2 * ONE - 1);
    assert_eq!(price(Kind::Sigmoid), ONE - 1);
    let integral = curve(Kind::Linear).reserve(3_000_000 * TOKEN, Rounding::Up).unwrap();
    assert_eq!(integral.to_u128(), Some(3_300_000 * ONE));
}

#[rstest]
fn the_integral_encloses_its_payout_and_cost(#[values(0, 1, 2)] kind: usize) {
    let curve = curve(KINDS[kind]);
    let rate = Rate::Multiplier(1_000_000_000_000_000_000);
    for supply in [1, TOKEN, 1_234_567 * TOKEN, curve.max_supply()] {
        let span = curve.span(0, supply).unwrap();
        let integral = |rounding| curve.reserve(supply, rounding).unwrap().to_u128().unwrap();
        assert!(integral(Rounding::Down) <= integral(Rounding::Up));
        assert!(integral(Rounding::Up) - integral(Rounding::Down) <= 1);
        assert_eq!(curve.cost(span, &rate), Ok(integral(Rounding::Up).div_ceil(ONE)));
        assert_eq!(curve.payout(span, &rate), Ok(integral(Rounding::Down) / ONE));
    }
}

#[test]
fn results_beyond_u128_are_typed_errors() {
    let dear =
        Curve::new(CurveParams { price_scale: U256::MAX, ..params(Kind::Exponential) }).unwrap();
    let rate = Rate::Multiplier(u64::MAX);
    let span = dear.span(0, dear.max_supply()).unwrap();
    assert_eq!(dear.cost(span, &rate), Err(CurveError::Overflow { what: "cost" }));
    assert_eq!(dear.payout(span, &rate), Err(CurveError::Overflow { what: "payout" }));
    assert_eq!(dear.price(dear.max_supply()), Err(CurveError::Overflow { what: "price" }));
    assert_eq!(
        dear.reserve(dear.max_supply(), Rounding::Up),
        Err(CurveError::Overflow { what: "integral" })
    );
}
