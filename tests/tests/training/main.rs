//! Stories about training, on a mock: everything runs but the chain.

mod absence;
mod accounts;
mod challenges;
mod commits;
mod draws;
mod halts;
mod holds;
mod juries;
mod metrics;
mod rounds;
mod walk;
