//! The bridge: linking, unlinking, replay, signature checks, permissions, bad input.

mod bad_input;
mod linking;
mod permissions;
mod replay;
mod signatures;
mod unlinking;
mod walk;
