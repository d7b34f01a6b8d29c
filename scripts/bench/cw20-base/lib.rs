//! Empty: `cargo build -p cw20-base` builds the dependency itself.
