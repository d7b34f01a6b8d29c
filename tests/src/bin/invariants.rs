//! Walks through millions of messages and reports every violated invariant.
//!
//! `cargo run --release -p modelbond-tests --bin invariants -- --operations 1000000 --seed 1`

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use modelbond_tests::walk::walk;
use modelbond_tests::Bare;

/// Random and greedy sequences of market messages, checked around each of them.
#[derive(Parser)]
struct Arguments {
    /// How many messages to send.
    #[arg(long, default_value_t = 1_000_000)]
    operations: u64,
    /// The same seed walks the same way.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let Arguments { operations, seed } = Arguments::parse();
    let started = Instant::now();
    let report = walk::<Bare>(operations, seed, |chain, report| {
        report.most_touches = report.most_touches.max(chain.most_touches().total());
    });
    let elapsed = started.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    let rate = report.operations as f64 / elapsed;
    let written = write!(out, "seed          {seed}\n{report}").and_then(|()| {
        writeln!(out, "time          {elapsed:.1} s, {rate:.0} operations per second")
    });
    if written.is_err() || !report.violations.is_empty() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
