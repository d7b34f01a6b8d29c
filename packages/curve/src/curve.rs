//! A curve: the canonical integral g, differences of it, and supplies from differences.
//!
//! Guarantee: g is a function of parameters and supply alone, so differences telescope exactly:
//! span(a, b) + span(b, c) = span(a, c). With I the exact integral of the base price and K its
//! factor, I(b) - I(a) = K (g(b) - g(a)), and |g - exact| <= 2^-244. [`Curve::supply_after`] is
//! exact with respect to this g: it is the largest supply whose span fits.
//!
//! Rounding: none here; `rate` adds or takes epsilon and rounds against the trader.
//! Largest input: supply 10^18 base units, alpha s up to 64.

use crate::error::CurveError;
use crate::fixed::U256;
use crate::params::{CurveParams, Kind};
use crate::transcendental::Power;
use crate::{exponential, linear, search, sigmoid};

/// 2^-242 in Q8.248.
const EPSILON: U256 = U256([64, 0, 0, 0]);

/// Parameters that passed every check, and what follows from them.
#[derive(Debug, Clone)]
pub struct Curve {
    params: CurveParams,
    pub(crate) shape: Shape,
}

/// The kind, with the constants it needs.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Linear,
    Exponential(Power),
    Sigmoid,
}

impl Curve {
    /// The curve with these parameters.
    ///
    /// # Errors
    /// The bound that they violate, see [`CurveParams::validate`].
    pub fn new(params: CurveParams) -> Result<Self, CurveError> {
        params.validate()?;
        let shape = match params.kind {
            Kind::Linear => Shape::Linear,
            Kind::Exponential => Shape::Exponential(exponential::growth(&params)),
            Kind::Sigmoid => Shape::Sigmoid,
        };
        Ok(Self { params, shape })
    }

    /// What it was made from.
    #[must_use]
    pub const fn params(&self) -> &CurveParams {
        &self.params
    }

    /// S_max in token base units.
    #[must_use]
    pub const fn max_supply(&self) -> u128 {
        self.params.max_supply
    }

    /// What a span may be wrong by, fourfold: 2^-242; 0 where g is exact.
    #[must_use]
    pub const fn epsilon(&self) -> U256 {
        match self.shape {
            Shape::Linear => U256::ZERO,
            Shape::Exponential(_) | Shape::Sigmoid => EPSILON,
        }
    }

    /// The canonical integral: Q8.248, for the linear curve an integer. Strictly monotone.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] above the maximum supply.
    pub fn g(&self, supply: u128) -> Result<U256, CurveError> {
        self.ensure_supply(supply, 0)?;
        Ok(match self.shape {
            Shape::Linear => linear::g(&self.params, supply),
            Shape::Exponential(_) => exponential::g(&self.params, supply),
            Shape::Sigmoid => sigmoid::g(&self.params, supply),
        })
    }

    /// |g(to) - g(from)|.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] above the maximum supply.
    pub fn span(&self, from: u128, to: u128) -> Result<U256, CurveError> {
        Ok(self.g(to)?.abs_diff(self.g(from)?))
    }

    /// The largest supply u in [from, S_max] with g(u) - g(from) <= span.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] if `from` is above the maximum supply.
    pub fn supply_after(&self, from: u128, span: U256) -> Result<u128, CurveError> {
        self.highest_supply_within(from, self.g(from)?.saturating_add(span))
    }

    /// The largest supply u in [from, S_max] with g(u) <= `g`, for a `g` of at least g(from).
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] if `from` is above the maximum supply.
    pub fn highest_supply_within(&self, from: u128, g: U256) -> Result<u128, CurveError> {
        self.ensure_supply(from, 0)?;
        search::largest(from, self.max_supply(), self.supply_at_g(g), |supply| {
            Ok(self.g(supply)? <= g)
        })
    }

    /// The smallest supply u in [0, from] with g(from) - g(u) <= span.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] if `from` is above the maximum supply.
    pub fn supply_before(&self, from: u128, span: U256) -> Result<u128, CurveError> {
        let target = self.g(from)?.saturating_sub(span);
        search::smallest(0, from, self.supply_at_g(target), |supply| Ok(self.g(supply)? >= target))
    }

    /// The supply where g is `value`, about.
    fn supply_at_g(&self, value: U256) -> u128 {
        match self.shape {
            Shape::Linear => linear::supply_at_g(&self.params, value),
            Shape::Exponential(_) => exponential::supply_at_g(&self.params, value),
            Shape::Sigmoid => sigmoid::supply_at_g(&self.params, value),
        }
    }

    pub(crate) fn ensure_supply(&self, supply: u128, low: u128) -> Result<(), CurveError> {
        let high = self.max_supply();
        if supply < low || supply > high {
            return Err(CurveError::SupplyOutOfRange { supply, low, high });
        }
        Ok(())
    }
}
