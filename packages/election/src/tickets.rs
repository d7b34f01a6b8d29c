//! Leader tickets: one for each unit of stake, the lowest of all leads.
//!
//! ticket(j) = first 16 bytes, big-endian, of
//! sha256("modelbond/v1/leader-ticket" ‖ 0x00 ‖ β ‖ node id ‖ j), with β the 64 bytes of a verified
//! VRF output, the node id in 8 bytes and j in 4 bytes big-endian, 0 ≤ j < the node's units. Every
//! field has a fixed length, so no two lists of fields have the same bytes.
//!
//! Of W independent uniform tickets each is the lowest with probability 1/W, so a node leads with
//! exactly the probability units/W, and one that splits its units over many nodes has the same W
//! lots as before. (The output divided by the stake is not proportional: of 1 and 3 units the larger
//! would lead with probability 5/6 instead of 3/4.) A tie has probability below W²/2¹²⁹; the lower
//! node id wins it.
//!
//! A prover looks at all of its tickets and names its best one; the contract computes that one only.

use std::ops::Range;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::fraction;
use crate::vrf::Output;

const DOMAIN: &[u8] = b"modelbond/v1/leader-ticket\0";

/// In the early part of the window only tickets below this number of W-ths of the range are taken:
/// so many are expected among all W tickets, whatever W is, and there is none with probability
/// below e⁻⁸.
pub const EARLY_TICKETS: u128 = 8;

/// One lot. The order is the order of winning: lowest value first, a tie goes to the lower node id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    /// What is compared, uniform below 2¹²⁸.
    pub value: u128,
    /// Whose it is.
    pub node_id: u64,
    /// Which unit of the node it belongs to, from 0.
    pub index: u32,
}

/// What can be wrong with a claimed ticket.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketError {
    /// The node has fewer units.
    #[error("ticket {index} does not exist: the node has {units} units, counted from 0")]
    NoSuchUnit {
        /// The ticket claimed.
        index: u32,
        /// Units of the node.
        units: u32,
    },
}

impl Ticket {
    /// Is it below 8/W of the range, W = `total_units`? Exact: value·W < 8·2¹²⁸ in 256 bits, so with
    /// W ≤ 8 every ticket is.
    #[must_use]
    pub fn is_early(&self, total_units: u64) -> bool {
        fraction::product(self.value, total_units.into()) < EARLY_TICKETS
    }
}

/// Ticket `index` of a node that claims it.
///
/// # Errors
/// [`TicketError::NoSuchUnit`] unless `index` < `units`.
pub fn claimed(
    output: &Output,
    node_id: u64,
    index: u32,
    units: u32,
) -> Result<Ticket, TicketError> {
    if index < units {
        Ok(ticket(output, node_id, index))
    } else {
        Err(TicketError::NoSuchUnit { index, units })
    }
}

/// Ticket `index` of a node. Whether the node has that many units is the caller's to know.
#[must_use]
pub fn ticket(output: &Output, node_id: u64, index: u32) -> Ticket {
    Lots::of(output, node_id).ticket(index)
}

/// The best of a node's tickets 0 to `units` − 1: one block of SHA-256 each. `None` without units.
#[must_use]
pub fn best_ticket(output: &Output, node_id: u64, units: u32) -> Option<Ticket> {
    best_ticket_in(output, node_id, 0..units)
}

/// The best ticket of a part, for whoever has so many units that progress, interruption or several
/// threads matter: the least of the parts' best is the best of all.
#[must_use]
pub fn best_ticket_in(output: &Output, node_id: u64, indices: Range<u32>) -> Option<Ticket> {
    let lots = Lots::of(output, node_id);
    indices.map(|index| lots.ticket(index)).min()
}

/// Everything of the hash except the index: its first block is computed once.
struct Lots {
    node_id: u64,
    start: Sha256,
}

impl Lots {
    fn of(output: &Output, node_id: u64) -> Self {
        let start = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(output.as_bytes())
            .chain_update(node_id.to_be_bytes());
        Self { node_id, start }
    }

    fn ticket(&self, index: u32) -> Ticket {
        let digest = self.start.clone().chain_update(index.to_be_bytes()).finalize().into();
        Ticket { value: fraction::of_digest(&digest), node_id: self.node_id, index }
    }
}
