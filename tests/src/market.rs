//! A market's curve as the tests see it: the same crate, exact wide integers around it.

use cosmwasm_std::{Uint128, Uint256, Uint512};
use modelbond_curve::{Curve, CurveParams, Kind, U256};
use modelbond_interface::market::{CurveKind, MarketParams};

/// The curve of `params`.
///
/// # Panics
/// When the parameters make none: a market with them could not have opened.
#[must_use]
pub fn curve(params: &MarketParams) -> Curve {
    let curve = &params.curve;
    Curve::new(CurveParams {
        kind: match curve.kind {
            CurveKind::Linear => Kind::Linear,
            CurveKind::Exponential => Kind::Exponential,
            CurveKind::Sigmoid => Kind::Sigmoid,
        },
        price_scale: U256::from_u128(curve.price_scale.atomics().u128()),
        steepness: curve.steepness.u128(),
        midpoint: curve.midpoint.u128(),
        max_supply: curve.max_supply.u128(),
    })
    .expect("parameters of an open market make a curve")
}

/// G = g(supply) − g(0).
///
/// # Panics
/// Above the maximum supply.
#[must_use]
pub fn integral(curve: &Curve, supply: Uint128) -> Uint256 {
    let span = curve.span(0, supply.u128()).expect("supply is on the curve");
    Uint256::from_be_bytes(span.to_be_bytes())
}

/// Whether reserve ÷ integral fell from the first to the second: R′·G < R·G′, exactly.
#[must_use]
pub fn backing_fell(before: (Uint128, Uint256), after: (Uint128, Uint256)) -> bool {
    let product = |reserve: Uint128, integral: Uint256| -> Uint512 {
        integral.full_mul(Uint256::from(reserve))
    };
    product(after.0, before.1) < product(before.0, after.1)
}

/// What `tokens` are worth at the backing, without fees and limits: ⌊R·(G − G(s − tokens))/G⌋.
///
/// # Panics
/// When there are not as many tokens.
#[must_use]
pub fn worth(curve: &Curve, supply: Uint128, reserve: Uint128, tokens: Uint128) -> u128 {
    let whole = integral(curve, supply);
    if whole.is_zero() {
        return 0;
    }
    let span = whole - integral(curve, supply - tokens);
    let value = span.full_mul(Uint256::from(reserve)) / Uint512::from(whole);
    Uint128::try_from(value).expect("at most the reserve").u128()
}
