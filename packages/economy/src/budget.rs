//! Block rewards of an epoch: R_block = α·V_market·P_model (paper, 4.1), where α is what operators share.
//!
//! ```text
//! budget = min(⌊rate·V·P⌋ + ⌊P·carry/n⌋, ledger)
//! ```
//!
//! Each product is made before it is divided once, down. What is rounded away stays in the ledger: it is in
//! the next epoch's carry, so a rate times a volume that is less than a unit is not lost, only late. A rate is
//! at most what operators get of a trade fee, so that the first part is never more than the epoch's own fees
//! brought in; the second part spreads what earlier epochs left. Largest inputs: all of u128.

/// One, in millionths.
const MILLION: u64 = 1_000_000;
/// One, as a rate.
const ONE: u128 = 1_000_000_000_000_000_000;
/// 10²⁴: one rate times one performance.
const ALL: u128 = 1_000_000_000_000_000_000_000_000;

/// What an epoch's budget is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Epoch {
    /// Block rewards per volume, in 10⁻¹⁸; more than one counts as one.
    pub rate: u128,
    /// V: what was traded and charged a fee.
    pub volume: u128,
    /// P_model, in millionths; more than one counts as one.
    pub performance: u64,
    /// What earlier epochs left.
    pub carry: u128,
    /// n: over how many epochs that is spent; not 0.
    pub carry_epochs: u32,
    /// What there is.
    pub ledger: u128,
}

impl Epoch {
    /// What may be spent.
    #[must_use]
    pub fn budget(&self) -> u128 {
        let performance = u128::from(self.performance.min(MILLION));
        let rate = self.rate.min(ONE).saturating_mul(performance);
        let earned = mul_div(self.volume, rate, ALL);
        let epochs = u128::from(self.carry_epochs).saturating_mul(MILLION.into());
        let carried = mul_div(self.carry, performance, epochs);
        earned.saturating_add(carried).min(self.ledger)
    }
}

/// What earlier epochs left of a ledger into which `fees` of the epochs that are not settled yet were paid,
/// of which it gets `bps`/10⁴.
#[must_use]
pub fn carry(ledger: u128, fees: u128, bps: u32) -> u128 {
    ledger.saturating_sub(mul_div(fees, bps.into(), 10_000))
}

/// ⌊a·b/c⌋, at most u128::MAX; 0 where c is 0. c < 2¹²⁶. By long multiplication: q·c + r is what the bits of
/// `a` so far times `b` are, with r < c.
fn mul_div(a: u128, b: u128, c: u128) -> u128 {
    let (Some(whole), Some(rest)) = (b.checked_div(c), b.checked_rem(c)) else {
        return 0;
    };
    let (mut q, mut r) = (0_u128, 0_u128);
    for bit in (0..u128::BITS).rev() {
        q = q.saturating_mul(2);
        r = r.saturating_mul(2);
        if a.checked_shr(bit).unwrap_or_default() & 1 == 1 {
            q = q.saturating_add(whole);
            r = r.saturating_add(rest);
        }
        while r >= c {
            r = r.saturating_sub(c);
            q = q.saturating_add(1);
        }
    }
    q
}
