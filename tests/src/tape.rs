//! A contract storage that can go back, and counts what is done to it.
//!
//! While a mark is set every write leaves the value it replaced; going back puts them back in
//! reverse. Marks nest.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Bound;

use cosmwasm_std::{Order, Record, Storage};

/// A place to go back to.
#[derive(Debug)]
#[must_use]
pub struct Mark(usize);

/// Reads, writes, and steps of iterators since the last reset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touches {
    /// `get`
    pub reads: u64,
    /// `set` and `remove`
    pub writes: u64,
    /// records that iterators gave out
    pub steps: u64,
}

impl Touches {
    /// All together.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.reads + self.writes + self.steps
    }
}

/// The storage.
#[derive(Debug, Default)]
pub struct Tape {
    records: BTreeMap<Vec<u8>, Vec<u8>>,
    replaced: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    marks: usize,
    touches: Cell<Touches>,
}

impl Tape {
    /// Marks this moment.
    pub fn mark(&mut self) -> Mark {
        self.marks += 1;
        Mark(self.replaced.len())
    }

    /// Undoes all that was written since `mark`.
    pub fn rewind(&mut self, mark: Mark) {
        while self.replaced.len() > mark.0 {
            match self.replaced.pop() {
                Some((key, Some(value))) => drop(self.records.insert(key, value)),
                Some((key, None)) => drop(self.records.remove(&key)),
                None => break,
            }
        }
        self.release();
    }

    /// Keeps all that was written since `mark`.
    pub fn keep(&mut self, mark: Mark) {
        debug_assert!(mark.0 <= self.replaced.len());
        self.release();
    }

    fn release(&mut self) {
        self.marks -= 1;
        if self.marks == 0 {
            self.replaced.clear();
        }
    }

    /// What was done since the last call.
    pub fn take_touches(&self) -> Touches {
        self.touches.take()
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn touch(&self, change: impl FnOnce(&mut Touches)) {
        let mut touches = self.touches.get();
        change(&mut touches);
        self.touches.set(touches);
    }

    fn remember(&mut self, key: &[u8], old: Option<Vec<u8>>) {
        if self.marks > 0 {
            self.replaced.push((key.to_vec(), old));
        }
    }
}

impl Storage for Tape {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.touch(|t| t.reads += 1);
        self.records.get(key).cloned()
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.touch(|t| t.writes += 1);
        let old = self.records.insert(key.to_vec(), value.to_vec());
        self.remember(key, old);
    }

    fn remove(&mut self, key: &[u8]) {
        self.touch(|t| t.writes += 1);
        if let Some(old) = self.records.remove(key) {
            self.remember(key, Some(old));
        }
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        if let (Some(start), Some(end)) = (start, end) {
            if start >= end {
                return Box::new(std::iter::empty());
            }
        }
        let bounds = (
            start.map_or(Bound::Unbounded, |start| Bound::Included(start.to_vec())),
            end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.to_vec())),
        );
        let records = self.records.range(bounds).map(|(key, value)| {
            self.touch(|t| t.steps += 1);
            (key.clone(), value.clone())
        });
        match order {
            Order::Ascending => Box::new(records),
            Order::Descending => Box::new(records.rev()),
        }
    }
}
