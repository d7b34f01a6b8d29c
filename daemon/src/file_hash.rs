//! SHA-256 of files of any size.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use modelbond_interface::hash::Hash32;
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::output::Output;

/// Bytes read at a time.
const PART: usize = 1 << 20;

/// Of a file, with progress.
pub fn of(path: &Path, output: &Output) -> Result<Hash32> {
    let unreadable = || Failure::usage(format!("cannot read {}", path.display()));
    let mut file = File::open(path).with_context(unreadable)?;
    let _progress = output.progress(format!("reading {}", path.display()));
    let (mut hash, mut part) = (Sha256::new(), vec![0; PART]);
    loop {
        let count = file.read(&mut part).with_context(unreadable)?;
        if count == 0 {
            return Ok(Hash32(hash.finalize().into()));
        }
        hash.update(part.get(..count).unwrap_or_default());
    }
}
