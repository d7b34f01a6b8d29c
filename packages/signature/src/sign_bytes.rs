//! Canonical sign bytes: sha256("modelbond/v1/" ‖ purpose ‖ 0x00 ‖ fields), each field after its
//! length as four bytes big-endian, so that no two lists of fields have the same bytes.

use sha2::{Digest, Sha256};

/// A hash of fields under a purpose. The purpose separates domains: what was signed for one is
/// never valid for another.
#[derive(Clone)]
pub struct SignBytes(Sha256);

impl SignBytes {
    /// Begins with a purpose, such as `link`; it may not contain a zero byte, and none here does.
    #[must_use]
    pub fn new(purpose: &'static str) -> Self {
        let start = Sha256::new().chain_update("modelbond/v1/");
        Self(start.chain_update(purpose).chain_update([0]))
    }

    /// Adds a field. Fields are shorter than 4 GiB; a longer one would be cut off in memory first.
    #[must_use]
    pub fn field(self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self(self.0.chain_update(length.to_be_bytes()).chain_update(bytes))
    }

    /// The hash.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
