use cosmwasm_std::{Addr, Binary, Timestamp};
use modelbond_interface::training::{
    Aggregate, Challenge, Check, Hash32, Lead, NewModel, Phase, Reveal, Verdict, Verified,
};

use super::*;
use crate::output::text;
use crate::training::sample;

/// A settled round: one group with a jury, a committee of one.
fn settled() -> OneRound {
    let reveal = |byte: u8| {
        let answer = sample::answer();
        Some(Reveal { work: Hash32([byte; 32]), answer })
    };
    let commit = Some(Hash32([1; 32]));
    let seat = |stage, slot, node, reveal: Option<Reveal>| SeatInfo {
        commit,
        reveal,
        ..sample::seat(stage, 0, slot, node)
    };
    let absent = sample::seat(Stage::Work, 0, 2, 3);
    let group = Group {
        check: Check::Jury,
        jury_stage: Some(Stage::Check),
        verdict: Verdict::Accepted { by: Verified::Jury },
        challenge: Some(Challenge {
            by: Addr::unchecked("wasm1challenger"),
            bond: Uint128::new(1),
            owed: Uint128::zero(),
        }),
        ..sample::group()
    };
    let aggregate =
        Some(Aggregate { answer: sample::answer(), accepted: 1, work: Hash32([4; 32]) });
    let round = Round {
        phase: Phase::Final,
        window: None,
        accepted: 1,
        lead: Lead {
            leaders: vec![sample::leader(7), sample::leader(8)],
            second_output: Some(Binary::from([1; 64])),
            ..Lead::default()
        },
        model: NewModel {
            aggregate,
            committee: 1,
            confirmed: true,
            result_hash: Some(Hash32([15; 32])),
            ..NewModel::default()
        },
        settled_at: Some(Timestamp::from_seconds(2_100)),
        pay: Pay { drawn: Uint128::new(2_500_000), witnesses: 1, ..Pay::default() },
        ..sample::round()
    };
    OneRound {
        round,
        groups: vec![group],
        seats: vec![
            seat(Stage::Work, 0, 1, reveal(2)),
            seat(Stage::Work, 1, 2, reveal(3)),
            absent,
            seat(Stage::Check, 0, 4, reveal(2)),
            seat(Stage::Committee, 0, 5, reveal(4)),
        ],
    }
}

#[test]
fn a_round_shows_who_did_what_and_what_came_of_it() {
    let page = text(&one(&settled(), "VIS"));
    for line in [
        "Round 4 of run 2",
        "outcome    a new model",
        "  0  node 7  wasm1owner7  proved  confirmed",
        "  1  node 8  wasm1owner8  proved  next",
        "Group 0, shard 11: accepted by a jury",
        "work:0:0   trainer  node 1  wasm1owner1  yes        81 of 100 right  0202020202…020202",
        "work:0:2   witness  node 3  wasm1owner3  no         no",
        "check:0:0  juror    node 4",
        "challenged by wasm1challenger",
        "Committee of leader 0",
        "committee:0:0  committee  node 5",
        "contributions drew      2.5 VIS of 0 VIS",
    ] {
        assert!(page.contains(line), "{line:?} in {page}");
    }
}

#[test]
fn a_round_in_the_middle_shows_what_it_waits_for_and_no_pay() {
    let mut answer = settled();
    answer.round = sample::round();
    answer.groups = vec![sample::group()];
    let page = text(&one(&answer, "VIS"));
    assert!(page.contains("commit"), "{page}");
    assert!(page.contains("until      1970-01-01 00:33:20 UTC and height 100"), "{page}");
    assert!(page.contains("shard 11: open"), "{page}");
    assert!(!page.contains("Pay"), "{page}");
}

#[test]
fn the_json_has_the_round_its_groups_and_its_seats() {
    let json = serde_json::to_value(settled()).unwrap();
    assert_eq!(json["round"]["phase"], "final");
    assert_eq!(json["groups"][0]["shard"], 11);
    assert_eq!(json["seats"].as_array().unwrap().len(), 5);
    assert_eq!(json["seats"][3]["id"]["stage"], "check");
}

#[test]
fn nothing_is_asked_about_stages_that_do_not_exist() {
    let stages = |answer: &OneRound| -> Vec<Stage> {
        let OneRound { round, groups, .. } = answer;
        Stage::ALL.into_iter().filter(|stage| has_seats(round, groups, *stage)).collect()
    };
    let mut answer = settled();
    assert_eq!(stages(&answer), [Stage::Work, Stage::Check, Stage::Committee]);
    answer.round.lead.attempt = 1;
    answer.groups[0].jury_stage = Some(Stage::Appeal);
    answer.groups[0].auditors = 3;
    let expected =
        [Stage::Work, Stage::Check, Stage::Appeal, Stage::Committee, Stage::SecondCommittee];
    assert_eq!(stages(&answer), expected);
    answer.round = sample::round();
    answer.groups.clear();
    assert_eq!(stages(&answer), []);
}

#[test]
fn rounds_are_a_table() {
    let row = row(&settled().round);
    assert_eq!(row, ["4", "final", "5", "1", "1", "node 7", "a new model"]);
    let held = Round { held: true, ..sample::round() };
    assert_eq!(outcome(&held), "held: two builds disagree");
    assert_eq!(hundredths(-2_550), "-25.5");
}
