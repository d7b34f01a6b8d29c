//! Fuzz targets, in `tests/`: the mathematics (`curve.rs`) and every decoder of signatures, keys,
//! addresses and typed data (`signature.rs`). `cargo test` searches each for a second, with random inputs;
//!
//! ```text
//! cargo bolero test curve_operations_never_panic --time 10m
//! ```
//!
//! searches with libFuzzer. Each target calls what a property test of the crate calls too.
