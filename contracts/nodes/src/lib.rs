//! The nodes contract.
