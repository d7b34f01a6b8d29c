//! What a machine, its owner and a keeper do in training: the state of a round as the chain has it,
//! whose turn it is, and each message built, signed and sent.
//!
//! | question | where |
//! |---|---|
//! | what does the chain say | [`contract`] |
//! | which keys does a node have | [`key`] |
//! | what does a key sign, under which scheme | [`statement`] |
//! | whose turn is it | [`turn`] |
//! | what was committed to, and with which salt | [`kept`] |
//! | commit, reveal | [`work`] |
//! | prove the lead, post what leaders post, find a place in a roster | [`lead`] |
//! | what is owed | [`claim`] |
//! | is a round due to be moved on | [`due`] |
//! | nodes that play by themselves | [`play`] |
//! | what was told, for the output | [`told`] |
//!
//! Nothing here asks or prints: the commands do, and what acts by itself does not.

pub mod claim;
pub mod contract;
pub mod due;
pub mod kept;
pub mod key;
pub mod lead;
pub mod name;
pub mod play;
#[cfg(test)]
pub(crate) mod sample;
pub mod statement;
pub mod told;
pub mod turn;
pub mod work;

pub use contract::Training;
pub use key::NodeKey;
pub use told::{Shown, Told};
