//! Counts violations of every law between trades on random curves.
//!
//!     cargo run --release -p modelbond-curve --example laws -- [COUNT] [SEED]
#![allow(clippy::print_stdout, missing_docs, unreachable_pub)]

#[path = "../tests/support/laws.rs"]
mod laws;
#[path = "../tests/support/scene.rs"]
mod scene;

use std::process::ExitCode;

/// SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(count)), Some(Ok(mut seed))) =
        (numbers.next().or(Some(Ok(1_000_000))), numbers.next().or(Some(Ok(1))))
    else {
        println!("usage: laws [COUNT] [SEED]");
        return ExitCode::FAILURE;
    };
    let mut tallies = [(0u64, 0u64, 0u64); laws::LAWS.len()];
    for _ in 0..count {
        let scene = scene::Scene::new(&std::array::from_fn(|_| next(&mut seed)));
        for ((name, law), (checked, violated, overflowed)) in laws::LAWS.iter().zip(&mut tallies) {
            match law(&scene) {
                Ok(true) => *checked += 1,
                Ok(false) => {
                    *checked += 1;
                    *violated += 1;
                    if *violated == 1 {
                        println!("{name}: {scene:?}");
                    }
                }
                Err(_) => *overflowed += 1,
            }
        }
    }
    println!("{count} scenes");
    println!("{:>9} {:>9} {:>10}  law", "checked", "violated", "overflowed");
    for ((name, _), (checked, violated, overflowed)) in laws::LAWS.iter().zip(&tallies) {
        println!("{checked:>9} {violated:>9} {overflowed:>10}  {name}");
    }
    if tallies.iter().all(|(checked, violated, _)| *checked > 0 && *violated == 0) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
