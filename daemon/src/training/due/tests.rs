use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Aggregate, Hash32, Lead, Ledger, Mode, NewModel, Pin, Reveal, Slice, Stage,
};
use rstest::rstest;

use super::*;
use crate::training::sample;

/// A second and a block before the window of the sample ends, and the moment at which it does.
const EARLY: (u64, u64) = (1_999, 99);
const OVER: (u64, u64) = (2_000, 100);

fn seen<'a>(round: &'a Round, seats: &'a [SeatInfo], (secs, height): (u64, u64)) -> Seen<'a> {
    let time = Timestamp::from_seconds(secs);
    Seen { round: Some(round), seats, beacon: false, ready_units: 0, time, height }
}

fn in_phase(phase: Phase) -> Round {
    Round { phase, ..sample::round() }
}

#[rstest]
#[case::both_are_missing(EARLY, false)]
#[case::the_time_is_missing((1_999, 100), false)]
#[case::blocks_are_missing((2_000, 99), false)]
#[case::neither_is(OVER, true)]
#[case::long_ago((9_999, 999), true)]
fn a_phase_ends_by_time_and_by_height(
    #[case] at: (u64, u64),
    #[case] ended: bool,
    #[values(
        Phase::Elect,
        Phase::Commit,
        Phase::Reveal,
        Phase::ScoreCommit,
        Phase::ScoreReveal,
        Phase::CheckCommit,
        Phase::CheckReveal,
        Phase::Post,
        Phase::ConfirmCommit,
        Phase::ConfirmReveal
    )]
    phase: Phase,
) {
    let round = in_phase(phase);
    let action = due(&sample::run(), &seen(&round, &[], at));
    assert_eq!(action, ended.then_some(Action::Advance));
}

#[rstest]
#[case(Phase::Assign, Some(Action::Advance))]
#[case(Phase::CheckAssign, Some(Action::Advance))]
#[case(Phase::Judge, Some(Action::Advance))]
#[case(Phase::Penalize, Some(Action::Advance))]
#[case(Phase::Settle, Some(Action::Settle))]
#[case(Phase::Final, None)]
fn what_waits_for_nobody_is_due_at_once(#[case] phase: Phase, #[case] expected: Option<Action>) {
    let round = Round { window: None, ..in_phase(phase) };
    assert_eq!(due(&sample::run(), &seen(&round, &[], EARLY)), expected);
}

#[rstest]
fn what_waits_for_a_beacon_round_is_due_when_it_is_there(
    #[values(Phase::Opening, Phase::Seeding, Phase::CheckSeeding)] phase: Phase,
    #[values(false, true)] beacon: bool,
) {
    let pin = Pin {
        at: Timestamp::from_seconds(1_990),
        round: 12,
        chain_hash: Hash32([6; 32]),
        central: true,
    };
    let round = Round { pin: Some(pin), window: None, ..in_phase(phase) };
    let seen = Seen { beacon, ..seen(&round, &[], OVER) };
    assert_eq!(due(&sample::run(), &seen), beacon.then_some(Action::Advance));
}

/// Trainer and two witnesses, of whom so many committed and so many revealed.
fn seats(committed: usize, revealed: usize) -> Vec<SeatInfo> {
    let seat = |slot: u8| {
        let place = usize::from(slot);
        let reveal = Reveal { work: Hash32([1; 32]), answer: sample::answer() };
        SeatInfo {
            commit: (place < committed).then_some(Hash32([2; 32])),
            reveal: (place < revealed).then_some(reveal),
            ..sample::seat(Stage::Work, 0, slot, u64::from(slot) + 1)
        }
    };
    (0..3).map(seat).collect()
}

#[rstest]
#[case::one_is_missing(Phase::Commit, Mode::Exact, (2, 0), false)]
#[case::all_committed(Phase::Commit, Mode::Exact, (3, 0), true)]
#[case::only_the_trainer_trains(Phase::Commit, Mode::Scored, (1, 0), true)]
#[case::witnesses_score_later(Phase::ScoreCommit, Mode::Scored, (1, 1), false)]
#[case::witnesses_scored(Phase::ScoreCommit, Mode::Scored, (3, 1), true)]
#[case::one_has_not_shown_it(Phase::Reveal, Mode::Exact, (3, 2), false)]
#[case::all_showed_it(Phase::Reveal, Mode::Exact, (3, 3), true)]
#[case::who_did_not_commit_is_not_waited_for(Phase::Reveal, Mode::Exact, (2, 2), true)]
#[case::the_trainer_showed_it(Phase::Reveal, Mode::Scored, (1, 1), true)]
#[case::a_score_is_not_shown(Phase::ScoreReveal, Mode::Scored, (3, 2), false)]
#[case::scores_are_shown(Phase::ScoreReveal, Mode::Scored, (3, 3), true)]
fn when_everybody_has_acted_the_phase_may_end(
    #[case] phase: Phase,
    #[case] mode: Mode,
    #[case] (committed, revealed): (usize, usize),
    #[case] ended: bool,
) {
    let mut run = sample::run();
    run.params.algorithm.mode = mode;
    let second_output = Some(vec![1; 64].into());
    let round = Round { lead: Lead { second_output, ..Lead::default() }, ..in_phase(phase) };
    let action = due(&run, &seen(&round, &seats(committed, revealed), EARLY));
    assert_eq!(action, ended.then_some(Action::Advance));
}

#[rstest]
#[case::both_are_missing(Mode::Exact, Phase::Reveal, false, false, false)]
#[case::the_slice_is_missing(Mode::Exact, Phase::Reveal, true, false, false)]
#[case::the_output_is_missing(Mode::Exact, Phase::Reveal, false, true, false)]
#[case::neither_is(Mode::Exact, Phase::Reveal, true, true, true)]
#[case::scores_follow(Mode::Scored, Phase::Reveal, false, false, true)]
#[case::scores_are_the_last(Mode::Scored, Phase::ScoreReveal, false, false, false)]
fn the_last_reveals_end_early_only_with_the_second_output_and_the_slice(
    #[case] mode: Mode,
    #[case] phase: Phase,
    #[case] output: bool,
    #[case] slice: bool,
    #[case] ended: bool,
) {
    let mut run = sample::run();
    run.params.algorithm.mode = mode;
    run.params.dataset.slices = vec![Hash32([30; 32])];
    let round = Round {
        lead: Lead { second_output: output.then(|| vec![1; 64].into()), ..Lead::default() },
        model: NewModel {
            slice: slice.then_some(Slice { root: Hash32([31; 32]), samples: 10 }),
            ..NewModel::default()
        },
        ..in_phase(phase)
    };
    let action = due(&run, &seen(&round, &seats(3, 3), EARLY));
    assert_eq!(action, ended.then_some(Action::Advance));
}

#[rstest]
#[case::anybody_may_still_challenge(false, Stage::Check, false)]
#[case::a_second_jury_is_waited_for_by_nobody(true, Stage::Appeal, true)]
fn first_checks_take_their_whole_time(
    #[case] appealing: bool,
    #[case] stage: Stage,
    #[case] ended: bool,
) {
    let round = Round { appealing, ..in_phase(Phase::CheckCommit) };
    let commit = Some(Hash32([2; 32]));
    let seats = [SeatInfo { commit, ..sample::seat(stage, 0, 0, 9) }];
    let action = due(&sample::run(), &seen(&round, &seats, EARLY));
    assert_eq!(action, ended.then_some(Action::Advance));
}

#[test]
fn a_posted_model_is_not_waited_for() {
    let work = Hash32([1; 32]);
    let aggregate = Some(Aggregate { answer: sample::answer(), accepted: 1, work });
    let round =
        Round { model: NewModel { aggregate, ..NewModel::default() }, ..in_phase(Phase::Post) };
    assert_eq!(due(&sample::run(), &seen(&round, &[], EARLY)), Some(Action::Advance));
}

#[rstest]
#[case::open(RunStatus::Open {}, 10, 5, true)]
#[case::nobody_is_ready(RunStatus::Open {}, 10, 0, false)]
#[case::the_bond_is_short(RunStatus::Open {}, 9, 5, false)]
#[case::held(RunStatus::Held { until: Timestamp::from_seconds(2_001) }, 10, 5, false)]
#[case::held_until_now(RunStatus::Held { until: Timestamp::from_seconds(2_000) }, 10, 5, true)]
#[case::closed(RunStatus::Closed {}, 10, 5, false)]
fn a_round_is_opened_when_it_can_be(
    #[case] status: RunStatus,
    #[case] bond: u128,
    #[case] ready_units: u64,
    #[case] opens: bool,
) {
    let mut run = Run { status, open_round: None, ..sample::run() };
    run.params.money.min_bond = Uint128::new(10);
    run.ledger = Ledger { bond: Uint128::new(bond), ..Ledger::default() };
    let (secs, height) = OVER;
    let time = Timestamp::from_seconds(secs);
    let seen = Seen { round: None, seats: &[], beacon: false, ready_units, time, height };
    assert_eq!(due(&run, &seen), opens.then_some(Action::Advance));
}
