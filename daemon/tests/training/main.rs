//! Training on the command line and in the service. The chain is a stand-in that answers what it is told
//! to and remembers what it takes.

#[path = "../binary/mod.rs"]
mod binary;
#[path = "../chain/mod.rs"]
mod chain;
#[path = "../../src/training/sample.rs"]
mod sample;
#[path = "../service/mod.rs"]
mod service;

mod arguments;
mod keeper;
mod money;
mod node;
mod place;
mod seat;
