//! Provenance: every accepted contribution to a model is an NFT (cw721) that earns when the model is
//! used.
//!
//! An NFT's *weight* is α·max(ΔM, 0) (equation 2), fixed when it is minted. Of what a model earns, its
//! NFTs share by weight; what accrued to an NFT belongs to whoever holds it when it is claimed, so it is
//! sold with it.
//!
//! | of every payment and royalty | to |
//! |---|---|
//! | 10 %, and every remainder of this list | the pending reserve of the model's market |
//! | what was agreed, at most 50 % | models that it is built on, where it is shared out in the same way |
//! | 30 % | holders of its NFTs; with no weight yet, to the pending reserve |
//! | the rest | the owner of its record |

mod events;
mod messages;
mod queries;
mod responses;

pub use events::*;
pub use messages::*;
pub use queries::*;
pub use responses::*;

/// Part of what a model earns that goes to its market's pending reserve, in 1/10,000.
pub const RESERVE_BPS: u16 = 1_000;
/// Part of what a model earns that its NFTs share, in 1/10,000.
pub const HOLDERS_BPS: u16 = 3_000;
/// What marketplaces are told to pay to the contributor when an NFT is sold, in 1/10,000.
pub const RESALE_BPS: u16 = 500;
/// Parents of a contribution, at most.
pub const MAX_PARENTS: usize = 16;
/// Bytes of a memo, at most.
pub const MAX_MEMO: usize = 256;
/// NFTs that a query about lineage visits, at most.
pub const MAX_LINEAGE: u32 = 1_000;
/// Witnesses who score an offered contribution: so many, or all other owners' nodes where there are fewer.
pub const WITNESSES: u8 = 9;
/// Witnesses without whom an offer is not scored.
pub const MIN_WITNESSES: u8 = 3;
/// How long an offer waits for its witnesses to be drawn, in seconds.
pub const OFFER_SECS: u64 = 7 * 86_400;
/// Bytes of what an offer says of its data, at most.
pub const MAX_DATA: usize = 256;
