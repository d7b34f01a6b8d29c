//! How records are stored: their fields one after the other, without names, so that a message writes few bytes: a
//! stored byte costs 30 gas.
//!
//! Numbers are LEB128 (seven bits a byte, lowest first), signed ones four bytes; hashes bare; texts and lists after
//! their length. What is written is read back the same; anything else is refused.

use std::marker::PhantomData;

use cosmwasm_std::{Addr, Empty, StdError, StdResult, Storage, Timestamp};
use cw721::{Approval, Expiration};
use cw_storage_plus::{Map, PrimaryKey};
use modelbond_economy::shares::{Index, Pool, Share};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::Contribution;

use crate::h_index::Standing;
use crate::state::{Config, Ledger, Token};

/// A record.
pub trait Pack: Sized {
    /// Appends it.
    fn pack(&self, to: &mut Vec<u8>);
    /// Takes it from the front; `None` if it is not one.
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

/// Key → record. The name is that of the constant in lower case.
pub struct Table<K, T> {
    /// The keys, to list them.
    pub(crate) keys: Map<K, Empty>,
    kind: PhantomData<T>,
}

impl<K, T> Table<K, T> {
    /// A table of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { keys: Map::new(name), kind: PhantomData }
    }
}

impl<'k, K: PrimaryKey<'k>, T: Pack> Table<K, T> {
    /// The record, if there is one.
    ///
    /// # Errors
    /// When something else is stored there.
    pub fn may_load(&self, store: &dyn Storage, key: K) -> StdResult<Option<T>> {
        store.get(&self.keys.key(key)).map(|bytes| read(&bytes)).transpose()
    }

    /// Stores a record.
    pub fn save(&self, store: &mut dyn Storage, key: K, record: &T) {
        let mut bytes = Vec::new();
        record.pack(&mut bytes);
        store.set(&self.keys.key(key), &bytes);
    }

    /// Whether there is one.
    pub fn has(&self, store: &dyn Storage, key: K) -> bool {
        store.get(&self.keys.key(key)).is_some()
    }

    /// Removes it.
    pub fn remove(&self, store: &mut dyn Storage, key: K) {
        store.remove(&self.keys.key(key));
    }
}

/// One record. The name is that of the constant in lower case.
pub struct Single<T> {
    name: &'static str,
    kind: PhantomData<T>,
}

impl<T: Pack> Single<T> {
    /// A record of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, kind: PhantomData }
    }

    /// The record.
    ///
    /// # Errors
    /// When there is none, or something else.
    pub fn load(&self, store: &dyn Storage) -> StdResult<T> {
        let bytes = store.get(self.name.as_bytes());
        let bytes = bytes.ok_or_else(|| StdError::not_found(self.name))?;
        read(&bytes)
    }

    /// Stores it.
    pub fn save(&self, store: &mut dyn Storage, record: &T) {
        let mut bytes = Vec::new();
        record.pack(&mut bytes);
        store.set(self.name.as_bytes(), &bytes);
    }
}

fn read<T: Pack>(bytes: &[u8]) -> StdResult<T> {
    let mut rest = bytes;
    let record = T::unpack(&mut rest).filter(|_| rest.is_empty());
    record.ok_or_else(|| StdError::generic_err("a stored record cannot be read"))
}

impl Pack for u128 {
    fn pack(&self, to: &mut Vec<u8>) {
        let mut rest = *self;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                return to.push(low & 0x7f);
            }
            to.push(low | 0x80);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (mut value, mut shift) = (0u128, 0u32);
        loop {
            let (byte, rest) = from.split_first()?;
            *from = rest;
            let part = Self::from(byte & 0x7f);
            value |= part.checked_shl(shift).filter(|placed| placed >> shift == part)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift = shift.checked_add(7)?;
        }
    }
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                u128::from(*self).pack(to);
            }
            fn unpack(from: &mut &[u8]) -> Option<Self> {
                u128::unpack(from)?.try_into().ok()
            }
        }
    )*};
}
numbers! { u8 u32 u64 }

fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = from.split_first_chunk()?;
    *from = tail;
    Some(*head)
}

impl Pack for i32 {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend(self.to_be_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        take(from).map(Self::from_be_bytes)
    }
}

impl Pack for Hash32 {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend(self.0);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        take(from).map(Self)
    }
}

impl Pack for Timestamp {
    fn pack(&self, to: &mut Vec<u8>) {
        self.nanos().pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        u64::unpack(from).map(Self::from_nanos)
    }
}

/// Nothing here has 2³² bytes or elements: texts are addresses and ids, lists have bounds.
fn pack_length(length: usize, to: &mut Vec<u8>) {
    u32::try_from(length).unwrap_or(u32::MAX).pack(to);
}

fn unpack_length(from: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::unpack(from)?).ok()
}

impl Pack for String {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        to.extend(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = unpack_length(from)?;
        let (head, tail) = from.split_at_checked(length)?;
        *from = tail;
        Self::from_utf8(head.to_vec()).ok()
    }
}

impl Pack for Addr {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.as_str().len(), to);
        to.extend(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        String::unpack(from).map(Self::unchecked)
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        self.iter().for_each(|record| record.pack(to));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        (0..unpack_length(from)?).map(|_| T::unpack(from)).collect()
    }
}

/// Its kind, and until when.
impl Pack for Expiration {
    fn pack(&self, to: &mut Vec<u8>) {
        let (kind, until) = match self {
            Self::Never {} => (0u8, 0),
            Self::AtHeight(height) => (1, *height),
            Self::AtTime(time) => (2, time.nanos()),
        };
        kind.pack(to);
        until.pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (kind, until) = (u8::unpack(from)?, u64::unpack(from)?);
        match kind {
            0 => Some(Self::Never {}),
            1 => Some(Self::AtHeight(until)),
            2 => Some(Self::AtTime(Timestamp::from_nanos(until))),
            _ => None,
        }
    }
}

/// A record as the list of its fields.
macro_rules! records {
    ($($type:ident { $($field:ident)* })*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                $(self.$field.pack(to);)*
            }
            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Pack::unpack(from)?,)* })
            }
        }
    )*};
}
pub(crate) use records;

records! {
    Approval { spender expires }
    Index { units parts }
    Pool { weight index dust }
    Share { paid dust }
    Config { registry training beacon evm_chain_id witness_secs made_at }
    Standing { h above used }
    Token { owner approvals share }
    Ledger { pool reserve owner holders usage royalties fees contributions }
    Contribution {
        model contributor data_hash quality improvement at attestation run_id round_id parents
    }
}
