//! The nodes contract: keys, stakes, who is ready, slashing, pruning, permissions, bad input.

mod bad_input;
mod key_walk;
mod keys;
mod permissions;
mod pruning;
mod ready;
mod replay;
mod slashing;
mod staking;
mod walk;
