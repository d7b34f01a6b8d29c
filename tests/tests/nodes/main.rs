//! The nodes contract: keys, stakes, who is ready, slashing, pruning, permissions, bad input.

mod keys;
mod pruning;
mod ready;
mod replay;
mod slashing;
mod staking;
