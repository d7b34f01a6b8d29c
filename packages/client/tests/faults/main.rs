//! Faults of nodes and networks, injected by a node in this process: see `node`.
#![allow(missing_docs)]

mod failover;
mod node;
mod once;
mod sequences;
