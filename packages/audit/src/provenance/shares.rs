//! What each NFT has earned, from weights and what was shared out, in 2⁻¹²⁸ of a unit: so much finer
//! than what a contract keeps that the two differ by less than a unit, whatever the number of payments.

use cosmwasm_std::{Uint256, Uint512};

const PART_BITS: u32 = 128;

/// All NFTs of a model together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pool {
    /// Σ weights.
    pub weight: u128,
    /// What a weight of 1 got since the beginning, in parts.
    index: Uint512,
    /// What was too little to be shared out, in parts.
    rest: Uint512,
}

/// One NFT's share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// Its weight.
    pub weight: u128,
    /// The index when it came.
    since: Uint512,
}

impl Pool {
    /// Shares out an amount; nothing happens where there is no weight.
    pub(super) fn share_out(&mut self, amount: u128) {
        let (amount, weight) = (parts(amount), Uint512::from(self.weight));
        let whole = amount.checked_add(self.rest).unwrap_or(Uint512::MAX);
        let (Ok(each), Ok(rest)) = (whole.checked_div(weight), whole.checked_rem(weight)) else {
            return;
        };
        self.index = self.index.checked_add(each).unwrap_or(Uint512::MAX);
        self.rest = rest;
    }

    /// A share that begins now; none where the weights do not fit.
    pub(super) fn enter(&mut self, weight: u128) -> Option<Share> {
        self.weight = self.weight.checked_add(weight)?;
        Some(Share { weight, since: self.index })
    }

    /// Ends a share that was paid so much: what is less than a unit goes to the others.
    pub(super) fn leave(&mut self, share: &Share, paid: u128) {
        let left = self.earned_parts(share).saturating_sub(parts(paid));
        self.rest = self.rest.checked_add(left).unwrap_or(Uint512::MAX);
        self.weight = self.weight.saturating_sub(share.weight);
    }

    /// What a share has earned since it came, in units, rounded down.
    pub(super) fn earned(&self, share: &Share) -> u128 {
        let units = self.earned_parts(share).checked_shr(PART_BITS).unwrap_or_default();
        let units = Uint256::try_from(units).unwrap_or(Uint256::MAX);
        cosmwasm_std::Uint128::try_from(units).map_or(u128::MAX, |units| units.u128())
    }

    fn earned_parts(&self, share: &Share) -> Uint512 {
        let since = self.index.saturating_sub(share.since);
        since.checked_mul(Uint512::from(share.weight)).unwrap_or(Uint512::MAX)
    }
}

fn parts(amount: u128) -> Uint512 {
    // 128 of 512 bits, moved by 128: none is lost.
    Uint512::from(amount).checked_shl(PART_BITS).unwrap_or(Uint512::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_out_is_earned_by_weight_and_nothing_is_lost() {
        let mut pool = Pool::default();
        pool.share_out(5);
        let one = pool.enter(1).unwrap();
        let two = pool.enter(2).unwrap();
        for _ in 0..4 {
            pool.share_out(1);
        }
        assert_eq!((pool.earned(&one), pool.earned(&two)), (1, 2));
        pool.leave(&one, 1);
        // A third of a unit was left behind, and goes to who stays.
        pool.share_out(1);
        assert_eq!(pool.earned(&two), 4);
        pool.share_out(1);
        assert_eq!(pool.earned(&two), 5);
    }

    #[test]
    fn the_largest_amounts_do_not_panic() {
        let mut pool = Pool::default();
        let share = pool.enter(u128::MAX).unwrap();
        assert!(pool.enter(1).is_none());
        for _ in 0..4 {
            pool.share_out(u128::MAX);
        }
        assert_eq!(pool.earned(&share), u128::MAX);
        pool.leave(&share, 0);
        assert_eq!(pool.weight, 0);
    }
}
