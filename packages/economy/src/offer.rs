//! Offered contributions: what witnesses are drawn from, what they commit to, when they agree, what they
//! are paid.
//!
//! D(tag, fields) is the sign bytes' hash of `modelbond-signature`; numbers are big-endian in the width of
//! their type. Everything begins with chain id, contract and offer, so that nothing of an offer means
//! anything in another one.
//!
//! | seed or digest | from |
//! |---|---|
//! | whom witnesses are drawn by | D("witnesses", chain, contract, offer, b, C) |
//! | what a witness commits to | D("score", chain, contract, offer, slot, node, owner, quality, improvement, salt) |
//! | what they agreed on | D("agreed", chain, contract, offer, quality, improvement) |
//!
//! b is the randomness of the beacon round of a time that was fixed with the offer; C the check seed of a
//! round of training that was opened after it, in which a leader's VRF output and the salts of all reveals
//! are. Whoever emits the beacon knows b before and not C; whoever takes part in the round does not know b
//! when the time is fixed, and C is no single one's.
//!
//! Of n witnesses who were drawn, those who are silent count as if they had found something else:
//!
//! | the same score of | the offer is | paid |
//! |---|---|---|
//! | more than ⅔·n | accepted | ⌊fee ÷ n⌋ to each of them |
//! | more than ½·n | rejected | the same |
//! | fewer | rejected | nobody |
//!
//! What is not paid goes back. fee = paid + refund, to the unit: ⌊fee ÷ n⌋·k ≤ fee for k ≤ n.

use modelbond_signature::SignBytes;

/// The offer that a hash is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// Chain id.
    pub chain_id: &'a str,
    /// Address of provenance.
    pub contract: &'a str,
    /// The offer.
    pub offer_id: u64,
}

/// What a witness found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// α, in millionths.
    pub quality: u32,
    /// ΔM, in millionths.
    pub improvement: i32,
}

/// What a commit commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed<'a> {
    /// The seat.
    pub slot: u8,
    /// The node in it.
    pub node_id: u64,
    /// The node's owner.
    pub owner: &'a str,
    /// What was found.
    pub finding: Finding,
    /// 32 random bytes, never used twice.
    pub salt: [u8; 32],
}

impl Context<'_> {
    fn start(&self, tag: &'static str) -> SignBytes {
        SignBytes::new(tag)
            .field(self.chain_id)
            .field(self.contract)
            .field(self.offer_id.to_be_bytes())
    }

    /// The seed that witnesses are drawn by.
    #[must_use]
    pub fn seed(&self, randomness: [u8; 32], check: [u8; 32]) -> [u8; 32] {
        self.start("witnesses").field(randomness).field(check).finish()
    }

    /// What a witness commits to.
    #[must_use]
    pub fn commit(&self, committed: &Committed) -> [u8; 32] {
        let Committed { slot, node_id, owner, finding, salt } = committed;
        let start = self.start("score").field([*slot]).field(node_id.to_be_bytes()).field(owner);
        found(start, *finding).field(salt).finish()
    }

    /// What they agreed on: what an accepted offer attests.
    #[must_use]
    pub fn agreed(&self, finding: Finding) -> [u8; 32] {
        found(self.start("agreed"), finding).finish()
    }
}

fn found(start: SignBytes, Finding { quality, improvement }: Finding) -> SignBytes {
    start.field(quality.to_be_bytes()).field(improvement.to_be_bytes())
}

/// How far witnesses agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// More than two thirds: the offer is accepted.
    Accepted(Finding),
    /// More than a half: it is rejected, and they are paid.
    Majority(Finding),
    /// It is rejected.
    None,
}

impl Agreement {
    /// What those found who are paid.
    #[must_use]
    pub fn finding(self) -> Option<Finding> {
        match self {
            Self::Accepted(finding) | Self::Majority(finding) => Some(finding),
            Self::None => None,
        }
    }
}

/// How far `drawn` witnesses agree, of whom some have revealed.
#[must_use]
pub fn agreement(drawn: u8, revealed: &[Finding]) -> Agreement {
    let drawn = u64::from(drawn);
    for finding in revealed {
        let same = revealed.iter().filter(|other| *other == finding).count();
        let same = u64::try_from(same).unwrap_or(u64::MAX);
        if same.saturating_mul(3) > drawn.saturating_mul(2) {
            return Agreement::Accepted(*finding);
        }
        if same.saturating_mul(2) > drawn {
            return Agreement::Majority(*finding);
        }
    }
    Agreement::None
}

/// Where a fee goes: `fee = each · paid witnesses + refund`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payout {
    /// To each witness who is paid.
    pub each: u128,
    /// To all of them.
    pub paid: u128,
    /// Back to the sender.
    pub refund: u128,
}

/// Where a fee goes when `winners` of the `drawn` witnesses are paid. With nobody drawn, or more winners
/// than that, all of it goes back.
#[must_use]
pub fn payout(fee: u128, drawn: u8, winners: u8) -> Payout {
    let paid = |each: u128| Some((each, each.checked_mul(winners.into())?));
    let split = fee.checked_div(drawn.into()).and_then(paid);
    let split = split.and_then(|(each, paid)| Some((each, paid, fee.checked_sub(paid)?)));
    let (each, paid, refund) = split.unwrap_or((0, 0, fee));
    Payout { each, paid, refund }
}

/// The time whose beacon round counts for an offer, in nanoseconds since 1970: as for a round of training,
/// the next multiple of `grid_secs` since `start`, and `margin_secs` more. Always ahead of `now`, and the
/// same for all offers between two multiples. `None` past the end of time, or without a grid.
#[must_use]
pub fn draws_at(start: u64, grid_secs: u64, margin_secs: u64, now: u64) -> Option<u64> {
    const NANOS: u64 = 1_000_000_000;
    let grid = grid_secs.checked_mul(NANOS)?;
    let since = now.saturating_sub(start);
    let next = since.checked_div(grid)?.checked_add(1)?.checked_mul(grid)?;
    start.checked_add(next)?.checked_add(margin_secs.checked_mul(NANOS)?)
}

#[cfg(test)]
mod tests;
