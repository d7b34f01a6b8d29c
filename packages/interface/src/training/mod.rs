//! The training contract.

mod messages;
mod responses;

pub use messages::*;
pub use responses::*;
