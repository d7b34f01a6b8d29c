//! What an audit finds, and how it notes it.

use std::fmt;

use cosmwasm_std::Uint128;

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// In the log.
    Log {
        /// Number of the entry, from 1: the line of a file.
        entry: u64,
        /// Height of the block.
        height: u64,
        /// The transaction's place in it.
        tx: u32,
        /// The contract.
        contract: String,
    },
    /// In what a contract answered after the last entry.
    State {
        /// The contract.
        contract: String,
    },
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log { entry, height, tx, contract } => {
                write!(f, "entry {entry} (block {height}, transaction {tx}, {contract})")
            }
            Self::State { contract } => write!(f, "state of {contract}"),
        }
    }
}

/// A difference between what is and what should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What differs.
    pub what: String,
    /// Where.
    pub at: At,
    /// What it should be, by the events before.
    pub expected: String,
    /// What it is.
    pub actual: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, at, expected, actual } = self;
        write!(f, "{at}: {what} is {actual}, expected {expected}")
    }
}

/// Notes findings at one place.
pub(crate) struct Notes<'a> {
    pub(crate) at: &'a At,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl Notes<'_> {
    /// Notes that `what` is not as it should be.
    pub(crate) fn note(
        &mut self,
        what: impl Into<String>,
        expected: impl ToString,
        actual: impl ToString,
    ) {
        self.findings.push(Finding {
            what: what.into(),
            at: self.at.clone(),
            expected: expected.to_string(),
            actual: actual.to_string(),
        });
    }

    /// Notes `what` unless it is what it should be.
    pub(crate) fn equal<T: PartialEq + ToString>(
        &mut self,
        what: impl Into<String>,
        expected: T,
        actual: T,
    ) {
        if expected != actual {
            self.note(what, expected, actual);
        }
    }

    /// Notes `what` when there is no number: it did not fit, and the rule is void.
    pub(crate) fn computed(
        &mut self,
        what: impl Into<String>,
        expected: Option<u128>,
        actual: Uint128,
    ) {
        match expected {
            Some(expected) => self.equal(what, expected, actual.u128()),
            None => self.note(what, "a number below 2^128", actual),
        }
    }

    /// The sum of `parts`.
    pub(crate) fn sum(&mut self, what: &str, parts: &[Uint128]) -> u128 {
        let mut sum = 0u128;
        for part in parts {
            self.add(what, &mut sum, *part);
        }
        sum
    }

    /// Adds `amount`; what does not fit is a finding.
    pub(crate) fn add(&mut self, what: &str, to: &mut u128, amount: Uint128) {
        match to.checked_add(amount.u128()) {
            Some(sum) => *to = sum,
            None => {
                self.note(what, "below 2^128", format!("{to} + {amount}"));
                *to = u128::MAX;
            }
        }
    }

    /// Takes `amount`; what is not there is a finding.
    pub(crate) fn take(&mut self, what: &str, from: &mut u128, amount: Uint128) {
        match from.checked_sub(amount.u128()) {
            Some(rest) => *from = rest,
            None => {
                self.note(what, format!("at least {amount}"), *from);
                *from = 0;
            }
        }
    }
}
