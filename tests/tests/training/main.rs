//! Stories about training, on a mock: everything runs but the chain.

mod absence;
mod accounts;
mod attestations;
mod bad_input;
mod challenges;
mod commits;
mod contributions;
mod crowds;
mod draws;
mod feedback;
mod halts;
mod holds;
mod juries;
mod leading;
mod metrics;
mod permissions;
mod refusal;
mod rounds;
mod walk;
mod wrong_moves;
