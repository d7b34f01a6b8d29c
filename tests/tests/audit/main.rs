//! Audits of event logs: books that are recomputed, and compared with the contracts.

mod alterations;
mod deployment;
mod economy;
mod market;
