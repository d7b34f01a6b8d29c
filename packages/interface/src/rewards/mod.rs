//! Block rewards: R_block = α·V_market·P_model (paper, 4.1), paid to operators in the model's own tokens,
//! bought on its curve out of its own trade fees.
//!
//! *Work* is a line: every settled round of a model adds its paid seats to the end of it. The first
//! settlement of an epoch cuts off what came since the last one: that piece is the *segment* whose tokens
//! this settlement buys. A seat's work lies where its round began, so whoever claims it late is paid
//! the same. A segment is *closed* when the next one is cut; then its tokens are shared by work, to the
//! unit. One that got no tokens until then becomes part of the next one.

mod events;
mod messages;
mod responses;

pub use events::*;
pub use messages::*;
pub use responses::*;

/// What is carried is spent over so many epochs.
pub const CARRY_EPOCHS: u32 = 26;
/// Pieces of work that one message pays out, at most.
pub const MAX_PIECES: u32 = 8;
