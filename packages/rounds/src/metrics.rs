//! NPS, P_model and the four metrics of equation 4. Pure, in integers: millionths unless said otherwise.

use cosmwasm_std::{Decimal, Uint128};
use modelbond_interface::market::Metrics;
use modelbond_interface::training::Scoring;

/// One, in millionths.
pub const ONE: u64 = 1_000_000;
const BPS: u64 = 10_000;

/// %promoters − %detractors in 1/10,000: −10,000 to 10,000; 0 where nobody said anything. Rounded
/// towards zero.
#[must_use]
pub fn nps(promoters: Uint128, passives: Uint128, detractors: Uint128) -> i32 {
    let all = promoters.saturating_add(passives).saturating_add(detractors);
    let (more, less, sign) = if promoters >= detractors {
        (promoters, detractors, 1)
    } else {
        (detractors, promoters, -1)
    };
    let part = more.saturating_sub(less).checked_multiply_ratio(BPS, all).unwrap_or_default();
    i32::try_from(part.u128()).unwrap_or_default().saturating_mul(sign)
}

/// `part` ÷ `all`, at most one; 0 where there is nothing. Rounded down.
#[must_use]
pub fn ratio(part: u64, all: u64) -> u64 {
    let scaled = u128::from(part.min(all)).saturating_mul(ONE.into());
    scaled.checked_div(all.into()).and_then(|ratio| u64::try_from(ratio).ok()).unwrap_or_default()
}

/// How much of the loss is gone: (before − after) ÷ before, 0 if it grew.
#[must_use]
pub fn improvement(before: u64, after: u64) -> u64 {
    ratio(before.saturating_sub(after), before)
}

/// ΔM: the same with its sign, −1,000,000 to 1,000,000: negative where the loss grew; 0 where there was
/// none before. Rounded towards zero.
#[must_use]
pub fn signed_improvement(before: u64, after: u64) -> i32 {
    let (part, sign) = if after <= before {
        (before.saturating_sub(after), 1)
    } else {
        (after.saturating_sub(before), -1)
    };
    i32::try_from(ratio(part, before)).unwrap_or_default().saturating_mul(sign)
}

/// P_model: accuracy, improvement and (NPS + 100)/200 by their weights. At most one.
#[must_use]
pub fn performance(scoring: &Scoring, accuracy: u64, improvement: u64, nps: i32) -> u64 {
    let promoted = u64::try_from(nps.saturating_add(10_000)).unwrap_or_default();
    let promoted = ratio(promoted, 20_000);
    let weighted = [
        (scoring.accuracy_bps, accuracy),
        (scoring.improvement_bps, improvement),
        (scoring.nps_bps, promoted),
    ];
    let sum = weighted.iter().fold(0_u64, |sum, (weight, value)| {
        sum.saturating_add(u64::from(*weight).saturating_mul(*value.min(&ONE)))
    });
    sum.checked_div(BPS).unwrap_or_default()
}

/// The four metrics from millionths.
#[must_use]
pub fn metrics([accuracy, adoption, improvement, growth]: [u64; 4]) -> Metrics {
    let decimal =
        |millionths: u64| Decimal::from_atomics(millionths.min(ONE), 6).unwrap_or_default();
    Metrics {
        accuracy: decimal(accuracy),
        adoption: decimal(adoption),
        improvement: decimal(improvement),
        growth: decimal(growth),
    }
}
