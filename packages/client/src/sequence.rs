//! Sequences of one account: who signs next, with which number, and what is still under way.
//!
//! The lock is held from choosing a sequence until the transaction was handed to a node, so that
//! nodes see a signer's transactions in order; waiting for blocks happens outside of it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::MutexGuard;

use crate::query::Account;

/// The sequence counter of one account.
#[derive(Default)]
pub(crate) struct Sequence {
    /// Number and next sequence; none when they must be asked for.
    next: tokio::sync::Mutex<Option<Account>>,
    /// Sequences of transactions that may be in a mempool.
    pending: Arc<Mutex<BTreeSet<u64>>>,
    /// Every sequence below is in a block.
    floor: AtomicU64,
}

/// A sequence under way; it stops being so when this is dropped.
pub(crate) struct Ticket {
    sequence: u64,
    pending: Arc<Mutex<BTreeSet<u64>>>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.sequence);
    }
}

impl Sequence {
    /// Waits until nobody else is signing.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, Option<Account>> {
        self.next.lock().await
    }

    /// Marks `sequence` as under way.
    pub(crate) fn start(&self, sequence: u64) -> Ticket {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(sequence);
        Ticket { sequence, pending: Arc::clone(&self.pending) }
    }

    /// `sequence` was found in a block.
    pub(crate) fn included(&self, sequence: u64) {
        self.floor.fetch_max(sequence.saturating_add(1), Ordering::Relaxed);
    }

    /// The chain's `account` with the sequences it does not know of yet.
    pub(crate) fn ahead(&self, account: Account) -> Account {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let after_pending = pending.last().map_or(0, |last| last.saturating_add(1));
        let floor = self.floor.load(Ordering::Relaxed);
        Account { sequence: account.sequence.max(after_pending).max(floor), ..account }
    }

    /// Whether a node that expects `sequence` has not yet heard of this signer's transactions.
    pub(crate) fn is_behind(&self, sequence: u64) -> bool {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        sequence < self.floor.load(Ordering::Relaxed)
            || pending.last().is_some_and(|last| *last >= sequence)
    }
}
