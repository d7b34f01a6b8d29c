//! Where records are stored: one under a key, or many of one kind, each under its own.

use std::marker::PhantomData;

use cosmwasm_std::{Order, StdError, StdResult, Storage};
use cw_storage_plus::{Bound, KeyDeserialize, Map, PrimaryKey};

use crate::layout::{Layout, Reader, Writer};

/// The only record under a key.
pub struct Record<T> {
    key: &'static str,
    content: PhantomData<T>,
}

impl<T: Layout> Record<T> {
    /// Under `key`.
    pub const fn new(key: &'static str) -> Self {
        Self { key, content: PhantomData }
    }

    /// Reads the record, if there is one.
    pub fn may_load(&self, storage: &dyn Storage) -> StdResult<Option<T>> {
        read(storage, self.key.as_bytes(), self.key)
    }

    /// Reads the record.
    pub fn load(&self, storage: &dyn Storage) -> StdResult<T> {
        self.may_load(storage)?.ok_or_else(|| StdError::not_found(self.key))
    }

    /// Writes the record.
    pub fn save(&self, storage: &mut dyn Storage, value: &T) {
        write(storage, self.key.as_bytes(), value);
    }
}

/// Records of one kind, each under its own key.
pub struct Records<K, T> {
    name: &'static str,
    keys: Map<K, ()>,
    content: PhantomData<T>,
}

impl<'a, K: PrimaryKey<'a>, T: Layout> Records<K, T> {
    /// Under keys that begin with `name`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, keys: Map::new(name), content: PhantomData }
    }

    /// Reads a record, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<T>> {
        read(storage, &self.keys.key(key), self.name)
    }

    /// Reads a record.
    pub fn load(&self, storage: &dyn Storage, key: K) -> StdResult<T> {
        self.may_load(storage, key)?.ok_or_else(|| StdError::not_found(self.name))
    }

    /// Writes a record.
    pub fn save(&self, storage: &mut dyn Storage, key: K, value: &T) {
        write(storage, &self.keys.key(key), value);
    }

    /// Lets a record go.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(&self.keys.key(key));
    }

    /// The keys within the bounds, in order.
    pub fn keys<'c>(
        &self,
        storage: &'c dyn Storage,
        min: Option<Bound<'a, K>>,
        max: Option<Bound<'a, K>>,
        order: Order,
    ) -> Box<dyn Iterator<Item = StdResult<K::Output>> + 'c>
    where
        K: KeyDeserialize,
        K::Output: 'static,
    {
        self.keys.keys(storage, min, max, order)
    }
}

fn read<T: Layout>(storage: &dyn Storage, key: &[u8], name: &str) -> StdResult<Option<T>> {
    let Some(bytes) = storage.get(key) else {
        return Ok(None);
    };
    let mut from = Reader::new(&bytes);
    let value = T::read(&mut from);
    if from.is_corrupt {
        return Err(StdError::parse_err(name, "stored record is corrupt"));
    }
    Ok(Some(value))
}

fn write<T: Layout>(storage: &mut dyn Storage, key: &[u8], value: &T) {
    let mut to = Writer::default();
    value.write(&mut to);
    storage.set(key, &to.bytes);
}
