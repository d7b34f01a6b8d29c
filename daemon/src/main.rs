//! The Modelbond command line.

fn main() {}
