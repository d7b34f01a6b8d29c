//! Where in a document something is, written out only for a fault: a path made on the way to every
//! value would cost more than hashing it.

use std::fmt;

/// A value of a document: `message.to.wallets[1]`.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// `domain` or `message`.
    Root(&'static str),
    /// A member of a struct.
    Member(&'a Path<'a>, &'a str),
    /// An element of an array.
    Element(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
