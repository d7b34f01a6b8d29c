//! Stories about training, on a mock: everything runs but the chain.

mod bad_input;
mod permissions;
mod refusal;
mod rounds;
