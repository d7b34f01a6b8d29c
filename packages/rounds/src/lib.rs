//! The rules of a training round.

pub mod merkle;
