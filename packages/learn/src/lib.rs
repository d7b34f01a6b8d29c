//! Deterministic training.
