//! An update as bytes, in the one way there is: no two encodings mean the same update.
//!
//! "MBU" ‖ version 0x01 ‖ number of parameters in 4 bytes ‖ each parameter as f32, all little-endian,
//! nothing after. What is not finite has no encoding.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::model::MAX_PARAMETERS;
use crate::{digest, Hash};

const MAGIC: [u8; 4] = *b"MBU\x01";
const HEADER: usize = 8;

/// Why bytes are no update, or an update has no bytes.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodecError {
    /// Not ours, or of another version.
    #[error("the bytes are no update of version 1: they start with {found:02x?}")]
    Magic {
        /// The first four bytes; zero where there are none.
        found: [u8; 4],
    },
    /// Cut off, or followed by something.
    #[error("an update of {parameters} parameters has {expected} bytes, not {found}")]
    Length {
        /// Parameters announced.
        parameters: u32,
        /// Bytes that they need.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// More than any model has.
    #[error("{parameters} parameters are more than {MAX_PARAMETERS}")]
    TooMany {
        /// How many.
        parameters: u64,
    },
    /// NaN or infinite.
    #[error("parameter {index} is not finite")]
    NotFinite {
        /// Which, from 0.
        index: usize,
    },
}

/// The bytes of an update.
///
/// # Errors
/// [`CodecError::TooMany`], [`CodecError::NotFinite`].
pub fn encode(update: &[f32]) -> Result<Vec<u8>, CodecError> {
    let count = ensure_count(update.len() as u64)?;
    ensure_finite(update)?;
    let mut bytes = Vec::with_capacity(update.len().saturating_mul(4).saturating_add(HEADER));
    bytes.extend(MAGIC);
    bytes.extend(count.to_le_bytes());
    bytes.extend(update.iter().flat_map(|float| float.to_le_bytes()));
    Ok(bytes)
}

/// The update that these bytes are, and no memory before its length is known to fit.
///
/// # Errors
/// All of [`CodecError`].
pub fn decode(bytes: &[u8]) -> Result<Vec<f32>, CodecError> {
    let found = bytes.first_chunk().copied().unwrap_or_default();
    let Some(rest) = bytes.strip_prefix(&MAGIC) else { return Err(CodecError::Magic { found }) };
    let (count, rest) = rest.split_first_chunk().ok_or(CodecError::Length {
        parameters: 0,
        expected: HEADER as u64,
        found: bytes.len() as u64,
    })?;
    let parameters = u32::from_le_bytes(*count);
    ensure_count(parameters.into())?;
    let floats = floats(rest).filter(|floats| floats.len() as u64 == u64::from(parameters));
    let floats = floats.ok_or_else(|| CodecError::Length {
        parameters,
        expected: u64::from(parameters).saturating_mul(4).saturating_add(HEADER as u64),
        found: bytes.len() as u64,
    })?;
    ensure_finite(&floats)?;
    Ok(floats)
}

/// sha256 of the bytes of an update.
#[must_use]
pub fn hash(update: &[f32]) -> Hash {
    let mut hasher = Sha256::new()
        .chain_update(MAGIC)
        .chain_update(u32::try_from(update.len()).unwrap_or(u32::MAX).to_le_bytes());
    digest::feed_floats(&mut hasher, update);
    digest::finish(hasher)
}

/// Floats from bytes; `None` if some are left over.
pub(crate) fn floats(bytes: &[u8]) -> Option<Vec<f32>> {
    match bytes.as_chunks() {
        (chunks, []) => Some(chunks.iter().copied().map(f32::from_le_bytes).collect()),
        _ => None,
    }
}

fn ensure_count(parameters: u64) -> Result<u32, CodecError> {
    u32::try_from(parameters)
        .ok()
        .filter(|count| *count <= MAX_PARAMETERS)
        .ok_or(CodecError::TooMany { parameters })
}

fn ensure_finite(update: &[f32]) -> Result<(), CodecError> {
    match update.iter().position(|float| !float.is_finite()) {
        Some(index) => Err(CodecError::NotFinite { index }),
        None => Ok(()),
    }
}
