//! Event logs in files, one entry a line, however long the file is.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result};
use modelbond_audit::log::{LineError, LogError, MAX_LINE};
use modelbond_audit::{Auditor, Entry};

use crate::failure::Failure;

/// Books a file's entries; how many there are.
///
/// # Errors
/// With the number of the first line that is none.
pub(super) fn take(path: &Path, auditor: &mut Auditor) -> Result<u64> {
    let not_read = || format!("cannot read {}", path.display());
    let mut file = BufReader::new(File::open(path).with_context(not_read)?);
    let (mut entries, mut number) = (0_u64, 0_u64);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line without an end is read no further than it may be long.
        let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX).saturating_add(2);
        let read = file.by_ref().take(limit).read_until(b'\n', &mut line).with_context(not_read)?;
        if read == 0 {
            return Ok(entries);
        }
        number += 1;
        let wrong = |cause| {
            Failure::new(format!("{}: {}", path.display(), LogError { line: number, cause })).hint(
                "an event log has one JSON object a line, as modelbond audit --export writes it",
            )
        };
        let text = std::str::from_utf8(&line)
            .map_err(|error| wrong(LineError::Json(error.to_string())))?
            .trim_end_matches(['\n', '\r']);
        if text.trim().is_empty() {
            continue;
        }
        auditor.take(&Entry::of_line(text).map_err(wrong)?);
        entries += 1;
    }
}
