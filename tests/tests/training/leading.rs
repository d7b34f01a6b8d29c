//! Who may lead: proofs that are none, tickets that are too high or too early.

use cosmwasm_std::HexBinary;
use modelbond_election::tickets::{ticket, TicketError};
use modelbond_election::vrf::{verify_slices, VrfError};
use modelbond_interface::training::{ExecuteMsg, Hash32, Phase};
use modelbond_rounds::RoundError;
use modelbond_tests::training::Setup;
use modelbond_tests::{Chain, Failure, Machine, Training};

use crate::refusal::refused;

fn nine() -> Training {
    Setup::default().nodes(9, 3).build()
}

fn prove_with(
    training: &mut Training,
    node: u64,
    change: impl FnOnce(&mut u32, &mut HexBinary, &mut u32),
) -> Result<modelbond_tests::Outcome, Failure> {
    let mut msg = training.prove_message(node);
    if let ExecuteMsg::ProveLead { index, proof, ticket, .. } = &mut msg {
        change(index, proof, ticket);
    }
    training.send("stranger", &msg)
}

#[test]
fn a_proof_that_is_none_leads_nowhere() {
    let mut training = nine();
    training.play_until(Phase::Elect);
    training.market.chain.wait(3);
    for length in [0, 79, 81, 1_000] {
        let garbage = HexBinary::from(vec![7; length]);
        let error = refused(prove_with(&mut training, 3, |_, proof, _| *proof = garbage));
        assert!(matches!(error, RoundError::Vrf(VrfError::Length { .. })), "{error}");
    }
    for place in [0, 31, 40, 79] {
        let error = refused(prove_with(&mut training, 3, |_, proof, _| {
            let mut bytes = proof.to_vec();
            bytes[place] ^= 1;
            *proof = bytes.into();
        }));
        assert!(matches!(error, RoundError::Vrf(_)), "{error}");
    }
    let (foreign, _) = training.ticket(&training.round(), 4);
    let error = refused(prove_with(&mut training, 3, |_, proof, _| *proof = foreign));
    assert!(matches!(error, RoundError::Vrf(_)), "{error}");
    let not_there = |index| RoundError::NotThere { index, node_id: 3 };
    for wrong in [0, 1, 3, 9, 64, u32::MAX] {
        let error = refused(prove_with(&mut training, 3, |index, _, _| *index = wrong));
        assert_eq!(error, not_there(wrong));
    }
    let error = refused(prove_with(&mut training, 3, |_, _, ticket| *ticket = 3));
    assert_eq!(error, RoundError::Ticket(TicketError::NoSuchUnit { index: 3, units: 3 }));
    assert!(training.round().lead.leaders.is_empty());
    training.prove(3).unwrap();
    assert_eq!(refused(training.prove(3)), RoundError::AlreadyProved { node_id: 3 });
}

#[test]
fn only_the_three_lowest_tickets_stay() {
    let mut training = nine();
    training.play_until(Phase::Elect);
    training.market.chain.wait(3);
    let round = training.round();
    let mut ranks: Vec<(u128, u64)> = (1..=9)
        .map(|node_id| {
            let (proof, index) = training.ticket(&round, node_id);
            let machine = Machine::called(&training.member(node_id).machine);
            let alpha = round.seeds.alpha.unwrap();
            let output = verify_slices(&machine.vrf, &alpha.0, &proof).unwrap();
            (ticket(&output, node_id, index).value, node_id)
        })
        .collect();
    ranks.sort_unstable();
    // The worst come first, so that each takes a place and most lose it again.
    for (_, node_id) in ranks.iter().rev() {
        training.prove(*node_id).unwrap();
    }
    let leaders: Vec<(u128, u64)> =
        training.round().lead.leaders.iter().map(|l| (l.ticket.u128(), l.node_id)).collect();
    assert_eq!(leaders, ranks[..3]);
    assert_eq!(refused(training.prove(ranks[3].1)), RoundError::NotAmongBest {});
}

#[test]
fn high_tickets_wait_for_the_second_half() {
    let mut training = Setup::default().nodes(9, 300).build();
    training.play_until(Phase::Elect);
    let window = training.round().window.unwrap();
    let from = window.opened_at.plus_seconds(3);
    // 2,700 units: a ticket is early with 8 in 2,700.
    let error = refused(prove_with(&mut training, 3, |_, _, ticket| *ticket = (*ticket + 1) % 300));
    assert_eq!(error, RoundError::NotEarly { from });
    training.market.chain.wait(3);
    training.prove(3).unwrap();
}

#[test]
fn a_second_output_is_the_best_leaders() {
    let mut training = nine();
    training.play_until(Phase::Commit);
    let (run_id, round_id) = (training.run_id, training.round().round_id);
    let round = training.round();
    let mut foreign = round.clone();
    foreign.lead.leaders.remove(0);
    let other = training.output_message(&foreign);
    let stale = {
        let mut stale = round.clone();
        stale.seeds.assignment = Some(Hash32([1; 32]));
        training.output_message(&stale)
    };
    let garbage = ExecuteMsg::PostOutput { run_id, round_id, proof: vec![1; 80].into() };
    for msg in [other, stale, garbage] {
        let error = refused(training.send("stranger", &msg));
        assert!(matches!(error, RoundError::Vrf(_)), "{error}");
    }
    training.post_output(&round).unwrap();
    assert_eq!(refused(training.post_output(&round)), RoundError::AlreadyPosted {});
}
