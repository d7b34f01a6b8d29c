//! What a round pays and what a slashed stake becomes. Pure; what is rounded, is rounded down, and what
//! is left over stays with the run.

use cosmwasm_std::Uint128;
use modelbond_election::lottery;
use modelbond_interface::training::{PAY_BPS, SPOILS_BPS};

const BPS: u16 = 10_000;

/// `amount` · `bps` ÷ 10,000.
#[must_use]
pub fn part(amount: Uint128, bps: u16) -> Uint128 {
    amount.checked_multiply_ratio(bps, BPS).unwrap_or_default()
}

/// The parts of a budget, in the order of [`PAY_BPS`].
#[must_use]
pub fn split(budget: Uint128) -> [Uint128; 5] {
    PAY_BPS.map(|bps| part(budget, bps))
}

/// S_max of one contribution: its quality's part of what all trainers can get.
#[must_use]
pub fn s_max(trainers: Uint128, quality: u64, all: u64) -> Uint128 {
    trainers.checked_multiply_ratio(quality, all).unwrap_or_default()
}

/// S_allocation = Hash(D_training ‖ NPS)·S_max (equation 1).
#[must_use]
pub fn allocation(lot: &[u8; 32], s_max: Uint128) -> Uint128 {
    Uint128::new(lottery::payout(lot, s_max.u128()))
}

/// `amount` for each of `count`; 0 for nobody.
#[must_use]
pub fn each(amount: Uint128, count: u64) -> Uint128 {
    amount.checked_div(count.into()).unwrap_or_default()
}

/// What becomes of slashed stakes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spoils {
    /// For each juror of the majority.
    pub per_juror: Uint128,
    /// For the challenger.
    pub challenger: Uint128,
    /// Will be burned.
    pub burned: Uint128,
    /// Pays trainers of later rounds.
    pub rolled_over: Uint128,
}

/// Shares `wrong`, what wrong answers cost, and `other`, what silence cost: a fifth of the first to the
/// jury, a fifth to the challenger, half of all that is left is burned. Nothing goes to the group.
#[must_use]
pub fn spoils(wrong: Uint128, other: Uint128, jurors: u8, challenged: bool) -> Spoils {
    let fifth = part(wrong, SPOILS_BPS);
    let per_juror = each(fifth, jurors.into());
    let jury = per_juror.saturating_mul(Uint128::from(jurors));
    let challenger = if challenged { fifth } else { Uint128::zero() };
    let left = wrong.saturating_add(other).saturating_sub(jury).saturating_sub(challenger);
    let rolled_over = each(left, 2);
    Spoils { per_juror, challenger, burned: left.saturating_sub(rolled_over), rolled_over }
}
