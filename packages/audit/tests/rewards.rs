//! Books of rewards, by hand.

mod story;

use cosmwasm_std::{Event, Uint128};
use modelbond_audit::rewards::SegmentBooks;
use modelbond_interface::rewards::{RewardsBought, RewardsBudgeted, RewardsPaid, WorkCredited};
use rstest::rstest;
use story::{Story, REWARDS};

const MODEL: &str = "model";
const SETTLE: [(&str, &str); 1] = [("action", "settle")];
const CREDIT: [(&str, &str); 1] = [("action", "credit")];
const CLAIM: [(&str, &str); 1] = [("action", "claim")];

/// rate·V·P = 0.004 · 1,000,000 · ½; P·carry/26 = ½ · 26,000 / 26.
fn budgeted(epoch: u32, (start, end): (u64, u64)) -> Event {
    RewardsBudgeted {
        model: MODEL.to_owned(),
        epoch,
        volume: Uint128::new(1_000_000),
        performance: 500_000,
        carry: Uint128::new(26_000),
        ledger: Uint128::new(30_000),
        budget: Uint128::new(2_500),
        start,
        end,
    }
    .into()
}

fn bought(epoch: u32, spent: u128, tokens: u128) -> Event {
    let (model, spent, tokens) = (MODEL.to_owned(), Uint128::new(spent), Uint128::new(tokens));
    RewardsBought { model, epoch, spent, tokens }.into()
}

fn credited(operator: &str, offset: u64, work: u32) -> Event {
    WorkCredited { model: MODEL.to_owned(), operator: operator.to_owned(), offset, work }.into()
}

fn paid(operator: &str, offset: u64, work: u32, tokens: u128) -> Event {
    let (model, operator) = (MODEL.to_owned(), operator.to_owned());
    RewardsPaid { model, operator, offset, work, tokens: Uint128::new(tokens) }.into()
}

/// Ten seats of work, seven tokens for them, shared by work: 2 for the first three seats, 5 for the rest.
fn story() -> Story {
    let mut story = Story::with_models(&[(MODEL, "")]);
    story.addresses.rewards = Some(REWARDS.to_owned());
    story
        .says(REWARDS, &SETTLE, vec![budgeted(0, (0, 10)), bought(0, 1_500, 4)])
        .says(REWARDS, &SETTLE, vec![bought(0, 1_000, 3)])
        .says(REWARDS, &CREDIT, vec![credited("anna", 0, 3)])
        .says(REWARDS, &CREDIT, vec![credited("ben", 4, 7)])
        .says(REWARDS, &SETTLE, vec![budgeted(1, (10, 12))])
        .says(REWARDS, &CLAIM, vec![paid("anna", 0, 3, 2)])
        .says(REWARDS, &CLAIM, vec![paid("ben", 4, 7, 5)]);
    story
}

#[test]
fn tokens_are_shared_by_work_to_the_unit() {
    let (books, findings) = story().audit();
    assert_eq!(findings, []);
    let model = &books.rewards.models[MODEL];
    assert_eq!((model.owed, model.closed, model.cut), (0, 10, 12));
    let all =
        SegmentBooks { start: 0, epoch: 0, tokens: 7, credited: 10, paid_work: 10, paid_tokens: 7 };
    assert_eq!(model.segments[&10], all);
    assert_eq!((model.budgets[&0].budget, model.budgets[&0].spent), (2_500, 2_500));
    assert_eq!((model.paid["anna"], model.paid["ben"]), (2, 5));
}

#[test]
fn a_segment_that_got_nothing_becomes_part_of_the_next() {
    let mut story = story();
    story.says(REWARDS, &SETTLE, vec![budgeted(2, (10, 15))]);
    let (books, findings) = story.audit();
    assert_eq!(findings, []);
    let segments: Vec<u64> = books.rewards.models[MODEL].segments.keys().copied().collect();
    assert_eq!(segments, [10, 15]);
}

#[rstest]
#[case::budget(2, "budget", "2501", "budget is 2501, expected 2500")]
#[case::above_the_ledger(2, "ledger", "2499", "budget is 2500, expected 2499")]
#[case::carry(2, "carry", "25999", "budget is 2500, expected 2499")]
#[case::spent(3, "spent", "1501", "spent is 2501, expected at most 2500")]
#[case::start(11, "start", "9", "start of the segment is 9, expected 10")]
#[case::an_epoch_again(11, "epoch", "0", "epoch is 0, expected one that was not settled")]
#[case::too_much_work(7, "work", "8", "work credited of a segment is 15, expected at most 10")]
#[case::a_piece_of_nobody(
    13,
    "operator",
    "carl",
    "work of carl at 0 that is not paid is 3, expected 0"
)]
#[case::a_token_more(13, "tokens", "3", "tokens for the work is 3, expected 2")]
#[case::a_place_not_closed(
    15,
    "offset",
    "11",
    "the work's segment is 11, expected one that is closed"
)]
fn a_contradiction_is_found(
    #[case] entry: usize,
    #[case] key: &str,
    #[case] value: &str,
    #[case] expected: &str,
) {
    let mut story = story();
    // Entry 0 and 1 are the model's opening.
    story.change(entry + 1, key, value);
    let found = story.found();
    assert!(found.contains(&expected.to_owned()), "{found:#?}");
}

#[test]
fn nobody_is_paid_twice() {
    let mut story = story();
    story.says(REWARDS, &CLAIM, vec![paid("anna", 0, 3, 2)]);
    let found = story.found();
    for expected in [
        "work of anna at 0 that is not paid is 3, expected 0",
        "work paid of a segment is 13, expected at most 10",
        "tokens owed is 0, expected at least 2",
    ] {
        assert!(found.contains(&expected.to_owned()), "{found:#?}");
    }
}
