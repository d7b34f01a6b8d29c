//! The `modelbond` binary: all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    modelbond::main(std::env::args_os())
}
