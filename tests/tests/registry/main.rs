//! The registry: opening, parents, what is said of models, handing over, connections, h-index, use cases,
//! permissions, bad input.

mod bad_input;
mod connections;
mod h_index;
mod handing_over;
mod metadata;
mod opening;
mod parents;
mod permissions;
mod use_cases;
mod walk;
