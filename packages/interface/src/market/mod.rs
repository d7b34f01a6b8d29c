//! The market contract: one model's cw20 token and its bonding curve.

mod defaults;
mod events;
mod messages;
mod parameters;
mod responses;

pub use defaults::TOKEN;
pub use events::*;
pub use messages::*;
pub use parameters::*;
pub use responses::*;
