//! Files as input: whole, of at most 1 MiB, `-` for standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::failure::Failure;

/// More bytes than anybody signs at once.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// The operating system says why.
    #[error("cannot read {}: {error}", name(path))]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// More than [`MOST_BYTES`].
    #[error("{} has more than {MOST_BYTES} bytes", name(path))]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
}

fn name(path: &Path) -> String {
    if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a file; what fails is an error of the command line.
pub(super) fn read(option: &str, path: &Path) -> Result<Vec<u8>> {
    read_bounded(path).map_err(|error| {
        let failure = Failure::usage(format!("{option}: {error}"));
        let failure = match error {
            FileError::TooLarge { .. } => failure.hint("is it the right file?"),
            FileError::Unreadable { .. } => failure.hint("- reads standard input"),
        };
        anyhow::Error::new(error).context(failure)
    })
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, FileError> {
    let unreadable = |error| FileError::Unreadable { path: path.to_owned(), error };
    if is_stdin(path) {
        return bounded(io::stdin().lock(), path);
    }
    bounded(File::open(path).map_err(unreadable)?, path)
}

fn bounded(from: impl Read, path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let count = from
        .take(MOST_BYTES.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| FileError::Unreadable { path: path.to_owned(), error })?;
    if u64::try_from(count).is_ok_and(|count| count <= MOST_BYTES) {
        return Ok(bytes);
    }
    Err(FileError::TooLarge { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_file_is_read_and_one_byte_more_is_not() {
        let path = Path::new("somewhere");
        assert_eq!(bounded(io::repeat(1).take(MOST_BYTES), path).unwrap().len(), 1 << 20);
        let error = bounded(io::repeat(1), path).unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }));
        assert_eq!(error.to_string(), "somewhere has more than 1048576 bytes");
    }
}
