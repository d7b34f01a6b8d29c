//! The bridge contract: who is who across two kinds of keys, and whether a signature is valid.

mod events;
mod messages;
mod responses;

pub use events::*;
pub use messages::*;
pub use responses::*;
