//! The rules of a training round.
