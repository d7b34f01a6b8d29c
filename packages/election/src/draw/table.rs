//! A roster in memory: weights, one after the other. Contracts have theirs in pages.

use std::convert::Infallible;

use thiserror::Error;

use super::pool::Span;
use super::Roster;

/// Why weights are no roster.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableError {
    /// Their sum has more than 64 bits.
    #[error("the weights up to member {member} sum to 2^64 or more")]
    TooHeavy {
        /// Where the sum is too large.
        member: usize,
    },
}

/// Weights, as the units that lie before and with each member. Members are their positions; one
/// without weight is never drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The first unit after each member, ascending.
    ends: Vec<u64>,
}

impl Table {
    /// From the weights in order.
    ///
    /// # Errors
    /// [`TableError::TooHeavy`].
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Result<Self, TableError> {
        let mut ends: Vec<u64> = Vec::new();
        for weight in weights {
            let before = ends.last().copied().unwrap_or(0);
            let too_heavy = TableError::TooHeavy { member: ends.len() };
            ends.push(before.checked_add(weight).ok_or(too_heavy)?);
        }
        Ok(Self { ends })
    }

    /// The units of a member, if there is one.
    #[must_use]
    pub fn span(&self, member: usize) -> Option<Span> {
        let end = self.ends.get(member)?;
        let first = member.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        Some(Span { first: *first, units: end.checked_sub(*first)? })
    }
}

impl Roster for Table {
    type Member = usize;
    type Error = Infallible;

    fn total_units(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    fn member_at(&self, unit: u64) -> Result<(usize, Span), Infallible> {
        let member = self.ends.partition_point(|end| *end <= unit);
        // Beyond the last member: an empty span, which contains no unit.
        Ok((member, self.span(member).unwrap_or(Span { first: unit, units: 0 })))
    }
}
