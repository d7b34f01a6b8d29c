//! Who holds which weight of what accrues. Guarantees: nothing is lost and nothing is made, to a 2⁻⁶⁴th of a unit;
//! the cost of an operation does not depend on the number of holders.
//!
//! A pool of weight W has an index I, which is what a weight of 1 has got since the beginning, in units and in parts
//! of 2⁻⁶⁴ units. Sharing out an amount a adds ⌊(a·2⁶⁴ + dust)/W⌋ parts to I, and keeps the rest of the division as
//! dust, so the next one is worth exactly what was kept. A share of weight w that was paid up to I₀ is owed
//! ⌊(w·(I − I₀) + its own dust)/2⁶⁴⌋ units; what is smaller stays its own dust, unless it is less than the rounding of
//! I short of a unit, see [`Pool::pay`]. Hence, in parts and at any time:
//!
//! ```text
//! 2⁶⁴·shared out = 2⁶⁴·paid + Σ (w·(I − I₀) + dust of the share) + dust of the pool
//! ```
//!
//! All roundings are down, for the pool. W is below 2⁶⁴, so the dust of a pool is less than a unit, unless shares that
//! left have put theirs to it. The index may pass 2¹²⁸ units and begin again: differences stay right, because
//! nobody can be owed 2¹²⁸ units.

use thiserror::Error;

const PART_BITS: u32 = 64;

/// Why a pool cannot be changed so.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharesError {
    /// More weight than an index can serve.
    #[error("a weight of {weight} does not fit: the pool has {pool} of at most 2^64 - 1")]
    Full {
        /// What was to be added.
        weight: u64,
        /// What is there.
        pool: u64,
    },
    /// More weight leaves than there is.
    #[error("a weight of {weight} cannot leave a pool of {pool}")]
    Missing {
        /// What was to leave.
        weight: u64,
        /// What is there.
        pool: u64,
    },
    /// More than 2¹²⁸ − 1 units.
    #[error("an amount is above 2^128 - 1 units")]
    Overflow,
}

/// The weight of a contribution: α·max(ΔM, 0), both in millionths; at most 10¹² for α and ΔM up to 1.
#[must_use]
pub fn weight(quality: u32, improvement: i32) -> u64 {
    u64::from(quality).saturating_mul(u32::try_from(improvement).unwrap_or_default().into())
}

/// What a weight of 1 has got since the beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Index {
    /// Whole units.
    pub units: u128,
    /// Parts of 2⁻⁶⁴ units.
    pub parts: u64,
}

impl Index {
    fn plus(self, units: u128, parts: u64) -> Self {
        let (parts, carry) = self.parts.overflowing_add(parts);
        Self { units: self.units.wrapping_add(units).wrapping_add(carry.into()), parts }
    }

    fn since(self, before: Self) -> Self {
        let (parts, borrow) = self.parts.overflowing_sub(before.parts);
        Self { units: self.units.wrapping_sub(before.units).wrapping_sub(borrow.into()), parts }
    }
}

/// All shares of one thing together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pool {
    /// W: the weight of all shares.
    pub weight: u64,
    /// I.
    pub index: Index,
    /// What was too little to be shared out, in parts.
    pub dust: u128,
}

/// One share; its weight never changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// I₀: up to where it was paid.
    pub paid: Index,
    /// What was too little to be paid, in parts.
    pub dust: u64,
}

impl Pool {
    /// Shares out `amount`. With no weight there is nobody to have it: `false`, and nothing changes.
    ///
    /// # Errors
    /// When `amount` and the dust are above 2¹²⁸ − 1 units.
    pub fn share_out(&mut self, amount: u128) -> Result<bool, SharesError> {
        let weight = u128::from(self.weight);
        if weight == 0 {
            return Ok(false);
        }
        let amount = amount.checked_add(self.dust >> PART_BITS).ok_or(SharesError::Overflow)?;
        let (units, rest) = divide(amount, weight);
        // `rest` is below W, so the quotient is below 2⁶⁴ and nothing is shifted out.
        let (parts, dust) = divide(rest << PART_BITS | low(self.dust), weight);
        let parts = u64::try_from(parts).map_err(|_| SharesError::Overflow)?;
        self.index = self.index.plus(units, parts);
        self.dust = dust;
        Ok(true)
    }

    /// Adds a share, which has no part in what was shared out before.
    ///
    /// # Errors
    /// When all weights together would be above 2⁶⁴ − 1.
    pub fn enter(&mut self, weight: u64) -> Result<Share, SharesError> {
        let pool = self.weight;
        self.weight = pool.checked_add(weight).ok_or(SharesError::Full { weight, pool })?;
        Ok(Share { paid: self.index, dust: 0 })
    }

    /// Pays a share: what it is owed, and the share after that. Who is short of a whole unit by no more than its
    /// index was rounded gets that from the dust, which is what all indexes together were rounded: three equal
    /// holders of 300 get 100 each.
    ///
    /// # Errors
    /// When that is above 2¹²⁸ − 1 units, which is more than was shared out.
    pub fn pay(&mut self, weight: u64, share: Share) -> Result<(u128, Share), SharesError> {
        let since = self.index.since(share.paid);
        let weight = u128::from(weight);
        // (2⁶⁴ − 1)² + 2⁶⁴ − 1 is below 2¹²⁸.
        let parts = weight.saturating_mul(since.parts.into()).saturating_add(share.dust.into());
        let units = weight.checked_mul(since.units).ok_or(SharesError::Overflow)?;
        let owed = units.checked_add(parts >> PART_BITS).ok_or(SharesError::Overflow)?;
        let dust = u64::try_from(low(parts)).map_err(|_| SharesError::Overflow)?;
        let short = (1u128 << PART_BITS).saturating_sub(dust.into());
        if short > weight || short > self.dust {
            return Ok((owed, Share { paid: self.index, dust }));
        }
        let owed = owed.checked_add(1).ok_or(SharesError::Overflow)?;
        self.dust = self.dust.saturating_sub(short);
        Ok((owed, Share { paid: self.index, dust: 0 }))
    }

    /// Ends a share, and pays it. Its dust goes to the pool.
    ///
    /// # Errors
    /// When it is not a share of this pool.
    pub fn leave(&mut self, weight: u64, share: Share) -> Result<u128, SharesError> {
        let (owed, left) = self.pay(weight, share)?;
        let pool = self.weight;
        let rest = pool.checked_sub(weight).ok_or(SharesError::Missing { weight, pool })?;
        self.dust = self.dust.checked_add(left.dust.into()).ok_or(SharesError::Overflow)?;
        self.weight = rest;
        Ok(owed)
    }
}

fn low(parts: u128) -> u128 {
    parts & u128::from(u64::MAX)
}

/// Quotient and rest; by 0, nothing and all.
fn divide(number: u128, by: u128) -> (u128, u128) {
    let quotient = number.checked_div(by).unwrap_or_default();
    (quotient, number.checked_rem(by).unwrap_or(number))
}
