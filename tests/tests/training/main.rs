//! Stories about training, on a mock: everything runs but the chain.

mod attestations;
mod bad_input;
mod feedback;
mod leading;
mod permissions;
mod refusal;
mod rounds;
mod walk;
mod wrong_moves;
