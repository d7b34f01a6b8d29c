//! The parameters of a curve, and which of them make one.
//!
//! Guarantee: parameters that [`CurveParams::validate`] accepts never overflow g, span or supply;
//! prices and costs that u128 cannot hold are typed errors. Everything is checked here, at creation,
//! so that no trade can fail on the parameters.
//!
//! | bound | why |
//! |---|---|
//! | alpha >= 10^-24 per token | 0 is no curve |
//! | alpha s0, alpha S_max <= 64 | integer part of Q8.248; e^-64 leaves 2^-92 of 2^-248 |
//! | alpha s0 <= 0.95, linear | the price starts above 0 |
//! | S_max <= 10^18 base units | 10^12 tokens |

use crate::error::CurveError;
use crate::fixed::U256;
use crate::transcendental::TEN_POW_30;

/// Largest maximum supply, in base units.
pub const MAX_SUPPLY_LIMIT: u128 = 10u128.pow(18);

/// alpha s0 and alpha S_max, at most 64, in 10^-30.
const EXPONENT_LIMIT: u128 = 64 * TEN_POW_30;

/// alpha s0 of a linear curve, at most 0.95, in 10^-30.
const LINEAR_EXPONENT_LIMIT: u128 = TEN_POW_30 / 100 * 95;

/// Shape of the base price P(s), with x = alpha (s - s0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// P0 (1 + x).
    Linear,
    /// P0 e^x.
    Exponential,
    /// P0 / (1 + e^-x), eq. 3 of the paper.
    Sigmoid,
}

/// A curve, as exact rationals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurveParams {
    /// Shape.
    pub kind: Kind,
    /// P0 in 10^-18 reserve base units per whole token.
    pub price_scale: U256,
    /// alpha in 10^-24 per whole token.
    pub steepness: u128,
    /// s0 in token base units.
    pub midpoint: u128,
    /// S_max in token base units.
    pub max_supply: u128,
}

impl CurveParams {
    /// Ensures that the mathematics is defined for the whole curve.
    ///
    /// # Errors
    /// The bound that is violated.
    pub fn validate(&self) -> Result<(), CurveError> {
        let &Self { kind, price_scale, steepness, midpoint, max_supply } = self;
        if steepness == 0 {
            return Err(CurveError::SteepnessTooSmall);
        }
        if price_scale.is_zero() {
            return Err(CurveError::PriceScaleZero);
        }
        if max_supply == 0 || max_supply > MAX_SUPPLY_LIMIT {
            return Err(CurveError::MaxSupply { max_supply, limit: MAX_SUPPLY_LIMIT });
        }
        let within =
            |supply, limit| steepness.checked_mul(supply).is_some_and(|product| product <= limit);
        if !within(max_supply, EXPONENT_LIMIT) {
            return Err(CurveError::AlphaMaxSupply {
                steepness,
                max_supply,
                limit: EXPONENT_LIMIT,
            });
        }
        if !within(midpoint, EXPONENT_LIMIT) {
            return Err(CurveError::AlphaMidpoint { steepness, midpoint, limit: EXPONENT_LIMIT });
        }
        if kind == Kind::Linear && !within(midpoint, LINEAR_EXPONENT_LIMIT) {
            return Err(CurveError::LinearMidpoint {
                steepness,
                midpoint,
                limit: LINEAR_EXPONENT_LIMIT,
            });
        }
        Ok(())
    }
}
