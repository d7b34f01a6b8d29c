//! How a roster is stored. Training reads it in place, so this layout is an interface.
//!
//! Key of a directory: cw-storage-plus `Map<(u64, u64), Directory>` called [`DIRECTORIES`], by run and
//! epoch. Key of a page: `Map<(u64, u64, u32), _>` called [`PAGES`], by run, epoch and page from 0; its
//! value is up to [`PAGE_MEMBERS`] members, [`MEMBER_BYTES`] each, one after the other.

use cosmwasm_schema::cw_serde;

/// Name of the map of directories.
pub const DIRECTORIES: &str = "directories";
/// Name of the map of pages.
pub const PAGES: &str = "pages";
/// Members of a page.
pub const PAGE_MEMBERS: usize = 64;
/// Members of a roster, at most.
pub const MAX_MEMBERS: u32 = 4_096;
/// Bytes of a member.
pub const MEMBER_BYTES: usize = 24;

/// Where the units of a roster are.
#[cw_serde]
#[derive(Default, Eq)]
pub struct Directory {
    /// Members, those without units included.
    pub members: u32,
    /// Units of all.
    pub units: u64,
    /// Owners with units.
    pub owners: u32,
    /// Units of the owner who has most; never too low.
    pub largest_owner_units: u64,
    /// Units of each page, at most 64.
    pub pages: Vec<u64>,
}

/// Who is ready.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Member {
    /// The node.
    pub node_id: u64,
    /// Its owner's number: the same owner, the same number.
    pub owner_id: u64,
    /// Its units; 0 after it unstaked.
    pub units: u32,
    /// The declared build and architecture: the first 4 bytes of
    /// sha256(build ‖ 0x00 ‖ architecture), big-endian.
    pub class: u32,
}

impl Member {
    /// As stored: node and owner in 8 bytes each, units and class in 4 bytes each, big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; MEMBER_BYTES] {
        let parts = [
            self.node_id.to_be_bytes(),
            self.owner_id.to_be_bytes(),
            (u64::from(self.units) << 32 | u64::from(self.class)).to_be_bytes(),
        ];
        let mut bytes = [0; MEMBER_BYTES];
        for (to, from) in bytes.iter_mut().zip(parts.as_flattened()) {
            *to = *from;
        }
        bytes
    }

    /// The reverse.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; MEMBER_BYTES]) -> Self {
        let mut parts = bytes
            .chunks_exact(8)
            .map(|part| part.try_into().map(u64::from_be_bytes).unwrap_or_default());
        let mut next = || parts.next().unwrap_or_default();
        let (node_id, owner_id, last) = (next(), next(), next());
        let [a, b, c, d, class @ ..] = last.to_be_bytes();
        Self {
            node_id,
            owner_id,
            units: u32::from_be_bytes([a, b, c, d]),
            class: u32::from_be_bytes(class),
        }
    }

    /// All members of a page. What is left over at the end is no member.
    pub fn of_page(page: &[u8]) -> impl Iterator<Item = Self> + '_ {
        page.chunks_exact(MEMBER_BYTES)
            .filter_map(|bytes| bytes.try_into().ok())
            .map(Self::from_bytes)
    }
}
