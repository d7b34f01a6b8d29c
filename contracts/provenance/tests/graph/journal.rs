//! A storage that can take back the last message, says what that wrote, and counts what it touched. It cannot list
//! what it has: no message about money needs that.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use cosmwasm_std::Storage;

/// What a message did to the storage, and how often it asked other contracts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Touches {
    /// `get`.
    pub(crate) reads: u64,
    /// `set` and `remove`.
    pub(crate) writes: u64,
    /// Questions.
    pub(crate) questions: u64,
}

/// The storage.
#[derive(Default)]
pub(crate) struct Journal {
    records: HashMap<Vec<u8>, Vec<u8>>,
    /// Key → what was there when the message began.
    before: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    reads: Cell<u64>,
    writes: u64,
}

impl Journal {
    /// A message begins.
    pub(crate) fn begin(&mut self) {
        self.before.clear();
        self.reads.set(0);
        self.writes = 0;
    }

    /// The message failed.
    pub(crate) fn rewind(&mut self) {
        for (key, value) in std::mem::take(&mut self.before) {
            match value {
                Some(value) => self.records.insert(key, value),
                None => self.records.remove(&key),
            };
        }
    }

    /// What the message wrote: key, what was there, what is.
    pub(crate) fn written(
        &self,
    ) -> impl Iterator<Item = (&[u8], Option<&[u8]>, Option<&[u8]>)> + '_ {
        let is = |key| self.records.get(key).map(Vec::as_slice);
        self.before.iter().map(move |(key, was)| (key.as_slice(), was.as_deref(), is(key)))
    }

    /// What the message touched.
    pub(crate) fn touches(&self) -> Touches {
        Touches { reads: self.reads.get(), writes: self.writes, questions: 0 }
    }

    fn note(&mut self, key: &[u8], was: Option<Vec<u8>>) {
        self.writes += 1;
        self.before.entry(key.to_vec()).or_insert(was);
    }
}

impl Storage for Journal {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.records.get(key).cloned()
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        let was = self.records.insert(key.to_vec(), value.to_vec());
        self.note(key, was);
    }

    fn remove(&mut self, key: &[u8]) {
        let was = self.records.remove(key);
        self.note(key, was);
    }
}
