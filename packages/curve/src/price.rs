//! The base price P(s), and the supplies between two prices.
//!
//! P is a constant times a *level* that strictly increases with the supply: P / P0 for the sigmoid,
//! g = P / P(S_max) for the exponential, the integer (1 + x) 10^30 for the linear curve.
//!
//! Guarantee: [`Curve::price`] is the exact price rounded down, or a number below that by less than
//! 2^-241 of P0 (of P(S_max) for the exponential); never above, and it never falls when the supply
//! grows. [`Curve::highest_supply_at`] and [`Curve::lowest_supply_at`] invert these very integers:
//! price(highest_supply_at(q)) <= q < price(highest_supply_at(q) + 1).
//!
//! Largest input: every U256 price and price scale. A price of 2^256 and more is
//! [`CurveError::Overflow`].

use crate::curve::{Curve, Shape};
use crate::error::CurveError;
use crate::fixed::U256;
use crate::rate::{ratio, Ratio, Rounding, E18};
use crate::transcendental::{exponent, TEN_POW_30};
use crate::wide::Wide;
use crate::{exponential, linear, search, sigmoid};

impl Curve {
    /// P(s) / P0 as Q8.248, for the exponential P(s) / P(S_max); to 2^-244.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] above the maximum supply.
    pub fn relative_price(&self, supply: u128) -> Result<U256, CurveError> {
        self.ensure_supply(supply, 0)?;
        Ok(match self.shape {
            Shape::Linear => exponent(linear::slope(self.params(), supply)),
            Shape::Exponential(_) | Shape::Sigmoid => self.level(supply),
        })
    }

    /// P(s) in 10^-18 reserve base units per whole token, rounded down.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] or [`CurveError::Overflow`].
    pub fn price(&self, supply: u128) -> Result<U256, CurveError> {
        self.price_at(supply, u128::from(E18), Rounding::Down)
    }

    /// P(s) times a multiplier in 10^-18, in 10^-18 reserve base units per whole token.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] or [`CurveError::Overflow`].
    pub fn price_at(
        &self,
        supply: u128,
        multiplier_e18: u128,
        rounding: Rounding,
    ) -> Result<U256, CurveError> {
        self.ensure_supply(supply, 0)?;
        let level = self.level(supply);
        let level = match rounding {
            Rounding::Up => level.saturating_add(self.epsilon()),
            Rounding::Down => level.saturating_sub(self.epsilon()),
        };
        let Ratio { numerator, denominator } = self.price_ratio()?;
        ratio(numerator.checked_mul(multiplier_e18), denominator.checked_mul(E18))?
            .value(level, rounding)?
            .to_u256()
            .ok_or(CurveError::overflow("price"))
    }

    /// The largest supply with a price of at most `price`, in 10^-18; 0 if there is none.
    ///
    /// # Errors
    /// [`CurveError::Overflow`].
    pub fn highest_supply_at(&self, price_e18: U256) -> Result<u128, CurveError> {
        // floor(n l / d) <= q exactly if l <= ceil((q + 1) d / n) - 1.
        let above = self.level_of(Wide::from(price_e18).checked_add(&Wide::ONE))?;
        let level = above.saturating_sub(U256([1, 0, 0, 0]));
        let limit = level.saturating_add(self.epsilon());
        search::largest(0, self.max_supply(), self.supply_at_level(level), |supply| {
            Ok(self.level(supply) <= limit)
        })
    }

    /// The smallest supply with a price of at least `price`, in 10^-18; S_max if there is none.
    ///
    /// # Errors
    /// [`CurveError::Overflow`].
    pub fn lowest_supply_at(&self, price_e18: U256) -> Result<u128, CurveError> {
        // floor(n l / d) >= q exactly if l >= ceil(q d / n).
        let level = self.level_of(Some(Wide::from(price_e18)))?;
        search::smallest(0, self.max_supply(), self.supply_at_level(level), |supply| {
            Ok(self.level(supply).saturating_sub(self.epsilon()) >= level)
        })
    }

    /// ceil(price d / n), at most 2^256 - 1.
    fn level_of(&self, price: Option<Wide>) -> Result<U256, CurveError> {
        let Ratio { numerator, denominator } = self.price_ratio()?;
        let price = price.and_then(|price| price.to_u256());
        let Some(price) = price else {
            return Ok(U256::MAX);
        };
        denominator
            .checked_mul(price)
            .and_then(|product| product.div_ceil(&numerator))
            .map(|level| level.to_u256().unwrap_or(U256::MAX))
            .ok_or(CurveError::overflow("price"))
    }

    fn level(&self, supply: u128) -> U256 {
        let params = self.params();
        match self.shape {
            Shape::Linear => U256::from_u128(linear::slope(params, supply)),
            Shape::Exponential(_) => exponential::g(params, supply),
            Shape::Sigmoid => sigmoid::relative_price(params, supply),
        }
    }

    /// The supply where the level is `value`, about.
    fn supply_at_level(&self, value: U256) -> u128 {
        let params = self.params();
        match self.shape {
            Shape::Linear => linear::supply_at_slope(params, value),
            Shape::Exponential(_) => exponential::supply_at_g(params, value),
            Shape::Sigmoid => sigmoid::supply_at_relative_price(params, value),
        }
    }

    /// 10^-18 reserve base units per whole token for each unit of the level.
    fn price_ratio(&self) -> Result<Ratio, CurveError> {
        let scale = Wide::from(self.params().price_scale);
        match &self.shape {
            Shape::Linear => ratio(Some(scale), Some(Wide::from(TEN_POW_30))),
            Shape::Sigmoid => ratio(Some(scale), Wide::ONE.checked_shl(248)),
            Shape::Exponential(growth) => ratio(
                scale
                    .checked_mul(growth.mantissa)
                    .and_then(|num| num.checked_shl(growth.doublings)),
                Wide::ONE.checked_shl(growth.halvings.saturating_add(2 * 248)),
            ),
        }
    }
}
