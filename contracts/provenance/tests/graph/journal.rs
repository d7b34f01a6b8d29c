//! A storage that can take back the last message, says what that wrote, and counts what it touched.

use std::cell::Cell;
use std::collections::BTreeMap;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage};

/// What a message did to the storage, and how often it asked other contracts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Touches {
    /// `get`, and records that iterators gave out.
    pub(crate) reads: u64,
    /// `set` and `remove`.
    pub(crate) writes: u64,
    /// Questions.
    pub(crate) questions: u64,
}

/// The storage.
#[derive(Default)]
pub(crate) struct Journal {
    records: MockStorage,
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
                Some(value) => self.records.set(&key, &value),
                None => self.records.remove(&key),
            }
        }
    }

    /// What the message wrote: key, what was there, what is.
    pub(crate) fn written(
        &self,
    ) -> impl Iterator<Item = (&[u8], Option<&[u8]>, Option<Vec<u8>>)> + '_ {
        let before = self.before.iter();
        before.map(|(key, was)| (key.as_slice(), was.as_deref(), self.records.get(key)))
    }

    /// What the message touched.
    pub(crate) fn touches(&self) -> Touches {
        Touches { reads: self.reads.get(), writes: self.writes, questions: 0 }
    }

    fn note(&mut self, key: &[u8]) {
        self.writes += 1;
        if !self.before.contains_key(key) {
            self.before.insert(key.to_vec(), self.records.get(key));
        }
    }
}

impl Storage for Journal {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.records.get(key)
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let records = self.records.range(start, end, order);
        Box::new(records.inspect(|_| self.reads.set(self.reads.get() + 1)))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.note(key);
        self.records.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.note(key);
        self.records.remove(key);
    }
}
