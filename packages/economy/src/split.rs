//! What of a payment goes where. Guarantees: the parts add up to the payment; everybody but the reserve is
//! rounded down, so the reserve gets its part rounded up, and every remainder.

use thiserror::Error;

/// The whole, in 1/10,000.
pub const WHOLE_BPS: u16 = 10_000;

/// The parts are more than the whole.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
#[error("parts of {total_bps} in 10,000 are more than the whole")]
pub struct TooMuch {
    /// All together.
    pub total_bps: u32,
}

/// Who gets which part, in 1/10,000. What is left is the owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Of the reserve.
    pub reserve_bps: u16,
    /// Of all holders together.
    pub holders_bps: u16,
    /// Of each parent.
    pub royalties_bps: Vec<u16>,
}

/// A payment in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// To the reserve.
    pub reserve: u128,
    /// To holders.
    pub holders: u128,
    /// To each parent, in the order of [`Parts::royalties_bps`].
    pub royalties: Vec<u128>,
    /// To the owner.
    pub owner: u128,
}

impl Split {
    /// To all parents together.
    #[must_use]
    pub fn royalty(&self) -> u128 {
        self.royalties.iter().fold(0, |sum, royalty| sum.saturating_add(*royalty))
    }
}

impl Parts {
    /// Splits `amount`.
    ///
    /// # Errors
    /// When the parts are more than the whole.
    pub fn split(&self, amount: u128) -> Result<Split, TooMuch> {
        let royalties_bps = self.royalties_bps.iter().map(|bps| u32::from(*bps));
        let others = u32::from(self.reserve_bps).saturating_add(self.holders_bps.into());
        let total_bps = royalties_bps.fold(others, u32::saturating_add);
        let owner_bps = u32::from(WHOLE_BPS).checked_sub(total_bps).ok_or(TooMuch { total_bps })?;

        let holders = part(amount, self.holders_bps.into());
        let royalties: Vec<u128> =
            self.royalties_bps.iter().map(|bps| part(amount, (*bps).into())).collect();
        let owner = part(amount, owner_bps);
        // Rounded down, they are together no more than their parts of the whole.
        let given = royalties
            .iter()
            .fold(holders.saturating_add(owner), |sum, royalty| sum.saturating_add(*royalty));
        Ok(Split { reserve: amount.saturating_sub(given), holders, royalties, owner })
    }
}

/// ⌊amount·bps/10,000⌋ for bps up to the whole, of any amount.
fn part(amount: u128, bps: u32) -> u128 {
    let whole = u128::from(WHOLE_BPS);
    let (quotient, rest) = (amount.checked_div(whole), amount.checked_rem(whole));
    let bps = u128::from(bps);
    let of_rest = rest.unwrap_or_default().saturating_mul(bps).checked_div(whole);
    quotient.unwrap_or_default().saturating_mul(bps).saturating_add(of_rest.unwrap_or_default())
}
