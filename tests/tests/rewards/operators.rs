//! Who is paid what for accepted work, and when.

use std::collections::BTreeMap;

use modelbond_interface::rewards::{ExecuteMsg, QueryMsg, RewardsPaid, Segment, WorkCredited};
use modelbond_rewards::ContractError;
use modelbond_tests::rewards::{by_operator, paid};
use modelbond_tests::training::Setup;
use modelbond_tests::{Contracts, Rewards};
use rstest::rstest;

const MILLION: u128 = 1_000_000;

/// The segment of the work so far is bought and closed.
fn close(rewards: &mut Rewards) -> Segment {
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    let (budgeted, _) = rewards.budget();
    rewards.next_epoch();
    rewards.budget();
    rewards.segment(budgeted.start).expect("a segment")
}

fn nothing_due(rewards: &mut Rewards, operator: &str) {
    let before = rewards.market.tokens(operator);
    let error = rewards.claim(operator).unwrap_err().rewards();
    assert!(matches!(error, ContractError::NothingDue { .. }), "{error}");
    assert_eq!(rewards.market.tokens(operator), before);
}

#[test]
fn a_segment_is_shared_by_work_to_the_unit() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 3), ("bob", 1)]);
    rewards.play(&[("alice", 2), ("carol", 1)]);
    let segment = close(&mut rewards);
    assert_eq!((segment.start, segment.end, segment.closed), (0, 7, true));
    let tokens = segment.tokens.u128();
    let mut sum = 0;
    for (operator, seats) in [("alice", 5), ("bob", 1), ("carol", 1)] {
        let pieces = rewards.claim(operator).unwrap();
        let got: u128 = pieces.iter().map(|piece| piece.tokens.u128()).sum();
        assert!(got.abs_diff(tokens * seats / 7) <= pieces.len() as u128, "{operator}: {got}");
        assert_eq!(rewards.market.tokens(operator), got);
        sum += got;
        rewards.check();
    }
    assert_eq!(sum, tokens);
    assert!(rewards.model().owed.is_zero());
}

#[test]
fn nobody_is_paid_twice() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 3), ("bob", 1)]);
    close(&mut rewards);
    rewards.claim("alice").unwrap();
    nothing_due(&mut rewards, "alice");
    nothing_due(&mut rewards, "stranger");
    rewards.claim("bob").unwrap();
    nothing_due(&mut rewards, "bob");
    rewards.check();
}

#[test]
fn the_operator_is_paid_whoever_claims() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    close(&mut rewards);
    let (model, operator) = (rewards.market.market.clone(), rewards.market.address("alice"));
    let msg = ExecuteMsg::Claim { model: model.clone(), operator: Some(operator.clone()) };
    let outcome = rewards.send("mallory", &msg).unwrap();
    let event: RewardsPaid = outcome.event();
    assert_eq!((event.operator, event.model), (operator, model.clone()));
    assert_eq!(rewards.market.tokens("alice"), event.tokens.u128());
    assert_eq!(rewards.market.tokens("mallory"), 0);
    // The sender is meant where nobody is named.
    rewards.play(&[("alice", 1)]);
    close(&mut rewards);
    let msg = ExecuteMsg::Claim { model, operator: None };
    assert!(rewards.send("mallory", &msg).is_err());
    rewards.send("alice", &msg).unwrap();
}

#[test]
fn whoever_claims_late_is_paid_the_same() {
    let mut rewards = Rewards::successful();
    let first = rewards.round(&[("alice", 2), ("bob", 2)]);
    rewards.credit("alice", first, 2).unwrap();
    let segment = close(&mut rewards);
    let early = rewards.claim("alice").unwrap()[0].tokens;
    // Bob claims at training long after; meanwhile others work and are paid.
    for _ in 0..3 {
        rewards.play(&[("carol", 7)]);
        close(&mut rewards);
    }
    let outcome = rewards.credit("bob", first, 2).unwrap();
    let event: RewardsPaid = outcome.event();
    assert_eq!((event.offset, event.work), (first, 2));
    assert!(event.tokens.abs_diff(early).u128() <= 1);
    assert_eq!(event.tokens + early, segment.tokens);
    rewards.check();
}

#[test]
fn what_is_due_comes_with_the_next_contribution() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1), ("bob", 1)]);
    let tokens = close(&mut rewards).tokens.u128();
    let offset = rewards.round(&[("alice", 1)]);
    let outcome = rewards.credit("alice", offset, 1).unwrap();
    let credited: WorkCredited = outcome.event();
    assert_eq!((credited.offset, credited.work), (offset, 1));
    assert_eq!(by_operator(&paid(&outcome)).len(), 1);
    assert!(rewards.market.tokens("alice").abs_diff(tokens / 2) <= 1);
    assert_eq!(rewards.market.tokens("bob"), 0);
    // The new piece is not paid with it.
    let pieces = rewards.operator("alice").pieces;
    assert_eq!((pieces.len(), pieces[0].offset, pieces[0].due), (1, offset, None));
    rewards.check();
}

#[test]
fn open_and_uncut_work_is_not_paid() {
    let mut rewards = Rewards::successful();
    rewards.play(&[("alice", 1)]);
    nothing_due(&mut rewards, "alice");
    rewards.trade(100 * MILLION);
    rewards.next_epoch();
    rewards.budget();
    nothing_due(&mut rewards, "alice");
    assert_eq!(rewards.operator("alice").pieces[0].due, None);
    rewards.next_epoch();
    rewards.budget();
    assert_eq!(rewards.claim("alice").unwrap().len(), 1);
}

#[test]
fn a_message_pays_eight_pieces_the_oldest_first() {
    let mut rewards = Rewards::successful();
    for _ in 0..20 {
        rewards.play(&[("alice", 1), ("bob", 1)]);
    }
    let segment = close(&mut rewards);
    let mut offsets = vec![];
    for expected in [8, 8, 4] {
        let pieces = rewards.claim("alice").unwrap();
        assert_eq!(pieces.len(), expected);
        offsets.extend(pieces.iter().map(|piece| piece.offset));
        rewards.check();
    }
    assert_eq!(offsets, (0..20).map(|round| 2 * round).collect::<Vec<u64>>());
    nothing_due(&mut rewards, "alice");
    let half = segment.tokens.u128() / 2;
    assert!(rewards.market.tokens("alice").abs_diff(half) <= 20);
}

#[test]
fn seats_of_one_round_are_one_piece() {
    let mut rewards = Rewards::successful();
    let offset = rewards.round(&[("alice", 3)]);
    for _ in 0..3 {
        rewards.credit("alice", offset, 1).unwrap();
    }
    let pieces = rewards.operator("alice").pieces;
    assert_eq!((pieces.len(), pieces[0].work), (1, 3));
    let segment = close(&mut rewards);
    assert_eq!(rewards.claim("alice").unwrap()[0].tokens, segment.tokens);
}

#[test]
fn an_answer_says_what_a_claim_will_pay() {
    let mut rewards = Rewards::successful();
    for _ in 0..6 {
        rewards.play(&[("alice", 1)]);
    }
    rewards.play(&[("bob", 1)]);
    let segment = close(&mut rewards);
    assert_ne!(segment.tokens.u128() % 7, 0, "some pieces get a unit more");
    rewards.claim("bob").unwrap();
    let due: Vec<_> = rewards.operator("alice").pieces.into_iter().map(|piece| piece.due).collect();
    assert_eq!(due.len(), 6);
    let paid = rewards.claim("alice").unwrap();
    assert_eq!(due, paid.iter().map(|piece| Some(piece.tokens)).collect::<Vec<_>>());
}

#[test]
fn a_piece_too_small_for_a_unit_is_done_with_and_gets_none() {
    let mut rewards = Rewards::successful();
    let crowd = rewards.play(&[("alice", 1), ("crowd", 4_000_000_000)]);
    let segment = close(&mut rewards);
    assert!(segment.tokens.u128() < 4_000_000_000);
    let pieces = rewards.claim("alice").unwrap();
    assert_eq!((pieces[0].offset, pieces[0].tokens.u128()), (crowd, 0));
    nothing_due(&mut rewards, "alice");
    assert_eq!(rewards.claim("crowd").unwrap()[0].tokens, segment.tokens);
    rewards.check();
}

#[test]
fn models_have_nothing_to_do_with_each_other() {
    let mut rewards = Rewards::successful();
    let offset = rewards.play(&[("alice", 1)]);
    // Work on something that is no model of the registry.
    let other = cosmwasm_std::Addr::unchecked(rewards.market.address("other"));
    let operator = cosmwasm_std::Addr::unchecked(rewards.market.address("bob"));
    let msg = ExecuteMsg::Credit { model: other, operator, offset, work: 1 };
    let training = rewards.deployment.training.clone();
    rewards.send_from(&training, &msg).unwrap();
    let segment = close(&mut rewards);
    nothing_due(&mut rewards, "bob");
    assert_eq!(rewards.claim("alice").unwrap()[0].tokens, segment.tokens);
}

/// With real rounds, real NFTs and everything between.
#[rstest]
#[case::everybody_claims_at_once(false)]
#[case::half_of_them_claim_an_epoch_later(true)]
fn rounds_are_paid_by_the_volume_of_their_market(#[case] late: bool) {
    let mut training = Setup::default()
        .nodes(9, 3)
        .registered()
        .with_market(|params| params.emission.epoch_secs = 3_600)
        .build();
    let round = training.play();
    let dues = training.dues();
    let (now, later) = dues.split_at(if late { dues.len() / 2 } else { dues.len() });
    let mut credited = 0;
    for due in now {
        let outcome = training.claim("stranger", *due).ok();
        credited +=
            outcome.map_or(0, |claimed| claimed.find::<WorkCredited>().map_or(0, |e| e.work));
    }

    let deployment = training.deployment.clone();
    let mut rewards = Rewards {
        market: training.market,
        address: deployment.rewards.clone(),
        deployment,
        work: modelbond_interface::training::ModelWork {
            work: round.worth.work.into(),
            performance: 0,
        },
        donated: 0,
    };
    rewards.next_epoch();
    rewards.trade(1_000 * MILLION);
    rewards.next_epoch();
    let (budgeted, bought) = rewards.budget();
    assert_eq!((budgeted.start, budgeted.end), (0, round.worth.work.into()));
    assert!(budgeted.performance > 0);
    let tokens = bought.expect("tokens").tokens.u128();
    rewards.next_epoch();
    rewards.budget();

    let mut paid: BTreeMap<String, u128> = BTreeMap::new();
    for due in later {
        let msg =
            modelbond_interface::training::ExecuteMsg::Claim { run_id: 1, round_id: 1, due: *due };
        let (sender, address) = (rewards.market.address("x"), rewards.deployment.training.clone());
        let Ok(outcome) = rewards.market.chain.execute_any(&sender, &address, &msg, &[]) else {
            continue;
        };
        credited += outcome.find::<WorkCredited>().map_or(0, |event| event.work);
        for (operator, tokens) in by_operator(&modelbond_tests::rewards::paid(&outcome)) {
            *paid.entry(operator).or_default() += tokens;
        }
    }
    assert_eq!(credited, round.worth.work);
    for number in 1..=9 {
        for piece in rewards.claim(&format!("owner{number}")).unwrap_or_default() {
            *paid.entry(piece.operator).or_default() += piece.tokens.u128();
        }
    }
    assert_eq!(paid.values().sum::<u128>(), tokens);
    assert!(paid.len() > 3, "{paid:?}");
    rewards.check();
    let msg = QueryMsg::Config {};
    rewards.try_query::<modelbond_interface::rewards::ConfigResponse>(&msg).unwrap();
}
