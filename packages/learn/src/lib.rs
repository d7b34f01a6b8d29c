//! Deterministic training: the same bytes in give the same bytes out, on every machine.
//!
//! | question | where |
//! |---|---|
//! | which rows, and what proves them | [`dataset`] |
//! | which networks, how they start | [`model`], [`random`] |
//! | how one learns from a shard, and what proves each step | [`train`] |
//! | how good it is, in integers | [`score`] |
//! | how many updates become one model | [`aggregate`] |
//! | an update as bytes | [`codec`] |
//!
//! That is what lets witnesses repeat a training and compare hashes. It holds because of what is
//! done with floats: + − × ÷, square roots and comparisons only, which IEEE 754 defines to the last
//! bit, in one written order, never fused and never by the platform's mathematics
//! ([`elementary`] has `exp` and `ln`). What is not finite is an error before it is hashed, since the
//! bits of a NaN differ between machines.
//!
//! Guarantees: no I/O, no clock, no source of randomness but the caller's seed, no panic and no
//! unbounded memory on hostile input. Integers and floats in bytes are little-endian; every hash is
//! SHA-256, and starts with a domain unless the bytes have a magic number of their own.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!("the x87 keeps more bits than IEEE 754 allows: hashes would differ");

pub mod aggregate;
pub mod codec;
mod csv;
pub mod dataset;
mod digest;
pub mod elementary;
pub mod model;
mod network;
pub mod random;
pub mod score;
pub mod statistics;
pub mod train;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// Millionths in one: the unit of rates, qualities and losses.
pub const MILLIONTHS: u32 = 1_000_000;
