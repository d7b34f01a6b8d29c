//! Contributions as NFTs that earn when a model is used. Nobody takes money out of it but those whose it
//! is; there is no owner and no migration.
//!
//! | file | what |
//! |---|---|
//! | `contract` | dispatch |
//! | `mint`, `uses`, `h_index` | a contribution becomes an NFT, and counts as a use of what it is built on |
//! | `nft`, `nft_query` | cw721 |
//! | `revenue` | what a model earns is shared out |
//! | `payments`, `fees`, `claims` | messages that bring money in, and pay it out |
//! | `offers` | contributions that witnesses score |
//! | `lineage`, `metadata`, `image`, `query` | answers |
//! | `world` | the registry and training, read in place |
//! | `state`, `pack` | what is stored, and how |
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod claims;
pub mod contract;
mod error;
mod fees;
pub mod h_index;
mod image;
mod lineage;
mod metadata;
mod mint;
mod nft;
mod nft_query;
mod offers;
pub mod pack;
mod payments;
mod query;
mod revenue;
pub mod state;
mod uses;
mod world;

pub use error::ContractError;
