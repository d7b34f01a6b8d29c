//! The training contract: runs, rounds, attestations, what a round pays, what users say.
//!
//! A *run* trains one model. Its *rounds* go through [`Phase`]s, each moved on by `advance`, which
//! anyone may send. Who works, checks and judges is drawn from public seeds, none of which anybody
//! chooses or knows before what is drawn from it is fixed:
//!
//! | seed | from |
//! |---|---|
//! | α | the first beacon round, σ₋₁: what leaders prove over |
//! | σ | σ₋₁, α's randomness, β of the best ticket |
//! | A | the second beacon round, σ: groups, shards, seeds of training |
//! | C | the third, A, the salts of all reveals, the leader's second output: audits, juries, committees, pay |
//!
//! A beacon round is the first one after a time on the run's grid that follows the block in which its
//! inputs were fixed. D(tag, …) is the sign bytes' hash of `modelbond-signature`.

mod events;
mod group;
mod messages;
mod responses;
mod round;
mod run;
mod work;

pub use crate::hash::*;
pub use events::*;
pub use group::*;
pub use messages::*;
pub use responses::*;
pub use round::*;
pub use run::*;
pub use work::*;

/// Parts of a round's budget, in 1/10,000: trainers by equation 1, witnesses and auditors, the leader,
/// the committee, whoever advances the round. They add up to 10,000.
pub const PAY_BPS: [u16; 5] = [6_000, 2_800, 400, 400, 400];
/// What a jury gets of what it finds, in 1/10,000 of the slashed stake; the challenger the same.
pub const SPOILS_BPS: u16 = 2_000;
/// Seats of the work in a round, at most.
pub const MAX_SEATS: u8 = 80;
/// Auditors of an audit.
pub const AUDITORS: u8 = 3;
/// Leaders that are kept.
pub const MAX_LEADERS: usize = 3;
/// A round that has waited this long for a beacon round can be ended without it.
pub const ABANDON_SECS: u64 = 86_400;
/// How long a hold lasts, unless the algorithm is replaced before.
pub const HOLD_SECS: u64 = 86_400;
