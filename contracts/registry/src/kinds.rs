//! Why one model points at another: a set of kinds in one byte. Pure.

use cosmwasm_schema::cw_serde;
use modelbond_interface::registry::ConnectionKind;

/// A set of kinds. Bit n is the n-th kind.
#[cw_serde]
#[serde(transparent)]
#[derive(Copy, Eq, Default)]
pub struct Kinds(pub u8);

impl Kinds {
    /// The bit of a kind.
    fn bit(kind: ConnectionKind) -> u8 {
        match kind {
            ConnectionKind::Derived => 1,
            ConnectionKind::UsesData => 2,
            ConnectionKind::Cites => 4,
            ConnectionKind::Deploys => 8,
        }
    }

    /// Whether it is in the set.
    #[must_use]
    pub fn has(self, kind: ConnectionKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// The set with it.
    #[must_use]
    pub fn with(self, kind: ConnectionKind) -> Self {
        Self(self.0 | Self::bit(kind))
    }

    /// The set without it.
    #[must_use]
    pub fn without(self, kind: ConnectionKind) -> Self {
        Self(self.0 & !Self::bit(kind))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in it, in order.
    #[must_use]
    pub fn list(self) -> Vec<ConnectionKind> {
        ConnectionKind::ALL.into_iter().filter(|kind| self.has(*kind)).collect()
    }
}
