//! The training contract.
