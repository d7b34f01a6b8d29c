//! How a command fails: what went wrong, what to do next, and with which exit code.
//!
//! Every error travels as `anyhow::Error`. Where the next step is known, the error (or a context
//! around it) is a [`Failure`], which carries that step as a hint and says whether the command
//! line was wrong (exit 2) or the work failed (exit 1).

use std::fmt;

/// Exit code of a command that failed.
pub const EXIT_FAILED: u8 = 1;
/// Exit code of a command line that cannot be understood.
pub const EXIT_USAGE: u8 = 2;

/// A failure that says what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    what: String,
    hint: Option<String>,
    usage: bool,
}

impl Failure {
    /// The work failed.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, usage: false }
    }

    /// The command line is wrong.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, usage: true }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// The outermost hint of an error, if any level of it has one.
pub fn hint(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref::<Failure>().and_then(|failure| failure.hint.as_deref())
}

/// The exit code of an error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<Failure>() {
        Some(failure) if failure.usage => EXIT_USAGE,
        _ => EXIT_FAILED,
    }
}

/// The error and its causes on one line, a cause that only repeats its context left out.
pub fn text(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_failure_is_found_under_and_over_other_context() {
        let inner = anyhow::Error::from(Failure::usage("bad flag").hint("drop it"));
        let outer = inner.context("reading the command line");
        assert_eq!(hint(&outer), Some("drop it"));
        assert_eq!(exit_code(&outer), EXIT_USAGE);
        assert_eq!(text(&outer), "reading the command line: bad flag");

        let io = std::io::Error::other("disk full");
        let wrapped = Err::<(), _>(io)
            .context(Failure::new("cannot write x").hint("free some space"))
            .unwrap_err();
        assert_eq!(hint(&wrapped), Some("free some space"));
        assert_eq!(exit_code(&wrapped), EXIT_FAILED);
        assert_eq!(text(&wrapped), "cannot write x: disk full");
    }
}
