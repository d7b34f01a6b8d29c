//! Provenance: minting, cw721, revenue, royalties, fees, claims, burning, lineage, metadata, permissions, bad input.

mod bad_input;
mod burning;
mod claims;
mod conformance;
mod fees;
mod lineage;
mod metadata;
mod minting;
mod packing;
mod permissions;
mod replay;
mod revenue;
mod royalties;
mod tokens;
mod training;
mod walk;
