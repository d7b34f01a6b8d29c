//! Where in a document something is wrong, written out only when it is.

use std::fmt;

use crate::error::SignatureError;

/// A place in a document.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root(&'a str),
    Member(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(super) fn element(&'a self, index: usize) -> Self {
        Self::Element(self, index)
    }

    /// What is wrong there.
    pub(super) fn fault(self, what: impl Into<String>) -> SignatureError {
        SignatureError::TypedData { path: self.to_string(), what: what.into() }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Member(of, name) => write!(f, "{of}.{name}"),
            Self::Element(of, index) => write!(f, "{of}[{index}]"),
        }
    }
}
