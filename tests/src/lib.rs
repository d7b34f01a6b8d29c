//! Suite, invariants and end-to-end tests over the mock and the real chain
