//! A chain that stands still over each deadline: nobody is late, because a deadline takes blocks, too.

use modelbond_interface::training::{Phase, RunParams};
use modelbond_tests::training::{Setup, Training};
use rstest::rstest;

const BLOCKS: u64 = 10;

fn slow() -> Training {
    let slow = |params: &mut RunParams| {
        params.lengths.blocks = u32::try_from(BLOCKS).unwrap();
        params.sizes.audit_one_in = 1;
    };
    Setup::default().nodes(12, 3).with_params(slow).build()
}

#[rstest]
fn a_chain_that_halts_over_a_deadline_makes_nobody_late(
    #[values(
        Phase::Elect,
        Phase::Commit,
        Phase::Reveal,
        Phase::CheckCommit,
        Phase::CheckReveal,
        Phase::Post,
        Phase::ConfirmCommit,
        Phase::ConfirmReveal
    )]
    phase: Phase,
) {
    let mut training = slow();
    let stakes = training.stakes();
    training.play_until(phase);
    // One block, hours later.
    training.market.wait(20_000);
    let refused = training.advance().unwrap_err().to_string();
    assert!(refused.contains("and not before block"), "{refused}");
    assert_eq!(training.round().phase, phase);
    training.finish();
    assert!(training.lost(&stakes).is_empty());
    let round = training.round();
    assert_eq!(round.accepted, 0b11);
    assert!(round.model.confirmed && !round.lead.beacon_only);
    assert_eq!(round.lead.attempt, 0);
    assert!(round.lead.second_output.is_some());
    assert!(training.market_config().metrics.is_some());
}

#[rstest]
#[case::blocks_but_no_time(BLOCKS + 3, 1, false)]
#[case::time_but_no_blocks(BLOCKS - 1, 5_000, false)]
#[case::both(BLOCKS, 5_000, true)]
fn a_deadline_passes_when_its_time_and_its_blocks_have(
    #[case] blocks: u64,
    #[case] secs: u64,
    #[case] passed: bool,
) {
    let mut training = slow();
    training.play_until(Phase::Commit);
    for _ in 0..blocks {
        training.market.wait(secs);
    }
    assert_eq!(training.advance().is_ok(), passed);
    if !passed {
        return;
    }
    assert_eq!(training.round().phase, Phase::Reveal);
}

#[test]
fn what_comes_after_a_deadline_is_refused_though_nobody_moved_the_round_on() {
    let mut training = slow();
    training.play_until(Phase::Commit);
    for _ in 0..BLOCKS {
        training.market.wait(10);
    }
    let seat = training.all_seats(modelbond_interface::training::Stage::Work)[0].clone();
    let refused = training.commit(&seat).unwrap_err().to_string();
    assert!(refused.contains("too late"), "{refused}");
}
