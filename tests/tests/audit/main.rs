//! Audits of event logs: books that are recomputed, and compared with the contracts.

mod alterations;
mod economy;
mod market;
