//! Stories about training, on a mock: everything runs but the chain.

mod absence;
mod accounts;
mod challenges;
mod juries;
mod rounds;
