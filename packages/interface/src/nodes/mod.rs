//! The nodes contract: machines, their keys, their stakes, and who is ready for which run.
//!
//! Time is cut into *epochs*: epoch e is ⌊seconds since instantiation ÷ `epoch_secs`⌋. In epoch e a
//! node says that it is ready for a run in epoch e + 1, and is appended to the *roster* (run, e + 1).
//! A roster is written in one epoch and drawn from in later ones, so that nothing shifts under a draw.
//!
//! Stake is in model tokens, for each node and model apart. A node has ⌊stake ÷ `unit_stake`⌋ *units*
//! in a run. Training, which made this contract, is the only one that slashes; nobody else takes
//! anything from a stake but its owner.

mod events;
mod messages;
mod responses;
mod roster;

pub use events::*;
pub use messages::*;
pub use responses::*;
pub use roster::*;

/// New keys count this many epochs after the one in which they were announced, so that nobody makes
/// keys to fit a seed that is already known.
pub const KEY_DELAY_EPOCHS: u64 = 2;
