//! What an integral costs, what it pays, and how much integral an amount buys.
//!
//! A [`Rate`] is a rational number of reserve base units per unit of g. With D a span, e =
//! [`Curve::epsilon`]:
//!
//! | rate | cost, rounded up | payout, rounded down |
//! |---|---|---|
//! | multiplier M, linear | p m D / (2 * 10^72) | the same |
//! | multiplier M, sigmoid | p m (D + 2e) / (a 10^12 2^248) | with D - 2e |
//! | multiplier M, exponential | p m E (D + 2e) / (a 10^12 2^248) | with D - 2e |
//! | backing R / G, premium q | R (10^4 + q) (D + 2e) / (10^4 (G - 2e)) | with D - 2e and G + 2e |
//!
//! E = e^(alpha (S_max - s0)), wrong by at most 2^-244 of itself.
//!
//! Guarantee, with K M the price of one unit of g:
//! exact <= cost < exact + 1 + 4 e K M and exact - 1 - 4 e K M < payout <= exact. Both ends of D are
//! wrong by at most e / 4, so D + 2e is at least 3/2 e and at most 5/2 e above the exact D; the error of
//! E counts as at most e / 4 more, because D <= 1 on the exponential curve.
//!
//! 4 e K M is at most 2^-107 while K M <= 2^133. K M is at most 2^126 / (g(S_max) - g(0)), so that is
//! every curve whose g spans 2^-7 or more. Below, a curve is one tail of itself, or almost flat, and
//! the excess is at most 4 e / (g(S_max) - g(0)) of its whole reserve. [`Curve::span_for`] inverts
//! [`Curve::cost`] exactly. For [`Curve::tokens_for`]: tokens <= exact < tokens + 1 + 2^-47, everywhere.
//!
//! Rounding: the market gains, at most one unit and the above per call; a cost of nothing is one unit.
//! Largest input: every U256 price scale and span, u64 multiplier, u128 amount and reserve.
//! Results of 2^128 and more are [`CurveError::Overflow`].

use crate::curve::{Curve, Shape};
use crate::error::CurveError;
use crate::fixed::U256;
use crate::wide::Wide;

/// 1.0 in basis points.
const BPS: u64 = 10_000;

/// 1.0 in 10^-18.
pub(crate) const E18: u64 = 1_000_000_000_000_000_000;

/// Which way a result goes when it is not an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the next integer above.
    Up,
    /// To the next integer below.
    Down,
}

/// What one unit of integral costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// The base price times a multiplier in 10^-18.
    Multiplier(u64),
    /// What the reserve holds behind the integral of the supply.
    Backing {
        /// R in reserve base units.
        reserve: u128,
        /// G = g(s) - g(0), of the same curve.
        total: U256,
        /// Added to 1, in basis points; 0 for the backing itself.
        premium_bps: u64,
    },
}

/// numerator / denominator reserve base units for each unit of g.
pub(crate) struct Ratio {
    pub(crate) numerator: Wide,
    pub(crate) denominator: Wide,
}

impl Curve {
    /// Reserve base units for a span, rounded up.
    ///
    /// # Errors
    /// [`CurveError::NoBacking`] or [`CurveError::Overflow`].
    pub fn cost(&self, span: U256, rate: &Rate) -> Result<u128, CurveError> {
        self.ratio(rate, Rounding::Up)
            .and_then(|ratio| ratio.value(self.widened(span)?, Rounding::Up))
            .and_then(|cost| cost.to_u128().ok_or(CurveError::overflow("cost")))
    }

    /// Reserve base units for a span, rounded down.
    ///
    /// # Errors
    /// [`CurveError::NoBacking`] or [`CurveError::Overflow`].
    pub fn payout(&self, span: U256, rate: &Rate) -> Result<u128, CurveError> {
        self.ratio(rate, Rounding::Down)
            .and_then(|ratio| ratio.value(self.narrowed(span), Rounding::Down))
            .and_then(|payout| payout.to_u128().ok_or(CurveError::overflow("payout")))
    }

    /// The largest span with `cost(span) <= amount`; zero when even an empty span costs more, and
    /// [`U256::MAX`] when every span costs less.
    ///
    /// # Errors
    /// [`CurveError::NoBacking`] or [`CurveError::Overflow`].
    pub fn span_for(&self, amount: u128, rate: &Rate) -> Result<U256, CurveError> {
        let ratio = self.ratio(rate, Rounding::Up)?;
        if ratio.numerator.is_zero() {
            return Ok(U256::MAX);
        }
        // ceil(n (D + 2e) / d) <= C exactly if D + 2e <= floor(C d / n).
        let widened = ratio
            .denominator
            .checked_mul(amount)
            .and_then(|product| product.div_floor(&ratio.numerator))
            .ok_or(CurveError::overflow("span"))?;
        Ok(self.narrowed(widened.to_u256().unwrap_or(U256::MAX)))
    }

    /// The largest number of token base units above `from` with a cost of at most `amount`.
    ///
    /// # Errors
    /// As [`Curve::span_for`] and [`Curve::supply_after`].
    pub fn tokens_for(&self, from: u128, amount: u128, rate: &Rate) -> Result<u128, CurveError> {
        let span = self.span_for(amount, rate)?;
        Ok(self.supply_after(from, span)?.saturating_sub(from))
    }

    /// The integral I(s) of the base price from 0 to a supply, in 10^-18 reserve base units.
    ///
    /// # Errors
    /// [`CurveError::SupplyOutOfRange`] or [`CurveError::Overflow`].
    pub fn reserve(&self, supply: u128, rounding: Rounding) -> Result<U256, CurveError> {
        self.integral(self.span(0, supply)?, rounding)
    }

    /// The integral of the base price over a span, in 10^-18 reserve base units.
    ///
    /// # Errors
    /// [`CurveError::Overflow`].
    pub fn integral(&self, span: U256, rounding: Rounding) -> Result<U256, CurveError> {
        let span = match rounding {
            Rounding::Up => self.widened(span)?,
            Rounding::Down => self.narrowed(span),
        };
        let mut ratio = self.ratio_at(u128::from(E18))?;
        ratio.numerator =
            ratio.numerator.checked_mul(E18).ok_or(CurveError::overflow("integral"))?;
        ratio.value(span, rounding)?.to_u256().ok_or(CurveError::overflow("integral"))
    }

    /// Ensures that the reserve at maximum supply and `max_multiplier`, in 10^-18, stays below 2^126.
    ///
    /// # Errors
    /// [`CurveError::ReserveOverflow`].
    pub fn ensure_reserve_bound(&self, max_multiplier: u128) -> Result<(), CurveError> {
        let whole = self.widened(self.span(0, self.max_supply())?)?;
        self.ratio_at(max_multiplier)?
            .value(whole, Rounding::Up)?
            .to_u128()
            .filter(|reserve| reserve.leading_zeros() >= 2)
            .map(|_| ())
            .ok_or(CurveError::ReserveOverflow { max_supply: self.max_supply(), max_multiplier })
    }

    /// 2 epsilon.
    fn margin(&self) -> U256 {
        self.epsilon().shl(1)
    }

    fn widened(&self, span: U256) -> Result<U256, CurveError> {
        span.checked_add(self.margin()).ok_or(CurveError::overflow("span"))
    }

    fn narrowed(&self, span: U256) -> U256 {
        span.saturating_sub(self.margin())
    }

    fn ratio(&self, rate: &Rate, rounding: Rounding) -> Result<Ratio, CurveError> {
        match *rate {
            Rate::Multiplier(multiplier) => self.ratio_at(u128::from(multiplier)),
            Rate::Backing { reserve, total, premium_bps } => {
                let narrowed = self.narrowed(total);
                if narrowed.is_zero() {
                    return Err(CurveError::NoBacking { total });
                }
                let total = match rounding {
                    Rounding::Up => narrowed,
                    Rounding::Down => self.widened(total)?,
                };
                let factor = BPS.checked_add(premium_bps).ok_or(CurveError::overflow("premium"))?;
                ratio(Wide::from(reserve).checked_mul(factor), Wide::from(total).checked_mul(BPS))
            }
        }
    }

    /// The ratio at a multiplier in 10^-18.
    fn ratio_at(&self, multiplier: u128) -> Result<Ratio, CurveError> {
        const E12: u64 = 1_000_000_000_000;
        const E36: u128 = 10u128.pow(36);
        let params = self.params();
        let scaled = Wide::from(params.price_scale).checked_mul(multiplier);
        let steepness = Wide::from(params.steepness).checked_mul(E12);
        match &self.shape {
            Shape::Linear => ratio(
                scaled,
                Wide::from(E36).checked_mul(E36).and_then(|e72| e72.checked_mul(2u64)),
            ),
            Shape::Sigmoid => ratio(scaled, steepness.and_then(|den| den.checked_shl(248))),
            Shape::Exponential(growth) => ratio(
                scaled
                    .and_then(|num| num.checked_mul(growth.mantissa))
                    .and_then(|num| num.checked_shl(growth.doublings)),
                steepness.and_then(|den| den.checked_shl(growth.halvings.saturating_add(2 * 248))),
            ),
        }
    }
}

impl Ratio {
    /// The value of a span.
    pub(crate) fn value(&self, span: U256, rounding: Rounding) -> Result<Wide, CurveError> {
        self.numerator
            .checked_mul(span)
            .and_then(|product| match rounding {
                Rounding::Up => product.div_ceil(&self.denominator),
                Rounding::Down => product.div_floor(&self.denominator),
            })
            .ok_or(CurveError::overflow("value"))
    }
}

/// Both parts, if they fit.
pub(crate) fn ratio(
    numerator: Option<Wide>,
    denominator: Option<Wide>,
) -> Result<Ratio, CurveError> {
    match (numerator, denominator) {
        (Some(numerator), Some(denominator)) => Ok(Ratio { numerator, denominator }),
        _ => Err(CurveError::overflow("rate")),
    }
}
