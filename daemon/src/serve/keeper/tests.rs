use modelbond_interface::training::{Hash32, Pin};
use rstest::rstest;

use super::*;
use crate::training::sample;

#[test]
fn a_refused_message_is_tried_again_later_and_later_but_at_the_end_of_the_phase() {
    let (mut kept, start) = (Kept::new(2), Instant::now());
    assert!(!kept.is_resting(start));
    let mut pauses = Vec::new();
    for _ in 0..7 {
        kept.rests(start, None);
        let rest = kept.not_before.map(|until| until.duration_since(start));
        pauses.push(rest.unwrap_or_default().as_secs());
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    kept.rests(start, Some(Duration::from_secs(3)));
    assert!(kept.is_resting(start + Duration::from_secs(2)));
    assert!(!kept.is_resting(start + Duration::from_secs(3)));
    kept.works();
    assert!(!kept.is_resting(start));
    assert_eq!(kept.pause, FIRST_PAUSE);
}

#[test]
fn health_is_one_line_and_a_run_that_fails_shows() {
    let (mut one, two) = (Kept::new(1), Kept::new(2));
    one.says(LoopState::Running, "round 4 in commit");
    let expected = "run 1: round 4 in commit; run 2 was not looked at yet";
    assert_eq!(health(&[&one, &two]), (LoopState::Running, expected.to_owned()));
    let mut failing = Kept::new(3);
    failing.says(LoopState::Retrying, "could not be looked at or moved on");
    assert_eq!(health(&[&failing]).0, LoopState::Retrying);
}

#[rstest]
#[case::in_a_block(Ok(true), 50, Some(true))]
#[case::in_none_yet(Ok(false), 100, Some(false))]
#[case::in_none_any_more(Ok(false), 101, Some(true))]
#[case::failed_in_a_block(Err(refused(Some("AB"))), 50, Some(true))]
#[case::nobody_knows(Err(refused(None)), 101, None)]
#[case::nobody_answers(Err(ClientError::Unreachable { tried: vec![] }), 101, None)]
fn nothing_is_sent_while_a_message_may_still_come_into_a_block(
    #[case] answer: Result<bool, ClientError>,
    #[case] height: u64,
    #[case] expected: Option<bool>,
) {
    let pending = Pending { hash: "AB".to_owned(), timeout_height: 100 };
    assert_eq!(decided(answer, &pending, height).ok(), expected);
}

fn refused(hash: Option<&str>) -> ClientError {
    ClientError::Contract {
        code: 5,
        codespace: "wasm".to_owned(),
        message: "too early".to_owned(),
        hash: hash.map(str::to_owned),
    }
}

#[test]
fn who_was_faster_is_seen_by_the_run() {
    let (run, round) = (sample::run(), sample::round());
    let before = mark(&run, Some(&round));
    let advanced = Round { advances: round.advances + 1, ..round.clone() };
    let moved = Round { phase: Phase::Reveal, ..round.clone() };
    let settled = mark(&run, None);
    for after in [mark(&run, Some(&advanced)), mark(&run, Some(&moved)), settled] {
        assert_ne!(before, after);
    }
    assert_eq!(before, mark(&sample::run(), Some(&sample::round())));
}

#[test]
fn what_a_run_waits_for_is_said() {
    let pin = Pin {
        at: Timestamp::from_seconds(1),
        round: 12,
        chain_hash: Hash32([6; 32]),
        central: true,
    };
    let round = Round { phase: Phase::Seeding, pin: Some(pin), ..sample::round() };
    assert_eq!(waits(Some(&round)), "round 4 in seeding waits for beacon round 12");
    assert_eq!(waits(Some(&sample::round())), "round 4 in commit");
}

#[test]
fn the_end_of_a_phase_is_not_slept_through() {
    let block = |secs: u64| Block { height: 9, time: secs * 1_000_000_000, hash: String::new() };
    let round = sample::round();
    assert_eq!(left(Some(&round), &block(1_990)), Some(Duration::from_secs(10)));
    assert_eq!(left(Some(&round), &block(2_500)), Some(LOOK));
    assert_eq!(left(None, &block(1_990)), None);
}
