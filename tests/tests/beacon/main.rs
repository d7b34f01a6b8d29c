//! The beacon: rounds and their signatures, sources, the switch, pruning, permissions, bad input.

mod bad_input;
mod grid;
mod permissions;
mod pruning;
mod rounds;
mod signatures;
mod switching;
mod walk;
