//! The success multiplier: its target from metrics (eq. 4), and how the multiplier follows it.
//!
//! M* = 1 + sum of w m~, each m~ in [0, 1]. A metric below its range counts less and less: from the
//! range's lower bound it falls linearly to 0 over a tenth of the range's width, so there is no cliff
//! to push it over. Everything in 10^-18; each m~ and the sum are rounded down.
//!
//! M follows M*: down at the fall rate, up at the rise rate; after a fall deeper than the rebound
//! threshold, and only while the target is above, at the rebound rate until the level before the fall.
//!
//! Guarantee: M(t) is a function of the anchor {value, target, at} and of t alone, however often it is
//! read; it stays between the old value and the target, moves only towards the target, and never
//! faster than the rate of its direction, for any sequence of reports. Rounding: movement down.
//! Largest input: all of u64; movement saturates.

use crate::rate::E18;

/// Multiplier of a market at its opening: 1.
pub const START: u64 = E18;

/// 10^-18 per basis point of 1.0.
const PER_BPS: u64 = E18 / 10_000;

/// Nanoseconds in an hour.
const HOUR: u64 = 3_600_000_000_000;

/// Lower bound and tenth of the width of accuracy's range [0.7, 1].
const ACCURACY: (u64, u64) = (E18 / 10 * 7, E18 / 100 * 3);

/// Lower bound and tenth of the width of improvement's range [0.8, 1].
const IMPROVEMENT: (u64, u64) = (E18 / 10 * 8, E18 / 100 * 2);

/// What a model achieved, each in 10^-18 and at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Metrics {
    /// Accuracy on the holdout set, counted from 0.7.
    pub accuracy: u64,
    /// Users of the last 30 days over the target.
    pub adoption: u64,
    /// Score of this round over the best so far, counted from 0.8.
    pub improvement: u64,
    /// Units of nodes with accepted work over the target.
    pub growth: u64,
}

/// How much each metric counts, in 10^-18; together at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weights {
    /// Of accuracy.
    pub accuracy: u64,
    /// Of adoption.
    pub adoption: u64,
    /// Of improvement.
    pub improvement: u64,
    /// Of growth.
    pub growth: u64,
}

/// Why there is no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MultiplierError {
    /// A metric above 1.
    #[error("{metric} is {value}, above 10^18")]
    MetricAboveOne {
        /// Which.
        metric: &'static str,
        /// In 10^-18.
        value: u64,
    },
    /// Weights that add up to more than 1.
    #[error("weights add up to {sum}, above 10^18")]
    WeightsAboveOne {
        /// In 10^-18.
        sum: u128,
    },
}

impl Weights {
    /// Sum of all four in 10^-18.
    ///
    /// # Errors
    /// [`MultiplierError::WeightsAboveOne`].
    pub fn sum(&self) -> Result<u64, MultiplierError> {
        let sum = [self.accuracy, self.adoption, self.improvement, self.growth]
            .into_iter()
            .fold(0u128, |sum, weight| sum.saturating_add(weight.into()));
        match u64::try_from(sum) {
            Ok(sum) if sum <= E18 => Ok(sum),
            _ => Err(MultiplierError::WeightsAboveOne { sum }),
        }
    }
}

/// M* in 10^-18, from 1 to 2.
///
/// # Errors
/// [`MultiplierError`] if a metric or the sum of the weights is above 1.
pub fn target(metrics: &Metrics, weights: &Weights) -> Result<u64, MultiplierError> {
    weights.sum()?;
    let terms = [
        ("accuracy", metrics.accuracy, ACCURACY, weights.accuracy),
        ("adoption", metrics.adoption, (0, 0), weights.adoption),
        ("improvement", metrics.improvement, IMPROVEMENT, weights.improvement),
        ("growth", metrics.growth, (0, 0), weights.growth),
    ];
    let mut sum = 0u128;
    for (metric, value, range, weight) in terms {
        if value > E18 {
            return Err(MultiplierError::MetricAboveOne { metric, value });
        }
        let counted = u128::from(counted(value, range));
        sum = sum.saturating_add(counted.saturating_mul(weight.into()));
    }
    // At most 10^36 / 10^18.
    let gained = sum.checked_div(E18.into()).unwrap_or(0);
    let gained = u64::try_from(gained).unwrap_or(E18);
    Ok(E18.saturating_add(gained))
}

/// m~ of a metric whose range starts at `low` and fades over `fade` below it.
fn counted(value: u64, (low, fade): (u64, u64)) -> u64 {
    if value >= low {
        return value;
    }
    let above = value.saturating_sub(low.saturating_sub(fade));
    let product = u128::from(low).saturating_mul(above.into());
    let faded = product.checked_div(fade.into()).unwrap_or(0);
    u64::try_from(faded).unwrap_or(low)
}

/// How fast the multiplier follows, in basis points of 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MultiplierParams {
    /// A target this near to the last accepted one is ignored.
    pub threshold_bps: u64,
    /// Up, per hour.
    pub rise_bps_per_hour: u64,
    /// Down, per hour.
    pub fall_bps_per_hour: u64,
    /// Up after a deep fall, per hour.
    pub rebound_bps_per_hour: u64,
    /// How much deeper than this a fall has to be.
    pub rebound_threshold_bps: u64,
}

/// A multiplier on its way to a target, in 10^-18.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Multiplier {
    /// M at `at`.
    pub value: u64,
    /// The last accepted M*.
    pub target: u64,
    /// When the target was accepted, in nanoseconds.
    pub at: u64,
    /// Level before the fall that is going on or being recovered from.
    pub fall_from: Option<u64>,
    /// Does it recover at the rebound rate up to `fall_from`?
    pub rebounding: bool,
}

impl Multiplier {
    /// M = M* = 1.
    #[must_use]
    pub const fn new(now: u64) -> Self {
        Self { value: START, target: START, at: now, fall_from: None, rebounding: false }
    }

    /// M at a time; before the anchor, the value there.
    #[must_use]
    pub fn value_at(&self, params: &MultiplierParams, now: u64) -> u64 {
        let elapsed = now.saturating_sub(self.at);
        if self.target <= self.value {
            let fallen = movement(params.fall_bps_per_hour, elapsed);
            return self.value.saturating_sub(fallen).max(self.target);
        }
        let level = self
            .fall_from
            .filter(|_| self.rebounding)
            .map_or(self.value, |level| level.min(self.target));
        let missing = level.saturating_sub(self.value);
        let rebound = params.rebound_bps_per_hour;
        match duration(rebound, missing).and_then(|needed| elapsed.checked_sub(needed)) {
            Some(rest) => self
                .value
                .saturating_add(missing)
                .saturating_add(movement(params.rise_bps_per_hour, rest))
                .min(self.target),
            None => self.value.saturating_add(movement(rebound, elapsed).min(missing)),
        }
    }

    /// Takes a new target, unless it is within the threshold of the last accepted one; says whether
    /// it did.
    pub fn accept(&mut self, params: &MultiplierParams, target: u64, now: u64) -> bool {
        let threshold = params.threshold_bps.saturating_mul(PER_BPS);
        if target.abs_diff(self.target) <= threshold {
            return false;
        }
        let value = self.value_at(params, now);
        let open = self.fall_from.filter(|level| *level > value);
        let (fall_from, rebounding) = if target < value {
            (Some(open.map_or(value, |level| level.max(value))), false)
        } else {
            let deep = params.rebound_threshold_bps.saturating_mul(PER_BPS);
            let rebounding =
                open.is_some_and(|level| self.rebounding || level.saturating_sub(value) > deep);
            (open.filter(|_| rebounding), rebounding)
        };
        *self = Self { value, target, at: self.at.max(now), fall_from, rebounding };
        true
    }
}

/// How far a rate goes in a time, in 10^-18, rounded down.
fn movement(bps_per_hour: u64, elapsed: u64) -> u64 {
    u128::from(bps_per_hour)
        .saturating_mul(elapsed.into())
        .saturating_mul(PER_BPS.into())
        .checked_div(HOUR.into())
        .and_then(|moved| u64::try_from(moved).ok())
        .unwrap_or(u64::MAX)
}

/// How long a rate needs for a distance, in nanoseconds, rounded up; `None` if it never gets there.
fn duration(bps_per_hour: u64, distance: u64) -> Option<u64> {
    let rate = u128::from(bps_per_hour).saturating_mul(PER_BPS.into());
    if distance == 0 {
        return Some(0);
    }
    if rate == 0 {
        return None;
    }
    let needed = u128::from(distance).saturating_mul(HOUR.into());
    u64::try_from(needed.div_ceil(rate)).ok()
}
