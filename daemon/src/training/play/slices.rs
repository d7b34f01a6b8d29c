//! Slices of the holdout: committed to when a run is opened, shown one a round by its owner.
//!
//! The salts follow from the owner's words, so that nothing has to be kept: whoever has the key opens a
//! slice again. Another series gives other salts, for another run of the same owner.

use modelbond_interface::training::{Hash32, Slice};
use modelbond_rounds::digest;
use modelbond_signature::SignBytes;
use serde::Serialize;
use zeroize::Zeroizing;

use super::wine::Wine;
use crate::keystore::Identity;

/// Series that a key is tried for.
pub const MAX_SERIES: u32 = 256;

/// A slice with everything that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// What the run names.
    pub slice: Hash32,
    /// Its salt.
    pub salt: Hash32,
    /// Root of its rows.
    pub root: Hash32,
    /// Rows.
    pub samples: u32,
}

impl Opening {
    /// Salt and rows.
    pub fn part(&self) -> (Hash32, Slice) {
        (self.salt, Slice { root: self.root, samples: self.samples })
    }
}

/// Where salts come from. Its memory is cleared when it is dropped.
pub struct Salts(Zeroizing<[u8; 32]>);

impl Salts {
    /// D("holdout-salts", BIP-39 seed) of a key.
    pub fn of(identity: &Identity) -> Self {
        Self(identity.derived("holdout-salts"))
    }

    /// All slices of a series: salt = D("holdout-salt", secret, series, index).
    pub fn series(&self, wine: &Wine, series: u32) -> Vec<Opening> {
        let opening = |(index, slice): (u32, Slice)| {
            let salt = SignBytes::new("holdout-salt").field(*self.0).field(series.to_be_bytes());
            let salt = Hash32(salt.field(index.to_be_bytes()).finish());
            let Slice { root, samples } = slice;
            Opening { slice: digest::slice(salt, root, samples), salt, root, samples }
        };
        (0..).zip(wine.slices()).map(opening).collect()
    }

    /// What opens a slice, if it is one of this key's.
    pub fn find(&self, wine: &Wine, slice: Hash32) -> Option<Opening> {
        (0..MAX_SERIES)
            .flat_map(|series| self.series(wine, series))
            .find(|opening| opening.slice == slice)
    }
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::{parse_path, DEFAULT_PATH};

    fn salts() -> Salts {
        Salts::of(&Identity::generate(parse_path(DEFAULT_PATH).unwrap()).unwrap())
    }

    #[test]
    fn every_slice_of_every_series_is_opened_by_its_owner_alone() {
        let wine = Wine::new(8).unwrap();
        let (own, other) = (salts(), salts());
        let series = own.series(&wine, 3);
        let last = *series.last().unwrap();
        assert_eq!(own.find(&wine, last.slice), Some(last));
        assert_eq!(other.find(&wine, last.slice), None);
        let (salt, Slice { root, samples }) = last.part();
        assert_eq!(digest::slice(salt, root, samples), last.slice);
        assert!(own.series(&wine, 4).iter().all(|opening| !series.contains(opening)));
    }
}
