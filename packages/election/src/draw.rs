//! Weighted draws without replacement, in integers, from a public seed.
//!
//! A [`Roster`] lays its members side by side on a line of units, each as long as its weight. A draw
//! picks a uniform unit among those still in the [`Pool`]; the member that it lies in is drawn and
//! leaves the pool. So with weights w the sequence m₁, m₂, … has the probability
//! Πᵢ w(mᵢ) / (W − w(m₁) − … − w(mᵢ₋₁)): successive sampling. A member that may not serve (its owner
//! already has a seat, say) leaves the pool too and another unit is picked, which changes nothing in
//! the proportions of the rest: whoever is drawn is drawn by weight among those who may serve.
//!
//! Guarantees: exact (no bias of a modulo, no float), deterministic, one roster look-up for each pick
//! and at most [`MAX_PICKS`] picks for each draw. Nothing shifts under a draw: units keep their
//! numbers, what left is skipped.
//!
//! | | |
//! |---|---|
//! | different draws of a round | different seeds, or one [`Stream`] used in order |
//! | no node twice | one [`Pool`] |
//! | distinct owners in a group | a copy of the pool for each group, and `may_serve` |
//! | at most n seats for a node | [`Pool::remove`] from the pool that is copied, at the n-th |

mod pool;
mod stream;
mod table;

use thiserror::Error;

pub use pool::{Pool, Span};
pub use stream::{Stream, MAX_REJECTIONS};
pub use table::{Table, TableError};

/// How many units one draw picks at most. When a share q of the pool may not serve and is spread over
/// very many members, a draw gives up with probability about q⁶⁴: 5·10⁻²⁰ for a half, 1/850 for nine
/// tenths.
pub const MAX_PICKS: u32 = 64;

/// Members with weights, side by side on the units 0 to `total_units` − 1.
pub trait Roster {
    /// What is drawn.
    type Member;
    /// Why a look-up can fail; [`std::convert::Infallible`] in memory.
    type Error;

    /// Units of all members.
    fn total_units(&self) -> u64;

    /// Whose unit this is, and all units of that member. Asked below `total_units` only.
    ///
    /// # Errors
    /// Storage that cannot be read.
    fn member_at(&self, unit: u64) -> Result<(Self::Member, Span), Self::Error>;
}

/// Somebody drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn<M> {
    /// Who.
    pub member: M,
    /// Their units.
    pub span: Span,
}

/// Why nobody was drawn.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawError<E> {
    /// Everybody left the pool, nobody of them may serve.
    #[error("nobody is left who may be drawn")]
    NobodyLeft,
    /// Too many of those picked may not serve.
    #[error("{picks} members were picked and none of them may serve")]
    TooManyPicks {
        /// How many.
        picks: u32,
    },
    /// The stream gave no acceptable number; this happens to one seed in 2¹²⁸ at most.
    #[error("the seed gives no number below {bound} in {tries} tries")]
    NoNumber {
        /// Below which.
        bound: u128,
        /// How often.
        tries: u32,
    },
    /// The roster contradicts itself or the pool.
    #[error("the roster is inconsistent at unit {unit}")]
    Inconsistent {
        /// Where.
        unit: u64,
    },
    /// The roster could not be read.
    #[error("the roster cannot be read: {0}")]
    Roster(E),
}

/// Draws one member by weight among those in the pool who may serve. They leave the pool, and so does
/// everybody who was picked before them and may not serve.
///
/// # Errors
/// [`DrawError`]; the pool has then lost those who may not serve.
pub fn draw<R: Roster>(
    stream: &mut Stream,
    roster: &R,
    pool: &mut Pool,
    may_serve: impl Fn(&R::Member) -> bool,
) -> Result<Drawn<R::Member>, DrawError<R::Error>> {
    for _ in 0..MAX_PICKS {
        if pool.units() == 0 {
            return Err(DrawError::NobodyLeft);
        }
        let bound = u128::from(pool.units());
        let offset = stream
            .below(bound)
            .and_then(|offset| u64::try_from(offset).ok())
            .ok_or(DrawError::NoNumber { bound, tries: MAX_REJECTIONS })?;
        let unit = pool.unit_at(offset).ok_or(DrawError::NobodyLeft)?;
        let (member, span) = roster.member_at(unit).map_err(DrawError::Roster)?;
        if !span.contains(unit) || !pool.remove(span) {
            return Err(DrawError::Inconsistent { unit });
        }
        if may_serve(&member) {
            return Ok(Drawn { member, span });
        }
    }
    Err(DrawError::TooManyPicks { picks: MAX_PICKS })
}

/// Draws up to `count` members, nobody twice: fewer when the pool is empty before.
///
/// # Errors
/// Those of [`draw`] except [`DrawError::NobodyLeft`].
pub fn draw_up_to<R: Roster>(
    count: usize,
    stream: &mut Stream,
    roster: &R,
    pool: &mut Pool,
) -> Result<Vec<Drawn<R::Member>>, DrawError<R::Error>> {
    let mut drawn = Vec::new();
    while drawn.len() < count {
        match draw(stream, roster, pool, |_| true) {
            Ok(one) => drawn.push(one),
            Err(DrawError::NobodyLeft) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(drawn)
}
