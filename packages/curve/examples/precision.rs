//! Counts violations of every claim of the curve on a file of exact results.
//!
//!     python vectors/generate.py 200000 > FILE
//!     cargo run --release -p modelbond-curve --example precision -- FILE
#![allow(clippy::print_stdout, missing_docs)]

#[path = "../vectors/check.rs"]
mod check;

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        println!("usage: precision FILE");
        return ExitCode::FAILURE;
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            println!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut report = check::Report::default();
    for line in text.lines() {
        check::check(line, &mut report);
    }
    println!("{} lines from {path}", text.lines().count());
    println!("{:>9} {:>9}  claim", "checked", "violated");
    for (claim, tally) in &report.claims {
        println!("{:>9} {:>9}  {claim}", tally.checked, tally.violated);
    }
    let (g, relative) = report.largest_error;
    println!("largest error in 2^-248: g {g}, relative price {relative}");
    for example in &report.examples {
        println!("{example}");
    }
    if report.violated() == 0 && !report.claims.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
