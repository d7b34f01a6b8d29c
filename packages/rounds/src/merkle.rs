//! Merkle trees of SHA-256, in the shapes and with the hashes of RFC 9162, section 2.1.
//!
//! hash(leaf) = sha256(0x00 ‖ leaf), hash(node) = sha256(0x01 ‖ left ‖ right); the empty tree is
//! sha256 of nothing. A tree of n leaves splits at the largest power of two below n, so no leaf is
//! ever doubled to fill a level, and two lists of leaves have the same root only if they are equal:
//! the prefixes keep a node from being taken for a leaf.
//!
//! Leaves are digests of 32 bytes wherever Modelbond makes them; any bytes are hashed the same way.
//! A path can fit more than one count, so what it proves holds for the `count` that it is verified
//! with: take root and count from the same place.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The longest path that a tree of less than 2⁶⁴ leaves has.
pub const MAX_PATH: usize = 64;

/// sha256(0x00 ‖ leaf).
#[must_use]
pub fn hash_leaf(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// sha256(0x01 ‖ left ‖ right).
#[must_use]
pub fn hash_node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over leaves in this order.
#[must_use]
pub fn root<L: AsRef<[u8]>>(leaves: impl IntoIterator<Item = L>) -> Hash {
    let mut level: Vec<Hash> = leaves.into_iter().map(|leaf| hash_leaf(leaf.as_ref())).collect();
    while level.len() > 1 {
        level = level.chunks(2).filter_map(parent).collect();
    }
    level.pop().unwrap_or_else(|| Sha256::digest([]).into())
}

/// The siblings of leaf `index` (from 0), from the leaf up: what [`verify`] needs beside the leaf.
/// `None` if there is no such leaf.
#[must_use]
pub fn path<L: AsRef<[u8]>>(leaves: impl IntoIterator<Item = L>, index: u64) -> Option<Vec<Hash>> {
    let mut level: Vec<Hash> = leaves.into_iter().map(|leaf| hash_leaf(leaf.as_ref())).collect();
    let mut index = usize::try_from(index).ok()?;
    level.get(index)?;
    let mut path = Vec::new();
    while level.len() > 1 {
        // The last node of an odd level has no sibling and rises as it is.
        path.extend(level.get(index ^ 1).copied());
        level = level.chunks(2).filter_map(parent).collect();
        index >>= 1;
    }
    Some(path)
}

/// Is `leaf` number `index` of the `count` leaves under `root`? RFC 9162, section 2.1.3.2.
#[must_use]
pub fn verify(root: &Hash, index: u64, count: u64, leaf: &[u8], path: &[Hash]) -> bool {
    let Some(mut last) = count.checked_sub(1) else { return false };
    if index > last || path.len() > MAX_PATH {
        return false;
    }
    let mut index = index;
    let mut hash = hash_leaf(leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            hash = hash_node(sibling, &hash);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_node(&hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

fn parent(children: &[Hash]) -> Option<Hash> {
    match children {
        [left, right] => Some(hash_node(left, right)),
        [alone] => Some(*alone),
        _ => None,
    }
}
