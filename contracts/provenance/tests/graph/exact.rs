//! Numbers of units to a 2⁻⁶⁴th, rounded down.

/// Bits of a fraction.
const BITS: u32 = 64;

/// A number of units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exact {
    pub(crate) units: i128,
    pub(crate) fraction: u64,
}

impl Exact {
    /// 2⁻ⁿ units, for n from 1 to 64.
    pub(crate) const fn power(n: u32) -> Self {
        Self { units: 0, fraction: 1 << (BITS - n) }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let (fraction, carry) = self.fraction.overflowing_add(other.fraction);
        Self { units: self.units + other.units + i128::from(carry), fraction }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        let (fraction, borrow) = self.fraction.overflowing_sub(other.fraction);
        Self { units: self.units - other.units - i128::from(borrow), fraction }
    }

    /// Each weight's part of it, of all weights together.
    pub(crate) fn among(self, total: u128) -> impl Fn(u128) -> Self {
        let wide = total as i128;
        let (each, rest) = (self.units.div_euclid(wide), self.units.rem_euclid(wide) as u128);
        move |weight| {
            let units = rest * weight;
            let parts = ((units % total) << BITS) + u128::from(self.fraction) * weight;
            let parts = parts / total;
            let units = each * weight as i128 + (units / total + (parts >> BITS)) as i128;
            Self { units, fraction: parts as u64 }
        }
    }
}

impl From<u128> for Exact {
    fn from(units: u128) -> Self {
        Self { units: units as i128, fraction: 0 }
    }
}
