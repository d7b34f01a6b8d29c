//! What the curve refuses, with the numbers.

use crate::U256;

/// Why a curve was not made, or a number not given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurveError {
    /// The steepness is zero, which leaves no curve.
    #[error("steepness must be at least 10^-24 per token")]
    SteepnessTooSmall,

    /// The price scale is zero, which makes every token free.
    #[error("price scale must be at least 10^-18")]
    PriceScaleZero,

    /// The maximum supply is zero or above the domain.
    #[error("maximum supply {max_supply} must be between 1 and {limit}")]
    MaxSupply {
        /// What was asked, in base units.
        max_supply: u128,
        /// The largest accepted, in base units.
        limit: u128,
    },

    /// Steepness times midpoint is above the domain.
    #[error("steepness {steepness} times midpoint {midpoint} exceeds {limit} (all in 10^-30)")]
    AlphaMidpoint {
        /// In 10^-24 per whole token.
        steepness: u128,
        /// In token base units.
        midpoint: u128,
        /// 64 in 10^-30.
        limit: u128,
    },

    /// Steepness times maximum supply is above the domain.
    #[error(
        "steepness {steepness} times maximum supply {max_supply} exceeds {limit} (all in 10^-30)"
    )]
    AlphaMaxSupply {
        /// In 10^-24 per whole token.
        steepness: u128,
        /// In token base units.
        max_supply: u128,
        /// 64 in 10^-30.
        limit: u128,
    },

    /// A linear curve would start too near zero, or below.
    #[error("steepness {steepness} times midpoint {midpoint} exceeds {limit} (all in 10^-30) on a linear curve")]
    LinearMidpoint {
        /// In 10^-24 per whole token.
        steepness: u128,
        /// In token base units.
        midpoint: u128,
        /// 0.95 in 10^-30.
        limit: u128,
    },

    /// The reserve at maximum supply would not stay below 2^126.
    #[error("reserve at maximum supply {max_supply} and multiplier {max_multiplier} must stay below 2^126")]
    ReserveOverflow {
        /// In token base units.
        max_supply: u128,
        /// In 10^-18.
        max_multiplier: u128,
    },

    /// A supply outside of the curve, or a range turned around.
    #[error("supply {supply} is outside of {low} to {high}")]
    SupplyOutOfRange {
        /// In token base units.
        supply: u128,
        /// Smallest allowed.
        low: u128,
        /// Largest allowed.
        high: u128,
    },

    /// The supply that backs the price is too small to divide by.
    #[error("integral {total} of the supply is too small to price by")]
    NoBacking {
        /// g(s) - g(0).
        total: U256,
    },

    /// A result that its type cannot hold.
    #[error("{what} is out of range")]
    Overflow {
        /// Name of the result.
        what: &'static str,
    },
}

impl CurveError {
    pub(crate) const fn overflow(what: &'static str) -> Self {
        Self::Overflow { what }
    }
}
