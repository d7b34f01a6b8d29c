//! Registry, provenance and rewards on the command line. The chain is a stand-in that answers what it is
//! told to and remembers what it takes.

#[path = "../binary/mod.rs"]
mod binary;
#[path = "../chain/mod.rs"]
mod chain;
#[path = "../../src/training/sample.rs"]
mod sample;

mod audit;
mod contribution;
mod deploy;
mod model;
mod nft;
mod open;
mod place;
mod rewards;
mod usage;
