//! Stories about block rewards, on a mock: budgets, segments of work, who is paid what, who gains nothing.

mod bad_input;
mod budgets;
mod carrying;
mod operators;
mod permissions;
mod precedents;
mod settling;
mod walk;
mod wash_trading;
