//! Stories about training, on a mock: everything runs but the chain.

mod permissions;
mod rounds;
