//! Stories about training, on a mock: everything runs but the chain.

mod absence;
mod accounts;
mod challenges;
mod commits;
mod juries;
mod rounds;
