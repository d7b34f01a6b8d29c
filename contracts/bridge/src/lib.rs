//! Identities across chains.
